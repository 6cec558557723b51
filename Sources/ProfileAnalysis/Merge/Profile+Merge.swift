public import ProfileModel

/// Profiles that became one.
public struct Merged: Sendable {
  public var profile: Profile
  /// What was lost on the way and nobody asked to lose, a sentence each.
  public var messages: [String] = []
}

extension Profile {
  /// The sum of profiles, as `go tool pprof A B …` makes it. Equal locations, functions and mappings become one; so do samples
  /// with one stack and one set of labels. The result holds only what its samples use, in the order of first use. It has the
  /// sample types that all profiles have, in the order of the first one; units become the finest of all; the earliest time,
  /// the sum of the durations and the largest period are kept, comments once each, and of the rest what comes first.
  ///
  /// Of one profile it is the profile itself. O(frames of distinct stacks + samples).
  ///
  /// - Throws: ``ProfileError`` with code `unsupported` where they have no sample type in common, types of one name have units
  ///   that cannot be compared, or a sum does not fit in 64 bits.
  public static func merged(_ profiles: [Profile]) throws(ProfileError) -> Merged {
    var sum = Merged(profile: Profile())
    // pprof reads 128 files at once, and adds them to what it has.
    let chunk = 128
    for start in stride(from: 0, to: profiles.count, by: chunk) {
      var fetched: [Profile] = []
      for profile in profiles[start..<min(start + chunk, profiles.count)] { fetched.append(try profile.asFetched()) }
      let part = try combined(fetched)
      sum.messages += part.messages
      if start == 0 {
        sum.profile = part.profile
      } else {
        let both = try combined([sum.profile, part.profile])
        sum.profile = both.profile
        sum.messages += both.messages
      }
    }
    return sum
  }

  /// Profiles less others, as `go tool pprof -base` makes it; samples that come to nothing go.
  ///
  /// - Parameters:
  ///   - base: what is subtracted; merged first. Nothing: the sum of `profiles`.
  ///   - isMarked: whether the base's samples stay samples of their own, with the label `pprof::base`, so that reports show
  ///     shares of the base (`diff_base`).
  ///   - isNormalized: whether the values are scaled so that profile and base have the same totals first (`normalize`).
  /// - Throws: as ``merged(_:)``.
  public static func difference(
    _ profiles: [Profile], base: [Profile], isMarked: Bool = false, isNormalized: Bool = false
  ) throws(ProfileError) -> Merged {
    var sum = try merged(profiles)
    if base.isEmpty { return sum }
    let other = try merged(base)
    var baseColumns = other.profile.columns
    if isMarked { baseColumns.mark() }
    if isNormalized {
      var columns = sum.profile.columns
      try columns.normalize(to: baseColumns)
      sum.profile = try Profile(columns)
    }
    baseColumns.scale(by: baseColumns.sampleTypes.map { _ in -1 })
    let both = try combined([sum.profile, Profile(baseColumns)])
    return Merged(profile: both.profile, messages: sum.messages + other.messages + both.messages)
  }

  /// The profile without what no sample uses, without samples of nothing but zeros, and with what is equal made one: what
  /// pprof makes of it when it merges it with others. Smaller after a filter, which leaves tables as they are.
  ///
  /// - Throws: as ``merged(_:)``.
  public func compacted() throws(ProfileError) -> Merged {
    let unknown = columns.unknownFields.entries.count
    let messages = unknown > 0 ? ["unknown fields of \(unknown) messages are left out of what is merged"] : []
    return Merged(profile: try Self.sum([columns]), messages: messages)
  }

  private static func combined(_ profiles: [Profile]) throws(ProfileError) -> Merged {
    if profiles.count == 1 { return Merged(profile: profiles[0]) }
    var parts = profiles.map(\.columns)
    var messages: [String] = []
    try SampleTypeUnion.unify(&parts, &messages)
    try SampleTypeUnion.unifyUnits(&parts)
    let unknown = parts.reduce(0) { $0 + $1.unknownFields.entries.count }
    if unknown > 0 { messages.append("unknown fields of \(unknown) messages are left out of what is merged") }
    return Merged(profile: try sum(parts), messages: messages)
  }

  /// Sums profiles of the same sample types.
  private static func sum(_ parts: [ProfileColumns]) throws(ProfileError) -> Profile {
    var merger = ProfileMerger(like: parts[0])
    for (i, part) in parts.enumerated() {
      merger.addHeader(part, isFirst: i == 0)
      merger.add(part)
    }
    let merged = try merger.finish()
    if merged.totals.zeroSamples == 0, !merged.hasSamplingFacts { return merged }
    var columns = merged.columns
    columns.replaceSamplingFacts(nil)
    // What only came to nothing is no longer used: once more without it.
    return merged.totals.zeroSamples == 0 ? try Profile(columns) : try sum([columns])
  }
}

extension ProfileColumns {
  /// Labels every sample as one of the base.
  mutating func mark() {
    let key = strings.append("pprof::base")
    let value = strings.append("true")
    var marked = ProfileColumns()
    marked.labelOffsets = [0]
    for set in 0..<labelSetCount {
      for label in labels[labelRange(LabelSetIndex(set))]
      where !(label.isString && strings.equals(label.key, strings[key])) { marked.labels.append(label) }
      // Set 0 must stay empty, so that the one for samples without labels is put behind.
      if set > 0 { marked.labels.append(Label(key: key, str: value)) }
      marked.labelOffsets.append(marked.labels.count)
    }
    marked.labels.append(Label(key: key, str: value))
    marked.labelOffsets.append(marked.labels.count)
    let alone = LabelSetIndex(labelSetCount)
    labels = marked.labels
    labelOffsets = marked.labelOffsets
    sampleLabels = sampleLabels.map { $0 == .empty ? alone : $0 }
    unknownFields.moveAll { owner in
      if case .label = owner { nil } else { owner }
    }
  }

  /// Multiplies every value by the ratio of its column, rounded, and leaves out samples of nothing but zeros, as pprof does:
  /// where a column has another ratio than 1 it looks only at those.
  mutating func scale(by ratios: [Double]) {
    if ratios.allSatisfy({ $0 == 1 }) { return }
    var isKept: [Bool] = []
    isKept.reserveCapacity(sampleCount)
    for sample in 0..<sampleCount {
      var hasValue = false
      for (i, at) in valueRange(sample).enumerated() where ratios[i] != 1 {
        values[at] = Self.truncated((Double(values[at]) * ratios[i]).rounded())
        hasValue = hasValue || values[at] != 0
      }
      isKept.append(hasValue)
    }
    keepSamples(isKept)
  }

  /// Scales the columns to have the sums of `base`.
  mutating func normalize(to base: ProfileColumns) throws(ProfileError) {
    try SampleTypeUnion.check(self, base)
    func sums(_ columns: ProfileColumns) -> [Int64] {
      var sums = [Int64](repeating: 0, count: columns.sampleTypes.count)
      for sample in 0..<columns.sampleCount {
        for (i, at) in columns.valueRange(sample).enumerated() { sums[i] &+= columns.values[at] }
      }
      return sums
    }
    scale(by: zip(sums(base), sums(self)).map { $1 == 0 ? 0 : Double($0) / Double($1) })
  }

  /// As Go on amd64 makes an integer of a number that does not fit.
  static func truncated(_ value: Double) -> Int64 { Int64(exactly: value.rounded(.towardZero)) ?? .min }
}
