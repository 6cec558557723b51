import ProfileModel

/// What grouped text does not say, counted.
enum TextLosses {
  /// pprof reads no line of 65536 bytes.
  static let maxLine = 65_000

  static func of(_ profile: Profile, heap: HeapColumns?, frames: FrameText) -> LossReport {
    var losses = LossReport()
    let columns = profile.columns
    let strings = columns.strings
    func count<Row>(_ rows: [Row], _ isLost: (Row) -> Bool) -> Int { rows.reduce(0) { $0 + (isLost($1) ? 1 : 0) } }

    losses.add(
      "sample types", count: heap.map { columns.sampleTypes.count - $0.count } ?? 0, of: columns.sampleTypes.count,
      reason: "a heap record has no column for them")
    losses.add("frames", count: frames.cutStacks, of: columns.sampleCount, reason: "stacks longer than a line may be")
    losses.add(
      "labels", count: LabelText.lost(profile), of: columns.sampleCount,
      reason: "longer than a line may be, or string and number at once")
    var hasLocations = [Bool](repeating: false, count: columns.mappings.count)
    for location in columns.locations where location.mapping != .none {
      hasLocations[location.mapping.position] = true
    }
    losses.add(
      "mappings",
      count: columns.mappings.indices.count {
        !isOnlyNamed(columns.mappings[$0]) || columns.mappings[$0] != columns.mappings[0] || hasLocations[$0]
      },
      of: columns.mappings.count,
      reason: "only the first one's file and build id are printed, and not what stands in it")
    losses.add(
      "addresses", count: heap == nil ? 0 : frames.inventedPCs, of: columns.locations.count,
      reason: "invented where a location has none, or another one's")
    losses.addTables(columns)
    losses.addUnused(columns, besides: UsedEntries(columns, printed: frames.appearance))
    losses.add("drop frames", count: strings.isEmpty(columns.dropFrames) ? 0 : 1, reason: "a text has no place for it")
    losses.add("keep frames", count: strings.isEmpty(columns.keepFrames) ? 0 : 1, reason: "a text has no place for it")
    return losses
  }

  /// What a reader makes of `# binary:`.
  private static func isOnlyNamed(_ mapping: Mapping) -> Bool {
    mapping == Mapping(file: mapping.file, buildID: mapping.buildID)
  }
}
