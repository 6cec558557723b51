import ProfileModel

/// The ids of a table as they are read. Almost every writer counts 1…n: then nothing is stored.
struct IDColumn {
  private(set) var count = 0
  /// All ids, once one was not its position + 1.
  private(set) var ids: [UInt64]?

  mutating func append(_ id: UInt64) {
    if ids == nil, id != UInt64(count) + 1 { ids = (0..<count).map { UInt64($0) + 1 } }
    count += 1
    ids?.append(id)
  }

  /// For resolving references, once the table is complete.
  func lookup() -> IDLookup { IDLookup(self) }
}

/// From an id to its position.
struct IDLookup {
  private let dense: UInt64
  /// By id, where the ids are not 1…n but small; `.max` for none.
  private var table: [UInt32] = []
  private var ids: [UInt64] = []
  private var index = HashIndex(minimumCapacity: 0)
  private let seed: UInt64

  init(_ column: IDColumn) {
    guard let ids = column.ids else {
      dense = UInt64(column.count)
      seed = 0
      return
    }
    dense = 0
    seed = HashSeed.next()
    let largest = ids.max() ?? 0
    if largest < UInt64(ids.count) * 4 + 64 {
      table = [UInt32](repeating: .max, count: Int(largest) + 1)
      for (i, id) in ids.enumerated() { table[Int(id)] = UInt32(truncatingIfNeeded: i) }
      table[0] = .max
    } else {
      self.ids = ids
      index = HashIndex(minimumCapacity: ids.count)
      for (i, id) in ids.enumerated() where id != 0 {
        index.insert(HashIndex.mix(id ^ seed), UInt32(truncatingIfNeeded: i))
      }
    }
  }

  /// The position of the entry with this id; `.max` where there is none, as for id 0.
  @inline(__always)
  func position(_ id: UInt64) -> UInt32 {
    if id &- 1 < dense { return UInt32(truncatingIfNeeded: id &- 1) }
    return sparsePosition(id)
  }

  @inline(never)
  private func sparsePosition(_ id: UInt64) -> UInt32 {
    if id < UInt64(table.count) { return table[Int(truncatingIfNeeded: id)] }
    var probe = index.probe(HashIndex.mix(id ^ seed))
    while let at = index.next(&probe) {
      if ids[Int(at)] == id { return at }
    }
    return .max
  }
}
