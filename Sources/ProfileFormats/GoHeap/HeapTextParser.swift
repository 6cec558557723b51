internal import Gzip
internal import ProfileModel

/// Reads heap text: Go's `debug=1`, the 2010 form, bpprof's, ours, and what C++ prints under `heap profile:`. What pprof
/// reads of it is read alike; beside that, everything in the comments.
struct HeapTextParser: ~Copyable {
  var stacks: TextStacks
  var comments: [StringIndex] = []
  var grouped: GroupedLines?
  var draft = TextDraft()
  var map = MemoryMap()

  private let header: HeapTextHeader
  private let headerLine: [UInt8]
  private let maxLine: Int
  /// The number of the line at hand, from 1.
  private var line = 2
  private var isInMap = false
  /// Whether the lines before the block are all counted in ``TextDraft/checksum``.
  private var isSummed = false

  // The record at hand.
  private var hasRecord = false
  private var sampled = HeapValues.zero

  private var totals = HeapValues.zero
  private var facts: [String] = []
  private var labelSets: [(size: Int64, set: LabelSetIndex)] = []
  private var labelIndex = HashIndex()
  private let bytesKey: StringIndex

  /// - Parameters:
  ///   - headerLine: the first line, without white space around it.
  ///   - firstLine: the same as it stands, with its LF.
  ///   - isGrouped: whether the second line repeats it behind `#`, with sizes.
  init(_ header: HeapTextHeader, headerLine: [UInt8], firstLine: Span<UInt8>, isGrouped: Bool, maxLine: Int) {
    self.header = header
    self.headerLine = headerLine
    self.maxLine = maxLine
    grouped = isGrouped ? GroupedLines() : nil
    stacks = TextStacks(commentPC: isGrouped ? .returnAddress : .call)
    bytesKey = stacks.builder.string("bytes")
    draft.checksum = Gzip.crc32(0, firstLine)
  }

  // MARK: Lines

  /// Reads whole lines; gives where the first line begins that is not wholly there.
  mutating func parse(
    _ bytes: Span<UInt8>, from start: Int, diagnostics: inout Diagnostics
  ) throws(ProfileError) -> Int {
    var at = start
    defer {
      if !isSummed { draft.checksum = Gzip.crc32(draft.checksum, bytes.extracting(start..<at)) }
    }
    while at < bytes.count {
      let first = bytes[at]
      if first == UInt8(ascii: "\n") {
        at &+= 1
        line &+= 1
        continue
      }
      if first == UInt8(ascii: "#"), hasRecord, let (frame, next) = stacks.frames.known(bytes, at: at) {
        stacks.add(frame: frame)
        at = next
        line &+= 1
        continue
      }
      guard let end = TextBytes.newline(in: bytes, from: at) else { break }
      if end - at > maxLine {
        throw TextInput.tooLong(maxLine, at: TextBytes.place(bytes, line: line, at..<end))
      }
      if !isSummed, TextBytes.has("# pprofconv", bytes, at: at) {
        draft.checksum = Gzip.crc32(draft.checksum, bytes.extracting(start..<at))
        draft.firstBlockLine = line
        isSummed = true
      }
      if TextBytes.isDigit(first), !isInMap, try plainRecord(bytes, at..<end, &diagnostics) {
        // Read.
      } else {
        try oddLine(bytes, at..<end, &diagnostics)
      }
      at = end &+ 1
      line &+= 1
    }
    return at
  }

  private mutating func oddLine(
    _ bytes: Span<UInt8>, _ range: Range<Int>, _ diagnostics: inout Diagnostics
  ) throws(ProfileError) {
    let text = TextBytes.trimmed(bytes, range)
    if text.isEmpty { return }
    if bytes[text.lowerBound] == UInt8(ascii: "#") {
      comment(bytes, text)
    } else if isInMap {
      map.add(bytes.extracting(range))
    } else if MemoryMap.isSentinel(bytes, range) {
      isInMap = true
    } else {
      try oddRecord(bytes, text, &diagnostics)
    }
  }

