package import ProfileModel

extension Profile {
  /// The profile as pprof has it before it shows anything: without the frames that the profile asks to drop, without sample
  /// types whose name stands twice, without mappings that are named by where the profile came from.
  package func asLoadedByPprof() throws(ProfileError) -> Profile {
    let pruning = FramePruning(self.columns)
    let types = RawSampleTypes(self.columns)
    let urls = self.columns.mappings.indices.filter { self.columns.isNamedByURL(self.columns.mappings[$0]) }
    if pruning.dropsNothing, types.isAll(of: self.columns), urls.isEmpty { return self }
    var columns = self.columns
    for i in urls { columns.mappings[i].file = .empty }
    if !types.isAll(of: columns) { columns.keep(types) }
    if !pruning.dropsNothing { columns.prune(pruning) }
    return try Profile(columns)
  }
}

extension ProfileColumns {
  fileprivate func isNamedByURL(_ mapping: Mapping) -> Bool {
    strings.isEmpty(mapping.buildID) && AbsoluteURL.isOne(Array(strings.bytes[strings.range(mapping.file)]))
  }

  fileprivate mutating func keep(_ types: RawSampleTypes) {
    let old = self
    sampleTypes = types.shown.map { old.sampleTypes[$0] }
    defaultSampleType = types.defaultType
    values = []
    values.reserveCapacity(old.sampleCount * types.shown.count)
    for sample in 0..<old.sampleCount {
      let first = old.valueRange(sample).lowerBound
      for type in types.shown { values.append(old.values[first + type]) }
    }
  }

  fileprivate mutating func prune(_ pruning: FramePruning) {
    let old = self
    lineOffsets = [0]
    lines = []
    for i in locations.indices {
      lines += old.lines[pruning.lines(LocationIndex(i), old)]
      lineOffsets.append(lines.count)
    }
    stackOffsets = [0]
    stackLocations = []
    for i in 0..<old.stackCount {
      stackLocations += old.stackLocations[pruning.locations(StackIndex(i), old)]
      stackOffsets.append(stackLocations.count)
    }
    dropFrames = .empty
    keepFrames = .empty
  }
}
