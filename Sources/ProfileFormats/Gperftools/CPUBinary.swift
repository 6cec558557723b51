import ProfileModel

/// The CPU profile of gperftools, and of Java programs that write the same: words of 32 or 64 bits in either byte order,
/// then text.
///
///     0  3  V  P  0          V: 0 C++, 1 Java; P: the period in microseconds
///     COUNT  N  PC × N       leaf first; any number of these
///     0  1  0                the end
///     …                      lines of /proc/self/maps, or of Java's locations
enum CPUBinary {
  struct Layout: Hashable, Sendable {
    /// Bytes of a word.
    var width: Int
    var isBigEndian: Bool

    func word(_ bytes: Span<UInt8>, at: Int) -> UInt64 {
      var word: UInt64 = 0
      for i in 0..<width {
        word = word << 8 | UInt64(bytes[isBigEndian ? at + i : at + width - 1 - i])
      }
      return word
    }
  }

  struct Header: Hashable, Sendable {
    var layout: Layout
    var isJava: Bool
    /// In microseconds, above 0.
    var period: UInt64
    var size: Int { 5 * layout.width }
  }

  private static let layouts = [(4, false), (4, true), (8, false), (8, true)].map { Layout(width: $0, isBigEndian: $1) }

  /// The header that the bytes begin with, found by trying the four layouts; nil: they begin with none.
  static func header(_ bytes: Span<UInt8>) -> Header? {
    for layout in layouts where bytes.count >= 5 * layout.width {
      let words = (0..<5).map { layout.word(bytes, at: $0 * layout.width) }
      if words[0] == 0, words[1] == 3, words[2] <= 1, words[3] > 0, words[4] == 0 {
        return Header(layout: layout, isJava: words[2] == 1, period: words[3])
      }
    }
    return nil
  }

  static func detect(_ prefix: Span<UInt8>, isWhole: Bool, isJava: Bool) -> Detection {
    if let header = header(prefix) { return header.isJava == isJava ? .certain : .no }
    return prefix.count < 40 && !isWhole && (prefix.isEmpty || prefix[0] == 0) ? .needMore : .no
  }

  /// The whole records of a file that ends in one, and the end marker; where there is one already, the whole lines of the text
  /// behind it.
  static func mend(_ input: [UInt8], _ damage: Damage) -> Mended {
    let bytes = input.span
    guard let header = header(bytes) else { return Mended([], kept: 0) }
    let layout = header.layout
    var end = input.count
    if case .from(let offset) = damage { end = min(offset, end) }
    var at = header.size
    while end - at >= 2 * layout.width {
      let depth = layout.word(bytes, at: at + layout.width)
      let room = (end - at) / layout.width - 2
      guard depth <= UInt64(room) else { break }
      let next = at + (2 + Int(depth)) * layout.width
      if depth == 1, layout.word(bytes, at: at) == 0, layout.word(bytes, at: at + 2 * layout.width) == 0 {
        // The text is whole up to its last line.
        let kept = max(next, TextRecords.lineStart(input, end))
        return Mended(Array(input[..<kept]), kept: kept)
      }
      at = next
    }
    var mended = Mended(Array(input[..<min(at, end)]), kept: min(at, end))
    for word in [0, 1, 0] as [UInt8] {
      let zeros = [UInt8](repeating: 0, count: layout.width - 1)
      mended.bytes += layout.isBigEndian ? zeros + [word] : [word] + zeros
    }
    mended.notes.append("the memory map is lost, and with it what the addresses belong to")
    return mended
  }

  /// The header of a whole file that is to be read as a CPU profile.
  static func begin(_ source: inout ByteSource) throws(ProfileError) -> Header {
    _ = try source.fill(40)
    guard let header = header(source.prefix) else {
      throw ProfileError(
        .malformed, "no CPU profile begins here: its first words are 0, 3, 0 (C++) or 1 (Java), the period, 0",
        at: .byte(0))
    }
    return header
  }
}
