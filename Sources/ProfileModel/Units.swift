/// Numbers as people read them. All of these append ASCII or UTF-8 to a buffer, so that a writer of a million records
/// makes no strings.
public enum Units {
  /// A plain decimal number.
  @inlinable
  public static func append(_ value: Int64, to buffer: inout [UInt8]) {
    if value < 0 { buffer.append(UInt8(ascii: "-")) }
    append(value.magnitude, to: &buffer)
  }

  @inlinable
  public static func append(_ value: UInt64, to buffer: inout [UInt8]) {
    if value < 10 {
      buffer.append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: value))
      return
    }
    let start = buffer.count
    var rest = value
    while rest > 0 {
      let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
      buffer.append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: digit))
      rest = quotient
    }
    var low = start
    var high = buffer.count &- 1
    while low < high {
      buffer.swapAt(low, high)
      low &+= 1
      high &-= 1
    }
  }

  /// `value` in `digits` digits, with leading zeros.
  static func appendPadded(_ value: UInt64, digits: Int, to buffer: inout [UInt8]) {
    let start = buffer.count
    append(value, to: &buffer)
    let missing = digits - (buffer.count - start)
    if missing > 0 { buffer.insert(contentsOf: repeatElement(UInt8(ascii: "0"), count: missing), at: start) }
  }

  static func string(_ body: (inout [UInt8]) -> Void) -> String {
    var buffer: [UInt8] = []
    body(&buffer)
    return String(decoding: buffer, as: UTF8.self)
  }
}
