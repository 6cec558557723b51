import ProfileModel

extension LossReport {
  /// Of values that the block has and the records have not: what reads the records alone is another profile.
  mutating func noteUntold(_ samples: Int) {
    if samples == 0 { return }
    note(
      "\(samples) samples have values that Go's text cannot say (below 0, or bytes without objects): pprof shows 0 there, "
        + "and the # pprofconv block gives them back")
  }
}

/// What Go's heap text does not say of a profile when nothing is carried, counted.
enum Debug1Losses {
  static func of(
    _ profile: Profile, _ heap: HeapColumns, _ numbers: HeapNumbers, _ comments: HeapTextComments, _ frames: FrameText
  ) -> LossReport {
    var losses = LossReport()
    let columns = profile.columns
    addSamples(columns, heap, numbers, frames, &losses)
    // Only the headers of growth and fragmentation say that there are no others.
    let saysTwo = comments.header.flatMap { HeapTextHeader($0.span) }?.hasTwoColumns == true
    losses.add(
      "number of sample types", count: heap.hasAlloc || saysTwo ? 0 : 1,
      reason: "a heap record has four numbers, and four sample types are read from it")
    addTables(columns, frames, &losses)
    addHeader(columns, numbers, comments, &losses)
    return losses
  }

  private static func addSamples(
    _ columns: ProfileColumns, _ heap: HeapColumns, _ numbers: HeapNumbers, _ frames: FrameText,
    _ losses: inout LossReport
  ) {
    let samples = columns.sampleCount
    losses.add(
      "sample types", count: columns.sampleTypes.count - heap.count, of: columns.sampleTypes.count,
      reason: "a heap record has no place for them")
    losses.add(
      "values", count: numbers.untold.count, of: samples,
      reason: "bytes without objects, objects without bytes and allocations below 0 stand as 0")
    losses.add("frames", count: frames.cutStacks, of: samples, reason: "a stack is longer than a line may be")
    var text = CarryText(frames: frames, heap: heap, printed: numbers.printed, period: numbers.period)
    text.untold = numbers.untold
    var lost = 0
    for (sample, set) in columns.sampleLabels.enumerated()
    where !columns.labelRange(set).isEmpty && !text.tellsLabels(set, of: sample) {
      lost += 1
    }
    losses.add("labels", count: lost, of: samples, reason: "a record says only the size of its objects")
  }

  static func addTables(_ columns: ProfileColumns, _ frames: FrameText, _ losses: inout LossReport) {
    let strings = columns.strings
    func count<Row>(_ rows: [Row], _ isLost: (Row) -> Bool) -> Int { rows.reduce(0) { $0 + (isLost($1) ? 1 : 0) } }
    let mappings = columns.mappings.count
    losses.add(
      "mapping names",
      count: count(columns.mappings) {
        !MemoryMapText.tellsFile($0, strings) || !MemoryMapText.tellsBuildID($0, strings)
          || !MemoryMapText.tellsOffset($0, strings)
      },
      of: mappings, reason: "a file with blanks, or a build id that is not hexadecimal, does not fit in a memory map")
    losses.add(
      "mapping flags",
      count: count(columns.mappings) {
        $0.hasFunctions || $0.hasFilenames || $0.hasLineNumbers || $0.hasInlineFrames
      }, of: mappings, reason: "a memory map has no place for them")
    losses.add(
      "addresses", count: frames.inventedPCs, of: columns.locations.count,
      reason: "invented where a location has none, or another one's")
    losses.addTables(columns)
    losses.addUnused(columns, besides: UsedEntries(columns, printed: frames.appearance))
  }

  private static func addHeader(
    _ columns: ProfileColumns, _ numbers: HeapNumbers, _ comments: HeapTextComments, _ losses: inout LossReport
  ) {
    let strings = columns.strings
    addScalars(
      columns, isDurationTold: columns.durationNanos == 0, period: numbers.period,
      isPeriodTypeTold: strings.equals(columns.periodType.type, "space")
        && strings.equals(columns.periodType.unit, "bytes"),
      reason: "printed as \(numbers.period), so that no reader scales the values", &losses)
    let told = Set(comments.found.compactMap { $0 } + comments.facts)
    losses.add(
      "comments", count: columns.comments.indices.reduce(0) { $0 + (told.contains($1) ? 0 : 1) },
      of: columns.comments.count, reason: "only lines that begin with # can stand in a trailer")
  }

  /// What a text has no line for.
  ///
  /// - Parameters:
  ///   - period: the one that a reader finds, and `reason` why it is no other.
  static func addScalars(
    _ columns: ProfileColumns, isDurationTold: Bool, period: Int64, isPeriodTypeTold: Bool, reason: String,
    _ losses: inout LossReport
  ) {
    let strings = columns.strings
    let noPlace = "a text has no place for it"
    losses.add("time", count: columns.timeNanos == 0 ? 0 : 1, reason: noPlace)
    losses.add("duration", count: isDurationTold ? 0 : 1, reason: noPlace)
    losses.add("period", count: columns.period == period ? 0 : 1, reason: reason)
    losses.add("period type", count: isPeriodTypeTold ? 0 : 1, reason: "the kind of a text says which it is")
    losses.add("default sample type", count: strings.isEmpty(columns.defaultSampleType) ? 0 : 1, reason: noPlace)
    losses.add("doc url", count: strings.isEmpty(columns.docURL) ? 0 : 1, reason: noPlace)
    losses.add("drop frames", count: strings.isEmpty(columns.dropFrames) ? 0 : 1, reason: noPlace)
    losses.add("keep frames", count: strings.isEmpty(columns.keepFrames) ? 0 : 1, reason: noPlace)
  }
}
