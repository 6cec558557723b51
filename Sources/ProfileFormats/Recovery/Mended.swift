/// What a reader can make of a damaged input: something that it reads.
public struct Mended: Sendable {
  /// What stood before the damage, in whole records, and what had to be put behind it so that nothing refers to what is
  /// gone.
  public var bytes: [UInt8]
  /// How many bytes of the input stand in ``bytes``.
  public var kept: Int
  /// Where the input goes on with a second profile that was glued to the first.
  public var second: Int?
  /// What stands for what was lost, a sentence each, in lower case and without a full stop.
  public var notes: [String] = []

  public init(_ bytes: [UInt8], kept: Int) {
    self.bytes = bytes
    self.kept = kept
  }
}

extension Mended {
  /// An input as the reader's ``ProfileReader/mend(_:_:)`` wants it: a text as UTF-8 with LF ends, others as they are.
  public static func text(_ bytes: [UInt8], of reader: any ProfileReader) -> [UInt8] {
    reader.info.isBinary ? bytes : TextDecoder.prefix(bytes.span)
  }
}

/// What an input that is to be recovered suffers from.
public enum Damage: Hashable, Sendable {
  /// It ends in the middle of something.
  case cut
  /// What begins at this byte cannot be read; the record that it stands in is damaged too.
  case from(Int)
}

extension ProfileReader {
  /// Texts: the whole records before the damage.
  public func mend(_ input: [UInt8], _ damage: Damage) -> Mended {
    var end = input.count
    if case .from(let offset) = damage { end = min(offset, end) }
    if !info.isBinary {
      switch damage {
      case .from: end = TextRecords.end(input, before: end)
      case .cut: end = TextRecords.end(input)
      }
    }
    return Mended(Array(input[..<end]), kept: end)
  }
}

/// Where the whole records of a damaged text end.
enum TextRecords {
  /// Behind the last line that is whole; of texts whose records have frames below them, behind the last empty line, which
  /// ends a record.
  static func end(_ text: [UInt8]) -> Int {
    let lines = lineStart(text, text.count)
    if hasFrames(text[..<lines]) { return behindEmptyLine(text, lines) ?? recordStart(text, lines) }
    // The first frame of all may be what is cut, or the labels above it.
    return text[lines...].first == UInt8(ascii: "#") ? recordStart(text, lines) : lines
  }

  /// Before a line that cannot be read; where that stands among the frames of a record, before the record, whose other
  /// frames it parts from it.
  static func end(_ text: [UInt8], before offset: Int) -> Int {
    let lines = lineStart(text, offset)
    return hasFrames(text[...]) ? recordStart(text, lines) : lines
  }

  /// Where the record begins whose lines are those before `end`; `end` itself behind an empty line, which ends a record, and
  /// behind lines that are of none, such as comments and a memory map.
  private static func recordStart(_ text: [UInt8], _ end: Int) -> Int {
    var next = end
    while next > 0 {
      let start = lineStart(text, next - 1)
      let line = text[start..<next - 1]
      if line.isEmpty { return end }
      if line.first != UInt8(ascii: "#") { return line.contains(UInt8(ascii: "@")) ? start : end }
      next = start
    }
    return end
  }

  /// Where the line that `offset` stands in begins.
  static func lineStart(_ text: [UInt8], _ offset: Int) -> Int {
    var at = offset
    while at > 0, text[at - 1] != UInt8(ascii: "\n") { at -= 1 }
    return at
  }

  /// Behind the last empty line before `end`.
  static func behindEmptyLine(_ text: [UInt8], _ end: Int) -> Int? {
    var at = end
    while at >= 2 {
      if text[at - 1] == UInt8(ascii: "\n"), text[at - 2] == UInt8(ascii: "\n") { return at }
      at -= 1
    }
    return nil
  }

  /// Whether any line is a frame below a record, as Go and we print them: `#`, a tab, an address.
  private static func hasFrames(_ text: ArraySlice<UInt8>) -> Bool {
    let frame = Array("\n#\t0x".utf8)
    return text.indices.contains { at in
      text[at] == frame[0] && text.count - (at - text.startIndex) >= frame.count
        && text[at..<at + frame.count].elementsEqual(frame)
    }
  }
}
