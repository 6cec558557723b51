import Foundation
import Gzip
import ProfileAnalysis
import ProfileModel
import TestSupport
import Testing

@testable import ProfileFormats

/// Grouped text of what is no heap.
@Suite struct ValueTextTests {
  static let fixtures = ((try? Fixture.all("pb/valid")) ?? []).filter { fixture in
    (try? decode(fixture)).map { HeapColumns($0) == nil } ?? false
  }

  static func decode(_ fixture: Fixture) throws -> Profile {
    var bytes = try fixture.bytes
    if bytes.starts(with: [0x1f, 0x8b]) { bytes = try Gzip.inflate(bytes, maximumSize: 1 << 30) }
    var diagnostics = Diagnostics()
    return try ProfileProto.decode(bytes.span, diagnostics: &diagnostics)
  }

  static func write(_ profile: Profile, notes: [String]? = nil) throws -> (text: [UInt8], losses: LossReport) {
    var options = WriteOptions()
    options.sampleNotes = notes
    var sink = ByteSink()
    let losses = try GroupedTextWriter().write(profile, to: &sink, options: options)
    return (sink.buffer, losses)
  }

  static func read(_ text: [UInt8], chunk: Int? = nil) throws -> Profile {
    var source = ByteSource(text)
    if let chunk {
      var at = 0
      source = ByteSource { () throws(ProfileError) -> [UInt8] in
        let end = min(text.count, at + chunk)
        defer { at = end }
        return Array(text[at..<end])
      }
    }
    var diagnostics = Diagnostics()
    return try GroupedTextReader().read(&source, options: ReadOptions(), diagnostics: &diagnostics)
  }

  /// What the text promises to give back, whatever else is lost.
  private func expectSame(_ back: Profile, _ profile: Profile, _ losses: LossReport, _ name: String) {
    func pairs(_ profile: Profile) -> [[String]] {
      profile.columns.sampleTypes.map { [profile.string($0.type), profile.string($0.unit)] }
    }
    let lost = Set(losses.entries.map(\.field))
    #expect(pairs(back) == pairs(profile), "\(name)")
    #expect(back.columns.values == profile.columns.values, "\(name)")
    #expect(back.columns.timeNanos == profile.columns.timeNanos)
    #expect(back.columns.durationNanos == profile.columns.durationNanos)
    #expect(back.columns.period == profile.columns.period)
    #expect(back.string(back.columns.periodType.type) == profile.string(profile.columns.periodType.type))
    #expect(back.string(back.columns.defaultSampleType) == profile.string(profile.columns.defaultSampleType))
    if !lost.contains("comments") {
      #expect(back.columns.comments.map(back.string).sorted() == profile.columns.comments.map(profile.string).sorted())
    }
    for sample in 0..<profile.sampleCount {
      if !lost.contains("labels") {
        #expect(TracebackSamples.labels(back, sample) == TracebackSamples.labels(profile, sample), "\(name) \(sample)")
      }
      if lost.isDisjoint(with: ["frames", "function names", "line numbers"]) {
        #expect(TracebackSamples.stack(back, sample) == TracebackSamples.stack(profile, sample), "\(name) \(sample)")
      }
    }
  }

  @Test("Real profiles come back: types, values, stacks, labels", arguments: fixtures)
  func real(_ fixture: Fixture) throws {
    let profile = try Self.decode(fixture)
    let (text, losses) = try Self.write(profile)
    expectSame(try Self.read(text), profile, losses, fixture.name)
    #expect(!losses.entries.contains { ["frames", "labels", "comments"].contains($0.field) })
    for size in [1, 100] {
      #expect(try Self.write(Self.read(text, chunk: size)).text == Self.write(Self.read(text)).text)
    }
  }

  @Test func `Profiles with every oddity come back`() throws {
    var compared = 0
    for seed in 0..<300 as Range<UInt64> {
      var random = RandomProfile(seed: seed)
      let profile = try Profile(random.columns())
      guard HeapColumns(profile) == nil else { continue }
      let (text, losses) = try Self.write(profile)
      expectSame(try Self.read(text), profile, losses, "seed \(seed)")
      compared += 1
    }
    #expect(compared > 250)
  }

  @Test("Grouped text regroups to itself", arguments: fixtures)
  func regroups(_ fixture: Fixture) throws {
    let profile = try Self.decode(fixture)
    let grouped = try profile.grouped(by: .stack).profile
    let text = try Self.write(grouped).text
    let again = try Self.read(text).grouped(by: .stack).profile
    #expect(again.sampleCount == grouped.sampleCount)
    #expect(try Self.write(again).text == text)
    // Of each type the text says the total.
    for type in 0..<profile.columns.sampleTypes.count {
      func total(_ profile: Profile) -> Int64 {
        stride(from: type, to: profile.columns.values.count, by: profile.columns.sampleTypes.count)
          .reduce(0) { $0 &+ profile.columns.values[$1] }
      }
      #expect(total(again) == total(profile))
    }
  }

