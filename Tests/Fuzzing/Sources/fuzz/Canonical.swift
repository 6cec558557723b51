import PprofKit

extension Profile {
  /// The profile without what no loss report counts: ids that say nothing, the order of tables, entries that are equal or
  /// that no sample refers to.
  func canonical() throws(ProfileError) -> Profile {
    var builder = ProfileBuilder()
    func string(_ index: StringIndex, _ builder: inout ProfileBuilder) -> StringIndex {
      builder.string(columns.strings[index])
    }
    func type(_ type: ValueType, _ builder: inout ProfileBuilder) -> ValueType {
      ValueType(type: string(type.type, &builder), unit: string(type.unit, &builder))
    }
    builder.columns.sampleTypes = columns.sampleTypes.map { type($0, &builder) }
    builder.columns.periodType = type(columns.periodType, &builder)
    builder.columns.period = columns.period
    builder.columns.timeNanos = columns.timeNanos
    builder.columns.durationNanos = columns.durationNanos
    // What the sampler counted is noted by whoever reads a text, where the values do not say it.
    builder.columns.comments = columns.comments.filter { !HeapSampling.isFactComment(columns.strings[$0]) }
      .map { string($0, &builder) }
    builder.columns.defaultSampleType = string(columns.defaultSampleType, &builder)
    builder.columns.dropFrames = string(columns.dropFrames, &builder)
    builder.columns.keepFrames = string(columns.keepFrames, &builder)
    builder.columns.docURL = string(columns.docURL, &builder)
    for sample in 0..<sampleCount {
      let stack = columns.stackLocations[columns.stackRange(columns.sampleStacks[sample])].map { index in
        var location = columns.locations[index.position]
        if location.mapping != .none {
          var mapping = columns.mappings[location.mapping.position]
          mapping.file = string(mapping.file, &builder)
          mapping.buildID = string(mapping.buildID, &builder)
          location.mapping = builder.mapping(mapping)
        }
        let lines = columns.lines[columns.lineRange(index)].map { line in
          var line = line
          var function = columns.functions[line.function.position]
          function.name = string(function.name, &builder)
          function.systemName = string(function.systemName, &builder)
          function.file = string(function.file, &builder)
          line.function = builder.function(function)
          return line
        }
        return builder.location(location, lines: lines)
      }
      let labels = columns.labels[columns.labelRange(columns.sampleLabels[sample])].map {
        Label(
          key: string($0.key, &builder), str: string($0.str, &builder), num: $0.num, unit: string($0.unit, &builder))
      }
      builder.add(stack: stack, values: columns.values[columns.valueRange(sample)], labels: labels)
    }
    return try builder.finish()
  }
}
