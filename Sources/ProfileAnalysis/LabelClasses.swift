import ProfileModel

/// The distinct sets of labels, without a heap's sizes. Sets are equal if every key has the same values in the same order;
/// the order of the keys does not count (Go 1.19 writes them at random), but the set that came first is shown in its own.
/// Class 0 is the empty set.
struct LabelClasses {
  /// The class of each label set of the input.
  private(set) var classOfSet: [UInt32] = []

  private let columns: ProfileColumns
  private let strings: [StringIndex]?
  private let withoutSizes: Bool

  // Class i is labels[offsets[i] ..< offsets[i + 1]] of both: as shown, and by key for comparison.
  private var offsets = [0, 0]
  private var shown: [Label] = []
  private var sorted: [Label] = []
  private var index = HashIndex()
  /// The numbers of labels are the file's choice.
  private let seed = HashSeed.next()
  private var agreements: [UInt64: UInt32] = [:]

  init(_ columns: ProfileColumns, strings: [StringIndex]?, withoutSizes: Bool) {
    self.columns = columns
    self.strings = strings
    self.withoutSizes = withoutSizes
    classOfSet = (0..<columns.labelSetCount).map { set in
      intern(columns.labels[columns.labelRange(LabelSetIndex(set))].filter { !isRemoved($0) })
    }
  }

  /// What both classes have: the keys for which they list the same values.
  mutating func agreement(_ a: UInt32, _ b: UInt32) -> UInt32 {
    if a == b || a == 0 { return a }
    if b == 0 { return 0 }
    let pair = UInt64(a) << 32 | UInt64(b)
    if let known = agreements[pair] { return known }
    let differing = differing(a, b)
    let common = intern(labels(of: a).filter { !differing.contains(Key(canonicalLabel($0))) })
    agreements[pair] = common
    return common
  }

  func sizesRemoved(from columns: ProfileColumns) -> Int {
    if !withoutSizes { return 0 }
    let hasSize = (0..<columns.labelSetCount).map { set in
      columns.labels[columns.labelRange(LabelSetIndex(set))].contains(where: isRemoved)
    }
    return columns.sampleLabels.reduce(0) { $0 + (hasSize[$1.position] ? 1 : 0) }
  }

  func dropped(by groups: Groups, from columns: ProfileColumns) -> [GroupingReport.DroppedLabel] {
    var keys: [StringIndex] = []
    var counts: [Int] = []
    var positions: [StringIndex: Int] = [:]
    for (sample, set) in columns.sampleLabels.enumerated() {
      let own = classOfSet[set.position]
      let kept = groups.labels[Int(groups.groupOfSample[sample])]
      if own == kept { continue }
      let differing = differing(own, kept)
      var seen: Set<StringIndex> = []
      for label in labels(of: own).lazy.map(canonicalLabel)
      where differing.contains(Key(label)) && seen.insert(label.key).inserted {
        if let at = positions[label.key] {
          counts[at] += 1
        } else {
          positions[label.key] = keys.count
          keys.append(label.key)
          counts.append(1)
        }
      }
    }
    return zip(keys, counts).map { .init(key: columns.strings.string($0), samples: $1) }
  }

  /// Replaces the table of label sets by those of `classes`, and gives the index of each.
  func write(_ classes: [UInt32], to result: inout ProfileColumns) -> [LabelSetIndex] {
    result.labelOffsets = [0, 0]
    result.labels = []
    var setOfClass = [LabelSetIndex](repeating: .none, count: offsets.count - 1)
    setOfClass[0] = .empty
    return classes.map { number in
      if setOfClass[Int(number)] == .none {
        setOfClass[Int(number)] = LabelSetIndex(result.labelSetCount)
        result.labels.append(contentsOf: labels(of: number))
        result.labelOffsets.append(result.labels.count)
      }
      return setOfClass[Int(number)]
    }
  }

  private func labels(of number: UInt32) -> ArraySlice<Label> { shown[offsets[Int(number)]..<offsets[Int(number) + 1]] }

  private func isRemoved(_ label: Label) -> Bool { withoutSizes && isSize(label, columns) }

  /// A key with a kind of values: two kinds of one key are two lists, as google/pprof has them.
  private struct Key: Hashable {
    var key: StringIndex
    var isString: Bool

    init(_ label: Label) {
      key = label.key
      isString = label.str != .empty
    }

    static func < (a: Key, b: Key) -> Bool { a.key != b.key ? a.key < b.key : a.isString && !b.isString }
  }

  /// The keys of class `a` for which class `b` does not list the same values: a walk along both.
  private func differing(_ a: UInt32, _ b: UInt32) -> Set<Key> {
    let own = sorted[offsets[Int(a)]..<offsets[Int(a) + 1]]
    let other = sorted[offsets[Int(b)]..<offsets[Int(b) + 1]]
    var differing: Set<Key> = []
    var (i, j) = (own.startIndex, other.startIndex)
    while i < own.endIndex {
      let key = Key(own[i])
      let end = own[i...].firstIndex { Key($0) != key } ?? own.endIndex
      while j < other.endIndex, Key(other[j]) < key { j += 1 }
      let otherEnd = other[j...].firstIndex { Key($0) != key } ?? other.endIndex
      if own[i..<end] != other[j..<otherEnd] { differing.insert(key) }
      (i, j) = (end, otherEnd)
    }
    return differing
  }

  private mutating func intern(_ labels: some Collection<Label>) -> UInt32 {
    if labels.isEmpty { return 0 }
    let ordered = labels.map { canonicalLabel($0) }.enumerated().sorted { a, b in
      let (x, y) = (Key(a.element), Key(b.element))
      return x == y ? a.offset < b.offset : x < y
    }.map(\.element)
    var hash = seed
    for label in ordered {
      hash = HashIndex.mix(hash ^ (UInt64(label.key.rawValue) << 32 | UInt64(label.str.rawValue)))
      hash = HashIndex.mix(hash ^ UInt64(bitPattern: label.num))
      hash = HashIndex.mix(hash ^ UInt64(label.unit.rawValue))
    }
    if let known = find(hash, in: index, where: { sorted[offsets[$0]..<offsets[$0 + 1]].elementsEqual(ordered) }) {
      return known
    }
    let new = UInt32(offsets.count - 1)
    index.insert(hash, new)
    shown.append(contentsOf: labels)
    sorted.append(contentsOf: ordered)
    offsets.append(shown.count)
    return new
  }

  private func canonicalLabel(_ label: Label) -> Label {
    Label(
      key: canonical(label.key, strings), str: canonical(label.str, strings),
      num: label.num, unit: canonical(label.unit, strings))
  }
}

/// Whether a label says the size of a heap's objects. Go's runtime writes one with only a key for size 0.
func isSize(_ label: Label, _ columns: ProfileColumns) -> Bool {
  label.str == .empty && columns.strings.equals(label.key, "bytes")
}
