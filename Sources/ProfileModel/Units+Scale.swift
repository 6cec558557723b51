// pprof's units (internal/measurement): what a value is in another unit, and how its reports print it.
extension Units {
  /// A unit and how many of its family's base unit make one of it.
  private struct Unit {
    let name: String
    let aliases: [String]
    let factor: Double

    init(_ name: String, _ aliases: [String], _ factor: Double) {
      self.name = name
      self.aliases = aliases
      self.factor = factor
    }
  }

  private struct Family {
    let units: [Unit]
    /// What a value is in that is too small for all units, or goes to a unit of another family.
    let fallback: (name: String, factor: Double)

    func unit(_ name: String) -> Unit? {
      var name = name.lowercased()
      if name.utf8.count > 2, name.hasSuffix("s") { name.removeLast() }
      return units.first { $0.aliases.contains(name) }
    }
  }

  private static let families = [
    Family(
      units: [
        Unit("B", ["b", "byte"], 1), Unit("kB", ["kb", "kbyte", "kilobyte"], 0x1p10),
        Unit("MB", ["mb", "mbyte", "megabyte"], 0x1p20), Unit("GB", ["gb", "gbyte", "gigabyte"], 0x1p30),
        Unit("TB", ["tb", "tbyte", "terabyte"], 0x1p40), Unit("PB", ["pb", "pbyte", "petabyte"], 0x1p50),
      ], fallback: ("B", 1)),
    Family(
      units: [
        Unit("ns", ["ns", "nanosecond"], 1), Unit("us", ["\u{3bc}s", "us", "microsecond"], 1e3),
        Unit("ms", ["ms", "millisecond"], 1e6), Unit("s", ["s", "sec", "second"], 1e9),
        Unit("hrs", ["hour", "hr"], 3600e9),
      ], fallback: ("s", 1e9)),
    Family(
      units: [
        Unit("n*GCU", ["nanogcu"], 1e-9), Unit("u*GCU", ["microgcu"], 1e-6), Unit("m*GCU", ["milligcu"], 1e-3),
        Unit("GCU", ["gcu"], 1), Unit("k*GCU", ["kilogcu"], 1e3), Unit("M*GCU", ["megagcu"], 1e6),
        Unit("G*GCU", ["gigagcu"], 1e9), Unit("T*GCU", ["teragcu"], 1e12), Unit("P*GCU", ["petagcu"], 1e15),
      ], fallback: ("GCU", 1)),
  ]

  /// Whether values of both units can be compared: they are one, or of one family.
  public static func areOfOneKind(_ a: String, _ b: String) -> Bool {
    a == b || families.contains { $0.unit(a) != nil && $0.unit(b) != nil }
  }

  /// A value in another unit, and that unit's name; `auto` and `minimum` choose the largest one that leaves at least 1. A
  /// value whose unit belongs to no family stays as it is, and the name is then the one that was asked for, unless that says
  /// nothing (`count`, `auto` …).
  public static func scale(_ value: Int64, from unit: String, to target: String) -> (value: Double, unit: String) {
    if value < 0, value != .min {
      let (positive, unit) = scale(-value, from: unit, to: target)
      return (-positive, unit)
    }
    for family in families {
      guard let own = family.unit(unit) else { continue }
      let base = Double(value) * own.factor
      if target == "minimum" || target == "auto" {
        let best = family.units.last { base / $0.factor >= 1 }
        return best.map { (base / $0.factor, $0.name) } ?? (base / family.fallback.factor, family.fallback.name)
      }
      if let other = family.unit(target) { return (base / other.factor, other.name) }
      return (base / family.fallback.factor, family.fallback.name)
    }
    return (Double(value), ["count", "sample", "unit", "minimum", "auto"].contains(target) ? "" : target)
  }

