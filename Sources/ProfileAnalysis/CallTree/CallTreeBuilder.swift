import ProfileModel

/// Splits the stacks by their first frames, each part by its second ones, and so on. A part that is too narrow is dropped
/// with all that it calls, so that time and memory go with what is shown; nothing is hashed.
struct CallTreeBuilder {
  private let columns: ProfileColumns
  private let table: FrameTable
  private let sums: StackSums
  private let options: CallTree.Options
  private let typeCount: Int
  /// Below which a node is cut, for each type.
  private let minima: [Double]

  /// The stacks; those of a node that is not done yet stand together.
  private var order: [Cursor]
  private var scratch: [Cursor]
  /// For each stack of `order`, the part that its next frame falls into.
  private var partOf: [UInt32]
  /// For each frame its part among the callees of the node at hand, if `partStamps` has the node's number.
  private var parts: [UInt32]
  private var partStamps: [UInt32]

  /// A stack, and how far it is passed. What is needed of it at each step travels with it: a look into a table for each
  /// took twice as long.
  private struct Cursor {
    var stack: UInt32
    /// How many of its locations are left.
    var left: UInt32
    /// The next of them, in the column of the stacks' locations.
    var at: Int
    /// How many frames of that one are passed.
    var passed: UInt32
  }

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
    var values: [Int64]
    var widths: [Int64]

    var inlining: CallTree.Inlining { isAlwaysInlined ? .always : isEverInlined ? .partly : .never }
  }

  init(_ columns: ProfileColumns, _ table: FrameTable, _ sums: StackSums, _ options: CallTree.Options) {
    self.columns = columns
    self.table = table
    self.sums = sums
    self.options = options
    typeCount = options.sampleTypes.count
    minima = sums.totals.map { options.minimumShare * Double($0) }
    order = sums.stacks.map { stack in
      let range = columns.stackRange(StackIndex(rawValue: stack))
      return Cursor(
        stack: stack, left: UInt32(truncatingIfNeeded: range.count),
        at: options.isReversed ? range.lowerBound : range.upperBound - 1, passed: 0)
    }
    scratch = order
    partOf = [UInt32](repeating: 0, count: order.count)
    parts = [UInt32](repeating: 0, count: table.count)
    partStamps = [UInt32](repeating: .max, count: table.count)
  }

  mutating func run(into tree: inout CallTree) {
    tree.nodeOfStack = [UInt32](repeating: .max, count: columns.stackCount)
    tree.isStackCut = [Bool](repeating: false, count: columns.stackCount)
    tree.cut.widths = [Int64](repeating: 0, count: typeCount)
    var root = Part(frame: 0, values: sums.totals, widths: sums.totals)
    root.isAlwaysInlined = false
    root.values = (0..<typeCount).map { type in
      sums.stacks.reduce(0) { $0 &+ sums.values[Int($1) &* typeCount &+ type] }
    }
    var pending = [Pending(parent: 0, depth: 0, offset: 0, part: root, range: 0..<order.count)]
    while let node = pending.popLast() {
      let number = tree.count
      tree.append(node.part.frame, parent: node.parent, depth: node.depth, node.part.inlining)
      tree.offsets.append(node.offset)
      tree.values.append(contentsOf: node.part.values)
      tree.widths.append(contentsOf: node.part.widths)
      split(node, number, &pending, &tree)
    }
  }

  private mutating func split(_ node: Pending, _ number: Int, _ pending: inout [Pending], _ tree: inout CallTree) {
    let stamp = UInt32(truncatingIfNeeded: number)
    var found: [Part] = []
    for at in node.range {
      guard let entry = advance(&order[at]) else {
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
        let zeros = [Int64](repeating: 0, count: typeCount)
        found.append(Part(frame: entry.frame, values: zeros, widths: zeros))
      }
      partOf[at] = UInt32(truncatingIfNeeded: part)
      found[part].stacks &+= 1
      if entry.isInlined { found[part].isEverInlined = true } else { found[part].isAlwaysInlined = false }
      if order[at].left > 0 { found[part].hasCallees = true }
      let row = Int(order[at].stack) &* typeCount
      for type in 0..<typeCount {
        found[part].values[type] &+= sums.values[row &+ type]
        found[part].widths[type] &+= sums.widths[row &+ type]
      }
    }
    if found.isEmpty { return }
    scatter(node, found, number, &pending, &tree)
  }

  private func sorted(_ found: [Part]) -> [Int] {
    found.count == 1 ? [0] : found.indices.sorted { precedes(found[$0], found[$1]) }
  }

  /// Puts the stacks of each part together, in the order of the parts' names, and drops the parts that are cut.
  private mutating func scatter(
    _ node: Pending, _ found: [Part], _ number: Int, _ pending: inout [Pending], _ tree: inout CallTree
  ) {
    let isTooDeep = Int(node.depth) >= options.maximumDepth
    var starts = [Int](repeating: -1, count: found.count)
    var end = node.range.lowerBound
    var kept: [Pending] = []
    // What ends here comes first.
    var offset = node.offset &+ (node.part.widths.first ?? 0)
    for part in found { offset &-= part.widths.first ?? 0 }
    for part in sorted(found) {
      defer { offset &+= found[part].widths.first ?? 0 }
      if isTooDeep || isNarrow(found[part]) {
        tree.cut.frames += 1
        if isTooDeep { tree.cut.tooDeep += 1 }
        for type in 0..<typeCount { tree.cut.widths[type] &+= found[part].widths[type] }
        continue
      }
      starts[part] = end
      kept.append(
        Pending(
          parent: UInt32(truncatingIfNeeded: number), depth: node.depth + 1, offset: offset, part: found[part],
          range: end..<end + found[part].stacks))
      end += found[part].stacks
    }
    for at in node.range where partOf[at] != .max {
      let part = Int(partOf[at])
      if starts[part] < 0 {
        tree.nodeOfStack[Int(order[at].stack)] = UInt32(truncatingIfNeeded: number)
        tree.isStackCut[Int(order[at].stack)] = true
      } else {
        scratch[starts[part]] = order[at]
        starts[part] += 1
      }
    }
    for at in node.range.lowerBound..<end { order[at] = scratch[at] }
    // The first one is taken first.
    pending.append(contentsOf: kept.reversed())
  }

  private func isNarrow(_ part: Part) -> Bool {
    for type in 0..<typeCount where part.widths[type] != 0 && Double(part.widths[type]) >= minima[type] { return false }
    return true
  }

  /// The next frame of a stack, which then is passed; nil at its end.
  private func advance(_ cursor: inout Cursor) -> FrameTable.Entry? {
    if cursor.left == 0 { return nil }
    let location = columns.stackLocations[cursor.at].position
    let (start, end) = (table.offsets[location], table.offsets[location &+ 1])
    let passed = Int(cursor.passed)
    let entry = table.entries[options.isReversed ? start &+ passed : end &- 1 &- passed]
    if passed &+ 1 == end &- start {
      cursor.left &-= 1
      cursor.at &+= options.isReversed ? 1 : -1
      cursor.passed = 0
    } else {
      cursor.passed &+= 1
    }
    return entry
  }

  /// Whether a part stands before another: see ``CallTree``.
  private func precedes(_ a: Part, _ b: Part) -> Bool {
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

extension CallTree {
  fileprivate mutating func append(_ frame: Int, parent: UInt32, depth: UInt32, _ inlining: Inlining) {
    parents.append(parent)
    depths.append(depth)
    frames.append(UInt32(truncatingIfNeeded: frame))
    self.inlining.append(inlining)
  }
}
