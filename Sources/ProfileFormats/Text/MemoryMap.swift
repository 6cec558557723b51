internal import ProfileModel

/// The memory map behind the records of a text, read as pprof reads it: lines of /proc/self/maps, or brief ones,
/// `START-LIMIT: FILE (@OFFSET) BUILDID`, with `$name` replaced as `name=value` lines say.
struct MemoryMap {
  private struct Entry {
    var start: UInt64
    var limit: UInt64
    var offset: UInt64 = 0
    var file: [UInt8] = []
    var buildID: [UInt8] = []
  }

  private var entries: [Entry] = []
  private var variables: [(name: [UInt8], value: [UInt8])] = []
  /// Bytes of all names and values.
  private var variableSize = 0

  // Values are stored after replacement, so that lines `b=$a$a` and `c=$b$b` double each other. Real maps have a few
  // variables of a hundred bytes.
  private static let maxVariables = 1000
  private static let maxVariableSize = 1 << 20
  /// Of a line in which something was replaced: pprof reads no longer ones.
  private static let maxReplaced = 1 << 16

  /// Whether a line begins a map: it holds one of two phrases, anywhere.
  static func isSentinel(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    TextBytes.find("--- Memory map: ---", in: bytes, range) != nil
      || TextBytes.find("MAPPED_LIBRARIES:", in: bytes, range) != nil
  }

  /// A line of the map. What is no entry and no variable is ignored. Throws ``ProfileError/Code/limit``, without a place,
  /// where variables grow beyond all use.
  mutating func add(_ line: Span<UInt8>) throws(ProfileError) {
    let text = try replaced(line, from: Self.logPrefix(line))
    let span = text.span
    if let found = MapLine(span) {
      if !found.isExecutable { return }
      if let entry = entry(found, span) {
        entries.append(entry)
        return
      }
    }
    guard let equals = text.firstIndex(of: UInt8(ascii: "=")) else { return }
    let name = TextBytes.trimmed(span, 0..<equals)
    let value = TextBytes.trimmed(span, equals + 1..<text.count)
    variableSize += name.count + value.count
    if variables.count == Self.maxVariables || variableSize > Self.maxVariableSize {
      throw ProfileError(
        .limit, "the memory map defines over \(Self.maxVariables) variables or \(Self.maxVariableSize) bytes of them")
    }
    variables.append(([UInt8(ascii: "$")] + text[name], Array(text[value])))
  }

  private func entry(_ line: MapLine, _ text: Span<UInt8>) -> Entry? {
    guard let start = TextBytes.hexadecimal(text, line.start), let limit = TextBytes.hexadecimal(text, line.limit)
    else {
      return nil
    }
    var entry = Entry(start: start, limit: limit)
    if let range = line.offset {
      guard let offset = TextBytes.hexadecimal(text, range) else { return nil }
      entry.offset = offset
    }
    if let file = line.file { entry.file = TextBytes.copy(text, file) }
    if let id = line.buildID { entry.buildID = TextBytes.copy(text, id) }
    return entry
  }

  /// The end of what glog puts before a line, `…:NN] `.
  private static func logPrefix(_ line: Span<UInt8>) -> Int {
    var bracket = 0
    while bracket < line.count, line[bracket] != UInt8(ascii: "["), line[bracket] != UInt8(ascii: "]") { bracket += 1 }
    guard bracket + 1 < line.count, line[bracket] == UInt8(ascii: "]"), TextBytes.isBlank(line[bracket + 1]) else {
      return 0
    }
    var colon = bracket - 1
    while colon >= 0, TextBytes.isDigit(line[colon]) { colon -= 1 }
    guard colon > 0, colon < bracket - 1, line[colon] == UInt8(ascii: ":") else { return 0 }
    return bracket + 2
  }

  /// The line with variables replaced; of several that fit at a place the first defined.
  private func replaced(_ line: Span<UInt8>, from start: Int) throws(ProfileError) -> [UInt8] {
    if variables.isEmpty { return TextBytes.copy(line, start..<line.count) }
    var result: [UInt8] = []
    var at = start
    next: while at < line.count {
      if line[at] == UInt8(ascii: "$") {
        for (name, value) in variables where TextBytes.equal(line, at, name.span, 0, name.count) {
          if result.count + value.count > Self.maxReplaced {
            throw ProfileError(
              .limit, "a line of the memory map is longer than \(Self.maxReplaced) bytes with its variables replaced")
          }
          result.append(contentsOf: value)
          at += name.count
          continue next
        }
      }
      result.append(line[at])
      at += 1
    }
    return result
  }

  var lineCount: Int { entries.count }

  /// The lines as they stand.
  func mappings(interning strings: inout StringTable) -> [Mapping] {
    var interner = StringInterner(strings)
    return entries.map { entry in
      Mapping(
        start: entry.start, limit: entry.limit, offset: entry.offset,
        file: interner.intern(entry.file.span, in: &strings), buildID: interner.intern(entry.buildID.span, in: &strings)
      )
    }
  }

