import ProfileAnalysis
import ProfileModel

/// The lines before a report: what the profile is, what was filtered, how much is shown.
struct ReportHeader {
  var lines: [String] = []

  /// pprof's ProfileLabels.
  init(describing context: ReportContext) {
    let profile = context.profile
    let columns = profile.columns
    if let mapping = columns.mappings.first {
      if !columns.strings.isEmpty(mapping.file) {
        let file = columns.strings.bytes[columns.strings.range(mapping.file)]
        lines.append("File: " + String(decoding: FilePath.base(file), as: UTF8.self))
      }
      if !columns.strings.isEmpty(mapping.buildID) { lines.append("Build ID: " + profile.string(mapping.buildID)) }
    }
    // Comments that begin with # are for programs.
    lines += columns.comments.map { profile.string($0) }.filter { !$0.utf8.starts(with: "#".utf8) }
    if !context.typeName.isEmpty { lines.append("Type: " + context.typeName) }
    if !columns.strings.isEmpty(columns.docURL) { lines.append("Doc: " + profile.string(columns.docURL)) }
    if columns.timeNanos != 0 { lines.append("Time: " + Self.time(columns.timeNanos, context.options)) }
    if columns.durationNanos != 0 { lines.append(Self.duration(columns.durationNanos, context)) }
  }

  /// pprof's reportLabels.
  init(
    _ context: ReportContext, _ trimmed: CallGraph.Trimmed, isFull: Bool = false
  ) {
    self.init()
    if isFull || !context.options.isCompact { lines = ReportHeader(describing: context).lines }
    if !context.options.activeFilters.isEmpty {
      lines.append("Active filters:")
      lines += context.options.activeFilters.map { "   " + Self.shortened($0) }
    }
    let shown = trimmed.graph.shownTotal
    lines.append(
      "Showing nodes accounting for \(context.format(shown)), \(context.trimmedShare(shown)) of \(context.format(context.total)) total"
    )
    if context.total != 0 {
      let fractions = context.options.trims ? (context.options.nodeFraction, context.options.edgeFraction) : (0, 0)
      func cutoff(_ fraction: Double) -> String {
        context.format(Int64(likeGo: Double(context.total) * fraction).absolute)
      }
      func plural(_ count: Int, _ word: String) -> String { "\(count) \(word)\(count > 1 ? "s" : "")" }
      if trimmed.droppedNodes > 0 {
        lines.append("Dropped \(plural(trimmed.droppedNodes, "node")) (cum <= \(cutoff(fractions.0)))")
      }
      if isFull, trimmed.droppedEdges > 0 {
        lines.append("Dropped \(plural(trimmed.droppedEdges, "edge")) (freq <= \(cutoff(fractions.1)))")
      }
      let count = trimmed.graph.nodes.count
      if count > 0, count < trimmed.candidates {
        lines.append("Showing top \(count) nodes out of \(trimmed.candidates)")
      }
    }
    if isFull { lines.append("\nSee https://git.io/JfYMW for how to read the graph") }
  }

  private init() {}

  var text: String { lines.joined(separator: "\n") + "\n" }

  private static func time(_ nanos: Int64, _ options: ReportOptions) -> String {
    // Rounded down, without a step below the smallest number.
    let seconds = nanos / 1_000_000_000 - (nanos % 1_000_000_000 < 0 ? 1 : 0)
    return Units.localTime(seconds: seconds, options.zone(seconds))
  }

  private static func duration(_ nanos: Int64, _ context: ReportContext) -> String {
    let (share, unit) = Units.scale(context.total, from: context.sampleUnit, to: "nanoseconds")
    var ratio = ""
    if unit == "ns", share != 0 { ratio = "(\(Units.percentage(Int64(likeGo: share), of: nanos)))" }
    let duration = Units.label(nanos, from: "nanoseconds", to: "auto")
    return "Duration: \(duration), Total samples = \(context.format(context.total)) \(ratio)"
  }

  /// pprof cuts a filter behind 80 bytes.
  private static func shortened(_ filter: String) -> String {
    let bytes = Array(filter.utf8)
    return bytes.count > 80 ? String(decoding: bytes[..<80], as: UTF8.self) + "…" : filter
  }
}
