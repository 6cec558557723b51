/// Finds the entry of a memory map that an address belongs to. Of several around it the first counts, so that sorting alone
/// does not do; the borders of all ranges are sorted, and a tree over the pieces between them holds the first range on each.
///
/// - Complexity: O(entries · log entries) to make, O(log entries) an address.
struct MappingSearch {
  /// Where ranges begin and end, ascending; piece `i` begins at `borders[i]`.
  private var borders: [UInt64] = []
  /// Entries around an address.
  private var around: FirstRange
  /// Entries of which the file begins before them: an address there belongs to a part that was mapped on its own.
  private var before: FirstRange

  init(_ entries: [MemoryMap.Entry]) {
    borders.reserveCapacity(entries.count * 3)
    for entry in entries {
      borders.append(entry.start)
      borders.append(entry.limit)
      if let start = Self.fileStart(entry) { borders.append(start) }
    }
    borders.sort()
    var distinct = 0
    for border in borders where distinct == 0 || borders[distinct - 1] != border {
      borders[distinct] = border
      distinct += 1
    }
    borders.removeLast(borders.count - distinct)
    around = FirstRange(pieces: distinct)
    before = FirstRange(pieces: distinct)
    for i in entries.indices.reversed() {
      let entry = entries[i]
      around.add(i, pieces(entry.start, entry.limit))
      if let start = Self.fileStart(entry) { before.add(i, pieces(start, entry.start)) }
    }
  }

  /// Where an entry's file would begin, if that is before it.
  private static func fileStart(_ entry: MemoryMap.Entry) -> UInt64? {
    let (start, overflow) = entry.start.subtractingReportingOverflow(entry.offset)
    return entry.offset == 0 || overflow ? nil : start
  }

  private func pieces(_ start: UInt64, _ limit: UInt64) -> Range<Int> {
    let first = pieceCount(upTo: start)
    return first..<max(first, pieceCount(upTo: limit))
  }

  /// How many borders are below `address`.
  private func pieceCount(upTo address: UInt64) -> Int {
    var low = 0
    var high = borders.count
    while low < high {
      let middle = (low + high) / 2
      if borders[middle] < address { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Whether an address belonged nowhere. pprof then has a mapping of all addresses, and looks for no entry above.
  private var hasStray = false

  /// The entry around an address, or the one just above it that was mapped in two, which then begins where its file does;
  /// nil: none. No entry has address 0.
  mutating func owner(of address: UInt64, _ entries: inout [MemoryMap.Entry]) -> Int? {
    if address == 0 { return nil }
    var piece = pieceCount(upTo: address)
    if piece == borders.count || borders[piece] != address { piece -= 1 }
    if piece >= 0, let found = around.first(at: piece, where: { _ in true }) { return found }
    guard piece >= 0, !hasStray, let found = before.first(at: piece, where: { entries[$0].offset != 0 }) else {
      hasStray = true
      return nil
    }
    entries[found].start &-= entries[found].offset
    entries[found].offset = 0
    around.add(found, pieces(entries[found].start, entries[found].limit))
    return found
  }
}

/// Numbered ranges over a row of pieces; tells the lowest number on a piece. A range stands in the few nodes of a tree that
/// make it up, and a piece looks at the nodes above it.
private struct FirstRange {
  /// The numbers at each node, the lowest last. Leaves are the second half.
  private var nodes: [[Int32]]
  private let size: Int

  init(pieces: Int) {
    size = max(pieces, 1)
    nodes = [[Int32]](repeating: [], count: 2 * size)
  }

  /// Adds a range, the highest number first: behind a lower one it would never be found.
  ///
  /// - Complexity: O(log pieces)
  mutating func add(_ number: Int, _ pieces: Range<Int>) {
    var low = pieces.lowerBound + size
    var high = pieces.upperBound + size
    while low < high {
      if low & 1 == 1 {
        insert(Int32(truncatingIfNeeded: number), at: low)
        low += 1
      }
      if high & 1 == 1 {
        high -= 1
        insert(Int32(truncatingIfNeeded: number), at: high)
      }
      low >>= 1
      high >>= 1
    }
  }

  private mutating func insert(_ number: Int32, at node: Int) {
    if let lowest = nodes[node].last, lowest < number { return }
    nodes[node].append(number)
  }

  /// The lowest number on a piece, of those that count. What does not count is forgotten.
  mutating func first(at piece: Int, where counts: (Int) -> Bool) -> Int? {
    var found: Int32?
    var node = piece + size
    while node > 0 {
      while let lowest = nodes[node].last, !counts(Int(lowest)) { nodes[node].removeLast() }
      if let lowest = nodes[node].last { found = min(found ?? lowest, lowest) }
      node >>= 1
    }
    return found.map { Int($0) }
  }
}
