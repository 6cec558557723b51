/// The cells of a table as RFC 4180 has them.
struct CSVCells {
  /// How many texts got a `'`.
  private(set) var guarded = 0
  /// …of so many.
  private(set) var texts = 0

  func separate(_ buffer: inout [UInt8]) { buffer.append(UInt8(ascii: ",")) }

  /// The commas behind so many empty cells.
  func separate(_ buffer: inout [UInt8], count: Int) {
    buffer.append(contentsOf: repeatElement(UInt8(ascii: ","), count: count))
  }

  /// Appends a text: in quotes where it has a quote, a comma or the end of a line, and with a `'` before what spreadsheets
  /// take for the beginning of a formula (OWASP, “CSV injection”).
  mutating func text(_ text: Span<UInt8>, to buffer: inout [UInt8]) {
    guard text.count > 0 else { return }
    texts += 1
    var isQuoted = false
    for i in text.indices {
      switch text[i] {
      case UInt8(ascii: "\""), UInt8(ascii: ","), UInt8(ascii: "\n"), UInt8(ascii: "\r"): isQuoted = true
      default: continue
      }
    }
    if isQuoted { buffer.append(UInt8(ascii: "\"")) }
    switch text[0] {
    case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), UInt8(ascii: "\t"),
      UInt8(ascii: "\r"):
      buffer.append(UInt8(ascii: "'"))
      guarded += 1
    default: break
    }
    if !isQuoted { return buffer.append(text) }
    for i in text.indices {
      if text[i] == UInt8(ascii: "\"") { buffer.append(UInt8(ascii: "\"")) }
      buffer.append(text[i])
    }
    buffer.append(UInt8(ascii: "\""))
  }
}
