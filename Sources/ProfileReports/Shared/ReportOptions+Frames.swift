import ProfileAnalysis

extension ReportOptions {
  /// What the options tell apart as a row, node or frame.
  ///
  /// - Parameter granularity: the report's own, where it has no choice.
  func frameOptions(_ granularity: Granularity? = nil) -> GraphOptions {
    var graph = GraphOptions(sampleType: 0)
    switch granularity ?? self.granularity ?? .functions {
    case .functions: break
    case .filefunctions: graph.hasFiles = true
    case .files:
      graph.hasFunctions = false
      graph.hasFiles = true
    case .lines:
      graph.hasFiles = true
      graph.hasLines = true
      graph.hasColumns = showsColumns
    case .addresses:
      graph.hasFiles = true
      graph.hasLines = true
      graph.hasAddresses = true
      // As it is; only without inlined frames pprof gets to look at columns.
      graph.hasColumns = showsInlines || showsColumns
    }
    graph.hasInlines = showsInlines
    graph.dropsNegative = dropsNegative
    graph.trimPath = trimPath
    graph.sourcePath = sourcePath
    return graph
  }

  /// A value as it is printed: divided, and cut to a whole number.
  func divided(_ value: Int64) -> Int64 {
    let ratio = 1 / divisor
    return ratio > 0 && ratio != 1 ? Int64(likeGo: Double(value) * ratio) : value
  }
}
