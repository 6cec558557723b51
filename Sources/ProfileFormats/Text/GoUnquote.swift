/// Reads strings that Go quoted, `"na\"me\n"`, from a line, one behind the other.
struct QuotedCursor: ~Escapable {
  private let bytes: Span<UInt8>
  private(set) var at: Int
  private let end: Int

  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    self.bytes = bytes
    at = range.lowerBound
    end = range.upperBound
  }

  var isAtEnd: Bool { at >= end }

  mutating func skipBlanks() { while at < end, bytes[at] == 0x20 { at += 1 } }

  mutating func take(_ byte: UInt8) -> Bool {
    guard at < end, bytes[at] == byte else { return false }
    at += 1
    return true
  }

  /// A word: quoted, or up to the next blank.
  mutating func word() -> [UInt8]? {
    skipBlanks()
    guard at < end else { return nil }
    if bytes[at] == UInt8(ascii: "\"") { return quoted() }
    let start = at
    while at < end, bytes[at] != 0x20 { at += 1 }
    return TextBytes.copy(bytes, start..<at)
  }

  /// A decimal integer.
  mutating func integer() -> Int64? {
    skipBlanks()
    let start = at
    if at < end, bytes[at] == UInt8(ascii: "-") { at += 1 }
    at = TextBytes.digits(bytes, from: at, to: end)
    return TextBytes.decimal(bytes, start..<at)
  }

  /// A string between double quotes, its escapes undone; nil where it is not one, or has an escape that Go does not write.
  mutating func quoted() -> [UInt8]? {
    guard take(UInt8(ascii: "\"")) else { return nil }
    var result: [UInt8] = []
    while at < end {
      let byte = bytes[at]
      at += 1
      switch byte {
      case UInt8(ascii: "\""): return result
      case UInt8(ascii: "\\"): guard escape(&result) else { return nil }
      default: result.append(byte)
      }
    }
    return nil
  }

  private mutating func escape(_ result: inout [UInt8]) -> Bool {
    guard at < end else { return false }
    let letter = bytes[at]
    at += 1
    switch letter {
    case UInt8(ascii: "a"): result.append(7)
    case UInt8(ascii: "b"): result.append(8)
    case UInt8(ascii: "t"): result.append(9)
    case UInt8(ascii: "n"): result.append(10)
    case UInt8(ascii: "v"): result.append(11)
    case UInt8(ascii: "f"): result.append(12)
    case UInt8(ascii: "r"): result.append(13)
    case UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "'"): result.append(letter)
    case UInt8(ascii: "x"):
      guard let value = hexadecimal(2) else { return false }
      result.append(UInt8(truncatingIfNeeded: value))
    case UInt8(ascii: "u"), UInt8(ascii: "U"):
      guard let value = hexadecimal(letter == UInt8(ascii: "u") ? 4 : 8),
        let scalar = Unicode.Scalar(UInt32(truncatingIfNeeded: value))
      else { return false }
      result.append(contentsOf: String(Character(scalar)).utf8)
    default: return false
    }
    return true
  }

  private mutating func hexadecimal(_ digits: Int) -> UInt64? {
    guard at + digits <= end, let value = TextBytes.hexadecimal(bytes, at..<at + digits) else { return nil }
    at += digits
    return value
  }
}
