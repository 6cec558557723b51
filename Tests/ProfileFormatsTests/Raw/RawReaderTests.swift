import ProfileFormats
import ProfileModel
import TestSupport
import Testing

@Suite struct RawReaderTests {
  @Test("raw text, read and written, is itself", arguments: try Fixture.all("raw/valid"))
  func fixedPoint(fixture: Fixture) throws {
    let bytes = try fixture.bytes
    let (profile, _) = try reading(bytes, with: RawReader())
    #expect(text(try writing(profile, with: RawWriter()).bytes) == text(bytes.map { $0 }.withoutZeroBytes))
  }

  @Test("is certain of its own files, and of their beginnings", arguments: try Fixture.all("raw/valid"))
  func detection(fixture: Fixture) throws {
    let bytes = try fixture.bytes
    #expect(RawReader().detect(bytes.span, isWhole: true) == .certain)
    #expect(RawReader().detect(Array(bytes.prefix(5)).span, isWhole: false) == .needMore)
    #expect(RawReader().detect(Array("heap profile: 1: 2".utf8).span, isWhole: false) == .no)
  }

  @Test("refuses what is no raw text, with words", arguments: try Fixture.all("raw/invalid"))
  func invalid(fixture: Fixture) throws {
    let error = #expect(throws: ProfileError.self) { try reading(try fixture.bytes, with: RawReader()) }
    #expect(error.map { "\($0)\n" } == (try fixture.beside("error")))
  }

  @Test("reads what a whole raw text says")
  func everything() throws {
    let (profile, diagnostics) = try reading(
      try Fixture.named("raw/valid/synthetic-everything.in").bytes, with: RawReader())
    let c = profile.columns
    #expect(c.comments.map(profile.string) == ["a comment", "#hidden"])
    #expect(profile.string(c.docURL) == "https://example.com/doc")
    #expect(profile.string(c.periodType.type) == "cpu" && profile.string(c.periodType.unit) == "nanoseconds")
    #expect(c.period == 10_000_000 && c.timeNanos == 1_600_000_000_123_456_789 && c.durationNanos == 2_500_000_000)
    #expect(c.sampleTypes.map { profile.string($0.type) } == ["samples", "cpu"])
    #expect(profile.string(c.defaultSampleType) == "samples")
    #expect(c.values == [3, 30])
    let mapping = try #require(c.mappings.first)
    #expect(mapping.start == 0x400000 && mapping.limit == 0x500000 && mapping.offset == 0x1000)
    #expect(profile.string(mapping.file) == "/bin/app" && profile.string(mapping.buildID) == "deadbeef")
    #expect(mapping.hasFunctions && mapping.hasFilenames && mapping.hasLineNumbers && mapping.hasInlineFrames)
    #expect(c.locations == [Location(address: 0x401234, mapping: MappingIndex(0), isFolded: true)])
    #expect(c.lines.map(\.line) == [10, 20] && c.lines.map(\.column) == [3, 0])
    #expect(c.functions.map { profile.string($0.name) } == ["f", "acme::g"])
    #expect(c.functions.map { profile.string($0.systemName) } == ["f", "_ZN4acme1gEv"])
    #expect(c.functions.map(\.startLine) == [0, 18])
    #expect(diagnostics.isEmpty)
  }

  @Test(
    "takes a frame apart from its right end",
    arguments: [
      ("f f.go:1:2 s=3", "f", "f.go", "f"),
      ("main.f /home/a user/b c.go:1:2 s=3", "main.f", "/home/a user/b c.go", "main.f"),
      (
        "pkg.(*T[struct { K string; V int }]).f /x/y.go:1:2 s=3", "pkg.(*T[struct { K string; V int }]).f", "/x/y.go",
        ""
      ),
      ("operator new(unsigned long) :1:2 s=3", "operator new(unsigned long)", "", ""),
      ("f C:\\Program Files\\x.go:1:2 s=3", "f", "C:\\Program Files\\x.go", ""),
      (" :1:2 s=3", "", "", ""),
      ("a::b(int) x.cc:1:2 s=3(_ZN1a1bEi)", "a::b(int)", "x.cc", "_ZN1a1bEi"),
      ("f f.go:1:2 s=3()", "f", "f.go", "-"),
      ("f s=1 f.go:1:2 s=3", "f s=1", "f.go", ""),
    ])
  func frames(line: String, name: String, file: String, systemName: String) throws {
    let (profile, _) = try reading(
      "PeriodType:  \nPeriod: 0\nSamples:\na/b\nLocations\n     1: 0x1 \(line)\nMappings\n", with: RawReader())
    let function = try #require(profile.columns.functions.first)
    #expect(profile.string(function.name) == name)
    #expect(profile.string(function.file) == file)
    #expect(profile.string(function.systemName) == (systemName.isEmpty ? name : systemName == "-" ? "" : systemName))
    #expect(profile.columns.lines.first?.line == 1 && profile.columns.lines.first?.column == 2)
    #expect(function.startLine == 3)
  }

