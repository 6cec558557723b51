import Foundation
import Gzip
import ProfileModel
import TestSupport
import Testing

@testable import ProfileFormats

@Suite struct TracebackReaderTests {
  @Test("Every goroutine is a sample and every frame is in its stack", arguments: TracebackSamples.real)
  func counts(_ fixture: Fixture) throws {
    let text = String(decoding: try fixture.bytes, as: UTF8.self)
    let (profile, diagnostics) = try TracebackSamples.read(fixture.bytes)
    let columns = profile.columns
    let lines = text.components(separatedBy: "\n")
    #expect(profile.sampleCount == lines.count { $0.contains(#/^goroutine \d+ .*:$/#) })
    #expect(columns.values == [Int64](repeating: 1, count: profile.sampleCount))
    // A frame has one line with a tab; so have creators, and the frames of ancestors.
    let creators = lines.count { $0.hasPrefix("created by ") }
    let ancestors = Set(lines.indices.filter { lines[$0].hasPrefix("[originating") })
    var ancestorFrames = 0
    for start in ancestors {
      ancestorFrames += lines[(start + 1)...].prefix { !$0.isEmpty && !$0.hasPrefix("[") }.count { $0.hasPrefix("\t") }
    }
    let frames = (0..<profile.sampleCount).reduce(0) { sum, sample in
      sum
        + columns.stackLocations[columns.stackRange(columns.sampleStacks[sample])].reduce(0) {
          $0 + columns.lineRange($1).count
        }
    }
    #expect(frames == lines.count { $0.hasPrefix("\t") } - creators - ancestorFrames)
    #expect(frames > 10)
    #expect(diagnostics.counts.map(\.kind) == ["traceback-details"])
  }

