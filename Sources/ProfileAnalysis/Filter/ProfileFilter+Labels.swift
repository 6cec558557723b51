internal import ProfileModel
internal import RegularExpressions

extension ProfileFilter {
  /// tagfocus and tagignore. Gives which samples stay.
  func filterLabels(_ columns: ProfileColumns, _ units: LabelUnits, _ unmatched: inout [String]) -> [Bool] {
    let focused = tagFocus?.matches(columns, units)
    let ignored = tagIgnore?.matches(columns, units)
    let sets = columns.sampleLabels
    if let focused, !sets.contains(where: { focused[$0.position] }) { unmatched.append("TagFocus") }
    if let ignored, !sets.contains(where: { ignored[$0.position] }) { unmatched.append("TagIgnore") }
    return sets.map { (focused?[$0.position] ?? true) && !(ignored?[$0.position] ?? false) }
  }

  /// tagshow and taghide, which look at keys.
  func filterKeys(_ columns: inout ProfileColumns, _ unmatched: inout [String]) {
    var isUsed = [Bool](repeating: false, count: columns.labelSetCount)
    for set in columns.sampleLabels { isUsed[set.position] = true }
    var shown = tagShow.map { NameMatches($0, columns) }
    var hidden = tagHide.map { NameMatches($0, columns) }
    var isKept = [Bool](repeating: true, count: columns.labels.count)
    var anyShown = false
    var anyHidden = false
    for set in isUsed.indices {
      for at in columns.labelRange(LabelSetIndex(set)) {
        let label = columns.labels[at]
        let isShown = shown?.matches(label.key, columns) ?? true
        let isHidden = hidden?.matches(label.key, columns) ?? false
        isKept[at] = isShown && !isHidden
        if isUsed[set], label.isString || label.isNumber {
          anyShown = anyShown || isShown
          anyHidden = anyHidden || isHidden
        }
      }
    }
    if tagShow != nil, !anyShown { unmatched.append("TagShow") }
    if tagHide != nil, !anyHidden { unmatched.append("TagHide") }
    columns.keepLabels(isKept)
  }
}
