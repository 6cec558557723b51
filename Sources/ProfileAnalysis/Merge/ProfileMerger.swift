internal import ProfileModel

/// Puts profiles together as google/pprof does (profile/merge.go): what is equal becomes one, in the order of first use by a
/// sample, and samples of one stack and one set of labels become one whose values are the sums. Samples of nothing but zeros,
/// and what only they use, go.
///
/// Everything is looked at once a stack, set of labels, location or function, and not once a sample.
struct ProfileMerger: ~Copyable {
  private(set) var builder = ProfileBuilder()

  private var samples = HashIndex()
  private var locations = HashIndex()
  /// Addresses and lines are the files' choice, and so is which sample comes first.
  private let seed = HashSeed.next()
  private var mappings: [MappingKey: MappingIndex] = [:]
  private var comments: Set<StringIndex> = []
  /// The first column whose sum left 64 bits.
  private var overflow: Int?

  init(like first: ProfileColumns) {
    func text(_ index: StringIndex) -> StringIndex { builder.string(first.strings[index]) }
    for type in first.sampleTypes {
      builder.columns.sampleTypes.append(ValueType(type: text(type.type), unit: text(type.unit)))
    }
    builder.columns.periodType = ValueType(type: text(first.periodType.type), unit: text(first.periodType.unit))
    builder.columns.dropFrames = text(first.dropFrames)
    builder.columns.keepFrames = text(first.keepFrames)
  }

  /// - Throws: ``ProfileError`` with code `unsupported` where a sum does not fit in 64 bits. (pprof lets it wrap.)
  consuming func finish() throws(ProfileError) -> Profile {
    if let overflow {
      let name = builder.columns.strings.string(builder.columns.sampleTypes[overflow].type)
      throw ProfileError(
        .unsupported, "the sum of \(name) over merged samples does not fit in 64 bits",
        path: "sample_type[\(overflow)]")
    }
    return try builder.finish()
  }

  mutating func addHeader(_ source: ProfileColumns, isFirst: Bool) {
    if isFirst || builder.columns.timeNanos == 0 || source.timeNanos < builder.columns.timeNanos {
      builder.columns.timeNanos = source.timeNanos
    }
    builder.columns.durationNanos &+= source.durationNanos
    if builder.columns.period == 0 || builder.columns.period < source.period { builder.columns.period = source.period }
    for comment in source.comments {
      let comment = builder.string(source.strings[comment])
      if comments.insert(comment).inserted { builder.columns.comments.append(comment) }
    }
    if builder.columns.defaultSampleType == .empty {
      builder.columns.defaultSampleType = builder.string(source.strings[source.defaultSampleType])
    }
    if builder.columns.docURL == .empty { builder.columns.docURL = builder.string(source.strings[source.docURL]) }
  }

  /// Adds the samples of a profile with the same sample types.
  mutating func add(_ source: ProfileColumns) {
    var part = Part(source)
    // The first mapping stands for the main program, whoever uses it.
    if builder.columns.mappings.isEmpty, !source.mappings.isEmpty { _ = mapping(MappingIndex(0), &part) }
    let width = source.sampleTypes.count
    for sample in 0..<source.sampleCount {
      let values = source.values[sample * width..<(sample + 1) * width]
      if values.allSatisfy({ $0 == 0 }) { continue }
      let stack = stack(source.sampleStacks[sample], &part)
      let labels = labels(source.sampleLabels[sample], &part)
      add(values, stack, labels)
    }
  }

  private mutating func add(_ values: ArraySlice<Int64>, _ stack: StackIndex, _ labels: LabelSetIndex) {
    let hash = HashIndex.mix(seed ^ (UInt64(stack.rawValue) << 32 | UInt64(labels.rawValue)))
    var probe = samples.probe(hash)
    while let found = samples.next(&probe) {
      let sample = Int(found)
      if builder.columns.sampleStacks[sample] != stack || builder.columns.sampleLabels[sample] != labels { continue }
      let first = sample * values.count
      for (i, value) in values.enumerated() {
        let (sum, isTooLarge) = builder.columns.values[first + i].addingReportingOverflow(value)
        builder.columns.values[first + i] = sum
        if isTooLarge, overflow == nil { overflow = i }
      }
      return
    }
    samples.insert(hash, UInt32(builder.columns.sampleCount))
    builder.add(stack: stack, values: values, labels: labels)
  }

  /// Where the rows of one source have gone.
  private struct Part {
    let source: ProfileColumns
    var stacks: [StackIndex]
    var labelSets: [LabelSetIndex]
    var locations: [LocationIndex]
    var functions: [FunctionIndex]
    /// And what is added to an address, since a mapping may have been loaded elsewhere.
    var mappings: [(index: MappingIndex, offset: UInt64)]

    init(_ source: ProfileColumns) {
      self.source = source
      stacks = .init(repeating: .none, count: source.stackCount)
      labelSets = .init(repeating: .none, count: source.labelSetCount)
      locations = .init(repeating: .none, count: source.locations.count)
      functions = .init(repeating: .none, count: source.functions.count)
      mappings = .init(repeating: (.none, 0), count: source.mappings.count)
    }
  }

  private mutating func stack(_ index: StackIndex, _ part: inout Part) -> StackIndex {
    if part.stacks[index.position] != .none { return part.stacks[index.position] }
    var frames: [LocationIndex] = []
    for at in part.source.stackRange(index) { frames.append(location(part.source.stackLocations[at], &part)) }
    let new = builder.stack(frames)
    part.stacks[index.position] = new
    return new
  }

