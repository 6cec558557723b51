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
    losses.add(
      "mappings", count: count(columns.mappings) { !isOnlyNamed($0) || $0 != columns.mappings[0] },
      of: columns.mappings.count, reason: "only the first one's file and build id are printed")
    losses.add(
      "addresses", count: heap == nil ? 0 : frames.inventedPCs, of: columns.locations.count,
      reason: "invented where a location has none, or another one's")
    losses.add(
      "folded flags", count: count(columns.locations) { $0.isFolded }, of: columns.locations.count,
      reason: "a text has no place for them")
    losses.add(
      "columns", count: count(columns.lines) { $0.column != 0 }, of: columns.lines.count,
      reason: "lines are printed without")
    losses.add(
      "line numbers", count: count(columns.lines) { $0.line < 0 }, of: columns.lines.count,
      reason: "negative ones are printed as 0")
    losses.add(
      "start lines", count: count(columns.functions) { $0.startLine != 0 }, of: columns.functions.count,
      reason: "a text has no place for them")
    losses.add(
      "system names",
      count: count(columns.functions) {
        $0.systemName != $0.name && !strings.equals($0.systemName, strings[$0.name])
      },
      of: columns.functions.count, reason: "only the readable name is printed")
    losses.add(
      "function names",
      count: count(columns.functions) {
        !PrintableName.isExact(strings[$0.name]) || !PrintableName.isExactFile(strings[$0.file])
      },
      of: columns.functions.count, reason: "what would break a line is printed as ?")
    losses.add(
      "unused locations", count: columns.locations.count - frames.appearance.count, of: columns.locations.count,
      reason: "only those of a stack are printed")
    losses.add(
      "unused functions", count: unusedFunctions(columns, frames), of: columns.functions.count, reason: "in no stack")
    losses.add("drop_frames", count: strings.isEmpty(columns.dropFrames) ? 0 : 1, reason: "a text has no place for it")
    losses.add("keep_frames", count: strings.isEmpty(columns.keepFrames) ? 0 : 1, reason: "a text has no place for it")
    for (field, ids) in [
      ("mapping ids", columns.mappingIDs), ("location ids", columns.locationIDs), ("function ids", columns.functionIDs),
    ] {
      losses.add(field, count: ids?.count ?? 0, of: ids?.count ?? 0, reason: "numbered anew")
    }
    losses.add(
      "unknown fields", count: columns.unknownFields.entries.count, of: columns.unknownFields.entries.count,
      reason: "nobody knows what they say")
    return losses
  }

  /// What a reader makes of `# binary:`.
  private static func isOnlyNamed(_ mapping: Mapping) -> Bool {
    mapping == Mapping(file: mapping.file, buildID: mapping.buildID)
  }

  private static func unusedFunctions(_ columns: ProfileColumns, _ frames: FrameText) -> Int {
    var used = [Bool](repeating: false, count: columns.functions.count)
    for location in frames.appearance {
      for line in columns.lines[columns.lineRange(location)] { used[line.function.position] = true }
    }
    return used.reduce(0) { $0 + ($1 ? 0 : 1) }
  }
}
