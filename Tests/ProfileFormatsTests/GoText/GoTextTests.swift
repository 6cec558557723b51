import Foundation
import ProfileModel
import TestSupport
import Testing

@testable import ProfileFormats

/// What the lines of Go's count and contention texts mean, case by case.
@Suite struct GoTextTests {
  static let odd = (try? Fixture.all("debug1/odd")) ?? []
  static let refused = [
    "contention-map-mapped_libraries", "contention-unknown-attribute", "count-map-mapped_libraries",
    "count-name-with-blank", "count-negative", "count-no-pcs", "count-trailing-space", "count-uppercase",
  ]
  /// pprof loses its sign without a word.
  static let misread = "contention-negative"

  static func profile(_ text: String, _ change: (inout ReadOptions) -> Void = { _ in }) throws -> (Profile, Diagnostics)
  {
    var options = ReadOptions()
    change(&options)
    var source = ByteSource(Array(text.utf8))
    var diagnostics = Diagnostics()
    let profile = try Debug1Reader().read(&source, options: options, diagnostics: &diagnostics)
    return (profile, diagnostics)
  }

  static func values(_ text: String, _ change: (inout ReadOptions) -> Void = { _ in }) throws -> [Int64] {
    try profile(text, change).0.columns.values
  }

  /// Of each sample its locations leaf first, `address name name` of each.
  static func stacks(_ text: String, _ change: (inout ReadOptions) -> Void = { _ in }) throws -> [String] {
    try RawListing(profile(text, change).0).samples.map { sample in
      sample.stack.map { frame in
        ([String(frame.address, radix: 16)] + frame.lines.map { String($0.prefix { $0 != " " }) }).joined(
          separator: " ")
      }.joined(separator: ", ")
    }
  }

  @Test(arguments: [
    ("-1 @ 0x1000\n", 1), ("-1 @ 0x1000\n5 @ 0x2000\n", 0),
    ("9223372036854775807 @ 0x10\n9223372036854775807 @ 0x20\n9 @ 0x30\n", 0),
    ("4 @ 0x1000\n", 1),
  ])
  func `records are missing where those that count are fewer than promised`(_ records: String, _ count: Int) throws {
    let diagnostics = try Self.profile("goroutine profile: total 5\n" + records).1
    #expect(diagnostics.count(of: "records-missing") == count)
  }

  @Test func `a name may begin as a comment does, in the first line and in one word`() throws {
    func detect(_ text: String) -> Detection { Debug1Reader().detect(Array(text.utf8).span, isWhole: true) }
    let text = "#x profile: total 3\n3 @ 0x10\n#\t0xf\tmain.f+0x1\tf.go:1\n"
    #expect(detect(text) == .certain)
    let (profile, diagnostics) = try Self.profile(text)
    #expect(RawListing(profile).samples.map(\.values) == [[3]])
    #expect(profile.columns.strings.string(profile.columns.sampleTypes[0].type) == "#x")
    #expect(diagnostics.count(of: "pprof-refuses") == 1)
    // A comment.
    for comment in ["#the old", "#", "# x", "#goroutine", "#x"] {
      let text = "\(comment) profile: total 04\ngoroutine profile: total 3\n3 @ 0x10\n"
      #expect(detect(text) == .certain)
      let (profile, diagnostics) = try Self.profile(text)
      #expect(profile.columns.strings.string(profile.columns.sampleTypes[0].type) == "goroutine")
      #expect(profile.columns.comments.map(profile.string) == ["\(comment) profile: total 04"])
      #expect(diagnostics.items.isEmpty)
    }
    let contention = try Self.profile("#old profile: total 5\n--- contention:\ncycles/second=1\n5 1 @ 0x10\n").0
    #expect(contention.sampleCount == 1 && contention.columns.comments.count >= 1)
    // Behind an empty line it is a comment, to both.
    #expect(detect("\n#x profile: total 3\n3 @ 0x10\n") == .no)
  }

