internal import ProfileModel

/// Records to samples, and the profile of them.
extension HeapTextParser {
  /// Adds a sample of a record's numbers.
  mutating func addSample(_ sampled: HeapValues, stack: StackIndex) {
    if readRecords != nil {
      readRecords?.samples.append((sampled, stack))
      return
    }
    totals.add(sampled)
    var values = sampled
    // Of a sampled heap pprof takes 0 bytes for 0 objects; grouped text that was not sampled has what it has.
    if header.isSampled, grouped == nil || header.period > 1 { values = values.unsampled(rate: header.period) }
    if let given = grouped?.unsampled { values = given }
    let size = objectSize(sampled)
    var labels = LabelSetIndex.empty
    if let lines = grouped {
      labels = lines.labelSet(&stacks.builder)
    } else {
      labels = labelSet(size)
    }
    if header.isSampled, !isGivenBack(sampled, values, size: size) {
      facts.append(
        HeapSampling.factComment(record: stacks.builder.columns.sampleCount, sampled: sampled, values: values))
    }
    stacks.builder.columns.sampleStacks.append(stack)
    stacks.builder.columns.sampleLabels.append(labels)
    if !hasTwoColumns {
      stacks.builder.columns.values.append(values.allocObjects)
      stacks.builder.columns.values.append(values.allocBytes)
    }
    stacks.builder.columns.values.append(values.inuseObjects)
    stacks.builder.columns.values.append(values.inuseBytes)
  }

  private var hasTwoColumns: Bool { header.hasTwoColumns || grouped?.hasTwoColumns == true }

  /// The size of the record's objects: of those in use, else of those allocated; 0 where there are none.
  private func objectSize(_ sampled: HeapValues) -> Int64 {
    if sampled.inuseObjects != 0 {
      return sampled.inuseBytes.dividedReportingOverflow(by: sampled.inuseObjects).partialValue
    }
    if sampled.allocObjects != 0, !hasTwoColumns {
      return sampled.allocBytes.dividedReportingOverflow(by: sampled.allocObjects).partialValue
    }
    return 0
  }

  private mutating func labelSet(_ size: Int64) -> LabelSetIndex {
    let hash = HashIndex.mix(UInt64(bitPattern: size) ^ labelSeed)
    var probe = labelIndex.probe(hash)
    while let at = labelIndex.next(&probe) {
      if labelSets[Int(at)].size == size { return labelSets[Int(at)].set }
    }
    let set = stacks.builder.labelSet(CollectionOfOne(Label(key: bytesKey, num: size)))
    labelIndex.insert(hash, UInt32(labelSets.count))
    labelSets.append((size, set))
    return set
  }

  /// Whether ``HeapSampling/sampledValues(of:)`` finds the record's numbers in its values.
  private func isGivenBack(_ sampled: HeapValues, _ values: HeapValues, size: Int64) -> Bool {
    if sampled == .zero || grouped?.isEstimated == true { return true }
    if header.period <= 1 { return values == sampled }
    if grouped != nil { return false }
    return sampled.isGivenBack(by: values, size: size, rate: header.period)
  }

  // MARK: The end

  consuming func finish(_ diagnostics: inout Diagnostics) throws(ProfileError) -> Profile {
    endRecord()
    nameColumns()
    try tellWhatIsMissing(&diagnostics)
    keepComments()
    draft.pcLocations = stacks.locationsOfPCs()
    let end = (stacks.builder.columns.sampleCount, comments.count, map.lineCount)
    swap(&draft.columns, &stacks.builder.columns)
    // With a block that fits, nothing is left to be guessed.
    if !draft.blockLines.isEmpty {
      draft.memoryMap = map.mappings(interning: &draft.columns.strings)
      draft.facts = facts
      if let atBlock, atBlock != end { draft.hasTextBehindBlock = true }
    }
    if CarryBlock.apply(to: &draft, diagnostics: &diagnostics) {
      map.tellOthers(&diagnostics)
    } else {
      map.apply(to: &draft.columns)
      map.tell(&diagnostics)
      if header.tag.isCpp, draft.columns.lines.isEmpty { LegacyFrames.heap.set(on: &draft.columns) }
      keepFacts()
      tellWhatIsNotKept(&diagnostics)
    }
    return try Profile(draft.columns)
  }

