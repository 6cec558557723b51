extension CallTree {
  /// What became of the nodes that there were.
  struct Pruning {
    /// The nearest of a node and its callers that was kept, by its new number.
    var nearest: [UInt32]
    var isKept: [Bool]
    /// What no node that comes later can have to be kept, unless it stands before it.
    var limit: Rank
  }

  /// What nodes are kept by: the widest first, of those that are as wide as each other the ones nearest to the root, since
  /// many short stacks say more than few whole ones.
  struct Rank: Comparable {
    /// The largest share that a node has of a total, over the sample types.
    var share: Double
    var depth: UInt32

    static func < (a: Rank, b: Rank) -> Bool { a.share > b.share || (a.share == b.share && a.depth < b.depth) }
  }

  /// The largest share that a node has of a total, over the sample types.
  ///
  /// - Parameter start: where the node's widths begin. (A slice of them would hold the array, which then is copied as a whole
  ///   each time that somebody changes a value of it.)
  static func share(_ widths: [Int64], at start: Int, of totals: [Double]) -> Double {
    var share = 0.0
    for type in totals.indices where totals[type] != 0 {
      share = max(share, Double(widths[start &+ type]) / totals[type])
    }
    return share
  }

  /// Cuts all but the `most` first nodes by their ``Rank``, of equal ones the last. What is kept hangs together: a caller is
  /// as wide as its callee at least, and nearer to the root. O(n log n).
  mutating func prune(to most: Int, totals: [Double]) -> Pruning {
    let ranks = (0..<count).map {
      Rank(share: Self.share(widths, at: $0 * typeCount, of: totals), depth: depths[$0])
    }
    let limit = ranks.sorted()[most - 1]
    var room = most - ranks.reduce(0) { $0 + ($1 < limit ? 1 : 0) }
    var kept: [Int] = []
    var result = Pruning(
      nearest: [UInt32](repeating: 0, count: count), isKept: [Bool](repeating: false, count: count), limit: limit)
    for node in 0..<count {
      if ranks[node] == limit { room -= 1 }
      if ranks[node] < limit || ranks[node] == limit && room >= 0 {
        result.isKept[node] = true
        result.nearest[node] = UInt32(truncatingIfNeeded: kept.count)
        kept.append(node)
      } else {
        let parent = Int(parents[node])
        result.nearest[node] = result.nearest[parent]
        if result.isKept[parent] { cutCallees[parent].count += 1 }
      }
    }
    for stack in nodeOfStack.indices where nodeOfStack[stack] != .max {
      let node = Int(nodeOfStack[stack])
      if !result.isKept[node] { isStackCut[stack] = true }
      nodeOfStack[stack] = result.nearest[node]
    }
    parents = kept.map { result.nearest[Int(parents[$0])] }
    depths = kept.map { depths[$0] }
    frames = kept.map { frames[$0] }
    inlining = kept.map { inlining[$0] }
    offsets = kept.map { offsets[$0] }
    cutCallees = kept.map { cutCallees[$0] }
    values = kept.flatMap { values[$0 * typeCount..<($0 + 1) * typeCount] }
    widths = kept.flatMap { widths[$0 * typeCount..<($0 + 1) * typeCount] }
    return result
  }
}
