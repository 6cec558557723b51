import ProfileModel

/// Heap and contention profiles of Java programs as text:
///
///     --- heapz 1 ---                       or --- contentionz 1 ---
///     format = java
///     resolution = bytes                    the unit of the second value
///     sampling period = 100                 contention: what both numbers are multiplied by
///     ms since reset = 6000
///       7048 1 @ 0x3 0x4 0x5                bytes or delay first, then how many; numbers of locations, leaf first
///
///      0x3 com.example.F.run (F.java:12)    see JavaLocations
///
/// A heap is sampled about once in 512 KiB, whatever it says, and scaled up by that.
enum JavaText {
  enum Kind: Hashable, Sendable {
    case heap, contention
  }

  /// What Java's heap sampler has always had for a mean distance.
  static let heapRate: Int64 = 524_288

  /// The kind that the first line names, as it stands; nil: none.
  static func kind(_ bytes: Span<UInt8>, _ line: Range<Int>) -> Kind? {
    let text = TextBytes.trimmed(bytes, line)
    for (kind, words) in [(Kind.heap, "--- heapz 1 ---" as StaticString), (.contention, "--- contentionz 1 ---")]
    where text.count == words.utf8CodeUnitCount && TextBytes.has(words, bytes, at: text.lowerBound) {
      return kind
    }
    return nil
  }

  /// `NAME=VALUE`, each of letters, digits, underscores and blanks, anywhere in a line; nil: there is none.
  static func attribute(_ bytes: Span<UInt8>, _ line: Range<Int>) -> (name: Range<Int>, value: Range<Int>)? {
    for at in line where bytes[at] == UInt8(ascii: "=") {
      var start = at
      while start > line.lowerBound, isWord(bytes[start - 1]) { start -= 1 }
      var end = at + 1
      while end < line.upperBound, isWord(bytes[end]) { end += 1 }
      if start < at, end > at + 1 {
        return (TextBytes.trimmed(bytes, start..<at), TextBytes.trimmed(bytes, at + 1..<end))
      }
    }
    return nil
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == UInt8(ascii: "_") || TextBytes.isDigit(byte) || (byte | 0x20) &- UInt8(ascii: "a") < 26
  }

  /// Reads the text behind its first line.
  static func read(
    _ kind: Kind, _ lines: inout TextLines, _ source: inout ByteSource, _ diagnostics: inout Diagnostics
  ) throws(ProfileError) -> Profile {
    var parser = JavaTextParser(kind)
    while let line = try lines.next(&source) { try parser.take(line, lines, &diagnostics) }
    return try parser.finish(&diagnostics)
  }
}
