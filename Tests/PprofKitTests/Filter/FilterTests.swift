import Foundation
import PprofKit
import TestSupport
import Testing

/// Filters, held against the real pprof.
#if RE2
  @Suite struct FilterTests {
    private let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    /// Each filter, with patterns that match much, little and nothing.
    static let lines: [[String]] = [
      ["-focus=main"], ["-focus=^runtime\\.", "-ignore=(?i)GC"], ["-ignore=main\\.go"], ["-hide=runtime"],
      ["-show=main|http|sync"], ["-hide=main", "-show=\\.go$"], ["-show_from=main"], ["-prune_from=^main\\."],
      ["-focus=demo127$|/bin/"], ["-tagfocus=bytes=1kb:"], ["-tagignore=:64b"], ["-tagfocus=.*worker.*"],
      ["-tagshow=^b"], ["-taghide=bytes", "-noinlines"], ["-tagroot=bytes,worker"], ["-tagleaf=bytes", "-unit=kb"],
      ["-tagroot=bytes", "-focus=B$", "-show_from=kB"], ["-focus=nowhere", "-tagfocus=nothing", "-hide=nothing"],
    ]

    @Test("show what pprof shows, and say which matched nothing", arguments: try Fixture.all("pb/valid"))
    func fixtures(fixture: Fixture) throws {
      let profile = try Profile(contentsOf: fixture.url.path)
      for line in Self.lines {
        let theirs = try PprofFilters.pprof(line, fixture.url)
        if theirs.raw == nil || largestIDIsTaken(profile, line) { continue }
        #expect(try PprofFilters.ours(line, profile) == theirs, "\(line)")
      }
    }

    @Test("what convert writes is to pprof what pprof -proto writes")
    func random() throws {
      let fixtures = try Fixture.all("pb/valid")
      var filters = RandomFilters(random: SeededRandom(5))
      let (a, b) = (folder.file("a.pb.gz"), folder.file("b.pb.gz"))
      var unequal = 0
      for i in 0..<120 {
        let fixture = fixtures[i % fixtures.count]
        let profile = try Profile(contentsOf: fixture.url.path)
        let options = filters.options(for: profile)
        if largestIDIsTaken(profile, options) { continue }
        _ = try #require(try Pprof.run(["-proto", "-output=" + a.path] + options, fixture.url), "\(options)")
        var conversion = Conversion(.file(fixture.url.path), to: [Destination(.file(b.path))])
        conversion.filters = try PprofFilters.options(options)
        try conversion.run()
        let theirs = try Pprof.raw(a)
        #expect(try Pprof.raw(b) == theirs, "\(fixture) \(options)")
        if theirs != (try Pprof.raw(fixture.url)) { unequal += 1 }
      }
      // Filters that filter nothing would pass too.
      #expect(unequal > 80)
    }

    @Test("and of random profiles, whose names are any bytes")
    func randomProfiles() throws {
      let file = folder.file("a.pb")
      var shown = 0
      for seed in 0..<150 as Range<UInt64> {
        var random = RandomProfile(seed: seed)
        let profile = try Profile(random.columns())
        var filters = RandomFilters(random: SeededRandom(seed))
        let options = filters.options(for: profile)
        // Of sample types with one name pprof keeps none, and refuses the profile then; we keep them all.
        if largestIDIsTaken(profile, options) || !hasOwnTypes(profile) { continue }
        try PprofFilters.write(profile, to: file)
        let theirs = try PprofFilters.pprof(options, file)
        if theirs.raw == nil { continue }
        #expect(try PprofFilters.ours(options, profile) == theirs, "seed \(seed): \(options)")
        shown += 1
      }
      #expect(shown > 60)
    }

    @Test(
      "take hostile patterns as pprof does",
      arguments: [
        "^(a+)+$b", "(.*)*x", "\\pL\\PN", "(?i)ſ", "[[:^alpha:]]+", "\\x{10FFFF}", "a{0,1000}", "(?s-m:.)$",
        "(?:(?:(?:a?){10}){10})b", "\\Q[\\E", "[^\\x00-\\x{10FFFF}]", "\\C", "(?P<n>m)", "(?<n>m)a", "[(?<]", "x*",
        "\\b", "(|a)*", "\\z",
      ])
    func hostile(pattern: String) throws {
      var builder = ProfileBuilder(sampleTypes: [("samples", "count")])
      let names = [
        "", "main", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "é", "ſ", "S[", "a\nb", "<script>", "名前", "a.b(*T).m", "1",
      ]
      for name in names { builder.add(stack: [builder.location(function: name, address: 1)], values: [1]) }
      var bytes: [UInt8] = [0x61, 0xff, 0xe2, 0x82]
      let odd = builder.string(bytes.span)
      bytes = []
      let function = builder.function(Function(name: odd))
      builder.add(stack: [builder.location(Location(address: 2), lines: [Line(function: function)])], values: [2])
      let profile = try builder.finish()
      let file = folder.file("a.pb")
      try PprofFilters.write(profile, to: file)
      let theirs = try PprofFilters.pprof(["-focus=" + pattern], file)
      if theirs.raw == nil {
        #expect(throws: ProfileError.self) { try PprofFilters.ours(["-focus=" + pattern], profile) }
      } else {
        #expect(try PprofFilters.ours(["-focus=" + pattern], profile) == theirs)
      }
    }

    @Test("refuse bad patterns and numbers before anything is read")
    func refused() throws {
      for option in ["-focus=a[", "-tagfocus=a,b(", "-show_from=*", "-tagignore=99999999999999999999"] {
        var conversion = Conversion(.file("/nonexistent"), to: [Destination(.standardOutput)])
        conversion.filters = try PprofFilters.options([option])
        let error = #expect(throws: ProfileError.self) { try conversion.run() }
        #expect(error?.code == .option, "\(option)")
      }
    }

    @Test("keep unknown fields of what stays, and nothing else of what goes")
    func unknownFields() throws {
      let fixture = Fixture.named("pb/valid/synthetic-unknown-fields.in")
      let profile = try Profile(contentsOf: fixture.url.path)
      let before = profile.columns.unknownFields.entries
      #expect(!before.isEmpty)
      let all = try ProfileFilter(try PprofFilters.options(["-focus=."])).apply(to: profile).profile
      #expect(all.columns.unknownFields.entries == before)
      let none = try ProfileFilter(try PprofFilters.options(["-focus=nowhere"])).apply(to: profile).profile
      #expect(none.sampleCount == 0)
      #expect(
        none.columns.unknownFields.entries
          == before.filter { if case .sample = $0.owner { false } else { true } })
    }

    /// pprof numbers the frames that it makes of labels from 0 then, and cannot read them back.
    private func largestIDIsTaken(_ profile: Profile, _ options: [String]) -> Bool {
      let ids = (profile.columns.locationIDs ?? []) + (profile.columns.functionIDs ?? [])
      return ids.contains(.max) && options.contains { $0.hasPrefix("-tagroot") || $0.hasPrefix("-tagleaf") }
    }

    private func hasOwnTypes(_ profile: Profile) -> Bool {
      let names = profile.columns.sampleTypes.map { profile.string($0.type) }
      return names.contains { name in names.filter { $0 == name }.count == 1 }
    }
  }
#else
  @Suite struct FilterTests {
    @Test("without RE2 patterns are refused, and what needs none works")
    func withoutRE2() throws {
      let heap = try Profile(contentsOf: Fixture.file("command/heap.pb.gz").path)
      let error = #expect(throws: ProfileError.self) { try ProfileFilter(try PprofFilters.options(["-focus=main"])) }
      #expect(error?.code == .option)
      let options = ["-tagfocus=bytes=1kb:", "-tagroot=bytes", "-noinlines"]
      #expect(
        try PprofFilters.ours(options, heap) == PprofFilters.pprof(options, Fixture.file("command/heap.pb.gz")))
    }
  }
#endif
