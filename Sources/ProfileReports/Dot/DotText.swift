import ProfileAnalysis
import ProfileModel

/// Text between Graphviz's quotes: pprof's, letter for letter, or what Graphviz draws whatever names hold.
struct DotText {
  let isVerbatim: Bool

  /// Of names, in characters. Each has eleven bytes at most between the quotes (`\\\\u{10ffff}`), and of 16384 Graphviz reads
  /// nothing: two names and two values have to fit.
  private static let limit = 500

  /// pprof's escapeForDot: quotes and backslashes as they are, line ends to the left.
  private static func escaped(_ text: String) -> String {
    text.replacingBytes("\\", with: "\\\\").replacingBytes("\"", with: "\\\"").replacingBytes("\n", with: "\\l")
  }

  /// A name of the profile.
  func name(_ bytes: [UInt8]) -> String {
    if isVerbatim { return Self.escaped(String(decoding: bytes, as: UTF8.self)) }
    return Self.escaped(shown(ShownText.name(bytes.span, limit: Self.limit)))
  }

  /// What pprof writes as it is, although it may end the quotes around it.
  func plain(_ bytes: [UInt8], limit: Int = limit) -> String {
    if isVerbatim { return String(decoding: bytes, as: UTF8.self) }
    return Self.escaped(shown(ShownText.name(bytes.span, limit: limit)))
  }

  /// A value with its unit, which is the profile's word.
  func value(_ text: String) -> String { plain(Array(text.utf8), limit: 60) }

  /// A tag; the letters `\n` between its labels are a line end.
  func tag(_ bytes: [UInt8]) -> String {
    if isVerbatim { return String(decoding: bytes, as: UTF8.self) }
    // As `escaped` leaves them.
    return plain(bytes, limit: 1000).replacingBytes("\\\\n", with: "\\n")
  }

  /// The lines before a graph, each with its end. Of too many those in the middle are left out: what is shown stands last.
  func lines(_ lines: [String]) -> String {
    if isVerbatim { return lines.map(Self.escaped).joined(separator: "\\l") + "\\l" }
    // Some are several.
    var texts = lines.flatMap { line in
      line.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { name(Array($0)) + "\\l" }
    }
    let room = 6000
    if texts.reduce(0, { $0 + $1.utf8.count }) > 2 * room {
      func count(_ texts: some Sequence<String>) -> Int {
        var bytes = 0
        return texts.prefix { text in
          bytes += text.utf8.count
          return bytes <= room
        }.count
      }
      let (head, tail) = (count(texts), count(texts.reversed()))
      texts.replaceSubrange(head..<(texts.count - tail), with: ["…\\l"])
    }
    return texts.joined()
  }

  /// A frame's name on several lines, as pprof's multilinePrintableName: shortened, a line for each part of a function's name.
  func lines(of graph: CallGraph, _ node: Int) -> String {
    let info = graph.frame(node)
    let strings = graph.table.strings
    var name = self.name(FunctionName.shortened(Array(strings.bytes[strings.range(info.name)])))
    name = name.replacingBytes("::", with: "\\n")
    // Go's own ellipsis for type parameters is no place to break.
    name = name.replacingBytes("[...]", with: "[…]").replacingBytes(".", with: "\\n")
    var file = Array(strings.bytes[strings.range(info.file)])
    if !file.isEmpty { file = Array(plain(FilePath.base(file)).utf8) }
    var parts = strings.components(info, name: Array(name.utf8), file: file)
    // The binary's name, where nothing else names the frame.
    if name.isEmpty, file.isEmpty, info.line == 0, let last = parts.popLast() { parts.append(Array(plain(last).utf8)) }
    return parts.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\\n") + "\\n"
  }

  /// Graphviz reads `&#27;` as the character of that number, which its SVG must not have.
  private func shown(_ text: String) -> String { text.replacingBytes("&", with: "&amp;") }
}
