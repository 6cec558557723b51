import ProfileAnalysis
import ProfileModel

/// Prints a graph in the language of Graphviz, as pprof's ComposeDot does.
struct DotWriter {
  private let context: ReportContext
  private let graph: CallGraph
  private let words: DotText
  private(set) var text: [UInt8] = []
  /// The binary's name.
  private let title: String
  /// Numbers of nodes, from 1; 0 for those that are not shown.
  private var numbers: [Int: Int] = [:]

  init(_ context: ReportContext, _ graph: CallGraph) {
    self.context = context
    self.graph = graph
    let columns = context.profile.columns
    let file = columns.mappings.first.map { columns.strings.bytes[columns.strings.range($0.file)] } ?? []
    words = DotText(isVerbatim: context.options.isVerbatim)
    title = file.isEmpty ? "" : words.plain(Array(FilePath.base(file)), limit: 100)
  }

  private func format(_ value: Int64) -> String { words.value(context.format(value)) }

  mutating func write(_ header: ReportHeader) {
    line("digraph \"\(title.isEmpty ? "unnamed" : title)\" {")
    line("node [style=filled fillcolor=\"#f8f8f8\"]")
    writeLegend(header.lines)
    if !graph.nodes.isEmpty { writeGraph() }
    line("}")
  }

  private mutating func line(_ words: String) {
    text.append(words)
    text.append(UInt8(ascii: "\n"))
  }

  private mutating func writeLegend(_ labels: [String]) {
    guard let first = labels.first else { return }
    let tooltip = title.isEmpty ? "" : " tooltip=\"\(title)\""
    line(
      "subgraph cluster_L { \"\(words.name(Array(first.utf8)))\" [shape=box fontsize=16 label=\"\(words.lines(labels))\"\(tooltip)] }"
    )
  }

  private mutating func writeGraph() {
    for (i, node) in graph.nodes.enumerated() { numbers[node] = i + 1 }
    let largest = graph.nodes.map { magnitude(graph.flatValue($0)) }.max() ?? 0
    var edges: [CallGraph.Edge] = []
    var hasTags: Set<Int> = []
    for node in graph.nodes {
      writeNode(node, largest)
      if writeTags(node) { hasTags.insert(node) }
      edges += graph.outgoing(node)
    }
    // Graphviz lays out what comes first first.
    for edge in graph.sorted(edges) { writeEdge(edge, hasTags: hasTags.contains(Int(edge.source))) }
  }

  private mutating func writeNode(_ node: Int, _ largest: Double) {
    let (flat, cum) = (graph.flatValue(node), graph.cumValue(node))
    var label = words.lines(of: graph, node)
    label += flat == 0 ? "0" : "\(format(flat)) (\(context.trimmedShare(flat)))"
    var value = format(flat)
    if cum != flat {
      value = format(cum)
      label += (flat == 0 ? " " : "\\n") + "of \(value) (\(context.trimmedShare(cum)))"
    }
    var size = 8
    if largest != 0, flat != 0, magnitude(flat) <= largest {
      size &+= Int(Int64(likeGo: (16 * (magnitude(flat) / largest).squareRoot()).rounded(.up)))
    }
    let number = numbers[node] ?? 0
    line(
      "N\(number) [label=\"\(label)\" id=\"node\(number)\" fontsize=\(size) shape=box tooltip=\"\(name(node)) (\(value))\" color=\"\(DotColor.of(cum, context.total))\" fillcolor=\"\(DotColor.of(cum, context.total, isBackground: true))\"]"
    )
  }

  /// The smallest number has no absolute value: to pprof it stays below 0, and has a size that nobody draws.
  private func magnitude(_ flat: Int64) -> Double {
    context.options.isVerbatim ? Double(flat.absolute) : Double(flat).magnitude
  }

  private func name(_ node: Int) -> String { words.name(graph.name(of: node)) }

  private mutating func writeEdge(_ edge: CallGraph.Edge, hasTags: Bool) {
    let (source, target) = (Int(edge.source), Int(edge.target))
    let weight = format(edge.value)
    var attributes = "label=\" \(weight)\(edge.isInline ? "\\n (inline)" : "")\""
    if context.total != 0 {
      // Of a difference an edge may have more than the total.
      func steps(_ count: Int64) -> Int64 {
        1 + min((edge.value &* count).dividedLikeGo(by: context.total).absolute, count)
      }
      if steps(100) > 1 { attributes += " weight=\(steps(100))" }
      if steps(5) > 1 { attributes += " penwidth=\(steps(5))" }
      attributes += " color=\"\(DotColor.of(edge.value, context.total))\""
    }
    let tooltip =
      "\"\(name(source)) \(edge.isResidual ? "..." : "->") \(name(target)) (\(weight))\""
    attributes += " tooltip=\(tooltip) labeltooltip=\(tooltip)"
    if edge.isResidual { attributes += " style=\"dotted\"" }
    if hasTags { attributes += " minlen=2" }
    line("N\(numbers[source] ?? 0) -> N\(numbers[target] ?? 0) [\(attributes)]")
  }

