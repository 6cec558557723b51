public import ProfileAnalysis
public import ProfileModel
public import ProfileReports

/// A report made of a profile as pprof makes it: loaded, filtered, shown.
public struct ReportRun: Sendable {
  public var options = ReportOptions()
  /// Whether shares are of what filters leave, not of the whole (`relative_percentages`).
  public var isRelative = false

  /// What is left out before the report is made.
  public var filters = FilterOptions()

  /// Whether frames that the profile itself wants dropped are shown (`all_frames`).
  public var keepsAllFrames = false
  /// A comment to add to the profile's; empty: none (`add_comment`).
  public var comment = ""
  /// The build id of the first mapping, where it has none; empty: none (`buildid`).
  public var buildID = ""
  /// What the first mapping's file is called; empty: what the profile says (pprof's binary before the profiles).
  public var program = ""

  public init() {}

  /// What a report is made of.
  public struct Prepared: Sendable {
    public var profile: Profile
    /// The options with what of them depends on the profile.
    public var options: ReportOptions
    /// What should be said: options that matched nothing, a sample type that is empty.
    public var notes: [String] = []
  }

  /// Puts a profile together with others.
  ///
  /// - Returns: what should be said.
  public func combine(
    _ loaded: inout LoadedProfile, with combination: ProfileCombination, _ options: InputOptions
  ) throws(ProfileError) -> CombinationReport {
    try combination.apply(to: &loaded, options)
  }

  /// Loads the profile as pprof does, applies the filters, and settles what shares are of: of everything, frames made of
  /// labels included, unless ``isRelative``.
  public func prepare(_ profile: Profile) throws(ProfileError) -> Prepared {
    var filters = filters
    filters.labelUnit = options.unit
    let filter = try ProfileFilter(filters)
    let loaded = try load(profile)
    let marked = try filter.addingLabelFrames(to: loaded)
    var basis = try ReportBasis(of: marked.profile, options)
    // A profile that stays as it is need not be checked again.
    let filtered = filters.isEmpty ? marked : try filter.filtered(marked.profile, units: basis.labelUnits)
    var prepared = Prepared(profile: filtered.profile, options: options)
    prepared.options.zone = LocalZone.atInstant
    prepared.options.sources = .files
    prepared.options.activeFilters = filters.activeFilters
    prepared.notes =
      filter.notes + basis.labelUnits.warnings + marked.warnings + (filters.isEmpty ? [] : filtered.warnings)
    prepared.notes += basis.notes(of: marked.profile, options)
    if isRelative {
      basis.total = nil
    } else if !filters.isEmpty {
      try basis.setTypeTotals(of: marked.profile, options)
    }
    prepared.options.basis = basis
    return prepared
  }

  private func load(_ profile: Profile) throws(ProfileError) -> Profile {
    let source = keepsAllFrames ? try profile.withoutDropFrames() : profile
    let loaded = try source.asLoadedByPprof().withoutDropFrames()
    if comment.isEmpty, buildID.isEmpty, program.isEmpty { return loaded }
    var columns = loaded.columns
    if !comment.isEmpty { columns.comments.append(columns.strings.append(comment)) }
    if !buildID.isEmpty, !columns.mappings.isEmpty, columns.strings.isEmpty(columns.mappings[0].buildID) {
      columns.mappings[0].buildID = columns.strings.append(buildID)
    }
    if !program.isEmpty, !columns.mappings.isEmpty { columns.mappings[0].file = columns.strings.append(program) }
    return try Profile(columns)
  }
}
