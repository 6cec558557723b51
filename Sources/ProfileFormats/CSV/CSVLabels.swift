import ProfileModel

/// The labels of samples as columns: one for each key and unit, in the order in which the samples have them.
struct CSVLabels {
  private struct Column: Hashable {
    var key: [UInt8]
    var unit: [UInt8]
  }

  /// What stands at the heads of the columns: `label:KEY`, or `label:KEY/UNIT` of numbers with a unit.
  private(set) var names: [[UInt8]] = []
  /// How many samples have a label that no cell shows, or not as it is.
  private(set) var lost = 0
  private let columns: ProfileColumns
  /// Of each label in ``ProfileColumns/labels``, where it stands in a sample that is written; −1: in no column.
  private var positions: [Int]

  /// - Parameter room: how many columns there may be.
  init(_ columns: ProfileColumns, room: Int) {
    self.columns = columns
    positions = [Int](repeating: -1, count: columns.labels.count)
    var known: [Column: Int] = [:]
    var isSeen = [Bool](repeating: false, count: columns.labelSetCount)
    for set in columns.sampleLabels where !isSeen[set.position] {
      isSeen[set.position] = true
      for at in columns.labelRange(set) {
        let label = columns.labels[at]
        let bytes = columns.strings.bytes
        // The unit of a string means nothing.
        let unit = label.str == .empty ? Array(bytes[columns.strings.range(label.unit)]) : []
        let column = Column(key: Array(bytes[columns.strings.range(label.key)]), unit: unit)
        if let position = known[column] {
          positions[at] = position
        } else if names.count < room {
          positions[at] = names.count
          known[column] = names.count
          let name = Array("label:".utf8) + column.key
          names.append(unit.isEmpty ? name : name + [UInt8(ascii: "/")] + unit)
        }
      }
    }
  }

  /// Appends the cells of a sample's labels, each with the comma behind it. O(labels of the sample · log of these), and a
  /// comma for each column that there is: where each sample has a key of its own, a table of n rows has n² commas, up to
  /// 16 KiB a row.
  mutating func append(_ set: LabelSetIndex, with cells: inout CSVCells, to buffer: inout [UInt8]) {
    if names.isEmpty { return }
    var found: [(position: Int, text: [UInt8], isNumber: Bool)] = []
    var isWhole = true
    for at in columns.labelRange(set) {
      let label = columns.labels[at]
      let position = positions[at]
      let isOdd = position < 0 || (label.str != .empty && (label.num != 0 || label.unit != .empty))
      if isOdd { isWhole = false }
      if position < 0 { continue }
      var text: [UInt8] = []
      // A label with only a key is what Go's runtime makes of an empty string, and of a 0.
      let hasNumber = label.str == .empty && (label.num != 0 || label.unit != .empty)
      if hasNumber { Units.append(label.num, to: &text) } else { text.append(columns.strings[label.str]) }
      if text.isEmpty { isWhole = false }
      found.append((position, text, hasNumber))
    }
    // Swift's sort is stable: the values of one column stay in their order.
    found.sort { $0.position < $1.position }
    var column = 0
    var at = 0
    while at < found.count {
      let position = found[at].position
      cells.separate(&buffer, count: position - column)
      column = position
      var text: [UInt8] = []
      var isNumber = false
      while at < found.count, found[at].position == position {
        if !text.isEmpty { isWhole = false }
        isNumber = found[at].isNumber && text.isEmpty
        if !text.isEmpty { text.append(UInt8(ascii: ";")) }
        text.append(contentsOf: found[at].text)
        at += 1
      }
      if isNumber { buffer.append(contentsOf: text) } else { cells.text(text.span, to: &buffer) }
    }
    cells.separate(&buffer, count: names.count - column)
    if !isWhole { lost += 1 }
  }
}
