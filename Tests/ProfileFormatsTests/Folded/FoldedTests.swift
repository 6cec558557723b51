import Foundation
import ProfileFormats
import ProfileModel
import TestSupport
import Testing

@Suite struct FoldedTests {
  private func folded(_ profile: Profile, type: Int? = nil) throws -> (text: String, losses: LossReport) {
    var options = WriteOptions()
    options.sampleType = type
    let (bytes, losses) = try writing(profile, with: FoldedWriter(), options)
    return (text(bytes), losses)
  }

  private func profile(_ text: String) throws -> (Profile, Diagnostics) { try reading(text, with: FoldedReader()) }

  /// What the samples say: frames by name or address from the root, values, labels.
  private func samples(_ profile: Profile) -> [String] {
    let c = profile.columns
    return (0..<c.sampleCount).map { i in
      var frames: [String] = []
      for location in c.stackLocations[c.stackRange(c.sampleStacks[i])].reversed() {
        let lines = c.lines[c.lineRange(location)].reversed()
        let address = "0x" + String(c.locations[location.position].address, radix: 16)
        if lines.isEmpty { frames.append("<\(address)>") }
        for line in lines {
          let name = profile.string(c.functions[line.function.position].name)
          frames.append(name.isEmpty ? "<\(address)>" : name)
        }
      }
      let labels = c.labels[c.labelRange(c.sampleLabels[i])].map {
        "\(profile.string($0.key))=\(profile.string($0.str)),\($0.num)\(profile.string($0.unit))"
      }
      return "\(frames) \(c.values[c.valueRange(i)]) \(labels)"
    }
  }