  // MARK: Into the profile

  /// Adds the mappings and gives each location without one its own.
  func apply(to columns: inout ProfileColumns) {
    var massaged = entries
    Self.merge(&massaged)
    Self.putMainFirst(&massaged)
    if massaged.count > 1, massaged[0].file.starts(with: "/anon_hugepage".utf8), massaged[0].limit == massaged[1].start
    {
      massaged.removeFirst()
    }
    // A main program that was linked to the usual address and mapped in two.
    if let first = massaged.first, first.start &- first.offset == 0x400000 {
      massaged[0].start = 0x400000
      massaged[0].offset = 0
    }
    if massaged.isEmpty { return }
    var interner = StringInterner(columns.strings)
    let base = columns.mappings.count
    var owners = [MappingIndex](repeating: .none, count: columns.locations.count)
    for i in columns.locations.indices where columns.locations[i].mapping == .none {
      guard let owner = Self.owner(of: columns.locations[i].address, &massaged) else { continue }
      columns.locations[i].mapping = MappingIndex(base + owner)
      owners[i] = MappingIndex(base + owner)
    }
    for entry in massaged {
      columns.mappings.append(
        Mapping(
          start: entry.start, limit: entry.limit, offset: entry.offset,
          file: interner.intern(entry.file.span, in: &columns.strings),
          buildID: interner.intern(entry.buildID.span, in: &columns.strings)))
    }
    Self.markSymbolized(&columns, owners, from: base)
  }

  /// A mapping whose locations all have functions needs no symbols any more.
  private static func markSymbolized(_ columns: inout ProfileColumns, _ owners: [MappingIndex], from base: Int) {
    var state = [(isUsed: Bool, isNamed: Bool)](repeating: (false, true), count: columns.mappings.count)
    for i in owners.indices where owners[i] != .none {
      state[owners[i].position].isUsed = true
      if columns.lineRange(LocationIndex(i)).isEmpty { state[owners[i].position].isNamed = false }
    }
    for i in base..<columns.mappings.count where state[i].isUsed && state[i].isNamed {
      columns.mappings[i].hasFunctions = true
      columns.mappings[i].hasFilenames = true
      columns.mappings[i].hasLineNumbers = true
    }
  }

  /// The entry that an address belongs to: one around it, or one just above it that was mapped in two.
  private static func owner(of address: UInt64, _ entries: inout [Entry]) -> Int? {
    if address == 0 { return nil }
    for i in entries.indices where entries[i].start <= address && address < entries[i].limit { return i }
    for i in entries.indices
    where entries[i].offset != 0 && entries[i].start &- entries[i].offset <= address && address < entries[i].start {
      entries[i].start &-= entries[i].offset
      entries[i].offset = 0
      return i
    }
    return nil
  }

  private static func merge(_ entries: inout [Entry]) {
    var merged: [Entry] = []
    for entry in entries {
      if let last = merged.last, isAdjacent(last, entry) {
        merged[merged.count - 1].limit = entry.limit
        if !entry.file.isEmpty { merged[merged.count - 1].file = entry.file }
        if !entry.buildID.isEmpty { merged[merged.count - 1].buildID = entry.buildID }
      } else {
        merged.append(entry)
      }
    }
    entries = merged
  }

  private static func isAdjacent(_ a: Entry, _ b: Entry) -> Bool {
    if !a.file.isEmpty, !b.file.isEmpty, a.file != b.file { return false }
    if !a.buildID.isEmpty, !b.buildID.isEmpty, a.buildID != b.buildID { return false }
    if a.limit != b.start { return false }
    return a.offset == 0 || b.offset == 0 || a.offset &+ (a.limit &- a.start) == b.offset
  }

  private static func putMainFirst(_ entries: inout [Entry]) {
    for i in entries.indices {
      let file = withoutDeleted(entries[i].file)
      let name = TextBytes.trimmed(file.span, 0..<file.count)
      if name.isEmpty || file[name.lowerBound] == UInt8(ascii: "[") || isLibrary(Array(file[name])) { continue }
      entries.swapAt(0, i)
      return
    }
  }

  private static func withoutDeleted(_ file: [UInt8]) -> [UInt8] {
    var result = file
    while let at = TextBytes.find("(deleted)", in: result.span, 0..<result.count) { result.removeSubrange(at..<at + 9) }
    return result
  }

  /// Whether a file's name ends in `.so`, or has `.so.` or `.so_` with a digit behind.
  private static func isLibrary(_ file: [UInt8]) -> Bool {
    var from = 0
    while let at = TextBytes.find(".so", in: file.span, from..<file.count) {
      let next = at + 3
      if next == file.count { return true }
      if next + 1 < file.count, file[next] == UInt8(ascii: ".") || file[next] == UInt8(ascii: "_"),
        TextBytes.isDigit(file[next + 1])
      {
        return true
      }
      from = at + 1
    }
    return false
  }
}
