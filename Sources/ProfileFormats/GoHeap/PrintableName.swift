internal import ProtobufWire

/// A function's name or file as a cell of a frame comment. Most are printed as they are; one that would break the line or
/// the cells is repaired, and the true name is carried (or lost, and told).
enum PrintableName {
  /// Whether a reader gets back what was printed: no control characters, no blank at either end (readers trim), not
  /// empty, and short enough for pprof's lines.
  static func isExact(_ name: Span<UInt8>) -> Bool { !name.isEmpty && isExactFile(name) }

  /// As ``isExact(_:)``, but a file may be empty: Go itself prints `:0` where it knows none.
  static func isExactFile(_ file: Span<UInt8>) -> Bool {
    if file.isEmpty { return true }
    if file.count > FrameText.maxName { return false }
    if file[0] == UInt8(ascii: " ") || file[file.count - 1] == UInt8(ascii: " ") { return false }
    var rest = file
    while rest.count >= 8 {
      if hasControl(loadWord(rest, at: 0)) { return false }
      rest = rest.extracting(droppingFirst: 8)
    }
    for i in rest.indices where isControl(rest[i]) { return false }
    return true
  }

  static func append(_ name: Span<UInt8>, to bytes: inout [UInt8]) {
    if name.isEmpty { bytes.append(UInt8(ascii: "?")) } else { appendFile(name, to: &bytes) }
  }

  static func appendFile(_ file: Span<UInt8>, to bytes: inout [UInt8]) {
    if isExactFile(file) {
      bytes.append(file)
    } else {
      for i in 0..<min(file.count, FrameText.maxName) {
        bytes.append(isControl(file[i]) || file[i] == UInt8(ascii: " ") ? UInt8(ascii: "?") : file[i])
      }
    }
  }

  /// As Go counts them: a byte that begins no valid UTF-8 is a rune of its own.
  static func runes(_ text: Span<UInt8>) -> Int {
    var at = 0
    while text.count - at >= 8, loadWord(text, at: at) & 0x8080_8080_8080_8080 == 0 { at += 8 }
    var count = at
    while at < text.count {
      at += validLength(text, at)
      count += 1
    }
    return count
  }

  /// Bytes of the rune that begins at `at`; 1 where no valid one does.
  static func validLength(_ text: Span<UInt8>, _ at: Int) -> Int {
    let first = text[at]
    if first < 0x80 { return 1 }
    // Length, and the range of the second byte: no overlong forms, no surrogates, nothing above U+10FFFF.
    let (length, low, high): (Int, UInt8, UInt8) =
      switch first {
      case 0xc2...0xdf: (2, 0x80, 0xbf)
      case 0xe0: (3, 0xa0, 0xbf)
      case 0xed: (3, 0x80, 0x9f)
      case 0xe1...0xef: (3, 0x80, 0xbf)
      case 0xf0: (4, 0x90, 0xbf)
      case 0xf1...0xf3: (4, 0x80, 0xbf)
      case 0xf4: (4, 0x80, 0x8f)
      default: (1, 0, 0)
      }
    if length == 1 || at + length > text.count { return 1 }
    if text[at + 1] < low || text[at + 1] > high { return 1 }
    for i in 2..<max(2, length) where text[at + i] & 0xc0 != 0x80 { return 1 }
    return length
  }

  /// Whether any of eight bytes is a control character.
  private static func hasControl(_ word: UInt64) -> Bool {
    let delete = word ^ 0x7f7f_7f7f_7f7f_7f7f
    let low = (word &- 0x2020_2020_2020_2020) & ~word
    return (low | (delete &- 0x0101_0101_0101_0101) & ~delete) & 0x8080_8080_8080_8080 != 0
  }

  private static func isControl(_ byte: UInt8) -> Bool { byte < 0x20 || byte == 0x7f }
}
