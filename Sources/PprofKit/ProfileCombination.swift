internal import ProfileAnalysis
internal import ProfileModel
internal import ProfileFormats

/// What was odd about one of several inputs.
public struct InputDiagnostics: Sendable {
  /// The input, as it stands in errors.
  public var name: String
  public var diagnostics: Diagnostics
}

/// What is to be said of profiles that were put together.
public struct CombinationReport: Sendable {
  /// Of the inputs beside the first one, in their order.
  public var inputs: [InputDiagnostics] = []
  /// What was lost on the way, a sentence each. It is about all of them.
  public var messages: [String] = []

  public init() {}
}

/// What a profile is put together with before it is filtered, shown or written, as `go tool pprof A B -base=C` does it.
public struct ProfileCombination: Hashable, Sendable {
  /// Profiles that are added.
  public var others: [ProfileInput] = []
  /// Profiles that are subtracted.
  public var bases: [ProfileInput] = []
  /// Whether the samples of the base are kept apart by the label `pprof::base`, so that reports show shares of it
  /// (`diff_base`).
  public var marksBase = false
  /// Whether the profile is scaled to the totals of the base first (`normalize`).
  public var isNormalized = false

  public init() {}

  public var isEmpty: Bool { others.isEmpty && bases.isEmpty }

  /// What is read for it.
  package var inputs: [ProfileInput] { others + bases }

  /// Puts what was loaded together with the rest.
  ///
  /// - Returns: what should be said.
  func apply(to loaded: inout LoadedProfile, _ options: InputOptions) throws(ProfileError) -> CombinationReport {
    var report = CombinationReport()
    if isEmpty { return report }
    var profiles = [loaded.profile]
    var subtracted: [Profile] = []
    for (i, input) in inputs.enumerated() {
      let other = try LoadedProfile(input, options: options)
      report.inputs.append(InputDiagnostics(name: other.name, diagnostics: other.diagnostics))
      if i < others.count { profiles.append(other.profile) } else { subtracted.append(other.profile) }
    }
    let merged = try Profile.difference(
      profiles, base: subtracted, isMarked: marksBase, isNormalized: isNormalized)
    loaded.profile = merged.profile
    report.messages = merged.messages
    return report
  }
}
