import ProfileModel

/// What a traceback does not say of a profile, counted.
enum TracebackLosses {
  static func of(_ profile: Profile, column: Int, _ text: TracebackText) -> LossReport {
    var losses = LossReport()
    let columns = profile.columns
    let strings = columns.strings
    func count<Row>(_ rows: [Row], _ isLost: (Row) -> Bool) -> Int { rows.reduce(0) { $0 + (isLost($1) ? 1 : 0) } }
    func lose(_ field: String, _ isLost: Bool, _ reason: String = "a traceback has no place for it") {
      losses.add(field, count: isLost ? 1 : 0, reason: reason)
    }
    let others = columns.sampleTypes.count - 1
    losses.add("sample types", count: others, of: columns.sampleTypes.count, reason: "goroutines have one number, 1")
    lose(
      "sample type's name", !strings.equals(columns.sampleTypes[column].type, "goroutine"),
      "it is read back as goroutine/count")
    losses.add(
      "numeric labels", count: text.numericLabels, of: columns.labels.count, reason: "printed and read back as words")
    losses.add(
      "label values", count: text.brokenWords, of: columns.labels.count,
      reason: "what would break a line is printed as ?"
    )
    losses.add("mappings", count: columns.mappings.count, of: columns.mappings.count, reason: "not printed")
    losses.add(
      "addresses", count: addresses(columns), of: columns.locations.count,
      reason: "Go prints them in crashes only, beside stack pointers that are not known")
    losses.add(
      "folded flags", count: count(columns.locations, \.isFolded), of: columns.locations.count, reason: "not printed")
    losses.add(
      "columns", count: count(columns.lines) { $0.column != 0 }, of: columns.lines.count, reason: "not printed")
    losses.add(
      "line numbers", count: count(columns.lines) { $0.line < 0 }, of: columns.lines.count,
      reason: "negative ones are printed as 0")
    losses.add(
      "start lines", count: count(columns.functions) { $0.startLine != 0 }, of: columns.functions.count,
      reason: "not printed")
    losses.add(
      "system names",
      count: count(columns.functions) {
        $0.systemName != $0.name && !strings.equals($0.systemName, strings[$0.name])
      }, of: columns.functions.count, reason: "only the readable name is printed")
    losses.add(
      "function names",
      count: count(columns.functions) {
        !PrintableName.isExact(strings[$0.name]) || !PrintableName.isExactFile(strings[$0.file])
      }, of: columns.functions.count, reason: "what would break a line is printed as ?")
    lose("drop_frames", !strings.isEmpty(columns.dropFrames))
    lose("keep_frames", !strings.isEmpty(columns.keepFrames))
    lose("time", columns.timeNanos != 0)
    lose("duration", columns.durationNanos != 0)
    let isCount = columns.period == 1 && columns.periodType == columns.sampleTypes[column]
    lose("period", !isCount && (columns.period != 0 || !columns.periodType.isEmpty), "it is read back as 1 goroutine")
    lose("default sample type", !strings.isEmpty(columns.defaultSampleType))
    lose("doc url", !strings.isEmpty(columns.docURL))
    losses.add(
      "comments",
      count: count(columns.comments) {
        TracebackText.text(strings[$0], Traceback.preamble) == nil
          && TracebackText.text(strings[$0], Traceback.trailer) == nil
      }, of: columns.comments.count, reason: "only what crashes print around goroutines is printed")
    for (field, ids) in [
      ("mapping ids", columns.mappingIDs), ("location ids", columns.locationIDs), ("function ids", columns.functionIDs),
    ] {
      losses.add(field, count: ids?.count ?? 0, of: ids?.count ?? 0, reason: "numbered anew")
    }
    losses.add(
      "unknown fields", count: columns.unknownFields.entries.count, of: columns.unknownFields.entries.count,
      reason: "nobody knows what they say")
    addUnused(columns, &losses)
    return losses
  }

  /// Without a name a location is printed with its address.
  private static func addresses(_ columns: ProfileColumns) -> Int {
    var lost = 0
    for i in columns.locations.indices
    where columns.locations[i].address != 0 && columns.lineOffsets[i] != columns.lineOffsets[i + 1] { lost += 1 }
    return lost
  }

  private static func addUnused(_ columns: ProfileColumns, _ losses: inout LossReport) {
    var stacks = [Bool](repeating: false, count: columns.stackCount)
    for stack in columns.sampleStacks { stacks[stack.position] = true }
    var locations = [Bool](repeating: false, count: columns.locations.count)
    for stack in 0..<columns.stackCount where stacks[stack] {
      for location in columns.stackLocations[columns.stackRange(StackIndex(stack))] {
        locations[location.position] = true
      }
    }
    var functions = [Bool](repeating: false, count: columns.functions.count)
    for location in columns.locations.indices where locations[location] {
      for line in columns.lines[columns.lineRange(LocationIndex(location))] { functions[line.function.position] = true }
    }
    func unused(_ used: [Bool]) -> Int { used.reduce(0) { $0 + ($1 ? 0 : 1) } }
    losses.add("unused locations", count: unused(locations), of: locations.count, reason: "in no stack")
    losses.add("unused functions", count: unused(functions), of: functions.count, reason: "in no stack")
  }
}
