import ProfileModel

/// What of a node's value has which labels. Strings of a sample are one tag together; numbers stand below that tag.
package struct GraphTags: Sendable {
  package struct Tag: Sendable {
    package var name: [UInt8]
    /// Of a number.
    package var unit = ""
    package var value: Int64 = 0
    package var flat: Int64 = 0
    package var flatDivisor: Int64 = 0
    package var cum: Int64 = 0
    package var cumDivisor: Int64 = 0

    package init(name: [UInt8]) { self.name = name }

    package var flatValue: Int64 { flatDivisor == 0 ? flat : flat.dividedLikeGo(by: flatDivisor) }
    package var cumValue: Int64 { cumDivisor == 0 ? cum : cum.dividedLikeGo(by: cumDivisor) }
  }

  /// Of a node: its tags of strings, and those of numbers by the name of the tag that they belong to (empty: none).
  package struct OfNode: Sendable {
    package var labels: [Tag] = []
    package var numbers: [(label: [UInt8], tags: [Tag])] = []
  }

  private var nodes: [Int: OfNode] = [:]

  init() {}

  package func of(_ node: Int) -> OfNode { nodes[node] ?? OfNode() }

  mutating func set(_ tags: OfNode, of node: Int) { nodes[node] = tags }

  /// Forgets tags with less than `cutoff`, alone and with all below.
  mutating func drop(below cutoff: Int64) {
    func isLarge(_ tag: Tag) -> Bool { tag.flat.absolute >= cutoff || tag.cum.absolute >= cutoff }
    for (node, var tags) in nodes {
      tags.labels = tags.labels.filter(isLarge)
      for i in tags.numbers.indices { tags.numbers[i].tags = tags.numbers[i].tags.filter(isLarge) }
      nodes[node] = tags
    }
  }

  func flatCount(_ node: Int) -> Int {
    guard let tags = nodes[node] else { return 0 }
    return tags.labels.count { $0.flat != 0 } + tags.numbers.reduce(0) { $0 + $1.tags.count { $0.flat != 0 } }
  }

  /// The largest first, by what they have alone or with all below; by name where they are equal.
  package static func sorted(_ tags: [Tag], byFlat: Bool) -> [Tag] {
    tags.sorted { a, b in
      if !byFlat, a.cum != b.cum { return a.cum.absolute > b.cum.absolute }
      if a.flat != b.flat { return a.flat.absolute > b.flat.absolute }
      return a.name.lexicographicallyPrecedes(b.name)
    }
  }
}

extension CallGraph {
  package func tags(of node: Int) -> GraphTags.OfNode { tags.of(node) }

  /// Finds out what each kept node has of which labels.
  mutating func addTags(_ source: Source, kept: [Bool]?) {
    guard var collector = TagCollector(source) else { return }
    let frameOf = source.table.of
    var metIn = [UInt32](repeating: 0, count: flat.count)
    var mark: UInt32 = 0
    collector.run { stack, add in
      mark &+= 1
      var leaf = -1
      for at in source.columns.stackRange(stack).reversed() {
        for i in source.table.range(source.columns.stackLocations[at]).reversed() {
          let node = Int(frameOf[i])
          if let kept, !kept[node] {
            leaf = -1
            continue
          }
          leaf = node
          if metIn[node] == mark { continue }
          metIn[node] = mark
          add(node, false)
        }
      }
      if leaf >= 0 { add(leaf, true) }
    }
    collector.finish(&tags)
  }

  /// The same in a tree, where a stack is what is above its leaf.
  mutating func addTags(_ source: Source, leaves: [Int32]) {
    guard var collector = TagCollector(source) else { return }
    let parents = parents
    collector.run { stack, add in
      var node = leaves[stack.position]
      if node >= 0 { add(Int(node), true) }
      while node >= 0 {
        add(Int(node), false)
        node = parents[Int(node)]
      }
    }
    collector.finish(&tags)
  }
}

/// Adds the values of samples to the tags of nodes.
private struct TagCollector {
  private let source: CallGraph.Source
  /// Of each label set the tag of its strings and those of its numbers, as positions in `kinds`.
  private var sets: [(label: Int?, numbers: [(kind: Int, value: Int64)])?]
  /// A tag of any node: the joined strings, and of a number its text.
  private struct Kind: Hashable {
    var label: [UInt8]
    var number: [UInt8]?
  }
  private var kinds: [Kind] = []
  private var kindIndex: [Kind: Int] = [:]

