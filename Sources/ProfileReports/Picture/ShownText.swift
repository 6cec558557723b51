internal import ProfileModel

/// Names of a profile as pictures show them. A name is whatever somebody put there: it must not steer what is around it.
package enum ShownText {
  /// Longer names end in how long they are.
  static let limit = 400

  /// UTF-8, repaired; characters that cannot be seen or that turn the text around them stand as `\u{202e}`.
  static func name(_ bytes: Span<UInt8>, limit: Int = limit) -> String {
    // A character has four bytes at most: enough are decoded to find where to cut, and not a megabyte.
    var head: [UInt8] = []
    let taken = min(bytes.count, 4 * limit)
    head.reserveCapacity(taken)
    for i in 0..<taken { head.append(bytes[i]) }
    var text = ""
    var shown = 0
    for scalar in String(decoding: head, as: UTF8.self).unicodeScalars {
      if shown == limit { break }
      append(scalar, to: &text)
      shown += 1
    }
    if shown == limit, bytes.count > text.utf8.count { text += "… (\(Figures.grouped(Int64(bytes.count))) bytes)" }
    return text
  }

  static func name(_ text: String, limit: Int = limit) -> String {
    let bytes = Array(text.utf8)
    return name(bytes.span, limit: limit)
  }

  private static func append(_ scalar: Unicode.Scalar, to text: inout String) {
    if isSeen(scalar) { text.unicodeScalars.append(scalar) } else { text += "\\u{\(String(scalar.value, radix: 16))}" }
  }

  /// Whether a character shows as itself and leaves its neighbours where they are: no control, no mark of direction, no
  /// separator of lines, nothing without a width, no private use, nothing that XML forbids.
  package static func isSeen(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return scalar.value >= 0x20 && scalar.value != 0x7f }
    return switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: false
    default: true
    }
  }
}

extension [UInt8] {
  /// Text for XML and HTML, between tags or in a value in double quotes.
  mutating func append(escaped text: String) {
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "&"): append("&amp;")
      case UInt8(ascii: "<"): append("&lt;")
      case UInt8(ascii: ">"): append("&gt;")
      case UInt8(ascii: "\""): append("&quot;")
      case UInt8(ascii: "'"): append("&#39;")
      default: append(byte)
      }
    }
  }
}
