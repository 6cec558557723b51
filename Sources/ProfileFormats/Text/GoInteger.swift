/// Integers in text as Go's `strconv.ParseInt(text, 0, 64)` reads them: perhaps a sign, then decimal digits, or `0x`, `0b`,
/// `0o` or a bare `0` in front of others; single underscores between digits, or behind such a prefix.
enum GoInteger {
  /// nil where the range is no such number, or one of more than 64 bits.
  static func parse(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int64? {
    var at = range.lowerBound
    let isNegative = at < range.upperBound && bytes[at] == UInt8(ascii: "-")
    if at < range.upperBound, isNegative || bytes[at] == UInt8(ascii: "+") { at += 1 }
    var base: UInt64 = 10
    // Whether an underscore may stand here: behind a prefix or a digit, and none at the end.
    var mayPart = false
    if at + 1 < range.upperBound, bytes[at] == 0x30 {
      switch bytes[at + 1] | 0x20 {
      case UInt8(ascii: "x"): (base, at) = (16, at + 2)
      case UInt8(ascii: "b"): (base, at) = (2, at + 2)
      case UInt8(ascii: "o"): (base, at) = (8, at + 2)
      default: (base, at) = (8, at + 1)
      }
      mayPart = true
    }
    var value: UInt64 = 0
    var hasDigits = false
    while at < range.upperBound {
      if bytes[at] == UInt8(ascii: "_"), mayPart {
        mayPart = false
        at += 1
        continue
      }
      let digit = UInt64(TextBytes.hex(bytes[at]))
      guard digit < base else { return nil }
      let (shifted, tooLarge) = value.multipliedReportingOverflow(by: base)
      let (next, tooLong) = shifted.addingReportingOverflow(digit)
      if tooLarge || tooLong { return nil }
      value = next
      hasDigits = true
      mayPart = true
      at += 1
    }
    if !hasDigits || !mayPart { return nil }
    if isNegative { return value > UInt64(Int64.max) + 1 ? nil : 0 &- Int64(truncatingIfNeeded: value) }
    return value > UInt64(Int64.max) ? nil : Int64(value)
  }
}
