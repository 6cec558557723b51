extension Units {
  private static let sizeUnits: [StaticString] = ["B", "KB", "MB", "GB", "TB"]

  /// A size as bpprof prints it: two decimals and a unit, without a blank: `999.00B`, `0.98KB`, `9.10MB`.
  ///
  /// A number is shown as soon as it is *below 1000*, and divided by *1024* otherwise; 1000 is therefore `0.98KB`, and
  /// rounding can show `1000.00KB`. From 1000 TB on bpprof divides once more and prints no decimals, but still `TB`; this
  /// does the same, since the point is to print what it prints. A negative number is below 1000 and stays in bytes.
  public static func appendSize(_ bytes: Int64, to buffer: inout [UInt8]) {
    if bytes < 0 {
      buffer.append(UInt8(ascii: "-"))
      // bpprof computes in float64, which has no odd numbers beyond 2^53.
      appendExact(UInt64(Double(bytes.magnitude)), unit: "B", to: &buffer)
    } else {
      appendSize(UInt64(bytes), to: &buffer)
    }
  }

  public static func appendSize(_ bytes: UInt64, to buffer: inout [UInt8]) {
    // 2^64 − 1 rounds up to 2^64, which no longer fits.
    appendSize(whole: UInt128(Double(bytes)), to: &buffer)
  }

  /// For sums beyond 64 bits.
  public static func appendSize(_ bytes: Int128, to buffer: inout [UInt8]) {
    if bytes < 0 {
      buffer.append(UInt8(ascii: "-"))
      buffer.append(contentsOf: UInt128(Double(bytes.magnitude)).description.utf8)
      buffer.append(contentsOf: ".00B".utf8)
    } else {
      appendSize(whole: UInt128(Double(bytes)), to: &buffer)
    }
  }

  public static func size(_ bytes: Int64) -> String { string { appendSize(bytes, to: &$0) } }

  /// - Parameter whole: a float64 without a fraction. Divisions by 1024 are exact in float64, so the shown number is
  ///   `whole / 1024^k` itself, and rounding it to two decimals is integer arithmetic.
  private static func appendSize(whole: UInt128, to buffer: inout [UInt8]) {
    var power = 0
    while power < sizeUnits.count, whole >= 1000 << UInt128(10 * power) { power += 1 }
    if power == 0 { return appendExact(UInt64(whole), unit: "B", to: &buffer) }
    if power == sizeUnits.count {
      buffer.append(contentsOf: rounded(whole, shift: 50).description.utf8)
      buffer.append(contentsOf: "TB".utf8)
      return
    }
    let hundredths = UInt64(truncatingIfNeeded: rounded(whole * 100, shift: 10 * power))
    append(hundredths / 100, to: &buffer)
    buffer.append(UInt8(ascii: "."))
    append(hundredths / 10 % 10, to: &buffer)
    append(hundredths % 10, to: &buffer)
    appendUnit(sizeUnits[power], to: &buffer)
  }

  private static func appendExact(_ value: UInt64, unit: StaticString, to buffer: inout [UInt8]) {
    append(value, to: &buffer)
    buffer.append(contentsOf: ".00".utf8)
    appendUnit(unit, to: &buffer)
  }

  private static func appendUnit(_ unit: StaticString, to buffer: inout [UInt8]) {
    buffer.append(contentsOf: unit.description.utf8)
  }

  /// `value / 2^shift`, halves to even as printf does.
  static func rounded(_ value: UInt128, shift: Int) -> UInt128 {
    let quotient = value >> UInt128(shift)
    let rest = value & (1 << UInt128(shift) - 1)
    let half: UInt128 = 1 << UInt128(shift - 1)
    return rest > half || (rest == half && quotient & 1 == 1) ? quotient + 1 : quotient
  }
}
