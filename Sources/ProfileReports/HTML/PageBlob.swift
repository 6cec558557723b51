/// The bytes that a page carries: numbers as variable-length integers (LEB128, signed ones folded to zigzag), and as text
/// base64, which has no letter that HTML could take for its own.
struct PageBlob {
  private(set) var bytes: [UInt8] = []

  mutating func append(_ value: Int) { append(UInt64(value)) }

  mutating func append(signed value: Int64) { append(UInt64(bitPattern: value << 1 ^ value >> 63)) }

  mutating func append(text: String) {
    append(text.utf8.count)
    bytes.append(text)
  }

  private mutating func append(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}

enum Base64 {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// RFC 4648, with padding.
  static func append(_ bytes: [UInt8], to buffer: inout [UInt8]) {
    buffer.reserveCapacity(buffer.count + (bytes.count + 2) / 3 * 4)
    let source = bytes.span
    let letters = alphabet.span
    for at in stride(from: 0, to: source.count, by: 3) {
      let count = min(3, source.count - at)
      var bits = UInt32(source[at]) << 16
      if count > 1 { bits |= UInt32(source[at + 1]) << 8 }
      if count > 2 { bits |= UInt32(source[at + 2]) }
      for i in 0..<4 {
        buffer.append(i <= count ? letters[Int(bits >> UInt32(18 - 6 * i) & 63)] : UInt8(ascii: "="))
      }
    }
  }

  static func text(_ bytes: [UInt8]) -> String {
    var buffer: [UInt8] = []
    append(bytes, to: &buffer)
    return String(decoding: buffer, as: UTF8.self)
  }
}
