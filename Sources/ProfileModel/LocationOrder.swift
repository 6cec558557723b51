/// An order of locations that does not depend on their ids: by address, and by what their lines say where addresses are equal.
package struct LocationOrder {
  private let columns: ProfileColumns

  package init(_ columns: ProfileColumns) { self.columns = columns }

  /// Below, equal to or above 0.
  package func compare(_ a: LocationIndex, _ b: LocationIndex) -> Int {
    let (x, y) = (columns.locations[a.position], columns.locations[b.position])
    if x.address != y.address { return x.address < y.address ? -1 : 1 }
    let linesOfX = columns.lines[columns.lineRange(a)]
    let linesOfY = columns.lines[columns.lineRange(b)]
    for (line, other) in zip(linesOfX, linesOfY) {
      let (f, g) = (columns.functions[line.function.position], columns.functions[other.function.position])
      for order in [
        compare(f.name, g.name), compare(f.file, g.file), compare(line.line, other.line),
        compare(line.column, other.column),
      ] where order != 0 { return order }
    }
    return compare(Int64(linesOfX.count), Int64(linesOfY.count))
  }

  /// For each location its rank among all. What a text has to invent an address for comes first, as invented addresses do:
  /// locations without one, or with that of one before them. So a text is in order, and what is read of it too. Equal ones
  /// have one rank.
  ///
  /// O(n log n), n locations.
  package func ranks() -> [UInt32] {
    let order = (0..<columns.locations.count).map { LocationIndex($0) }.sorted { compare($0, $1) < 0 }
    var invented: [LocationIndex] = []
    var named: [LocationIndex] = []
    for location in order {
      let address = columns.locations[location.position].address
      let isOwn =
        address != 0
        && named.last.map { columns.locations[$0.position].address != address || compare($0, location) == 0 } ?? true
      if isOwn { named.append(location) } else { invented.append(location) }
    }
    var ranks = [UInt32](repeating: 0, count: order.count)
    var rank: UInt32 = 0
    var last: LocationIndex?
    for location in invented + named {
      if let last, compare(last, location) != 0 { rank += 1 }
      ranks[location.position] = rank
      last = location
    }
    return ranks
  }

  private func compare(_ a: StringIndex, _ b: StringIndex) -> Int {
    if a == b { return 0 }
    let (x, y) = (columns.strings[a], columns.strings[b])
    for i in 0..<min(x.count, y.count) where x[i] != y[i] { return x[i] < y[i] ? -1 : 1 }
    return x.count == y.count ? 0 : x.count < y.count ? -1 : 1
  }

  private func compare(_ a: Int64, _ b: Int64) -> Int { a == b ? 0 : a < b ? -1 : 1 }
}