  // MARK: Records

  /// A record as Go prints it; false where it is not.
  private mutating func plainRecord(
    _ bytes: Span<UInt8>, _ range: Range<Int>, _ diagnostics: inout Diagnostics
  ) throws(ProfileError) -> Bool {
    let text = bytes.extracting(range)
    guard let record = HeapTextRecord(plain: text) else { return false }
    try begin(record, bytes, range, &diagnostics)
    return true
  }

  private mutating func oddRecord(
    _ bytes: Span<UInt8>, _ text: Range<Int>, _ diagnostics: inout Diagnostics
  ) throws(ProfileError) {
    let record: HeapTextRecord?
    do {
      record = try HeapTextRecord(odd: bytes.extracting(text), hasAlloc: header.hasAlloc, isGrouped: grouped != nil)
    } catch {
      throw ProfileError(
        .malformed, error.message, at: TextBytes.place(bytes, line: line, text, at: text.lowerBound + error.at))
    }
    guard let record else {
      throw ProfileError(
        .malformed, "no heap record: a record is `1: 16 [2: 32] @ 0x401000 …`",
        at: TextBytes.place(bytes, line: line, text, at: text.lowerBound))
    }
    if record.hasJunkBefore {
      diagnostics.add(
        kind: "text-before-record", "text before a record is ignored",
        at: TextBytes.place(bytes, line: line, text, at: text.lowerBound))
    }
    if record.values.inuseObjects < 0 || record.values.inuseBytes < 0 {
      diagnostics.add(
        kind: "negative-record", "a record has less than nothing in use",
        at: TextBytes.place(bytes, line: line, text, at: text.lowerBound))
    }
    try begin(record, bytes, text, &diagnostics)
  }

  private mutating func begin(
    _ record: HeapTextRecord, _ bytes: Span<UInt8>, _ text: Range<Int>, _ diagnostics: inout Diagnostics
  ) throws(ProfileError) {
    endRecord()
    stacks.beginRecord()
    hasRecord = true
    sampled = record.values
    grouped?.beginRecord()
    try addresses(bytes, text.lowerBound + record.addresses, text, &diagnostics)
  }

  /// Any run of `0x` and hexadecimal digits, as pprof finds them. It stops at the first character that is none of
  /// ` x0-9a-f`, and so cuts upper-case digits off; those we read.
  private mutating func addresses(
    _ bytes: Span<UInt8>, _ start: Int, _ text: Range<Int>, _ diagnostics: inout Diagnostics
  ) throws(ProfileError) {
    let end = text.upperBound
    var at = start
    while at < end {
      let byte = bytes[at]
      if byte == 0x30, at &+ 2 < end, bytes[at &+ 1] | 0x20 == 0x78, TextBytes.hex(bytes[at &+ 2]) < 16 {
        let first = at
        var isUpper = bytes[at &+ 1] == 0x58
        var pc: UInt64 = 0
        at &+= 2
        while at < end {
          var digit = TextBytes.lowerHex(bytes[at])
          if digit >= 16 {
            digit = TextBytes.hex(bytes[at])
            if digit >= 16 { break }
            isUpper = true
          }
          if pc &>> 60 != 0 {
            throw ProfileError(
              .malformed, "an address takes more than 64 bits", at: TextBytes.place(bytes, line: line, text, at: first))
          }
          pc = pc &<< 4 | UInt64(digit)
          at &+= 1
        }
        stacks.add(pc: pc)
        if isUpper {
          diagnostics.add(
            kind: "upper-case-address", "an address is in upper case: pprof reads another one",
            at: TextBytes.place(bytes, line: line, text, at: first))
        }
      } else if byte == 0x20 || byte == 0x78 || TextBytes.lowerHex(byte) < 16 {
        at &+= 1
      } else {
        if MemoryMap.isSentinel(bytes, at..<end) {
          // Wherever it stands: this was no record.
          hasRecord = false
          isInMap = true
        } else if !TextBytes.trimmed(bytes, at..<end).isEmpty {
          diagnostics.add(
            kind: "text-after-record", "text after the addresses is ignored",
            at: TextBytes.place(bytes, line: line, text, at: at))
        }
        return
      }
    }
  }

