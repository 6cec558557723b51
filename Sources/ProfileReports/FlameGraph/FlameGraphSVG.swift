internal import PictureAssets
internal import ProfileAnalysis
internal import ProfileModel

/// Prints a ``FlameGraph`` as SVG: a head, the frames as one group each, notes, and the same in figures as a table.
///
/// The frames are items of an ARIA tree, in depth-first order with their levels, so that a keyboard and a screen reader
/// reach each of them; a frame's `<title>` is its tooltip and its name for both. `data-x` and `data-w` hold beginning and
/// width in the profile's own numbers, for zooming without rounding.
struct FlameGraphSVG {
  private let graph: FlameGraph
  private let frameTop: Int
  private let rows: Int
  private let table: FlatTable

  static let rowHeight = 18
  /// Of the frames' letters, 11 pixels of a monospaced font: 0.602 of that, as in DejaVu Sans Mono and Menlo.
  static let letterWidth = 6.63

  init(_ graph: FlameGraph) {
    self.graph = graph
    frameTop = 62
    rows = Int(graph.tree.depths.max() ?? 0) + 1
    table = FlatTable(graph, count: 15)
  }

  private var frameBottom: Int { frameTop + rows * Self.rowHeight }
  private var detailsTop: Int { frameBottom + 22 }
  private var notesTop: Int { detailsTop + 22 }
  private var tableTop: Int { notesTop + graph.notes.count * 17 + 22 }
  private var height: Int { tableTop + (table.rows.count + 1) * 18 + 16 }

  mutating func write(to sink: inout ReportSink) throws(ProfileError) {
    appendHead(to: &sink.buffer)
    sink.buffer.append("<g id=\"frames\" role=\"tree\" aria-label=\"frames, from the root\">\n")
    for node in 0..<graph.tree.count {
      appendFrame(node, to: &sink.buffer)
      try sink.flushIfLarge()
    }
    sink.buffer.append("</g>\n")
    appendFoot(to: &sink.buffer)
    sink.buffer.append("<script><![CDATA[\n")
    sink.buffer.append(contentsOf: PictureAssets.flameGraphScript)
    sink.buffer.append("]]></script>\n</svg>\n")
  }

