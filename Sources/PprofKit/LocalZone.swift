internal import ProfileModel

/// The local time zone as Go finds it, and so pprof: TZ names a file of the zone database, with or without a colon before
/// it. Everything else (`ABC-3`, which POSIX would take, or nothing) is UTC; without TZ the machine's zone counts.
enum LocalZone {
  static let atInstant: @Sendable (Int64) -> ZoneOffset = { seconds in
    guard isNamed, let zone = System.zone(at: seconds) else { return .utc }
    return ZoneOffset(seconds: zone.offset, abbreviation: zone.name)
  }

  private static var isNamed: Bool {
    guard var name = System.environment("TZ") else { return true }
    name = PathParts.dropping(":", from: name) ?? name
    if name.isEmpty || name == "UTC" { return false }
    if PathParts.isAbsolute(name) { return System.exists(name) }
    return folders.contains { System.exists($0 + name) }
  }

  /// Where Go looks.
  private static let folders = [
    "/usr/share/zoneinfo/", "/usr/share/lib/zoneinfo/", "/usr/lib/locale/TZ/", "/etc/zoneinfo/",
  ]
}
