import ProfileAnalysis
public import ProfileModel

/// `top` as a Markdown table, to be put into a pull request: the functions that have most, ten of them unless told otherwise.
public struct MarkdownReport: Report {
  public let info = ReportInfo(
    id: "markdown", aliases: ["md"], extensions: ["md", "markdown"],
    summary: "top as a Markdown table, for a pull request")

  public init() {}

  public func write(_ profile: Profile, to sink: inout ReportSink, options: ReportOptions) throws(ProfileError) {
    var options = options
    if options.nodeCount == nil { options.nodeCount = 10 }
    let (context, trimmed) = try TopReport.graph(profile, options)
    let graph = trimmed.graph
    var table = ReportTable(columns: ["flat", "flat%", "sum%", "cum", "cum%", "function"])
    var sum: Int64 = 0
    for node in graph.nodes {
      let (flat, cum) = (graph.flatValue(node), graph.cumValue(node))
      sum &+= flat
      let inlining = TopReport.inlining(graph, node).map { " (\($0))" } ?? ""
      table.rows.append([
        .text(context.format(flat)), .text(context.trimmedShare(flat)), .text(context.trimmedShare(sum)),
        .text(context.format(cum)), .text(context.trimmedShare(cum)),
        .text(String(decoding: graph.name(of: node), as: UTF8.self) + inlining),
      ])
    }
    let shown = graph.shownTotal
    let title = ReportTable.Cell.text(context.typeName).markdown
    sink.buffer.append(
      "**\(title)**: \(context.format(shown)) of \(context.format(context.total)) (\(context.trimmedShare(shown)))\n\n")
    sink.buffer.append(table.markdown { $0 < 5 })
  }

  public func table(of profile: Profile, options: ReportOptions) throws(ProfileError) -> ReportTable? {
    try TopReport().table(of: profile, options: options)
  }
}
