import ProfileAnalysis
public import ProfileModel

/// Costs by address and line, and calls, for KCachegrind and callgrind_annotate.
public struct CallgrindReport: Report {
  public let info = ReportInfo(
    id: "callgrind", extensions: ["callgrind"],
    summary: "costs and calls for KCachegrind and callgrind_annotate, as `go tool pprof -callgrind`")

  public init() {}

  public func write(_ profile: Profile, to sink: inout ReportSink, options: ReportOptions) throws(ProfileError) {
    var options = options
    options.trims = false
    var context = try ReportContext(profile, options)
    var graphOptions = context.graphOptions(.addresses)
    graphOptions.hasObjectFiles = true
    graphOptions.isTree = options.isCallTree
    let graph = CallGraph.trimmed(profile, graphOptions, context.trimming(nodeCount: 0)).graph
    context.settleUnit(graph, isExact: true)
    sink.buffer.append("positions: instr line\nevents: \(context.typeName)(\(context.unit))\n")
    // What shares are of. Without it callgrind_annotate adds up what it shows, which with --inclusive has each cost many times.
    let total = context.scaled(graph.shownTotal)
    if !options.isVerbatim, total > 0 { sink.buffer.append("summary: \(total)\n") }
    var writer = Writer(context, graph)
    for node in graph.nodes {
      writer.write(node, to: &sink.buffer)
      try sink.flushIfLarge()
    }
  }

  private struct Writer {
    let context: ReportContext
    let graph: CallGraph
    let strings: StringTable
    /// Functions of one file and name that are several, told apart by a number.
    let names: [Int: [UInt8]]
    private var objectFiles = Names()
    private var files = Names()
    private var functions = Names()
    private var previous: FrameInfo?

    init(_ context: ReportContext, _ graph: CallGraph) {
      self.context = context
      self.graph = graph
      strings = graph.table.strings
      names = Self.names(graph)
    }

    mutating func write(_ node: Int, to buffer: inout [UInt8]) {
      let info = graph.frame(node)
      if previous?.objectFile != info.objectFile || previous?.file != info.file || previous?.name != info.name {
        buffer.append("\nob=")
        objectFiles.append(bytes(info.objectFile), to: &buffer)
        buffer.append("\nfl=")
        files.append(bytes(info.file), to: &buffer)
        buffer.append("\nfn=")
        functions.append(bytes(info.name), to: &buffer)
        buffer.append("\n")
      }
      buffer.append("\(address(info)) \(info.line) \(context.scaled(graph.flatValue(node)))\n")
      for edge in graph.sorted(graph.outgoing(node)) {
        let callee = graph.frame(Int(edge.target))
        buffer.append("cfl=")
        files.append(bytes(callee.file), to: &buffer)
        buffer.append("\ncfn=")
        functions.append(names[Int(edge.target)] ?? [], to: &buffer)
        buffer.append(
          "\ncalls=\(context.options.isVerbatim ? 0 : 1) \(address(callee)) \(callee.line)\n* * \(context.scaled(edge.weight))\n"
        )
      }
      previous = info
    }

    private func bytes(_ index: StringIndex) -> [UInt8] { Array(strings.bytes[strings.range(index)]) }

    /// Relative to the node before, where that is shorter.
    private func address(_ info: FrameInfo) -> String {
      let absolute = info.address == 0 ? "0x0" : "0x" + String(info.address, radix: 16)
      guard let previous else { return absolute }
      if previous.address == info.address { return "*" }
      let difference = Int64(bitPattern: info.address &- previous.address)
      let relative = (difference < 0 ? "" : "+") + String(difference)
      return relative.utf8.count < absolute.utf8.count ? relative : absolute
    }

    /// Callgrind takes what has one file and name for one function. Where they are several (in a tree, or of several
    /// binaries), ` [1/2]` tells them apart.
    private static func names(_ graph: CallGraph) -> [Int: [UInt8]] {
      struct Key: Hashable {
        var file: StringIndex
        var name: StringIndex
      }
      var numbers: [Key: [CallGraph.Function: Int]] = [:]
      for node in graph.nodes {
        let key = Key(file: graph.frame(node).file, name: graph.frame(node).name)
        let function = graph.function(node)
        if numbers[key]?[function] == nil { numbers[key, default: [:]][function] = numbers[key]?.count ?? 0 }
      }
      var names: [Int: [UInt8]] = [:]
      for node in graph.nodes {
        let info = graph.frame(node)
        let strings = graph.table.strings
        var name = Array(strings.bytes[strings.range(info.name)])
        if let group = numbers[Key(file: info.file, name: info.name)], group.count > 1,
          let number = group[graph.function(node)]
        {
          name += Array(" [\(number + 1)/\(group.count)]".utf8)
        }
        names[node] = name
      }
      return names
    }
  }

  /// Names with numbers: `(1) name` the first time, `(1)` from then on.
  private struct Names {
    private var numbers: [[UInt8]: Int] = [:]

    mutating func append(_ name: [UInt8], to buffer: inout [UInt8]) {
      if name.isEmpty { return }
      if let number = numbers[name] { return buffer.append("(\(number))") }
      numbers[name] = numbers.count + 1
      buffer.append("(\(numbers.count)) ")
      for byte in name {
        // A line end would end the name, and what stands behind it would be read as costs. A tab, which the names of Linux's
        // own modules have, harms nobody.
        if byte < 0x20, byte != UInt8(ascii: "\t") {
          buffer.append("\\u{\(String(byte, radix: 16))}")
        } else {
          buffer.append(byte)
        }
      }
    }
  }
}
