import ProfileModel
import TestSupport
import Testing

@testable import ProfileFormats

@Suite struct JemallocTests {
  /// Files of jemalloc, and what pprofutils makes of each: all but the last stack, and only what is in use.
  static let names = ["jemalloc-lg_prof_sample_14", "jemalloc-lg_prof_sample_0_prof_accum_true"]

  private func profile(_ text: String) throws -> (Profile, Diagnostics) { try reading(text, with: JemallocReader()) }

  private func labels(_ profile: Profile, _ sample: Int) -> [String] {
    let columns = profile.columns
    return columns.labels[columns.labelRange(columns.sampleLabels[sample])].map {
      profile.string($0.key) + "=" + ($0.str == .empty ? "\($0.num)" : profile.string($0.str))
    }
  }

  private func addresses(_ profile: Profile, _ sample: Int) -> [UInt64] {
    let columns = profile.columns
    return columns.stackLocations[columns.stackRange(columns.sampleStacks[sample])].map {
      columns.locations[$0.position].address
    }
  }

  @Test(arguments: names)
  func `all that pprofutils reads is read alike, and the last stack too`(_ name: String) throws {
    let profile = try reading(Fixture.named("jemalloc/valid/\(name).in").bytes, with: JemallocReader()).0
    let theirs = try reading(inflated(Fixture.named("pb/valid/\(name).pprofutils.in")), with: ProfileProtoReader()).0
    #expect(profile.sampleCount > theirs.sampleCount)
    let width = profile.columns.sampleTypes.count
    for sample in 0..<theirs.sampleCount {
      #expect(
        profile.columns.values[profile.columns.valueRange(sample)].suffix(2)
          == theirs.columns.values[theirs.columns.valueRange(sample)])
      #expect(addresses(profile, sample) == addresses(theirs, sample))
      // (The size of what was freed since is known here.)
      #expect(Set(labels(theirs, sample)).subtracting(["bytes=0"]).isSubset(of: labels(profile, sample)))
    }
    #expect(profile.columns.period == theirs.columns.period)
    #expect(width == (name.contains("accum") ? 4 : 2))
  }

  @Test func `a sample is a stack of a thread, with its name`() throws {
    let (read, diagnostics) = try profile(
      """
      heap_v2/1
        t*: 3: 48 [9: 144]
        t0: 1: 16 [4: 64] main
        t12: 2: 32 [5: 80]
      @ 0x401000 0x402000
        t*: 3: 48 [5: 80]
        t0: 1: 16 [2: 32]
        t12: 2: 32 [3: 48]
      @ 0x403000
        t*: 0: 0 [4: 64]

      MAPPED_LIBRARIES:
      00400000-00500000 r-xp 00000000 08:01 12 /bin/app

      """)
    #expect(diagnostics.isEmpty)
    #expect(
      read.columns.sampleTypes.map { read.string($0.type) } == [
        "alloc_objects", "alloc_space", "inuse_objects", "inuse_space",
      ])
    #expect(read.columns.values == [2, 32, 1, 16, 3, 48, 2, 32, 4, 64, 0, 0])
    #expect(labels(read, 0) == ["thread=0", "thread_name=main", "bytes=16"])
    #expect(labels(read, 1) == ["thread=12", "bytes=16"])
    // A stack of which no thread is told has what all threads have.
    #expect(labels(read, 2) == ["bytes=16"])
    #expect(read.columns.locations.map(\.address) == [0x400fff, 0x401fff, 0x402fff])
    #expect(read.columns.locations.allSatisfy { $0.mapping == MappingIndex(0) })
  }

  @Test func `a sample is scaled up as pprof scales those of heap_v2`() throws {
    let read = try profile("heap_v2/524288\n@ 0x1\n  t*: 1: 16 [0: 0]\n").0
    let heap = try reading(
      "heap profile: 1: 16 [0: 0] @ heap_v2/524288\n1: 16 [0: 0] @ 0x1\n", with: GperftoolsHeapReader()
    ).0
    #expect(read.columns.values == [32768, 524296])
    #expect(heap.columns.values.suffix(2) == [32768, 524296])
  }

  @Test func `the last stack is there without a line behind it, and a cut text is told`() throws {
    let (read, diagnostics) = try profile("heap_v2/1\n@ 0x1\n  t0: 1: 16 [0: 0]\n@ 0x2\n  t0: 2: 32 [0: 0]")
    #expect(read.columns.values == [1, 16, 2, 32])
    #expect(diagnostics.count(of: "no-memory-map") == 1)
    #expect(try profile("heap_v2/1\n@ 0x1\n").1.count(of: "no-numbers") == 1)
  }
}
