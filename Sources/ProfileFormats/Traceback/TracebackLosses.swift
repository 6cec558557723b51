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
    losses.addTables(columns)
    losses.addUnused(columns, besides: UsedEntries(columns))
    lose("drop frames", !strings.isEmpty(columns.dropFrames))
    lose("keep frames", !strings.isEmpty(columns.keepFrames))
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
    return losses
  }

  /// Without a name a location is printed with its address.
  private static func addresses(_ columns: ProfileColumns) -> Int {
    var lost = 0
    for i in columns.locations.indices
    where columns.locations[i].address != 0 && columns.lineOffsets[i] != columns.lineOffsets[i + 1] { lost += 1 }
    return lost
  }
}
