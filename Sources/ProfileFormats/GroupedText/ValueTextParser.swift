import ProfileModel

/// Reads what ``ValueGroupedText`` wrote.
struct ValueTextParser: ~Copyable {
  private var stacks = TextStacks(commentPC: .call)
  private var lines = GroupedLines()
  private var comments: [StringIndex] = []
  private var types: [ValueType]?
  /// True addresses of pcs that are invented, in no order; or none of the pcs is true.
  private var addresses: [UInt64: UInt64] = [:]
  private var hasNoAddresses = false
  private var block = BlockLines()
  private let maxLine: Int
  /// The number of the line at hand, from 1.
  private var line = 1

  // The record at hand.
  private var hasRecord = false
  private var shown: Int64 = 0
  private var values: [Int64] = []
  private var hasMeasure = false
  /// The name in the header.
  private var name: [UInt8] = []
  /// The header's line; the next one has the same for people.
  private var headerLine: Int?
  /// How many records that line says there are.
  private var promised = 0

  init(maxLine: Int) { self.maxLine = maxLine }

  mutating func parse(_ bytes: Span<UInt8>, from start: Int) throws(ProfileError) -> Int {
    var at = start
    defer { if !stacks.frames.hasOffsets { block.sum(bytes, start..<at) } }
    while at < bytes.count {
      if bytes[at] == UInt8(ascii: "#"), hasRecord, let next = stacks.addKnownFrame(bytes, at: at) {
        at = next
        line &+= 1
        continue
      }
      guard let end = TextBytes.newline(in: bytes, from: at) else { break }
      if end - at > maxLine { throw TextInput.tooLong(maxLine, at: TextBytes.place(bytes, line: line, at..<end)) }
      if block.begins(bytes, at: at) { block.begin(bytes, start..<at, line: line) }
      let text = TextBytes.trimmed(bytes, at..<end)
      if text.isEmpty {
        endRecord()
      } else if let headerLine {
        // The line behind it has the same for people.
        if bytes[text.lowerBound] != UInt8(ascii: "#") {
          try record(bytes, text)
        } else if line > headerLine + 1 {
          try comment(bytes, text)
        } else {
          promised = ValueText.records(bytes, text) ?? 0
        }
      } else if let found = ValueText.name(bytes, at..<end) {
        name = TextBytes.copy(bytes, found)
        headerLine = line
      } else {
        comments.append(stacks.builder.string(bytes.extracting(text)))
      }
      at = end &+ 1
      line &+= 1
    }
    return at
  }

  // MARK: Records

  /// `120 @ 0x48581a 0x489d07`
  private mutating func record(_ bytes: Span<UInt8>, _ text: Range<Int>) throws(ProfileError) {
    endRecord()
    var at = text.lowerBound
    if bytes[at] == UInt8(ascii: "-") { at += 1 }
    at = TextBytes.digits(bytes, from: at, to: text.upperBound)
    guard let value = TextBytes.decimal(bytes, text.lowerBound..<at), TextBytes.has(" @", bytes, at: at),
      at + 2 <= text.upperBound
    else {
      throw malformed("no record: a record is `120 @ 0x401000 …`", bytes, text, at: text.lowerBound)
    }
    at += 2
    hasRecord = true
    hasMeasure = false
    shown = value
    values.removeAll(keepingCapacity: true)
    lines.beginRecord()
    stacks.beginRecord()
    while at < text.upperBound {
      let end = TextBytes.hexDigits(bytes, from: min(at + 3, text.upperBound), to: text.upperBound)
      guard TextBytes.has(" 0x", bytes, at: at), end > at + 3,
        let pc = TextBytes.hexadecimal(bytes, at + 3..<end)
      else { throw malformed("no address: each is `0x` and up to 16 digits", bytes, text, at: at) }
      stacks.add(pc: pc)
      at = end
    }
    stacks.endPCs()
  }

  private mutating func endRecord() {
    guard hasRecord else { return }
    hasRecord = false
    let stack = stacks.endRecord()
    if values.isEmpty { values.append(shown) }
    stacks.builder.add(stack: stack, values: values, labels: lines.labelSet(&stacks.builder))
  }

  // MARK: Comments

  private mutating func comment(_ bytes: Span<UInt8>, _ text: Range<Int>) throws(ProfileError) {
    if block.take(bytes, text, found: found) { return endRecord() }
    func rest(_ prefix: String) -> Range<Int>? {
      let prefix = Array(prefix.utf8)
      guard text.count >= prefix.count, TextBytes.equal(bytes, text.lowerBound, prefix.span, 0, prefix.count) else {
        return nil
      }
      return text.lowerBound + prefix.count..<text.upperBound
    }
    if hasRecord {
      if let frame = FrameComment(bytes, text) { return stacks.add(frame, bytes, end: text.upperBound) }
      if let range = rest(ValueText.values) { return try takeValues(bytes, text, range) }
      if rest(ValueText.goroutines) != nil { return }
      if !hasMeasure, isMeasure(bytes, text) {
        hasMeasure = true
        return
      }
    } else if stacks.builder.columns.sampleCount == 0 {
      if let range = rest(String(ValueText.types.dropLast())) { return try takeTypes(bytes, text, range) }
      if let range = rest(ValueText.addresses) { return try takeAddresses(bytes, text, range) }
    }
    if try !lines.take(bytes, text, line: line, hasRecord: hasRecord, &stacks.builder, &comments) {
      comments.append(stacks.builder.string(bytes.extracting(text)))
    }
  }

