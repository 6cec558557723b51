/// Lines of cells that end in tabs, each as wide as the widest of the cells above and below it, text to the right: what Go's
/// text/tabwriter makes with AlignRight and a padding of one blank. To it a vertical tab ends a cell, too, and a form feed a
/// line, below which nothing is aligned with what is above.
struct ElasticTable {
  private var lines: [[[UInt8]]] = []
  /// Lines behind which columns end.
  private var ends: Set<Int> = []

  mutating func append(line: [UInt8]) {
    var cells: [[UInt8]] = [[]]
    for byte in line {
      switch byte {
      case UInt8(ascii: "\t"), 0x0b: cells.append([])
      case UInt8(ascii: "\n"), 0x0c:
        if byte == 0x0c { ends.insert(lines.count) }
        lines.append(cells)
        cells = [[]]
      default: cells[cells.count - 1].append(byte)
      }
    }
    lines.append(cells)
  }

  var text: [UInt8] {
    var widths = lines.map { [Int](repeating: 0, count: max(0, $0.count - 1)) }
    // A line with many cells costs what these do, whatever stands around it.
    var reaching = widths.indices.filter { !widths[$0].isEmpty }
    var column = 0
    while !reaching.isEmpty {
      var start = 0
      while start < reaching.count {
        var width = Self.width(lines[reaching[start]][column])
        var end = start + 1
        while end < reaching.count, reaching[end] == reaching[end - 1] + 1, !ends.contains(reaching[end - 1]) {
          width = max(width, Self.width(lines[reaching[end]][column]))
          end += 1
        }
        for line in reaching[start..<end] { widths[line][column] = width + 1 }
        start = end
      }
      column += 1
      reaching.removeAll { widths[$0].count <= column }
    }
    var text: [UInt8] = []
    for (line, cells) in lines.enumerated() {
      for (column, cell) in cells.enumerated() {
        if column < widths[line].count {
          text.append(contentsOf: repeatElement(UInt8(ascii: " "), count: widths[line][column] - Self.width(cell)))
        }
        text += cell
      }
      text.append(UInt8(ascii: "\n"))
    }
    return text
  }

  /// In code points.
  private static func width(_ cell: [UInt8]) -> Int { String(decoding: cell, as: UTF8.self).unicodeScalars.count }
}
