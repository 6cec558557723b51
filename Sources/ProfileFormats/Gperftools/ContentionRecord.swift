import ProfileModel

/// `CYCLES COUNT @ 0x401000 …`, anywhere in a line.
struct ContentionRecord {
  /// Where the digits stand, a minus before them included.
  var cycles: Range<Int>
  var count: Range<Int>
  /// Where the addresses begin.
  var addresses: Int
  /// Whether anything stands before the numbers.
  var hasJunkBefore: Bool

  /// pprof takes no minus for part of a number; what it makes of a single number, its last digit for the count, we do too.
  init?(_ bytes: Span<UInt8>, _ line: Range<Int>) {
    for at in line where bytes[at] == UInt8(ascii: "@") {
      guard at > line.lowerBound, bytes[at - 1] == 0x20 else { continue }
      var count = Self.number(bytes, line.lowerBound..<at - 1)
      var end = count.lowerBound
      while end > line.lowerBound, bytes[end - 1] == 0x20 { end -= 1 }
      var cycles = Self.number(bytes, line.lowerBound..<end)
      if end == count.lowerBound || cycles.isEmpty {
        guard count.count > 1 else { continue }
        cycles = count.lowerBound..<count.upperBound - 1
        count = cycles.upperBound..<count.upperBound
      }
      guard Self.hasDigits(bytes, cycles), Self.hasDigits(bytes, count) else { continue }
      self.cycles = cycles
      self.count = count
      addresses = at + 1
      hasJunkBefore = cycles.lowerBound > line.lowerBound
      return
    }
    return nil
  }

  /// The number that ends a range; empty where there is none.
  private static func number(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
    var start = range.upperBound
    while start > range.lowerBound, TextBytes.isDigit(bytes[start - 1]) { start -= 1 }
    if start < range.upperBound, start > range.lowerBound, bytes[start - 1] == UInt8(ascii: "-") { start -= 1 }
    return start..<range.upperBound
  }

  private static func hasDigits(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    !range.isEmpty && TextBytes.isDigit(bytes[range.upperBound - 1])
  }
}