  /// Turns the record at hand into a sample.
  private mutating func endRecord() {
    guard hasRecord else { return }
    hasRecord = false
    let stack = stacks.endRecord()
    totals.add(sampled)
    var values = sampled
    // Of a sampled heap pprof takes 0 bytes for 0 objects; grouped text that was not sampled has what it has.
    if header.isSampled, grouped == nil || header.period > 1 { values = values.unsampled(rate: header.period) }
    if let given = grouped?.unsampled { values = given }
    let size = objectSize()
    var labels = LabelSetIndex.empty
    if let lines = grouped {
      labels = lines.labelSet(&stacks.builder)
    } else {
      labels = labelSet(size)
    }
    if header.isSampled, !isGivenBack(values, size: size) {
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
  private func objectSize() -> Int64 {
    if sampled.inuseObjects != 0 {
      return sampled.inuseBytes.dividedReportingOverflow(by: sampled.inuseObjects).partialValue
    }
    if sampled.allocObjects != 0, !hasTwoColumns {
      return sampled.allocBytes.dividedReportingOverflow(by: sampled.allocObjects).partialValue
    }
    return 0
  }

  private mutating func labelSet(_ size: Int64) -> LabelSetIndex {
    let hash = HashIndex.mix(UInt64(bitPattern: size))
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
  private func isGivenBack(_ values: HeapValues, size: Int64) -> Bool {
    if sampled == .zero || grouped?.isEstimated == true { return true }
    if header.period <= 1 { return values == sampled }
    if grouped != nil { return false }
    // Objects of one size: the scale is the same both ways. Up to 2^50 of them no rounding moves the number.
    if size > 0, sampled.allocObjects.magnitude < 1 << 50, sampled.inuseObjects.magnitude < 1 << 50,
      isProduct(sampled.allocObjects, size, sampled.allocBytes),
      isProduct(sampled.inuseObjects, size, sampled.inuseBytes),
      values.allocObjects != .min, values.inuseObjects != .min
    {
      return true
    }
    return values.sampled(size: size, rate: header.period) == sampled
  }

  private func isProduct(_ count: Int64, _ size: Int64, _ bytes: Int64) -> Bool {
    let (product, overflow) = count.multipliedReportingOverflow(by: size)
    return !overflow && product == bytes
  }

  // MARK: Comments

  private mutating func comment(_ bytes: Span<UInt8>, _ text: Range<Int>) {
    if hasRecord, let frame = FrameComment(bytes, text) {
      stacks.add(frame, bytes, end: text.upperBound)
    } else if TextBytes.has("# pprofconv", bytes, at: text.lowerBound) {
      draft.blockLines.append(TextBytes.copy(bytes, text.lowerBound + 11..<text.upperBound))
    } else if grouped == nil || grouped?.take(bytes, text, hasRecord: hasRecord, &stacks.builder, &comments) == false {
      comments.append(stacks.builder.string(bytes.extracting(text)))
    }
  }

  // MARK: The end

  consuming func finish(_ diagnostics: inout Diagnostics) throws(ProfileError) -> Profile {
    endRecord()
    nameColumns()
    keepComments()
    draft.pcLocations = stacks.locationsOfPCs()
    swap(&draft.columns, &stacks.builder.columns)
    // With a block that fits, nothing is left to be guessed.
    if !CarryBlock.apply(to: &draft, diagnostics: &diagnostics) {
      map.apply(to: &draft.columns)
      keepFacts()
    }
    return try Profile(draft.columns)
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
    if headerLine
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

extension HeapValues {
  /// Wraps: the sum only tells whether the header is the plain one.
  fileprivate mutating func add(_ other: HeapValues) {
    allocObjects &+= other.allocObjects
    allocBytes &+= other.allocBytes
    inuseObjects &+= other.inuseObjects
    inuseBytes &+= other.inuseBytes
  }

}
