import Foundation
import ProfileModel
import TestSupport
import Testing

@testable import ProfileFormats

@Suite struct RawWriterTests {
  @Test func `a sample with many labels takes time in proportion`() throws {
    let written = try Growth.ratio(from: 1000) { count in
      var builder = ProfileBuilder(sampleTypes: [("samples", "count")])
      let labels = (0..<count).map { Label(key: builder.string("k\($0)"), num: 1) }
      builder.add(stack: [builder.location(function: "f")], values: [1], labels: labels)
      let profile = try builder.finish()
      return { () throws -> Void in #expect(try writing(profile, with: RawWriter()).bytes.count > 7 * count) }
    }
    #expect(written < Growth.inProportion)
    let read = try Growth.ratio(from: 2000) { count in
      let line = Array(("k:[" + String(repeating: "] ", count: count) + "]").utf8)
      return { #expect(RawLabelText([line])?.pairs.count == 1) }
    }
    #expect(read < Growth.inProportion)
  }

  @Test func `functions that differ in their system names alone take time in proportion`() throws {
    let ratio = try Growth.ratio(from: 1000) { count in
      var builder = ProfileBuilder(sampleTypes: [("samples", "count")])
      let name = builder.string("f")
      for i in 0..<count {
        let function = builder.function(Function(name: name, systemName: builder.string("f\(i)")))
        builder.add(stack: [builder.location(Location(), lines: [Line(function: function)])], values: [1])
      }
      let profile = try builder.finish()
      return { () throws -> Void in #expect(try writing(profile, with: RawWriter()).bytes.count > 7 * count) }
    }
    #expect(ratio < Growth.inProportion)
  }

  /// What the real pprof prints of a profile.
  private func pprof(_ profile: Profile) throws -> String? {
    let folder = try TemporaryFolder()
    try Data(ProfileProto.encode(profile)).write(to: folder.file("profile.pb"))
    return try Pprof.raw(folder.file("profile.pb"))
  }

  /// As pprof prints it; then read back and printed again, it must be the same.
  private func check(_ profile: Profile, _ name: String) throws {
    let (bytes, losses) = try writing(profile, with: RawWriter())
    try #require(text(bytes) == (try pprof(profile)), "\(name)")
    let (again, _) = try reading(bytes, with: RawReader())
    #expect(ProfileDifference.between(profile, again) == ProfileDifference.of(losses), "\(name): \(losses)")
    if losses.isEmpty { #expect(ProfileProto.encode(again) == ProfileProto.encode(profile), "\(name)") }
    if !losses.entries.contains(where: { $0.field == "labels" }) {
      #expect(text(try writing(again, with: RawWriter()).bytes) == text(bytes), "\(name)")
    }
  }

  @Test(
    "what it writes is what pprof prints, and what it says is lost is lost", arguments: try Fixture.all("raw/valid"))
  func rawFixtures(fixture: Fixture) throws {
    try check(try reading(try fixture.bytes, with: RawReader()).0, fixture.name)
  }

  @Test("and so for protobufs", arguments: try Fixture.all("pb/valid"))
  func protoFixtures(fixture: Fixture) throws {
    try check(try decode(try inflated(fixture)), fixture.name)
  }

  @Test("and for random profiles, save that a random name may be taken for something else")
  func random() throws {
    for seed in 0..<120 as Range<UInt64> {
      var random = RandomProfile(seed: seed)
      let profile = try Profile(random.columns())
      let (bytes, losses) = try writing(profile, with: RawWriter())
      guard let theirs = try pprof(profile) else {
        // Only where no two sample types have names of their own; we print them all.
        let names = profile.columns.sampleTypes.map { profile.string($0.type) }
        #expect(names.allSatisfy { name in names.filter { $0 == name }.count > 1 }, "seed \(seed)")
        continue
      }
      try #require(text(bytes) == theirs, "seed \(seed)")
      // A newline in a name or a comment may look like any line of the text.
      guard !profile.columns.strings.bytes.contains(where: { $0 < 0x20 }) else { continue }
      let (again, _) = try reading(bytes, with: RawReader())
      let lost = ProfileDifference.between(profile, again)
      #expect(lost.isSubset(of: ProfileDifference.of(losses)), "seed \(seed): \(losses)")
    }
  }

  /// A profile with two stacks, in which every name is dropped by something.
  private func pruned(drop: String, keep: String = "") throws -> Profile {
    var builder = ProfileBuilder(sampleTypes: [("samples", "count")])
    let names = ["main", "malloc(unsigned long)", "runtime.call32", "leaf", "(anonymous namespace)::f(int)", ".dot"]
    var lines: [Line] = []
    for name in names {
      let name = builder.string(name)
      lines.append(Line(function: builder.function(Function(name: name, systemName: name)), line: 1))
    }
    let single = lines.map { builder.location(Location(address: 1), lines: [$0]) }
    let inlined = builder.location(Location(address: 2), lines: [lines[3], lines[1], lines[0]])
    builder.add(stack: [single[3], single[1], single[0]], values: [1])
    builder.add(stack: [single[3], single[1]], values: [2])
    builder.add(stack: [single[3], inlined, single[0]], values: [3])
    builder.add(stack: [single[5], single[4], single[2], single[1], single[0]], values: [4])
    builder.add(stack: [LocationIndex](), values: [5])
    builder.columns.dropFrames = builder.string(drop)
    builder.columns.keepFrames = builder.string(keep)
    return try builder.finish()
  }

  @Test(
    "drops frames as pprof does",
    arguments: [
      ("malloc", ""), ("malloc|leaf", ""), ("main", ""), (".*", ""), (".*", "leaf"),
      ("runtime\\..*", "runtime\\.call[0-9]*"),
      (".*::f", ""), ("dot", ""), ("a)|(malloc", ""), ("mal(loc", ""), ("m[a-l]+oc", ""), ("", "main"),
    ])
  func pruning(drop: String, keep: String) throws {
    let profile = try pruned(drop: drop, keep: keep)
    let (bytes, losses) = try writing(profile, with: RawWriter())
    #expect(text(bytes) == (try pprof(profile)))
    #expect(losses.entries.contains { $0.field == "drop frames" } == !drop.isEmpty)
    #expect(losses.entries.contains { $0.field == "keep frames" } == !keep.isEmpty)
  }

  @Test(
    "drops by patterns that only RE2 reads, or without it says that it cannot", arguments: ["(?i)MALLOC", #"\pL{6}"#])
  func unusualPattern(drop: String) throws {
    let profile = try pruned(drop: drop)
    let (bytes, losses) = try writing(profile, with: RawWriter())
    #if RE2
      #expect(text(bytes) == (try pprof(profile)))
      #expect(text(bytes) != (try pprof(try pruned(drop: ""))))
    #else
      #expect(text(bytes) == (try pprof(try pruned(drop: ""))))
      #expect(losses.entries.first { $0.field == "drop frames" }?.reason.contains("not applied") == true)
    #endif
  }

  @Test("prints local times as Go does, in zones that the caller names")
  func zones() throws {
    var columns = ProfileColumns()
    columns.timeNanos = 1_600_000_000_500_000_000
    func time(_ seconds: Int, _ name: String) throws -> String? {
      var options = WriteOptions()
      options.zone = { at in ZoneOffset(seconds: at == 1_600_000_000 ? seconds : 1, abbreviation: name) }
      let (bytes, _) = try writing(try Profile(columns), with: RawWriter(), options)
      return text(bytes).split(separator: "\n").first { $0.hasPrefix("Time: ") }.map { String($0.dropFirst(6)) }
    }
    #expect(try time(0, "UTC") == "2020-09-13 12:26:40.5 +0000 UTC")
    #expect(try time(-4 * 3600, "EDT") == "2020-09-13 08:26:40.5 -0400 EDT")
    #expect(try time(19_800, "IST") == "2020-09-13 17:56:40.5 +0530 IST")
    #expect(try time(-2670, "MMT") == "2020-09-13 11:42:10.5 -0044 MMT")
    #expect(try time(50_400, "") == "2020-09-14 02:26:40.5 +1400 +1400")
  }

  @Test("a profile without a sample type, and an empty one, are written too")
  func empty() throws {
    let (bytes, _) = try writing(try Profile(ProfileColumns()), with: RawWriter())
    #expect(
      text(bytes) == "PeriodType:  \nPeriod: 0\nSamples:\n\nLocations\nMappings\n1: 0x0/0x0/0x0   \n")
    #expect(try reading(bytes, with: RawReader()).0.sampleCount == 0)
  }
}