  /// A value as pprof's reports print it: `30.81MB`, `2.98s`, `1303`, `0`.
  public static func label(_ value: Int64, from unit: String, to target: String) -> String {
    let (scaled, unit) = scale(value, from: unit, to: target)
    let number = string { appendTwoDecimals(scaled, to: &$0) }
    return number == "0" ? number : number + unit
  }

  /// What share of `total` a value is, in at least two digits and five columns: `63.97%`, `  100%`, `  0.5%`. Without a sign.
  public static func percentage(_ value: Int64, of total: Int64) -> String {
    let share = total == 0 ? 0 : (Double(value) / Double(total)).magnitude * 100
    if share >= 99.95, share <= 100.05 { return "  100%" }
    let number = string { buffer in
      if share < 1 { return appendTwoDigits(share, to: &buffer) }
      appendTwoDecimals(share, to: &buffer)
      // Here the zeros stay.
      if !buffer.contains(UInt8(ascii: ".")) { buffer.append(contentsOf: ".00".utf8) }
    }
    return String(repeating: " ", count: max(0, 5 - number.utf8.count)) + number + "%"
  }

  /// `%.2f` without a trailing `.00`; what rounds to nothing is `0`, without a sign.
  private static func appendTwoDecimals(_ value: Double, to buffer: inout [UInt8]) {
    let magnitude = value.magnitude
    let exponent = magnitude == 0 ? -100 : Int(magnitude.exponent)
    if exponent < -20 { return append(UInt64(0), to: &buffer) }
    let start = buffer.count
    if value < 0 { buffer.append(UInt8(ascii: "-")) }
    if exponent >= 52 {
      buffer.append(contentsOf: (exponent < 127 ? UInt128(magnitude) : .max).description.utf8)
      return
    }
    // 53 bits of significand times 100 fit in 60 bits; the shift is 52 − exponent, at most 72.
    let significand = (1 << 52 | UInt128(magnitude.significandBitPattern)) * 100
    let hundredths = UInt64(truncatingIfNeeded: rounded(significand, shift: 52 - exponent))
    if hundredths == 0 {
      buffer.removeSubrange(start...)
      return append(UInt64(0), to: &buffer)
    }
    append(hundredths / 100, to: &buffer)
    if hundredths % 100 != 0 {
      buffer.append(UInt8(ascii: "."))
      appendPadded(hundredths % 100, digits: 2, to: &buffer)
    }
  }

  /// `%.2g` of a number below 1: two digits, zeros at the end left out, an exponent below 0.0001.
  private static func appendTwoDigits(_ value: Double, to buffer: inout [UInt8]) {
    // The smallest share of a 64-bit total is above 1e-17; what is below cannot come of whole numbers.
    if value < 1e-18 { return append(UInt64(0), to: &buffer) }
    let significand = 1 << 52 | UInt128(value.significandBitPattern)
    let shift = 52 - Int(value.exponent)
    // The two digits are value × 10^(1 − exponent), of which the exponent is found by trying.
    var exponent = -1
    var power: UInt128 = 100
    while (significand * power) >> UInt128(shift) < 10, exponent > -18 {
      exponent -= 1
      power *= 10
    }
    var digits = rounded(significand * power, shift: shift)
    if digits == 100 {
      digits = 10
      exponent += 1
    }
    if exponent < -4 {
      append(UInt64(digits / 10), to: &buffer)
      if digits % 10 != 0 {
        buffer.append(UInt8(ascii: "."))
        append(UInt64(digits % 10), to: &buffer)
      }
      buffer.append(contentsOf: "e-".utf8)
      appendPadded(UInt64(-exponent), digits: 2, to: &buffer)
      return
    }
    if exponent == 0 { return append(UInt64(digits / 10), to: &buffer) }
    buffer.append(contentsOf: "0.".utf8)
    for _ in 1..<(-exponent) { buffer.append(UInt8(ascii: "0")) }
    append(UInt64(digits / 10), to: &buffer)
    if digits % 10 != 0 { append(UInt64(digits % 10), to: &buffer) }
  }
}