  /// What the text has and no profile has: without a word, somebody who goes back to text would look for it in vain.
  private func tellWhatIsNotKept(_ diagnostics: inout Diagnostics) {
    let addresses = stacks.addressCount - draft.pcLocations.count
    let offsets = stacks.frames.entries.reduce(0) { $0 + ($1.hasSymbol && $1.entry != $1.pc ? 1 : 0) }
    if addresses == 0, offsets == 0 { return }
    diagnostics.add(
      kind: "not-kept",
      "\(addresses) addresses of hidden and inlined frames and the +0x offsets of \(offsets) frames are not kept: "
        + "a profile has no place for them")
  }

  /// Go and bpprof print the sums of the records in the first line: where they promise more, the text was cut.
  ///
  /// - Throws: where it has none at all, since they are in that line.
  private func tellWhatIsMissing(_ diagnostics: inout Diagnostics) throws(ProfileError) {
    let promised = header.objects
    // A first line has no number below 0: the text of a difference promises nothing then.
    if promised.inuse <= max(0, totals.inuseObjects), promised.alloc <= max(0, totals.allocObjects) { return }
    if stacks.builder.columns.sampleCount == 0,
      let record = TextBytes.find("] @ 0x", in: headerLine.span, 0..<headerLine.count)
    {
      throw ProfileError(
        .malformed, "the records stand in the line of the header: the text has lost its line ends",
        at: .line(1, column: record + 1, text: String(decoding: headerLine.prefix(1 << 16), as: UTF8.self)),
        hint: "where they became \\n in a JSON string, `jq -r .` gives the text back")
    }
    diagnostics.addLoss(
      kind: "records-missing",
      "the first line promises \(promised.inuse) objects in use of \(promised.alloc), the records have "
        + "\(totals.inuseObjects) of \(totals.allocObjects): the text was cut or edited",
      at: .line(1, column: nil, text: nil))
  }

  private mutating func nameColumns() {
    var types = [
      ("alloc_objects", "count"), ("alloc_space", "bytes"), ("inuse_objects", "count"), ("inuse_space", "bytes"),
    ]
    if hasTwoColumns { types = [("objects", "count"), ("space", "bytes")] }
    for (type, unit) in types {
      stacks.builder.columns.sampleTypes.append(
        ValueType(type: stacks.builder.string(type), unit: stacks.builder.string(unit)))
    }
    stacks.builder.columns.periodType = ValueType(type: stacks.builder.string("space"), unit: bytesKey)
    stacks.builder.columns.period = header.period
    grouped?.finish(&stacks.builder)
  }

  /// The header line is kept where it is not what our own writer would print: 1.19 and bpprof do not count a byte more
  /// where nothing was freed yet.
  private mutating func keepComments() {
    // Our grouped text has no header line but of its sums, even where these leave 64 bits.
    if grouped?.isOurs != true,
      headerLine
        != HeapHeaderLine.bytes(
          totals, number: header.period &* 2, hasAlloc: grouped == nil)
    {
      let kept = Array("# ".utf8) + headerLine[header.start...]
      stacks.builder.columns.comments.append(stacks.builder.string(kept.span))
    }
    stacks.builder.columns.comments.append(contentsOf: comments)
  }

  /// A block has the comments of the profile that was written; facts are of the text that is read.
  private mutating func keepFacts() {
    if facts.isEmpty { return }
    let told = Set(comments.map { draft.columns.strings.string($0) })
    for fact in facts where !told.contains(fact) {
      draft.columns.comments.append(draft.columns.strings.append(fact))
    }
  }
}