  /// Strings before numbers, each by key: the order in which pprof writes them. A label with a key alone is nothing to it.
  private mutating func labels(_ index: LabelSetIndex, _ part: inout Part) -> LabelSetIndex {
    if part.labelSets[index.position] != .none { return part.labelSets[index.position] }
    let strings = part.source.strings
    func precedes(_ a: Label, _ b: Label) -> Bool {
      strings.bytes[strings.range(a.key)].lexicographicallyPrecedes(strings.bytes[strings.range(b.key)])
    }
    let all = part.source.labels[part.source.labelRange(index)]
    var labels: [Label] = []
    // Swift's sort is stable: the values of a key stay in their order.
    for label in all.filter(\.isString).sorted(by: precedes) {
      labels.append(Label(key: builder.string(strings[label.key]), str: builder.string(strings[label.str])))
    }
    for label in all.filter(\.isNumber).sorted(by: precedes) {
      let unit = builder.string(strings[label.unit])
      labels.append(Label(key: builder.string(strings[label.key]), num: label.num, unit: unit))
    }
    let new = builder.labelSet(labels)
    part.labelSets[index.position] = new
    return new
  }

  private mutating func function(_ index: FunctionIndex, _ part: inout Part) -> FunctionIndex {
    if part.functions[index.position] != .none { return part.functions[index.position] }
    let old = part.source.functions[index.position]
    let strings = part.source.strings
    let new = builder.function(
      Function(
        name: builder.string(strings[old.name]), systemName: builder.string(strings[old.systemName]),
        file: builder.string(strings[old.file]), startLine: old.startLine))
    part.functions[index.position] = new
    return new
  }

  private mutating func mapping(_ index: MappingIndex, _ part: inout Part) -> (index: MappingIndex, offset: UInt64) {
    if part.mappings[index.position].index != .none { return part.mappings[index.position] }
    var mapping = part.source.mappings[index.position]
    mapping.file = builder.string(part.source.strings[mapping.file])
    mapping.buildID = builder.string(part.source.strings[mapping.buildID])
    let size = mapping.limit &- mapping.start &+ 0xfff
    let key = MappingKey(
      pages: size >> 12, offset: mapping.offset, name: mapping.buildID == .empty ? mapping.file : mapping.buildID)
    if let known = mappings[key] {
      let offset = builder.columns.mappings[known.position].start &- mapping.start
      part.mappings[index.position] = (known, offset)
    } else {
      let new = MappingIndex(builder.columns.mappings.count)
      mappings[key] = new
      builder.columns.mappings.append(mapping)
      part.mappings[index.position] = (new, 0)
    }
    return part.mappings[index.position]
  }

  private mutating func location(_ index: LocationIndex, _ part: inout Part) -> LocationIndex {
    if part.locations[index.position] != .none { return part.locations[index.position] }
    var location = part.source.locations[index.position]
    if location.mapping != .none {
      let (mapping, offset) = mapping(location.mapping, &part)
      location.mapping = mapping
      location.address &+= offset
    }
    var lines: [Line] = []
    for at in part.source.lineRange(index) {
      var line = part.source.lines[at]
      line.function = function(line.function, &part)
      lines.append(line)
    }
    let new = intern(location, lines)
    part.locations[index.position] = new
    return new
  }

  /// Locations are one if they have one place in one mapping, wherever that was loaded, and the same lines. pprof's key has
  /// room for the column of the last line alone.
  private mutating func intern(_ location: Location, _ lines: [Line]) -> LocationIndex {
    var hash = HashIndex.mix(seed ^ relativeAddress(location))
    hash = HashIndex.mix(hash ^ (UInt64(location.mapping.rawValue) << 1 | (location.isFolded ? 1 : 0)))
    for line in lines {
      hash = HashIndex.mix(hash ^ UInt64(line.function.rawValue))
      hash = HashIndex.mix(hash ^ UInt64(bitPattern: line.line))
    }
    // Of the columns only the last counts.
    if let last = lines.last { hash = HashIndex.mix(hash ^ UInt64(bitPattern: last.column)) }
    var probe = locations.probe(hash)
    while let found = locations.next(&probe) {
      let other = LocationIndex(rawValue: found)
      if isSame(location, lines, builder.columns.locations[other.position], builder.columns.lineRange(other)) {
        return other
      }
    }
    let new = LocationIndex(builder.columns.locations.count)
    locations.insert(hash, new.rawValue)
    builder.columns.locations.append(location)
    builder.columns.lines += lines
    builder.columns.lineOffsets.append(builder.columns.lines.count)
    return new
  }

  private func relativeAddress(_ location: Location) -> UInt64 {
    location.mapping == .none
      ? location.address : location.address &- builder.columns.mappings[location.mapping.position].start
  }

  private func isSame(_ location: Location, _ lines: [Line], _ other: Location, _ range: Range<Int>) -> Bool {
    guard location.mapping == other.mapping, location.isFolded == other.isFolded, lines.count == range.count,
      relativeAddress(location) == relativeAddress(other)
    else { return false }
    for (line, at) in zip(lines, range) {
      let known = builder.columns.lines[at]
      if line.function != known.function || line.line != known.line { return false }
    }
    return lines.last?.column == (range.isEmpty ? nil : builder.columns.lines[range.upperBound - 1].column)
  }
}

/// One binary, wherever it was loaded: its size in pages, and its build id or else its file.
private struct MappingKey: Hashable {
  var pages: UInt64
  var offset: UInt64
  var name: StringIndex
}
