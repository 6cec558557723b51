import ProfileModel
import TestSupport
import Testing

@testable import ProfileFormats

@Suite struct MappingSearchTests {
  /// One after another, as pprof looks for them.
  private struct Plain {
    var entries: [MemoryMap.Entry]
    var hasStray = false

    mutating func owner(of address: UInt64) -> Int? {
      if address == 0 { return nil }
      for i in entries.indices where entries[i].start <= address && address < entries[i].limit { return i }
      if !hasStray {
        for i in entries.indices
        where entries[i].offset != 0 && entries[i].start &- entries[i].offset <= address && address < entries[i].start {
          entries[i].start &-= entries[i].offset
          entries[i].offset = 0
          return i
        }
      }
      hasStray = true
      return nil
    }
  }

  @Test func `any map is searched as if one entry after another`() {
    var random: UInt64 = 3
    func next(_ bound: UInt64) -> UInt64 {
      random = HashIndex.mix(random)
      return (random >> 20) % bound
    }
    for round in 0..<400 {
      // Few addresses, so that entries overlap, touch, are empty or upside down.
      let bound: UInt64 = [12, 60, 400][round % 3]
      var entries: [MemoryMap.Entry] = []
      for _ in 0..<next(20) {
        entries.append(.init(start: next(bound), limit: next(bound), offset: next(3) == 0 ? next(bound) : 0))
      }
      if round % 5 == 0 { entries.append(.init(start: .max - next(4), limit: .max, offset: .max - next(9))) }
      var plain = Plain(entries: entries)
      var ours = entries
      var search = MappingSearch(entries)
      for _ in 0..<60 {
        let address = next(50) == 0 ? UInt64.max - next(5) : next(bound + 2)
        #expect(search.owner(of: address, &ours) == plain.owner(of: address))
      }
      #expect(ours.map(\.start) == plain.entries.map(\.start))
    }
  }

  @Test func `many entries and many addresses take time in proportion`() throws {
    // Each address belongs before an entry, the last of those that it may: as bad as it gets.
    let ratio = try Growth.ratio(from: 5000) { count in
      {
        var entries = (0..<UInt64(count)).map {
          MemoryMap.Entry(start: ($0 + 1) * 16, limit: ($0 + 1) * 16 + 1, offset: 8)
        }
        var search = MappingSearch(entries)
        for i in (0..<count).reversed() {
          if search.owner(of: UInt64(i + 1) * 16 - 3, &entries) != i { Issue.record("not entry \(i)") }
        }
      }
    }
    #expect(ratio < Growth.inProportion)
  }
}
