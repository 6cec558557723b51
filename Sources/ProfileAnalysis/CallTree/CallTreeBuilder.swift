import ProfileModel

/// Splits the stacks by their first frames, each part by its second ones, and so on. A part that is too narrow is dropped
/// with all that it calls, so that time and memory go with what is shown; nothing is hashed.
struct CallTreeBuilder {
  private let columns: ProfileColumns
  private let table: FrameTable
  private let sums: StackSums
  private let options: CallTree.Options
  private let typeCount: Int
  /// Apart, like the order of parts: a method of the builder that is called while the stacks change takes a copy of it, and
  /// then of all stacks, for each node.
  private let walk: StackWalk
  /// Below which a node is cut, for each type.
  private let minima: [Double]
  private let totals: [Double]
  /// What a node must stand before, once there were more than are kept.
  private var limit: CallTree.Rank?

  /// The stacks; those of a node that is not done yet stand together.
  private var order: [StackWalk.Cursor]
  private var scratch: [StackWalk.Cursor]
  /// For each stack of `order`, the part that its next frame falls into.
  private var partOf: [UInt32]
  /// For each frame its part among the callees of the node at hand, if `partStamps` has the node's number.
  private var parts: [UInt32]
  private var partStamps: [UInt32]
  /// The parts of the node at hand, and what each sums to: values, then widths, of each type.
  private var found: [Part] = []
  private var partSums: [Int64] = []
  /// The same of the nodes that are pending, the last one's last: arrays of their own for each took as long as the rest.
  private var pendingSums: [Int64]

  /// A node that was found and not split yet.
  private struct Pending {
    var parent: UInt32
    var depth: UInt32
    var offset: Int64
    var part: Part
    var range: Range<Int>
  }

  /// The stacks of a node that go on with one frame.
  private struct Part {
    var frame: Int
    var stacks = 0
    /// Whether any of the stacks goes on after the frame.
    var hasCallees = false
    var isEverInlined = false
    var isAlwaysInlined = true

    var inlining: CallTree.Inlining { isAlwaysInlined ? .always : isEverInlined ? .partly : .never }

    static func sorted(_ found: [Part], _ table: FrameTable) -> [Int] {
      found.count == 1 ? [0] : found.indices.sorted { precedes(found[$0], found[$1], table) }
    }

    /// Whether a part stands before another: see ``CallTree``.
    private static func precedes(_ a: Part, _ b: Part, _ table: FrameTable) -> Bool {
      let (x, y) = (table.name(of: a.frame), table.name(of: b.frame))
      let shared = min(x.count, y.count)
      for i in 0..<shared where x[i] != y[i] { return x[i] < y[i] }
      func following(_ part: Part, _ name: Span<UInt8>) -> UInt8 {
        name.count > shared ? name[shared] : UInt8(ascii: part.hasCallees ? ";" : " ")
      }
      let (p, q) = (following(a, x), following(b, y))
      return p == q ? x.count < y.count : p < q
    }
  }

  init(_ columns: ProfileColumns, _ table: FrameTable, _ sums: StackSums, _ options: CallTree.Options) {
    self.columns = columns
    self.table = table
    self.sums = sums
    self.options = options
    typeCount = options.sampleTypes.count
    minima = sums.totals.map { options.minimumShare * Double($0) }
    totals = sums.totals.map { Double($0) }
    walk = StackWalk(columns, table, isReversed: options.isReversed)
    order = sums.stacks.map { [walk] in walk.begin($0, of: columns) }
    scratch = order
    partOf = [UInt32](repeating: 0, count: order.count)
    pendingSums = (0..<typeCount).map { type in
      sums.stacks.reduce(0) { $0 &+ sums.values[Int($1) &* options.sampleTypes.count &+ type] }
    }
    pendingSums += sums.totals
    parts = [UInt32](repeating: 0, count: table.count)
    partStamps = [UInt32](repeating: .max, count: table.count)
  }

  mutating func run(into tree: inout CallTree) {
    tree.nodeOfStack = [UInt32](repeating: .max, count: columns.stackCount)
    tree.isStackCut = [Bool](repeating: false, count: columns.stackCount)
    // Pruned each time there are half as many more as should be kept: what so many others stand before stays out, whatever
    // follows.
    let most = max(1, options.maximumCount)
    let (crowd, isUnlimited) = most.addingReportingOverflow(most / 2 + 1)
    var root = Part(frame: 0)
    root.isAlwaysInlined = false
    var pending = [Pending(parent: 0, depth: 0, offset: 0, part: root, range: 0..<order.count)]
    while let node = pending.popLast() {
      let number = tree.count
      tree.append(node.part.frame, parent: node.parent, depth: node.depth, node.part.inlining)
      tree.offsets.append(node.offset)
      let at = pendingSums.count &- 2 &* typeCount
      tree.values.append(contentsOf: pendingSums[at..<at &+ typeCount])
      tree.widths.append(contentsOf: pendingSums[(at &+ typeCount)...])
      pendingSums.removeLast(2 &* typeCount)
      split(node, number, &pending, &tree)
      if !isUnlimited, tree.count >= crowd { prune(&tree, &pending, to: most) }
    }
    if tree.count > most { prune(&tree, &pending, to: most) }
  }

