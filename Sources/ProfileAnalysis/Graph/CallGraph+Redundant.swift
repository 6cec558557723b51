extension CallGraph {
  /// Removes residual edges between nodes that are connected otherwise, too. The lightest go first, and none goes that is
  /// heavier than a direct one.
  mutating func removeRedundantEdges() {
    for node in nodes.reversed() {
      let order = incomingIndices(node).map { (index: $0, edge: edges[Int($0)]) }
      let sorted = sorted(order.map(\.edge))
      for edge in sorted.reversed() {
        if !edge.isResidual { break }
        guard let index = order.first(where: { $0.edge.source == edge.source })?.index else { continue }
        if isRedundant(index) { edges[Int(index)].isRemoved = true }
      }
    }
  }

  /// Whether the source of an edge reaches its target without it.
  private func isRedundant(_ index: Int32) -> Bool {
    let edge = edges[Int(index)]
    var isSeen = [Bool](repeating: false, count: flat.count)
    isSeen[Int(edge.target)] = true
    var queue = [Int(edge.target)]
    var next = 0
    while next < queue.count {
      let node = queue[next]
      next += 1
      for candidate in incomingIndices(node) where candidate != index {
        let source = Int(edges[Int(candidate)].source)
        if isSeen[source] { continue }
        if source == Int(edge.source) { return true }
        isSeen[source] = true
        queue.append(source)
      }
    }
    return false
  }
}
