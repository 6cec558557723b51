extension Units {
  /// A time in UTC as RFC 3339 has it, with as many decimals as it needs: `2026-11-21T06:00:24.5Z`. Any 64-bit number of
  /// nanoseconds since 1970 lies between the years 1677 and 2262.
  public static func appendTime(nanos: Int64, to buffer: inout [UInt8]) {
    let (seconds, fraction) = floorDivide(nanos, by: 1_000_000_000)
    let (days, second) = floorDivide(seconds, by: 86_400)
    let date = civilDate(days: days)
    appendPadded(UInt64(date.year), digits: 4, to: &buffer)
    buffer.append(UInt8(ascii: "-"))
    appendPadded(UInt64(date.month), digits: 2, to: &buffer)
    buffer.append(UInt8(ascii: "-"))
    appendPadded(UInt64(date.day), digits: 2, to: &buffer)
    buffer.append(UInt8(ascii: "T"))
    appendPadded(UInt64(second / 3600), digits: 2, to: &buffer)
    buffer.append(UInt8(ascii: ":"))
    appendPadded(UInt64(second / 60 % 60), digits: 2, to: &buffer)
    buffer.append(UInt8(ascii: ":"))
    appendPadded(UInt64(second % 60), digits: 2, to: &buffer)
    if fraction > 0 {
      buffer.append(UInt8(ascii: "."))
      appendPadded(UInt64(fraction), digits: 9, to: &buffer)
      while buffer.last == UInt8(ascii: "0") { buffer.removeLast() }
    }
    buffer.append(UInt8(ascii: "Z"))
  }

  public static func time(nanos: Int64) -> String { string { appendTime(nanos: nanos, to: &$0) } }

  /// The date that is `days` after 1970-01-01 in the Gregorian calendar. Years are counted from March, so that a leap day
  /// is the last of its year, in eras of 400 years.
  static func civilDate(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let (era, dayOfEra) = floorDivide(days + 719_468, by: 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * shifted + 2) / 5 + 1)
  }

  static func floorDivide(_ value: Int64, by divisor: Int64) -> (Int64, Int64) {
    let (quotient, rest) = value.quotientAndRemainder(dividingBy: divisor)
    return rest < 0 ? (quotient - 1, rest + divisor) : (quotient, rest)
  }
}