  /// The boxes of a node's tags, four at most.
  ///
  /// - Returns: whether there are any.
  private mutating func writeTags(_ node: Int) -> Bool {
    let tags = graph.tags(of: node)
    let start = text.count
    // At a leaf, which may have lost what was below it, all that goes through it counts.
    let isFlat = !graph.outgoing(node).isEmpty
    let number = numbers[node] ?? 0
    for (i, tag) in GraphTags.sorted(tags.labels, byFlat: isFlat).prefix(4).enumerated() {
      let weight = isFlat ? tag.flatValue : tag.cumValue
      if weight == 0 { continue }
      writeTag("N\(number)", i, tag.name, format(weight), style: "")
      if let numbers = tags.numbers.first(where: { $0.label == tag.name }) {
        writeNumbers(numbers.tags, isFlat: isFlat, below: "N\(number)_\(i)")
      }
    }
    if let numbers = tags.numbers.first(where: { $0.label.isEmpty }) {
      writeNumbers(numbers.tags, isFlat: isFlat, below: "N\(number)")
    }
    return text.count > start
  }

  private mutating func writeNumbers(_ tags: [GraphTags.Tag], isFlat: Bool, below source: String) {
    for (i, tag) in NumberTags.collapsed(tags, byFlat: isFlat).enumerated() {
      let usesFlat = isFlat || tag.flatValue == tag.cumValue
      let weight = usesFlat ? tag.flatValue : tag.cumValue
      if weight == 0 { continue }
      // pprof writes the N twice here.
      writeTag(
        source, i, tag.name, format(weight), style: usesFlat ? "" : " style=\"dotted\"", target: "N\(source)_\(i)")
    }
  }

  private mutating func writeTag(
    _ source: String, _ i: Int, _ name: [UInt8], _ weight: String, style: String, target: String? = nil
  ) {
    let target = target ?? "\(source)_\(i)"
    line(
      "\(target) [label = \"\(words.tag(name))\" id=\"\(target)\" fontsize=8 shape=box3d tooltip=\"\(weight)\"]")
    line(
      "\(source) -> \(target) [label=\" \(weight)\" weight=100 tooltip=\"\(weight)\" labeltooltip=\"\(weight)\"\(style)]"
    )
  }
}

/// Numbers of one key, few enough to be drawn.
enum NumberTags {
  private static let most = 4

  /// The largest four, with the others put to the one that each is nearest to: `16B..64B`.
  static func collapsed(_ tags: [GraphTags.Tag], byFlat: Bool) -> [GraphTags.Tag] {
    let sorted = GraphTags.sorted(tags, byFlat: byFlat)
    if sorted.count <= most { return sorted }
    var groups = sorted.prefix(most).map { [$0] }
    for tag in sorted.dropFirst(most) {
      var nearest = 0
      for i in groups.indices where distance(tag, groups[i][0]) < distance(tag, groups[nearest][0]) { nearest = i }
      groups[nearest].append(tag)
    }
    return GraphTags.sorted(groups.map(merged), byFlat: byFlat)
  }

  private static func distance(_ a: GraphTags.Tag, _ b: GraphTags.Tag) -> Double {
    (Units.scale(b.value, from: b.unit, to: a.unit).value - Double(a.value)).magnitude
  }

  /// In the unit that fits each number, since the graph's would often make all of them 0.
  private static func merged(_ group: [GraphTags.Tag]) -> GraphTags.Tag {
    func label(_ tag: GraphTags.Tag) -> String { Units.label(tag.value, from: tag.unit, to: "auto") }
    var (smallest, largest) = (group[0], group[0])
    var sum = group[0]
    for tag in group.dropFirst() {
      if Int64(likeGo: Units.scale(tag.value, from: tag.unit, to: smallest.unit).value) < smallest.value {
        smallest = tag
      }
      if Int64(likeGo: Units.scale(tag.value, from: tag.unit, to: largest.unit).value) > largest.value { largest = tag }
      sum.flat &+= tag.flat
      sum.flatDivisor &+= tag.flatDivisor
      sum.cum &+= tag.cum
      sum.cumDivisor &+= tag.cumDivisor
    }
    var result = GraphTags.Tag(
      name: Array((group.count == 1 ? label(group[0]) : label(smallest) + ".." + label(largest)).utf8))
    result.flat = sum.flatValue
    result.cum = sum.cumValue
    return result
  }
}