  @Test("folded stacks of others are read", arguments: try Fixture.all("folded/valid"))
  func valid(fixture: Fixture) throws {
    let bytes = try fixture.bytes
    #expect(FoldedReader().detect(bytes.span, isWhole: true) == .possible)
    let (profile, _) = try reading(bytes, with: FoldedReader())
    if fixture.name.hasPrefix("synthetic") {
      // What was read, as `pprof -raw` shows it.
      #expect(text(try writing(profile, with: RawWriter()).bytes) == (try fixture.beside("golden")))
    }
    // Written and read again it is the same, but for what the report says.
    let (written, losses) = try folded(profile)
    let (again, _) = try self.profile(written)
    #expect(samples(again) == samples(profile))
    if losses.isEmpty { #expect(ProfileProto.encode(again) == ProfileProto.encode(profile)) }
    #expect(try folded(again).text == written)
  }

  @Test(
    "pprofutils' and FlameGraph's own files come back line for line",
    arguments: ["pprofutils-cpu", "pprofutils-cpu-all-types", "pprofutils-heap-all-types", "stackcollapse-go-cpu"])
  func lines(name: String) throws {
    let fixture = Fixture.named("folded/valid/\(name).in")
    let (profile, _) = try reading(try fixture.bytes, with: FoldedReader())
    let all = try folded(profile)
    #expect(all.losses.isEmpty)
    let isPlain = !name.hasSuffix("types")
    #expect(text(try fixture.bytes) == (isPlain ? try folded(profile, type: 0).text : all.text))
  }

  @Test(
    "the sums by stack are pprofutils' of the same profile",
    arguments: [
      ("go1.27-default-cpu", "pprofutils-cpu-all-types"), ("go1.19-default-heap", "pprofutils-heap-all-types"),
    ])
  func sums(proto: String, theirs: String) throws {
    func sums(_ text: String, _ types: Int) -> [String: [Int]] {
      var sums: [String: [Int]] = [:]
      for line in text.split(separator: "\n").dropFirst() where !line.hasPrefix("#") {
        let words = line.split(separator: " ", omittingEmptySubsequences: false)
        let stack = words.dropLast(types).joined(separator: " ")
        let values = words.suffix(types).compactMap { Int($0) }
        sums[stack] = zip(sums[stack] ?? [Int](repeating: 0, count: types), values).map(+)
      }
      // They leave out what is zero.
      return sums.filter { $0.value.contains { $0 != 0 } }
    }
    let profile = try decode(try inflated(Fixture.named("pb/valid/\(proto).in")))
    let types = profile.columns.sampleTypes.count
    let ours = sums(try folded(profile).text, types)
    #expect(ours == sums(text(try Fixture.named("folded/valid/\(theirs).in").bytes), types))
    #expect(ours.count > 10)
  }

  @Test("every protobuf's samples come back: values, names, labels", arguments: try Fixture.all("pb/valid"))
  func protobufs(fixture: Fixture) throws {
    let profile = try decode(try inflated(fixture))
    let (written, losses) = try folded(profile)
    if profile.sampleCount == 0 { return }
    let (again, diagnostics) = try self.profile(written)
    #expect(samples(again) == samples(profile))
    #expect(diagnostics.isEmpty)
    if losses.isEmpty { #expect(ProfileProto.encode(again) == ProfileProto.encode(profile)) }
  }

  @Test("names of any bytes come back")
  func random() throws {
    let pieces = [
      ";", " ", "\\", "x3b", "\\x3b", "\n", "\r", "\t", "#", "0x1f", "_[k]", "_[i]", ":12", "12", "-3", "1.5", ".", "a",
      "main", "é", "/", "struct { A int; B string }", "\u{feff}", "\u{0}", "\\x20", "-", "\u{85}", "labels: {",
    ]
    var seed: UInt64 = 11
    func below(_ count: Int) -> Int {
      seed = HashIndex.mix(seed)
      return Int(seed >> 40) % count
    }
    for round in 0..<1500 {
      var builder = ProfileBuilder(sampleTypes: [("a b", "c/d"), ("x/y", "\\x20")].map { ($0.0, $0.1) })
      for _ in 0..<3 {
        let stack = (0..<below(4)).map { _ in
          below(6) == 0
            ? builder.location(Location(address: UInt64(below(3))), lines: EmptyCollection())
            : builder.location(function: (0...below(3)).map { _ in pieces[below(pieces.count)] }.joined())
        }
        let labels =
          below(3) == 0
          ? [Label(key: builder.string(pieces[below(pieces.count)]), str: builder.string(pieces[below(pieces.count)]))]
          : []
        builder.add(stack: stack, values: [Int64(below(9)) - 4, Int64(below(9))], labels: labels)
      }
      let profile = try builder.finish()
      let (written, losses) = try folded(profile)
      try #require(
        losses.entries.filter { !["unused functions", "unused locations"].contains($0.field) }.isEmpty, "\(losses)")
      let (again, _) = try self.profile(written)
      try #require(samples(again) == samples(profile), "round \(round): \(written)")
      try #require(
        again.columns.sampleTypes.map { again.string($0.type) + "|" + again.string($0.unit) } == [
          "a b|c/d", "x/y|\\x20",
        ])
      // The plain form too, without labels and the second value.
      let plain = try self.profile(try folded(profile, type: 1).text).0
      try #require(
        samples(plain).map { $0.split(separator: "] [")[0] } == samples(profile).map { $0.split(separator: "] [")[0] },
        "round \(round)")
    }
  }

  @Test("the plain form of one type is what flamegraph.pl draws")
  func plain() throws {
    let (profile, _) = try reading(try Fixture.named("folded/valid/synthetic-escapes.in").bytes, with: FoldedReader())
    let (written, losses) = try folded(profile, type: 0)
    // flamegraph.pl (FlameGraph 1.0 and its head of 2024) draws this as ten frames and `all (9 samples, 100%)`, without a
    // line that it ignores; of the default form it ignores the header and the labels.
    #expect(
      written == """
        main;a\\x3bb\\x5cx3bc;f\\x2012 1
        \\x23c;0x1f;\\x30x1f;g_\\x5bk] 3
        PHP\\App\\xab\\x12y;h 5

        """)
    #expect(losses.entries.map(\.field) == ["labels", "sample types"])
    #expect(throws: ProfileError.self) { try folded(profile, type: 2) }
  }

  /// The two patterns by which flamegraph.pl and difffolded.pl read a line, and inferno's rule beside them: a line counts if
  /// it ends in blanks and a number; a second number before it makes it a differential one.
  @Test("plain readers read every line of the plain form, and its one value", arguments: try Fixture.all("pb/valid"))
  func plainReaders(fixture: Fixture) throws {
    let profile = try decode(try inflated(fixture))
    guard !profile.columns.sampleTypes.isEmpty, !profile.columns.values.contains(where: { $0 < 0 }) else { return }
    let (written, _) = try folded(profile, type: 0)
    let number = try Regex(#"^(.*)\s+?(\d+(?:\.\d*)?)$"#)
    var sum = 0
    for line in written.split(separator: "\n") {
      let match = try #require(line.wholeMatch(of: number))
      let stack = try #require(match[1].substring)
      #expect(stack.wholeMatch(of: number) == nil)
      let value = try #require(match[2].substring)
      sum += try #require(Int(value))
    }
    let count = profile.columns.sampleTypes.count
    #expect(
      sum
        == stride(from: 0, to: profile.columns.values.count, by: count).reduce(0) {
          $0 + Int(profile.columns.values[$1])
        })
  }

  @Test("what is said to be lost is lost, and nothing else")
  func losses() throws {
    let whole = """
      cpu/nanoseconds
      # labels: {"k":"v"}
      main;f;g_[k] 5
      main;0x10 6

      """
    let (base, _) = try profile(whole)
    #expect(try folded(base).losses.isEmpty && folded(base).text == whole)
    func check(_ field: String, _ change: (inout ProfileColumns) -> Void) throws {
      var columns = base.columns
      change(&columns)
      let changed = try Profile(columns)
      let (written, losses) = try folded(changed)
      #expect(losses.entries.map(\.field) == [field])
      let (again, _) = try profile(written)
      #expect(ProfileProto.encode(again) != ProfileProto.encode(changed), "\(field) is not lost")
      if field != "labels" { #expect(samples(again) == samples(changed)) }
    }
    let name = try #require(base.columns.strings.firstIndex(of: "main"))
    try check("addresses") { $0.locations[0].address = 7 }
    try check("line numbers") { $0.lines[0].line = 3 }
    try check("columns") { $0.lines[0].column = 3 }
    try check("folded flags") { $0.locations[0].isFolded = true }
    try check("files") { $0.functions[0].file = name }
    try check("start lines") { $0.functions[0].startLine = 3 }
    try check("system names") { $0.functions[0].systemName = .empty }
    try check("mappings") { $0.mappings[0].start = 3 }
    try check("time") { $0.timeNanos = 3 }
    try check("duration") { $0.durationNanos = 3 }
    try check("period") { $0.period = 3 }
    try check("period type") { $0.periodType = ValueType(type: name) }
    try check("default sample type") { $0.defaultSampleType = name }
    try check("doc url") { $0.docURL = name }
    try check("drop frames") { $0.dropFrames = name }
    try check("keep frames") { $0.keepFrames = name }
    try check("comments") { $0.comments = [name] }
    try check("labels") { $0.labels[0].num = 3 }
    try check("location ids") { $0.locationIDs = $0.locations.indices.map { UInt64($0) + 9 } }
    try check("unused functions") {
      $0.functions.append(Function(name: name)); $0.functions[$0.functions.count - 1].systemName = name
    }
    try check("unknown fields") { $0.unknownFields.append([0x80, 0x02, 0x07], to: .profile) }
    try check("inlined frames") { columns in
      // The frame without a name becomes g in f.
      columns.locations[3].address = 0
      columns.lines += [Line(function: FunctionIndex(2)), Line(function: FunctionIndex(1))]
      columns.lineOffsets[columns.lineOffsets.count - 1] += 2
    }
  }

  @Test("refuses what is none, with words", arguments: try Fixture.all("folded/invalid"))
  func invalid(fixture: Fixture) throws {
    let error = #expect(throws: ProfileError.self) { try reading(try fixture.bytes, with: FoldedReader()) }
    #expect(error.map { "\($0)\n" } == (try fixture.beside("error")))
  }

  @Test(
    "other texts are no folded stacks",
    arguments: [
      "", "hello world\n", "heap profile: 1: 2 [3: 4] @ heap/2\n1: 2 [3: 4] @ 0x1\n",
      "goroutine profile: total 3\n3 @ 0x1\n",
      "<html>\n", "{\"a\": 1}\n", "PeriodType: cpu nanoseconds\nPeriod: 1\n", "one 1\ntwo 2\n", "a;b\n",
      "a;b 1\nnot one\n",
      "--- contention:\ncycles/second=1\n", "a;b 1\u{0}2\n",
    ])
  func detection(text: String) {
    #expect(FoldedReader().detect(Array(text.utf8).span, isWhole: true) == .no)
  }

  @Test("a last line that was cut says nothing against those before it")
  func cut() {
    func detect(_ text: String) -> Detection { FoldedReader().detect(Array(text.utf8).span, isWhole: true) }
    #expect(detect("main;a 1\nmain;b") == .possible)
    #expect(detect("cpu/nanoseconds samples/count\nmain;b") == .possible)
    #expect(detect("/etc/passwd\nroot") == .no)
    #expect(detect("main;a") == .no)
  }

  @Test("of a beginning it waits for a whole line")
  func beginning() {
    func detect(_ text: String) -> Detection { FoldedReader().detect(Array(text.utf8).span, isWhole: false) }
    #expect(detect("main;a;very long") == .needMore)
    #expect(detect("main;a 1\nmain;b") == .possible)
    #expect(detect("samples/count\n") == .needMore)
  }

  @Test(
    "a line longer than the beginning is one where it is a stack as far as it goes",
    arguments: [
      ("", "main;f;", .possible), ("samples/count cpu/nanoseconds\n", "main;f;", .possible),
      ("# labels: {}\n", "a b;0x12;", .possible),
      ("", "core::{{closure}};f<int, int>(char)::{lambda()#1};", .possible),
      // Words, code, style sheets, other formats.
      ("", "word", .no), ("", "word ", .no), ("", "one; two; ", .no), ("", "int f(){a=b;c=d;}", .no),
      ("", ".a{b:c;d:e}", .no), ("", "<a;b>", .no), ("", "{\"a;b\":1},", .no), ("", "a;b\u{1};", .no),
    ] as [(String, String, Detection)])
  func longLine(before: String, piece: String, answer: Detection) {
    let line = String(repeating: piece, count: (1 << 20) / piece.utf8.count + 1)
    #expect(FoldedReader().detect(Array((before + line).utf8).span, isWhole: false) == answer)
  }

  @Test("comes back from every damage", arguments: ["escapes", "annotations", "differential", "lines"])
  func damage(name: String) throws {
    let bytes = try Fixture.named("folded/valid/synthetic-\(name).in").bytes
    let counts = bothering(FoldedReader(), with: bytes)
    #expect(counts.read > 0 && counts.refused > 0)
    for size in [1, 7, 64] {
      let pieces = try reading(bytes, inPiecesOf: size, with: FoldedReader())
      #expect(ProfileProto.encode(pieces) == ProfileProto.encode(try reading(bytes, with: FoldedReader()).0))
    }
  }
}
