import Foundation
import TestSupport
import Testing

/// What is read is never written over, whatever it is called, and no two outputs have one place.
@Suite struct OutputPlaceTests {
  let heap: Heap
  init() throws { heap = try Heap() }

  /// Runs a script, and sees that the heap is as it was, and that nothing is there beside what was before.
  private func refused(_ script: String) throws -> String {
    _ = try Command.shell(
      "ln -s heap.txt link.txt; ln -s link.txt second; ln heap.txt hard; ln -s . here; mkdir d; ln -s new to-new; mkfifo pipe",
      in: heap.url)
    let bytes = try heap.bytes("heap.txt")
    let names = try heap.names
    let result = try Command.shell(script, in: heap.url)
    #expect(result.status == 2)
    #expect(result.text == "")
    #expect(try heap.bytes("heap.txt") == bytes)
    #expect(try heap.names == names)
    return result.errors
  }

  @Test(
    "an output that is the input is refused under any name",
    arguments: ["heap.txt", "./heap.txt", "d/../heap.txt", "link.txt", "second", "hard", "here/heap.txt", "/dev/fd/7"])
  func sameFile(_ output: String) throws {
    let words = """
      \(output): error: this output is the input “heap.txt”, and nothing is written over what is read
        hint: name another file, and `mv` it over the input if that is meant

      """
    #expect(try refused("$P heap.txt -o text:\(output) 7<> heap.txt") == words)
    #expect(try refused("$P convert heap.txt -o new.pb -o text:\(output) 7<> heap.txt") == words)
    #expect(try refused("$P heap.txt --to text -o \(output) -q 7<> heap.txt") == words)
  }

  @Test(
    "every verb that writes refuses its own inputs",
    arguments: [
      "top", "tree", "traces", "tags", "comments", "raw", "dot", "callgrind", "topproto", "peek main", "list main",
      "flamegraph", "graph", "merge go.pb.gz", "top go.pb.gz", "merge --base=go.pb.gz", "flamegraph --to html",
      "top -base=go.pb.gz", "-top", "-peek=main",
    ])
  func everyVerb(_ verb: String) throws {
    let words = "./heap.txt: error: this output is the input “heap.txt”, and nothing is written over what is read\n"
    #expect(try refused("$P \(verb) heap.txt -o ./heap.txt").hasPrefix(words))
  }

  @Test(
    "a file that is subtracted is an input, too",
    arguments: ["go.pb.gz -base=heap.txt", "top go.pb.gz -diff_base=heap.txt", "flamegraph go.pb.gz --base heap.txt"])
  func bases(_ arguments: String) throws {
    #expect(
      try refused("$P \(arguments) -o link.txt").hasPrefix("link.txt: error: this output is the input “heap.txt”"))
  }

  @Test func `standard input and output are looked at, too`() throws {
    #expect(try refused("$P - -o text:hard < heap.txt").hasPrefix("hard: error: this output is the input “<stdin>”"))
    #expect(try refused("$P top -o hard < heap.txt").hasPrefix("hard: error: this output is the input “<stdin>”"))
    let appended = "<stdout>: error: standard output is “heap.txt”, and nothing is written over what is read\n"
    #expect(try refused("$P heap.txt --to text >> heap.txt").hasPrefix(appended))
    #expect(try refused("$P top heap.txt 1<> hard").hasPrefix(appended))
    let both =
      "<stdout>: error: standard output is the file that standard input reads, and nothing is written over what "
    #expect(try refused("$P - --to text 1<> heap.txt < heap.txt").hasPrefix(both))
    #expect(try refused("$P top >> hard < heap.txt").hasPrefix(both))
    // The shell was faster: there is nothing left to refuse.
    #expect(try Command.shell("$P top heap.txt > heap.txt", in: heap.url).errors.contains("the shell emptied it"))
  }

  @Test(
    "two outputs of one place are refused",
    arguments: [
      ("a", "./a"), ("a", "d/../a"), ("a", "here/a"), ("link.txt", "heap.txt"), ("hard", "./heap.txt"),
      ("to-new", "new"),
      ("/dev/stdout", "-"), ("-", "/dev/fd/1"), ("pipe", "./pipe"),
    ])
  func samePlace(_ first: String, _ second: String) throws {
    let name = first == "-" ? "<stdout>" : first
    #expect(
      try refused("$P go.pb.gz -o text:\(first) -o text:\(second)").hasSuffix(
        """
        : error: two outputs go to one place: this is “\(name)”, too
          hint: give each a name of its own

        """))
  }

  @Test("a name that is given twice is refused", arguments: ["a", "heap.txt", "-", "pipe"])
  func twice(_ name: String) throws {
    let words = """
      \(name == "-" ? "<stdout>" : name): error: two outputs go to one place: it is named twice
        hint: give each a name of its own

      """
    #expect(try refused("$P go.pb.gz -o text:\(name) -o raw:\(name)") == words)
    #expect(try refused("$P convert go.pb.gz --to text -o \(name) -o \(name)") == words)
    #expect(try refused("$P merge go.pb.gz --to text -o \(name) -o b -o \(name)") == words)
    #expect(try refused("$P go.pb.gz --check -o text:\(name) -o raw:\(name)") == words)
  }

  @Test(
    "a device takes any number of outputs, and --check any name",
    arguments: [
      "go.pb.gz -o text:/dev/null -o raw:/dev/null -q", "go.pb.gz --to text -o /dev/null -o /dev/null -q",
      "go.pb.gz -o text:/dev/null -o text:null -q", "heap.pb.gz --check -o heap.pb.gz",
    ])
  func devices(_ arguments: String) throws {
    let result = try Command.shell("ln -s /dev/null null; $P \(arguments)", in: heap.url)
    #expect(result.status == 0, "\(result.errors)")
  }
}