  /// `# 120 samples (39.60%)`: what the values say already.
  private func isMeasure(_ bytes: Span<UInt8>, _ text: Range<Int>) -> Bool {
    guard text.count > 3, bytes[text.lowerBound + 1] == 0x20 else { return false }
    let first = bytes[text.lowerBound + 2]
    return TextBytes.isDigit(first) || (first == UInt8(ascii: "-") && TextBytes.isDigit(bytes[text.lowerBound + 3]))
  }

  private mutating func takeValues(
    _ bytes: Span<UInt8>, _ text: Range<Int>, _ range: Range<Int>
  ) throws(ProfileError) {
    values.removeAll(keepingCapacity: true)
    var cursor = QuotedCursor(bytes, range)
    while !cursor.isAtEnd {
      let at = cursor.at
      guard let value = cursor.integer() else { throw malformed("no number", bytes, text, at: at) }
      values.append(value)
    }
    if values.count != types?.count {
      throw malformed("\(values.count) values for \(types?.count ?? 1) sample types", bytes, text, at: range.lowerBound)
    }
  }

  private mutating func takeTypes(
    _ bytes: Span<UInt8>, _ text: Range<Int>, _ range: Range<Int>
  ) throws(ProfileError) {
    var found: [ValueType] = []
    var cursor = QuotedCursor(bytes, range)
    while true {
      cursor.skipBlanks()
      if cursor.isAtEnd { break }
      let at = cursor.at
      if bytes[at] == UInt8(ascii: "\"") {
        guard let type = cursor.quoted(), cursor.take(UInt8(ascii: "/")), let unit = cursor.quoted() else {
          throw malformed("no sample type: each is `TYPE/UNIT`", bytes, text, at: at)
        }
        found.append(ValueType(type: stacks.builder.string(type.span), unit: stacks.builder.string(unit.span)))
      } else {
        guard let word = cursor.word(), let slash = word.firstIndex(of: UInt8(ascii: "/")) else {
          throw malformed("no sample type: each is `TYPE/UNIT`", bytes, text, at: at)
        }
        let span = word.span
        found.append(
          ValueType(
            type: stacks.builder.string(span.extracting(0..<slash)),
            unit: stacks.builder.string(span.extracting(slash + 1..<word.count))))
      }
    }
    types = found
  }

  private mutating func takeAddresses(
    _ bytes: Span<UInt8>, _ text: Range<Int>, _ range: Range<Int>
  ) throws(ProfileError) {
    if range.count == ValueText.noAddresses.utf8.count, TextBytes.has("none", bytes, at: range.lowerBound) {
      hasNoAddresses = true
      return
    }
    var at = range.lowerBound
    while at < range.upperBound {
      let pcEnd = TextBytes.hexDigits(bytes, from: min(at + 2, range.upperBound), to: range.upperBound)
      let addressEnd = TextBytes.hexDigits(bytes, from: min(pcEnd + 3, range.upperBound), to: range.upperBound)
      guard TextBytes.has("0x", bytes, at: at), TextBytes.has("=0x", bytes, at: pcEnd),
        pcEnd + 3 <= range.upperBound, let pc = TextBytes.hexadecimal(bytes, min(at + 2, pcEnd)..<pcEnd),
        let address = TextBytes.hexadecimal(bytes, min(pcEnd + 3, addressEnd)..<addressEnd)
      else { throw malformed("no pair of addresses: each is `0x11=0x0`", bytes, text, at: at) }
      addresses[pc] = address
      at = TextBytes.run(of: 0x20, bytes, from: addressEnd, to: range.upperBound)
    }
  }

  private func malformed(_ message: String, _ bytes: Span<UInt8>, _ text: Range<Int>, at: Int) -> ProfileError {
    ProfileError(.malformed, message, at: TextBytes.place(bytes, line: line, text, at: at))
  }

  // MARK: The end

  private var found: [Int] { [stacks.builder.columns.sampleCount, comments.count] }

  consuming func finish(_ diagnostics: inout Diagnostics) throws(ProfileError) -> Profile {
    endRecord()
    let records = stacks.builder.columns.sampleCount
    if promised > records {
      diagnostics.addLoss(
        kind: "records-missing",
        "the second line promises \(promised) records, there are \(records): the text was cut or edited",
        at: headerLine.map { .line($0 + 1, column: nil, text: nil) } ?? .none)
    }
    let shown = name
    let shownType = ValueType(type: stacks.builder.string(shown.span), unit: stacks.builder.string("count"))
    stacks.builder.columns.sampleTypes = types ?? [shownType]
    lines.finish(&stacks.builder)
    stacks.builder.columns.comments.append(contentsOf: comments)
    var draft = TextDraft()
    draft.isHeap = false
    draft.pcLocations = stacks.locationsOfPCs()
    block.finish(&draft, found: found)
    for known in draft.pcLocations {
      if hasNoAddresses {
        stacks.builder.columns.locations[known.location.position].address = 0
      } else if let address = addresses[known.pc] {
        stacks.builder.columns.locations[known.location.position].address = address
      }
    }
    swap(&draft.columns, &stacks.builder.columns)
    _ = CarryBlock.apply(to: &draft, diagnostics: &diagnostics)
    return try Profile(draft.columns)
  }
}
