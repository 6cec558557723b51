import Foundation
import TestSupport
import Testing

/// Links in the output directory, and links into it.
@Suite struct BatchLinkTests {
  let tree: BatchTree

  init() throws {
    tree = try BatchTree()
    try tree.put("in/a/heap.pb.gz")
    try tree.put("in/b/heap.pb.gz", "pb/valid/go1.27-default-cpu.in")
  }

  private func run(_ more: String...) throws -> Subprocess.Result {
    try Command.run(["batch", "-r", "in", "--to", "text", "--output-dir", "out"] + more, in: tree.url)
  }

  @Test(arguments: [
    "mkdir -p out/real; ln -s real out/a; ln -s real out/b",
    "mkdir -p out/a out/b; ln -s ../kept out/a/heap.txt; ln -s ../kept out/b/heap.txt",
    "mkdir -p out/a; ln -s a out/b; ln -s ../a/heap.txt out/a/other",
    "mkdir -p out/b; ln -s b out/a; echo mine > out/b/other",
  ]) func noTwoOutputsGetOnePlace(_ script: String) throws {
    _ = try tree.shell(script)
    for flag in ["-f", "-n"] {
      let result = try run(flag)
      #expect(result.status == 2)
      #expect(result.errors == "out/b/heap.txt: error: it and “out/a/heap.txt” are one file, by a link\n")
    }
    #expect(try !tree.files().contains { $0.hasPrefix("real/") || $0 == "kept" })
  }

  @Test(arguments: [
    "mkdir out; ln -s ../in/b out/a", "mkdir -p out/a; ln -s ../../in/new.txt out/a/heap.txt",
    "mkdir -p out/a; ln -s ../../in/b/heap.pb.gz out/a/heap.txt",
  ]) func noOutputGetsIntoWhatIsRead(_ script: String) throws {
    let before = try tree.hash("in")
    _ = try tree.shell(script)
    let result = try run("-f")
    #expect(result.status == 2)
    #expect(result.errors.hasPrefix("out/a/heap.txt: error: "), "\(result.errors)")
    #expect(try tree.hash("in") == before)
  }

  /// A link elsewhere is where the output is wanted.
  @Test func aLinkOutOfTheOutputDirectoryIsFollowed() throws {
    _ = try tree.shell("mkdir -p out large; ln -s ../large out/a; mkdir out/b; ln -s ../../cpu.txt out/b/heap.txt")
    #expect(try run().status == 0)
    #expect(try tree.files("large") == ["heap.txt"])
    #expect(
      try tree.shell("head -c 15 cpu.txt; readlink out/a out/b/heap.txt").text
        == "samples profile../large\n../../cpu.txt\n")
  }

  /// As rdfind and the like make them. A rename takes one name, and leaves the other.
  @Test func outputsThatSomebodyMadeOneFileBecomeTwoAgain() throws {
    try tree.put("in/c/heap.pb.gz")
    #expect(try run("--manifest", "m").status == 0)
    _ = try tree.shell(
      "cmp out/a/heap.txt out/c/heap.txt && ln -f out/a/heap.txt out/c/heap.txt; cp out/a/heap.txt kept")
    _ = try tree.shell("cp in/b/heap.pb.gz in/c/heap.pb.gz")
    #expect(try run("--manifest", "m").status == 0)
    #expect(try tree.shell("cmp out/a/heap.txt kept && cmp out/c/heap.txt out/b/heap.txt").status == 0)
  }

  @Test func anEarlierOutputThatBecameALinkIsNobodysToReplace() throws {
    // One that is intact says that the manifest is of this directory.
    try tree.put("in/c/heap.pb.gz")
    #expect(try run("--manifest", "m").status == 0)
    _ = try tree.shell("mkdir kept; echo mine | tee kept/one > kept/heap.txt; rm -r out/a/heap.txt out/b")
    _ = try tree.shell("ln -s ../../kept/one out/a/heap.txt; ln -s ../kept out/b")
    let result = try run("--manifest", "m")
    #expect(result.status == 5)
    #expect(result.errors.contains("out/a/heap.txt: error: it exists already, as another output does\n"))
    #expect(try tree.shell("cat kept/*").text == "mine\nmine\n")
    // What is behind a directory's link as it was written is ours all the same.
    _ = try tree.shell("rm out/a/heap.txt kept/*; $P in/b/heap.pb.gz -q -o kept/heap.txt; cp in/a/heap.pb.gz in/b/")
    #expect(try run("--manifest", "m").status == 0)
    #expect(try tree.shell("cmp kept/heap.txt out/a/heap.txt").status == 0)
  }

  @Test func outputsAreNotReadThroughLinksEither() throws {
    _ = try tree.shell("mkdir -p out/sub; cp in/b/heap.pb.gz out/sub/x.pb.gz; ln -s ../out/sub in/link")
    #expect(BatchTree.words(try run("--follow", "-q")) == "")
    #expect(try tree.files() == ["a/heap.txt", "b/heap.txt", "sub/x.pb.gz"])
    // Unless that is what was asked for.
    let asked = try tree.batch("-r", "in/link", "--follow", "--to", "pb", "--output-dir", "out", "-q")
    #expect(asked.status == 0 && asked.errors == "")
    #expect(try tree.files().contains("x.pb"))
  }
}
