internal import ProfileModel

/// Reads Go's text of goroutine, threadcreate, block, mutex and user profiles. What pprof reads of it is read alike; beside
/// that, names and labels in the comments, stacks without addresses, and more.
struct GoTextParser: ~Copyable {
  var stacks = TextStacks(commentPC: .call, hides: .root)
  var comments: [StringIndex] = []
  var map = MemoryMap()
  var block = BlockLines()
  private(set) var header: GoTextHeader?
  /// The header's line, where it begins as a comment does; empty elsewhere.
  private(set) var commentedHeader: [UInt8] = []
  var contention = ContentionHeader(kind: .contention)
  var milliseconds: Int64?
  /// One number a record of a count, or two of a contention: cycles and count.
  private(set) var numbers: [Int64] = []
  /// The number of the line at hand, from 1.
  private var line = 1
  let options: ReadOptions

  private enum Part { case header, attributes, records, behindRecords, map }
  private var part = Part.header

  // The record at hand.
  private var hasRecord = false
  private var labels: [Label] = []
  private var addresses: [UInt64] = []

  init(options: ReadOptions) { self.options = options }

  // MARK: Lines

  /// Reads whole lines; gives where the first line begins that is not wholly there.
  mutating func parse(
    _ bytes: Span<UInt8>, from start: Int, diagnostics: inout Diagnostics
  ) throws(ProfileError) -> Int {
    var at = start
    defer { if !stacks.frames.hasOffsets { block.sum(bytes, start..<at) } }
    while at < bytes.count {
      if bytes[at] == UInt8(ascii: "#"), hasRecord, let next = stacks.addKnownFrame(bytes, at: at) {
        at = next
        line &+= 1
        continue
      }
      guard let end = TextBytes.newline(in: bytes, from: at) else { break }
      if end - at > options.maxLine {
        throw TextInput.tooLong(options.maxLine, at: TextBytes.place(bytes, line: line, at..<end))
      }
      if block.begins(bytes, at: at) { block.begin(bytes, start..<at, line: line) }
      try take(bytes, at..<end, &diagnostics)
      at = end &+ 1
      line &+= 1
    }
    return at
  }

  private mutating func take(
    _ bytes: Span<UInt8>, _ whole: Range<Int>, _ diagnostics: inout Diagnostics
  ) throws(ProfileError) {
    let text = TextBytes.trimmed(bytes, whole)
    if text.isEmpty {
      endRecord()
    } else if bytes[text.lowerBound] == UInt8(ascii: "#"), !isFirstHeader(bytes, text) {
      comment(bytes, text)
    } else {
      takeBackHeader(bytes, text)
      if part != .header, SecondProfile.begins(bytes, text) {
        throw SecondProfile.error(at: TextBytes.place(bytes, line: line, text, at: text.lowerBound))
      }
      switch part {
      case .header: try takeHeader(bytes, text, &diagnostics)
      case .map: try takeMapping(bytes, whole)
      case .behindRecords:
        if !enterMap(bytes, text) {
          diagnostics.addLoss(
            kind: "text-behind-records", "a line that begins --- ends the records, and this one behind it is ignored",
            at: TextBytes.place(bytes, line: line, text, at: text.lowerBound))
        }
      case .attributes where try attribute(bytes, text, &diagnostics): break
      case .attributes, .records:
        if TextBytes.has("---", bytes, at: text.lowerBound) || MemoryMap.isSentinel(bytes, text) {
          endRecord()
          part = .behindRecords
          _ = enterMap(bytes, text)
        } else {
          part = .records
          try record(bytes, text, &diagnostics)
        }
      }
    }
  }

  /// Whether the first line is the header of a profile whose name begins as a comment does.
  private func isFirstHeader(_ bytes: Span<UInt8>, _ text: Range<Int>) -> Bool {
    line == 1 && part == .header && GoTextHeader(bytes, text, isFirst: true) != nil
  }

  /// What looked like the header of `#x` was a comment, as of a header that somebody took out, where another one follows.
  private mutating func takeBackHeader(_ bytes: Span<UInt8>, _ text: Range<Int>) {
    if commentedHeader.isEmpty || hasRecord || !numbers.isEmpty || GoTextHeader(bytes, text) == nil { return }
    var line: [UInt8] = []
    swap(&line, &commentedHeader)
    comments.insert(stacks.builder.string(line.span), at: 0)
    header = nil
    part = .header
  }

