internal import ProfileModel

/// Values and shares as pictures say them.
struct Figures {
  let type: String
  let unit: String
  let total: Int64
  /// What the values count, where somebody said it.
  let countName: String?

  /// `14.39MB`, `2.98s`, `1,303 samples`: in pprof's units.
  func value(_ value: Int64) -> String {
    if let countName { return "\(Self.grouped(value)) \(ShownText.name(countName))" }
    let measured = Units.measure(value, unit: unit)
    // What has no unit is named by its type.
    guard unit == "count" || unit.isEmpty || measured == "0" else { return ShownText.name(measured) }
    return "\(Self.grouped(value)) \(ShownText.name(type))"
  }

  /// `14.39MB (15,086,592 bytes)` where the first part is not the whole truth.
  func exact(_ value: Int64) -> String {
    let short = self.value(value)
    if countName != nil || unit == "count" || unit.isEmpty || value == 0 { return short }
    return "\(short) (\(Self.grouped(value)) \(ShownText.name(unit)))"
  }

  /// `24.31%` of the total.
  func share(_ value: Int64) -> String { Self.share(value, of: total) }

  static func share(_ value: Int64, of total: Int64) -> String {
    if total == 0 { return "0%" }
    let scaled = 10_000 * Int128(value)
    let half = Int128(total.magnitude) / 2
    let hundredths = (scaled.magnitude + half.magnitude) / UInt128(total.magnitude)
    return (value < 0 && hundredths > 0 ? "-" : "") + decimal(hundredths, places: 2) + "%"
  }

  /// With commas between thousands.
  static func grouped(_ value: Int64) -> String {
    var text = ""
    let digits = Array(String(value.magnitude))
    for (i, digit) in digits.enumerated() {
      if i > 0, (digits.count - i) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return value < 0 ? "-" + text : text
  }

  /// `value / 10^places` without zeros at its end.
  static func decimal(_ value: UInt128, places: Int) -> String {
    var power: UInt128 = 1
    for _ in 0..<places { power *= 10 }
    let whole = String(value / power)
    var fraction = String(value % power)
    if value % power == 0 { return whole }
    fraction = String(repeating: "0", count: places - fraction.count) + fraction
    while fraction.hasSuffix("0") { fraction.removeLast() }
    return "\(whole).\(fraction)"
  }
}
