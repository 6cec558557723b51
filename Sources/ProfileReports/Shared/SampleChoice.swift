import ProfileAnalysis
import ProfileModel

/// Which values of a profile count.
struct SampleChoice {
  let index: Int
  /// The position of what they are divided by, where means are shown.
  let divisor: Int?
  let type: ValueType

  init(_ profile: Profile, _ options: ReportOptions) throws(ProfileError) {
    let types = profile.columns.sampleTypes
    index = try Self.index(of: options.sampleType ?? "", in: profile)
    divisor = options.isMean ? 0 : nil
    type = types[index]
  }

  /// pprof's SampleIndexByName, and the words of ``SampleTypeSelection`` where that finds nothing.
  private static func index(of word: String, in profile: Profile) throws(ProfileError) -> Int {
    let columns = profile.columns
    let types = columns.sampleTypes
    if types.isEmpty {
      throw ProfileError(.invalid, "the profile has no sample types, so there is nothing to report")
    }
    func first(_ name: String) -> Int? { types.firstIndex { columns.strings.equals($0.type, name) } }
    if word.isEmpty {
      let wanted = columns.strings[columns.defaultSampleType]
      if wanted.isEmpty { return types.count - 1 }
      return types.firstIndex { columns.strings.equals($0.type, wanted) } ?? types.count - 1
    }
    if let position = Int(word), types.indices.contains(position) { return position }
    let plain = word.hasPrefix("inuse_") ? String(word.dropFirst(6)) : word
    let found = types.indices.first { i in
      columns.strings.equals(types[i].type, word) || columns.strings.equals(types[i].type, plain)
    }
    if let found { return found }
    do throws(ProfileError) { return try SampleTypeSelection.index(of: word, in: profile) } catch {
      // What was asked for is wrong, not the file.
      var error = error
      error.code = .option
      throw error
    }
  }

  /// The sum of the absolute values of all samples, or of those of the base where there are any; the mean where means are
  /// shown.
  func total(_ profile: Profile) -> Int64 {
    let columns = profile.columns
    let isOfBase = (0..<columns.labelSetCount).map { SampleLabels.isOfBase(LabelSetIndex($0), columns) }
    let hasBase = isOfBase.contains(true)
    let width = columns.sampleTypes.count
    var all = (total: Int64(0), count: Int64(0))
    var base = all
    for sample in 0..<columns.sampleCount {
      let value = columns.values[sample &* width &+ index].absolute
      let count = divisor.map { columns.values[sample &* width &+ $0] } ?? 0
      all.total &+= value
      all.count &+= count
      if hasBase, isOfBase[columns.sampleLabels[sample].position] {
        base.total &+= value
        base.count &+= count
      }
    }
    if base.total > 0 { all = base }
    return all.count == 0 ? all.total : all.total.dividedLikeGo(by: all.count)
  }
}