  private var index = HashIndex()
  private let seed = HashSeed.next()
  private var keys: [UInt64] = []
  private var records: [GraphTags.Tag] = []

  /// nil where there is nothing to do.
  init?(_ source: CallGraph.Source) {
    guard source.options.tags != nil, source.columns.labelSetCount > 1 else { return nil }
    self.source = source
    sets = .init(repeating: nil, count: source.columns.labelSetCount)
  }

  /// - Parameter visit: calls its second argument for each node of a stack, and once more for the leaf alone.
  mutating func run(_ visit: (StackIndex, (_ node: Int, _ isFlat: Bool) -> Void) -> Void) {
    let columns = source.columns
    let options = source.options
    for sample in 0..<columns.sampleCount {
      let labels = columns.sampleLabels[sample]
      if labels == .empty { continue }
      let range = columns.valueRange(sample)
      let value = columns.values[range.lowerBound + options.sampleType]
      let divisor = options.divisor.map { columns.values[range.lowerBound + $0] } ?? 0
      if value == 0, divisor == 0 { continue }
      let (label, numbers) = set(labels)
      visit(columns.sampleStacks[sample]) { node, isFlat in
        if let label { add(node, label, 0, value, divisor, isFlat) }
        for number in numbers { add(node, number.kind, number.value, value, divisor, isFlat) }
      }
    }
  }

  private mutating func set(_ set: LabelSetIndex) -> (label: Int?, numbers: [(kind: Int, value: Int64)]) {
    if let known = sets[set.position] { return known }
    let labels = SampleLabels(set, source.columns)
    let joined = labels.joined
    var result: (label: Int?, numbers: [(kind: Int, value: Int64)]) = (nil, [])
    if !joined.isEmpty { result.label = kind(Kind(label: joined)) }
    if let tags = source.options.tags {
      for label in labels.numbers where label.key.elementsEqual("bytes".utf8) {
        for value in label.values {
          let text = Units.label(value, from: tags.bytesUnit, to: tags.shownUnit)
          result.numbers.append((kind(Kind(label: joined, number: Array(text.utf8))), value))
        }
      }
    }
    sets[set.position] = result
    return result
  }

  private mutating func kind(_ kind: Kind) -> Int {
    if let known = kindIndex[kind] { return known }
    kindIndex[kind] = kinds.count
    kinds.append(kind)
    return kinds.count - 1
  }

  private mutating func add(_ node: Int, _ kind: Int, _ number: Int64, _ value: Int64, _ divisor: Int64, _ isFlat: Bool)
  {
    let record = record(UInt64(node) << 32 | UInt64(kind), number)
    if isFlat {
      records[record].flat &+= value
      records[record].flatDivisor &+= divisor
    } else {
      records[record].cum &+= value
      records[record].cumDivisor &+= divisor
    }
  }

  private mutating func record(_ key: UInt64, _ number: Int64) -> Int {
    let hash = HashIndex.mix(seed ^ key)
    var probe = index.probe(hash)
    while let candidate = index.next(&probe) {
      if keys[Int(candidate)] == key { return Int(candidate) }
    }
    index.insert(hash, UInt32(keys.count))
    let kind = kinds[Int(key & 0xffff_ffff)]
    var tag = GraphTags.Tag(name: kind.number ?? kind.label)
    if kind.number != nil {
      tag.unit = source.options.tags?.bytesUnit ?? ""
      tag.value = number
    }
    keys.append(key)
    records.append(tag)
    return keys.count - 1
  }

  /// Hands the tags over to their nodes.
  func finish(_ tags: inout GraphTags) {
    var nodes: [Int: GraphTags.OfNode] = [:]
    for (key, record) in zip(keys, records) {
      let kind = kinds[Int(key & 0xffff_ffff)]
      let node = Int(key >> 32)
      if kind.number == nil {
        nodes[node, default: .init()].labels.append(record)
      } else if let at = nodes[node]?.numbers.firstIndex(where: { $0.label == kind.label }) {
        nodes[node]?.numbers[at].tags.append(record)
      } else {
        nodes[node, default: .init()].numbers.append((kind.label, [record]))
      }
    }
    for (node, found) in nodes { tags.set(found, of: node) }
  }
}
