import ProfileModel

/// Times and durations as Go prints them, and what can be read of them.
enum RawTime {
  /// `2006-01-02 15:04:05.999999999 -0700 MST`, as Go's `time.Time` prints itself.
  static func append(nanos: Int64, zone: ZoneOffset, to buffer: inout [UInt8]) {
    let seconds = floorDivide(nanos, by: 1_000_000_000)
    let fraction = nanos &- seconds &* 1_000_000_000
    let local = seconds + Int64(max(-86_400, min(zone.seconds, 86_400)))
    let day = floorDivide(local, by: 86_400)
    let second = local - day * 86_400
    let date = CivilDate(daysSince1970: day)
    appendPadded(date.year, 4, to: &buffer)
    buffer.append(UInt8(ascii: "-"))
    appendPadded(date.month, 2, to: &buffer)
    buffer.append(UInt8(ascii: "-"))
    appendPadded(date.day, 2, to: &buffer)
    buffer.append(UInt8(ascii: " "))
    appendPadded(second / 3600, 2, to: &buffer)
    buffer.append(UInt8(ascii: ":"))
    appendPadded(second / 60 % 60, 2, to: &buffer)
    buffer.append(UInt8(ascii: ":"))
    appendPadded(second % 60, 2, to: &buffer)
    if fraction > 0 {
      buffer.append(UInt8(ascii: "."))
      appendPadded(fraction, 9, to: &buffer)
      while buffer.last == UInt8(ascii: "0") { buffer.removeLast() }
    }
    buffer.append(UInt8(ascii: " "))
    appendOffset(zone.seconds, to: &buffer)
    buffer.append(UInt8(ascii: " "))
    if zone.abbreviation.isEmpty { appendOffset(zone.seconds, to: &buffer) }
    buffer.append(contentsOf: zone.abbreviation.utf8)
  }

  /// `-0700`; seconds of old zones are left out.
  private static func appendOffset(_ seconds: Int, to buffer: inout [UInt8]) {
    let minutes = Int64(min(seconds.magnitude, 86_400) / 60)
    // Go divides first: half a minute west is +0000.
    buffer.append(seconds < 0 && minutes > 0 ? UInt8(ascii: "-") : UInt8(ascii: "+"))
    appendPadded(minutes / 60, 2, to: &buffer)
    appendPadded(minutes % 60, 2, to: &buffer)
  }

  private static func appendPadded(_ value: Int64, _ digits: Int, to buffer: inout [UInt8]) {
    var power: Int64 = 1
    for _ in 1..<digits { power *= 10 }
    while power > 1, value < power {
      buffer.append(UInt8(ascii: "0"))
      power /= 10
    }
    Units.append(value, to: &buffer)
  }

  /// What ``append(nanos:zone:to:)`` wrote; the name of the zone is not looked at. nil where it is no such time.
  static func nanos(_ text: ArraySlice<UInt8>) -> Int64? {
    var rest = text
    func number(_ digits: ClosedRange<Int>, then separator: Character?) -> Int64? {
      let run = rest.prefix { TextBytes.isDigit($0) }
      guard digits.contains(run.count), let value = Int64(String(decoding: run, as: UTF8.self)) else { return nil }
      rest = rest[run.endIndex...]
      guard let separator else { return value }
      if rest.first != separator.asciiValue { return nil }
      rest.removeFirst()
      return value
    }
    guard let year = number(4...4, then: "-"), let month = number(2...2, then: "-"), (1...12).contains(month),
      let day = number(2...2, then: " "), (1...31).contains(day), let hour = number(2...2, then: ":"), hour < 24,
      let minute = number(2...2, then: ":"), minute < 60, let second = number(2...2, then: nil), second < 61
    else { return nil }
    var fraction: Int64 = 0
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      let digits = rest.count
      guard var value = number(1...9, then: nil) else { return nil }
      for _ in 0..<9 - (digits - rest.count) { value *= 10 }
      fraction = value
    }
    guard rest.first == UInt8(ascii: " ") else { return nil }
    rest.removeFirst()
    guard let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else { return nil }
    rest.removeFirst()
    guard let offset = number(4...4, then: nil) else { return nil }
    let east = (offset / 100 * 60 + offset % 100) * 60 * (sign == UInt8(ascii: "-") ? -1 : 1)
    let days = CivilDate(year: year, month: month, day: day).daysSince1970
    let seconds = days * 86_400 + hour * 3600 + minute * 60 + second - east
    // From the side of zero: 1677's last second is below what fits, its nanoseconds are not.
    let (whole, tooFar) = (seconds + (seconds < 0 ? 1 : 0)).multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, isBeyond) = whole.addingReportingOverflow(seconds < 0 ? fraction - 1_000_000_000 : fraction)
    return tooFar || isBeyond ? nil : sum
  }

  static func floorDivide(_ value: Int64, by divisor: Int64) -> Int64 {
    let (quotient, rest) = value.quotientAndRemainder(dividingBy: divisor)
    return rest < 0 ? quotient - 1 : quotient
  }
}

/// A day of the Gregorian calendar. Years are counted from March, so that a leap day is the last of its year, in eras of 400
/// years.
struct CivilDate {
  var year: Int64
  var month: Int64
  var day: Int64

  init(year: Int64, month: Int64, day: Int64) {
    self.year = year
    self.month = month
    self.day = day
  }

  init(daysSince1970 days: Int64) {
    let shifted = days + 719_468
    let era = RawTime.floorDivide(shifted, by: 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let fromMarch = (5 * dayOfYear + 2) / 153
    month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    day = dayOfYear - (153 * fromMarch + 2) / 5 + 1
  }

  var daysSince1970: Int64 {
    let fromMarch = month > 2 ? month - 3 : month + 9
    let year = month > 2 ? year : year - 1
    let era = RawTime.floorDivide(year, by: 400)
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * fromMarch + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}
