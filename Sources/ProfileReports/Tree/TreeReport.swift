import ProfileAnalysis
public import ProfileModel

/// Each function with those that call it and those that it calls.
public struct TreeReport: Report {
  public let info = ReportInfo(
    id: "tree", summary: "functions with their callers and callees, as `go tool pprof -tree`")

  public init() {}

  public func write(_ profile: Profile, to sink: inout ReportSink, options: ReportOptions) throws(ProfileError) {
    _ = try CallTable.write(profile, options, nodeCount: 80, to: &sink) { _ in true }
  }

  public func table(of profile: Profile, options: ReportOptions) throws(ProfileError) -> ReportTable? {
    try CallTable.table(profile, options, nodeCount: 80) { _ in true }
  }
}

/// The same of the functions whose names a pattern describes, nothing left out.
public struct PeekReport: Report {
  public let info = ReportInfo(
    id: "peek", summary: "callers and callees of the functions that a pattern names, as `go tool pprof -peek`",
    needsPattern: true)

  public init() {}

  public func write(_ profile: Profile, to sink: inout ReportSink, options: ReportOptions) throws(ProfileError) {
    guard let pattern = options.pattern else {
      throw ProfileError(.unsupported, "peek needs a pattern of the functions to show")
    }
    var whole = options
    whole.trims = false
    var text = ReportSink()
    let found = try CallTable.write(profile, whole, nodeCount: 0, to: &text) { pattern.matches($0.span) }
    if !found { throw pattern.matchedNothing }
    sink.buffer.append(contentsOf: text.buffer)
  }

  public func table(of profile: Profile, options: ReportOptions) throws(ProfileError) -> ReportTable? {
    guard let pattern = options.pattern else { return nil }
    var whole = options
    whole.trims = false
    let table = try CallTable.table(profile, whole, nodeCount: 0) { pattern.matches($0.span) }
    if table.rows.isEmpty { throw pattern.matchedNothing }
    return table
  }
}

extension NamePattern {
  var matchedNothing: ProfileError {
    ProfileError(
      .option, "no function matches “\(text)”", hint: "`top` lists the functions of the profile")
  }
}

private enum CallTable {
  static let separator = "----------------------------------------------------------+-------------\n"
  static let legend = "      flat  flat%   sum%        cum   cum%   calls calls% + context \t \t \n"

  /// - Returns: whether any function was shown.
  static func write(
    _ profile: Profile, _ options: ReportOptions, nodeCount: Int, to sink: inout ReportSink,
    where isShown: ([UInt8]) -> Bool
  ) throws(ProfileError) -> Bool {
    var context = try ReportContext(profile, options)
    let trimmed = CallGraph.trimmed(profile, context.graphOptions(), context.trimming(nodeCount: nodeCount))
    context.settleUnit(trimmed.graph)
    let graph = trimmed.graph
    sink.buffer.append(ReportHeader(context, trimmed).text)
    sink.buffer.append(separator + legend)
    var sum: Int64 = 0
    var found = false
    for node in graph.nodes {
      let name = graph.name(of: node)
      if !isShown(name) { continue }
      found = true
      let (flat, cum) = (graph.flatValue(node), graph.cumValue(node))
      sink.buffer.append(separator)
      for edge in graph.sorted(graph.incoming(node)) {
        append(edge, graph.name(of: Int(edge.source)), of: cum, context, to: &sink.buffer)
      }
      sum &+= flat
      sink.buffer.append(
        "\(context.format(flat).right(10)) \(context.share(flat)) \(context.share(sum)) \(context.format(cum).right(10)) \(context.share(cum))                | "
      )
      sink.buffer.append(contentsOf: name)
      sink.buffer.append(UInt8(ascii: "\n"))
      for edge in graph.sorted(graph.outgoing(node)) {
        append(edge, graph.name(of: Int(edge.target)), of: cum, context, to: &sink.buffer)
      }
      try sink.flushIfLarge()
    }
    if !graph.nodes.isEmpty { sink.buffer.append(separator) }
    return found
  }

  /// A row for each function (relation `self`) and for each function that calls it or is called by it.
  static func table(
    _ profile: Profile, _ options: ReportOptions, nodeCount: Int, where isShown: ([UInt8]) -> Bool
  ) throws(ProfileError) -> ReportTable {
    let context = try ReportContext(profile, options)
    let graph = CallGraph.trimmed(profile, context.graphOptions(), context.trimming(nodeCount: nodeCount)).graph
    var table = ReportTable(
      facts: context.facts, columns: ["function", "relation", "other", "flat", "cum", "calls", "inlined"])
    func text(_ node: Int) -> ReportTable.Cell { .text(String(decoding: graph.name(of: node), as: UTF8.self)) }
    for node in graph.nodes where isShown(graph.name(of: node)) {
      func row(_ edge: CallGraph.Edge, _ relation: String, _ other: Int32) -> [ReportTable.Cell] {
        [
          text(node), .text(relation), text(Int(other)), .none, .none, .integer(context.divided(edge.weight)),
          .text(edge.isInline ? "inline" : ""),
        ]
      }
      table.rows += graph.sorted(graph.incoming(node)).map { row($0, "caller", $0.source) }
      table.rows.append([
        text(node), .text("self"), .none, .integer(context.divided(graph.flatValue(node))),
        .integer(context.divided(graph.cumValue(node))), .none, .none,
      ])
      table.rows += graph.sorted(graph.outgoing(node)).map { row($0, "callee", $0.target) }
    }
    return table
  }

  /// pprof prints the sum of an edge here, even where means are shown.
  private static func append(
    _ edge: CallGraph.Edge, _ name: [UInt8], of cum: Int64, _ context: ReportContext, to buffer: inout [UInt8]
  ) {
    buffer.append("\(context.format(edge.weight).right(50)) \(Units.percentage(edge.weight, of: cum)) |   ")
    buffer.append(contentsOf: name)
    buffer.append(edge.isInline ? " (inline)\n" : "\n")
  }
}
