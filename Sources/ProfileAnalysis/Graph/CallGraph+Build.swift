import ProfileModel

extension CallGraph {
  /// What a graph is made of again and again while it is trimmed.
  struct Source {
    let columns: ProfileColumns
    let options: GraphOptions
    let table: GraphFrames
    let weights: SampleWeights

    init(_ columns: ProfileColumns, _ options: GraphOptions) {
      self.columns = columns
      self.options = options
      table = GraphFrames(columns, options)
      weights = SampleWeights(columns, options)
    }
  }

  /// The graph of the frames that are kept (nil: all).
  ///
  /// - Parameter hasEdges: where false, only what each node has is found out, which is all that the first cut needs.
  static func graph(_ source: Source, kept: [Bool]? = nil, hasEdges: Bool = true) -> CallGraph {
    var graph = CallGraph(source.table, nodes: source.table.frames.count)
    var walk = Walk(source, kept)
    walk.run(hasEdges: hasEdges)
    graph.flat = walk.flat
    graph.cum = walk.cum
    graph.flatDivisor = walk.flatDivisor
    graph.cumDivisor = walk.cumDivisor
    if hasEdges {
      graph.edges = walk.edges
      graph.indexEdges()
    }
    graph.listNodes(dropsNegative: source.options.dropsNegative)
    return graph
  }

  private struct Walk {
    let source: Source
    /// The frames of the table, −1 for those that are not kept.
    var frameOf: [Int32]
    var flat: [Int64]
    var flatDivisor: [Int64]
    var cum: [Int64]
    var cumDivisor: [Int64]
    var edges: [Edge] = []
    /// The stack in which a node, or an edge, was met last: within one it counts once.
    private var metIn: [UInt32]
    private var edgeMetIn: [UInt32] = []
    /// The edge that led to a node last time, since it mostly does the next time too; and where the others are.
    private var lastEdge: [Int32]
    private var index = HashIndex()
    private let seed = HashSeed.next()

    init(_ source: Source, _ kept: [Bool]?) {
      self.source = source
      frameOf = source.table.of
      if let kept { frameOf = frameOf.map { kept[Int($0)] ? $0 : -1 } }
      let count = source.table.frames.count
      flat = .init(repeating: 0, count: count)
      cum = flat
      flatDivisor = flat
      cumDivisor = flat
      metIn = .init(repeating: 0, count: count)
      lastEdge = .init(repeating: -1, count: count)
    }

    mutating func run(hasEdges: Bool) {
      let columns = source.columns
      let hasDivisors = !source.weights.divisors.isEmpty
      for stack in 0..<columns.stackCount where source.weights.isUsed[stack] {
        let mark = UInt32(truncatingIfNeeded: stack &+ 1)
        let value = source.weights.values[stack]
        let divisor = hasDivisors ? source.weights.divisors[stack] : 0
        var parent = -1
        var isResidual = false
        var at = columns.stackOffsets[stack + 1]
        let leaf = columns.stackOffsets[stack]
        while at > leaf {
          at &-= 1
          let location = columns.stackLocations[at].position
          let outermost = source.table.offsets[location + 1] &- 1
          var i = outermost
          let innermost = source.table.offsets[location]
          while i >= innermost {
            defer { i &-= 1 }
            let node = Int(frameOf[i])
            if node < 0 {
              isResidual = true
              continue
            }
            if metIn[node] != mark {
              metIn[node] = mark
              cum[node] &+= value
              cumDivisor[node] &+= divisor
            }
            if hasEdges, parent >= 0, node != parent {
              let edge = edge(parent, node)
              if edgeMetIn[edge] != mark {
                edgeMetIn[edge] = mark
                edges[edge].weight &+= value
                edges[edge].divisor &+= divisor
                if isResidual { edges[edge].isResidual = true }
                if i == outermost { edges[edge].isInline = false }
              }
            }
            parent = node
            isResidual = false
          }
        }
        if parent >= 0, !isResidual {
          flat[parent] &+= value
          flatDivisor[parent] &+= divisor
        }
      }
    }

    private mutating func edge(_ source: Int, _ target: Int) -> Int {
      let last = Int(lastEdge[target])
      if last >= 0, Int(edges[last].source) == source { return last }
      let found = find(source, target)
      lastEdge[target] = Int32(found)
      return found
    }

    private mutating func find(_ source: Int, _ target: Int) -> Int {
      let hash = HashIndex.mix(seed ^ (UInt64(source) << 32 | UInt64(target)))
      var probe = index.probe(hash)
      while let candidate = index.next(&probe) {
        let edge = edges[Int(candidate)]
        if Int(edge.source) == source, Int(edge.target) == target { return Int(candidate) }
      }
      index.insert(hash, UInt32(edges.count))
      edges.append(Edge(source: Int32(source), target: Int32(target)))
      edgeMetIn.append(0)
      return edges.count - 1
    }
  }
}
