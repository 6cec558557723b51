public import ProfileModel

/// A flame graph as one self-contained SVG: the width of a frame is what the stacks through it sum to.
///
/// A still picture without scripts; with them it zooms, searches and turns over. Equal arguments give equal bytes.
public struct FlameGraphReport: Report {
  public let info = ReportInfo(
    id: "svg", aliases: ["flamegraph"], extensions: ["svg"],
    summary: "flame graph: one SVG file that zooms, searches and needs nothing else")

  public init() {}

  public func write(_ profile: Profile, to sink: inout ReportSink, options: ReportOptions) throws(ProfileError) {
    let graph = try FlameGraph(profile, options)
    var svg = FlameGraphSVG(graph)
    try svg.write(to: &sink)
  }
}
