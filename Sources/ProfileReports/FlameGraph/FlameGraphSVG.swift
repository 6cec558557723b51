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
  private let head: FlameGraphHead
  private let rows: Int
  private let hint: [String]
  private let notes: [[String]]
  private let table: FlatTable

  static let rowHeight = 18
  /// Of the frames' letters, 11 pixels of a monospaced font: 0.602 of that, as in DejaVu Sans Mono and Menlo.
  static let letterWidth = 6.63

  init(_ graph: FlameGraph) {
    self.graph = graph
    head = FlameGraphHead(title: graph.title, subtitle: graph.subtitle, width: graph.width)
    rows = Int(graph.tree.depths.max() ?? 0) + 1
    let letters = SentenceText.letters(in: graph.width - 2 * FlameGraph.margin)
    hint = FrameLabel.wrapped(
      "Click a frame to zoom in; hold the pointer over one to see what it is.", to: letters, lines: 4)
    // One for all, if it has room for a name as well.
    let figures = graph.longestFigures
    let isOneLine = FrameLabel.width(figures) + 40 <= letters
    detailLines = isOneLine ? 1 : 1 + FrameLabel.wrapped(figures, to: letters, lines: 8).count
    notes = graph.notes.map { FrameLabel.wrapped($0, to: letters, lines: 12) }
    table = FlatTable(graph, count: 15)
  }

  /// Lines for what is told of a frame, where the hint stands before.
  private let detailLines: Int
  private var frameTop: Int { head.frameTop }
  private var frameBottom: Int { frameTop + rows * Self.rowHeight }
  private var detailsTop: Int { frameBottom + 22 }
  private var notesTop: Int { detailsTop + 22 + 17 * (max(detailLines, hint.count) - 1) }
  private var tableTop: Int { notesTop + notes.reduce(0) { $0 + $1.count } * 17 + 22 }
  private var height: Int { tableTop + (table.rowCount + 1) * 18 + 16 }

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

  /// What shares are of, where filters left something out of it.
  private var basis: String {
    graph.isDifference || graph.figures.total == graph.tree.width(0) ? "" : " data-basis=\"\(graph.figures.total)\""
  }

  private func appendHead(to buffer: inout [UInt8]) {
    let (width, height) = (graph.width, height)
    buffer.append(
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" viewBox="0 0 \(width) \(height)" \
      role="group" aria-labelledby="title" data-total="\(graph.tree.width(0))" data-top="\(frameTop)" \
      data-bottom="\(frameBottom)" data-controls="\(head.controlsTop)" \
      data-lines="\(detailLines)"\(basis)\(graph.isInverted ? " data-inverted=\"\"" : "")>

      """)
    // A viewer shows the first title as the picture's own.
    buffer.append("<title>")
    buffer.append(escaped: graph.title)
    buffer.append("</title>\n<style>\n")
    buffer.append(contentsOf: PictureAssets.flameGraphStyle)
    buffer.append("</style>\n<rect id=\"background\" width=\"100%\" height=\"100%\"/>\n")
    head.append(to: &buffer)
    buffer.append("<g id=\"controls\"></g>\n")
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
    SentenceText.append(hint, id: "details", y: detailsTop, row: 17, to: &buffer)
    var y = notesTop
    for note in notes {
      SentenceText.append(note, style: "note", y: y, row: 17, to: &buffer)
      y += 17 * note.count
    }
    table.append(at: tableTop, width: graph.width, to: &buffer)
  }
}
