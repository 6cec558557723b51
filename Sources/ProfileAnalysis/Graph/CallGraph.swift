import ProfileModel

/// Who calls whom, and how much of the samples each one has: pprof's graph, as columns.
///
/// A node is a frame of ``table``, or in a tree a frame with the path to it. ``nodes`` lists those that are shown; edges may
/// lead to others, too.
package struct CallGraph: Sendable {
  package internal(set) var table: GraphFrames
  /// Nodes that have a value, in the order of the last sorting.
  package internal(set) var nodes: [Int] = []

  // One entry a node.
  /// In a graph every node is its own frame.
  var nodeFrames: [Int32]
  var flat: [Int64]
  var flatDivisor: [Int64]
  var cum: [Int64]
  var cumDivisor: [Int64]
  /// In a tree, the node above as it was made; −1 at a root.
  var parents: [Int32] = []

  package internal(set) var edges: [Edge] = []
  /// Edges of node `i`: `incomingEdges[incomingOffsets[i] ..< incomingOffsets[i + 1]]`. Removed ones are still there.
  var incomingOffsets: [Int] = []
  var incomingEdges: [Int32] = []
  var outgoingOffsets: [Int] = []
  var outgoingEdges: [Int32] = []

  var tags = GraphTags()
  /// The printable names of nodes, as far as they were asked for.
  private var names: [[UInt8]?]

  package struct Edge: Sendable {
    package var source: Int32
    package var target: Int32
    package var weight: Int64 = 0
    package var divisor: Int64 = 0
    /// Whether frames between the two were left out.
    package var isResidual = false
    /// Whether every call was inlined.
    package var isInline = true
    package var isRemoved = false

    /// The mean, where there is something to divide by.
    package var value: Int64 { divisor == 0 ? weight : weight.dividedLikeGo(by: divisor) }
  }

  init(_ table: GraphFrames, nodes count: Int) {
    self.table = table
    nodeFrames = (0..<Int32(count)).map { $0 }
    flat = .init(repeating: 0, count: count)
    flatDivisor = flat
    cum = flat
    cumDivisor = flat
    names = .init(repeating: nil, count: count)
  }

  package func frame(_ node: Int) -> FrameInfo { table.frames[Int(nodeFrames[node])] }

  /// The value of a node alone; the mean, where there is something to divide by.
  package func flatValue(_ node: Int) -> Int64 {
    flatDivisor[node] == 0 ? flat[node] : flat[node].dividedLikeGo(by: flatDivisor[node])
  }
  /// The value of a node with all below it.
  package func cumValue(_ node: Int) -> Int64 {
    cumDivisor[node] == 0 ? cum[node] : cum[node].dividedLikeGo(by: cumDivisor[node])
  }
  /// As ``flatValue(_:)``, but the sum also where means are shown.
  package func flatSum(_ node: Int) -> Int64 { flat[node] }
  package func cumSum(_ node: Int) -> Int64 { cum[node] }

  /// What makes two nodes parts of one function: its frame and, in a tree, where it hangs.
  package func function(_ node: Int) -> Function {
    Function(frame: frame(node).function, parent: parents.isEmpty ? -1 : parents[node])
  }
  package struct Function: Hashable, Sendable {
    var frame: FrameInfo
    var parent: Int32
  }

  package mutating func name(_ node: Int) -> [UInt8] {
    if let known = names[node] { return known }
    let name = table.strings.printableName(frame(node))
    names[node] = name
    return name
  }

  package func name(of node: Int) -> [UInt8] { names[node] ?? table.strings.printableName(frame(node)) }

  package func incoming(_ node: Int) -> [Edge] {
    incomingEdges[incomingOffsets[node]..<incomingOffsets[node + 1]].lazy.map { edges[Int($0)] }.filter {
      !$0.isRemoved
    }
  }
  package func outgoing(_ node: Int) -> [Edge] {
    outgoingEdges[outgoingOffsets[node]..<outgoingOffsets[node + 1]].lazy.map { edges[Int($0)] }.filter {
      !$0.isRemoved
    }
  }
  func incomingIndices(_ node: Int) -> [Int32] {
    incomingEdges[incomingOffsets[node]..<incomingOffsets[node + 1]].filter { !edges[Int($0)].isRemoved }
  }

  /// Lists the edges of each node.
  mutating func indexEdges() {
    (incomingOffsets, incomingEdges) = Self.index(edges.map(\.target), nodes: flat.count)
    (outgoingOffsets, outgoingEdges) = Self.index(edges.map(\.source), nodes: flat.count)
  }

  private static func index(_ ends: [Int32], nodes count: Int) -> (offsets: [Int], edges: [Int32]) {
    var offsets = [Int](repeating: 0, count: count + 1)
    for end in ends { offsets[Int(end) + 1] += 1 }
    for i in 0..<count { offsets[i + 1] += offsets[i] }
    var next = offsets
    var edges = [Int32](repeating: 0, count: ends.count)
    for (i, end) in ends.enumerated() {
      edges[next[Int(end)]] = Int32(i)
      next[Int(end)] += 1
    }
    return (offsets, edges)
  }

  /// Lists the nodes that have a value, without those that are negative where that is asked for.
  mutating func listNodes(dropsNegative: Bool) {
    nodes = flat.indices.filter { node in
      if cum[node] == 0, flat[node] == 0 { return false }
      return !dropsNegative || !(flat[node] < 0 || flat[node] == 0 && cum[node] < 0)
    }
  }

  /// The sum of what the nodes have alone.
  package var total: Int64 { nodes.reduce(0) { $0 &+ flat[$1] } }
  /// The same, of means where those are shown.
  package var shownTotal: Int64 { nodes.reduce(0) { $0 &+ flatValue($1) } }

  /// Knows the names that a graph of the same frames knows.
  mutating func takeNames(of other: CallGraph) { names = other.names }
}

extension Int64 {
  /// Go's division, which does not trap on the smallest number by −1.
  package func dividedLikeGo(by divisor: Int64) -> Int64 { dividedReportingOverflow(by: divisor).partialValue }

  /// Go's absolute value, which leaves the smallest number as it is.
  package var absolute: Int64 { self < 0 ? 0 &- self : self }

  /// Go's conversion on amd64: what does not fit is the smallest number.
  package init(likeGo value: Double) {
    self = value > -0x1p63 && value < 0x1p63 ? Int64(value) : .min
  }
}
