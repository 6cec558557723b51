import ProfileModel

/// What a text that shows stacks as names alone does not say, counted.
enum NamedStackLosses {
  /// In the words of the reports below.
  static let fields = [
    "addresses", "inlined frames", "files", "line numbers", "columns", "start lines", "system names", "mappings",
    "time, duration and period", "default sample type", "comments", "drop and keep frames", "unknown fields", "ids",
  ]

  /// Lines whose number and file are told by other means: those of leaves, in a table that has columns for them.
  struct ToldLines {
    fileprivate var lines: [Bool]
    fileprivate var files: [Bool]

    /// None.
    init() {
      lines = []
      files = []
    }

    init(leavesOf columns: ProfileColumns) {
      lines = [Bool](repeating: false, count: columns.lines.count)
      files = [Bool](repeating: false, count: columns.functions.count)
      for stack in columns.sampleStacks {
        guard let leaf = columns.stackRange(stack).first else { continue }
        guard let line = columns.lineRange(columns.stackLocations[leaf]).first else { continue }
        lines[line] = true
        files[columns.lines[line].function.position] = true
      }
    }

    fileprivate func hasLine(_ i: Int) -> Bool { i < lines.count && lines[i] }
    fileprivate func hasFile(_ i: Int) -> Bool { i < files.count && files[i] }
  }

  /// - Parameter isMarker: whether a mapping is told by other means.
  static func of(_ columns: ProfileColumns, told: ToldLines = ToldLines(), isMarker: (Mapping) -> Bool) -> LossReport {
    var losses = LossReport()
    addFrames(columns, told, isMarker, to: &losses)
    addFunctions(columns, told, to: &losses)
    losses.add(
      "mappings", count: count(columns.mappings) { !isMarker($0) }, of: columns.mappings.count,
      reason: "frames are printed by name alone")
    addHeader(columns, to: &losses)
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

  private static func count<Row>(_ rows: [Row], _ isLost: (Row) -> Bool) -> Int {
    rows.reduce(0) { $0 + (isLost($1) ? 1 : 0) }
  }

  private static func addFrames(
    _ columns: ProfileColumns, _ told: ToldLines, _ isMarker: (Mapping) -> Bool, to losses: inout LossReport
  ) {
    var addresses = 0
    var inlined = 0
    for (i, location) in columns.locations.enumerated() {
      let lines = columns.lineRange(LocationIndex(i)).count
      if lines > 0, location.address != 0 { addresses += 1 }
      let isMarked = location.mapping != .none && isMarker(columns.mappings[location.mapping.position])
      if lines > 1, !isMarked { inlined += 1 }
    }
    losses.add(
      "addresses", count: addresses, of: columns.locations.count, reason: "frames that have a name are printed by it")
    losses.add(
      "inlined frames", count: inlined, of: columns.locations.count, reason: "they become frames like all others")
    losses.add(
      "folded flags", count: count(columns.locations) { $0.isFolded }, of: columns.locations.count,
      reason: "there is no place for them")
    losses.add(
      "line numbers", count: columns.lines.indices.count { columns.lines[$0].line != 0 && !told.hasLine($0) },
      of: columns.lines.count,
      reason: "frames are printed by name alone")
    losses.add(
      "columns", count: count(columns.lines) { $0.column != 0 }, of: columns.lines.count,
      reason: "frames are printed by name alone")
    losses.addUnused(columns, besides: UsedEntries(columns))
  }

  private static func addFunctions(_ columns: ProfileColumns, _ told: ToldLines, to losses: inout LossReport) {
    let strings = columns.strings
    losses.add(
      "function names", count: count(columns.functions) { strings.isEmpty($0.name) }, of: columns.functions.count,
      reason: "where there is none, something else stands for it")
    losses.add(
      "files",
      count: columns.functions.indices.count { !strings.isEmpty(columns.functions[$0].file) && !told.hasFile($0) },
      of: columns.functions.count,
      reason: "frames are printed by name alone")
    losses.add(
      "start lines", count: count(columns.functions) { $0.startLine != 0 }, of: columns.functions.count,
      reason: "frames are printed by name alone")
    losses.add(
      "system names",
      count: count(columns.functions) {
        $0.systemName != $0.name && !strings.equals($0.systemName, strings[$0.name])
      },
      of: columns.functions.count, reason: "only the readable name is printed")
  }

  private static func addHeader(_ columns: ProfileColumns, to losses: inout LossReport) {
    let strings = columns.strings
    let scalars: [(String, Bool)] = [
      ("time", columns.timeNanos != 0), ("duration", columns.durationNanos != 0),
      ("period", columns.period != 0),
      ("period type", !strings.isEmpty(columns.periodType.type) || !strings.isEmpty(columns.periodType.unit)),
      ("default sample type", !strings.isEmpty(columns.defaultSampleType)),
      ("doc url", !strings.isEmpty(columns.docURL)),
      ("drop frames", !strings.isEmpty(columns.dropFrames)), ("keep frames", !strings.isEmpty(columns.keepFrames)),
    ]
    for (field, isThere) in scalars where isThere { losses.add(field, reason: "there is no place for it") }
    losses.add(
      "comments", count: columns.comments.count, of: columns.comments.count, reason: "there is no place for them")
  }
}
