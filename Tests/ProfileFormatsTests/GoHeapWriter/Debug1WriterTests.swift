import Foundation
import TestSupport
import Testing

@testable import ProfileFormats
@testable import ProfileModel

struct Debug1WriterTests {
  private static func write(_ profile: Profile, carry: Bool? = nil) throws -> (text: String, losses: LossReport) {
    var options = WriteOptions()
    options.carry = carry
    var sink = ByteSink()
    let losses = try Debug1Writer().write(profile, to: &sink, options: options)
    return (String(decoding: sink.buffer, as: UTF8.self), losses)
  }

  private static func read(_ bytes: [UInt8]) throws -> Profile {
    var source = ByteSource(bytes)
    var diagnostics = Diagnostics()
    return try Debug1Reader().read(&source, options: ReadOptions(), diagnostics: &diagnostics)
  }

  /// A heap of two records of 16-byte objects, of which one of 10 is in use.
  private static func heap(_ change: (inout ProfileBuilder) -> Void = { _ in }) throws -> Profile {
    var builder = ProfileBuilder(sampleTypes: CarryBlock.heapTypes)
    let leaf = builder.location(
      function: "main.(*T[go.shape.int]).leaf", file: "/src/t.go", line: 19, address: 0x402fff)
    let main = builder.location(function: "main.main", file: "/src/main.go", line: 7, address: 0x401000)
    let size = [Label(key: builder.string("bytes"), num: 16)]
    builder.columns.period = 1
    builder.columns.periodType = ValueType(type: builder.string("space"), unit: builder.string("bytes"))
    builder.add(stack: [leaf, main], values: [10, 160, 1, 16], labels: size)
    builder.add(stack: [main], values: [2, 32, 0, 0], labels: size)
    change(&builder)
    return try builder.finish()
  }

