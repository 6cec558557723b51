extension TextBytes {
  /// Whether `range` is `text`, perhaps with blanks behind it.
  static func isLine(_ text: StaticString, _ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    let length = text.utf8CodeUnitCount
    guard range.count >= length, has(text, bytes, at: range.lowerBound) else { return false }
    return trimmed(bytes, range.lowerBound + length..<range.upperBound).isEmpty
  }

  /// A decimal number that fills `range`, without a sign; nil where it is none or takes more than 64 bits.
  static func unsigned(_ bytes: Span<UInt8>, _ range: Range<Int>) -> UInt64? {
    if range.isEmpty { return nil }
    var value: UInt64 = 0
    for at in range {
      guard isDigit(bytes[at]) else { return nil }
      let (tenfold, tooLarge) = value.multipliedReportingOverflow(by: 10)
      let (next, isBeyond) = tenfold.addingReportingOverflow(UInt64(bytes[at] &- 0x30))
      if tooLarge || isBeyond { return nil }
      value = next
    }
    return value
  }
}
