package import ProfileAnalysis
public import ProfileModel

/// What the shares of a report are of, taken of a profile before it is filtered: pprof shows shares of the whole unless told
/// `relative_percentages`.
public struct ReportBasis: Sendable {
  /// The sum of the absolute values of all samples; of the base alone where the profile is a difference to one; the mean
  /// where means are shown. nil: of the profile that is shown.
  public var total: Int64?
  /// What numeric labels count.
  package var labelUnits: LabelUnits

  /// Of each sample type; nil: of the profile that is shown. For pictures that have them all.
  var typeTotals: [Int64]?

  /// What shares of a sample type are of.
  func total(of type: Int, in profile: Profile, _ options: ReportOptions) throws(ProfileError) -> Int64? {
    if let typeTotals { return typeTotals.indices.contains(type) ? typeTotals[type] : nil }
    return try Self.total(of: type, in: profile, options)
  }

  private static func total(of type: Int, in profile: Profile, _ options: ReportOptions) throws(ProfileError) -> Int64 {
    var options = options
    options.sampleType = String(type)
    return try SampleChoice(profile, options).total(profile)
  }

  /// Settles what shares of each sample type are of: of this profile.
  package mutating func setTypeTotals(of profile: Profile, _ options: ReportOptions) throws(ProfileError) {
    typeTotals = try profile.columns.sampleTypes.indices.map { (type) throws(ProfileError) in
      try Self.total(of: type, in: profile, options)
    }
  }

  /// - Throws: `unsupported`, where the profile does not have the sample type that is asked for.
  public init(of profile: Profile, _ options: ReportOptions) throws(ProfileError) {
    total = try SampleChoice(profile, options).total(profile)
    labelUnits = LabelUnits(profile.columns)
  }

  /// Where the sample type that is shown holds nothing: that it does, and which types hold something.
  public func notes(of profile: Profile, _ options: ReportOptions) -> [String] {
    guard total == 0, let choice = try? SampleChoice(profile, options) else { return [] }
    let columns = profile.columns
    var isUsed = [Bool](repeating: false, count: columns.sampleTypes.count)
    for (i, value) in columns.values.enumerated() where value != 0 { isUsed[i % isUsed.count] = true }
    let others = isUsed.indices.filter { isUsed[$0] }.map { profile.string(columns.sampleTypes[$0].type) }
    let name = profile.string(choice.type.type)
    if columns.sampleCount == 0 { return ["there are no samples"] }
    // Values that cancel out, or a mean below 1.
    if isUsed[choice.index] { return [] }
    if others.isEmpty { return ["all values of all sample types are 0"] }
    return [
      "\(name) is 0 in all samples; what holds something: \(others.joined(separator: ", ")) (`ReportOptions.sampleType`)"
    ]
  }
}
