extension Units {
  /// A time on the clock of a zone, to the second: `2026-11-21 06:00:24 CET`. A zone without a name shows its offset.
  public static func localTime(seconds: Int64, _ zone: ZoneOffset) -> String {
    let (days, second) = floorDivide(seconds + Int64(max(-86_400, min(zone.seconds, 86_400))), by: 86_400)
    let date = civilDate(days: days)
    return string { buffer in
      func append(_ value: Int64, _ digits: Int, _ separator: UnicodeScalar?) {
        appendPadded(UInt64(value), digits: digits, to: &buffer)
        if let separator { buffer.append(UInt8(ascii: separator)) }
      }
      append(date.year, 4, "-")
      append(date.month, 2, "-")
      append(date.day, 2, " ")
      append(second / 3600, 2, ":")
      append(second / 60 % 60, 2, ":")
      append(second % 60, 2, " ")
      buffer.append(contentsOf: zone.abbreviation.utf8)
      if zone.abbreviation.isEmpty {
        let minutes = Int64(zone.seconds / 60).magnitude
        buffer.append(zone.seconds / 60 < 0 ? UInt8(ascii: "-") : UInt8(ascii: "+"))
        append(Int64(minutes / 60), 2, nil)
        append(Int64(minutes % 60), 2, nil)
      }
    }
  }
}
