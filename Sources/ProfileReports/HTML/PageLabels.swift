internal import ProfileModel

/// The labels by which a page filters: keys with so many values that nobody would choose among them are left out, and label
/// sets that differ in nothing else become one.
struct PageLabels {
  /// A key with more values than this is left out.
  static let mostValues = 500

  struct Value: Hashable {
    var key: String
    var value: String
  }

  /// What can be chosen.
  private(set) var values: [Value] = []
  /// Positions in `values`, for each of the sets that are told apart. Set 0 is empty.
  private(set) var sets: [[Int]] = [[]]
  /// For each label set of the profile the position in `sets`.
  private(set) var setOf: [UInt32]
  /// Keys that were left out, with the number of their values.
  private(set) var dropped: [(key: String, values: Int)] = []

  /// - Parameter most: how many values a key may have.
  init(_ profile: Profile, most: Int = mostValues) {
    let columns = profile.columns
    setOf = [UInt32](repeating: 0, count: columns.labelSetCount)
    var used = [Bool](repeating: false, count: columns.labelSetCount)
    for set in columns.sampleLabels { used[set.position] = true }
    // Keys in the order in which they are met.
    var keys: [StringIndex] = []
    var distinct: [StringIndex: Set<Label>] = [:]
    for set in used.indices where used[set] {
      for label in columns.labels[columns.labelRange(LabelSetIndex(set))] {
        if distinct[label.key] == nil { keys.append(label.key) }
        distinct[label.key, default: []].insert(label)
      }
    }
    for key in keys {
      let count = distinct[key]?.count ?? 0
      if count > most { dropped.append((ShownText.name(profile.string(key), limit: 60), count)) }
    }
    var positions: [Value: Int] = [:]
    var known: [[Int]: UInt32] = [[]: 0]
    for set in used.indices where used[set] {
      var labels: [Int] = []
      var knownLabels: Set<Int> = []
      for label in columns.labels[columns.labelRange(LabelSetIndex(set))] {
        if (distinct[label.key]?.count ?? 0) > most { continue }
        let value = Value(
          key: ShownText.name(profile.string(label.key), limit: 60), value: Self.text(of: label, in: profile))
        if positions[value] == nil {
          positions[value] = values.count
          values.append(value)
        }
        if let position = positions[value], knownLabels.insert(position).inserted { labels.append(position) }
      }
      labels.sort()
      if let same = known[labels] {
        setOf[set] = same
      } else {
        let new = UInt32(sets.count)
        known[labels] = new
        sets.append(labels)
        setOf[set] = new
      }
    }
  }

  private static func text(of label: Label, in profile: Profile) -> String {
    if label.str != .empty { return ShownText.name(profile.string(label.str), limit: 120) }
    let unit = profile.string(label.unit)
    // Go's runtime has sizes under the key `bytes`, without a unit.
    return Figures.grouped(label.num) + (unit.isEmpty ? "" : " " + ShownText.name(unit, limit: 20))
  }
}