  private mutating func takeHeader(
    _ bytes: Span<UInt8>, _ text: Range<Int>, _ diagnostics: inout Diagnostics
  ) throws(ProfileError) {
    header = GoTextHeader(bytes, text, isFirst: line == 1)
    switch header {
    case .count(let name, _):
      part = .records
      if name.contains(UInt8(ascii: " ")) {
        refused("a name with a blank", bytes, text, at: text.lowerBound, &diagnostics)
      }
      if name.first == UInt8(ascii: "#") { commentedHeader = TextBytes.copy(bytes, text) }
    case .contention(let kind):
      contention.kind = kind
      part = .attributes
      if line > 1 { refused("a line before the header", bytes, text, at: text.lowerBound, &diagnostics) }
    case nil:
      throw malformed(
        "no header of Go's text: it is `goroutine profile: total 1`, `--- contention:` or `--- mutex:`", bytes, text,
        at: text.lowerBound)
    }
  }

  private mutating func enterMap(_ bytes: Span<UInt8>, _ text: Range<Int>) -> Bool {
    guard MemoryMap.isSentinel(bytes, text) else { return false }
    part = .map
    return true
  }

  private mutating func takeMapping(_ bytes: Span<UInt8>, _ line: Range<Int>) throws(ProfileError) {
    try map.add(bytes, line, number: self.line)
  }

  // MARK: Attributes

  /// A line `cycles/second=2699999794` before the records; false where it is none.
  private mutating func attribute(
    _ bytes: Span<UInt8>, _ text: Range<Int>, _ diagnostics: inout Diagnostics
  ) throws(ProfileError) -> Bool {
    if TextBytes.has("---", bytes, at: text.lowerBound) { return false }
    var equals = text.lowerBound
    while equals < text.upperBound, bytes[equals] != UInt8(ascii: "=") { equals += 1 }
    if equals == text.upperBound { return false }
    let name = TextBytes.trimmed(bytes, text.lowerBound..<equals)
    let number = TextBytes.trimmed(bytes, equals + 1..<text.upperBound)
    let value = GoInteger.parse(bytes, number)
    switch String(decoding: TextBytes.copy(bytes, name.prefix(40)), as: UTF8.self) {
    case ContentionHeader.cycles: contention.cyclesPerSecond = value
    case ContentionHeader.sampling: contention.period = value
    case ContentionHeader.reset: milliseconds = value
    case ContentionHeader.discards:
      contention.discarded = value
      // Whatever stands there, pprof does not look.
      return true
    case "format", "resolution":
      throw ProfileError(
        .unsupported, "this is a Java profile, whose records have another order",
        at: TextBytes.place(bytes, line: line, text, at: name.lowerBound))
    default:
      refused("an attribute of another name", bytes, text, at: name.lowerBound, &diagnostics)
      return true
    }
    if value == nil { throw malformed("no number of 64 bits", bytes, text, at: number.lowerBound) }
    return true
  }

  // MARK: Records

  private mutating func record(
    _ bytes: Span<UInt8>, _ text: Range<Int>, _ diagnostics: inout Diagnostics
  ) throws(ProfileError) {
    endRecord()
    if case .contention = header { return try contentionRecord(bytes, text, &diagnostics) }
    var at = text.lowerBound
    if bytes[at] == UInt8(ascii: "-") { at += 1 }
    let digits = at
    at = TextBytes.digits(bytes, from: at, to: text.upperBound)
    guard at > digits, TextBytes.has(" @", bytes, at: at), at + 2 <= text.upperBound else {
      if GoTextHeader(bytes, text) != nil {
        throw SecondProfile.error(at: TextBytes.place(bytes, line: line, text, at: text.lowerBound))
      }
      throw malformed("no record: a record is `1 @ 0x401000 …`", bytes, text, at: text.lowerBound)
    }
    guard let value = GoInteger.parse(bytes, text.lowerBound..<at) else {
      throw malformed(
        "no count of 64 bits (a leading 0 makes it octal, as in pprof)", bytes, text, at: text.lowerBound)
    }
    if value < 0 { refused("a negative count", bytes, text, at: text.lowerBound, &diagnostics) }
    begin()
    numbers.append(value)
    try countAddresses(bytes, at + 2..<text.upperBound, text, &diagnostics)
  }

