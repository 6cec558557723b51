import ProfileModel

/// Takes JSON apart as its reader asks for it, from a text of which no more than a chunk is held. Nothing nests by
/// recursion here; a depth that no one needs is refused.
struct JSONScanner: ~Copyable {
  private var source: ByteSource
  private var decoder = TextDecoder()
  private var chunk: [UInt8] = []
  private var at = 0
  /// Of the byte that comes next, from 1.
  private var line = 1
  /// How many bytes came before this chunk, and where the line began.
  private var base = 0
  private var lineStart = 0
  private var depth = 0
  /// Whether the object or array that was just opened has had no member yet.
  private var isFirst = false
  /// The bytes of the last string or number.
  private(set) var token: [UInt8] = []
  private let maxToken: Int

  private static let maxDepth = 64

  init(_ source: consuming ByteSource, maxToken: Int) {
    self.source = source
    self.maxToken = maxToken
  }

  // MARK: Structure

  mutating func beginObject() throws(ProfileError) { try begin(UInt8(ascii: "{"), "an object") }
  mutating func beginArray() throws(ProfileError) { try begin(UInt8(ascii: "["), "an array") }

  private mutating func begin(_ bracket: UInt8, _ what: String) throws(ProfileError) {
    if try peek() != bracket { throw unexpected(what) }
    at += 1
    depth += 1
    if depth > Self.maxDepth { throw ProfileError(.limit, "nested deeper than \(Self.maxDepth)", at: place) }
    isFirst = true
  }

  /// Reads the next key of an object into ``token``; false at its end.
  mutating func nextKey() throws(ProfileError) -> Bool {
    if try !nextMember(UInt8(ascii: "}")) { return false }
    try readString("a key in quotes")
    if try peek() != UInt8(ascii: ":") { throw unexpected("`:`") }
    at += 1
    return true
  }

  /// Whether an array has one more element.
  mutating func nextElement() throws(ProfileError) -> Bool { try nextMember(UInt8(ascii: "]")) }

  private mutating func nextMember(_ end: UInt8) throws(ProfileError) -> Bool {
    let byte = try peek()
    if byte == end {
      at += 1
      depth -= 1
      isFirst = false
      return false
    }
    if !isFirst {
      if byte != UInt8(ascii: ",") { throw unexpected("`,` or `\(Unicode.Scalar(end))`") }
      at += 1
    }
    isFirst = false
    return true
  }

  /// What the next value begins with.
  mutating func peek() throws(ProfileError) -> UInt8? {
    while true {
      while at < chunk.count {
        let byte = chunk[at]
        if byte > 0x20 { return byte }
        switch byte {
        case 0x0a:
          line += 1
          lineStart = base + at + 1
        case 0x09, 0x0d, 0x20: break
        default: return byte
        }
        at += 1
      }
      if try !refill() { return nil }
    }
  }

  /// Nothing but white space may follow.
  mutating func end() throws(ProfileError) {
    guard let next = try peek() else { return }
    if next == UInt8(ascii: "{") {
      throw SecondProfile.error(at: place)
    }
    throw unexpected("the end")
  }

  // MARK: Values

  /// A string's bytes, in ``token``.
  mutating func string() throws(ProfileError) { try readString("a string") }

