import ProfileModel
import Testing

@Suite struct HashSeedTests {
  @Test func `no two tables have one seed, whichever threads ask`() async {
    let all = await withTaskGroup(of: [UInt64].self) { group in
      for _ in 0..<8 { group.addTask { (0..<10_000).map { _ in HashSeed.next() } } }
      return await group.reduce(into: []) { $0 += $1 }
    }
    #expect(Set(all).count == 80_000)
    // Half of all bits differ from one to the next, give or take five standard deviations.
    let seeds = (0..<4096).map { _ in HashSeed.next() }
    let changed = zip(seeds, seeds.dropFirst()).reduce(0) { $0 + ($1.0 ^ $1.1).nonzeroBitCount }
    #expect(abs(changed - 4095 * 32) < 5 * 256)
  }
}
