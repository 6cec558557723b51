extension Units {
  private struct Scale {
    let name: String
    /// How many of the unit of the table make one of this.
    let factor: Double
  }

  private static let bytes = [
    Scale(name: "B", factor: 1), Scale(name: "kB", factor: 0x1p10), Scale(name: "MB", factor: 0x1p20),
    Scale(name: "GB", factor: 0x1p30), Scale(name: "TB", factor: 0x1p40), Scale(name: "PB", factor: 0x1p50),
  ]
  private static let times = [
    Scale(name: "ns", factor: 1), Scale(name: "us", factor: 1e3), Scale(name: "ms", factor: 1e6),
    Scale(name: "s", factor: 1e9), Scale(name: "hrs", factor: 3600e9),
  ]

  /// A sample's value as pprof's reports show it: in the largest unit of its family that leaves at least 1, with two
  /// decimals unless both are 0: `30.81MB`, `2.98s`, `1303`. pprof's rules: below 1 ns there is only `0`; the unit
  /// `count` is not shown; a unit of no family stands behind the number as it is.
  public static func measure(_ value: Int64, unit: String) -> String {
    guard let (table, factor) = family(of: unit) else {
      let plain = string { append(value, to: &$0) }
      return value == 0 || ["count", "sample", "unit"].contains(unit) ? plain : plain + unit
    }
    let base = Double(value.magnitude) * factor
    let scale = table.last { base >= $0.factor } ?? table[0]
    let number = string { appendTwoDecimals(base / scale.factor, to: &$0) }
    if number == "0" { return number }
    return (value < 0 ? "-" : "") + number + scale.name
  }

  /// The units that ``measure(_:unit:)`` shows a unit in, smallest first, and how many of the given one each is worth; nil
  /// for a unit of no family. For what formats values later, somewhere else: a page's script.
  package static func scales(of unit: String) -> [(name: String, factor: Double)]? {
    guard let (table, factor) = family(of: unit) else { return nil }
    return table.map { ($0.name, $0.factor / factor) }
  }

  /// What a unit is, by pprof's aliases: the scales of its family, and how many of the first one it is worth.
  private static func family(of unit: String) -> ([Scale], Double)? {
    var name = unit.lowercased()
    if name.utf8.count > 2, name.hasSuffix("s") { name.removeLast() }
    return switch name {
    case "b", "byte": (bytes, 1)
    case "kb", "kbyte", "kilobyte": (bytes, 0x1p10)
    case "mb", "mbyte", "megabyte": (bytes, 0x1p20)
    case "gb", "gbyte", "gigabyte": (bytes, 0x1p30)
    case "tb", "tbyte", "terabyte": (bytes, 0x1p40)
    case "pb", "pbyte", "petabyte": (bytes, 0x1p50)
    case "ns", "nanosecond": (times, 1)
    case "\u{3bc}s", "us", "microsecond": (times, 1e3)
    case "ms", "millisecond": (times, 1e6)
    case "s", "sec", "second": (times, 1e9)
    case "hour", "hr": (times, 3600e9)
    default: nil
    }
  }

  /// `%.2f` without a trailing `.00`, of a number that is not negative. Halves of the binary value go to even, as printf
  /// has it.
  private static func appendTwoDecimals(_ value: Double, to buffer: inout [UInt8]) {
    let exponent = Int(value.exponent)
    if value == 0 || exponent < -20 { return append(UInt64(0), to: &buffer) }
    if exponent >= 52 {
      buffer.append(contentsOf: UInt128(value).description.utf8)
      return
    }
    // 53 bits of significand times 100 fit in 60 bits; the shift is 52 − exponent, at most 72.
    let hundredths = UInt64(
      truncatingIfNeeded: rounded((1 << 52 | UInt128(value.significandBitPattern)) * 100, shift: 52 - exponent))
    append(hundredths / 100, to: &buffer)
    if hundredths % 100 != 0 {
      buffer.append(UInt8(ascii: "."))
      appendPadded(hundredths % 100, digits: 2, to: &buffer)
    }
  }
}
