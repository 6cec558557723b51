import ProfileModel
import TestSupport
import Testing

@testable import ProfileFormats

/// What the comments and the order of a heap text mean, case by case.
@Suite struct HeapTextTests {
  static func profile(_ records: String, header: String = "heap profile: 3: 48 [5: 80] @ heap/2") throws -> Profile {
    try reading(header + "\n" + records, with: Debug1Reader()).0
  }

  /// The stacks of a text, a line each: locations leaf first, `address name name` of each.
  static func stacks(_ records: String) throws -> [String] {
    try RawListing(profile(records)).samples.map { sample in
      sample.stack.map { frame in
        ([String(frame.address, radix: 16)] + frame.lines.map { String($0.prefix { $0 != " " }) }).joined(
          separator: " ")
      }.joined(separator: ", ")
    }
  }

  @Test func `comments show the pc of the call, or the pc itself`() throws {
    #expect(
      try Self.stacks("1: 1 [1: 1] @ 0x11 0x21\n#\t0x10\tf+0x1\ta.go:1\n#\t0x20\tg+0x1\ta.go:2\n")
        == ["10 f, 20 g"])
    #expect(
      try Self.stacks("1: 1 [1: 1] @ 0x11 0x21\n#\t0x11\tf+0x1\ta.go:1\n#\t0x21\tg+0x1\ta.go:2\n")
        == ["10 f, 20 g"])
    // The caller of a function that was not called: its entry.
    #expect(
      try Self.stacks("1: 1 [1: 1] @ 0x11 0x20\n#\t0x10\tf+0x1\ta.go:1\n#\t0x20\tg+0x0\ta.go:2\n")
        == ["10 f, 20 g"])
  }

  @Test func `neighbouring pcs are matched by one rule for the whole record`() throws {
    #expect(
      try Self.stacks(
        "1: 1 [1: 1] @ 0x147 0x146 0x200\n#\t0x146\tf+0x6\ta.go:1\n#\t0x145\tg+0x1\ta.go:2\n#\t0x1ff\th+0x1\ta.go:2\n")
        == ["146 f, 145 g, 1ff h"])
    #expect(
      try Self.stacks(
        "1: 1 [1: 1] @ 0x147 0x146 0x200\n#\t0x147\tf+0x7\ta.go:1\n#\t0x146\tg+0x1\ta.go:2\n#\t0x200\th+0x1\ta.go:2\n")
        == ["146 f, 145 g, 1ff h"])
  }

  @Test func `pcs without a comment are hidden at the leaf and once at the root, and bare between`() throws {
    #expect(
      try Self.stacks(
        "1: 1 [1: 1] @ 0x11 0x21 0x31 0x41 0x51 0x61 0x71\n#\t0x30\tf+0x1\ta.go:1\n#\t0x50\tg+0x1\ta.go:2\n")
        == ["30 f, 40, 50 g, 60"])
    #expect(try Self.stacks("1: 1 [1: 1] @ 0x11 0x21\n") == ["10, 20"])
    #expect(try Self.stacks("1: 1 [1: 1] @ 0x11 0x21\n#\t0x0\n") == ["10, 20"])
    // Old Go's line of a pc without a symbol shows it.
    #expect(try Self.stacks("1: 1 [1: 1] @ 0x11 0x21\n#\t0x10\n#\t0x20\tf+0x1\ta.go:1\n") == ["10, 20 f"])
    #expect(try Self.stacks("1: 1 [1: 1] @\n") == [""])
  }

  @Test func `frames with one entry are an inline group, up to the physical function's name`() throws {
    let group = """
      1: 1 [1: 1] @ 0x131 0x128 0x118 0x211
      #\t0x130\tinner+0x30\ta.go:1
      #\t0x127\tmiddle+0x27\ta.go:2
      #\t0x117\touter+0x17\ta.go:3
      #\t0x210\tmain+0x10\ta.go:4

      """
    #expect(try Self.stacks(group) == ["130 inner middle outer, 210 main"])
    let recursive = """
      1: 1 [1: 1] @ 0x131 0x128 0x131 0x128 0x128
      #\t0x130\tinner+0x30\ta.go:1
      #\t0x127\touter+0x27\ta.go:2
      #\t0x130\tinner+0x30\ta.go:1
      #\t0x127\touter+0x27\ta.go:2
      #\t0x127\touter+0x27\ta.go:2

      """
    #expect(try Self.stacks(recursive) == ["130 inner outer, 130 inner outer, 127 outer"])
    // bpprof names frames by pc alone: entries tell nothing there.
    let bpprof = "1: 1 [1: 1] @ 0x131 0x128\n#\t0x131\tinner+0x31\ta.go:1\n#\t0x128\touter+0x28\ta.go:2\n"
    #expect(try Self.stacks(bpprof) == ["130 inner, 127 outer"])
  }

  @Test func `several comments of one pc are its inline group, and recursion deals them out`() throws {
    let f = "#\t0x10\tinner+0x0\ta.go:1\n#\t0x10\touter+0x0\ta.go:2\n"
    #expect(try Self.stacks("1: 1 [1: 1] @ 0x11\n" + f) == ["10 inner outer"])
    #expect(try Self.stacks("1: 1 [1: 1] @ 0x11 0x11\n" + f + f) == ["10 inner outer, 10 inner outer"])
    #expect(
      try Self.stacks("1: 1 [1: 1] @ 0x11 0x11 0x11\n" + String(repeating: "#\t0x10\tf+0x0\ta.go:1\n", count: 3))
        == ["10 f, 10 f, 10 f"])
  }

  @Test func `one function for a name, two if it comes with two files`() throws {
    let profile = try Self.profile(
      "1: 1 [1: 1] @ 0x11 0x21 0x31\n#\t0x10\tf+0x1\ta.go:1\n#\t0x20\tf+0x2\ta.go:2\n#\t0x30\tf+0x1\tb.go:1\n")
    #expect(profile.columns.functions.count == 2)
    #expect(profile.columns.functions.map { profile.string($0.file) } == ["a.go", "b.go"])
    #expect(profile.columns.functions.allSatisfy { $0.name == $0.systemName })
  }

  @Test func `a record that comes again with other comments is another stack`() throws {
    let a = "1: 1 [1: 1] @ 0x11 0x21\n#\t0x10\tf+0x1\ta.go:1\n#\t0x20\tg+0x1\ta.go:2\n\n"
    let b = "1: 1 [1: 1] @ 0x11 0x21\n#\t0x10\tf+0x1\ta.go:1\n#\t0x20\tg+0x1\ta.go:3\n\n"
    let bare = "1: 1 [1: 1] @ 0x11 0x21\n\n"
    let short = "1: 1 [1: 1] @ 0x11 0x21\n#\t0x10\tf+0x1\ta.go:1\n\n"
    #expect(
      try Self.stacks(a + b + a + bare + short + b + bare + a) == [
        "10 f, 20 g", "10 f, 20 g", "10 f, 20 g", "10, 20", "10 f", "10 f, 20 g", "10, 20", "10 f, 20 g",
      ])
    let profile = try Self.profile(a + b + a + b)
    #expect(profile.columns.sampleStacks.map(\.rawValue) == [0, 1, 0, 1])
  }

  /// What pprof makes of it; the fixture of that name has its output.
  @Test func `an address in upper case is cut as pprof cuts it, with a warning`() throws {
    let text = "heap profile: 3: 48 [5: 80] @ heap/2\n1: 16 [2: 32] @ 0x401ABC 0X402000\n"
    let (profile, diagnostics) = try reading(text, with: Debug1Reader())
    #expect(profile.columns.locations.map(\.address) == [0x400])
    #expect(diagnostics.count(of: "upper-case-address") == 1)
  }

  @Test func `junk before a record and less than nothing in use are told`() throws {
    let text = "heap profile: 3: 48 [5: 80] @ heap/2\n  t*: -1: -16 [2: 32] @ 0x401000 ?\n"
    let (profile, diagnostics) = try reading(text, with: Debug1Reader())
    #expect(profile.columns.values == [2, 32, -1, -16])
    #expect(
      diagnostics.counts.map(\.kind) == [
        "text-before-record", "negative-record", "text-after-record", "records-missing",
      ])
  }

  @Test func `there are always four columns, and brackets that pprof leaves out may be odd`() throws {
    let equal = try Self.profile("1: 16 [1: 16] @ 0x1\n", header: "heap profile: 1: 16 [1: 16] @ heap/2")
    #expect(equal.columns.values == [1, 16, 1, 16])
    let odd = try Self.profile(
      "1: 16 [0: 99999999999999999999] @ 0x1\n", header: "heap profile: 1: 16 [0: 0] @ heap/2")
    #expect(odd.columns.values == [0, 0, 1, 16])
    #expect(throws: ProfileError.self) { try Self.profile("1: 16 [0: 99999999999999999999] @ 0x1\n") }
  }

  @Test func `lines of the trailer are kept as comments, and the header where records do not give it`() throws {
    let trailer = "\n# runtime.MemStats\n# Alloc = 5\n# NextGC = 18446744073709551615\n"
    func comments(_ header: String, _ records: String) throws -> [String] {
      let profile = try Self.profile(records + trailer, header: header)
      return profile.columns.comments.map { profile.string($0) }
    }
    let kept = ["# runtime.MemStats", "# Alloc = 5", "# NextGC = 18446744073709551615"]
    #expect(try comments("heap profile: 1: 16 [2: 32] @ heap/2", "1: 16 [2: 32] @ 0x1\n") == kept)
    #expect(
      try comments("heap profile: 1: 16 [2: 33] @ heap/2", "1: 16 [2: 32] @ 0x1\n")
        == ["# heap profile: 1: 16 [2: 33] @ heap/2"] + kept)
    #expect(
      try comments("heap profile: 1: 16 [2: 32] @ heap/1048577", "1: 16 [2: 32] @ 0x1\n")
        == ["# heap profile: 1: 16 [2: 32] @ heap/1048577"] + kept)
  }

  @Test func `numbers that the values do not give back are kept, and found again`() throws {
    // Two sizes in one record, and no bytes at all.
    let profile = try Self.profile(
      "3: 49 [4: 64] @ 0x1\n2: 32 [2: 32] @ 0x1\n2: 0 [2: 0] @ 0x1\n", header: "heap profile: 1: 2 [3: 4] @ heap/1024")
    let facts = profile.columns.comments.filter { HeapSampling.isFactComment(profile.columns.strings[$0]) }
    #expect(facts.count == 2)
    #expect(HeapSampling.sampledValues(of: profile) == [4, 64, 3, 49, 2, 32, 2, 32, 2, 0, 2, 0])
  }

  @Test(arguments: Debug1ReaderTests.pairs)
  func `what the sampler counted is found again`(_ fixture: Fixture) throws {
    let bytes = try fixture.bytes
    let profile = try reading(bytes, with: Debug1Reader()).0
    let records = HeapText(String(decoding: bytes, as: UTF8.self)).records
    let expected = records.flatMap { [$0.values[2], $0.values[3], $0.values[0], $0.values[1]] }
    #expect(expected.count == profile.sampleCount * 4)
    #expect(HeapSampling.sampledValues(of: profile) == expected)
  }

  @Test func `a deep stack takes time in proportion`() throws {
    // One run of equal entries, one pc, one pc without comments: each was quadratic in a first version.
    func pcs(_ count: Int) -> String { (0..<count).map { " 0x\(String(0x1000 + $0, radix: 16))" }.joined() }
    let one = try Growth.ratio(from: 5000) { count in
      let comments = (0..<count).map {
        "#\t0x\(String(0xfff + $0, radix: 16))\tf\($0)+0x\(String(0xfff + $0, radix: 16))\ta.go:1\n"
      }
      let text = "1: 1 [1: 1] @\(pcs(count))\n" + comments.joined()
      return { () throws -> Void in #expect(try Self.profile(text).columns.locations.count == 1) }
    }
    #expect(one < Growth.inProportion)
    let unnamed = try Growth.ratio(from: 5000) { count in
      let strangers = (0..<count).map { "#\t0x\(String(0x900000 + $0, radix: 16))\tf+0x1\ta.go:1\n" }
      let text = "1: 1 [1: 1] @\(pcs(count))\n" + strangers.joined()
      return { () throws -> Void in #expect(try Self.profile(text).columns.stackLocations.count == count) }
    }
    #expect(unnamed < Growth.inProportion)
  }
}
