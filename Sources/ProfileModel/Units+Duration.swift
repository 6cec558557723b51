extension Units {
  /// A duration as Go's `time.Duration` prints it: `0s`, `812ns`, `28.025µs`, `3.9ms`, `30s`, `1m1.5s`, `1h0m0s`. Exact:
  /// nothing is rounded, zeros at the end of a fraction are left out. The micro sign is U+00B5.
  public static func appendDuration(nanos: Int64, to buffer: inout [UInt8]) {
    if nanos < 0 { buffer.append(UInt8(ascii: "-")) }
    appendDuration(nanos: nanos.magnitude, to: &buffer)
  }

  private static func appendDuration(nanos: UInt64, to buffer: inout [UInt8]) {
    switch nanos {
    case 0: buffer.append(contentsOf: "0s".utf8)
    case ..<1_000:
      append(nanos, to: &buffer)
      buffer.append(contentsOf: "ns".utf8)
    case ..<1_000_000:
      appendFraction(nanos, digits: 3, to: &buffer)
      buffer.append(contentsOf: "\u{b5}s".utf8)
    case ..<1_000_000_000:
      appendFraction(nanos, digits: 6, to: &buffer)
      buffer.append(contentsOf: "ms".utf8)
    default:
      let minutes = nanos / 60_000_000_000
      if minutes >= 60 {
        append(minutes / 60, to: &buffer)
        buffer.append(UInt8(ascii: "h"))
      }
      if minutes > 0 {
        append(minutes % 60, to: &buffer)
        buffer.append(UInt8(ascii: "m"))
      }
      appendFraction(nanos % 60_000_000_000, digits: 9, to: &buffer)
      buffer.append(UInt8(ascii: "s"))
    }
  }

  public static func duration(nanos: Int64) -> String { string { appendDuration(nanos: nanos, to: &$0) } }

  /// `value / 10^digits` without zeros at its end.
  private static func appendFraction(_ value: UInt64, digits: Int, to buffer: inout [UInt8]) {
    var power: UInt64 = 1
    for _ in 0..<digits { power *= 10 }
    append(value / power, to: &buffer)
    let fraction = value % power
    if fraction == 0 { return }
    buffer.append(UInt8(ascii: "."))
    appendPadded(fraction, digits: digits, to: &buffer)
    while buffer.last == UInt8(ascii: "0") { buffer.removeLast() }
  }
}
