internal import ProfileAnalysis
internal import ProfileModel

/// What pictures say of a difference.
enum Comparison {
  /// Whether a profile holds another one's samples too, marked and with their signs turned (`diff_base`), so that of each
  /// frame can be told what was before and what is now: half of the difference, and of the sum, of what the magnitudes and
  /// the values add up to.
  static func isKnown(in columns: ProfileColumns, _ types: [Int]) -> Bool {
    let isOfBase = (0..<columns.labelSetCount).map { SampleLabels.isOfBase(LabelSetIndex($0), columns) }
    if !isOfBase.contains(true) { return false }
    let width = columns.sampleTypes.count
    return (0..<columns.sampleCount).allSatisfy { sample in
      let isBase = isOfBase[columns.sampleLabels[sample].position]
      return types.allSatisfy { type in
        let value = columns.values[sample * width + type]
        return isBase ? value <= 0 : value >= 0
      }
    }
  }

  static func note(isKnown: Bool) -> String {
    isKnown
      ? "A difference: red is more than before, blue is less, grey did not change. A frame is as wide as what was before and what is now together."
      : "A difference: red is more than before, blue is less. Widths are of values with their signs aside."
  }
}
