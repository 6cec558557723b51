import ProfileModel

/// In which order a profile's strings are written: that of google/pprof, by first use, each once and only those that are
/// used. Unknown fields may hold indices into the table: where there are any, it stays as it is.
struct StringOrder {
  /// From the profile's index to that in the file; `.max` where the string is not used.
  private var positions: [UInt32]
  /// The strings of the file.
  private(set) var strings: [StringIndex] = [.empty]
  private var keys = WireKeys()

  init(_ profile: Profile) {
    let columns = profile.columns
    positions = [UInt32](repeating: .max, count: columns.strings.count)
    if columns.keepsStringOrder {
      strings = (0..<columns.strings.count).map { StringIndex($0) }
      for i in positions.indices { positions[i] = UInt32(truncatingIfNeeded: i) }
    } else {
      positions[0] = 0
      let arena = columns.strings.bytes.span
      keys.insert(keys.hash(arena, 0..<0), 0..<0)
      useAll(columns)
      keys = WireKeys()
    }
  }

  @inline(__always)
  func position(_ string: StringIndex) -> UInt64 { UInt64(positions[string.position]) }

  private mutating func useAll(_ columns: ProfileColumns) {
    for type in columns.sampleTypes {
      use(type.type, columns)
      use(type.unit, columns)
    }
    useLabels(columns)
    for mapping in columns.mappings {
      use(mapping.file, columns)
      use(mapping.buildID, columns)
    }
    for function in columns.functions {
      use(function.name, columns)
      use(function.systemName, columns)
      use(function.file, columns)
    }
    use(columns.dropFrames, columns)
    use(columns.keepFrames, columns)
    use(columns.periodType.type, columns)
    use(columns.periodType.unit, columns)
    for comment in columns.comments { use(comment, columns) }
    use(columns.defaultSampleType, columns)
    use(columns.docURL, columns)
  }

  private mutating func useLabels(_ columns: ProfileColumns) {
    var isSeen = [Bool](repeating: false, count: columns.labelSetCount)
    var left = columns.labelSetCount
    for set in columns.sampleLabels where !isSeen[set.position] {
      isSeen[set.position] = true
      for label in columns.labels[columns.labelRange(set)] {
        use(label.key, columns)
        use(label.str, columns)
        use(label.unit, columns)
      }
      left -= 1
      if left == 0 { return }
    }
  }

  @inline(__always)
  private mutating func use(_ string: StringIndex, _ columns: ProfileColumns) {
    if positions[string.position] == .max { useNew(string, columns) }
  }

  private mutating func useNew(_ string: StringIndex, _ columns: ProfileColumns) {
    let arena = columns.strings.bytes.span
    let range = columns.strings.range(string)
    let hash = keys.hash(arena, range)
    if let found = keys.find(hash, range, of: arena, input: arena) {
      positions[string.position] = found
    } else {
      positions[string.position] = UInt32(truncatingIfNeeded: strings.count)
      strings.append(string)
      keys.insert(hash, range)
    }
  }
}
