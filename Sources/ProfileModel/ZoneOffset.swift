/// A time zone at an instant: what a clock on the wall shows beside UTC.
public struct ZoneOffset: Hashable, Sendable {
  /// East of UTC.
  public var seconds: Int
  /// `CET`, `UTC`, `+0530`.
  public var abbreviation: String

  public init(seconds: Int, abbreviation: String) {
    self.seconds = seconds
    self.abbreviation = abbreviation
  }

  public static let utc = ZoneOffset(seconds: 0, abbreviation: "UTC")
}
