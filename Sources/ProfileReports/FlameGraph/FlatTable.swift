internal import ProfileAnalysis
internal import ProfileModel

/// The functions of a flame graph with the largest values of their own, for those who would rather read than look, or
/// cannot see the picture.
///
/// Figures are never cut: columns are as wide as what stands in them, and where the picture has no room for all of them and
/// a name, those that matter least are left out.
struct FlatTable {
  private struct Column {
    var head: String
    var cells: [String]
    /// Of the widest cell, or of the head.
    var letters: Int

    init(_ head: String, _ cells: [String]) {
      self.head = head
      self.cells = cells
      letters = cells.reduce(FrameLabel.width(head)) { max($0, FrameLabel.width($1)) }
    }
  }

  private let figures: [Column]
  private let names: [String]

  /// Between columns, in pixels.
  private static let gap = 16
  /// Of a name, where there is room for as many.
  private static let nameLetters = 24
  /// What a head takes of the unit's name.
  private static let unitLetters = 16

  var rowCount: Int { names.count }

  /// - Parameter count: how many rows.
  init(_ graph: FlameGraph, count: Int) {
    let figures = graph.figures
    let (own, all) = (graph.totals.flat, graph.totals.cum)
    let order = own.indices.filter { own[$0] != 0 }.sorted { (own[$0].magnitude, $1) > (own[$1].magnitude, $0) }
      .prefix(count)
    names = order.map { $0 == 0 ? "(no stack)" : ShownText.name(graph.tree.table.name(of: $0)) }
    let ownShare = Column("Share", order.map { figures.share(own[$0]) })
    let allShare = Column("Share", order.map { figures.share(all[$0]) })
    let ownCells = order.map { figures.cell(own[$0]) }
    let allCells = order.map { figures.cell(all[$0]) }
    let (plainOwn, plainAll) = (Column("Own", ownCells), Column("With callees", allCells))
    // The picture's subtitle has the unit, too.
    let unit = figures.columnUnit.map { ", " + FrameLabel.cut($0, to: Self.unitLetters) } ?? ""
    let choices = [
      [Column("Own" + unit, ownCells), ownShare, Column("With callees" + unit, allCells), allShare],
      [plainOwn, ownShare, plainAll, allShare], [plainOwn, ownShare, plainAll], [plainOwn, ownShare], [plainOwn],
    ]
    let fitting = choices.first { Self.room(beside: $0, graph.width) >= Self.nameLetters }
    // Half a name is worth more than a value of nineteen digits, which the share stands for.
    let narrow = Self.room(beside: [plainOwn], graph.width) >= Self.nameLetters / 2 ? [plainOwn] : [ownShare]
    self.figures = fitting ?? narrow
  }

  /// The letters that a picture has for names.
  private static func room(beside columns: [Column], _ width: Int) -> Int {
    let left = width - FlameGraph.margin - start(behind: columns)
    return left <= 0 ? 0 : Int(Double(left) / FlameGraphSVG.letterWidth)
  }

  /// Where what follows some columns begins.
  private static func start(behind columns: some Sequence<Column>) -> Int {
    columns.reduce(FlameGraph.margin) { $0 + pixels($1) + gap }
  }

  private static func pixels(_ column: Column) -> Int {
    Int((Double(column.letters) * FlameGraphSVG.letterWidth).rounded(.up))
  }

  func append(at top: Int, width: Int, to buffer: inout [UInt8]) {
    if names.isEmpty { return }
    buffer.append("<g id=\"table\" role=\"table\" aria-label=\"the largest functions by their own values\">\n")
    appendRow(figures.map(\.head), "Function", isHead: true, y: top, width, to: &buffer)
    for (i, name) in names.enumerated() {
      appendRow(figures.map { $0.cells[i] }, name, isHead: false, y: top + 18 * (i + 1), width, to: &buffer)
    }
    buffer.append("</g>\n")
  }

  private func appendRow(
    _ cells: [String], _ name: String, isHead: Bool, y: Int, _ width: Int, to buffer: inout [UInt8]
  ) {
    buffer.append(isHead ? "<g role=\"row\" class=\"head\">" : "<g role=\"row\">")
    let role = isHead ? "columnheader" : "cell"
    func append(_ text: String, x: Int, _ more: String) {
      buffer.append("<text role=\"\(role)\" x=\"\(x)\" y=\"\(y)\"\(more)>")
      buffer.append(escaped: text)
      buffer.append("</text>")
    }
    for (i, cell) in cells.enumerated() {
      append(cell, x: Self.start(behind: figures[...i]) - Self.gap, " class=\"figure\"")
    }
    append(
      FrameLabel.fit(name, to: Self.room(beside: figures, width)), x: Self.start(behind: figures), "")
    buffer.append("</g>\n")
  }
}