  private func appendHead(to buffer: inout [UInt8]) {
    let (width, height) = (graph.width, height)
    buffer.append(
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" viewBox="0 0 \(width) \(height)" \
      role="group" aria-labelledby="title" data-total="\(graph.tree.width(0))" data-top="\(frameTop)" \
      data-bottom="\(frameBottom)"\(graph.isInverted ? " data-inverted=\"\"" : "")>

      """)
    // A viewer shows the first title as the picture's own.
    buffer.append("<title>")
    buffer.append(escaped: graph.title)
    buffer.append("</title>\n<style>\n")
    buffer.append(contentsOf: PictureAssets.flameGraphStyle)
    buffer.append("</style>\n<rect id=\"background\" width=\"100%\" height=\"100%\"/>\n")
    appendText(graph.title, id: "title", x: FlameGraph.margin, y: 26, room: width - 420, letter: 9.6, to: &buffer)
    appendText(graph.subtitle, id: "subtitle", x: FlameGraph.margin, y: 46, room: width - 20, letter: 6.8, to: &buffer)
    buffer.append("<g id=\"controls\"></g>\n")
  }

  private func appendText(
    _ text: String, id: String, x: Int, y: Int, room: Int, letter: Double, to buffer: inout [UInt8]
  ) {
    buffer.append("<text id=\"\(id)\" x=\"\(x)\" y=\"\(y)\">")
    buffer.append(escaped: FrameLabel.cut(text, to: Int(Double(room) / letter)))
    buffer.append("</text>\n")
  }

  private func appendFrame(_ node: Int, to buffer: inout [UInt8]) {
    let tree = graph.tree
    let (start, width) = (tree.offsets[node], tree.width(node))
    let (x, end) = (position(start), position(start + width))
    let depth = Int(tree.depths[node])
    let y = graph.isInverted ? frameTop + depth * Self.rowHeight : frameBottom - (depth + 1) * Self.rowHeight
    buffer.append("<g role=\"treeitem\" aria-level=\"\(depth + 1)\"")
    // Narrower frames would be all dashes.
    if tree.inlining[node] != .never {
      buffer.append(end - x < 1200 ? " class=\"inline\"" : " class=\"inline dashed\"")
    }
    buffer.append(" data-x=\"\(start)\" data-w=\"\(width)\"><title>")
    buffer.append(escaped: graph.label(of: node))
    buffer.append("</title><rect x=\"")
    appendHundredths(x, to: &buffer)
    buffer.append("\" y=\"\(y)\" width=\"")
    appendHundredths(end - x, to: &buffer)
    buffer.append("\" height=\"\(Self.rowHeight - 1)\" fill=\"\(Palette.css(graph.color(of: node)))\"/>")
    let letters = Int((Double(end - x) / 100 - 6) / Self.letterWidth)
    let shown = letters < 2 ? "" : FrameLabel.fit(graph.name(of: node), to: letters)
    if !shown.isEmpty {
      buffer.append("<text x=\"")
      appendHundredths(x + 300, to: &buffer)
      buffer.append("\" y=\"\(y + 13)\">")
      buffer.append(escaped: shown)
      buffer.append("</text>")
    }
    buffer.append("</g>\n")
  }

  /// In hundredths of a pixel.
  private func position(_ offset: Int64) -> Int64 {
    let total = Int128(max(1, graph.tree.width(0)))
    let room = Int128(100 * (graph.width - 2 * FlameGraph.margin))
    return Int64(100 * FlameGraph.margin) + Int64((Int128(offset) * room + total / 2) / total)
  }

  private func appendHundredths(_ value: Int64, to buffer: inout [UInt8]) {
    buffer.append(Figures.decimal(UInt128(max(0, value)), places: 2))
  }

  private func appendFoot(to buffer: inout [UInt8]) {
    appendText(
      "Click a frame to zoom in; hold the pointer over one to see what it is.", id: "details", x: FlameGraph.margin,
      y: detailsTop, room: graph.width - 20, letter: 6.8, to: &buffer)
    for (i, note) in graph.notes.enumerated() {
      buffer.append("<text class=\"note\" x=\"\(FlameGraph.margin)\" y=\"\(notesTop + 17 * i)\">")
      buffer.append(escaped: FrameLabel.cut(note, to: Int(Double(graph.width - 20) / 6.6)))
      buffer.append("</text>\n")
    }
    table.append(at: tableTop, width: graph.width, to: &buffer)
  }
}

/// Names in the room that there is. Letters of Chinese, Japanese and Korean count double.
enum FrameLabel {
  /// The name, or without the folders of its package, or its beginning; nothing where not even two letters fit.
  static func fit(_ name: String, to letters: Int) -> String {
    if width(name) <= letters { return name }
    let short = withoutFolders(name)
    if width(short) <= letters { return short }
    return cut(short, to: letters)
  }

  /// The beginning, and an ellipsis.
  static func cut(_ text: String, to letters: Int) -> String {
    // A long name is not measured to its end.
    var room = letters
    var end = text.unicodeScalars.startIndex
    var last = end
    for index in text.unicodeScalars.indices {
      room -= width(text.unicodeScalars[index])
      if room < 0 { return letters < 3 ? "" : String(text.unicodeScalars[..<last]) + "…" }
      last = end
      end = text.unicodeScalars.index(after: index)
      last = room >= 1 ? end : last
    }
    return text
  }

  /// `http.(*conn).serve` of `net/http.(*conn).serve`.
  private static func withoutFolders(_ name: String) -> String {
    let head = name.unicodeScalars.prefix { !"([<{ ".unicodeScalars.contains($0) }
    guard let slash = head.lastIndex(of: "/") else { return name }
    return String(name.unicodeScalars[name.unicodeScalars.index(after: slash)...])
  }

  private static func width(_ text: String) -> Int { text.unicodeScalars.reduce(0) { $0 + width($1) } }

  private static func width(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 0x1100...0x115f, 0x2e80...0xa4cf, 0xac00...0xd7a3, 0xf900...0xfaff, 0xfe30...0xfe6f, 0xff00...0xff60,
      0x1f300...0x1faff, 0x20000...0x3fffd:
      2
    default: 1
    }
  }
}