  /// Leaves the first nodes by their rank, and of those that are pending the ones that stand before the last of these.
  private mutating func prune(_ tree: inout CallTree, _ pending: inout [Pending], to most: Int) {
    let pruning = tree.prune(to: most, totals: totals)
    let limit = pruning.limit
    self.limit = limit
    tree.cut.isCrowded = true
    // Numbers were given anew.
    for frame in partStamps.indices { partStamps[frame] = .max }
    let row = 2 &* typeCount
    var kept = 0
    for i in pending.indices {
      let parent = Int(pending[i].parent)
      pending[i].parent = pruning.nearest[parent]
      let share = CallTree.share(pendingSums, at: i &* row &+ typeCount, of: totals)
      let rank = CallTree.Rank(share: share, depth: pending[i].depth)
      if pruning.isKept[parent], rank < limit {
        pending[kept] = pending[i]
        for at in 0..<row { pendingSums[kept &* row &+ at] = pendingSums[i &* row &+ at] }
        kept += 1
        continue
      }
      if pruning.isKept[parent] { tree.cutCallees[Int(pending[i].parent)].count += 1 }
      for at in pending[i].range { tree.end(order[at].stack, at: pending[i].parent) }
    }
    pending.removeSubrange(kept...)
    pendingSums.removeSubrange((kept &* row)...)
  }

  private mutating func split(_ node: Pending, _ number: Int, _ pending: inout [Pending], _ tree: inout CallTree) {
    let stamp = UInt32(truncatingIfNeeded: number)
    found.removeAll(keepingCapacity: true)
    partSums.removeAll(keepingCapacity: true)
    for at in node.range {
      guard let entry = walk.advance(&order[at]) else {
        partOf[at] = .max
        tree.nodeOfStack[Int(order[at].stack)] = stamp
        continue
      }
      let part: Int
      if partStamps[entry.frame] == stamp {
        part = Int(parts[entry.frame])
      } else {
        part = found.count
        partStamps[entry.frame] = stamp
        parts[entry.frame] = UInt32(truncatingIfNeeded: part)
        found.append(Part(frame: entry.frame))
        for _ in 0..<2 &* typeCount { partSums.append(0) }
      }
      partOf[at] = UInt32(truncatingIfNeeded: part)
      found[part].stacks &+= 1
      if entry.isInlined { found[part].isEverInlined = true } else { found[part].isAlwaysInlined = false }
      if order[at].left > 0 { found[part].hasCallees = true }
      let row = Int(order[at].stack) &* typeCount
      let sum = part &* 2 &* typeCount
      for type in 0..<typeCount {
        partSums[sum &+ type] &+= sums.values[row &+ type]
        partSums[sum &+ typeCount &+ type] &+= sums.widths[row &+ type]
      }
    }
    if found.isEmpty { return }
    scatter(node, number, &pending, &tree)
  }

  private func value(_ part: Int, _ type: Int) -> Int64 { partSums[part &* 2 &* typeCount &+ type] }
  private func width(_ part: Int, _ type: Int) -> Int64 { partSums[(part &* 2 &+ 1) &* typeCount &+ type] }

  /// Puts the stacks of each part together, in the order of the parts' names, and drops the parts that are cut.
  private mutating func scatter(
    _ node: Pending, _ number: Int, _ pending: inout [Pending], _ tree: inout CallTree
  ) {
    let isTooDeep = Int(node.depth) >= options.maximumDepth
    var starts = [Int](repeating: -1, count: found.count)
    var end = node.range.lowerBound
    let first = pending.count
    // What ends here comes first.
    var offset = node.offset &+ (typeCount == 0 ? 0 : tree.width(number))
    if typeCount > 0 { for part in found.indices { offset &-= width(part, 0) } }
    for part in Part.sorted(found, table) {
      defer { if typeCount > 0 { offset &+= width(part, 0) } }
      let isNegative = options.dropsNegative && (0..<typeCount).allSatisfy { value(part, $0) < 0 }
      if isTooDeep || isNegative || isNarrow(part, depth: node.depth + 1) {
        tree.cutCallees[number].count += 1
        if isTooDeep { tree.cutCallees[number].tooDeep += 1 }
        if isNegative, !isTooDeep { tree.cutCallees[number].negative += 1 }
        continue
      }
      starts[part] = end
      pending.append(
        Pending(
          parent: UInt32(truncatingIfNeeded: number), depth: node.depth + 1, offset: offset, part: found[part],
          range: end..<end + found[part].stacks))
      end += found[part].stacks
    }
    // The first one is taken first.
    pending[first...].reverse()
    for kept in pending[first...] {
      let sum = Int(parts[kept.part.frame]) &* 2 &* typeCount
      pendingSums.append(contentsOf: partSums[sum..<sum &+ 2 &* typeCount])
    }
    // All go on with one frame: they stand together.
    if found.count == 1, end == node.range.upperBound { return }
    for at in node.range where partOf[at] != .max {
      let part = Int(partOf[at])
      if starts[part] < 0 {
        tree.end(order[at].stack, at: UInt32(truncatingIfNeeded: number))
      } else {
        scratch[starts[part]] = order[at]
        starts[part] += 1
      }
    }
    for at in node.range.lowerBound..<end { order[at] = scratch[at] }
  }

  private func isNarrow(_ part: Int, depth: UInt32) -> Bool {
    let first = (part &* 2 &+ 1) &* typeCount
    if let limit {
      let share = CallTree.share(partSums, at: first, of: totals)
      if CallTree.Rank(share: share, depth: depth) >= limit { return true }
    }
    for type in 0..<typeCount {
      let width = width(part, type)
      if width != 0, Double(width) >= minima[type] { return false }
    }
    return true
  }
}

extension CallTree {
  fileprivate mutating func append(_ frame: Int, parent: UInt32, depth: UInt32, _ inlining: Inlining) {
    parents.append(parent)
    depths.append(depth)
    frames.append(UInt32(truncatingIfNeeded: frame))
    self.inlining.append(inlining)
    cutCallees.append(Callees())
  }

  /// Leaves out what a stack has behind a node.
  fileprivate mutating func end(_ stack: UInt32, at node: UInt32) {
    nodeOfStack[Int(stack)] = node
    isStackCut[Int(stack)] = true
  }
}
