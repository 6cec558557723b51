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
  /// Samples, comments and lines of the map before the block.
  var atBlock: (Int, Int, Int)?

  let header: HeapTextHeader
  let headerLine: [UInt8]
  private let maxLine: Int
  /// The number of the line at hand, from 1.
  var line = 2
  private var isInMap = false
  /// Whether the lines before the block are all counted in ``TextDraft/checksum``.
  private var isSummed = false

  // The record at hand.
  private(set) var hasRecord = false
  private(set) var sampled = HeapValues.zero
  /// Records that were read before, and what the one at hand is to be known by. Grouped text repeats none.
  private(set) var known = KnownRecords()
  private var pending: (addresses: KnownRecords.Hash, start: Int, line: Int)?

  /// What a parser has read that reads for another one; nil: it makes samples itself.
  var readRecords: ReadHeapRecords?

  // For the samples; see HeapTextParser+Samples.swift.
  var totals = HeapValues.zero
  var facts: [String] = []
  var labelSets: [(size: Int64, set: LabelSetIndex)] = []
  var labelIndex = HashIndex()
  /// Sizes are the file's choice: nobody shall choose them so that they collide.
  let labelSeed = HashSeed.next()
  let bytesKey: StringIndex

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

  /// A parser that reads records for `other` from now on; see ``HeapTextHelper``.
  init(readingFor other: inout HeapTextParser) {
    let nothing: [UInt8] = []
    self.init(other.header, headerLine: [], firstLine: nothing.span, isGrouped: false, maxLine: other.maxLine)
    readRecords = ReadHeapRecords()
    isSummed = true
    other.stacks.lendReading(to: &stacks)
    swap(&known, &other.known)
  }

  /// Whether the text is Go's own, without a block that could fit, and had nothing but records so far: then another parser
  /// may read on.
  var mayBeShared: Bool { stacks.frames.hasOffsets && grouped == nil && isPlain }

  /// Whether there was nothing but records.
  var isPlain: Bool { !isInMap && comments.isEmpty && draft.blockLines.isEmpty }

  // MARK: Lines

  /// Reads whole lines; gives where the first line begins that is not wholly there.
  mutating func parse(
    _ bytes: Span<UInt8>, from start: Int, diagnostics: inout Diagnostics
  ) throws(ProfileError) -> Int {
    var at = start
    pending = nil
    defer {
      // A frame with an offset is none of ours: then no block can fit, and the sum needs not be told.
      if !isSummed, !stacks.frames.hasOffsets {
        draft.checksum = Gzip.crc32(draft.checksum, bytes.extracting(start..<at))
      }
    }
    while at < bytes.count {
      let first = bytes[at]
      if first == UInt8(ascii: "\n") {
        endRecord(bytes, at)
        at &+= 1
        line &+= 1
        continue
      }
      if first == UInt8(ascii: "#"), hasRecord, let next = stacks.addKnownFrame(bytes, at: at) {
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
      var next = end &+ 1
      var isRead = false
      if TextBytes.isDigit(first), !isInMap { isRead = try plainRecord(bytes, at..<end, &next, &diagnostics) }
      if !isRead { try oddLine(bytes, at..<end, &diagnostics) }
      at = next
      line &+= 1
    }
    return at
  }

  private mutating func oddLine(
    _ bytes: Span<UInt8>, _ range: Range<Int>, _ diagnostics: inout Diagnostics
  ) throws(ProfileError) {
    let text = TextBytes.trimmed(bytes, range)
    if text.isEmpty {
      endRecord()
      return
    }
    if bytes[text.lowerBound] == UInt8(ascii: "#") {
      try comment(bytes, text)
    } else if isInMap {
      try map.add(bytes, range, number: line)
    } else if MemoryMap.isSentinel(bytes, range) {
      isInMap = true
    } else {
      try oddRecord(bytes, text, &diagnostics)
    }
  }

  // MARK: Records

  /// A record as Go prints it, and its comment lines if it was read before; false where it is not. `next` is where the
  /// line after it begins.
  private mutating func plainRecord(
    _ bytes: Span<UInt8>, _ range: Range<Int>, _ next: inout Int, _ diagnostics: inout Diagnostics
  ) throws(ProfileError) -> Bool {
    guard let record = HeapTextRecord(plain: bytes.extracting(range)) else { return false }
    endRecord(bytes, range.lowerBound)
    if grouped != nil {
      try begin(record, bytes, range, &diagnostics)
      return true
    }
    let addresses = known.hash(bytes, range.lowerBound + record.addresses..<range.upperBound)
    if let (stack, length, lines) = known.find(addresses, bytes, at: next) {
      addSample(record.values, stack: stack)
      next += length
      line += lines
      return true
    }
    if try begin(record, bytes, range, &diagnostics) { pending = (addresses, next, line) }
    return true
  }

  private mutating func oddRecord(
    _ bytes: Span<UInt8>, _ text: Range<Int>, _ diagnostics: inout Diagnostics
  ) throws(ProfileError) {
    if TextBytes.has("heap profile: ", bytes, at: text.lowerBound) {
      throw SecondProfile.error(at: TextBytes.place(bytes, line: line, text, at: text.lowerBound))
    }
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
      diagnostics.addLoss(
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

  /// Begins a record; false where anything about it is odd.
  @discardableResult
  private mutating func begin(
    _ record: HeapTextRecord, _ bytes: Span<UInt8>, _ text: Range<Int>, _ diagnostics: inout Diagnostics
  ) throws(ProfileError) -> Bool {
    endRecord()
    stacks.beginRecord()
    hasRecord = true
    sampled = record.values
    grouped?.beginRecord()
    return try addresses(bytes, text.lowerBound + record.addresses, text, &diagnostics)
  }

  /// As ``AddressRun`` has them, but without a list between. False where there was anything else.
  private mutating func addresses(
    _ bytes: Span<UInt8>, _ start: Int, _ text: Range<Int>, _ diagnostics: inout Diagnostics
  ) throws(ProfileError) -> Bool {
    let end = text.upperBound
    var at = start
    while at < end {
      let byte = bytes[at]
      if byte == 0x30, at &+ 2 < end, bytes[at &+ 1] == 0x78, TextBytes.lowerHex(bytes[at &+ 2]) < 16 {
        let first = at
        var pc: UInt64 = 0
        at &+= 2
        while at < end, case let digit = TextBytes.lowerHex(bytes[at]), digit < 16 {
          if pc &>> 60 != 0 {
            throw ProfileError(
              .malformed, "an address takes more than 64 bits", at: TextBytes.place(bytes, line: line, text, at: first))
          }
          pc = pc &<< 4 | UInt64(digit)
          at &+= 1
        }
        stacks.add(pc: pc)
      } else if byte == 0x20 || byte == 0x78 || TextBytes.lowerHex(byte) < 16 {
        at &+= 1
      } else {
        stacks.endPCs()
        tellEnd(bytes, at, text, &diagnostics)
        return false
      }
    }
    stacks.endPCs()
    return true
  }

  /// Says what follows the addresses.
  private mutating func tellEnd(
    _ bytes: Span<UInt8>, _ at: Int, _ text: Range<Int>, _ diagnostics: inout Diagnostics
  ) {
    if MemoryMap.isSentinel(bytes, at..<text.upperBound) {
      // Wherever it stands: this was no record.
      hasRecord = false
      isInMap = true
    } else if !TextBytes.trimmed(bytes, at..<text.upperBound).isEmpty {
      let place = TextBytes.place(bytes, line: line, text, at: at)
      if AddressRun.cuts(bytes[at]) {
        diagnostics.addLoss(kind: "upper-case-address", AddressRun.upperCase, at: place)
      } else {
        diagnostics.addLoss(kind: "text-after-record", "text after the addresses is ignored", at: place)
      }
    }
  }

  /// The record at hand ends where `at` stands, the beginning of a line: it is known from now on.
  private mutating func endRecord(_ bytes: Span<UInt8>, _ at: Int) {
    guard hasRecord else { return }
    let pending = pending
    let stack = endRecord()
    if let pending, let stack {
      known.add(
        pending.addresses, bytes, pending.start..<at, lines: line - 1 - pending.line, stack: stack)
    }
  }

  /// Turns the record at hand, if there is one, into a sample.
  @discardableResult
  mutating func endRecord() -> StackIndex? {
    pending = nil
    guard hasRecord else { return nil }
    hasRecord = false
    let stack =
      readRecords?.newStack(stacks.currentPCs, stacks.currentFrames) ?? stacks.endRecord()
    addSample(sampled, stack: stack)
    return stack
  }

  // MARK: Comments

  private mutating func comment(_ bytes: Span<UInt8>, _ text: Range<Int>) throws(ProfileError) {
    if hasRecord, let frame = FrameComment(bytes, text) {
      stacks.add(frame, bytes, end: text.upperBound)
      return
    }
    // Only addresses and frames are known by their bytes.
    pending = nil
    if TextBytes.has("# pprofconv", bytes, at: text.lowerBound) {
      endRecord()
      if atBlock == nil { atBlock = (stacks.builder.columns.sampleCount, comments.count, map.lineCount) }
      draft.blockLines.append(TextBytes.copy(bytes, text.lowerBound + 11..<text.upperBound))
      return
    }
    if try grouped?.take(bytes, text, line: line, hasRecord: hasRecord, &stacks.builder, &comments) != true {
      comments.append(stacks.builder.string(bytes.extracting(text)))
    }
  }
}
