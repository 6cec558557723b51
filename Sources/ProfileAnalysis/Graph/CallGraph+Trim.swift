package import ProfileModel

extension CallGraph {
  /// How much of a graph is shown. All zero: everything.
  package struct Trimming: Sendable {
    package var nodeCount = 0
    package var nodeFraction = 0.0
    package var edgeFraction = 0.0
    package var order = Order.flat
    /// Whether it is drawn: then nodes are chosen by entropy, tags count as nodes, and edges that say nothing new go.
    package var isVisual = false

    package init() {}
  }

  /// A graph with what trimming took from it.
  package struct Trimmed: Sendable {
    package var graph: CallGraph
    /// How many nodes there were before the number of nodes was limited.
    package var candidates: Int
    package var droppedNodes = 0
    package var droppedEdges = 0
  }

  /// The graph of all samples, whole. O(frames of all stacks).
  package static func whole(_ profile: Profile, _ options: GraphOptions) -> CallGraph {
    graph(Source(profile.columns, options))
  }

  /// The graph with the nodes and edges that are worth showing: pprof's newTrimmedGraph. What is left is computed again from
  /// the samples after each cut, since only they know what goes through nodes that were taken out.
  package static func trimmed(_ profile: Profile, _ options: GraphOptions, _ trimming: Trimming) -> Trimmed {
    let source = Source(profile.columns, options)
    return options.isTree ? trimmedTree(source, trimming) : trimmedGraph(source, trimming)
  }

  private static func trimmedGraph(_ source: Source, _ trimming: Trimming) -> Trimmed {
    // To cut by value takes no edges.
    var graph = graph(source, hasEdges: false)
    let cutoff = Cutoff(graph.total, trimming)
    var kept: [Bool]?
    var dropped = 0
    if cutoff.node > 0 {
      let large = graph.nodes.filter { graph.cum[$0].absolute >= cutoff.node }
      dropped = graph.nodes.count - large.count
      if dropped > 0 {
        kept = Self.marks(large, graph.flat.count)
        graph.nodes = large
      }
    }
    let candidates = graph.nodes.count
    if trimming.isVisual {
      graph = Self.graph(source, kept: kept)
      graph.addTags(source, kept: kept)
    }
    graph.sort(by: trimming.isVisual ? .entropy : trimming.order)
    var edgesAreTrimmed = false
    var isWhole = trimming.isVisual
    if trimming.nodeCount > 0 {
      graph.tags.drop(below: cutoff.node)
      let top = graph.top(trimming)
      if top.count < graph.nodes.count {
        let kept = Self.marks(top, graph.flat.count)
        graph = Self.graph(source, kept: kept)
        if trimming.isVisual { graph.addTags(source, kept: kept) }
        graph.sort(by: trimming.isVisual ? .entropy : trimming.order)
        isWhole = true
      } else {
        edgesAreTrimmed = true
      }
    }
    if !isWhole {
      let sorted = graph
      graph = Self.graph(source, kept: kept)
      graph.nodes = sorted.nodes
      graph.takeNames(of: sorted)
    }
    var result = Trimmed(graph: graph, candidates: candidates, droppedNodes: dropped)
    if edgesAreTrimmed { _ = result.graph.dropEdges(below: cutoff.edge) }
    result.finish(cutoff, trimming)
    return result
  }

  private static func trimmedTree(_ source: Source, _ trimming: Trimming) -> Trimmed {
    var (graph, leaves) = tree(source)
    graph.addTags(source, leaves: leaves)
    let cutoff = Cutoff(graph.total, trimming)
    var dropped = 0
    if cutoff.node > 0 {
      let large = graph.nodes.filter { graph.cum[$0].absolute >= cutoff.node }
      dropped = graph.nodes.count - large.count
      if dropped > 0 { graph.trimTree(kept: marks(large, graph.flat.count)) }
    }
    let candidates = graph.nodes.count
    let order = trimming.isVisual ? Order.entropy : trimming.order
    graph.sort(by: order)
    if trimming.nodeCount > 0 {
      graph.tags.drop(below: cutoff.node)
      _ = graph.dropEdges(below: cutoff.edge)
      let top = graph.top(trimming)
      if top.count < graph.nodes.count {
        graph.trimTree(kept: marks(top, graph.flat.count))
        graph.sort(by: order)
      }
    }
    var result = Trimmed(graph: graph, candidates: candidates, droppedNodes: dropped)
    result.finish(cutoff, trimming)
    return result
  }

  fileprivate struct Cutoff {
    var node: Int64
    var edge: Int64

    init(_ total: Int64, _ trimming: Trimming) {
      node = Int64(likeGo: Double(total) * trimming.nodeFraction).absolute
      edge = Int64(likeGo: Double(total) * trimming.edgeFraction).absolute
    }
  }

  private static func marks(_ nodes: [Int], _ count: Int) -> [Bool] {
    var marks = [Bool](repeating: false, count: count)
    for node in nodes { marks[node] = true }
    return marks
  }

  /// The first nodes, as many as are shown. Of a drawing the boxes of tags count too, four a node at most.
  private func top(_ trimming: Trimming) -> [Int] {
    var most = trimming.nodeCount
    if trimming.isVisual {
      var count = 0
      for (i, node) in nodes.enumerated() {
        count += min(tags.flatCount(node), 4) + 1
        if count >= most {
          most = i + 1
          break
        }
      }
    }
    return Array(nodes.prefix(most))
  }

  /// Removes edges to listed nodes whose weight is below a number; says how many.
  mutating func dropEdges(below cutoff: Int64) -> Int {
    var dropped = 0
    for node in nodes {
      for edge in incomingIndices(node) where edges[Int(edge)].weight.absolute < cutoff {
        edges[Int(edge)].isRemoved = true
        dropped += 1
      }
    }
    return dropped
  }
}

extension CallGraph.Trimmed {
  fileprivate mutating func finish(_ cutoff: CallGraph.Cutoff, _ trimming: CallGraph.Trimming) {
    graph.tags.drop(below: cutoff.node)
    droppedEdges = graph.dropEdges(below: cutoff.edge)
    if trimming.isVisual { graph.removeRedundantEdges() }
  }
}
