import ProfileModel

extension CallGraph {
  /// The graph in which a frame that is reached on several paths is a node for each: a forest.
  static func tree(_ source: Source) -> (graph: CallGraph, leaves: [Int32]) {
    var builder = TreeBuilder(source)
    builder.run()
    var graph = CallGraph(source.table, nodes: builder.frames.count)
    graph.nodeFrames = builder.frames
    graph.parents = builder.parents
    graph.flat = builder.flat
    graph.cum = builder.cum
    graph.flatDivisor = builder.flatDivisor
    graph.cumDivisor = builder.cumDivisor
    for node in builder.frames.indices where builder.parents[node] >= 0 {
      graph.edges.append(
        Edge(
          source: builder.parents[node], target: Int32(node), weight: builder.cum[node],
          divisor: builder.cumDivisor[node], isInline: builder.isInline[node]))
    }
    graph.indexEdges()
    graph.listNodes(dropsNegative: source.options.dropsNegative)
    return (graph, builder.leaves)
  }

  private struct TreeBuilder {
    let source: Source
    var frames: [Int32] = []
    var parents: [Int32] = []
    var isInline: [Bool] = []
    var flat: [Int64] = []
    var flatDivisor: [Int64] = []
    var cum: [Int64] = []
    var cumDivisor: [Int64] = []
    /// The node at which each stack ends; −1 where it has none.
    var leaves: [Int32]
    private var index = HashIndex()
    private let seed = HashSeed.next()

    init(_ source: Source) {
      self.source = source
      leaves = .init(repeating: -1, count: source.columns.stackCount)
    }

    mutating func run() {
      let columns = source.columns
      for stack in 0..<columns.stackCount where source.weights.isUsed[stack] {
        let value = source.weights.values[stack]
        let divisor = source.weights.divisors.isEmpty ? 0 : source.weights.divisors[stack]
        var parent: Int32 = -1
        for at in columns.stackRange(StackIndex(stack)).reversed() {
          let range = source.table.range(columns.stackLocations[at])
          for i in range.reversed() {
            let node = child(of: parent, source.table.of[i])
            cum[node] &+= value
            cumDivisor[node] &+= divisor
            if i == range.upperBound - 1 { isInline[node] = false }
            parent = Int32(node)
          }
        }
        leaves[stack] = parent
        if parent >= 0 {
          flat[Int(parent)] &+= value
          flatDivisor[Int(parent)] &+= divisor
        }
      }
    }

    private mutating func child(of parent: Int32, _ frame: Int32) -> Int {
      let hash = HashIndex.mix(seed ^ (UInt64(UInt32(bitPattern: parent)) << 32 | UInt64(UInt32(bitPattern: frame))))
      var probe = index.probe(hash)
      while let candidate = index.next(&probe) {
        if parents[Int(candidate)] == parent, frames[Int(candidate)] == frame { return Int(candidate) }
      }
      index.insert(hash, UInt32(frames.count))
      frames.append(frame)
      parents.append(parent)
      isInline.append(true)
      flat.append(0)
      flatDivisor.append(0)
      cum.append(0)
      cumDivisor.append(0)
      return frames.count - 1
    }
  }

  /// Takes the nodes that are listed and not kept out of the tree: what hangs below them hangs where they did, by an edge that
  /// says so.
  mutating func trimTree(kept: [Bool]) {
    let isListed = listed
    func isDropped(_ node: Int32) -> Bool { node >= 0 && isListed[Int(node)] && !kept[Int(node)] }
    var above = [Int32](repeating: -1, count: flat.count)
    for (i, edge) in edges.enumerated() where !edge.isRemoved { above[Int(edge.target)] = Int32(i) }
    // Edges are in the order of their targets, and a node comes after the one that it hangs on: the edge to that one begins
    // already where it will, and nobody climbs further than one step.
    for i in edges.indices where !edges[i].isRemoved {
      var edge = edges[i]
      if isDropped(edge.source) {
        edge.isResidual = true
        if case let next = above[Int(edge.source)], next >= 0 {
          edge.source = edges[Int(next)].source
          edge.isInline = edge.isInline && edges[Int(next)].isInline
        }
        // Nothing is kept above.
        if isDropped(edge.source) { edge.isRemoved = true }
      }
      if isDropped(edge.target) { edge.isRemoved = true }
      edges[i] = edge
    }
    nodes = nodes.filter { kept[$0] }
    indexEdges()
  }

  private var listed: [Bool] {
    var listed = [Bool](repeating: false, count: flat.count)
    for node in nodes { listed[node] = true }
    return listed
  }
}
