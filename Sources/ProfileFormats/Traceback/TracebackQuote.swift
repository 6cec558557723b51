/// The labels in a header as Go prints them: `{url: "a b", shard: 1}`. A word of letters, digits, `.`, `/` and `_` stands
/// bare, an empty one is nothing; others are quoted in ASCII: what is not printable there, and `ö` too, is an escape.
enum TracebackQuote {
  static func append(_ word: Span<UInt8>, to buffer: inout [UInt8]) {
    if isBare(word) {
      for i in word.indices { buffer.append(word[i]) }
      return
    }
    buffer.append(UInt8(ascii: "\""))
    var at = 0
    while at < word.count {
      let byte = word[at]
      switch byte {
      case 0x0a: buffer.append(contentsOf: "\\n".utf8)
      case 0x0d: buffer.append(contentsOf: "\\r".utf8)
      case 0x09: buffer.append(contentsOf: "\\t".utf8)
      case UInt8(ascii: "\\"), UInt8(ascii: "\""):
        buffer.append(UInt8(ascii: "\\"))
        buffer.append(byte)
      case 0x20..<0x7f: buffer.append(byte)
      case 0x7f: appendEscape("u", 0x7f, digits: 4, to: &buffer)
      case ..<0x20: appendEscape("x", UInt32(byte), digits: 2, to: &buffer)
      default:
        let length = PrintableName.validLength(word, at)
        if length == 1 {
          appendEscape("x", UInt32(byte), digits: 2, to: &buffer)
        } else {
          let scalar = scalar(word, at, length)
          appendEscape(scalar < 0x10000 ? "u" : "U", scalar, digits: scalar < 0x10000 ? 4 : 8, to: &buffer)
        }
        at += length
        continue
      }
      at += 1
    }
    buffer.append(UInt8(ascii: "\""))
  }

  /// The pairs between the braces, in their order; nil where they are none.
  static func pairs(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [(key: [UInt8], value: [UInt8])]? {
    var pairs: [(key: [UInt8], value: [UInt8])] = []
    var cursor = QuotedCursor(bytes, range)
    repeat {
      if !pairs.isEmpty { cursor.skipBlanks() }
      guard let key = word(&cursor, bytes, range.upperBound, endsAt: UInt8(ascii: ":")),
        cursor.take(UInt8(ascii: ":")), cursor.take(0x20) || cursor.isAtEnd,
        let value = word(&cursor, bytes, range.upperBound, endsAt: UInt8(ascii: ","))
      else { return nil }
      pairs.append((key, value))
    } while cursor.take(UInt8(ascii: ","))
    return cursor.isAtEnd ? pairs : nil
  }

  private static func word(
    _ cursor: inout QuotedCursor, _ bytes: Span<UInt8>, _ end: Int, endsAt byte: UInt8
  ) -> [UInt8]? {
    if cursor.at < end, bytes[cursor.at] == UInt8(ascii: "\"") { return cursor.quoted() }
    var word: [UInt8] = []
    while cursor.at < end, bytes[cursor.at] != byte {
      word.append(bytes[cursor.at])
      _ = cursor.take(bytes[cursor.at])
    }
    return word
  }

  private static func isBare(_ word: Span<UInt8>) -> Bool {
    for i in word.indices {
      let byte = word[i]
      let isLetter = (byte | 0x20) &- 0x61 < 26
      if !isLetter, !TextBytes.isDigit(byte), byte != UInt8(ascii: "."), byte != UInt8(ascii: "/"),
        byte != UInt8(ascii: "_")
      {
        return false
      }
    }
    return true
  }

  /// The scalar of a valid sequence of `length` bytes, 2 to 4.
  private static func scalar(_ word: Span<UInt8>, _ at: Int, _ length: Int) -> UInt32 {
    var value = UInt32(word[at] & (0xff >> UInt8(length + 1)))
    for i in at + 1..<at + length { value = value << 6 | UInt32(word[i] & 0x3f) }
    return value
  }

  private static func appendEscape(_ letter: Unicode.Scalar, _ value: UInt32, digits: Int, to buffer: inout [UInt8]) {
    buffer.append(UInt8(ascii: "\\"))
    buffer.append(UInt8(ascii: letter))
    for place in (0..<digits).reversed() {
      let digit = UInt8(truncatingIfNeeded: value >> UInt32(4 * place)) & 15
      buffer.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") - 10 + digit)
    }
  }
}