  @Test(arguments: odd) func `what pprof reads of an odd text is read alike`(_ fixture: Fixture) throws {
    #expect(Self.odd.count >= 18)
    if fixture.name == "count-trailing-words" {
      #expect(throws: ProfileError.self) { try reading(fixture.bytes, with: Debug1Reader()) }
      return
    }
    if Self.refused.contains(fixture.name) {
      let (profile, diagnostics) = try reading(fixture.bytes, with: Debug1Reader())
      #expect(profile.sampleCount > 0)
      if !fixture.name.contains("map-"), !fixture.name.contains("space") {
        #expect(diagnostics.count(of: "pprof-refuses") == 1)
      }
      return
    }
    var theirs = RawListing(parsing: try fixture.beside("golden"))
    var ours = RawListing(try reading(fixture.bytes, with: Debug1Reader()).0)
    #expect(ours.types == theirs.types)
    #expect(ours.periodType == theirs.periodType)
    #expect(ours.period == theirs.period)
    for i in ours.samples.indices {
      ours.samples[i].labels = ""
      for j in ours.samples[i].stack.indices { ours.samples[i].stack[j].lines = [] }
    }
    if fixture.name == Self.misread {
      #expect(ours.samples.map(\.values) == [[1, -5]])
      theirs.samples[0].values[1] = -5
    }
    #expect(ours.samples == theirs.samples)
    #expect(ours.mappings == theirs.mappings.filter { $0 != "0x0/0xffffffffffffffff/0x0" && $0 != "0x0/0x0/0x0" })
  }

