import Foundation
import ProfileModel
import TestSupport
import Testing

@testable import ProfileFormats

/// A second thread changes nothing of what is read: not the tables and their order, not a word of what is odd or wrong.
@Suite struct HeapTextHelperTests {
  private struct Outcome: Equatable {
    var encoded: [UInt8] = []
    var strings: [UInt8] = []
    var diagnostics: [Diagnostic] = []
    var counts: [String] = []
    var error: ProfileError?
  }

  /// Reads a text that comes in pieces of `size` bytes.
  private func read(_ text: [UInt8], pieces size: Int, sharedBehind: Int) -> Outcome {
    var options = ReadOptions()
    options.sharedBehind = sharedBehind
    var at = 0
    var source = ByteSource { () throws(ProfileError) in
      let end = min(text.count, at + size)
      defer { at = end }
      return Array(text[at..<end])
    }
    var outcome = Outcome()
    var diagnostics = Diagnostics()
    do throws(ProfileError) {
      let profile = try Debug1Reader().read(&source, options: options, diagnostics: &diagnostics)
      outcome.encoded = ProfileProto.encode(profile)
      outcome.strings = profile.columns.strings.bytes
    } catch {
      outcome.error = error
    }
    outcome.diagnostics = diagnostics.items
    outcome.counts = diagnostics.counts.map { "\($0.kind) \($0.count)" }
    return outcome
  }

  private func expectSame(_ text: [UInt8]) {
    for size in [1 << 12, 1 << 14, 1 << 17] {
      #expect(read(text, pieces: size, sharedBehind: 0) == read(text, pieces: size, sharedBehind: .max))
    }
  }

  @Test(arguments: try Fixture.all("debug1/valid") + Fixture.all("debug1/invalid"))
  func `two threads read what one reads`(fixture: Fixture) throws { expectSame(try fixture.bytes) }

  /// The first record of the fixture with frames, with numbers of its own for each `i`.
  private func longText(_ inserted: (at: Int, line: String)? = nil) throws -> [UInt8] {
    let fixture = try String(decoding: Fixture.named("debug1/valid/go1.27-default-heap.in").bytes, as: UTF8.self)
    let parts = fixture.components(separatedBy: "\n\n").map { $0 + "\n\n" }
    let header = parts[0].prefix { $0 != "\n" } + "\n"
    let records = [String(parts[0].dropFirst(header.count))] + parts[1...].filter { $0.contains("] @ 0x") }
    var text = String(header)
    for i in 0..<400 {
      if let inserted, inserted.at == i { text += inserted.line }
      // New pcs, names and stacks all the time, and again known ones.
      text += records[i % records.count].replacing("main.", with: "main\(i / 50).").replacing(
        " 0x", with: " 0x\(i / 30)")
    }
    return Array(text.utf8)
  }

  @Test func `a long text is shared, and comes out the same`() throws {
    let text = try longText()
    expectSame(text)

    // Seen from inside: the helper has read most of it.
    var at = 0
    var source = ByteSource { () throws(ProfileError) in
      let end = min(text.count, at + 1 << 14)
      defer { at = end }
      return Array(text[at..<end])
    }
    var input = TextInput(maxLine: 1 << 20)
    _ = try input.advance(&source)
    let newline = TextBytes.newline(in: input.buffer.span, from: 0)
    let end = try #require(newline)
    let line = TextBytes.copy(input.buffer.span, 0..<end)
    input.position = end + 1
    let found = HeapTextHeader(line.span)
    let header = try #require(found)
    var parser = HeapTextParser(header, headerLine: line, firstLine: line.span, isGrouped: false, maxLine: 1 << 20)
    var diagnostics = Diagnostics()
    input.position = try parser.parse(input.buffer.span, from: input.position, diagnostics: &diagnostics)
    let before = parser.stacks.builder.columns.sampleCount
    try HeapTextHelper.share(&parser, &input, &source, &diagnostics)
    #expect(parser.stacks.builder.columns.sampleCount > before + 300)
  }

  @Test(
    arguments: [3, 111, 200, 399],
    [
      "2: 32 [\n", "99999999999999999999: 32 [3: 48] @ 0x10\n\n", "# odd\n", "heap profile: 1: 1 [1: 1] @ heap/2\n",
      "MAPPED_LIBRARIES:\n", "1: 16 [1: 16] @ 0x10 0xAB\n", "\n \n\n",
    ])
  func `what is odd is told at its line`(at: Int, line: String) throws { expectSame(try longText((at, line))) }
}
