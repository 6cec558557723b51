internal import ProfileModel

/// Records to a profile.
extension GoTextParser {
  consuming func finish(_ diagnostics: inout Diagnostics) throws(ProfileError) -> Profile {
    endRecord()
    guard let header else { throw ProfileError(.empty, "the text has no records and no header") }
    if !commentedHeader.isEmpty {
      diagnostics.add(
        kind: "pprof-refuses", "a name that begins as a comment does: pprof does not read such a text",
        at: .line(1, column: 1, text: String(decoding: commentedHeader, as: UTF8.self)))
    }
    var draft = TextDraft()
    draft.isHeap = false
    block.finish(&draft, found: found)
    draft.pcLocations = stacks.locationsOfPCs()
    swap(&draft.columns, &stacks.builder.columns)
    if draft.firstBlockLine > 0 {
      draft.memoryMap = map.mappings(interning: &draft.columns.strings)
      // A block was written for readers that are told nothing.
      var copy = draft
      addValues(header, .auto, to: &copy.columns)
      if CarryBlock.apply(to: &copy, diagnostics: &diagnostics) {
        map.tellOthers(&diagnostics)
        // Of the two options the block answers the other one.
        if options.hiddenFrames == .drop { copy.columns.dropUnnamedLeaves() }
        return try Profile(copy.columns)
      }
    }
    tellWhatIsMissing(header, &diagnostics)
    tellScale(addValues(header, options.mutexRecords, to: &draft.columns), &diagnostics)
    tellWhatIsNotKept(draft.pcLocations.count, &diagnostics)
    if options.hiddenFrames == .drop { draft.columns.dropUnnamedLeaves() }
    map.apply(to: &draft.columns)
    map.tell(&diagnostics)
    return try Profile(draft.columns)
  }

  // MARK: Values

  /// - Returns: what was taken for the contentions' header.
  @discardableResult
  private func addValues(
    _ header: GoTextHeader, _ records: ReadOptions.MutexRecords, to columns: inout ProfileColumns
  ) -> ContentionHeader? {
    var interner = StringInterner(columns.strings)
    func type(_ name: String, _ unit: String) -> ValueType {
      ValueType(
        type: interner.intern(name, in: &columns.strings), unit: interner.intern(unit, in: &columns.strings))
    }
    columns.period = 1
    if case .count(let name, _) = header {
      let type = ValueType(
        type: interner.intern(name.span, in: &columns.strings), unit: interner.intern("count", in: &columns.strings))
      columns.sampleTypes = [type]
      columns.periodType = type
      columns.values = numbers
      columns.comments = comments
      return nil
    }
    var contention = contention
    contention.isScaled =
      contention.period ?? 1 > 1
      && (records == .auto ? contention.looksScaled(numbers) : records == .scaled)
    columns.periodType = type("contentions", "count")
    columns.sampleTypes = [columns.periodType, type("delay", "nanoseconds")]
    // Go's own protobuf has the period 1, since its values are scaled. pprof's of a text without names has the text's.
    if !hasNames { columns.period = contention.period ?? 1 }
    columns.durationNanos = (milliseconds ?? 0) &* 1_000_000
    columns.values.reserveCapacity(numbers.count)
    for at in stride(from: 0, to: numbers.count, by: 2) {
      columns.values.append(numbers[at + 1] &* contention.factor)
      columns.values.append(contention.delay(numbers[at]))
    }
    columns.comments = contention.comments(numbers).map { interner.intern($0, in: &columns.strings) } + comments
    return contention
  }

  private var hasNames: Bool { stacks.frames.entries.contains { $0.hasSymbol } }

  // MARK: What is odd

  /// Nobody shall have to guess what was guessed.
  private func tellScale(_ contention: ContentionHeader?, _ diagnostics: inout Diagnostics) {
    guard let contention, let period = contention.period, period > 1 else { return }
    let reason =
      options.mutexRecords != .auto
      ? "as `mutexRecords` says"
      : contention.isScaled
        ? "since all of their numbers are multiples of it" : "since not all of their numbers are multiples of it"
    let what =
      contention.isScaled
      ? "the records are taken as multiplied by the sampling period \(period) already, as newer versions of Go print them, \(reason); pprof multiplies them once more"
      : "the records are multiplied by the sampling period \(period), as for Go 1.19, \(reason)"
    diagnostics.add(kind: "mutex-records", what + "; `mutexRecords` (sampled or scaled) decides")
  }

  private func tellWhatIsMissing(_ header: GoTextHeader, _ diagnostics: inout Diagnostics) {
    guard case .count(_, let promised) = header else { return }
    let total = numbers.reduce(UInt64(0)) { total, number in
      let (sum, isTooLarge) = total.addingReportingOverflow(UInt64(max(0, number)))
      return isTooLarge ? .max : sum
    }
    if promised <= total { return }
    diagnostics.addLoss(
      kind: "records-missing",
      "the first line promises \(promised), the records have \(total): the text was cut or edited",
      at: .line(1, column: nil, text: nil))
  }

  /// What the text has and no profile has.
  private func tellWhatIsNotKept(_ locations: Int, _ diagnostics: inout Diagnostics) {
    let addresses = stacks.addressCount - locations
    let offsets = stacks.frames.entries.count { $0.hasSymbol && $0.entry != $0.pc }
    let kept = [
      addresses > 0 ? "\(addresses) address\(addresses == 1 ? "" : "es") of goexit and of inlined frames" : nil,
      offsets > 0 ? "the +0x offset\(offsets == 1 ? " of 1 frame" : "s of \(offsets) frames")" : nil,
    ].compactMap(\.self)
    if kept.isEmpty { return }
    let isOne = addresses + offsets == 1
    diagnostics.add(
      kind: "not-kept",
      kept.joined(separator: " and ") + (isOne ? " is" : " are") + " not kept: a profile has no place for "
        + (isOne ? "it" : "them"))
  }
}

extension ProfileColumns {
  /// Takes away the locations without a name that lead a stack which has names behind them.
  mutating func dropUnnamedLeaves() {
    var offsets = [0]
    var stacked: [LocationIndex] = []
    for stack in 0..<stackCount {
      let range = stackRange(StackIndex(stack))
      let first = range.first { !lineRange(stackLocations[$0]).isEmpty } ?? range.lowerBound
      stacked.append(contentsOf: stackLocations[first..<range.upperBound])
      offsets.append(stacked.count)
    }
    // Ids and unknown fields are of places in the table: then it stays as it is.
    if locationIDs != nil || !unknownFields.entries.isEmpty {
      stackLocations = stacked
      stackOffsets = offsets
      return
    }
    // What no stack has any more has no lines, so that these stay.
    var isUsed = [Bool](repeating: false, count: locations.count)
    for location in stacked { isUsed[location.position] = true }
    var places = [LocationIndex](repeating: .none, count: locations.count)
    var kept: [Location] = []
    var keptOffsets = [0]
    for i in locations.indices where isUsed[i] || !lineRange(LocationIndex(i)).isEmpty {
      places[i] = LocationIndex(kept.count)
      kept.append(locations[i])
      keptOffsets.append(lineOffsets[i + 1])
    }
    stackLocations = stacked.map { places[$0.position] }
    stackOffsets = offsets
    locations = kept
    lineOffsets = keptOffsets
  }
}
