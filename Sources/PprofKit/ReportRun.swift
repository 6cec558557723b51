internal import ProfileAnalysis
public import ProfileModel
public import ProfileReports

/// A report made of a profile as pprof makes it: loaded, filtered, shown.
public struct ReportRun: Sendable {
  public var options = ReportOptions()
  /// Whether shares are of what filters leave, not of the whole (`relative_percentages`).
  public var isRelative = false

  public init() {}

  /// What a report is made of.
  public struct Prepared: Sendable {
    public var profile: Profile
    /// The options with what of them depends on the profile.
    public var options: ReportOptions
    /// What should be said: options that matched nothing, a sample type that is empty.
    public var notes: [String] = []
  }

  /// Loads the profile as pprof does, applies the filters, and settles what shares are of.
  public func prepare(_ profile: Profile) throws(ProfileError) -> Prepared {
    let loaded = try profile.asLoadedByPprof().withoutDropFrames()
    var prepared = Prepared(profile: loaded, options: options)
    prepared.options.zone = LocalZone.atInstant
    var basis = try ReportBasis(of: loaded, options)
    prepared.notes += basis.notes(of: loaded, options)
    if isRelative { basis.total = nil }
    prepared.options.basis = basis
    return prepared
  }
}
