public import ProfileModel

/// What the shares of a report are of, taken of a profile before it is filtered: pprof shows shares of the whole unless told
/// `relative_percentages`.
public struct ReportBasis: Sendable {
  /// The sum of the absolute values of all samples; of the base alone where the profile is a difference to one; the mean of
  /// it where means are shown.
  public var total: Int64

  public init(total: Int64) { self.total = total }
}
