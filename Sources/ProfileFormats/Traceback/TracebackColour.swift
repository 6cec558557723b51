/// A terminal's colours, which logs keep when they were written for one.
enum TracebackColour {
  /// `range` without the white space at its end, and without colours before it and behind it.
  static func without(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
    var start = range.lowerBound
    while let end = escapeEnd(bytes, start..<range.upperBound) { start = end }
    var end = range.upperBound
    while end > start {
      let last = bytes[end &- 1]
      if last <= 0x20 {
        end &-= 1
      } else if last == UInt8(ascii: "m"), let escape = escapeStart(bytes, start..<end) {
        end = escape
      } else {
        break
      }
    }
    return start..<end
  }

  /// Where the `ESC [ … m` ends that `range` begins with.
  @inline(__always)
  private static func escapeEnd(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
    guard range.count > 2, bytes[range.lowerBound] == escape, bytes[range.lowerBound + 1] == bracket else { return nil }
    var at = range.lowerBound + 2
    while at < range.upperBound, isParameter(bytes[at]) { at += 1 }
    return at < range.upperBound && bytes[at] == UInt8(ascii: "m") ? at + 1 : nil
  }

  /// Where the one begins that `range` ends with.
  private static func escapeStart(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
    var at = range.upperBound - 1
    while at > range.lowerBound, isParameter(bytes[at - 1]) { at -= 1 }
    guard at >= range.lowerBound + 2, bytes[at - 1] == bracket, bytes[at - 2] == escape else { return nil }
    return at - 2
  }

  private static let escape: UInt8 = 0x1b
  private static let bracket = UInt8(ascii: "[")

  private static func isParameter(_ byte: UInt8) -> Bool { TextBytes.isDigit(byte) || byte == UInt8(ascii: ";") }
}