  @Test(
    "A signal's line may be the first of what is read",
    arguments: [
      "[signal SIGSEGV: x\n", "panic: x\n", "SIGQUIT: x\n",
      #"""
      {"log":"2026/01/01 00:00:00 goroutine 1 [running]:\n","stream":"stderr","time":"t"}
      {"log":"2026/01/01 00:00:00 main.f()\n","stream":"stderr","time":"t"}
      {"log":"2026/01/01 00:00:00 \t/src/main.go:12 +0x1\n","stream":"stderr","time":"t"}
      {"log":"[signal SIGSEGV: x\n","stream":"stderr","time":"t"}

      """#,
    ])
  func signalFirst(text: String) throws {
    for reader in [TracebackReader() as any ProfileReader, FoldedReader()] {
      let counts = bothering(reader, with: Array(text.utf8))
      #expect(counts.read + counts.refused > 10)
    }
    if text.hasPrefix("{") { #expect(try reading(text, with: TracebackReader()).0.sampleCount == 1) }
  }

  @Test("The types and the period are those of Go's own goroutine profile", arguments: TracebackSamples.pairs)
  func header(_ pair: String) throws {
    let ours = try TracebackSamples.read(
      Array(Data(contentsOf: Fixture.file("debug2/pairs/\(pair)/goroutine.debug2.txt")))
    )
    .profile
    let theirs = try goroutineProto(pair)
    for profile in [ours, theirs] {
      #expect(profile.columns.sampleTypes.count == 1)
      #expect(profile.string(profile.columns.sampleTypes[0].type) == "goroutine")
      #expect(profile.string(profile.columns.sampleTypes[0].unit) == "count")
      #expect(profile.string(profile.columns.periodType.type) == "goroutine")
      #expect(profile.columns.period == 1)
    }
    #expect(ours.sampleCount == Int(theirs.columns.values.reduce(0, +)))
  }

  @Test(
    "The stacks are those of Go's own profile of the same goroutines, inline groups too",
    arguments: TracebackSamples.pairs)
  func stacks(_ pair: String) throws {
    let ours = try TracebackSamples.read(
      Array(Data(contentsOf: Fixture.file("debug2/pairs/\(pair)/goroutine.debug2.txt")))
    )
    .profile
    let theirs = try goroutineProto(pair)
    var counts: [[String]: Int] = [:]
    var exempt = 0
    for (profile, sign) in [(ours, 1), (theirs, -1)] {
      for sample in 0..<profile.sampleCount {
        let stack = shown(TracebackSamples.stack(profile, sample))
        // The goroutine that writes is elsewhere when it writes the other profile; of the deep one both print a part.
        if stack.contains(where: { $0.hasPrefix("runtime/pprof.(*Profile).WriteTo") }) || stack.count > 25 {
          exempt += 1
        } else {
          counts[stack, default: 0] += sign * Int(profile.columns.values[sample])
        }
      }
    }
    #expect(counts.count >= 2)
    #expect(exempt <= 4)
    #expect(counts.filter { $0.value != 0 }.isEmpty)
  }

  private func goroutineProto(_ pair: String) throws -> Profile {
    let packed = Array(try Data(contentsOf: Fixture.file("debug2/pairs/\(pair)/goroutine.pb.gz")))
    var source = ByteSource(try Gzip.inflate(packed, maximumSize: 1 << 20, extraCapacity: 16))
    var diagnostics = Diagnostics()
    return try ProfileProtoReader().read(&source, options: ReadOptions(), diagnostics: &diagnostics)
  }

  /// A stack without what a traceback hides: the runtime's frames, and the entry from C. Names of instances as texts have
  /// them.
  private func shown(_ stack: [String]) -> [String] {
    stack.compactMap { location in
      let lines = location.replacing(#/^0x[0-9a-f]+ /#, with: "").components(separatedBy: " < ")
        .filter { !$0.contains(#/^(internal/)?runtime\./#) && !$0.hasPrefix("runtime.") && !$0.hasPrefix("_cgoexp_") }
        .map { folded($0) }
      return lines.isEmpty ? nil : lines.joined(separator: " < ")
    }
  }

  private func folded(_ name: String) -> String {
    var depth = 0
    var result = ""
    for character in name {
      if character == "[" {
        depth += 1
        if depth == 1 { result += "[...]" }
      } else if character == "]" {
        depth -= 1
      } else if depth == 0 {
        result.append(character)
      }
    }
    return result
  }

  // MARK: What a header says

  static let headers: [(String, [String])] = [
    ("goroutine 0 [idle]:", ["goroutine.id=0 count", "goroutine.state=idle"]),
    (
      "goroutine 7 [chan send (nil chan), 2 minutes, locked to thread]:",
      [
        "goroutine.id=7 count", "goroutine.state=chan send (nil chan)", "goroutine.wait=2 minutes",
        "goroutine.flag=locked to thread",
      ]
    ),
    (
      "goroutine 8 gp=0xc0001 m=nil [select (no cases) (leaked) (scan)]:",
      [
        "goroutine.id=8 count", "goroutine.state=select (no cases)", "goroutine.flag=leaked", "goroutine.flag=scan",
        "goroutine.gp=0xc0001", "goroutine.m=nil",
      ]
    ),
    (
      "goroutine 9 gp=0x1 m=4 mp=0x2 [synctest.Run (durable), synctest bubble 3]:",
      [
        "goroutine.id=9 count", "goroutine.state=synctest.Run", "goroutine.flag=durable", "goroutine.bubble=3 count",
        "goroutine.gp=0x1", "goroutine.m=4", "goroutine.mp=0x2",
      ]
    ),
    (
      "goroutine 10 [a (b, c), new thing] {url: \"http://h:80/?q=1\", e: , \"x y\": z}:",
      [
        "goroutine.id=10 count", "goroutine.state=a (b, c)", "goroutine.attribute=new thing", "url=http://h:80/?q=1",
        "e=", "x y=z",
      ]
    ),
    // Words that we have a meaning for may be a program's own.
    (
      "goroutine 11 [select] {goroutine.state: mine}:",
      ["goroutine.id=11 count", "goroutine.state=select", "goroutine.state=mine"]
    ),
    // Braces that hold no labels are not dropped.
    (
      "goroutine 12 [select] {nonsense}:",
      ["goroutine.id=12 count", "goroutine.state=select", "goroutine.attribute={nonsense}"]
    ),
  ]

  @Test("A header becomes labels, and comes back", arguments: headers)
  func labels(_ header: String, _ labels: [String]) throws {
    let profile = try TracebackSamples.read(header + "\nmain.f()\n\tf.go:1 +0x2\n")
    #expect(TracebackSamples.labels(profile, 0) == labels)
    let (text, losses) = try TracebackSamples.write(profile)
    if header.contains("nonsense") {
      #expect(text == "goroutine 12 [select, {nonsense}]:\nmain.f()\n\tf.go:1\n")
    } else {
      #expect(text == header + "\nmain.f()\n\tf.go:1\n")
    }
    #expect(losses.isEmpty)
  }

  @Test(
    "What is no header begins no goroutine",
    arguments: [
      "goroutine profile: total 12", "goroutine x [running]:", "goroutine 1 []:", "goroutine 1 [running]",
      "goroutine 1 [running", "goroutine 1 gp= [running]:", "goroutine 1 [running] {a: b:", "mygoroutine 1 [running]:",
      "goroutine 99999999999999999999 [running]:",
    ])
  func noHeader(_ line: String) {
    let error = #expect(throws: ProfileError.self) { try TracebackSamples.read(line + "\nmain.f()\n\tf.go:1 +0x2\n") }
    #expect(error?.code == .malformed)
  }

  @Test("A line of many beginnings of headers takes time in proportion")
  func manyBeginnings() throws {
    for ending in ["[running:", "[running]:"] {
      let ratio = try Growth.ratio(from: 1000) { count in
        let bytes = Array((String(repeating: "goroutine 1 [", count: count) + " goroutine 7 " + ending).utf8)
        return {
          let found = TracebackHeader.find(bytes.span, 0..<bytes.count)
          if ending == "[running:" {
            #expect(found == nil)
          } else {
            // The first whose bracket is not too far from its end.
            #expect(found.map { bytes.count - $0 < 5000 } == true)
          }
        }
      }
      #expect(ratio < Growth.inProportion)
    }
  }

  // MARK: Frames

  static let frames: [(String, String)] = [
    ("main.f()\n\tf.go:1 +0x2", "main.f f.go:1"),
    (
      "main.(*T[...]).M(0x1, {0x2, {0x3, _}, ...}, 0x4?)\n\tC:/my src/a b.go:12 +0x2",
      "main.(*T[...]).M C:/my src/a b.go:12"
    ),
    ("main.F[go.shape.func(int) string](0x1)\n\tf.go:1 +0x2", "main.F[go.shape.func(int) string] f.go:1"),
    ("panic({0x1, 0x2})\n\truntime/panic.go:1 +0x2", "runtime.gopanic runtime/panic.go:1"),
    // The return address of a call, the entry of a function, C.
    ("main.f()\n\tf.go:1 +0x2 fp=0x3 sp=0x4 pc=0x5f", "0x5e main.f f.go:1"),
    ("main.f()\n\tf.go:1 fp=0x3 sp=0x4 pc=0x5f", "0x5f main.f f.go:1"),
    ("non-Go function at pc=0x5f", "0x5f "),
    ("c_function\n\tlib.c:1 pc=0x5f", "0x5f c_function lib.c:1"),
    ("main.f(...)\n\tf.go:1\nmain.g()\n\tf.go:2 +0x1", "main.f f.go:1 < main.g f.go:2"),
    // An ellipsis with an offset is a frame of its own.
    ("main.f(...)\n\tf.go:1 +0x2", "main.f f.go:1"),
    ("main.f()\n    f.go:1 +0x2", "main.f f.go:1"),
    ("main.f()\n#011f.go:1 +0x2", "main.f f.go:1"),
    ("main.f()\n\t??:0", "main.f :0"),
  ]

  @Test("A frame becomes a location", arguments: frames)
  func frame(_ text: String, _ location: String) throws {
    let profile = try TracebackSamples.read("goroutine 1 [running]:\n" + text + "\n")
    #expect(TracebackSamples.stack(profile, 0) == [location])
  }

  @Test func `A frame that a signal stopped has its own pc`() throws {
    let profile = try TracebackSamples.read(
      """
      SIGQUIT: quit
      PC=0x50 m=0 sigcode=0

      goroutine 1 [running]:
      main.leaf()
      \tf.go:1 +0x2 fp=0x3 sp=0x4 pc=0x50
      runtime.sigpanic()
      \tr.go:1 +0x2 fp=0x3 sp=0x4 pc=0x60
      main.inlined(...)
      \tf.go:2
      main.faulted()
      \tf.go:3 +0x2 fp=0x3 sp=0x4 pc=0x70
      main.caller()
      \tf.go:4 +0x2 fp=0x3 sp=0x4 pc=0x50
      """)
    #expect(
      TracebackSamples.stack(profile, 0) == [
        "0x50 main.leaf f.go:1", "0x5f runtime.sigpanic r.go:1", "0x70 main.inlined f.go:2 < main.faulted f.go:3",
        "0x4f main.caller f.go:4",
      ])
  }

  @Test func `Creator, ancestors and elided frames are labels and not frames`() throws {
    let fixture = try #require(TracebackSamples.synthetic.first { $0.name == "synthetic-headers" })
    let profile = try TracebackSamples.read(fixture.bytes).profile
    #expect(TracebackSamples.stack(profile, 1) == [])
    #expect(TracebackSamples.stack(profile, 2) == ["main.glob..func1 <autogenerated>:1"])
    #expect(
      TracebackSamples.labels(profile, 2).dropFirst(2) == [
        "goroutine.flag=frames elided", "goroutine.creator=main.init.0",
      ])
    #expect(TracebackSamples.stack(profile, 3) == ["main.f /src/f.go:1", "main.g /src/f.go:2"])
    #expect(
      TracebackSamples.labels(profile, 3).dropFirst(2) == [
        "goroutine.elided=3 count", "goroutine.elided_after=1 count", "goroutine.ancestor=goroutine 6",
        "goroutine.ancestor=main.h\t/src/f.go:3", "goroutine.ancestor=created by main.i\t/src/f.go:4",
        "goroutine.ancestor=goroutine 1", "goroutine.ancestor=main.main\t/src/f.go:5",
        "goroutine.ancestor=...additional frames elided...",
      ])
  }

  // MARK: Damage

  @Test(
    "What is odd is said",
    arguments: [
      ("synthetic-cut", "cut-traceback"), ("synthetic-log-prefix", "other-lines"),
      ("synthetic-http-panic", "other-lines"),
    ])
  func diagnostics(_ name: String, _ kind: String) throws {
    let fixture = try #require(TracebackSamples.synthetic.first { $0.name == name })
    #expect(try TracebackSamples.read(fixture.bytes).diagnostics.count(of: kind) == 1)
  }

  @Test func `Several dumps in one log are told, and a damaged header too`() throws {
    let goroutine = "goroutine 1 [running]:\nmain.f()\n\tf.go:1 +0x2\n\n"
    let twice = try TracebackSamples.read(Array((goroutine + goroutine).utf8))
    #expect(twice.profile.sampleCount == 2)
    #expect(twice.diagnostics.count(of: "repeated-goroutines") == 1)
    let damaged = try TracebackSamples.read(Array((goroutine + "goroutine 2 [running:\nmain.g()\n\tg.go:1\n\n").utf8))
    #expect(damaged.profile.sampleCount == 1)
    #expect(damaged.diagnostics.items.first { $0.kind == "damaged-header" }?.place != ProfileError.Place.none)
  }

  @Test("A terminal's colours around each line are nothing", arguments: TracebackSamples.synthetic)
  func colours(_ fixture: Fixture) throws {
    let bytes = try fixture.bytes
    var coloured: [UInt8] = []
    for line in bytes.split(separator: 10, omittingEmptySubsequences: false) {
      coloured += Array("\u{1b}[1;31m".utf8) + line + Array("\u{1b}[0m\n".utf8)
    }
    let plain = try TracebackSamples.read(bytes).profile
    let (profile, _) = try TracebackSamples.read(coloured)
    #expect(try TracebackSamples.write(profile).text == TracebackSamples.write(plain).text)
    let detected = TracebackReader().detect(bytes.span, isWhole: true)
    #expect(detected != .no && TracebackReader().detect(coloured.span, isWhole: true) == detected)
  }

  @Test func `Another profile behind nothing but goroutines is told from a log's lines`() throws {
    let goroutine = "goroutine 1 [running]:\nmain.f()\n\tf.go:1 +0x2\n"
    let others = [
      "heap profile: 1: 2 [1: 2] @ heap/1048576\n1: 2 [1: 2] @ 0x1\n", "goroutine profile: total 1\n1 @ 0x1\n",
      "--- mutex:\ncycles/second=1\n",
    ]
    for other in others {
      for text in [goroutine + other, goroutine + "\n" + other, goroutine + "\n" + goroutine + "\n" + other] {
        let error = #expect(throws: ProfileError.self) { try TracebackSamples.read(Array(text.utf8)) }
        #expect(error?.message == "a second profile begins here: two files were joined into one")
      }
      let (profile, diagnostics) = try TracebackSamples.read(Array(("listening\n" + goroutine + "\n" + other).utf8))
      #expect(profile.sampleCount == 1 && diagnostics.count(of: "other-lines") == 1)
      // What a crashed program printed at its end is kept.
      let crash = try TracebackSamples.read("panic: boom\n\n" + goroutine + "\nexit status 2\n" + other)
      #expect(crash.sampleCount == 1 && crash.columns.comments.count == 2 + other.split(separator: "\n").count)
    }
  }

  @Test(
    "Words of a log that begin as a header does are a log's",
    arguments: [
      "heap profile: written to /tmp/heap.pprof\n", "--- mutex: waited for 3s\n", "--- contention: high\n",
    ]) func likeHeaders(_ words: String) throws
  {
    let goroutine = "goroutine 1 [running]:\nmain.f()\n\tf.go:1 +0x2\n"
    let (profile, diagnostics) = try TracebackSamples.read(Array((goroutine + "\n" + words).utf8))
    #expect(profile.sampleCount == 1 && diagnostics.count(of: "other-lines") == 1)
    // Before the goroutine has a frame it is whole by no means.
    let between = "goroutine 1 [running]:\n--- mutex:\nmain.f()\n\tf.go:1 +0x2\n"
    #expect(try TracebackSamples.read(between).sampleCount == 1)
  }

  @Test func `A text without goroutines is refused in words`() throws {
    let fixture = try #require(try Fixture.all("debug2/invalid").first)
    let error = #expect(throws: ProfileError.self) { try TracebackSamples.read(fixture.bytes) }
    let words = try String(
      contentsOf: fixture.url.deletingPathExtension().appendingPathExtension("error"), encoding: .utf8)
    #expect(error.map { "\($0)\n" } == words)
  }

  @Test("Chunks do not matter, whatever their size", arguments: [1, 2, 7, 64, 1000])
  func chunks(_ size: Int) throws {
    for fixture in TracebackSamples.synthetic {
      let whole = try TracebackSamples.write(TracebackSamples.read(fixture.bytes).profile).text
      #expect(try TracebackSamples.write(TracebackSamples.read(fixture.bytes, chunk: size).profile).text == whole)
    }
  }

  @Test("Every prefix gives a profile or an error", arguments: TracebackSamples.synthetic)
  func prefixes(_ fixture: Fixture) throws {
    let bytes = try fixture.bytes
    var most = 0
    for end in 0...bytes.count {
      let isLine = end > 0 && bytes[end - 1] == 0x0a
      do {
        let count = try TracebackSamples.read(Array(bytes[..<end])).profile.sampleCount
        guard isLine else { continue }
        #expect(count >= most)
        most = count
      } catch let error as ProfileError {
        #expect(error.code == .malformed && !(isLine && most > 0))
      }
    }
    #expect(most > 0)
  }

  @Test(
    "Every changed byte gives a profile or an error, and what is read can be written",
    arguments: TracebackSamples.synthetic)
  func mutations(_ fixture: Fixture) throws {
    let bytes = try fixture.bytes
    // What the grammar is made of, one after the other.
    let marks = Array("\0\t\n ():[]{},.09gc".utf8)
    for at in bytes.indices {
      for byte in [marks[at % marks.count], bytes[at] ^ 0x80] {
        var changed = bytes
        changed[at] = byte
        do {
          let profile = try TracebackSamples.read(changed).profile
          if at % 16 == 0 { #expect(try !TracebackSamples.write(profile).text.isEmpty) }
        } catch let error as ProfileError {
          #expect(error.code == .malformed)
        }
      }
    }
  }
}
