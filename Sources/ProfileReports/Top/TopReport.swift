import ProfileAnalysis
public import ProfileModel

/// The functions that have most: `flat flat% sum% cum cum%`.
public struct TopReport: Report {
  public let info = ReportInfo(
    id: "top", summary: "a table of the functions that have most, as `go tool pprof -top`")

  public init() {}

  public func write(_ profile: Profile, to sink: inout ReportSink, options: ReportOptions) throws(ProfileError) {
    let (context, trimmed) = try Self.graph(profile, options)
    sink.buffer.append(ReportHeader(context, trimmed).text)
    sink.buffer.append("      flat  flat%   sum%        cum   cum%\n")
    let graph = trimmed.graph
    var sum: Int64 = 0
    for node in graph.nodes {
      let (flat, cum) = (graph.flatValue(node), graph.cumValue(node))
      sum &+= flat
      sink.buffer.append(
        "\(context.format(flat).right(10)) \(context.share(flat)) \(context.share(sum)) \(context.format(cum).right(10)) \(context.share(cum))  "
      )
      sink.buffer.append(contentsOf: graph.name(of: node))
      sink.buffer.append(Self.inlining(graph, node).map { " (\($0))" } ?? "")
      sink.buffer.append(UInt8(ascii: "\n"))
      try sink.flushIfLarge()
    }
  }

  public func table(of profile: Profile, options: ReportOptions) throws(ProfileError) -> ReportTable? {
    let (context, trimmed) = try Self.graph(profile, options)
    let graph = trimmed.graph
    var table = ReportTable(
      facts: context.facts,
      columns: ["function", "flat", "flat_percent", "sum_percent", "cum", "cum_percent", "inlined"])
    var sum: Int64 = 0
    for node in graph.nodes {
      let (flat, cum) = (graph.flatValue(node), graph.cumValue(node))
      sum &+= flat
      table.rows.append([
        .text(String(decoding: graph.name(of: node), as: UTF8.self)), .integer(context.divided(flat)),
        context.percent(flat), context.percent(sum), .integer(context.divided(cum)), context.percent(cum),
        Self.inlining(graph, node).map { .text($0) } ?? .none,
      ])
    }
    return table
  }

  static func graph(_ profile: Profile, _ options: ReportOptions) throws(ProfileError) -> (
    ReportContext, CallGraph.Trimmed
  ) {
    var context = try ReportContext(profile, options)
    let trimmed = CallGraph.trimmed(profile, context.graphOptions(), context.trimming(nodeCount: 0))
    context.settleUnit(trimmed.graph)
    return (context, trimmed)
  }

  /// Whether the calls of a function were inlined: all of them, or some.
  static func inlining(_ graph: CallGraph, _ node: Int) -> String? {
    let edges = graph.incoming(node)
    if !edges.contains(where: \.isInline) { return nil }
    return edges.allSatisfy(\.isInline) ? "inline" : "partial-inline"
  }
}
