internal import ProfileModel

/// Into the profile, as pprof does it: entries of one file are joined, the program comes first, and each location gets the
/// entry that its address is in.
extension MemoryMap {
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
    var search = MappingSearch(massaged)
    var owners = [MappingIndex](repeating: .none, count: columns.locations.count)
    for i in columns.locations.indices where columns.locations[i].mapping == .none {
      guard let owner = search.owner(of: columns.locations[i].address, &massaged) else { continue }
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

  /// A mapping whose locations all have functions needs no symbols any more. (Text that names functions alone knows no files.)
  private static func markSymbolized(_ columns: inout ProfileColumns, _ owners: [MappingIndex], from base: Int) {
    var state = [(isUsed: Bool, isNamed: Bool, hasFiles: Bool)](
      repeating: (false, true, false), count: columns.mappings.count)
    for i in owners.indices where owners[i] != .none {
      let lines = columns.lines[columns.lineRange(LocationIndex(i))]
      state[owners[i].position].isUsed = true
      if lines.isEmpty { state[owners[i].position].isNamed = false }
      if lines.contains(where: { columns.functions[$0.function.position].file != .empty }) {
        state[owners[i].position].hasFiles = true
      }
    }
    for i in base..<columns.mappings.count where state[i].isUsed && state[i].isNamed {
      columns.mappings[i].hasFunctions = true
      columns.mappings[i].hasFilenames = state[i].hasFiles
      columns.mappings[i].hasLineNumbers = state[i].hasFiles
    }
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

  /// What is left is not searched again: of `(del(deleted)eted)` stays `(deleted)`.
  private static func withoutDeleted(_ file: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var from = 0
    while let at = TextBytes.find("(deleted)", in: file.span, from..<file.count) {
      result += file[from..<at]
      from = at + 9
    }
    return result + file[from...]
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
