internal import ProfileModel

/// Values and shares as pictures say them.
struct Figures {
  let type: String
  let unit: String
  /// What shares are of.
  let total: Int64
  private let options: ReportOptions
  /// As they are shown beside each of many values.
  private let shownType: String
  private let shownUnit: String

  /// - Parameter type: a position in the profile's sample types.
  init(_ profile: Profile, type: Int, total: Int64, _ options: ReportOptions) {
    let row = profile.columns.sampleTypes[type]
    self.type = profile.string(row.type)
    unit = profile.string(row.unit)
    shownType = ShownText.name(self.type)
    shownUnit = ShownText.name(unit)
    self.total = total
    self.options = options
  }

  /// What the values count, where somebody said it.
  var countName: String? { options.picture.countName.map { ShownText.name($0) } }

  /// The unit that was asked for, where values of this type can be shown in it. Otherwise each value has its own.
  var wantedUnit: String? {
    if options.unit == "minimum" || options.unit == "auto" { return nil }
    return Units.areOfOneKind(unit, options.unit) && Units.scale(0, from: unit, to: options.unit).unit != ""
      ? options.unit : nil
  }

  /// That a unit was asked for in which these values cannot be shown; nil where they can.
  var unitNote: String? {
    if options.unit == "minimum" || options.unit == "auto" || wantedUnit != nil { return nil }
    return "\(ShownText.name(type, limit: 60)) cannot be shown in “\(ShownText.name(options.unit, limit: 20))”."
  }

  /// `14.39MB`, `2.98s`, `1,303 samples`: in pprof's units.
  func value(_ value: Int64) -> String {
    let value = options.divided(value)
    if let countName { return "\(Self.grouped(value)) \(countName)" }
    if let wantedUnit { return ShownText.name(Units.label(value, from: unit, to: wantedUnit)) }
    let measured = Units.measure(value, unit: unit)
    // What has no unit is named by its type.
    guard isCountOfType || measured == "0" else { return ShownText.name(measured) }
    return "\(Self.grouped(value)) \(shownType)"
  }

  /// `14.39MB (15,086,592 bytes)` where the first part is not the whole truth.
  func exact(_ value: Int64) -> String {
    let short = self.value(value)
    let whole = options.divided(value)
    if countName != nil || isCountOfType || whole == 0 { return short }
    return "\(short) (\(Self.grouped(whole)) \(shownUnit))"
  }

  /// What the head of a column of values names, so that its cells need not: what values of no family of units count. nil
  /// where each value has a unit of its own.
  var columnUnit: String? {
    if let countName { return countName }
    guard Units.scales(of: unit) == nil, wantedUnit == nil || wantedUnit == unit else { return nil }
    return isCountOfType ? shownType : shownUnit
  }

  /// A value under a head that names ``columnUnit``.
  func cell(_ value: Int64) -> String {
    columnUnit == nil ? self.value(value) : Self.grouped(options.divided(value))
  }

  /// `14.39MB of inuse_space`, `1,303 samples`.
  func valueOfType(_ value: Int64) -> String {
    let text = self.value(value)
    return countName == nil && isCountOfType && text.hasSuffix(" " + shownType) ? text : "\(text) of \(shownType)"
  }

  private var isCountOfType: Bool { unit == "count" || unit.isEmpty }

  /// The units that a page's script shows values in, smallest first, and how much each is worth; nil where there are none.
  var scales: [(name: String, factor: Double)]? {
    if countName != nil { return nil }
    guard let wantedUnit else { return Units.scales(of: unit) }
    let one = Units.scale(1, from: unit, to: wantedUnit)
    return [(one.unit, 1 / one.value)]
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
    var text: [UInt8] = value < 0 ? [UInt8(ascii: "-")] : []
    let digits = String(value.magnitude).utf8
    var left = digits.count
    for digit in digits {
      text.append(digit)
      left -= 1
      if left > 0, left % 3 == 0 { text.append(UInt8(ascii: ",")) }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// `value / 10^places` without zeros at its end.
  static func decimal(_ value: UInt128, places: Int) -> String {
    var digits = Array(String(value).utf8)
    if digits.count <= places {
      digits.insert(contentsOf: repeatElement(UInt8(ascii: "0"), count: places + 1 - digits.count), at: 0)
    }
    let whole = digits.count - places
    while digits.count > whole, digits.last == UInt8(ascii: "0") { digits.removeLast() }
    if digits.count > whole { digits.insert(UInt8(ascii: "."), at: whole) }
    return String(decoding: digits, as: UTF8.self)
  }
}

extension Double {
  /// As somebody types it: 10, not 10.0.
  var asTyped: String {
    let text = "\(self)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
