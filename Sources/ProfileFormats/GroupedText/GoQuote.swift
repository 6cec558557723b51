/// Strings as Go's `strconv.Quote` prints them: printable characters as they are, the rest as escapes, bytes that are no
/// UTF-8 as `\xNN`. Nothing is lost.
enum GoQuote {
  static func append(_ text: Span<UInt8>, to buffer: inout [UInt8]) {
    buffer.append(UInt8(ascii: "\""))
    appendInside(text, to: &buffer)
    buffer.append(UInt8(ascii: "\""))
  }

  /// A word as it is if nobody can take it for something else, quoted otherwise.
  static func appendWord(_ text: Span<UInt8>, to buffer: inout [UInt8]) {
    let start = buffer.count
    append(text, to: &buffer)
    let isBare = !text.isEmpty && buffer.count - start == text.count + 2 && !contains(text, UInt8(ascii: " "))
    if isBare {
      buffer.remove(at: start)
      buffer.removeLast()
    }
  }

  /// Whether ``appendWord(_:to:)`` leaves it bare.
  static func isWord(_ text: Span<UInt8>) -> Bool {
    var word: [UInt8] = []
    appendWord(text, to: &word)
    return word.count == text.count
  }

  static func contains(_ text: Span<UInt8>, _ byte: UInt8) -> Bool {
    for i in text.indices where text[i] == byte { return true }
    return false
  }

  private static func appendInside(_ text: Span<UInt8>, to buffer: inout [UInt8]) {
    var at = 0
    while at < text.count {
      let byte = text[at]
      if byte < 0x80 {
        appendASCII(byte, to: &buffer)
        at += 1
        continue
      }
      guard let (scalar, length) = decode(text, at) else {
        appendHex(UInt32(byte), digits: 2, "x", to: &buffer)
        at += 1
        continue
      }
      if isPrintable(scalar) {
        for i in at..<at + length { buffer.append(text[i]) }
      } else {
        appendHex(scalar.value, digits: scalar.value < 0x10000 ? 4 : 8, scalar.value < 0x10000 ? "u" : "U", to: &buffer)
      }
      at += length
    }
  }

  private static func appendASCII(_ byte: UInt8, to buffer: inout [UInt8]) {
    let letter: Unicode.Scalar? =
      switch byte {
      case 7: "a"
      case 8: "b"
      case 9: "t"
      case 10: "n"
      case 11: "v"
      case 12: "f"
      case 13: "r"
      case UInt8(ascii: "\""): "\""
      case UInt8(ascii: "\\"): "\\"
      default: nil
      }
    if let letter {
      buffer.append(UInt8(ascii: "\\"))
      buffer.append(UInt8(ascii: letter))
    } else if byte < 0x20 || byte == 0x7f {
      appendHex(UInt32(byte), digits: 2, "x", to: &buffer)
    } else {
      buffer.append(byte)
    }
  }

  private static func appendHex(_ value: UInt32, digits: Int, _ letter: Unicode.Scalar, to buffer: inout [UInt8]) {
    buffer.append(UInt8(ascii: "\\"))
    buffer.append(UInt8(ascii: letter))
    for place in (0..<digits).reversed() {
      let digit = UInt8(truncatingIfNeeded: value >> UInt32(4 * place)) & 15
      buffer.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") - 10 + digit)
    }
  }

  /// The scalar at `at`, which is no ASCII, and its length; nil where there is none.
  private static func decode(_ text: Span<UInt8>, _ at: Int) -> (Unicode.Scalar, Int)? {
    var bytes: [UInt8] = []
    for i in at..<min(at + 4, text.count) { bytes.append(text[i]) }
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    guard case .scalarValue(let scalar) = decoder.decode(&iterator) else { return nil }
    return (scalar, UTF8.width(scalar))
  }

  /// Go's IsPrint: letters, marks, numbers, punctuation, symbols. Blanks beyond ASCII are none.
  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator, .spaceSeparator:
      false
    default: true
    }
  }
}