  @Test func `a heap looks as Go prints it`() throws {
    let (text, losses) = try Self.write(Self.heap(), carry: false)
    #expect(
      text == """
        heap profile: 1: 16 [12: 192] @ heap/2
        1: 16 [10: 160] @ 0x403000 0x401001
        #\t0x402fff\tmain.(*T[go.shape.int]).leaf+0x0\t/src/t.go:19
        #\t0x401000\tmain.main+0x0\t\t\t\t/src/main.go:7

        0: 0 [2: 32] @ 0x401001
        #\t0x401000\tmain.main+0x0\t/src/main.go:7


        """)
    #expect(losses.isEmpty)
  }

  @Test func `a plain heap carries nothing but its two checksums`() throws {
    let (text, losses) = try Self.write(Self.heap())
    let block = text.split(separator: "\n").filter { $0.hasPrefix("# pprofconv") }
    #expect(block.count == 2)
    #expect(losses.isEmpty)
  }

  @Test func `trailer and memory map stand behind the records`() throws {
    let profile = try Self.heap { builder in
      builder.columns.comments = [
        builder.string("# runtime.MemStats"), builder.string("for people"), builder.string("# Sys = 1"),
      ]
      let mapping = Mapping(
        start: 0x400000, limit: 0x500000, offset: 0x1000, file: builder.string("/bin/demo"),
        buildID: builder.string("0af9"))
      builder.columns.mappings = [
        mapping,
        Mapping(start: 0x600000, limit: 0x601000, file: builder.string("/a b.so"), buildID: builder.string("77")),
      ]
    }
    let text = try Self.write(profile, carry: false).text
    #expect(
      text.hasSuffix(
        """
        /src/main.go:7


        # runtime.MemStats
        # Sys = 1
        --- Memory map: ---
        400000-500000: r-xp /bin/demo (@1000) 0af9
        600000-601000: r-xp

        """))
  }

  @Test(
    arguments: [
      // In use and allocated alike: without a difference pprof would drop the second pair.
      ([5, 80, 5, 80], "heap profile: 5: 80 [5: 81] @ heap/2"), ([0, 0, 0, 0], "heap profile: 0: 0 [0: 1] @ heap/2"),
      ([0, 0, 3, 48], "heap profile: 3: 48 [0: 1] @ heap/2"), ([0, 0, 1, 1], "heap profile: 1: 1 [0: 2] @ heap/2"),
      ([7, 80, 5, 60], "heap profile: 5: 60 [7: 80] @ heap/2"),
    ] as [([Int64], String)])
  func `the first line makes pprof read four columns`(values: [Int64], line: String) throws {
    var builder = ProfileBuilder(sampleTypes: CarryBlock.heapTypes)
    builder.columns.period = 1
    builder.add(stack: [builder.location(function: "f", address: 16)], values: values)
    let folder = try TemporaryFolder()
    let text = try Self.write(builder.finish()).text
    #expect(text.hasPrefix(line + "\n"))
    try Data(text.utf8).write(to: folder.file("a.txt"))
    let raw = try #require(try Pprof.raw(folder.file("a.txt")))
    #expect(raw.contains("alloc_objects/count alloc_space/bytes inuse_objects/count inuse_space/bytes"))
  }

  @Test func `a heap of two columns is read back as one`() throws {
    var builder = ProfileBuilder(sampleTypes: [("objects", "count"), ("space", "bytes")])
    builder.columns.period = 1
    builder.add(stack: [builder.location(function: "f", address: 16)], values: [3, 48])
    let folder = try TemporaryFolder()
    let text = try Self.write(builder.finish()).text
    #expect(text.hasPrefix("heap profile: 3: 48 [3: 48] @ heap/2\n3: 48 [3: 48] @ 0x11\n"))
    try Data(text.utf8).write(to: folder.file("a.txt"))
    let raw = try #require(try Pprof.raw(folder.file("a.txt")))
    #expect(raw.contains("\nobjects/count space/bytes\n"))
  }

  @Test func `values that nobody sampled stand as they are and it is said`() throws {
    let profile = try Self.heap { $0.columns.period = 524288 }
    let (text, losses) = try Self.write(profile)
    #expect(text.hasPrefix("heap profile: 1: 16 [12: 192] @ heap/2\n"))
    #expect(text.contains("\n# pprofconv period 524288\n"))
    #expect(losses.isEmpty)
    #expect(losses.notes.count == 1)
    let withoutBlock = try Self.write(profile, carry: false).losses
    #expect(withoutBlock.entries.map(\.field) == ["period"])
    #expect(withoutBlock.notes == losses.notes)
  }

  @Test func `what the text alone cannot say is counted`() throws {
    var fields: Set<String> = []
    for seed in 0..<20 as Range<UInt64> {
      let profile = try OddHeap.profile(seed: seed, oddity: 2)
      fields.formUnion(try Self.write(profile, carry: false).losses.entries.map(\.field))
      #expect(try Self.write(profile, carry: true).losses.isEmpty)
    }
    #expect(
      fields == [
        "addresses", "columns", "comments", "default sample type", "doc url", "drop frames", "duration", "folded flags",
        "function ids", "function names", "keep frames", "labels", "line numbers", "location ids", "mapping flags",
        "mapping ids", "mapping names", "number of sample types", "period", "period type", "sample types",
        "start lines",
        "system names", "time",
        "unknown fields", "unused locations", "unused functions", "values",
      ])
  }

  @Test func `other kinds of profiles are refused by name`() throws {
    var builder = ProfileBuilder(sampleTypes: [("cpu", "nanoseconds")])
    builder.add(stack: [builder.location(function: "f")], values: [1])
    let profile = try builder.finish()
    let error = #expect(throws: ProfileError.self) { try Self.write(profile) }
    #expect(error?.code == .unsupported)
  }

  // MARK: Real files

  static let fixtures = try? Fixture.all("debug1/valid").filter {
    $0.name.hasPrefix("go1.") || $0.name.hasPrefix("bpprof-")
  }

  /// A text without what inlining and hidden frames make ambiguous: pcs of records, and pcs and offsets of comments.
  private static func said(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.hasPrefix("# pprofconv") }.map { line in
      if line.hasPrefix("#"), let offset = line.range(of: "+0x", options: .backwards) {
        let name = line[..<offset.lowerBound].split(separator: "\t").dropFirst(2).joined(separator: "\t")
        return name + " " + (line.split(separator: "\t").last ?? "")
      }
      return line.range(of: " @ 0x").map { String(line[..<$0.lowerBound]) } ?? String(line)
    }
  }

  @Test(arguments: try #require(fixtures))
  func `Go's text comes back record by record`(fixture: Fixture) throws {
    let original = try fixture.bytes
    let text = try Self.write(Self.read(original)).text
    #expect(Self.said(text) == Self.said(String(decoding: original, as: UTF8.self)))
  }

  @Test(arguments: try #require(fixtures))
  func `what was read from Go's text is carried in a few lines`(fixture: Fixture) throws {
    let text = try Self.write(Self.read(fixture.bytes)).text
    let block = text.split(separator: "\n").filter { $0.hasPrefix("# pprofconv") }
    #expect(block.count == 2, "\(block)")
  }

  @Test func `what does not come back from a profile is told when Go's text is read`() throws {
    let text = """
      heap profile: 1: 16 [2: 32] @ heap/2
      1: 16 [2: 32] @ 0x401001 0x402001 0x403001 0x404001
      #\t0x402000\tmain.f+0x10\ta.go:1
      #\t0x403000\tmain.main+0x20\ta.go:2

      """
    var source = ByteSource(Array(text.utf8))
    var diagnostics = Diagnostics()
    let profile = try Debug1Reader().read(&source, options: ReadOptions(), diagnostics: &diagnostics)
    let told = try #require(diagnostics.items.first { $0.kind == "not-kept" })
    #expect(told.message.contains("2 addresses"))
    #expect(told.message.contains("2 frames"))
    // Ours has none of both.
    source = try ByteSource(Array(Self.write(profile, carry: false).text.utf8))
    diagnostics = Diagnostics()
    _ = try Debug1Reader().read(&source, options: ReadOptions(), diagnostics: &diagnostics)
    #expect(diagnostics.count(of: "not-kept") == 0)
  }

  /// Samples as pprof prints them: values, and addresses of the stack.
  private static func samples(_ raw: String) throws -> [String] {
    let lines = raw.split(separator: "\n", omittingEmptySubsequences: false)
    let first = try #require(lines.firstIndex { $0.hasPrefix("Samples:") })
    let locations = try #require(lines.firstIndex { $0.hasPrefix("Locations") })
    let end = try #require(lines.firstIndex { $0.hasPrefix("Mappings") })
    var addresses: [Substring: Substring] = [:]
    for line in lines[locations..<end] {
      let words = line.split(separator: " ")
      if words.count > 1, words[0].hasSuffix(":"), words[1].hasPrefix("0x") {
        addresses[words[0].dropLast()] = words[1]
      }
    }
    return lines[(first + 2)..<locations].compactMap { line in
      // Labels stand in lines of their own.
      guard let colon = line.firstIndex(of: ":"), !line.hasPrefix("                "), !line.isEmpty else { return nil }
      let values = line[..<colon].split(separator: " ").joined(separator: " ")
      let stack = line[colon...].dropFirst().split(separator: " ").map { addresses[$0] ?? "?" }
      return values + " @ " + stack.joined(separator: " ")
    }
  }

  @Test func `pprof reads the values stacks and period of any heap that has addresses`() throws {
    let folder = try TemporaryFolder()
    var compared = 0
    for seed in 0..<40 as Range<UInt64> {
      let profile = try OddHeap.profile(seed: seed, oddity: 0)
      try Data(ProfileProto.encode(profile)).write(to: folder.file("a.pb"))
      try Data(Self.write(profile).text.utf8).write(to: folder.file("a.txt"))
      let want = try #require(try Pprof.raw(folder.file("a.pb")))
      let got = try #require(try Pprof.raw(folder.file("a.txt")), "seed \(seed)")
      #expect(try Self.samples(got) == Self.samples(want), "seed \(seed)")
      for line in ["PeriodType: ", "Period: "] {
        #expect(
          got.split(separator: "\n").first { $0.hasPrefix(line) }
            == want.split(separator: "\n").first { $0.hasPrefix(line) })
      }
      compared += try Self.samples(want).count
    }
    #expect(compared > 300)
  }

  @Test func `pprof reads every text that we write`() throws {
    let folder = try TemporaryFolder()
    for seed in 0..<40 as Range<UInt64> {
      let text = try CarryRoundTripTests.text(OddHeap.profile(seed: seed, oddity: 2))
      try Data(text).write(to: folder.file("a.txt"))
      #expect(try Pprof.raw(folder.file("a.txt")) != nil, "seed \(seed)")
    }
  }
}
