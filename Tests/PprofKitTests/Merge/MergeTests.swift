import Foundation
import PprofKit
import TestSupport
import Testing

/// Merged and subtracted profiles, held against the real pprof.
@Suite struct MergeTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func pprof(_ files: [URL], base: URL? = nil, isMarked: Bool = false, isNormalized: Bool = false) throws
    -> String?
  {
    var options = ["-raw"]
    if let base { options.append((isMarked ? "-diff_base=" : "-base=") + base.path) }
    if isNormalized { options.append("-normalize") }
    return try Pprof.run(options + files.dropLast().map(\.path), files[files.count - 1])
  }

  private func ours(_ files: [URL], base: URL? = nil, isMarked: Bool = false, isNormalized: Bool = false) throws
    -> String
  {
    let merged = try Profile.difference(
      files.map { try Profile(contentsOf: $0.path) }, base: base.map { [try Profile(contentsOf: $0.path)] } ?? [],
      isMarked: isMarked, isNormalized: isNormalized)
    return try PprofFilters.raw(merged.profile.asLoadedByPprof().withoutDropFrames())
  }

  private func check(_ files: [URL], base: URL? = nil, isMarked: Bool = false, isNormalized: Bool = false) throws
    -> Bool
  {
    let names = (files + [base].compactMap { $0 }).map(\.lastPathComponent)
    guard let theirs = try pprof(files, base: base, isMarked: isMarked, isNormalized: isNormalized) else {
      #expect(throws: ProfileError.self, "\(names)") {
        try ours(files, base: base, isMarked: isMarked, isNormalized: isNormalized)
      }
      return false
    }
    #expect(try ours(files, base: base, isMarked: isMarked, isNormalized: isNormalized) == theirs, "\(names)")
    return true
  }

  @Test("two and three profiles of one kind, and their differences, are pprof's")
  func fixtures() throws {
    var random = SeededRandom(11)
    let all = try Fixture.all("pb/valid").map(\.url)
    let kinds = ["heap", "cpu", "goroutine", "mutex", "block", "threadcreate", "custom", "synthetic", "allocs"].map {
      kind in all.filter { $0.lastPathComponent.contains(kind) }
    }
    var merged = 0
    for i in 0..<150 {
      let kind = i % 10 == 9 ? all : kinds[i % kinds.count]
      let files = (0..<Int.random(in: 1...3, using: &random)).compactMap { _ in kind.randomElement(using: &random) }
      let base = files.count == 1 || random.chance(40) ? kind.randomElement(using: &random) : nil
      if try check(
        files, base: base, isMarked: random.chance(50), isNormalized: base != nil && random.chance(40))
      {
        merged += 1
      }
    }
    #expect(merged > 100)
  }

  @Test("so are those of random profiles that share names and types")
  func random() throws {
    var merged = 0
    for seed in 0..<80 as Range<UInt64> {
      var random = RandomProfile(seed: seed)
      var files: [URL] = []
      let first = random.columns()
      for i in 0..<3 {
        var columns = i == 0 ? first : random.columns()
        // Else hardly any two could be merged; and sums that wrap in pprof are refused by us.
        columns.sampleTypes = ["a", "b"].map { ValueType(type: columns.strings.append($0)) }
        columns.periodType = ValueType()
        columns.values = columns.sampleStacks.indices.flatMap { _ in
          [Int64.random(in: -3...3, using: &random.random), Int64(random.random.number() >> 8)]
        }
        let file = folder.file("\(i).pb")
        try PprofFilters.write(try Profile(columns), to: file)
        files.append(file)
      }
      if try check(files) { merged += 1 }
      if try check([files[0], files[1]], base: files[2], isMarked: seed % 2 == 0) { merged += 1 }
      if try check([files[0]], base: files[0], isNormalized: seed % 3 == 0) { merged += 1 }
    }
    #expect(merged > 150)
  }

  /// A profile with types in an order, units and a stack.
  private func profile(_ types: [(String, String)], _ values: [Int64], period: (String, String) = ("cpu", "ns")) throws
    -> Profile
  {
    var builder = ProfileBuilder(sampleTypes: types.map { (type: $0.0, unit: $0.1) })
    builder.columns.periodType = ValueType(type: builder.string(period.0), unit: builder.string(period.1))
    builder.columns.period = 7
    builder.columns.defaultSampleType = builder.string(types[0].0)
    builder.add(stack: [builder.location(function: "main", address: 16)], values: values)
    return try builder.finish()
  }

  @Test("sample types that all have are kept in the first one's order, units become the finest, and what goes is said")
  func typesAndUnits() throws {
    let profiles = [
      try profile([("samples", "count"), ("cpu", "ms"), ("wall", "s")], [1, 2, 3], period: ("cpu", "ms")),
      try profile([("cpu", "us"), ("gone", "x"), ("samples", "count")], [40, 5, 6], period: ("cpu", "us")),
    ]
    let files = profiles.indices.map { folder.file("\($0).pb") }
    for (profile, file) in zip(profiles, files) { try PprofFilters.write(profile, to: file) }
    #expect(try check(files))
    #expect(try check(files.reversed()))
    let merged = try Profile.merged(profiles)
    #expect(merged.profile.columns.values == [7, 2040])
    #expect(merged.messages == ["sample types that not all profiles have are left out: wall, gone"])
  }

  @Test("what cannot be merged is refused with words")
  func refused() throws {
    let cpu = try profile([("cpu", "ns")], [1])
    for (other, words) in [
      (try profile([("space", "bytes")], [1]), "no sample type in common: cpu; space"),
      (try profile([("cpu", "bytes")], [1]), "incompatible sample types: cpu/ns and cpu/bytes"),
      (try profile([("cpu", "ns")], [1], period: ("space", "bytes")), "incompatible period types"),
    ] {
      let error = #expect(throws: ProfileError.self) { try Profile.merged([cpu, other]) }
      #expect(error?.code == .incompatible && error?.message.contains(words) == true, "\(error?.message ?? "")")
    }
    let large = try profile([("cpu", "ns")], [.max])
    let error = #expect(throws: ProfileError.self) { try Profile.merged([large, cpu]) }
    #expect(error?.message == "the sum of cpu over merged samples does not fit in 64 bits")
  }

  @Test("unknown fields are left out, and that is said; one profile alone keeps them")
  func unknownFields() throws {
    let profile = try Profile(contentsOf: Fixture.file("pb/valid/synthetic-unknown-fields.in").path)
    let count = profile.columns.unknownFields.entries.count
    #expect(try Profile.merged([profile]).profile.columns.unknownFields.entries.count == count)
    let merged = try Profile.merged([profile, profile])
    #expect(merged.profile.columns.unknownFields.isEmpty)
    #expect(merged.messages == ["unknown fields of \(2 * count) messages are left out of what is merged"])
  }

  @Test("a compacted profile has what its samples use, and the same samples")
  func compacted() throws {
    var options = FilterOptions()
    options.tagFocus = "bytes=1kb:"
    let heap = try Profile(contentsOf: Fixture.file("command/heap.pb.gz").path)
    let filtered = try ProfileFilter(options).apply(to: heap).profile
    let small = try filtered.compacted().profile
    #expect(small.columns.locations.count < filtered.columns.locations.count)
    #expect(small.columns.strings.bytes.count < heap.columns.strings.bytes.count)
    #expect(small.totals.values == filtered.totals.values && small.sampleCount > 0)
    #expect(Set(small.columns.stackLocations.map(\.rawValue)) == Set(0..<UInt32(small.columns.locations.count)))
  }
}
