import ProfileAnalysis
import ProfileModel

/// Text between Graphviz's quotes.
enum DotText {
  /// pprof's escapeForDot: quotes and backslashes as they are, line ends to the left.
  static func escaped(_ text: String) -> String {
    text.replacingBytes("\\", with: "\\\\").replacingBytes("\"", with: "\\\"").replacingBytes("\n", with: "\\l")
  }

  /// What pprof writes as it is, although it may end the quotes around it: the names of tags and of the binary. Only what
  /// would is escaped here; everything else stays, backslashes of line ends included.
  static func quotable(_ text: String) -> String {
    var result = ""
    var backslashes = 0
    for scalar in text.unicodeScalars {
      if scalar == "\"" { result += backslashes % 2 == 0 ? "\\" : "\\\\" }
      result.unicodeScalars.append(scalar)
      backslashes = scalar == "\\" ? backslashes + 1 : 0
    }
    return backslashes % 2 == 0 ? result : result + "\\"
  }

  /// A frame's name on several lines, as pprof's multilinePrintableName: shortened, a line for each part of a function's name.
  static func lines(of graph: CallGraph, _ node: Int) -> String {
    let info = graph.frame(node)
    let strings = graph.table.strings
    var name = String(
      decoding: FunctionName.shortened(Array(strings.bytes[strings.range(info.name)])), as: UTF8.self)
    name = escaped(name).replacingBytes("::", with: "\\n")
    // Go's own ellipsis for type parameters is no place to break.
    name = name.replacingBytes("[...]", with: "[…]").replacingBytes(".", with: "\\n")
    var file = Array(strings.bytes[strings.range(info.file)])
    if !file.isEmpty { file = FilePath.base(file) }
    return strings.components(info, name: Array(name.utf8), file: file).map { String(decoding: $0, as: UTF8.self) }
      .joined(separator: "\\n") + "\\n"
  }
}