  @Test("reads the frames of an older pprof, which printed no column")
  func oldFrames() throws {
    let (profile, _) = try reading(
      "PeriodType:  \nPeriod: 0\nSamples:\na/b\nLocations\n     1: 0x1 f f.go:7 s=3\nMappings\n", with: RawReader())
    #expect(profile.columns.lines.map(\.line) == [7] && profile.columns.lines.map(\.column) == [0])
  }

  @Test(
    "tells strings from numbers in labels",
    arguments: [
      (["k:[a b]"], ["k=a b"]),
      (["bytes:[64]"], ["bytes=64"]),
      (["bytes:[64  128 kilobytes]"], ["bytes=64", "bytes=128 kilobytes"]),
      (["bytes:[1 2]"], ["bytes=1", "bytes=2"]),
      (["k:[5]", "bytes:[16]"], ["k='5'", "bytes=16"]),
      (["thread:[0]"], ["thread='0'"]),
      (["a:[x] b:[y]"], ["a=x", "b=y"]),
      (["a:[x] y]"], ["a=x] y"]),
      (["url:[http://[::1]:80/]"], ["url=http://[::1]:80/"]),
    ])
  func labels(lines: [String], labels: [String]) throws {
    let body = lines.map { String(repeating: " ", count: 16) + $0 + "\n" }.joined()
    let (profile, _) = try reading(
      "PeriodType:  \nPeriod: 0\nSamples:\na/b\n          1: \n\(body)Locations\nMappings\n", with: RawReader())
    let c = profile.columns
    let found = c.labels[c.labelRange(c.sampleLabels[0])].map { label in
      let key = profile.string(label.key)
      let string = profile.string(label.str)
      if label.str != .empty { return key + "=" + (Int(string) == nil ? string : "'\(string)'") }
      return key + "=\(label.num)" + (label.unit == .empty ? "" : " " + profile.string(label.unit))
    }
    #expect(found == labels)
  }

  @Test(
    "makes of four characters a duration that prints as them",
    arguments: [
      ("2.98", 2_980_000_000), ("2.5s", 2_500_000_000), ("30s", 30_000_000_000), ("1m1s", 61_000_000_000),
      ("100m", 100_000_000), ("1h0m", 3_600_000_000_000), ("999n", 999), ("1.5µ", 1500), ("-2.9", -2_900_000_000),
      ("10m0", 600_000_000_000), ("1m1.", 61_500_000_000), ("2562", 2562 * 3_600_000_000_000),
    ])
  func durations(text: String, nanos: Int64) throws {
    let (profile, _) = try reading(
      "PeriodType:  \nPeriod: 0\nDuration: \(text)\nSamples:\na/b\nLocations\nMappings\n", with: RawReader())
    #expect(profile.columns.durationNanos == nanos)
  }

  @Test("any time in any zone is read back")
  func times() throws {
    var seed: UInt64 = 5
    for i in 0..<2000 {
      seed = HashIndex.mix(seed)
      var columns = ProfileColumns()
      columns.timeNanos = i == 0 ? .min : i == 1 ? .max : Int64(bitPattern: seed) >> Int64(i % 40)
      var options = WriteOptions()
      let minutes = Int(seed % 1600) - 800
      options.zone = { _ in ZoneOffset(seconds: minutes * 60, abbreviation: "X") }
      let (bytes, _) = try writing(try Profile(columns), with: RawWriter(), options)
      #expect(try reading(bytes, with: RawReader()).0.columns.timeNanos == columns.timeNanos, "\(text(bytes))")
    }
  }

  @Test("comes back from every damage", arguments: ["everything", "labels", "drop-frames-applied", "sparse-huge-ids"])
  func damage(name: String) throws {
    let bytes = try Fixture.named("raw/valid/synthetic-\(name).in").bytes
    let counts = bothering(RawReader(), with: bytes)
    #expect(counts.read > 0 && counts.refused > 0)
    for size in [1, 7, 64] {
      let pieces = try reading(bytes, inPiecesOf: size, with: RawReader())
      #expect(ProfileProto.encode(pieces) == ProfileProto.encode(try reading(bytes, with: RawReader()).0))
    }
  }
}

extension [UInt8] {
  /// Go's text can say `bytes:[0]`, of a heap record that is all zeros; profile.proto, and so pprof of a protobuf, cannot.
  fileprivate var withoutZeroBytes: [UInt8] {
    Array(
      split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).filter { line in
        !line.elementsEqual("                bytes:[0]".utf8)
      }.joined(separator: [UInt8(ascii: "\n")]))
  }
}
