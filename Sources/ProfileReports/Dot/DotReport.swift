import ProfileAnalysis
public import ProfileModel

/// The graph of who calls whom, for Graphviz.
public struct DotReport: Report {
  public let info = ReportInfo(
    id: "dot", extensions: ["dot", "gv"], summary: "the graph of calls for Graphviz, as `go tool pprof -dot`")

  public init() {}

  public func write(_ profile: Profile, to sink: inout ReportSink, options: ReportOptions) throws(ProfileError) {
    var context = try ReportContext(profile, options)
    var graphOptions = context.graphOptions()
    graphOptions.isTree = options.isCallTree
    graphOptions.tags = TagOptions(
      bytesUnit: context.labelUnits.unit(of: Array("bytes".utf8)), shownUnit: options.unit)
    var trimming = context.trimming(nodeCount: 80)
    trimming.isVisual = true
    let trimmed = CallGraph.trimmed(profile, graphOptions, trimming)
    context.settleUnit(trimmed.graph)
    var writer = DotWriter(context, trimmed.graph)
    writer.write(ReportHeader(context, trimmed, isFull: true))
    sink.buffer.append(contentsOf: writer.text)
  }
}
