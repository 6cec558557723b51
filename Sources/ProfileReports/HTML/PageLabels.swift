internal import ProfileModel

/// The labels by which a page filters: keys with so many values that nobody would choose among them are left out, and label
/// sets that differ in nothing else become one.
struct PageLabels {
  /// A key with more values than this is left out.
  static let mostValues = 500
  /// Keys whose values have no room among so many are left out.
  static let mostOfAll = 5_000

  struct Value: Hashable {
    var key: String
    var value: String
  }

  /// What can be chosen: keys in the order in which they are met, the values of each in theirs.
  private(set) var values: [Value] = []
  /// Positions in `values`, for each of the sets that are told apart. Set 0 is empty.
  private(set) var sets: [[Int]] = [[]]
  /// For each label set of the profile the position in `sets`.
  private(set) var setOf: [UInt32]
  /// Keys that were left out for the number of their values, and that number.
  private(set) var dropped: [(key: String, values: Int)] = []
  /// Those for which there was no room behind others.
  private(set) var crowdedOut: [String] = []

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
      for label in columns.labels[columns.labelRange(LabelSetIndex(set))].lazy.map(Self.told) {
        if distinct[label.key] == nil { keys.append(label.key) }
        distinct[label.key, default: []].insert(label)
      }
    }
    for key in keys {
      let count = distinct[key]?.count ?? 0
      if count > most { dropped.append((ShownText.name(profile.string(key), limit: 60), count)) }
    }
    var positions: [Label: Int] = [:]
    // Labels that differ may look alike: a number and a text of digits, or long ones that begin alike.
    var taken: Set<Value> = []
    for key in keys {
      guard let labels = distinct[key], labels.count <= most else { continue }
      if values.count + labels.count > Self.mostOfAll {
        crowdedOut.append(ShownText.name(profile.string(key), limit: 60))
        continue
      }
      for label in Self.ordered(labels, in: profile) {
        let plain = Self.value(of: label, in: profile)
        var value = plain
        var number = 1
        while !taken.insert(value).inserted {
          number += 1
          value.value = "\(plain.value) (\(number))"
        }
        positions[label] = values.count
        values.append(value)
      }
    }
    var known: [[Int]: UInt32] = [[]: 0]
    for set in used.indices where used[set] {
      var labels: [Int] = []
      var knownLabels: Set<Int> = []
      for label in columns.labels[columns.labelRange(LabelSetIndex(set))].lazy.map(Self.told) {
        guard let position = positions[label] else { continue }
        if knownLabels.insert(position).inserted { labels.append(position) }
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

  /// As somebody looks for them: numbers from the smallest on, also where they are text, then words by their letters.
  private static func ordered(_ labels: Set<Label>, in profile: Profile) -> [Label] {
    let keyed = labels.map { label -> (order: (isWord: Int, number: Int64, isText: Int, text: String), label: Label) in
      let text = profile.string(label.str)
      let number = label.str == .empty ? label.num : Int64(text)
      let isText = label.str == .empty ? 0 : 1
      return ((number == nil ? 1 : 0, number ?? 0, isText, isText == 1 ? text : profile.string(label.unit)), label)
    }
    return keyed.sorted { $0.order < $1.order }.map(\.label)
  }

  /// What tells a label from others: of a text nobody reads the number beside it.
  private static func told(_ label: Label) -> Label {
    label.str == .empty ? label : Label(key: label.key, str: label.str)
  }

  private static func value(of label: Label, in profile: Profile) -> Value {
    Value(key: ShownText.name(profile.string(label.key), limit: 60), value: text(of: label, in: profile))
  }

  private static func text(of label: Label, in profile: Profile) -> String {
    if label.str != .empty { return ShownText.name(profile.string(label.str), limit: 120) }
    let unit = profile.string(label.unit)
    // Go's runtime has sizes under the key `bytes`, without a unit.
    return Figures.grouped(label.num) + (unit.isEmpty ? "" : " " + ShownText.name(unit, limit: 20))
  }
}
