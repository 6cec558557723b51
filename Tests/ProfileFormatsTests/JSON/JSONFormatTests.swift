import Foundation
import ProfileFormats
import ProfileModel
import TestSupport
import Testing

@Suite struct JSONFormatTests {
  private func json(_ profile: Profile) throws -> [UInt8] {
    let (bytes, losses) = try writing(profile, with: JSONWriter())
    #expect(losses.isEmpty)
    return bytes
  }

  private func profile(_ text: String) throws -> (Profile, Diagnostics) { try reading(text, with: JSONReader()) }

  /// Runs a program of Python on one file a line of its standard input; the venv has jsonschema.
  private func python(_ script: String, _ files: [[UInt8]]) throws -> [String] {
    let folder = try TemporaryFolder()
    var names = ""
    for (i, bytes) in files.enumerated() {
      try Data(bytes).write(to: folder.file("\(i)"))
      names += folder.file("\(i)").path + "\n"
    }
    let result = try Subprocess.run(
      Repository.root.appending(path: ".build/pprof/venv/bin/python"), ["-c", script], input: Data(names.utf8))
    try #require(result.status == 0, "\(result.errors)")
    return result.text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
  }

  @Test("a protobuf comes back from JSON byte for byte", arguments: try Fixture.all("pb/valid"))
  func fixtures(fixture: Fixture) throws {
    let profile = try decode(try inflated(fixture))
    let text = try json(profile)
    #expect(JSONReader().detect(text.span, isWhole: true) == .certain)
    let (again, diagnostics) = try reading(text, with: JSONReader())
    #expect(diagnostics.isEmpty)
    #expect(ProfileProto.encode(again) == ProfileProto.encode(profile))
    #expect(try json(again) == text)
  }

  @Test("so do random profiles, with unknown fields and bytes that are not UTF-8", arguments: [false, true])
  func random(unknownFields: Bool) throws {
    for seed in 0..<400 as Range<UInt64> {
      var random = RandomProfile(seed: seed)
      var wire = RandomWire(seed: seed)
      let profile = try decode(wire.bytes(random.plain(unknownFields: unknownFields)))
      let text = try json(profile)
      let (again, diagnostics) = try reading(text, with: JSONReader())
      try #require(ProfileProto.encode(again) == ProfileProto.encode(profile), "seed \(seed)")
      try #require(diagnostics.isEmpty, "seed \(seed)")
    }
  }

  @Test("what is written is valid by the published schema, to the validator of Python")
  func schema() throws {
    var files: [[UInt8]] = []
    for fixture in try Fixture.all("pb/valid") { files.append(try json(try decode(try inflated(fixture)))) }
    for fixture in try Fixture.all("json/valid") { files.append(try fixture.bytes) }
    for seed in 0..<40 as Range<UInt64> {
      var random = RandomProfile(seed: seed)
      var wire = RandomWire(seed: seed)
      files.append(try json(try decode(wire.bytes(random.plain(unknownFields: seed % 2 == 0)))))
    }
    let broken = Array("{\"pprofconv\": 1, \"sample_types\": [{\"typ\": \"a\"}], \"samples\": []}".utf8)
    let path = Repository.root.appending(path: "Sources/ProfileFormats/JSON/profile.schema.json").path
    let answers = try python(
      """
      import json, sys, jsonschema
      schema = json.load(open("\(path)"))
      jsonschema.Draft202012Validator.check_schema(schema)
      validator = jsonschema.Draft202012Validator(schema)
      for name in sys.stdin.read().split():
          errors = [e.json_path + ": " + e.message[:200] for e in validator.iter_errors(json.load(open(name, "rb")))]
          print("; ".join(errors).replace("\\n", " "))
      """, files + [broken])
    #expect(answers.dropLast().filter { !$0.isEmpty } == [])
    #expect(answers.last?.contains("typ") == true)
  }

