internal import ProfileAnalysis
internal import ProfileModel

/// The functions of a flame graph with the largest values of their own, for those who would rather read than look, or
/// cannot see the picture.
struct FlatTable {
  struct Row {
    var name: String
    var own: Int64
    var all: Int64
  }

  let rows: [Row]
  private let figures: Figures

  /// - Parameter count: how many rows.
  init(_ graph: FlameGraph, count: Int) {
    figures = graph.figures
    let (own, all) = (graph.totals.flat, graph.totals.cum)
    let order = own.indices.filter { own[$0] != 0 }.sorted { (own[$0].magnitude, $1) > (own[$1].magnitude, $0) }
    rows = order.prefix(count).map { frame in
      Row(
        name: frame == 0 ? "(no stack)" : ShownText.name(graph.tree.table.name(of: frame)), own: own[frame],
        all: all[frame])
    }
  }

  func append(at top: Int, width: Int, to buffer: inout [UInt8]) {
    if rows.isEmpty { return }
    buffer.append("<g id=\"table\" role=\"table\" aria-label=\"the largest functions by their own values\">\n")
    appendRow(["Own", "Share", "With callees", "Share", "Function"], isHead: true, y: top, width, to: &buffer)
    for (i, row) in rows.enumerated() {
      let cells = [
        figures.value(row.own), figures.share(row.own), figures.value(row.all), figures.share(row.all), row.name,
      ]
      appendRow(cells, isHead: false, y: top + 18 * (i + 1), width, to: &buffer)
    }
    buffer.append("</g>\n")
  }

  /// Where the columns of figures end, and where the names begin.
  private static let columns = [110, 180, 310, 380, 400]

  private func appendRow(_ cells: [String], isHead: Bool, y: Int, _ width: Int, to buffer: inout [UInt8]) {
    buffer.append(isHead ? "<g role=\"row\" class=\"head\">" : "<g role=\"row\">")
    for (i, cell) in cells.enumerated() {
      let isName = i == cells.count - 1
      let letters = isName ? Int(Double(width - Self.columns[i] - 10) / FlameGraphSVG.letterWidth) : 20
      buffer.append("<text role=\"\(isHead ? "columnheader" : "cell")\" x=\"\(Self.columns[i])\" y=\"\(y)\"")
      if !isName { buffer.append(" class=\"figure\"") }
      buffer.append(">")
      buffer.append(escaped: FrameLabel.cut(cell, to: letters))
      buffer.append("</text>")
    }
    buffer.append("</g>\n")
  }
}
