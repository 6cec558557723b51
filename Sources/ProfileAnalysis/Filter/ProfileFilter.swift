public import ProfileModel
internal import RegularExpressions

/// ``FilterOptions`` made ready: every pattern is compiled, and none can fail any more.
///
///     var options = FilterOptions()
///     options.focus = "http"
///     let filter = try ProfileFilter(options)
///     let small = try filter.apply(to: profile.asLoadedByPprof()).profile
///
/// Filters are applied in pprof's order (internal/driver/driver_focus.go): focus, ignore, hide and show; show_from; tagfocus and
/// tagignore; tagshow and taghide; prune_from. Each name is looked at once, however many samples it is in.
public struct ProfileFilter: Sendable {
  public let options: FilterOptions
  /// What people may have meant otherwise, a sentence each.
  public let notes: [String]

  let focus, ignore, hide, show, showFrom, pruneFrom, tagShow, tagHide: RegularExpression?
  let tagFocus, tagIgnore: LabelFilter?

  /// - Throws: ``ProfileError`` with code `option` for a pattern that is none, with the place in it.
  public init(_ options: FilterOptions) throws(ProfileError) {
    func pattern(_ text: String, _ name: String) throws(ProfileError) -> RegularExpression? {
      text.isEmpty ? nil : try RegularExpression(text, name: name)
    }
    self.options = options
    focus = try pattern(options.focus, "focus")
    ignore = try pattern(options.ignore, "ignore")
    hide = try pattern(options.hide, "hide")
    show = try pattern(options.show, "show")
    showFrom = try pattern(options.showFrom, "show_from")
    pruneFrom = try pattern(options.pruneFrom, "prune_from")
    tagShow = try pattern(options.tagShow, "tagshow")
    tagHide = try pattern(options.tagHide, "taghide")
    tagFocus = try LabelFilter(options.tagFocus, name: "tagfocus")
    tagIgnore = try LabelFilter(options.tagIgnore, name: "tagignore")
    var notes: [String] = []
    for (name, text, filter) in [
      ("tagfocus", options.tagFocus, tagFocus), ("tagignore", options.tagIgnore, tagIgnore),
    ] where filter?.isRange == true {
      notes.append("\(name): `\(text)` is read as a range of numbers, not as a pattern")
    }
    self.notes = notes
  }
}

extension ProfileFilter {
  /// A profile after filtering.
  public struct Result: Sendable {
    public var profile: Profile
    /// The filters that matched nothing, in pprof's words for them: `Focus`, `TagIgnore`.
    public var unmatched: [String] = []

    /// What pprof says of them, a sentence each.
    public var warnings: [String] { unmatched.map { "\($0) expression matched no samples" } }
  }

  /// The profile with labels as frames, filtered, and with inlined functions hidden, as the options ask for. What pprof writes
  /// with `-proto`; its reports take their totals between the steps.
  ///
  /// O(frames of distinct stacks + samples), and each distinct name once for each pattern.
  ///
  /// - Parameter profile: as pprof loads it; see ``ProfileModel/Profile/asLoadedByPprof()``.
  /// - Throws: ``ProfileError`` where the result would be no valid profile.
  public func apply(to profile: Profile) throws(ProfileError) -> Result {
    let units = LabelUnits(profile.columns)
    let marked = try addingLabelFrames(to: profile)
    var result = try filtered(marked.profile, units: units)
    result.unmatched = marked.unmatched + result.unmatched
    if options.hidesInlines { result.profile = try result.profile.withoutInlines() }
    return result
  }

  /// The filters alone.
  ///
  /// - Parameter units: those of the labels before anything was filtered.
  package func filtered(_ profile: Profile, units: LabelUnits) throws(ProfileError) -> Result {
    var columns = profile.columns
    var unmatched: [String] = []
    // Comments that tell of samples by number are true no longer.
    var sampled = profile.hasSamplingFacts ? HeapSampling.sampledValues(of: profile) : nil

    func keep(_ isKept: [Bool]) {
      if let all = sampled {
        sampled = isKept.indices.filter { isKept[$0] }.flatMap { all[4 * $0..<4 * $0 + 4] }
      }
      columns.keepSamples(isKept)
    }

    if focus != nil || ignore != nil || hide != nil || show != nil {
      keep(filterNames(&columns, &unmatched))
    }
    if let showFrom { keep(Self.showFrom(showFrom, &columns, &unmatched)) }
    if tagFocus != nil || tagIgnore != nil { keep(filterLabels(columns, units, &unmatched)) }
    if tagShow != nil || tagHide != nil { filterKeys(&columns, &unmatched) }
    if let pruneFrom { Self.prune(from: pruneFrom, &columns) }
    if profile.hasSamplingFacts { columns.replaceSamplingFacts(sampled) }
    return Result(profile: try Profile(columns), unmatched: unmatched)
  }
}
