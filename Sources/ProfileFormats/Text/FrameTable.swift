internal import ProfileModel

/// The frame comments of a text, each distinct one once. A text of a few hundred megabytes repeats some ten thousand of
/// them, so that nearly every line is known: it is found by its pc and compared byte by byte, and nothing of it is taken
/// apart again.
struct FrameTable {
  struct Entry {
    var pc: UInt64
    /// The entry of the physical function that the pc is in; of no meaning without a symbol.
    var entry: UInt64
    var name: StringIndex
    var file: StringIndex
    var line: Int64
    var hasSymbol: Bool
  }

  private(set) var entries: [Entry] = []
  private var index = HashIndex()
  /// What to compare a line with: the bytes behind its pc up to the tabs before the file, and those from the file on, LF
  /// included. The tabs between depend on the neighbours.
  private var texts: [Text] = []
  private var arena: [UInt8] = []

  private struct Text {
    var start: Int
    /// 0: not to be compared with.
    var symbolLength: Int32
    var placeLength: Int32
  }

  /// The entry of the line at `at`, and where the next line begins; nil where the line is not known in these bytes, or not
  /// wholly there.
  @inline(__always)
  func known(_ bytes: Span<UInt8>, at start: Int) -> (entry: UInt32, next: Int)? {
    guard start &+ 5 < bytes.count, bytes[start] == 0x23, bytes[start &+ 1] == 0x09, bytes[start &+ 2] == 0x30,
      bytes[start &+ 3] == 0x78
    else { return nil }
    var at = start &+ 4
    var pc: UInt64 = 0
    while at < bytes.count, case let digit = TextBytes.lowerHex(bytes[at]), digit < 16 {
      pc = pc &<< 4 | UInt64(digit)
      at &+= 1
    }
    guard at &- start <= 20 else { return nil }
    var probe = index.probe(HashIndex.mix(pc))
    while let candidate = index.next(&probe) {
      let position = Int(candidate)
      guard entries[position].pc == pc else { continue }
      let text = texts[position]
      let symbolLength = Int(text.symbolLength)
      guard symbolLength > 0, TextBytes.equal(bytes, at, arena.span, text.start, symbolLength) else { continue }
      var place = at &+ symbolLength
      guard place < bytes.count, bytes[place] == 0x09 else { continue }
      repeat { place &+= 1 } while place < bytes.count && bytes[place] == 0x09
      let placeLength = Int(text.placeLength)
      guard TextBytes.equal(bytes, place, arena.span, text.start &+ symbolLength, placeLength) else { continue }
      return (candidate, place &+ placeLength)
    }
    return nil
  }

  /// The entry of a comment that was taken apart. `end` is where its LF stands.
  mutating func intern(
    _ comment: FrameComment, _ bytes: Span<UInt8>, end: Int, builder: inout ProfileBuilder
  ) -> UInt32 {
    var entry = Entry(pc: comment.pc, entry: 0, name: .empty, file: .empty, line: 0, hasSymbol: false)
    if let symbol = comment.symbol {
      entry.entry = comment.pc &- symbol.offset
      entry.name = builder.string(bytes.extracting(symbol.name))
      entry.file = builder.string(bytes.extracting(symbol.file))
      entry.line = symbol.line
      entry.hasSymbol = true
    }
    let hash = HashIndex.mix(comment.pc)
    var probe = index.probe(hash)
    while let candidate = index.next(&probe) {
      let other = entries[Int(candidate)]
      if other.pc == entry.pc, other.entry == entry.entry, other.name == entry.name, other.file == entry.file,
        other.line == entry.line, other.hasSymbol == entry.hasSymbol
      {
        return candidate
      }
    }
    let new = UInt32(entries.count)
    index.insert(hash, new)
    entries.append(entry)
    texts.append(text(comment, bytes, end: end))
    return new
  }

  private mutating func text(_ comment: FrameComment, _ bytes: Span<UInt8>, end: Int) -> Text {
    let start = arena.count
    guard let symbol = comment.symbol, end < bytes.count, bytes[end] == 0x0a, bytes[symbol.end] == 0x09,
      end - comment.pcEnd < 1 << 20
    else {
      return Text(start: start, symbolLength: 0, placeLength: 0)
    }
    for at in comment.pcEnd..<symbol.end { arena.append(bytes[at]) }
    for at in symbol.file.lowerBound...end { arena.append(bytes[at]) }
    return Text(
      start: start, symbolLength: Int32(symbol.end - comment.pcEnd),
      placeLength: Int32(end + 1 - symbol.file.lowerBound))
  }
}
