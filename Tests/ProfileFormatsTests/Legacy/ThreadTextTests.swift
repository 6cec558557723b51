import ProfileModel
import TestSupport
import Testing

@testable import ProfileFormats

@Suite struct ThreadTextTests {
  private func profile(_ threads: String, map: String = "--- Memory map: ---\n") throws -> (Profile, Diagnostics) {
    try reading("--- threadz 1 ---\n" + threads + map, with: GperftoolsThreadReader())
  }

  private func names(_ profile: Profile) -> [String] {
    profile.columns.locations.indices.map { i in
      let lines = profile.columns.lines[profile.columns.lineRange(LocationIndex(i))]
      return lines.map { profile.string(profile.columns.functions[$0.function.position].name) }.joined(separator: "+")
    }
  }

  @Test func `functions are named, and threads in comments`() throws {
    let read = try profile(
      """
      --- Thread 7f01 (name: a (b)/c/12) stack: ---
        PC: 0x10: f(int, char const*)
        0x21: g<0>::h
        0x31
        0x41   (unknown)
      --- Thread 7f02 (name: /13) stack: ---
        [same as previous thread]
      ---- no stack trace for 14

      """
    ).0
    #expect(read.columns.values == [2])
    #expect(names(read) == ["f(int, char const*)", "g<0>::h", "", ""])
    #expect(
      read.columns.comments.map(read.string) == [
        "# thread 7f01 a (b)/c/12: sample 0", "# thread 7f02 /13: sample 0", "# ---- no stack trace for 14",
      ])
  }

  @Test func `a thread without a stack is a sample of its own`() throws {
    let (read, diagnostics) = try profile(
      """
      --- Thread 7f01 (name: a/12) stack: ---
        0x10
      --- Thread 7f02 (name: b/13) stack: ---
      --- Thread 7f03 (name: c/14) stack: ---
        [same as previous thread]

      """)
    #expect(read.columns.values == [1, 2])
    #expect(read.columns.stackRange(read.columns.sampleStacks[1]).isEmpty)
    #expect(diagnostics.count(of: "empty-thread") == 1)
  }

  @Test func `lines that are none of a thread become comments, or are counted`() throws {
    let (read, diagnostics) = try profile(
      """
      some words
      # host: a

      --- Thread 7f01 (name: main/12) stack: ---
        # state: blocked
        [unwinder failed here]
        PC: 0x10: helper(arg *)
        # 0x21
      --- Thread 7f02 (name: w/13) stack: ---
        [same as previous thread]
        0x41: other
        0x51: another

      """)
    #expect(read.columns.values == [2])
    #expect(read.columns.locations.map(\.address) == [0x10, 0x20])
    #expect(
      read.columns.comments.map(read.string) == [
        "# some words", "# host: a", "# state: blocked", "# thread 7f01 main/12: sample 0",
        "# thread 7f02 w/13: sample 0",
      ])
    #expect(
      diagnostics.items.map(\.message) == [
        "of the threads 1 lines without an address and 2 addresses beside `[same as previous thread]` are not kept, as in pprof"
      ])
  }

  @Test func `a text as servers print it is read without a word`() throws {
    for fixture in try Fixture.all("gperftools-threads/valid") {
      #expect(try reading(fixture.bytes, with: GperftoolsThreadReader()).1.count(of: "thread-text-not-kept") == 0)
    }
  }

  @Test
  func `of many beginnings of a thread in a line the first counts that ends, and many that do not end take no time`()
    throws
  {
    let begin = "--- Thread 1 (name: "
    for end in ["", "/12) stack: -", "12) stack: ---", String(repeating: ") stack: ---", count: 100)] {
      let ratio = try Growth.ratio(from: 2500) { count in
        let bytes = Array((String(repeating: begin, count: count) + end).utf8)
        return { #expect(GperftoolsThreadReader().detect(bytes.span, isWhole: true) == .no) }
      }
      #expect(ratio < Growth.inProportion)
    }
    #expect(GperftoolsThreadReader().detect(Array("--- /1) stack: ---\(begin)c\n".utf8).span, isWhole: true) == .no)
    let (read, _) = try profile(begin + "a/1) stack: --- " + begin + "b/2) stack: --- " + begin + "c\n0x10\n")
    #expect(read.columns.comments.map(read.string) == ["# thread 1 a/1) stack: --- \(begin)b/2: sample 0"])
  }

  @Test func `a leaf that stands twice keeps the names of the others`() throws {
    let read = try profile(
      "--- Thread 7f01 (name: a/12) stack: ---\nPC: 0x10: f\n0x10: f\n0x21: g\n0x31: main\n"
    ).0
    #expect(read.columns.locations.map(\.address) == [0x10, 0x20, 0x30])
    #expect(names(read) == ["f", "g", "main"])
  }

  @Test func `a text without its memory map is read, with a word`() throws {
    let (read, diagnostics) = try profile("--- Thread 7f01 (name: a/12) stack: ---\n 0x10\n", map: "")
    #expect(read.columns.values == [1])
    #expect(diagnostics.count(of: "no-memory-map") == 1)
  }
}
