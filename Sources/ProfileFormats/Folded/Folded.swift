import ProfileModel

/// Folded stacks: a line a sample, frames from the root to the leaf, then the values.
///
///     alloc_space/bytes inuse_space/bytes         all sample types, where none was chosen
///     # labels: {"k":"v", "n":64}                 of the next line, if it has any
///     main;f;g 4096 0
///     main;0x401234 64 64                         a frame without a name
///
/// With a sample type chosen the header and the labels are left out: the plain form, `main;f;g 4096`, for flamegraph.pl,
/// inferno and all who read folded stacks. They take the header and the labels for lines that they cannot read.
///
/// The format has no escapes. What would break a line stands as `\xNN`: a `;` in a name as `\x3b`, a newline as `\x0a`; so
/// do a blank that would make a name end in a number, a `#` that would make a line a comment, and a backslash before what
/// would be read as such an escape. Plain readers show the escape.
enum Folded {
  /// Bytes that are read from an escape; no other `\xNN` is one, since PHP's names are full of backslashes.
  static func isEscapable(_ byte: UInt8) -> Bool {
    if byte < 0x20 || byte == 0x7f || byteOrderMarks.contains(byte) { return true }
    return Array(" #/0:;[\\".utf8).contains(byte)
  }

  private static let byteOrderMarks: [UInt8] = [0xef, 0xbb, 0xbf, 0xfe, 0xff]

  /// How many bytes at the start of a text would be taken for a byte order mark.
  static func markLength(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int {
    guard let first = range.first else { return 0 }
    if bytes[first] >= 0xfe { return 1 }
    let isMark = range.count >= 3 && bytes[first] == 0xef && bytes[first + 1] == 0xbb && bytes[first + 2] == 0xbf
    return isMark ? 3 : 0
  }

  /// What FlameGraph's annotations at the end of a frame say, as mappings of that file name: a frame of the kernel, of
  /// code that was compiled at run time, of a thread that woke another. `_[i]`, inlined, becomes a line of its caller's
  /// location.
  static let annotations: [(suffix: [UInt8], file: String)] = [
    (Array("_[k]".utf8), "[kernel]"), (Array("_[j]".utf8), "[jit]"), (Array("_[w]".utf8), "[waker]"),
  ]
  static let inlined = Array("_[i]".utf8)

  /// The byte that an escape at `at` stands for; nil where there is none.
  static func escape(_ bytes: Span<UInt8>, _ at: Int, _ end: Int) -> UInt8? {
    guard at + 4 <= end, bytes[at] == UInt8(ascii: "\\"), bytes[at + 1] == UInt8(ascii: "x") else { return nil }
    let high = TextBytes.lowerHex(bytes[at + 2])
    let low = TextBytes.lowerHex(bytes[at + 3])
    guard high < 16, low < 16 else { return nil }
    let byte = high << 4 | low
    return isEscapable(byte) ? byte : nil
  }

  static func unescaped(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(range.count)
    var at = range.lowerBound
    while at < range.upperBound {
      if let byte = escape(bytes, at, range.upperBound) {
        text.append(byte)
        at += 4
      } else {
        text.append(bytes[at])
        at += 1
      }
    }
    return text
  }

  static func appendEscape(_ byte: UInt8, to buffer: inout [UInt8]) {
    buffer.append(byte < 0x10 ? "\\x0" : "\\x")
    buffer.appendHex(UInt64(byte))
  }

  /// Whether a frame is an address: `0x` and up to 16 digits in lower case.
  static func isAddress(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard (3...18).contains(range.count), TextBytes.has("0x", bytes, at: range.lowerBound) else { return false }
    for at in range.lowerBound + 2..<range.upperBound where TextBytes.lowerHex(bytes[at]) >= 16 { return false }
    return true
  }

  /// Where the colon of `name:123` stands; nil where a name does not end so.
  static func lineNumber(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
    var at = range.upperBound
    while at > range.lowerBound, TextBytes.isDigit(bytes[at - 1]) { at -= 1 }
    guard at < range.upperBound, at - 1 > range.lowerBound, bytes[at - 1] == UInt8(ascii: ":"),
      TextBytes.decimal(bytes, at..<range.upperBound) != nil
    else { return nil }
    return at - 1
  }

  /// Where the last word of a range begins and the blanks before it; nil where there is no blank.
  static func lastWord(_ bytes: Span<UInt8>, _ range: Range<Int>) -> (word: Range<Int>, rest: Range<Int>)? {
    var start = range.upperBound
    while start > range.lowerBound, !isBlank(bytes[start - 1]) { start -= 1 }
    if start == range.lowerBound { return nil }
    var end = start
    while end > range.lowerBound, isBlank(bytes[end - 1]) { end -= 1 }
    return (start..<range.upperBound, range.lowerBound..<end)
  }

  /// A line without the blanks at its end, which inferno passes over.
  static func trimmedEnd(_ bytes: Span<UInt8>, _ line: Range<Int>) -> Range<Int> {
    var end = line.upperBound
    while end > line.lowerBound, isBlank(bytes[end - 1]) { end -= 1 }
    return line.lowerBound..<end
  }

  static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  /// Whether ``value(_:_:)`` knows the byte.
  static func mayBeInValue(_ byte: UInt8) -> Bool {
    TextBytes.isDigit(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
  }

  /// A value: decimal, perhaps with a minus and a fraction, which is rounded. nil where it is none or has more than 64
  /// bits.
  static func value(_ bytes: Span<UInt8>, _ range: Range<Int>) -> (value: Int64, isRounded: Bool)? {
    if let value = TextBytes.decimal(bytes, range) { return (value, false) }
    var at = range.lowerBound
    if at < range.upperBound, bytes[at] == UInt8(ascii: "-") { at += 1 }
    let point = TextBytes.digits(bytes, from: at, to: range.upperBound)
    guard point > at, point < range.upperBound, bytes[point] == UInt8(ascii: "."),
      TextBytes.digits(bytes, from: point + 1, to: range.upperBound) == range.upperBound,
      let whole = TextBytes.decimal(bytes, range.lowerBound..<point)
    else { return nil }
    var isExact = true
    for at in point + 1..<max(point + 1, range.upperBound) where bytes[at] != UInt8(ascii: "0") { isExact = false }
    let isUp = point + 1 < range.upperBound && bytes[point + 1] >= UInt8(ascii: "5")
    let step: Int64 = isUp ? (bytes[range.lowerBound] == UInt8(ascii: "-") ? -1 : 1) : 0
    let (rounded, isBeyond) = whole.addingReportingOverflow(step)
    return isBeyond ? nil : (rounded, !isExact)
  }
}