  /// An integer of 64 bits: a number without a fraction, however it is written.
  mutating func integer() throws(ProfileError) -> Int64 {
    let start = try numberStart("a whole number")
    token.removeAll(keepingCapacity: true)
    var isPlain = true
    while let byte = try next() {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): break
      case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"), UInt8(ascii: "+"): isPlain = false
      default:
        return try value(isPlain, start)
      }
      token.append(byte)
      at += 1
      if token.count > 400 { throw ProfileError(.malformed, "a number of more than 400 digits", at: place(start)) }
    }
    return try value(isPlain, start)
  }

  private mutating func numberStart(_ what: String) throws(ProfileError) -> Mark {
    guard let byte = try peek(), TextBytes.isDigit(byte) || byte == UInt8(ascii: "-") else { throw unexpected(what) }
    return mark
  }

  private func value(_ isPlain: Bool, _ start: Mark) throws(ProfileError) -> Int64 {
    if isPlain {
      if let value = TextBytes.decimal(token.span, 0..<token.count) { return value }
    } else if let value = Double(String(decoding: token, as: UTF8.self)), let whole = Int64(exactly: value) {
      return whole
    }
    throw ProfileError(.malformed, "not a whole number of 64 bits", at: place(start))
  }

  mutating func bool() throws(ProfileError) -> Bool {
    switch try peek() {
    case UInt8(ascii: "t"):
      try word("true")
      return true
    case UInt8(ascii: "f"):
      try word("false")
      return false
    default: throw unexpected("true or false")
    }
  }

  private mutating func word(_ text: StaticString) throws(ProfileError) {
    for expected in text.description.utf8 {
      if try next() != expected { throw unexpected("`\(text)`") }
      at += 1
    }
  }

  /// Steps over a value of any kind.
  mutating func skip() throws(ProfileError) {
    let outer = depth
    // What is open, each with how it ends.
    var ends: [UInt8] = []
    repeat {
      if let end = ends.last, depth > outer {
        let goesOn = end == UInt8(ascii: "}") ? try nextKey() : try nextElement()
        if !goesOn {
          ends.removeLast()
          continue
        }
      }
      switch try peek() {
      case UInt8(ascii: "{"):
        try beginObject()
        ends.append(UInt8(ascii: "}"))
      case UInt8(ascii: "["):
        try beginArray()
        ends.append(UInt8(ascii: "]"))
      case UInt8(ascii: "\""): try string()
      case UInt8(ascii: "t"), UInt8(ascii: "f"): _ = try bool()
      case UInt8(ascii: "n"): try word("null")
      default: try number()
      }
    } while !ends.isEmpty
  }

  /// Any number, of which nobody wants the value.
  private mutating func number() throws(ProfileError) {
    _ = try numberStart("a value")
    while let byte = try next(), TextBytes.isDigit(byte) || Array("-+.eE".utf8).contains(byte) { at += 1 }
  }

  // MARK: Strings

  private mutating func readString(_ what: String) throws(ProfileError) {
    if try peek() != UInt8(ascii: "\"") { throw unexpected(what) }
    at += 1
    token.removeAll(keepingCapacity: true)
    while true {
      guard let byte = try next() else { throw ended() }
      switch byte {
      case UInt8(ascii: "\""):
        at += 1
        return
      case UInt8(ascii: "\\"):
        at += 1
        try escape()
      case 0..<0x20: throw ProfileError(.malformed, "a control character in a string", at: place)
      default:
        token.append(byte)
        at += 1
      }
      if token.count > maxToken {
        throw ProfileError(
          .limit, "a string is longer than \(maxToken) bytes", at: place, hint: "`maxLine` raises the limit")
      }
    }
  }

  private mutating func escape() throws(ProfileError) {
    guard let byte = try next() else { throw ended() }
    at += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): token.append(byte)
    case UInt8(ascii: "b"): token.append(8)
    case UInt8(ascii: "f"): token.append(12)
    case UInt8(ascii: "n"): token.append(10)
    case UInt8(ascii: "r"): token.append(13)
    case UInt8(ascii: "t"): token.append(9)
    case UInt8(ascii: "u"): try unicodeEscape()
    default:
      at -= 1
      throw unexpected("one of \" \\ / b f n r t u behind a backslash")
    }
  }

  /// A pair of surrogates is one character; a lone `\udc80` … `\udcff` a byte that is no UTF-8.
  private mutating func unicodeEscape() throws(ProfileError) {
    let first = try fourDigits()
    if 0xdc80...0xdcff ~= first {
      token.append(UInt8(truncatingIfNeeded: first))
      return
    }
    var scalar = first
    if 0xd800...0xdbff ~= first {
      guard try next() == UInt8(ascii: "\\") else { throw half() }
      at += 1
      guard try next() == UInt8(ascii: "u") else { throw half() }
      at += 1
      let second = try fourDigits()
      guard 0xdc00...0xdfff ~= second else { throw half() }
      scalar = 0x10000 + (first & 0x3ff) << 10 + second & 0x3ff
    }
    guard let scalar = Unicode.Scalar(scalar) else { throw half() }
    token.append(contentsOf: String(scalar).utf8)
  }

  private func half() -> ProfileError {
    ProfileError(
      .malformed, "half a surrogate pair", at: place, hint: "only \\udc80 to \\udcff may stand alone, for bytes")
  }

  private mutating func fourDigits() throws(ProfileError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = try next(), TextBytes.hex(byte) < 16 else { throw unexpected("four hexadecimal digits") }
      value = value << 4 | UInt32(TextBytes.hex(byte))
      at += 1
    }
    return value
  }

  // MARK: Bytes

  @inline(__always)
  private mutating func next() throws(ProfileError) -> UInt8? {
    if at < chunk.count { return chunk[at] }
    return try refill() ? chunk[at] : nil
  }

  private mutating func refill() throws(ProfileError) -> Bool {
    base += chunk.count
    chunk = try decoder.next(&source)
    at = 0
    return !chunk.isEmpty
  }

  // MARK: Errors

  /// A place in the text, as numbers alone: each row takes one, and few are ever shown.
  struct Mark {
    fileprivate var line: Int
    fileprivate var lineStart: Int
    fileprivate var offset: Int
  }

  /// Where the next byte stands.
  var mark: Mark { Mark(line: line, lineStart: lineStart, offset: base + at) }

  /// Where the next byte stands, with as much of its line as is at hand.
  var place: ProfileError.Place { place(mark) }

  /// For an error: with as much of the line as is still at hand, and no more than an error shows, for a text may be a
  /// single line.
  func place(_ mark: Mark) -> ProfileError.Place {
    let column = mark.offset - mark.lineStart + 1
    let start = mark.lineStart - base
    // A line that began in an earlier chunk cannot be shown.
    if start < 0 || start >= chunk.count || column > Self.maxShown {
      return .line(mark.line, column: column, text: nil)
    }
    let line = chunk.span.extracting(start..<min(chunk.count, start + Self.maxShown))
    let end = TextBytes.newline(in: line, from: 0) ?? line.count
    return TextBytes.place(line, line: mark.line, 0..<end, at: column - 1)
  }

  private static let maxShown = 1000

  func unexpected(_ wanted: String) -> ProfileError {
    at < chunk.count ? ProfileError(.malformed, "expected \(wanted)", at: place) : ended()
  }

  private func ended() -> ProfileError { ProfileError(.truncated, "the text ends in the middle", at: place) }
}
