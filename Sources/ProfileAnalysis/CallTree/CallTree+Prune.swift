import ProfileModel

extension CallTree {
  /// Cuts nodes, the narrowest first, until at most `most` are left: those that have less of the total, in the sample type
  /// in which they have most of it, than the one at that rank. Nodes of equal width go together. O(n log n).
  package mutating func prune(to most: Int) {
    guard count > most else { return }
    let totals = (0..<typeCount).map { Double(width(0, $0)) }
    var shares: [Double] = []
    shares.reserveCapacity(count)
    for node in 0..<count {
      var share = 0.0
      for type in 0..<typeCount where totals[type] != 0 { share = max(share, Double(width(node, type)) / totals[type]) }
      shares.append(share)
    }
    let limit = shares.sorted(by: >)[most]
    // A callee is never wider than its caller: what is kept hangs together. The root is wider than any other, or all are equal.
    var numbers = [UInt32](repeating: .max, count: count)
    var kept: [Int] = []
    var nearest = [UInt32](repeating: 0, count: count)
    for node in 0..<count {
      if node == 0 || shares[node] > limit {
        numbers[node] = UInt32(truncatingIfNeeded: kept.count)
        nearest[node] = numbers[node]
        kept.append(node)
      } else {
        let parent = Int(parents[node])
        nearest[node] = nearest[parent]
        if numbers[parent] != .max {
          cut.frames += 1
          for type in 0..<typeCount { cut.widths[type] &+= width(node, type) }
        }
      }
    }
    for stack in nodeOfStack.indices where nodeOfStack[stack] != .max {
      let node = Int(nodeOfStack[stack])
      if numbers[node] == .max { isStackCut[stack] = true }
      nodeOfStack[stack] = nearest[node]
    }
    parents = kept.map { nearest[Int(parents[$0])] }
    depths = kept.map { depths[$0] }
    frames = kept.map { frames[$0] }
    inlining = kept.map { inlining[$0] }
    offsets = kept.map { offsets[$0] }
    values = kept.flatMap { values[$0 * typeCount..<($0 + 1) * typeCount] }
    widths = kept.flatMap { widths[$0 * typeCount..<($0 + 1) * typeCount] }
    setEnds()
  }
}
