import ProfileModel

/// Compares samples for ``Profile/sorted(by:sampledValues:)``.
struct SampleOrder {
  private let profile: Profile
  /// Whole rows in the order in which they decide.
  private var tables: [(values: [Int64], width: Int, first: Int)] = []

  init(_ profile: Profile, by sampleType: Int, sampledValues: [Int64]?) {
    self.profile = profile
    let columns = profile.columns
    if let sampledValues {
      let name = columns.sampleTypes[sampleType].type
      let names = ["alloc_objects", "alloc_space", "inuse_objects", "inuse_space"]
      if let column = names.firstIndex(where: { columns.strings.equals(name, $0) }) {
        tables.append((sampledValues, 4, column))
      }
    }
    tables.append((columns.values, columns.sampleTypes.count, sampleType))
  }

  /// The samples' positions in the order that is wanted.
  func permutation() -> [UInt32] {
    struct Entry {
      var value: Int64
      /// Of the rest of the row the first value: most ties in a heap (nothing is in use) end here.
      var next: Int64
      var sample: UInt32
    }
    // By what is at hand first, whose comparison touches nothing else; runs of equal ones afterwards.
    let key = tables[0]
    let next = key.first == 0 ? min(1, key.width - 1) : 0
    var entries = (0..<profile.sampleCount).map { sample in
      let row = sample * key.width
      return Entry(value: key.values[row + key.first], next: key.values[row + next], sample: UInt32(sample))
    }
    entries.sort { a, b in
      if a.value != b.value { return a.value > b.value }
      return a.next != b.next ? a.next > b.next : a.sample < b.sample
    }
    var order = entries.map(\.sample)

    var ranks: [UInt32]?
    var start = 0
    while start < entries.count {
      var end = start + 1
      while end < entries.count, entries[end].value == entries[start].value, entries[end].next == entries[start].next {
        end += 1
      }
      if end - start > 1 {
        let known = ranks ?? locationRanks(profile.columns)
        ranks = known
        order[start..<end].sort { precedes($0, $1, ranks: known) }
      }
      start = end
    }
    return order
  }

  private func precedes(_ a: UInt32, _ b: UInt32, ranks: [UInt32]) -> Bool {
    for table in tables {
      let x = Int(a) * table.width
      let y = Int(b) * table.width
      for column in 0..<table.width where table.values[x + column] != table.values[y + column] {
        return table.values[x + column] > table.values[y + column]
      }
    }
    let stacks = profile.columns.sampleStacks
    if stacks[Int(a)] != stacks[Int(b)] {
      let x = profile.locations(of: stacks[Int(a)])
      let y = profile.locations(of: stacks[Int(b)])
      for i in 0..<min(x.count, y.count) {
        let (rank, other) = (ranks[x[i].position], ranks[y[i].position])
        if rank != other { return rank < other }
      }
      if x.count != y.count { return x.count < y.count }
    }
    return a < b
  }
}

/// Numbers the locations by address, and by what their lines say where addresses are equal. Equal ones get one number.
private func locationRanks(_ columns: ProfileColumns) -> [UInt32] {
  let strings = columns.strings
  let locations = columns.locations
  func compare(_ a: StringIndex, _ b: StringIndex) -> Int {
    if a == b { return 0 }
    let (x, y) = (strings[a], strings[b])
    for i in 0..<min(x.count, y.count) where x[i] != y[i] { return x[i] < y[i] ? -1 : 1 }
    return x.count == y.count ? 0 : x.count < y.count ? -1 : 1
  }
  func compare(_ a: Int64, _ b: Int64) -> Int { a == b ? 0 : a < b ? -1 : 1 }
  func compare(_ a: UInt32, _ b: UInt32) -> Int {
    let (x, y) = (locations[Int(a)], locations[Int(b)])
    if x.address != y.address { return x.address < y.address ? -1 : 1 }
    let linesOfX = columns.lines[columns.lineRange(LocationIndex(rawValue: a))]
    let linesOfY = columns.lines[columns.lineRange(LocationIndex(rawValue: b))]
    for (line, other) in zip(linesOfX, linesOfY) {
      let (f, g) = (columns.functions[line.function.position], columns.functions[other.function.position])
      for order in [
        compare(f.name, g.name), compare(f.file, g.file), compare(line.line, other.line),
        compare(line.column, other.column),
      ] where order != 0 { return order }
    }
    return compare(Int64(linesOfX.count), Int64(linesOfY.count))
  }
  let order = (0..<UInt32(locations.count)).sorted { compare($0, $1) < 0 }
  var ranks = [UInt32](repeating: 0, count: locations.count)
  for i in order.indices.dropFirst() {
    let step: UInt32 = compare(order[i - 1], order[i]) == 0 ? 0 : 1
    ranks[Int(order[i])] = ranks[Int(order[i - 1])] + step
  }
  return ranks
}
