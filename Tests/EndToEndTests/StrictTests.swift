import Foundation
import TestSupport
import Testing

/// `--strict` counts what was in the input and is not in what was read of it.
@Suite struct StrictTests {
  let heap: Heap
  init() throws { heap = try Heap() }

  private func debug1() throws -> [String] {
    #expect(try Command.run("heap.pb.gz", "-o", "debug1:carried.txt", in: heap.url).status == 0)
    return try String(decoding: heap.bytes("carried.txt"), as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  /// - Parameter message: what stands behind `error: `, at its beginning.
  private func expectRefused(_ name: String, _ message: String) throws {
    let names = try heap.names
    let strict = try Command.run(name, "--strict", "-o", "out.pb", in: heap.url)
    #expect(strict.status == 6)
    #expect(strict.errors.hasPrefix(name) && strict.errors.contains("error: " + message), "\(strict.errors)")
    #expect(strict.errors.hasSuffix("\n  hint: without --strict it is converted all the same, with a warning\n"))
    #expect(try heap.names == names)
    let lenient = try Command.run(name, "-o", "out.pb", in: heap.url)
    #expect(lenient.status == 0)
    #expect(lenient.errors.contains("warning: " + message), "\(lenient.errors)")
    try FileManager.default.removeItem(at: heap.folder.file("out.pb"))
  }

  @Test func aTextWhoseBlockWasEditedOrCutIsRefused() throws {
    var lines = try debug1()
    #expect(try Command.run("carried.txt", "--strict", "-o", "whole.pb", in: heap.url).status == 0)
    let block = try #require(lines.firstIndex { $0.hasPrefix("# pprofconv 1 ") })
    let record = try #require(lines.firstIndex { $0.hasPrefix("1: ") })
    var edited = lines
    edited[record] = "2: " + edited[record].dropFirst(3)
    try heap.write(edited.joined(separator: "\n"), to: "edited.txt")
    try expectRefused("edited.txt", "the text was edited since its # pprofconv block was written")
    lines.remove(at: block + 2)
    try heap.write(lines.joined(separator: "\n"), to: "cut-block.txt")
    try expectRefused("cut-block.txt", "the # pprofconv block is damaged")
  }

  @Test func aTextThatWasCutIsRefused() throws {
    try heap.bytes("heap.txt").prefix(5000).write(to: heap.folder.file("cut.txt"))
    try expectRefused("cut.txt", "the first line promises ")
  }

  @Test func aLocationWhoseMappingIsNotThereIsRefused() throws {
    let odd = Fixture.file("pb/valid/synthetic-unknown-mapping-id.in")
    try FileManager.default.copyItem(at: odd, to: heap.folder.file("odd.pb"))
    try expectRefused("odd.pb", "location[0] names a mapping that is not there")
  }

  @Test func whatAProfileHasNoPlaceForPasses() throws {
    for name in ["debug1/valid/go1.27-default-heap.in", "debug2/valid/go1.27-sigquit.in"] {
      let result = try Command.run(Fixture.file(name).path, "--strict", "-o", "out.pb", in: heap.url)
      #expect(result.status == 0)
      #expect(result.errors.contains("+0x"), "\(result.errors)")
    }
  }

  @Test func theOtherInputsOfAMergeCountAndSoDoesWhatItLeavesOut() throws {
    try heap.bytes("heap.txt").prefix(5000).write(to: heap.folder.file("cut.txt"))
    let cut = try Command.run("merge", "heap.pb.gz", "cut.txt", "--strict", "-o", "sum.pb", in: heap.url)
    #expect(cut.status == 6)
    #expect(cut.errors.hasPrefix("cut.txt:1: error: the first line promises "))
    let unknown = Fixture.file("pb/valid/synthetic-unknown-fields.in").path
    for verb in [["merge", unknown, unknown], ["--compact", unknown]] {
      let left = try Command.run(verb + ["--strict", "-o", "sum.pb"], in: heap.url)
      #expect(left.status == 6)
      #expect(left.errors.contains("error: unknown fields of "), "\(left.errors)")
      #expect(try Command.run(verb + ["-o", "sum.pb"], in: heap.url).status == 0)
      try FileManager.default.removeItem(at: heap.folder.file("sum.pb"))
    }
  }

  // MARK: Lines of grouped text that people edit

  private func grouped(_ change: (String) -> String) throws -> Subprocess.Result {
    let text = try String(decoding: Command.run("heap.pb.gz", in: heap.url).output, as: UTF8.self)
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let at = try #require(lines.firstIndex { $0.hasPrefix("# unsampled: ") })
    #expect(at == 9)
    lines[at] = change(lines[at])
    try heap.write(lines.joined(separator: "\n"), to: "grouped.txt")
    return try Command.run("grouped.txt", "-o", "out.pb", in: heap.url)
  }

  @Test func theLineThatIsToBeEditedCountsAndATypoInItIsAnError() throws {
    #expect(try grouped { _ in "# unsampled: 5: 5000 [5: 5000]" }.status == 0)
    #expect(try String(decoding: Command.run("raw", "out.pb", in: heap.url).output, as: UTF8.self).contains("5000"))
    for (line, error) in [
      ("# unsampled: x: 5000 [5: 5000]", "14: error: no values: they are"),
      ("# unsampled: 5 5000", "14: error: no values: they are"),
      ("# unsampled 5: 5000 [5: 5000]", "14: error: no values: they are"),
      ("# unsampled:", "13: error: no values: they are"),
      ("# unsampled: 5: 12345678901234567890 [5: 5000]", "17: error: a number takes more than 64 bits"),
    ] {
      let result = try grouped { _ in line }
      #expect(result.status == 3)
      #expect(result.errors.hasPrefix("grouped.txt:10:" + error), "\(line): \(result.errors)")
      #expect(result.errors.contains("\n  " + line + "\n"))
    }
  }

  @Test func labelsThatCannotBeReadAreAnError() throws {
    let result = try grouped { $0 + "\n# labels: {\"size\":}" }
    #expect(result.status == 3)
    #expect(result.errors.hasPrefix("grouped.txt:11:12: error: no labels: they are"), "\(result.errors)")
  }
}