  @Test func `leading frames of the runtime keep their addresses, or go`() throws {
    let text = """
      goroutine profile: total 3
      2 @ 0x11 0x21 0x31 0x41 0x51
      #\t0x30\tf+0x1\ta.go:1

      1 @ 0x11 0x51
      #\t0x0


      """
    #expect(try Self.stacks(text) == ["10, 20, 30 f, 40", "10, 50"])
    #expect(try Self.stacks(text) { $0.hiddenFrames = .drop } == ["30 f, 40", "10, 50"])
    let dropped = try Self.profile(text) { $0.hiddenFrames = .drop }.0
    #expect(dropped.columns.locations.map(\.address) == [0x10, 0x30, 0x40, 0x50])
    // Heaps have none of them in their protobuf either.
    #expect(
      try Self.stacks("heap profile: 1: 1 [1: 1] @ heap/2\n1: 1 [1: 1] @ 0x11 0x21 0x31\n#\t0x20\tf+0x1\ta.go:1\n")
        == ["20 f"])
  }

  @Test func `a stack that is filled up with zeros loses goexit before them`() throws {
    let text = "threadcreate profile: total 1\n1 @ 0x11 0x21 0x0 0x0\n#\t0x10\tf+0x1\ta.go:1\n"
    #expect(try Self.stacks(text) == ["10 f, ffffffffffffffff, ffffffffffffffff"])
    #expect(
      try Self.stacks("threadcreate profile: total 1\n1 @ 0x0 0x0\n#\t0x0\n")
        == ["ffffffffffffffff, ffffffffffffffff"])
  }

  @Test func `frames without names may stand between two equal ones`() throws {
    let lines = "#\t0x10\tf+0x1\ta.go:1\n#\t0x10\tf+0x1\ta.go:1\n#\t0x20\tg+0x1\ta.go:2\n"
    #expect(
      try Self.stacks("a profile: total 1\n1 @ 0x11 0x91 0x11 0x81 0x21\n" + lines) == ["10 f, 90, 10 f, 80, 20 g"])
    // Two lines of one location.
    #expect(try Self.stacks("a profile: total 1\n1 @ 0x11 0x91 0x21\n" + lines) == ["10 f f, 90, 20 g"])
    #expect(
      try Self.stacks("a profile: total 1\n1 @ 0x11 0x21 0x11 0x31\n" + lines + "#\t0x10\tf+0x1\ta.go:1\n")
        == ["10 f f, 20 g, 10 f"])
  }

  @Test func `labels are what Go quoted`() throws {
    let text = #"""
      goroutine profile: total 1
      1 @ 0x11
      # labels: {"a":"b", "q\"k":"v, {x}: \u200b\n\xff", "empty":""}
      #	0x10	f+0x1	a.go:1

      """#
    let profile = try Self.profile(text).0
    let labels = profile.columns.labels.map { label in
      [label.key, label.str].map { Array(profile.columns.strings.bytes[profile.columns.strings.range($0)]) }
    }
    #expect(
      labels == [
        [Array("a".utf8), Array("b".utf8)], [Array("q\"k".utf8), Array("v, {x}: \u{200b}\n".utf8) + [0xff]],
        [Array("empty".utf8), []],
      ])
    #expect(try self.text(profile).contains(#"# labels: {"a":"b", "q\"k":"v, {x}: \u200b\n\xff", "empty":""}"#))
  }

  private func text(_ profile: Profile, carry: Bool = false) throws -> String {
    String(decoding: try GoTextPairTests.write(profile, carry: carry).bytes, as: UTF8.self)
  }

  @Test func `counts are integers as pprof reads them`() throws {
    #expect(try Self.values("a profile: total 9\n010 @ 0x1\n7 @ 0x2\n") == [8, 7])
    for count in ["08", "9223372036854775808", "1.5", ""] {
      #expect(throws: ProfileError.self) { try Self.values("a profile: total 9\n\(count) @ 0x1\n") }
    }
  }

  @Test func `a user profile may have any name`() throws {
    for name in ["heap", "my name", "zone", "{x", "日本", "x profile: total 3"] {
      let text = "\(name) profile: total 1\n1 @ 0x11\n"
      let bytes = Array(text.utf8)
      #expect(Debug1Reader().detect(bytes.span, isWhole: true) == .certain, "\(name)")
      #expect(GroupedTextReader().detect(bytes.span, isWhole: true) == .no, "\(name)")
      let profile = try Self.profile(text).0
      #expect(profile.columns.sampleTypes.map { profile.string($0.type) } == [name])
      let written = try GoTextPairTests.write(profile).bytes
      #expect(Debug1Reader().detect(written.span, isWhole: true) == .certain, "\(name)")
      #expect(ProfileProto.encode(try reading(written, with: Debug1Reader()).0) == ProfileProto.encode(profile))
      // And as grouped text.
      let grouped = try writing(profile, with: GroupedTextWriter()).bytes
      #expect(GroupedTextReader().detect(grouped.span, isWhole: true) == .certain, "\(name)")
      #expect(Debug1Reader().detect(grouped.span, isWhole: true) == .no, "\(name)")
    }
  }

  @Test func `comments may stand before the header of a count, as many as there are`() throws {
    let text = String(repeating: "# a comment\n\n", count: 3000) + "a profile: total 1\n1 @ 0x11\n"
    #expect(Debug1Reader().detect(Array(text.utf8.prefix(100)).span, isWhole: false) == .needMore)
    #expect(Debug1Reader().detect(Array(text.utf8).span, isWhole: true) == .certain)
    #expect(try Self.profile(text).0.sampleCount == 1)
  }

  @Test(arguments: [
    ("a profile: total 1\n1 @ 0x1\nb profile: total 1\n", 3, "second profile"),
    ("--- mutex:\n1 1 @ 0x1\n--- mutex:\n", 3, "second profile"),
    ("a profile: total 1\n1 @ 0x1 0xg\n", 2, "no address"),
    ("a profile: total 1\n1 @ 0x11112222333344445\n", 2, "no address"),
    ("--- mutex:\ncycles/second=x\n", 2, "no number"), ("--- mutex:\n1 1 @ 0x1\ncycles/second=5\n", 3, "no record"),
    ("--- mutex:\nformat = java\n", 2, "Java"), ("--- mutex:\n99999999999999999999 1 @\n", 2, "64 bits"),
  ])
  func `what is wrong is told with its line`(_ text: String, _ line: Int, _ words: String) throws {
    let error = #expect(throws: ProfileError.self) { try Self.profile(text) }
    #expect(error?.message.contains(words) == true)
    guard case .line(line, _, _)? = error?.place else {
      Issue.record("another line: \(String(describing: error))")
      return
    }
  }

  @Test func `what Go has no text of is refused, and told what has one`() throws {
    for seed in 0..<20 as Range<UInt64> {
      let profile = try OddHeap.profile(seed: seed, oddity: 0, shape: .other)
      let error = #expect(throws: ProfileError.self) { try GoTextPairTests.write(profile) }
      #expect(error?.code == .unsupported)
      #expect(error?.hint?.contains("text") == true)
    }
  }

  @Test func `no damage to a text makes its reader trap`() throws {
    for fixture in Self.odd {
      let bytes = try fixture.bytes
      let (read, refused) = bothering(Debug1Reader(), with: bytes)
      #expect(read > 0 && refused > 0)
    }
    for fixture in Self.odd {
      var bytes = try fixture.bytes
      if bytes.count > 40 { continue }
      for at in bytes.indices {
        let right = bytes[at]
        for byte in UInt8.min ... .max {
          bytes[at] = byte
          do throws(ProfileError) { _ = try reading(bytes, with: Debug1Reader()) } catch {
            #expect(!error.message.isEmpty)
          }
        }
        bytes[at] = right
      }
    }
    for name in ["go1.19-default-mutex", "go1.19-default-threadcreate", "go1.27-default-custom"] {
      let bytes = try Fixture.named("debug1/pairs/\(name).in").bytes
      let (read, refused) = bothering(Debug1Reader(), with: bytes)
      #expect(read > 100 && refused > 100)
    }
  }

  @Test(arguments: GoTextPairTests.pairs) func `every beginning of a text is a profile or an error`(
    _ fixture: Fixture
  ) throws {
    let bytes = try fixture.bytes
    var read = 0
    for count in stride(from: 0, to: bytes.count, by: bytes.count > 3000 ? 7 : 1) {
      do throws(ProfileError) {
        _ = try reading(Array(bytes[..<count]), with: Debug1Reader())
        read += 1
      } catch {
        #expect(!error.message.isEmpty)
      }
    }
    #expect(read > 20)
  }

  @Test func `what pprof reads of a damaged text is read alike`() throws {
    let folder = try TemporaryFolder()
    let alphabet = Array(" \n0123456789abcdefx:@#-=_[]".utf8)
    var random: UInt64 = 11
    func next(_ bound: Int) -> Int {
      random = HashIndex.mix(random)
      return Int(truncatingIfNeeded: (random >> 33) % UInt64(bound))
    }
    var compared = 0
    for _ in 0..<300 {
      var bytes = try Self.odd[next(Self.odd.count)].bytes
      for _ in 0...next(2) {
        let at = next(bytes.count)
        switch next(3) {
        case 0: bytes[at] = alphabet[next(alphabet.count)]
        case 1: bytes.insert(alphabet[next(alphabet.count)], at: at)
        default: bytes.remove(at: at)
        }
      }
      try Data(bytes).write(to: folder.file("a.txt"))
      guard let raw = try Pprof.raw(folder.file("a.txt")), text(bytes).firstMatch(of: /-\d+ \d+ @|-\d+ @/) == nil else {
        continue
      }
      let theirs = RawListing(parsing: raw).samples
      var ours = RawListing(try reading(bytes, with: Debug1Reader()).0).samples
      for i in ours.indices {
        ours[i].stack = ours[i].stack.map { .init(address: $0.address, lines: []) }
        ours[i].labels = ""
      }
      #expect(ours == theirs, "\(text(bytes))")
      compared += 1
    }
    #expect(compared > 40)
  }

  private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