  /// Each is ` 0x` and lower-case digits. Go 1.19 prints a thread whose stack is unknown without any; pprof reads no such text.
  private mutating func countAddresses(
    _ bytes: Span<UInt8>, _ range: Range<Int>, _ text: Range<Int>, _ diagnostics: inout Diagnostics
  ) throws(ProfileError) {
    var at = range.lowerBound
    var oddity: (String, Int)? = range.isEmpty ? ("a stack without addresses", text.lowerBound) : nil
    while at < range.upperBound {
      let word = TextBytes.run(of: 0x20, bytes, from: at, to: range.upperBound)
      let end = TextBytes.hexDigits(bytes, from: min(word + 2, range.upperBound), to: range.upperBound)
      guard word > at, word + 2 < end, bytes[word] == 0x30, bytes[word + 1] | 0x20 == UInt8(ascii: "x"),
        let pc = TextBytes.hexadecimal(bytes, word + 2..<end)
      else { throw malformed("no address: each is ` 0x` and up to 16 digits", bytes, text, at: word) }
      if word > at + 1 { oddity = ("more than one blank between addresses", word) }
      for i in word + 1..<end where bytes[i] &- 0x41 < 26 { oddity = ("an address in upper case", i) }
      stacks.add(pc: pc)
      at = end
    }
    stacks.endPCs()
    if let (what, at) = oddity { refused(what, bytes, text, at: at, &diagnostics) }
  }

  /// `CYCLES COUNT @ 0x…`, anywhere in the line, as pprof finds it. Not as in pprof a sign counts.
  private mutating func contentionRecord(
    _ bytes: Span<UInt8>, _ text: Range<Int>, _ diagnostics: inout Diagnostics
  ) throws(ProfileError) {
    guard let found = ContentionRecord(bytes, text) else {
      if GoTextHeader(bytes, text) != nil {
        throw SecondProfile.error(at: TextBytes.place(bytes, line: line, text, at: text.lowerBound))
      }
      throw malformed("no record: a record is `27000 1 @ 0x401000 …`", bytes, text, at: text.lowerBound)
    }
    guard let cycles = TextBytes.decimal(bytes, found.cycles), let count = TextBytes.decimal(bytes, found.count) else {
      throw malformed("a number takes more than 64 bits", bytes, text, at: found.cycles.lowerBound)
    }
    if found.hasJunkBefore {
      diagnostics.addLoss(
        kind: "text-before-record", "text before a record is ignored",
        at: TextBytes.place(bytes, line: line, text, at: text.lowerBound))
    }
    if cycles < 0 || count < 0 {
      diagnostics.add(
        kind: "negative-record", "a record is negative: pprof reads it without the sign",
        at: TextBytes.place(bytes, line: line, text, at: found.cycles.lowerBound))
    }
    begin()
    numbers.append(cycles)
    numbers.append(count)
    addresses.removeAll(keepingCapacity: true)
    let run: AddressRun
    do { run = try AddressRun(bytes, found.addresses..<text.upperBound, into: &addresses) } catch {
      throw malformed("an address takes more than 64 bits", bytes, text, at: error.at)
    }
    for pc in addresses { stacks.add(pc: pc) }
    stacks.endPCs()
    let number = line
    run.tell(bytes, text, &diagnostics) { TextBytes.place(bytes, line: number, text, at: $0) }
  }

  private mutating func begin() {
    hasRecord = true
    labels.removeAll(keepingCapacity: true)
    stacks.beginRecord()
  }

  /// Turns the record at hand, if there is one, into a sample. Its values come last, when all records are known.
  mutating func endRecord() {
    guard hasRecord else { return }
    hasRecord = false
    let stack = stacks.endRecord()
    stacks.builder.columns.sampleStacks.append(stack)
    stacks.builder.columns.sampleLabels.append(stacks.builder.labelSet(labels))
  }

  // MARK: Comments

  private mutating func comment(_ bytes: Span<UInt8>, _ text: Range<Int>) {
    if hasRecord {
      if let frame = FrameComment(bytes, text) { return stacks.add(frame, bytes, end: text.upperBound) }
      let start = text.lowerBound + GroupedText.labels.utf8.count
      if TextBytes.has("# labels: {", bytes, at: text.lowerBound), start <= text.upperBound,
        let found = LabelText.parse(bytes, start..<text.upperBound, &stacks.builder)
      {
        labels = found
        return
      }
    }
    if block.take(bytes, text, found: found) { return endRecord() }
    comments.append(stacks.builder.string(bytes.extracting(text)))
  }

  /// What a block must come behind.
  var found: [Int] { [stacks.builder.columns.sampleCount, comments.count, map.lineCount] }

  // MARK: What is odd

  private func malformed(_ message: String, _ bytes: Span<UInt8>, _ text: Range<Int>, at: Int) -> ProfileError {
    ProfileError(.malformed, message, at: TextBytes.place(bytes, line: line, text, at: at))
  }

  private func refused(
    _ what: String, _ bytes: Span<UInt8>, _ text: Range<Int>, at: Int, _ diagnostics: inout Diagnostics
  ) {
    diagnostics.add(
      kind: "pprof-refuses", "\(what): pprof does not read such a text",
      at: TextBytes.place(bytes, line: line, text, at: at))
  }
}