  @Test("pprof reads the type that is shown", arguments: fixtures)
  func pprof(_ fixture: Fixture) throws {
    let profile = try Self.decode(fixture)
    let columns = profile.columns
    let isReadable =
      profile.sampleCount > 0 && !columns.values.contains { $0 < 0 }
      && columns.sampleStacks.allSatisfy { !columns.stackRange($0).isEmpty }
    guard isReadable else { return }
    let folder = try TemporaryFolder()
    let file = folder.file("profile.txt")
    try Data(Self.write(profile).text).write(to: file)
    let raw = try #require(try Pprof.raw(file), "\(fixture.name)")
    let samples = raw.components(separatedBy: "\n").drop { $0 != "Samples:" }.prefix { $0 != "Locations" }
    let values = samples.compactMap { $0.prefixMatch(of: #/ +(\d+): /#).flatMap { Int64($0.1) } }
    let shown = columns.sampleTypes.firstIndex { profile.string($0.unit) == "count" } ?? 0
    #expect(
      values == stride(from: shown, to: columns.values.count, by: columns.sampleTypes.count).map { columns.values[$0] })
  }

  @Test func `A CPU profile looks like this`() throws {
    var builder = ProfileBuilder(sampleTypes: [("samples", "count"), ("cpu", "nanoseconds"), ("a b", "c/d")])
    let f = builder.location(function: "main.f", file: "f.go", line: 1, address: 0x40)
    let g = builder.location(function: "main.g", file: "g.go", line: 2)
    builder.add(stack: [f, g], values: [120, 1_200_000_000, -1], labels: [Label(key: builder.string("n"), num: 3)])
    builder.add(stack: [g], values: [0, 0, 0])
    builder.columns.comments = [builder.string("built by me"), builder.string("# preamble: panic: x")]
    builder.columns.periodType = builder.columns.sampleTypes[1]
    builder.columns.period = 10_000_000
    let profile = try builder.finish()
    let (text, losses) = try Self.write(profile)
    #expect(
      String(decoding: text, as: UTF8.self) == """
        samples profile: total 120
        # samples profile: 120 samples, 1.20s cpu, -1c/d a b in 2 records

        # types: samples/count cpu/nanoseconds "a b"/"c/d"
        # addresses: 0x11=0x0
        # period: cpu nanoseconds 10000000
        # comment: "built by me"
        # comment: "# preamble: panic: x"

        120 @ 0x41 0x11
        # 120 samples, 1.20s cpu, -1c/d a b
        # values: 120 1200000000 -1
        # labels: {"n":3}
        #\t0x40\tmain.f+0x0\tf.go:1
        #\t0x10\tmain.g+0x0\tg.go:2

        0 @ 0x11
        # 0 samples, 0 cpu, 0 a b
        # values: 0 0 0
        #\t0x10\tmain.g+0x0\tg.go:2


        """)
    #expect(losses.isEmpty)
    expectSame(try Self.read(text), profile, losses, "cpu")
  }

