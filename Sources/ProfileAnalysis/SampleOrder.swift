import ProfileModel

/// Compares samples for ``Profile/sorted(by:sampledValues:)``.
struct SampleOrder {
  private let profile: Profile
  /// Columns in the order in which they decide before the stacks, and behind them.
  private var first: [Column] = []
  private var last: [Column] = []

  private struct Column {
    var values: [Int64]
    /// How many values a sample has, and which of them this is.
    var width: Int
    var at: Int

    @inline(__always)
    func value(_ sample: Int) -> Int64 { values[sample &* width &+ at] }
  }

  init(_ profile: Profile, by sampleType: Int, sampledValues: [Int64]?) {
    self.profile = profile
    let columns = profile.columns
    let width = columns.sampleTypes.count
    // A heap's columns in Go's order, wherever they stand: a text has them so, and no others.
    let heap = HeapColumns(columns).map { [$0.allocObjects, $0.allocSpace, $0.inuseObjects, $0.inuseSpace] }
    if let sampledValues, let heap, let wanted = heap.firstIndex(of: sampleType) {
      first.append(Column(values: sampledValues, width: 4, at: wanted))
      for at in 0..<4 where at != wanted { first.append(Column(values: sampledValues, width: 4, at: at)) }
    }
    first.append(Column(values: columns.values, width: width, at: sampleType))
    let decisive = heap?.compactMap { $0 } ?? Array(0..<width)
    for at in decisive where at != sampleType { first.append(Column(values: columns.values, width: width, at: at)) }
    for at in 0..<width where at != sampleType && !decisive.contains(at) {
      last.append(Column(values: columns.values, width: width, at: at))
    }
  }

  /// The samples' positions in the order that is wanted.
  func permutation() -> [UInt32] {
    struct Entry {
      var value: Int64
      /// The one that decides next: most ties of a heap (nothing is in use) end here.
      var next: Int64
      var sample: UInt32
    }
    // By what is at hand first, whose comparison touches nothing else; runs of equal ones afterwards.
    let key = first[0]
    let next = first.count > 1 ? first[1] : key
    var entries = (0..<profile.sampleCount).map { sample in
      Entry(value: key.value(sample), next: next.value(sample), sample: UInt32(sample))
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
        let known = ranks ?? LocationOrder(profile.columns).ranks()
        ranks = known
        order[start..<end].sort { precedes($0, $1, ranks: known) }
      }
      start = end
    }
    return order
  }

  private func precedes(_ a: UInt32, _ b: UInt32, ranks: [UInt32]) -> Bool {
    for column in first {
      let (x, y) = (column.value(Int(a)), column.value(Int(b)))
      if x != y { return x > y }
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
    for column in last {
      let (x, y) = (column.value(Int(a)), column.value(Int(b)))
      if x != y { return x > y }
    }
    return a < b
  }
}
