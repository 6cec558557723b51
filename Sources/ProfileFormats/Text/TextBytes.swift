internal import ProfileModel
internal import ProtobufWire

/// Searching, comparing and reading numbers in the bytes of a text.
enum TextBytes {
  // Words are taken from the front of a span that grows shorter: of that the optimizer makes one comparison a word. With
  // an index that grows it keeps one for each byte (Swift 6.3.1).

  /// Where the next LF stands at or behind `start`; nil: nowhere. Eight bytes a step.
  static func newline(in bytes: Span<UInt8>, from start: Int) -> Int? {
    guard start < bytes.count else { return nil }
    var rest = bytes.extracting(droppingFirst: start)
    while rest.count >= 8 {
      let x = loadWord(rest, at: 0) ^ 0x0a0a_0a0a_0a0a_0a0a
      let zero = (x &- 0x0101_0101_0101_0101) & ~x & 0x8080_8080_8080_8080
      if zero != 0 { return bytes.count &- rest.count &+ zero.trailingZeroBitCount &>> 3 }
      rest = rest.extracting(droppingFirst: 8)
    }
    for i in rest.indices where rest[i] == UInt8(ascii: "\n") { return bytes.count &- rest.count &+ i }
    return nil
  }

  /// Whether `count` bytes of `a` from `i` are those of `b` from `j`. False where one of them ends before.
  @inline(__always)
  static func equal(_ a: Span<UInt8>, _ i: Int, _ b: Span<UInt8>, _ j: Int, _ count: Int) -> Bool {
    guard i &+ count <= a.count, j &+ count <= b.count else { return false }
    let x = a.extracting(i..<i &+ count)
    let y = b.extracting(j..<j &+ count)
    var restX = x
    var restY = y
    while restX.count >= 8, restY.count >= 8 {
      if loadWord(restX, at: 0) != loadWord(restY, at: 0) { return false }
      restX = restX.extracting(droppingFirst: 8)
      restY = restY.extracting(droppingFirst: 8)
    }
    if restX.isEmpty { return true }
    if count >= 8 {
      // The last word overlaps what was compared.
      return loadWord(x.extracting(last: 8), at: 0) == loadWord(y.extracting(last: 8), at: 0)
    }
    for k in restX.indices where k >= restY.count || restX[k] != restY[k] { return false }
    return true
  }

  static func has(_ prefix: StaticString, _ bytes: Span<UInt8>, at: Int) -> Bool {
    let text = prefix.description.utf8
    guard at &+ text.count <= bytes.count else { return false }
    var i = at
    for byte in text {
      if bytes[i] != byte { return false }
      i &+= 1
    }
    return true
  }

  /// Where `text` first stands in `range`.
  static func find(_ text: StaticString, in bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
    let length = text.utf8CodeUnitCount
    guard let first = text.description.utf8.first, range.count >= length else { return nil }
    for at in range.lowerBound...(range.upperBound - length) where bytes[at] == first && has(text, bytes, at: at) {
      return at
    }
    return nil
  }

  @inline(__always)
  static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

  /// The value of a hexadecimal digit in lower case; 16 and more: none.
  @inline(__always)
  static func lowerHex(_ byte: UInt8) -> UInt8 {
    let digit = byte &- 0x30
    if digit < 10 { return digit }
    let letter = byte &- 0x61
    return letter < 6 ? letter &+ 10 : 255
  }

  /// …in either case.
  @inline(__always)
  static func hex(_ byte: UInt8) -> UInt8 { lowerHex(byte >= 0x41 && byte <= 0x46 ? byte | 0x20 : byte) }

  /// What Go's regular expressions call `\s`.
  @inline(__always)
  static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (byte >= 0x09 && byte <= 0x0d && byte != 0x0b) }

  /// `range` without the white space at both ends, vertical tab and the no-break space of web pages included.
  static func trimmed(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
    var low = range.lowerBound
    var high = range.upperBound
    while low < high {
      if isBlank(bytes[low]) || bytes[low] == 0x0b {
        low += 1
      } else if low + 1 < high, bytes[low] == 0xc2, bytes[low + 1] == 0xa0 || bytes[low + 1] == 0x85 {
        low += 2
      } else {
        break
      }
    }
    while low < high {
      if isBlank(bytes[high - 1]) || bytes[high - 1] == 0x0b {
        high -= 1
      } else if low + 1 < high, bytes[high - 2] == 0xc2, bytes[high - 1] == 0xa0 || bytes[high - 1] == 0x85 {
        high -= 2
      } else {
        break
      }
    }
    return low..<high
  }

  /// A decimal integer with an optional minus that fills `range`; nil where it is none or does not fit.
  static func decimal(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int64? {
    var at = range.lowerBound
    let isNegative = at < range.upperBound && bytes[at] == UInt8(ascii: "-")
    if isNegative { at += 1 }
    if at == range.upperBound { return nil }
    var value: Int64 = 0
    while at < range.upperBound {
      guard isDigit(bytes[at]) else { return nil }
      let (tenfold, tooLarge) = value.multipliedReportingOverflow(by: 10)
      let (next, tooLow) = tenfold.subtractingReportingOverflow(Int64(bytes[at] &- 0x30))
      if tooLarge || tooLow { return nil }
      value = next
      at += 1
    }
    if isNegative { return value }
    return value == .min ? nil : -value
  }

  /// A hexadecimal number that fills `range`, in either case; nil where it is none or takes more than 64 bits.
  static func hexadecimal(_ bytes: Span<UInt8>, _ range: Range<Int>) -> UInt64? {
    if range.isEmpty { return nil }
    var value: UInt64 = 0
    for at in range {
      let digit = hex(bytes[at])
      guard digit < 16, value >> 60 == 0 else { return nil }
      value = value << 4 | UInt64(digit)
    }
    return value
  }

  /// The end of the run of decimal digits at `at`.
  static func digits(_ bytes: Span<UInt8>, from at: Int, to end: Int) -> Int {
    var at = at
    while at < end, isDigit(bytes[at]) { at += 1 }
    return at
  }

  /// The end of the run of hexadecimal digits at `at`.
  static func hexDigits(_ bytes: Span<UInt8>, from at: Int, to end: Int) -> Int {
    var at = at
    while at < end, hex(bytes[at]) < 16 { at += 1 }
    return at
  }

  /// The end of the run of `byte` at `at`.
  static func run(of byte: UInt8, _ bytes: Span<UInt8>, from at: Int, to end: Int) -> Int {
    var at = at
    while at < end, bytes[at] == byte { at += 1 }
    return at
  }

  static func copy(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [UInt8] {
    var copy: [UInt8] = []
    copy.reserveCapacity(range.count)
    for at in range { copy.append(bytes[at]) }
    return copy
  }

  /// The place of an error or a diagnostic: the line of `range`, cut to what a terminal can show, and the column of `at`.
  static func place(_ bytes: Span<UInt8>, line: Int, _ range: Range<Int>, at: Int? = nil) -> ProfileError.Place {
    let column = at.map { $0 - range.lowerBound + 1 }
    let shown = min(range.count, max(200, min((column ?? 0) + 40, 1000)))
    let text = String(decoding: copy(bytes, range.lowerBound..<range.lowerBound + shown), as: UTF8.self)
    return .line(line, column: column, text: (column ?? 0) > shown + 1 ? nil : text)
  }
}