  @Test func `Goroutines stand by stack, those that wait longest first`() throws {
    let dump = """
      goroutine 1 [running]:
      main.main()
      \tmain.go:1 +0x1

      goroutine 5 [chan receive]:
      main.work()
      \tmain.go:2 +0x1
      created by main.a in goroutine 1
      \tmain.go:3 +0x1

      goroutine 6 [select, 17 minutes, locked to thread]:
      main.work()
      \tmain.go:2 +0x1
      created by main.b in goroutine 1
      \tmain.go:4 +0x1

      goroutine 7 [IO wait, 20 minutes]:
      main.io()
      \tmain.go:5 +0x1

      goroutine 8 [chan receive]:
      main.work()
      \tmain.go:2 +0x1

      """
    let profile = try TracebackSamples.read(dump)
    #expect(profile.tellsGoroutineStates)
    let (grouped, notes) = try profile.goroutineGroups()
    #expect(grouped.profile.columns.values == [1, 3, 1])
    #expect(
      notes == [
        "1 IO wait; waiting 20 minutes",
        "2 chan receive, 1 select; waiting up to 17 minutes; 1 locked to thread; created by main.a, main.b",
        "1 running",
      ])
    let text = String(decoding: try Self.write(grouped.profile, notes: notes).text, as: UTF8.self)
    #expect(
      text.contains("\n3 @ 0x31\n# 3 goroutine (60.00%)\n# goroutines: 2 chan receive, 1 select; waiting up to 17"))
    // The line is for people: what is read back is the profile.
    let back = try Self.read(Array(text.utf8))
    #expect(back.columns.values == [1, 3, 1])
    #expect(TracebackSamples.stack(back, 1) == ["main.work main.go:2"])
    #expect(TracebackSamples.labels(back, 0) == TracebackSamples.labels(grouped.profile, 0))
  }

  // MARK: Damage

  private static let small = Array(
    """
    samples profile: total 3
    # samples profile: 3 samples, 30ms cpu in 2 records

    # types: samples/count cpu/nanoseconds
    # addresses: 0x11=0x0 0x21=0x5
    # period: cpu nanoseconds 10000000

    2 @ 0x11 0x21
    # 2 samples (66.67%), 20ms cpu (66.67%)
    # values: 2 20000000
    # labels: {"k":"v"}
    #\t0x10\tmain.f+0x0\tf.go:1
    #\t0x20\tmain.g+0x0\tg.go:2

    1 @
    # 1 samples (33.33%), 10ms cpu (33.33%)
    # values: 1 10000000

    """.utf8)

  @Test func `Every prefix and every changed byte gives a profile or an error with its place`() throws {
    #expect(try Self.read(Self.small).columns.values == [2, 20_000_000, 1, 10_000_000])
    var inputs = (0...Self.small.count).map { Array(Self.small[..<$0]) }
    for at in Self.small.indices {
      for byte in [0x0a, 0x20, 0x30, 0x23, Self.small[at] ^ 0x80] as [UInt8] {
        var changed = Self.small
        changed[at] = byte
        inputs.append(changed)
      }
    }
    var errors = 0
    for input in inputs {
      do { _ = try Self.read(input) } catch let error as ProfileError {
        #expect([.malformed, .empty, .invalid].contains(error.code))
        errors += 1
      }
    }
    #expect(errors > 50)
  }

  static let malformed: [(String, String, String, Int)] = [
    ("2 @ 0x11 0x21", "2 @ 0x11 21", "no address: each is `0x` and up to 16 digits", 8),
    ("1 @\n", "1 0x11\n", "no record: a record is `120 @ 0x401000 …`", 15),
    ("# values: 1 10000000", "# values: 1", "1 values for 2 sample types", 17),
    ("# values: 1 10000000", "# values: 1 x", "no number", 17),
    ("cpu/nanoseconds\n", "cpu\n", "no sample type: each is `TYPE/UNIT`", 4),
    ("0x21=0x5", "0x21:0x5", "no pair of addresses: each is `0x11=0x0`", 5),
  ]

  @Test("What is wrong is told with its line", arguments: malformed)
  func errors(_ text: String, _ by: String, _ message: String, _ line: Int) throws {
    let changed = String(decoding: Self.small, as: UTF8.self).replacing(text, with: by)
    let error = #expect(throws: ProfileError.self) { try Self.read(Array(changed.utf8)) }
    #expect(error?.message == message)
    guard case .line(let found, _, _)? = error?.place else {
      Issue.record("no line")
      return
    }
    #expect(found == line)
  }

  @Test("A text that was cut behind a record says so", arguments: fixtures)
  func cut(_ fixture: Fixture) throws {
    let profile = try Self.decode(fixture)
    let text = String(decoding: try Self.write(profile).text, as: UTF8.self)
    let records = text.matches(of: #/\n-?[0-9]+ @/#)
    #expect(records.count == profile.sampleCount)
    for (before, record) in records.enumerated() {
      let kept = Array(text[...record.range.lowerBound].utf8)
      #expect(try reading(kept, with: GroupedTextReader()).1.count(of: "records-missing") == 1, "\(before)")
    }
    #expect(
      try reading(Array(text.utf8), with: GroupedTextReader()).1.count(of: "records-missing") == 0)
  }

  @Test func `Go's own count text is not taken for it`() {
    func detect(_ text: String, isWhole: Bool = true) -> Detection {
      let bytes = Array(text.utf8)
      return GroupedTextReader().detect(bytes.span, isWhole: isWhole)
    }
    #expect(detect("goroutine profile: total 2\n2 @ 0x1 0x2\n") == .no)
    #expect(detect("goroutine profile: total 2\n# labels: {}\n2 @ 0x1 0x2\n") == .no)
    #expect(detect("goroutine profile: total 2\n# gorou", isWhole: false) == .needMore)
    #expect(detect("goroutine profile: total 2\n# goroutine profile: 2 goroutine in 1 record\n") == .certain)
    #expect(detect("no profile\n") == .no)
  }
}
