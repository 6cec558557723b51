import Foundation
import TestSupport
import Testing

@Suite struct BatchPlacingTests {
  let tree: BatchTree
  init() throws {
    tree = try BatchTree()
    try tree.put("in/a/heap.pb.gz")
    try tree.put("in/b/heap.pb.gz", "pb/valid/go1.27-default-cpu.in")
  }

  @Test func severalFormatsComeFromOneParse() throws {
    let result = try tree.batch(
      "-r", "in", "--to", "text", "--to", "debug1", "--to", "pb.gz", "--output-dir", "out", "-k", "-q")
    // Go has no text of a CPU profile.
    #expect(result.status == 4)
    #expect(try tree.files() == ["a/heap.debug1.txt", "a/heap.pb.gz", "a/heap.txt"])
    #expect(try tree.shell("$P in/a/heap.pb.gz -q | cmp - out/a/heap.txt").status == 0)
  }

  @Test func templatesNameOutputs() throws {
    let script = """
      $P batch -r in --to folded --flat --name '{dir}-{kind}-{stem}.{format}' --output-dir out -q
      $P batch -r in in/a/heap.pb.gz --to pb --name '{kind}/{name}.{ext}' --output-dir kinds -q
      find out kinds -type f | sort
      """
    #expect(
      try tree.shell(script).text == """
        kinds/a/heap/heap.pb.gz.pb
        kinds/b/cpu/heap.pb.gz.pb
        kinds/heap/heap.pb.gz.pb
        out/a-heap-heap.folded
        out/b-cpu-heap.folded

        """)
    for (template, what) in [
      ("{stam}", "has {stam}, which is nothing"), ("x.{ext}", "gives every input the same name"),
      ("../{stem}", "is no name of a file"), ("{stem", "has a { without a }"),
    ] {
      let result = try tree.batch("-r", "in", "--to", "pb", "--name", template, "--output-dir", "none")
      #expect(result.status == 2)
      #expect(result.errors.hasPrefix("pprofconv: error: the template of names “\(template)” \(what)\n"))
    }
    #expect(try !tree.files(".").contains { $0.hasPrefix("none") })
  }

  @Test func twoInputsForOnePlaceAreBothNamedBeforeAnythingIsWritten() throws {
    let flat = try tree.batch("-r", "in", "--to", "pb", "--flat", "--output-dir", "out")
    #expect(flat.status == 2)
    #expect(
      flat.errors == """
        out/heap.pb: error: the outputs of “in/a/heap.pb.gz” and “in/b/heap.pb.gz” would have this one place
          hint: put {dir} into the template of names: --name “{dir}-{stem}.{ext}”

        """)
    // By their kinds they differ, which only the content tells.
    #expect(
      try tree.batch("-r", "in", "--to", "pb", "--flat", "--name", "{stem}.{kind}", "--output-dir", "kind").status == 0)
    #expect(try tree.files("kind") == ["heap.cpu", "heap.heap"])
    try tree.put("in/c/heap.pb.gz")
    let same = try tree.batch("-r", "in", "--to", "pb", "--flat", "--name", "{stem}.{kind}", "--output-dir", "out")
    #expect(same.status == 2)
    #expect(same.errors.contains("“in/a/heap.pb.gz” and “in/c/heap.pb.gz”"))
    let formats = try tree.batch(
      "in/a/heap.pb.gz", "--to", "pb", "--to", "text", "--name", "{stem}.out", "--output-dir", "out")
    #expect(formats.status == 2)
    #expect(
      formats.errors.hasPrefix("out/heap.out: error: two outputs of “in/a/heap.pb.gz” would have this one place\n"))
    #expect(try tree.files() == [])
  }

  @Test func recordsOfTheLastRunAreNoInputsOfTheNext() throws {
    let records = ["--manifest", "m.jsonl", "--report", "json=r.json", "--report", "markdown=in/sum.md"]
    let first = try Command.run(["batch", "-r", ".", "--to", "pb", "--output-dir", "out"] + records, in: tree.url)
    #expect(first.status == 0, "\(first.errors)")
    let second = try Command.run(["batch", "-r", ".", "--to", "pb", "--output-dir", "out"] + records, in: tree.url)
    #expect(second.status == 0, "\(second.errors)")
    #expect(second.errors.contains("current"))
    // What could be read as a profile is one, and is not replaced.
    let before = try tree.hash("in")
    let third = try tree.batch("-r", ".", "--to", "pb", "--output-dir", "two", "--report", "json=in/a/heap.pb.gz")
    #expect(third.status == 2)
    #expect(third.errors.hasPrefix("in/a/heap.pb.gz: error: this report is one of the inputs\n"))
    #expect(try tree.hash("in") == before)
  }

  @Test func aListOfInputsIsNotWrittenOver() throws {
    _ = try tree.shell(
      "echo in/a/heap.pb.gz > list; mkdir d; cp in/a/heap.pb.gz d/list.pb.gz; echo d/list.pb.gz > list.txt")
    let report = try tree.batch(
      "--files-from", "list", "--to", "pb", "--output-dir", "out", "--report", "json=./list")
    #expect(report.status == 2)
    let output = try tree.batch("--flat", "--files-from", "list.txt", "--to", "text", "--output-dir", ".", "-f")
    #expect(output.status == 2)
    // Nor one that comes by a redirection.
    let redirected = try tree.shell(
      """
      $P batch --files-from - --to pb --output-dir out --report json=list < list
      echo $?; $P batch --flat --files-from - --to text --output-dir . -f < list.txt; echo $?
      """)
    #expect(redirected.text == "2\n2\n")
    #expect(try tree.shell("cat list list.txt").text == "in/a/heap.pb.gz\nd/list.pb.gz\n")
  }

  @Test func aPlaceCannotBeAFolderToo() throws {
    try tree.put("in/x")
    try tree.put("in/x.pb/y.pb.gz")
    let result = try tree.batch("-r", "in", "--to", "pb", "--output-dir", "out")
    #expect(result.status == 2)
    #expect(
      result.errors.hasPrefix(
        "out/x.pb: error: the output of “in/x” would stand where that of “in/x.pb/y.pb.gz” needs a directory"))
    #expect(try tree.files() == [])
  }

  @Test func noInputIsEverWrittenOver() throws {
    let before = try tree.hash("in")
    _ = try tree.shell(
      "mkdir out; ln in/a/heap.pb.gz out/heap.pb.gz; ln -s ../in/b/heap.pb.gz out/cpu.pb.gz; cp in/a/heap.pb.gz cpu.pb.gz"
    )
    for arguments in [
      ["in/a/heap.pb.gz", "--output-dir", "in/a"], ["in/a/heap.pb.gz", "--output-dir", "out"],
      ["cpu.pb.gz", "in/b/heap.pb.gz", "--output-dir", "out"], ["-r", "in", "--output-dir", "in"],
      ["-r", "in/a", "--name", "a/{stem}.{ext}", "--output-dir", "in"],
      ["in/a/heap.pb.gz", "--name", "{stem}.pb.gz", "--output-dir", "in/a"],
    ] {
      let result = try Command.run(["batch", "--to", "pb.gz", "-f"] + arguments, in: tree.url)
      #expect(result.status == 2, "\(arguments): \(result.errors)")
    }
    let nameless = try tree.batch("in/a/heap.pb.gz", "--to", "pb", "--output-dir", "")
    #expect(nameless.status == 2)
    #expect(nameless.errors.hasPrefix("pprofconv: error: the name of the output directory is empty\n"))
    let kind = try tree.batch(
      "in/a/heap.pb.gz", "--to", "pb.gz", "-f", "--name", "{stem}.pb.gz{kind}", "--output-dir", "in/a")
    #expect(kind.status == 0)
    _ = try tree.shell("rm in/a/heap.pb.gzheap; ln in/a/heap.pb.gz out/cheap")
    let linked = try tree.batch("in/a/heap.pb.gz", "--to", "pb", "-f", "--name", "c{kind}{stem}", "--output-dir", "out")
    #expect(linked.status == 0)
    let over = try tree.batch(
      "in/a/heap.pb.gz", "in/b/heap.pb.gz", "--to", "pb", "-f", "--name", "{kind}.{name}", "--output-dir", "in/a", "-k")
    #expect(over.status == 0)
    _ = try tree.shell("rm in/a/*.heap.pb.gz; ln in/a/heap.pb.gz out/heap")
    let refused = try tree.batch("in/a/heap.pb.gz", "--to", "pb", "-f", "--name", "{kind}{stem}", "--output-dir", "out")
    #expect(refused.status == 0)
    #expect(try tree.hash("in") == before)
  }

  @Test func whatExistsIsRefusedKeptReplacedOrUpdated() throws {
    func run(_ flag: String...) throws -> Subprocess.Result {
      try Command.run(["batch", "-r", "in", "--to", "pb", "--output-dir", "out"] + flag, in: tree.url)
    }
    #expect(try run().status == 0)
    let whole = try tree.hash("out")
    let refused = try run()
    #expect(refused.status == 5)
    #expect(
      refused.errors == """
        out/a/heap.pb: error: it exists already, as another output does
          hint: -f replaces what is there, -n keeps it, -u replaces what is older than its input

        """)
    _ = try tree.shell("echo mine > out/a/heap.pb; rm out/b/heap.pb")
    #expect(BatchTree.words(try run("-n")) == "pprofconv: 2 files: 1 converted, 1 kept as they are\n")
    #expect(try tree.shell("cat out/a/heap.pb").text == "mine\n")
    #expect(BatchTree.words(try run("-f")) == "pprofconv: 2 files: 2 converted\n")
    #expect(try tree.hash("out") == whole)
    #expect(BatchTree.words(try run("-u")) == "pprofconv: 2 files: 2 current\n")
    // The content of a file that is moved is older than its place.
    _ = try tree.shell(
      "touch in/a/heap.pb.gz; cp -p in/b/heap.pb.gz other; mv other in/b/heap.pb.gz; touch -d 2001-01-01 out/a/heap.pb")
    #expect(BatchTree.words(try run("-u")) == "pprofconv: 2 files: 2 converted\n")
    #expect(try tree.batch("-r", "in", "--to", "pb", "--output-dir", "out", "-f", "-n").status == 2)
  }

  @Test func outputsInTheTreeOfInputsAreNotReadAgain() throws {
    let first = try tree.batch("-r", "in", "--to", "pb.gz", "--output-dir", "in/out")
    #expect(first.status == 0)
    let again = try tree.batch("-r", "in", "--to", "pb.gz", "--output-dir", "in/out", "-f")
    #expect(BatchTree.words(again) == "pprofconv: 2 files: 2 converted\n")
    #expect(try tree.files("in") == ["a/heap.pb.gz", "b/heap.pb.gz", "out/a/heap.pb.gz", "out/b/heap.pb.gz"])
  }

  @Test func inputsBelowTheOutputsAreReadAsLongAsNoOutputGoesThere() throws {
    #expect(try tree.batch("-r", "in", "--to", "pb", "--output-dir", ".").status == 0)
    #expect(try tree.files("a") == ["heap.pb"])
    try tree.put("in/in/x.pb.gz")
    let result = try tree.batch("-r", "in", "--to", "pb", "--output-dir", ".", "-f")
    #expect(result.status == 2)
    #expect(result.errors.contains("the output of “in/in/x.pb.gz” would stand in “in”, which is read"))
  }

  @Test func checkWritesNothingAndListsWhatIsMissingOrStale() throws {
    let missing = try tree.batch("-r", "in", "--to", "pb.gz", "--output-dir", "out", "--check")
    #expect(missing.status == 1)
    #expect(
      BatchTree.words(missing) == """
        out/a/heap.pb.gz: is missing
        out/b/heap.pb.gz: is missing
        pprofconv: 2 files: 2 missing or stale

        """)
    #expect(try tree.files() == [])
    _ = try tree.batch("-r", "in", "--to", "pb.gz", "--output-dir", "out")
    // Another compressor.
    let script =
      "gunzip out/a/heap.pb.gz && gzip -9 out/a/heap.pb && $P batch -r in --to pb.gz --output-dir out --check"
    let current = try tree.shell(script)
    #expect(current.status == 0)
    #expect(BatchTree.words(current) == "pprofconv: 2 files: 2 current\n")
    _ = try tree.shell("cp out/a/heap.pb.gz out/b/heap.pb.gz")
    let stale = try tree.batch("-r", "in", "--to", "pb.gz", "--output-dir", "out", "--check", "-q")
    #expect(stale.status == 1)
    #expect(stale.errors == "out/b/heap.pb.gz: is not what would be written\n")
  }

  @Test func noNameLeadsOutOfTheOutputDirectory() throws {
    let tree = try BatchTree()
    try tree.write("a;b 3\n", to: "in/...folded")
    let dots = try tree.batch("in/...folded", "--to", "folded", "--output-dir", "out", "--name", "{stem}/x.{ext}")
    #expect(dots.status == 2 && dots.errors.contains("which is no name of a file"), "\(dots.errors)")
    try tree.write("a;b 3\n", to: "\u{301}x.folded")
    try tree.write("in/../../\u{301}x.folded\n", to: "in/list")
    // From a directory below, so that the path leads out.
    let listed = try tree.shell("mkdir in/in && cd in && $P batch --files-from list --to pb --output-dir out -q")
    #expect(listed.status == 0, "\(listed.errors)")
    #expect(try tree.shell("find . -name '*.pb'").text.utf8.elementsEqual("./in/out/\u{301}x.pb\n".utf8))
    #expect(try tree.files() == [])
  }

  @Test(arguments: ["-o", "--output", "-output"]) func theHabitOfOtherVerbsIsPointedToTheDirectory(_ option: String)
    throws
  {
    let tree = try BatchTree(1)
    let result = try tree.batch("-r", "in", "--to", "text", option, "out")
    #expect(result.status == 2)
    #expect(
      result.errors.contains("-o is for one output: a batch has --output-dir DIR and --to FORMAT"), "\(result.errors)")
    let nothing = try tree.batch("-r", "in", "--to", "text")
    #expect(nothing.status == 2 && nothing.errors.contains("no place for the outputs: --output-dir DIR"))
  }

  @Test func theExamplesOfTheHelpCanBePasted() throws {
    let help = try Command.run("batch", "--help").text
    let examples = try #require(help.split(separator: "EXAMPLES:").last?.split(separator: "\n\n").first)
    var commands = 0
    var goesOn = false
    for line in examples.split(separator: "\n") {
      if !goesOn {
        #expect(line.contains("pprofconv batch"), "\(line)")
        commands += 1
      }
      goesOn = line.hasSuffix(" \\")
    }
    #expect(commands == 7 && !goesOn)
  }
}
