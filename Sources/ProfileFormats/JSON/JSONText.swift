import ProfileModel

/// JSON's strings, and base64 for what is no text.
///
/// A profile's strings are bytes. What is not UTF-8 stands as the escape `\udc80` … `\udcff` of a lone surrogate, one for
/// each byte, which no UTF-8 can mean: Python's `surrogateescape`. Readers that know nothing of it see U+FFFD.
enum JSONText {
  static func append(_ string: Span<UInt8>, to buffer: inout [UInt8]) {
    buffer.append(UInt8(ascii: "\""))
    var at = 0
    while at < string.count {
      let byte = string[at]
      if byte < 0x80 {
        appendASCII(byte, to: &buffer)
        at += 1
        continue
      }
      let length = UTF8Runes.length(string, at: at)
      if length == 0 {
        buffer.append("\\udc")
        buffer.appendHex(UInt64(byte))
        at += 1
      } else {
        for i in at..<at + length { buffer.append(string[i]) }
        at += length
      }
    }
    buffer.append(UInt8(ascii: "\""))
  }

  @inline(__always)
  private static func appendASCII(_ byte: UInt8, to buffer: inout [UInt8]) {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"):
      buffer.append(UInt8(ascii: "\\"))
      buffer.append(byte)
    case 0x20..<0x7f: buffer.append(byte)
    case 0x09: buffer.append("\\t")
    case 0x0a: buffer.append("\\n")
    case 0x0d: buffer.append("\\r")
    default:
      buffer.append(byte < 0x10 ? "\\u000" : "\\u00")
      buffer.appendHex(UInt64(byte))
    }
  }

  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  static func base64(_ bytes: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      var word: UInt32 = 0
      for i in start..<start + 3 { word = word << 8 | UInt32(i < bytes.count ? bytes[i] : 0) }
      for digit in 0..<4 {
        let isPadding = start + digit > bytes.count
        text.append(isPadding ? UInt8(ascii: "=") : alphabet[Int(word >> UInt32(18 - 6 * digit) & 63)])
      }
    }
    return text
  }

  /// nil where `text` is no base64.
  static func bytes(ofBase64 text: [UInt8]) -> [UInt8]? {
    if text.count % 4 != 0 { return nil }
    let padding = text.suffix(2).reversed().prefix { $0 == UInt8(ascii: "=") }.count
    var bytes: [UInt8] = []
    var word: UInt32 = 0
    for (i, character) in text.enumerated() {
      let digit: UInt8
      switch character {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit = character - UInt8(ascii: "A")
      case UInt8(ascii: "a")...UInt8(ascii: "z"): digit = character - UInt8(ascii: "a") + 26
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = character - UInt8(ascii: "0") + 52
      case UInt8(ascii: "+"): digit = 62
      case UInt8(ascii: "/"): digit = 63
      case UInt8(ascii: "=") where i >= text.count - padding: digit = 0
      default: return nil
      }
      word = word << 6 | UInt32(digit)
      if i % 4 == 3 {
        for shift in [16, 8, 0] as [UInt32] { bytes.append(UInt8(truncatingIfNeeded: word >> shift)) }
        word = 0
      }
    }
    bytes.removeLast(padding)
    return bytes
  }
}