  @Test("Python reads the same numbers and, with surrogateescape, the same bytes")
  func python() throws {
    var builder = ProfileBuilder(sampleTypes: [("a", "b")])
    let odd: [UInt8] =
      Array("é\u{1f600}\"\\\n\t\u{1}\u{7f}/\u{2028}".utf8) + [
        0xff, 0xc3, 0x28, 0xed, 0xb0, 0x80, 0xf4, 0x90, 0x80, 0x80,
      ]
    builder.columns.comments = [builder.string(odd.span)]
    builder.add(stack: [LocationIndex](), values: [.min])
    builder.add(stack: [LocationIndex](), values: [.max])
    let bytes = try json(try builder.finish())
    let answers = try python(
      """
      import json, sys
      for name in sys.stdin.read().split():
          profile = json.load(open(name, encoding="utf-8"))
          print([s["values"] for s in profile["samples"]])
          print(profile["comments"][0].encode("utf-8", "surrogateescape").hex())
      """, [bytes])
    #expect(
      answers == [
        "[[-9223372036854775808], [9223372036854775807]]",
        odd.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(),
      ])
    let (again, _) = try reading(bytes, with: JSONReader())
    #expect(again.columns.comments.map { Array(again.columns.strings.bytes[again.columns.strings.range($0)]) } == [odd])
  }

  @Test(
    "members may stand in any order, and numbers be written anyhow",
    arguments: ["go1.27-default-heap", "synthetic-everything", "synthetic-sparse-huge-ids"])
  func order(name: String) throws {
    let profile = try decode(try inflated(Fixture.named("pb/valid/\(name).in")))
    let sorted = try python(
      """
      import json, sys
      for name in sys.stdin.read().split():
          print(json.dumps(json.load(open(name)), sort_keys=True))
      """, [try json(profile)])
    #expect(JSONReader().detect(Array(sorted[0].utf8).span, isWhole: true) == .possible)
    #expect(ProfileProto.encode(try self.profile(sorted[0]).0) == ProfileProto.encode(profile))
  }

  @Test("a string that stands twice in the table keeps its place")
  func twins() throws {
    var columns = ProfileColumns()
    for text in ["a", "a", ""] { columns.strings.append(text) }
    columns.docURL = StringIndex(1)
    columns.defaultSampleType = StringIndex(2)
    columns.dropFrames = StringIndex(3)
    columns.unknownFields.append([0x80, 0x02, 0x07], to: .profile)
    let profile = try Profile(columns)
    let (again, _) = try reading(try json(profile), with: JSONReader())
    #expect(ProfileProto.encode(again) == ProfileProto.encode(profile))
    #expect(again.columns.defaultSampleType == StringIndex(2) && again.columns.dropFrames == StringIndex(3))
  }

  @Test("a sample, a location and a function a line", arguments: try Fixture.all("json/valid"))
  func layout(fixture: Fixture) throws {
    let bytes = try fixture.bytes
    #expect(text(try json(try reading(bytes, with: JSONReader()).0)) == text(bytes))
  }

  @Test("refuses what is no such JSON, with words", arguments: try Fixture.all("json/invalid"))
  func invalid(fixture: Fixture) throws {
    let error = #expect(throws: ProfileError.self) { try reading(try fixture.bytes, with: JSONReader()) }
    #expect(error.map { "\($0)\n" } == (try fixture.beside("error")))
  }

  @Test("JSON of another program is told which schema is meant")
  func otherSchema() {
    let error = #expect(throws: ProfileError.self) { try profile("{\"samples\": []}") }
    #expect(error?.code == .unknownFormat && error?.hint == "its schema is profile.schema.json of pprofconv")
  }

  @Test("says which members it does not know")
  func unknownMembers() throws {
    let (profile, diagnostics) = try profile(
      "{\"pprofconv\": 1, \"sample_types\": [{\"type\": \"a\", \"more\": {\"x\": [1, {}, null, \"]\"]}}], \"samples\": [], \"extra\": -1.5e3}"
    )
    #expect(diagnostics.count(of: "unknown-member") == 2)
    #expect(profile.columns.sampleTypes.count == 1)
  }

  @Test(
    "numbers are whole and of 64 bits",
    arguments: [
      ("1e3", 1000), ("-2.50E1", -25), ("9223372036854775807", .max), ("-9223372036854775808", .min),
      ("1.6e18", 1_600_000_000_000_000_000),
    ])
  func numbers(text: String, value: Int64) throws {
    #expect(try profile("{\"pprofconv\": 1, \"period\": \(text)}").0.columns.period == value)
  }

  @Test(
    "other numbers are refused",
    arguments: ["1.5", "9223372036854775808", "1e19", "--1", "\"1\"", "nan", "-", "1e", "0x10"])
  func badNumbers(text: String) {
    #expect(throws: ProfileError.self) { try profile("{\"pprofconv\": 1, \"period\": \(text)}") }
  }

  @Test("a hundred thousand open brackets are refused, not followed")
  func depth() throws {
    for open in ["[", "{\"a\":", "[{\"a\":"] {
      let text = "{\"pprofconv\": 1, \"x\": " + String(repeating: open, count: 100_000)
      let error = #expect(throws: ProfileError.self) { try profile(text) }
      #expect(error?.code == .limit)
    }
  }

  @Test("an error behind the start of its row shows no more of a long line than a terminal does")
  func oneLine() throws {
    let head = "{\"pprofconv\": 1, \"samples\": ["
    let good = "{\"values\": [1]},"
    let bad = "{\"values\": [1, 2]}, "
    for rows in [1, 40, 20_000] {
      let line = head + String(repeating: good, count: rows) + bad
      let error = #expect(throws: ProfileError.self) { try profile(line + "{}]}\n") }
      guard case .line(1, let column, let text)? = error?.place else {
        Issue.record("no place")
        continue
      }
      #expect(column == head.utf8.count + rows * good.utf8.count + 1)
      #expect(text == (rows > 40 ? nil : line + "{}]}"))
    }
  }

  @Test("knows its own by the first member, and asks for more of a beginning")
  func detection() {
    func detect(_ text: String, isWhole: Bool) -> Detection {
      JSONReader().detect(Array(text.utf8).span, isWhole: isWhole)
    }
    #expect(detect("{\n  \"pprofconv\" : 1, \"sa", isWhole: false) == .certain)
    #expect(detect("\u{feff}{\"pprofconv\": 1}", isWhole: true) == .certain)
    #expect(detect("{\n  \"pp", isWhole: false) == .needMore)
    #expect(detect("{\n  \"pp", isWhole: true) == .no)
    #expect(detect("{\"nodes\": [], \"callFrame\": 1}", isWhole: false) == .no)
    #expect(detect("[1]", isWhole: true) == .no)
  }

  @Test("comes back from every damage", arguments: ["labels", "unknown-fields"])
  func damage(name: String) throws {
    let bytes = try Fixture.named("json/valid/synthetic-\(name).in").bytes
    let counts = bothering(JSONReader(), with: bytes)
    #expect(counts.read > 0 && counts.refused > 0)
    for size in [1, 5, 64] {
      let pieces = try reading(bytes, inPiecesOf: size, with: JSONReader())
      #expect(ProfileProto.encode(pieces) == ProfileProto.encode(try reading(bytes, with: JSONReader()).0))
    }
  }

  @Test("JSON on one line is JSON, whatever heap's header a comment or a name holds")
  func heapHeaderInside() throws {
    for text in [
      "heap profile: 1: 2 [3: 4] @ heap/5", "--- contention:", "see heap profile: 1: 2 [3: 4] @ heapprofile",
    ] {
      var builder = ProfileBuilder(sampleTypes: [("samples", "count")])
      builder.add(stack: [builder.location(function: text, file: "a.go", line: 1)], values: [1])
      builder.columns.comments = [builder.string(text)]
      let profile = try builder.finish()
      let bytes = try writing(profile, with: JSONWriter()).bytes.filter { $0 != 10 }
      let certain = Catalogue.readers.first { $0.detect(bytes.span, isWhole: true) == .certain }
      #expect(certain?.info.id.rawValue == "json")
    }
  }
}
