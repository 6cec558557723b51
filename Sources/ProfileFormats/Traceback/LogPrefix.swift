/// What stands before each line of a traceback in a log: `2026-11-21T06:00:24.5Z app[123]: `. Of one shape on every line:
/// numbers may change, and so may the width of a column; all else stays.
struct LogPrefix {
  /// Bytes as they are, with one 0 byte for a number and one blank for a row of blanks, but for the blanks at the end.
  private var shape: [UInt8] = []
  /// Blanks at the end; what is indented more than that belongs to the line.
  private var blanks = 0
  /// `web-1 ` of `web-1  | ` (docker compose), `[pod/web-1/app]` (kubectl --prefix): who prints the line. Its numbers stay.
  private var name: [UInt8] = []

  private static let longest = 512
  private static let number: UInt8 = 0

  init() {}

  /// nil where it is too long to be one.
  init?(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    guard range.count <= Self.longest else { return nil }
    var end = range.upperBound
    while end > range.lowerBound, bytes[end - 1] == 0x20 { end -= 1 }
    blanks = range.upperBound - end
    var at = range.lowerBound
    while at < end {
      if TextBytes.isDigit(bytes[at]) {
        shape.append(Self.number)
        at = Self.skipNumber(bytes, at, end)
      } else if bytes[at] == 0x20 {
        shape.append(0x20)
        at = TextBytes.run(of: 0x20, bytes, from: at, to: end)
      } else if let process = Self.process(bytes, at, range.lowerBound..<end) {
        shape.append(contentsOf: TextBytes.copy(bytes, process))
        at = process.upperBound
      } else {
        if bytes[at] == Self.number { return nil }
        shape.append(bytes[at])
        at += 1
      }
    }
    name = Self.name(bytes, range)
  }

  /// The `[123]` of syslog's `app[123]:` and the `[web.1]` of Heroku's `app[web.1]:`, which tell processes of one name apart.
  private static func process(_ bytes: Span<UInt8>, _ at: Int, _ range: Range<Int>) -> Range<Int>? {
    guard bytes[at] == UInt8(ascii: "["), at > range.lowerBound, isWord(bytes[at - 1]) else { return nil }
    var end = at + 1
    while end < range.upperBound, isWord(bytes[end]) || bytes[end] == UInt8(ascii: ".") { end += 1 }
    guard end < range.upperBound, end > at + 1, bytes[end] == UInt8(ascii: "]") else { return nil }
    return at..<end + 1
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    TextBytes.isDigit(byte) || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
      || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
  }

  /// With the byte behind it, so that it is no beginning of another one.
  private static func name(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [UInt8] {
    let isPod = TextBytes.has("[pod/", bytes, at: range.lowerBound)
    if range.isEmpty || TextBytes.isDigit(bytes[range.lowerBound]) { return [] }
    var at = range.lowerBound
    while at < range.upperBound, bytes[at] != 0x20, bytes[at] != UInt8(ascii: isPod ? "]" : "|") { at += 1 }
    let bar = TextBytes.run(of: 0x20, bytes, from: at, to: range.upperBound)
    guard bar < range.upperBound, isPod ? bar == at : bytes[bar] == UInt8(ascii: "|") else { return [] }
    return TextBytes.copy(bytes, range.lowerBound..<at + 1)
  }

  /// Whether a line of this shape is of the program that printed the others.
  func isOwn(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    name.isEmpty
      || (range.count >= name.count && TextBytes.equal(bytes, range.lowerBound, name.span, 0, name.count))
  }

  var isEmpty: Bool { shape.isEmpty && blanks == 0 }

  /// Whether it is nothing but what a line may be indented by.
  var isBlank: Bool { shape.allSatisfy { $0 == 0x20 || $0 == 0x09 } }

  /// Where the text behind the prefix begins; nil where a line has another one. A line may end inside of the blanks.
  func end(in bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
    var at = range.lowerBound
    let end = range.upperBound
    for byte in shape {
      guard at < end else { return nil }
      switch byte {
      case Self.number:
        guard TextBytes.isDigit(bytes[at]) else { return nil }
        at = Self.skipNumber(bytes, at, end)
      case 0x20:
        guard bytes[at] == 0x20 else { return nil }
        at = TextBytes.run(of: 0x20, bytes, from: at, to: end)
      default:
        guard bytes[at] == byte else { return nil }
        at += 1
      }
    }
    for _ in 0..<blanks {
      if at == end { return end }
      guard bytes[at] == 0x20 else { return nil }
      at += 1
    }
    return at
  }

  /// Digits, with single points between them: fractions of a second come with and without.
  private static func skipNumber(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
    var at = start
    while at < end {
      if bytes[at] == UInt8(ascii: "."), at + 1 < end, TextBytes.isDigit(bytes[at + 1]) { at += 1 }
      guard TextBytes.isDigit(bytes[at]) else { break }
      at += 1
    }
    return at
  }
}

/// A line of Docker's log files, `{"log":"main.main()\n","stream":"stderr","time":"…"}`.
enum DockerLine {
  private static let start: StaticString = #"{"log":""#

  /// What the program printed; nil where it is no such line. A cut line gives what is there.
  static func text(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [UInt8]? {
    guard bytes[range.lowerBound] == UInt8(ascii: "{"), TextBytes.has(start, bytes, at: range.lowerBound) else {
      return nil
    }
    var text: [UInt8] = []
    var at = range.lowerBound + start.utf8CodeUnitCount
    while at < range.upperBound, bytes[at] != UInt8(ascii: "\"") {
      guard bytes[at] == UInt8(ascii: "\\"), at + 1 < range.upperBound else {
        text.append(bytes[at])
        at += 1
        continue
      }
      switch bytes[at + 1] {
      case UInt8(ascii: "n"): text.append(0x0a)
      case UInt8(ascii: "t"): text.append(0x09)
      case UInt8(ascii: "r"): text.append(0x0d)
      case UInt8(ascii: "u"):
        at += appendUnit(bytes, at, range.upperBound, to: &text)
        continue
      default: text.append(bytes[at + 1])
      }
      at += 2
    }
    return text
  }

  /// `\u00f6`, perhaps the first half of a pair; gives how long it is.
  private static func appendUnit(_ bytes: Span<UInt8>, _ at: Int, _ end: Int, to text: inout [UInt8]) -> Int {
    guard at + 6 <= end, let high = TextBytes.hexadecimal(bytes, at + 2..<at + 6) else { return 2 }
    var scalar = UInt32(truncatingIfNeeded: high)
    var length = 6
    if scalar & 0xfc00 == 0xd800, at + 12 <= end, bytes[at + 6] == UInt8(ascii: "\\"),
      let low = TextBytes.hexadecimal(bytes, at + 8..<at + 12), low & 0xfc00 == 0xdc00
    {
      scalar = 0x10000 + ((scalar & 0x3ff) << 10 | UInt32(truncatingIfNeeded: low) & 0x3ff)
      length = 12
    }
    text.append(contentsOf: String(Unicode.Scalar(scalar) ?? "\u{fffd}").utf8)
    return length
  }
}
