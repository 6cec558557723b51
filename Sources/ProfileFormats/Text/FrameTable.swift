internal import ProfileModel
internal import ProtobufWire

/// The frame comments of a text, each distinct one once. A text of a few hundred megabytes repeats some ten thousand of
/// them, so that nearly every line is known: it is found by its pc and compared byte by byte, and nothing of it is taken
/// apart again.
struct FrameTable {
  struct Entry: Equatable {
    var pc: UInt64
    /// The entry of the physical function that the pc is in; of no meaning without a symbol.
    var entry: UInt64
    var name: StringIndex
    var file: StringIndex
    var line: Int64
    var hasSymbol: Bool
  }

  private(set) var entries: [Entry] = []
  /// Whether a frame shows an offset from its function's entry. What we write has none.
  private(set) var hasOffsets = false
  /// Where in the arena an entry stands, in steps of 8 bytes.
  private var index = HashIndex()
  /// Entries by all that they have. One pc may come with any number of names, and only its first stand in `index`.
  private var entryIndex = HashIndex()
  /// Pcs are the file's choice: nobody shall choose them so that they collide.
  private let seed = HashSeed.next()
  /// What to compare lines with. Of each entry the bytes up to the tabs before the file, and those from the file on, LF
  /// included; the tabs between depend on the neighbours. Before them a header, so that one look into memory finds all:
  ///
  ///     8 bytes   the pc of the line that last followed
  ///     8         where its entry stands
  ///     4         the entry
  ///     4         length up to the tabs; 0: not to be compared with
  ///     8         length from the file on
  ///     8         the pc
  private var arena: [UInt8]
  /// Where the entry of the line before stands. A frame mostly has the caller that it had before.
  private(set) var last = 0

  private static let headerSize = 40
  /// How many entries of one pc lines are compared with. Inline groups of Go have fewer.
  private static let maxCandidates = 16

  init() {
    // No entry stands at 0.
    arena = [UInt8](repeating: 0, count: Self.headerSize)
  }

  /// A table that only has entries, to look them up by number.
  init(entries: [Entry]) {
    self.init()
    self.entries = entries
  }

  /// Adds entries that another table has under the same numbers.
  mutating func append(_ new: [Entry]) { entries.append(contentsOf: new) }

  /// Asks memory for what stands in the arena at `text`: it is needed soon, and the waits for many such overlap. Lines of
  /// the length that most have take three cache lines with their header.
  @inline(__always)
  func prefetch(_ text: Int) {
    let arena = arena.span
    ProfileModel.prefetch(arena, at: text)
    ProfileModel.prefetch(arena, at: text &+ 64)
    ProfileModel.prefetch(arena, at: text &+ 128)
  }

  /// The entry that stands in the arena at `text`, and where the next line begins, if it is the one of the line at `start`.
  @inline(__always)
  mutating func expected(_ text: Int, _ bytes: Span<UInt8>, at start: Int) -> (entry: UInt32, next: Int)? {
    guard let next = end(of: text, bytes, start) else { return nil }
    last = text
    return (UInt32(truncatingIfNeeded: loadWord(arena.span, at: text &+ 16)), next)
  }

  /// The entry of the line at `start`, and where the next line begins; nil where the line is not known in these bytes, or
  /// not wholly there.
  @inline(__always)
  mutating func known(_ bytes: Span<UInt8>, at start: Int) -> (entry: UInt32, next: Int)? {
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
    if loadWord(arena.span, at: last) == pc {
      let text = Int(truncatingIfNeeded: loadWord(arena.span, at: last &+ 8))
      if let known = expected(text, bytes, at: start) { return known }
    }
    return search(pc, bytes, start)
  }

  /// Where the line after that of `text` begins, if it stands at `at`.
  @inline(__always)
  private func end(of text: Int, _ bytes: Span<UInt8>, _ at: Int) -> Int? {
    let symbolLength = Int(loadWord(arena.span, at: text &+ 16) &>> 32)
    let symbol = text &+ Self.headerSize
    guard symbolLength > 0, TextBytes.equal(bytes, at, arena.span, symbol, symbolLength) else { return nil }
    var place = at &+ symbolLength
    guard place < bytes.count, bytes[place] == 0x09 else { return nil }
    repeat { place &+= 1 } while place < bytes.count && bytes[place] == 0x09
    let placeLength = Int(truncatingIfNeeded: loadWord(arena.span, at: text &+ 24))
    guard TextBytes.equal(bytes, place, arena.span, symbol &+ symbolLength, placeLength) else { return nil }
    return place &+ placeLength
  }

  @inline(never)
  private mutating func search(_ pc: UInt64, _ bytes: Span<UInt8>, _ at: Int) -> (entry: UInt32, next: Int)? {
    var probe = index.probe(HashIndex.mix(pc ^ seed))
    while let candidate = index.next(&probe) {
      let text = Int(candidate) &* 8
      guard loadWord(arena.span, at: text &+ 32) == pc, let next = end(of: text, bytes, at) else { continue }
      store(pc, at: last)
      store(UInt64(text), at: last &+ 8)
      last = text
      return (UInt32(truncatingIfNeeded: loadWord(arena.span, at: text &+ 16)), next)
    }
    return nil
  }

  private mutating func store(_ word: UInt64, at: Int) {
    for i in 0..<8 { arena[at &+ i] = UInt8(truncatingIfNeeded: word &>> (8 &* UInt64(i))) }
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
    let entryHash = hash(entry)
    var probe = entryIndex.probe(entryHash)
    while let known = entryIndex.next(&probe) {
      if entries[Int(known)] == entry { return known }
    }
    let new = UInt32(entries.count)
    entries.append(entry)
    entryIndex.insert(entryHash, new)
    if comment.symbol.map({ $0.offset != 0 }) == true { hasOffsets = true }
    let pcHash = HashIndex.mix(comment.pc ^ seed)
    var candidates = 0
    probe = index.probe(pcHash)
    while candidates < Self.maxCandidates, index.next(&probe) != nil { candidates += 1 }
    if candidates < Self.maxCandidates {
      index.insert(pcHash, UInt32(truncatingIfNeeded: arena.count / 8))
      append(comment, new, bytes, end: end)
    }
    return new
  }

  private func hash(_ entry: Entry) -> UInt64 {
    var hash = HashIndex.mix(entry.pc ^ seed)
    hash = HashIndex.mix(hash ^ entry.entry)
    hash = HashIndex.mix(hash ^ (UInt64(entry.name.rawValue) << 32 | UInt64(entry.file.rawValue)))
    return HashIndex.mix(hash ^ UInt64(bitPattern: entry.line))
  }

  /// Keeps the text of a new entry, unless the line is not in Go's form.
  private mutating func append(_ comment: FrameComment, _ entry: UInt32, _ bytes: Span<UInt8>, end: Int) {
    let start = arena.count
    for _ in 0..<Self.headerSize { arena.append(0) }
    store(UInt64(entry), at: start + 16)
    store(comment.pc, at: start + 32)
    guard let symbol = comment.symbol, end < bytes.count, bytes[end] == 0x0a, bytes[symbol.end] == 0x09,
      end - comment.start < 1 << 20
    else { return }
    store(UInt64(symbol.end - comment.start) << 32 | UInt64(entry), at: start + 16)
    store(UInt64(end + 1 - symbol.file.lowerBound), at: start + 24)
    for at in comment.start..<symbol.end { arena.append(bytes[at]) }
    for at in symbol.file.lowerBound...end { arena.append(bytes[at]) }
    while arena.count % 8 != 0 { arena.append(0) }
  }
}
