public import ProfileModel

extension Profile {
  /// The profile as `go tool pprof` has it in hand before it filters or shows anything (internal/driver/fetch.go). Where there
  /// is no mapping, one is made up that all locations belong to; of sample types with one name none stays; what
  /// `drop_frames` names is gone; and a mapping's file that looks like a URL is not named.
  ///
  /// The same profile where nothing of it applies, as with all that Go's runtime writes. O(frames of distinct stacks).
  ///
  /// - Throws: nothing that a valid profile can cause.
  public func asLoadedByPprof() throws(ProfileError) -> Profile {
    try asFetched().withFramesDropped()
  }

  /// What pprof does to each file by itself.
  func asFetched() throws(ProfileError) -> Profile {
    let types = ShownSampleTypes(columns)
    if !columns.mappings.isEmpty, types.isAll(of: columns) { return self }
    var fetched = columns
    if fetched.mappings.isEmpty {
      fetched.mappings = [Mapping()]
      fetched.mappingIDs = nil
      for i in fetched.locations.indices { fetched.locations[i].mapping = MappingIndex(0) }
    }
    if !types.isAll(of: columns) { fetched.keepSampleTypes(types.shown, default: types.defaultType) }
    return try Profile(fetched)
  }

  /// What pprof does to what it has merged.
  func withFramesDropped() throws(ProfileError) -> Profile {
    let pruning = FramePruning(columns)
    let urls = columns.mappings.indices.filter { isURL(columns.mappings[$0]) }
    if pruning.dropsNothing, urls.isEmpty { return self }
    var loaded = columns
    for i in urls { loaded.mappings[i].file = .empty }
    if !pruning.dropsNothing {
      var keepsFrame = [Bool](repeating: true, count: columns.stackLocations.count)
      for (stack, count) in pruning.droppedLocations.enumerated() {
        let first = columns.stackOffsets[stack]
        for at in first..<first + count { keepsFrame[at] = false }
      }
      loaded.keepStackLocations(keepsFrame)
      var keepsLine = [Bool](repeating: true, count: columns.lines.count)
      for (location, count) in pruning.droppedLines.enumerated() {
        let first = columns.lineOffsets[location]
        for at in first..<first + count { keepsLine[at] = false }
      }
      loaded.keepLines(keepsLine)
    }
    return try Profile(loaded)
  }

  /// Without `drop_frames` and `keep_frames`, for who has applied them, and shows what is left to who would do it again.
  package func withoutDropFrames() throws(ProfileError) -> Profile {
    if columns.dropFrames == .empty, columns.keepFrames == .empty { return self }
    var columns = columns
    columns.dropFrames = .empty
    columns.keepFrames = .empty
    return try Profile(columns)
  }

  private func isURL(_ mapping: Mapping) -> Bool {
    columns.strings.isEmpty(mapping.buildID)
      && AbsoluteURL.isOne(Array(columns.strings.bytes[columns.strings.range(mapping.file)]))
  }
}

extension ProfileColumns {
  /// Keeps the sample types at `positions`, in that order.
  mutating func keepSampleTypes(_ positions: [Int], default type: StringIndex) {
    let width = sampleTypes.count
    var kept: [Int64] = []
    kept.reserveCapacity(sampleCount * positions.count)
    for sample in 0..<sampleCount {
      for position in positions { kept.append(values[sample * width + position]) }
    }
    values = kept
    sampleTypes = positions.map { sampleTypes[$0] }
    defaultSampleType = type
    unknownFields.moveAll { owner in
      guard case .sampleType(let old) = owner else { return owner }
      return positions.firstIndex(of: old).map { .sampleType($0) }
    }
  }
}
