/// Names of files are bytes on Linux, and Swift's strings are Unicode. A name that is not UTF-8 is held as a string all the
/// same: each byte that belongs to no character becomes one of the last 128 of Unicode's private characters, and so does
/// each byte of a name that really has one of these. Every name of bytes has one such string, and the other way round.
package enum PathName {
  /// U+10FF80 stands for the byte 0x80, U+10FFFF for 0xff.
  private static let first: UInt32 = 0x10ff80

  /// A name as it came from the system.
  package static func string(_ bytes: some Collection<UInt8>) -> String {
    // Only what begins with 0xf4 can be one of the characters that stand for bytes.
    if !bytes.contains(0xf4), let string = String(validating: bytes, as: UTF8.self) { return string }
    var result = ""
    var rest = Array(bytes)[...]
    while let byte = rest.first {
      let length = byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4
      if let character = String(validating: rest.prefix(length), as: UTF8.self), character.unicodeScalars.count == 1,
        let scalar = character.unicodeScalars.first, scalar.value < first
      {
        result.unicodeScalars.append(scalar)
        rest = rest.dropFirst(length)
      } else {
        if let scalar = Unicode.Scalar(first + UInt32(byte) - 0x80) { result.unicodeScalars.append(scalar) }
        rest = rest.dropFirst()
      }
    }
    return result
  }

  /// The bytes of a name, for the system.
  package static func bytes(_ name: String) -> [UInt8] {
    if !name.utf8.contains(0xf4) { return Array(name.utf8) }
    var bytes: [UInt8] = []
    for scalar in name.unicodeScalars {
      if let byte = byte(scalar) { bytes.append(byte) } else { bytes += UTF8.encode(scalar).map(Array.init) ?? [] }
    }
    return bytes
  }

  /// A name for people, who see `\xff` for such a byte.
  ///
  /// - Parameter backslash: how one is written where `text` stands: in JSON, doubled.
  package static func shown(_ text: String, backslash: String = "\\") -> String {
    if !text.utf8.contains(0xf4) { return text }
    var shown = ""
    for scalar in text.unicodeScalars {
      if let byte = byte(scalar) {
        shown += backslash + "x" + String(byte, radix: 16)
      } else {
        shown.unicodeScalars.append(scalar)
      }
    }
    return shown
  }

  private static func byte(_ scalar: Unicode.Scalar) -> UInt8? {
    scalar.value < first ? nil : UInt8(truncatingIfNeeded: scalar.value - first + 0x80)
  }
}
