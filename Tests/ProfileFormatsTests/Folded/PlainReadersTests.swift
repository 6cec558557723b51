import ProfileFormats
import ProfileModel
import TestSupport
import Testing

/// What flamegraph.pl and inferno make of a line, told by rules in our words.
///
/// Compared by hand with their sources: inferno's `src/flamegraph/merge.rs` (LineParser, parse_nsamples, rfind_samples) at
/// commit 00586a49, and flamegraph.pl at FlameGraph's commit 41fee1f, which was run too, over the plain form of
/// `command/heap.pb.gz` (alloc_space: `all (498,326,835 samples, 100%)`, no line ignored), of
/// `folded/valid/synthetic-escapes.in`, and over the lines of ``PlainReadersTests/lines``: it ignored the three that
/// stand there as ignored. inferno was not run; it is read from its source.
private struct PlainLine: Equatable {
  var frames: [String]
  var count: UInt64
  /// The value before it, of a differential text.
  var before: UInt64?

  /// inferno: white space around the line does not count; behind the last blank must stand digits, perhaps with one point,
  /// the fraction of which is dropped; the same once more makes a differential line; what is left is split at `;`. nil: the
  /// line is ignored.
  static func inferno(_ line: String) -> PlainLine? {
    var rest = Substring(line).trimmed
    guard let count = number(&rest) else { return nil }
    let before = number(&rest)
    if rest.isEmpty { return nil }
    return PlainLine(
      frames: rest.split(separator: ";", omittingEmptySubsequences: false).map(String.init), count: count,
      before: before)
  }

  private static func number(_ rest: inout Substring) -> UInt64? {
    guard let blank = rest.lastIndex(of: " ") else { return nil }
    let word = rest[rest.index(after: blank)...]
    let parts = word.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isNumber } }), let whole = UInt64(parts[0]) else {
      return nil
    }
    rest = rest[..<blank].trimmed
    return whole
  }

  /// flamegraph.pl: digits, perhaps with a point and more digits, at the very end and behind white space, that of ASCII.
  static func perl(_ line: String) -> (stack: String, count: String)? {
    guard let match = line.wholeMatch(of: /(.*)[\t-\r ]+?([0-9]+(?:\.[0-9]*)?)/) else { return nil }
    return (String(match.1), String(match.2))
  }
}

extension Substring {
  fileprivate var trimmed: Substring {
    var text = self
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }
}

@Suite struct PlainReadersTests {
  private func plain(_ profile: Profile) throws -> (lines: [String], losses: LossReport) {
    var options = WriteOptions()
    options.sampleType = 0
    let (bytes, losses) = try writing(profile, with: FoldedWriter(), options)
    return (text(bytes).split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init), losses)
  }

  /// How many frames each sample has, and its first value.
  private func expected(_ profile: Profile) -> [(frames: Int, value: Int64)] {
    let c = profile.columns
    return (0..<c.sampleCount).map { i in
      let frames = c.stackLocations[c.stackRange(c.sampleStacks[i])].reduce(0) { $0 + max(1, c.lineRange($1).count) }
      return (frames, c.values[c.valueRange(i).lowerBound])
    }
  }

  private func check(_ profile: Profile) throws {
    let (lines, losses) = try plain(profile)
    let expected = expected(profile)
    try #require(lines.count == expected.count)
    var passedOver = 0
    for (line, (frames, value)) in zip(lines, expected) {
      guard value >= 0, frames > 0 else {
        #expect(PlainLine.inferno(line) == nil)
        passedOver += 1
        continue
      }
      let theirs = try #require(PlainLine.inferno(line), "\(line)")
      #expect(theirs.before == nil && theirs.count == UInt64(value) && theirs.frames.count == frames, "\(line)")
      let perl = try #require(PlainLine.perl(line), "\(line)")
      #expect(UInt64(perl.count) == UInt64(value), "\(line)")
      #expect(PlainLine.perl(perl.stack) == nil, "two columns: \(line)")
    }
    // What they pass over is said.
    #expect(losses.notes.isEmpty == (passedOver == 0))
  }

  @Test(
    "inferno and flamegraph.pl take every line of the plain form, frame for frame",
    arguments: try Fixture.all("pb/valid"))
  func fixtures(fixture: Fixture) throws {
    let profile = try decode(try inflated(fixture))
    if profile.columns.sampleTypes.isEmpty { return }
    try check(profile)
  }

  @Test("so they do with names that look like values")
  func names() throws {
    let names = [
      "f 12", "f 1.5", "f 5.", "f -3", "f ", "f  7 ", "f\t7", "a;b", "f 99999999999999999999", " f", "12", "1.5", "# f",
      "f .",
      "f 1 2 3", "0x12", "é ü 7", "f\n7", "struct { A int; B string } 4", "f\u{a0}9", "f\u{3000}9", "f 1e5", "f 0x1f",
    ]
    var builder = ProfileBuilder(sampleTypes: [("n", "count")])
    for first in names {
      let leaf = builder.location(function: first)
      builder.add(stack: [leaf], values: [Int64(names.count)])
      for second in names { builder.add(stack: [builder.location(function: second), leaf], values: [7]) }
    }
    builder.add(stack: [builder.location(function: "largest")], values: [.max])
    try check(try builder.finish())
  }

  /// A line; what inferno reads; what flamegraph.pl counts; what we read. nil: they ignore it, and we refuse it.
  private static let lines: [(line: String, inferno: PlainLine?, perl: String?, ours: String?)] = [
    ("a;b 10 5", PlainLine(frames: ["a", "b"], count: 5, before: 10), "5", "a;b 10 5"),
    ("a;b 3  ", PlainLine(frames: ["a", "b"], count: 3), nil, "a;b 3"),
    ("a;c 5.", PlainLine(frames: ["a", "c"], count: 5), "5.", "a;c 5"),
    // We round; inferno cuts, flamegraph.pl adds fractions up.
    ("a;d 1.75", PlainLine(frames: ["a", "d"], count: 1), "1.75", "a;d 2"),
    ("a;;e 4", PlainLine(frames: ["a", "", "e"], count: 4), "4", "a;0x0;e 4"),
    ("a b c 7", PlainLine(frames: ["a b c"], count: 7), "7", "a b c 7"),
    // In a differential line what stands before the two numbers is a name.
    ("x 1 2 3", PlainLine(frames: ["x 1"], count: 3, before: 2), "3", "x\\x201 2 3"),
    ("a\t9", nil, "9", "a 9"),
    ("a;f -3", nil, nil, "a;f -3"),
    ("5", nil, nil, nil),
    ("a;b", nil, nil, nil),
    // flamegraph.pl counts it, as a number beyond 64 bits.
    ("a;g 99999999999999999999", nil, "99999999999999999999", nil),
  ]

  @Test("where they differ from each other and from us", arguments: 0..<lines.count)
  func table(_ i: Int) throws {
    let row = Self.lines[i]
    #expect(PlainLine.inferno(row.line) == row.inferno)
    #expect(PlainLine.perl(row.line)?.count == row.perl)
    guard let ours = row.ours else {
      #expect(throws: ProfileError.self) { try reading(row.line + "\n", with: FoldedReader()) }
      return
    }
    let (profile, _) = try reading(row.line + "\n", with: FoldedReader())
    let written = text(try writing(profile, with: FoldedWriter()).bytes)
    #expect(written.split(separator: "\n").last.map(String.init) == ours)
    // Both columns of a differential text are kept, under names that say which is which.
    let types = profile.columns.sampleTypes.map { profile.string($0.type) }
    #expect(types == (row.inferno?.before == nil ? ["samples"] : ["before", "after"]))
  }
}
