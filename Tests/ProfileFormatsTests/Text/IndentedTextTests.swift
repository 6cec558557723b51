import ProfileModel
import TestSupport
import Testing

@testable import ProfileFormats

/// Texts that went through a message, a README or a log on their way: what stands before them, and before their lines, changes
/// nothing of what they say.
@Suite struct IndentedTextTests {
  private static let fixtures = ((try? Fixture.all("pb/valid")) ?? []).filter { fixture in
    ((try? ValueTextTests.decode(fixture)).map { $0.sampleCount > 0 }) ?? false
  }

  private static func texts(_ profile: Profile, carry: Bool) -> [(reader: any ProfileReader, text: [UInt8])] {
    var options = WriteOptions()
    options.carry = carry
    let forms: [(any ProfileReader, any ProfileWriter)] = [
      (GroupedTextReader(), GroupedTextWriter()), (Debug1Reader(), Debug1Writer()),
    ]
    return forms.compactMap { reader, writer in
      var sink = ByteSink()
      do throws(ProfileError) { _ = try writer.write(profile, to: &sink, options: options) } catch { return nil }
      return (reader, sink.buffer)
    }
  }

  private static func indented(_ text: [UInt8], by indent: String) -> [UInt8] {
    text.split(separator: 10, omittingEmptySubsequences: false).map { $0.isEmpty ? [] : Array(indent.utf8) + $0 }
      .joined(separator: [10]).map { $0 }
  }

  @Test("an indented text is read as without, its block too", arguments: fixtures, ["    ", "\t", " \t "])
  func indented(fixture: Fixture, indent: String) throws {
    let profile = try ValueTextTests.decode(fixture)
    for carry in [false, true] {
      for (reader, text) in Self.texts(profile, carry: carry) {
        let (plain, said) = try reading(text, with: reader)
        let other = Self.indented(text, by: indent)
        #expect(reader.detect(other.span, isWhole: true) == .certain)
        #expect(reader.detect(Array(other.prefix(2000)).span, isWhole: false) != .no)
        let (back, alsoSaid) = try reading(other, with: reader)
        #expect(ProfileProto.encode(back) == ProfileProto.encode(plain), "\(reader.info.id)")
        #expect(alsoSaid.counts.map(\.kind) == said.counts.map(\.kind))
        #expect(ProfileProto.encode(try reading(other, inPiecesOf: 7, with: reader)) == ProfileProto.encode(plain))
      }
    }
  }

  @Test("grouped text that is no heap's may come behind lines", arguments: ValueTextTests.fixtures)
  func late(fixture: Fixture) throws {
    let text = try ValueTextTests.write(ValueTextTests.decode(fixture)).text
    let plain = try ValueTextTests.read(text)
    for before in ["\n", "\n  \n", "# a note\n", "\u{feff}\n# a note\n\n"] {
      let late = Array(before.utf8) + text
      #expect(GroupedTextReader().detect(late.span, isWhole: true) == .certain)
      #expect(Debug1Reader().detect(late.span, isWhole: true) == .no)
      let back = try reading(late, with: GroupedTextReader()).0
      if before.contains("#") {
        #expect(back.columns.comments.first.map(back.string) == "# a note")
        #expect(back.columns.values == plain.columns.values)
        #expect(back.columns.comments.dropFirst().map(back.string) == plain.columns.comments.map(plain.string))
        #expect(back.columns.timeNanos == plain.columns.timeNanos && back.columns.period == plain.columns.period)
      } else {
        #expect(ProfileProto.encode(back) == ProfileProto.encode(plain))
      }
    }
  }

  /// Every line end became a blank, or the two letters of a JSON string.
  @Test("a heap text that lost its line ends is no empty profile", arguments: [" ", "\\n", "\\r\\n"])
  func joined(end: String) throws {
    let text = try String(decoding: Fixture.named("debug1/valid/go1.27-default-heap.in").bytes, as: UTF8.self)
    let line =
      "{\"log\": \"" + text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: end) + "\"}\n"
    let error = try #require(throws: ProfileError.self) { _ = try reading(line, with: Debug1Reader()) }
    #expect(error.code == .malformed && error.message.contains("lost its line ends"))
    #expect(error.hint?.contains("jq -r") == true)
  }

  @Test("what stands behind a map and a block that fit is told", arguments: ["{\"a\": 1}\n", "curl: (56) reset\n"])
  func behindTheBlock(junk: String) throws {
    for name in ["go1.27-default-heap", "go1.27-default-mutex"] {
      let fixture = Fixture.named("pb/valid/\(name).in")
      var sink = ByteSink()
      _ = try Debug1Writer().write(ValueTextTests.decode(fixture), to: &sink, options: WriteOptions())
      #expect(try reading(sink.buffer, with: Debug1Reader()).1.counts.allSatisfy { $0.kind != "no-mappings" })
      let said = try reading(sink.buffer + Array(junk.utf8), with: Debug1Reader()).1
      #expect(said.counts.contains { $0.kind == "no-mappings" } && !said.losses.isEmpty)
    }
  }

  @Test(
    "a traceback behind a map is a second profile",
    arguments: ["goroutine 1 [running]:", "goroutine 7 gp=0xc0 m=3 mp=0x1 [idle]:"])
  func tracebackBehindTheMap(line: String) throws {
    let text = "goroutine profile: total 1\n1 @ 0x1\n\n--- Memory map: ---\n400000-4f5000: r-xp /a (@0)\n\(line)\n"
    let error = try #require(throws: ProfileError.self) { _ = try reading(text, with: Debug1Reader()) }
    #expect(error.message.contains("a second profile begins here"))
    // No map and no goroutine.
    _ = try reading(text.replacing(line, with: "goroutines [a]"), with: Debug1Reader())
  }
}
