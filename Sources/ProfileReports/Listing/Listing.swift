import ProfileAnalysis
import ProfileModel

/// The functions that a listing is about, by name, with what each line of their files has.
struct Listing {
  struct Function {
    var name: [UInt8]
    var files: [File]
    var text: String { String(decoding: name, as: UTF8.self) }
  }

  struct File {
    var name: [UInt8]
    var nodes: [Node]
    var text: String { String(decoding: name, as: UTF8.self) }

    struct Node {
      var line: Int64
      var startLine: Int64
      var flat: Int64
      var cum: Int64
    }

    var flat: Int64 { nodes.reduce(0) { $0 &+ $1.flat } }
    var cum: Int64 { nodes.reduce(0) { $0 &+ $1.cum } }

    /// What each line has.
    var sums: [Int64: (flat: Int64, cum: Int64)] {
      nodes.reduce(into: [:]) { sums, node in
        sums[node.line, default: (0, 0)].flat &+= node.flat
        sums[node.line, default: (0, 0)].cum &+= node.cum
      }
    }

    /// The lines that have something, in order.
    var lines: [(number: Int64, flat: Int64, cum: Int64)] {
      sums.sorted { $0.key < $1.key }.map { ($0.key, $0.value.flat, $0.value.cum) }
    }

    /// The first and last line to show: from where the function begins, as far as that is known, to five lines behind the last
    /// that has something. pprof's getSourceFromFile.
    var shownLines: (Int64, Int64) {
      let margin: Int64 = 5
      guard let head = nodes.first else { return (1, 0) }
      var start = head.startLine != 0 ? head.startLine : head.line &- margin
      var end = head.line &+ margin
      for node in nodes {
        let nodeStart = node.startLine != 0 ? node.startLine : node.line &- margin
        if nodeStart < start {
          start = nodeStart
        } else if node.line &+ margin > end {
          end = node.line &+ margin
        }
      }
      return (max(1, start), end)
    }
  }

  let context: ReportContext
  private(set) var functions: [Function] = []

  /// - Throws: `option`, where no function matches.
  init(_ profile: Profile, _ options: ReportOptions) throws(ProfileError) {
    guard let pattern = options.pattern else {
      throw ProfileError(.unsupported, "list needs a pattern of the functions to show")
    }
    context = try ReportContext(profile, options)
    var graphOptions = context.graphOptions(.lines)
    graphOptions.hasObjectFiles = true
    let graph = CallGraph.whole(profile, graphOptions)
    let strings = graph.table.strings
    func bytes(_ index: StringIndex) -> [UInt8] { Array(strings.bytes[strings.range(index)]) }
    var names: [StringIndex: [Int]] = [:]
    for node in graph.nodes where pattern.matches(strings[graph.frame(node).name]) {
      names[graph.frame(node).name, default: []].append(node)
    }
    if names.isEmpty { throw pattern.matchedNothing }
    functions = names.keys.map { name in
      var files: [StringIndex: [Int]] = [:]
      for node in names[name] ?? [] where graph.frame(node).file != .empty {
        files[graph.frame(node).file, default: []].append(node)
      }
      return Function(
        name: bytes(name),
        files: files.keys.map { file in
          File(name: bytes(file), nodes: (files[file] ?? []).map { Self.node($0, graph) }.sorted { $0.line < $1.line })
        }.sorted { $0.name.lexicographicallyPrecedes($1.name) })
    }.sorted { $0.name.lexicographicallyPrecedes($1.name) }
  }

  private static func node(_ node: Int, _ graph: CallGraph) -> File.Node {
    let info = graph.frame(node)
    return File.Node(line: info.line, startLine: info.startLine, flat: graph.flatSum(node), cum: graph.cumSum(node))
  }
}
