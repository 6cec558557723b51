import ProfileModel

/// The lines of a sample's labels in `pprof -raw`: strings first, then numbers, each line `key:[value value] key:[…]`,
/// sorted by its text.
struct RawLabels {
  private let columns: ProfileColumns
  /// For tables that have a string twice: which of the two counts.
  private let firstOfEqual: [StringIndex]?
  /// What was made of the sets so far: where in `text` it stands.
  private var ranges: [Range<Int>?]
  private var text: [UInt8] = []

  init(_ columns: ProfileColumns) {
    self.columns = columns
    firstOfEqual = columns.labels.isEmpty ? nil : columns.strings.firstOfEqual()
    ranges = [Range<Int>?](repeating: nil, count: columns.labelSetCount)
  }

  /// Appends the lines of a set, each with LF before it.
  mutating func append(_ set: LabelSetIndex, to buffer: inout [UInt8]) {
    if set == .empty { return }
    if let range = ranges[set.position] {
      buffer.append(contentsOf: text[range])
      return
    }
    let start = text.count
    appendLine(set, ofStrings: true)
    appendLine(set, ofStrings: false)
    ranges[set.position] = start..<text.count
    buffer.append(contentsOf: text[start...])
  }

  private struct Entry {
    var key: StringIndex
    var labels: [Label]
  }

  private mutating func appendLine(_ set: LabelSetIndex, ofStrings: Bool) {
    var entries: [Entry] = []
    var positions: [StringIndex: Int] = [:]
    for label in columns.labels[columns.labelRange(set)] {
      let isString = !columns.strings.isEmpty(label.str)
      // A label with a key alone is nothing to pprof.
      guard isString == ofStrings, isString || label.num != 0 || !columns.strings.isEmpty(label.unit) else { continue }
      let key = firstOfEqual?[label.key.position] ?? label.key
      if let at = positions[key] {
        entries[at].labels.append(label)
      } else {
        positions[key] = entries.count
        entries.append(Entry(key: key, labels: [label]))
      }
    }
    if entries.isEmpty { return }
    text.append(UInt8(ascii: "\n"))
    text.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 16))
    let words = entries.map(word).sorted { $0.lexicographicallyPrecedes($1) }
    for (i, word) in words.enumerated() {
      if i > 0 { text.append(UInt8(ascii: " ")) }
      text.append(contentsOf: word)
    }
  }

  /// `key:[value value]`. Where one number of a key has a unit, each is followed by a blank and its own, which may be empty.
  private func word(_ entry: Entry) -> [UInt8] {
    let strings = columns.strings
    var word = strings.bytes[strings.range(entry.key)] + []
    word.append(contentsOf: ":[".utf8)
    let hasUnits = entry.labels.contains { !strings.isEmpty($0.unit) }
    for (i, label) in entry.labels.enumerated() {
      if i > 0 { word.append(UInt8(ascii: " ")) }
      if !strings.isEmpty(label.str) {
        word.append(contentsOf: strings.bytes[strings.range(label.str)])
        continue
      }
      var number: [UInt8] = []
      Units.append(label.num, to: &number)
      word.append(contentsOf: number)
      if hasUnits {
        word.append(UInt8(ascii: " "))
        word.append(contentsOf: strings.bytes[strings.range(label.unit)])
      }
    }
    word.append(UInt8(ascii: "]"))
    return Array(word)
  }
}
