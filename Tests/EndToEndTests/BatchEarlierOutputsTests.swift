import Foundation
import TestSupport
import Testing

/// What runs with one manifest wrote stays their own, whatever becomes of the inputs between them.
@Suite struct BatchEarlierOutputsTests {
  private let tree: RecordedTree

  init() throws {
    tree = try RecordedTree(damaged: false)
    #expect(try run().status == 0)
  }

  private static let options = ["--to", "text", "--output-dir", "out", "--manifest", "m.jsonl"]

  private func run(_ more: String...) throws -> Subprocess.Result {
    try Command.run(["batch", "-r", "in"] + Self.options + more, in: tree.url)
  }

  private func line(_ path: String) throws -> [String: Any]? {
    try tree.lines("m.jsonl").first { $0["path"] as? String == path }
  }

  private func paths(_ outputs: Any?) -> [String] {
    (outputs as? [[String: Any]] ?? []).compactMap { $0["path"] as? String }
  }

  /// `$B` is a run, which may fail.
  @Test(arguments: [
    // An input that is damaged once, with and without the rest.
    "cp in/cpu.pb.gz x; head -c 300 x > in/cpu.pb.gz; $B -k && exit 1; mv x in/cpu.pb.gz",
    "cp in/cpu.pb.gz x; head -c 300 x > in/cpu.pb.gz; $B && exit 1; mv x in/cpu.pb.gz",
    // Twice in a row.
    "cp in/cpu.pb.gz x; head -c 300 x > in/cpu.pb.gz; $B -k && exit 1; $B -k && exit 1; mv x in/cpu.pb.gz",
    // Something else for a while.
    "mv in/cpu.pb.gz x; mkdir in/cpu.pb.gz; $B -k; rmdir in/cpu.pb.gz; mv x in/cpu.pb.gz",
    "mv in/b/heap.txt x; echo '# No profile' > in/b/heap.txt; $B; mv x in/b/heap.txt",
    // Gone, left out, and a part of them alone.
    "mv in/cpu.pb.gz x; $B; mv x in/cpu.pb.gz", "$B --exclude 'cpu*'",
    "$P batch -r in/b --to text --output-dir out --manifest m.jsonl",
    "$B --shard 1/2 && $B --shard 2/2",
    // Other outputs of the same inputs.
    "$B --to pb.gz && $B --level 9", "$B --name '{stem}.{kind}.{ext}'",
  ]) func whatHappensToInputsInBetweenLeavesTheirOutputsOurs(_ script: String) throws {
    let (good, outputs) = (try tree.timeless("m.jsonl"), try tree.shell("cd out; sha256sum $(find . -type f | sort)"))
    try tree.shell("B='\(Command.binary.path) batch -r in \(Self.options.joined(separator: " "))'; { \(script); } 2>&1")
    // All of them must be converted again, and may be.
    try tree.shell(
      "for f in $(find out -name '*.txt'); do echo >> $f; done; gzip -d < in/cpu.pb.gz > y; gzip < y > in/cpu.pb.gz")
    let leavesOthers = ["in/b ", "--to pb.gz", "--name"].contains { script.contains($0) }
    if !leavesOthers { #expect(try run().status == 5, "what was edited everywhere is nobody's") }
    try tree.shell(
      "for f in $(find out -name '*.txt'); do sed -i '$d' $f; done; echo >> out/cpu.txt; echo >> out/b/heap.txt")
    let result = try run()
    #expect(result.status == 0, "\(result.errors)")
    if !leavesOthers {
      #expect(try tree.timeless("m.jsonl").replacing(/"size":\d+/, with: "") == good.replacing(/"size":\d+/, with: ""))
      #expect(try tree.shell("cd out; sha256sum $(find . -type f | sort)") == outputs)
    }
    let again = try tree.timeless("m.jsonl")
    #expect(try run("-v").errors.contains("4 current"))
    #expect(try tree.timeless("m.jsonl") == again)
  }

  /// In a place that was ours there may be somebody else's file by now, or a link to one.
  @Test(arguments: ["echo mine > out/cpu.txt", "echo mine > kept; rm out/cpu.txt; ln -s ../kept out/cpu.txt"])
  func whatSomebodyElsePutIntoAnEarlierPlaceStays(_ script: String) throws {
    // An input of another name goes to the same place.
    try tree.shell("mv in/cpu.pb.gz in/cpu.prof; \(script)")
    let result = try run()
    #expect(result.status == 5)
    #expect(result.errors.contains("out/cpu.txt: error: it exists already"), "\(result.errors)")
    #expect(try tree.shell("cat out/cpu.txt") == "mine\n")
  }

  @Test func aLineSaysWhatStandsOfEarlierRuns() throws {
    let known = try tree.timeless("m.jsonl").split(separator: "\n").first { $0.contains("in/a/heap.pb.gz") }
    try tree.shell("head -c 300 in/cpu.pb.gz > x; mv x in/cpu.pb.gz")
    #expect(try run("-k", "--exclude", "heap*", "--to", "json").status == 4)
    let failed = try line("in/cpu.pb.gz")
    #expect(failed?["status"] as? String == "failed" && paths(failed?["outputs"]) == [])
    #expect(paths(failed?["earlier"]) == ["cpu.txt"])
    // Not of this run, and of other options.
    let other = try line("in/a/heap.pb.gz")
    #expect(other?["status"] as? String == "not-run" && paths(other?["earlier"]) == ["a/heap.txt"])
    let both = try line("in/mutex.pb.gz")
    #expect(paths(both?["outputs"]) == ["mutex.txt", "mutex.json"] && both?["earlier"] == nil)
    // Of the same options its line stays.
    try tree.shell("rm -r out m.jsonl")
    #expect(try run("-k").status == 4)
    #expect(try run("-k", "--exclude", "heap*").status == 4)
    #expect(try tree.timeless("m.jsonl").split(separator: "\n").contains { $0 == known ?? "" })
    // What is removed is forgotten.
    try tree.shell("rm out/a/heap.txt")
    #expect(try run("-k", "--exclude", "heap*").status == 4)
    #expect(try line("in/a/heap.pb.gz") == nil && line("in/b/heap.txt") != nil)
    let said = try tree.python(
      """
      import json, os, jsonschema
      schema = json.load(open(os.environ["ROOT"] + "/Sources/PprofKit/Batch/batch.schema.json"))
      validator = jsonschema.Draft202012Validator({**schema, "anyOf": [{"$ref": "#/$defs/header"}, {"$ref": "#/$defs/file"}]})
      for line in open("m.jsonl"): validator.validate(json.loads(line))
      """)
    #expect(said == "")
  }

  @Test func onesOwnFilesInTheOutputDirectoryStayOnesOwn() throws {
    try tree.shell("cp in/cpu.pb.gz in/new.pb.gz; echo mine > out/new.txt; mkdir mine; echo mine > mine/cpu.txt")
    #expect(try run("--exclude", "cpu*").errors.contains("out/new.txt: error: it exists already"))
    // Nor does a run with -f elsewhere make it the manifest's.
    try tree.shell("$P batch in/mutex.pb.gz --to text --output-dir mine --manifest m.jsonl -f")
    try tree.shell("rm in/new.pb.gz")
    let result = try tree.batch("--to", "text", "--output-dir", "mine", "--manifest", "m.jsonl")
    #expect(result.status == 5 && result.errors.contains("mine/cpu.txt: error: it exists already"))
  }

  @Test func anOutputWhoseInputIsGoneIsToldAndStale() throws {
    try tree.shell("mv in/cpu.pb.gz in/b/cpu2.pb.gz; rm in/mutex.pb.gz")
    let check = try run("--check", "--report", "junit=j.xml", "--report", "markdown=m.md")
    #expect(check.status == 1)
    #expect(check.errors.contains("out/b/cpu2.txt: is missing\n"))
    #expect(check.errors.contains("out/cpu.txt: is stale: its input is gone\n"))
    #expect(check.errors.contains("6 files: 2 current, 3 missing or stale, 1 skipped (no profiles)"), "\(check.errors)")
    #expect(try tree.text("j.xml").contains("out/mutex.txt: is stale: its input is gone"))
    #expect(try tree.text("m.md").contains("| out/mutex.txt | its input is gone |"))
    for _ in 0..<2 {
      let result = try run()
      #expect(result.status == 0)
      #expect(
        result.errors.contains(
          "warning: out/cpu.txt stands, but its input in/cpu.pb.gz is gone (and so of 1 more inputs)"),
        "\(result.errors)")
    }
    try tree.shell("rm out/cpu.txt out/mutex.txt")
    let clean = try run("--check")
    #expect(clean.status == 0 && !clean.errors.contains("gone"))
    // What is left out is not gone.
    #expect(try run("--check", "--exclude", "heap*").status == 0)
  }

  @Test func aDirectoryOfInputsThatIsGoneIsTold() throws {
    try tree.shell("rm -r in/b")
    let check = try run("--check")
    #expect(check.status == 1 && check.errors.contains("out/b/heap.txt: is stale: its input is gone\n"))
    #expect(try run().errors.contains("warning: out/b/heap.txt stands, but its input in/b/heap.txt is gone\n"))
    // From where nothing is to be seen of it, or where another tree is asked for, nothing is gone.
    let elsewhere = try tree.shell(
      """
      mkdir x; cd x; cp -r ../in/a a
      $P batch -r a --to text --output-dir ../out --manifest ../m.jsonl --check 2>&1 | grep -c gone || true
      """)
    #expect(elsewhere == "0\n")
  }

  @Test func anInputThatIsNoProfileAnyMoreIsTold() throws {
    try tree.shell("echo hello > in/b/heap.txt")
    let check = try run("--check")
    #expect(check.status == 1)
    #expect(check.errors.contains("out/b/heap.txt: is stale: its input is no profile any more\n"), "\(check.errors)")
    let words = "warning: out/b/heap.txt stands, but its input in/b/heap.txt is no profile any more\n"
    for _ in 0..<2 { #expect(try run().errors.contains(words)) }
    try tree.shell("rm out/b/heap.txt")
    #expect(try run("--check").status == 0)
  }

  /// Somebody puts a file into a place that was announced already, and the run is killed behind that.
  @Test func aPlaceThatSomebodyTookMeanwhileIsHis() throws {
    try tree.shell(
      """
      rm -r out m.jsonl; mkfifo first last
      rest='--to text --output-dir out --manifest m.jsonl'
      $P batch first in/mutex.pb.gz last $rest -j 2 -n 2> log & run=$!
      trap 'kill -9 $run 2> kill.log; true' EXIT
      until find out -type f -name '.*mutex*' 2> find.log | grep -q . || [ "$(find out -type f | wc -l)" -gt 1 ]
      do kill -0 $run || exit 9; sleep 0.02; done
      echo MINE > out/mutex.txt; cat in/cpu.pb.gz > first
      until grep -q released m.jsonl.journal 2> grep.log; do kill -0 $run || exit 8; sleep 0.02; done
      kill -9 $run; wait $run
      $P batch in/mutex.pb.gz $rest 2> again; echo $? > status
      """)
    #expect(try tree.text("out/mutex.txt") == "MINE\n")
    #expect(try tree.text("status") == "5\n" && tree.text("again").contains("out/mutex.txt: error: it exists already"))
    #expect(
      try tree.shell(
        "rm out/mutex.txt; $P batch in/mutex.pb.gz --to text --output-dir out --manifest m.jsonl; cat m.jsonl | grep -c released; true"
      ) == "0\n")
  }

  /// Somebody keeps an output elsewhere, with a link in its place.
  @Test func anOutputBehindALinkIsCurrentAsLongAsItIsWhatWasWritten() throws {
    try tree.shell("mv out/cpu.txt kept; ln -s ../kept out/cpu.txt")
    let current = try run("-v")
    #expect(current.status == 0 && current.errors.contains("in/cpu.pb.gz is current"), "\(current.errors)")
    #expect(try run("--check").status == 0)
    try tree.shell("echo mine > kept")
    #expect(try run().status == 5)
    #expect(try tree.text("kept") == "mine\n")
  }

  @Test func whatAKilledRunWithOtherOptionsWroteIsOurs() throws {
    try tree.shell(
      """
      rm -r out m.jsonl; mkfifo pipe
      $P batch in/cpu.pb.gz in/mutex.pb.gz pipe --to text --output-dir out --manifest m.jsonl -j 1 & run=$!
      trap 'kill -9 $run 2> kill.log; true' EXIT
      while [ "$(grep -c '"path":"in' m.jsonl.journal 2>/dev/null)" != 2 ]; do kill -0 $run || exit 9; sleep 0.02; done
      kill -9 $run; wait $run
      $P batch in/cpu.pb.gz --to json --output-dir out --manifest m.jsonl
      """)
    #expect(!tree.exists("m.jsonl.journal"))
    #expect(try paths(line("in/cpu.pb.gz")?["earlier"]) == ["cpu.txt"])
    #expect(try paths(line("in/mutex.pb.gz")?["earlier"]) == ["mutex.txt"])
    #expect(try run().status == 0)
  }

  @Test(arguments: [
    ("sed -i '3s/.$//' m.jsonl", "m.jsonl is damaged in line 3"),
    ("sed -i '3s/\"samples\":/\"samples\":x/' m.jsonl", "m.jsonl is damaged in line 3"),
    (": > m.jsonl", "m.jsonl is empty"),
    ("head -c -200 m.jsonl > x; mv x m.jsonl", "m.jsonl is damaged in line 6"),
    // Empty lines count as lines do.
    (#"sed -i -e '2s/$/\n\n/' -e '3s/.$//' m.jsonl"#, "m.jsonl is damaged in line 5"),
  ]) func aDamagedManifestIsNamedWhereItCouldHaveHelped(_ damage: String, _ words: String) throws {
    try tree.shell(damage)
    let result = try run()
    #expect(result.status == 5)
    #expect(
      result.errors.contains(
        words + ", and may have listed what earlier runs wrote\n  hint: -f replaces what is there"),
      "\(result.errors)")
    #expect(try run("-f").status == 0)
    #expect(try run().status == 0)
  }

  @Test func theHintForAManifestOfANewerProgramIsTrue() throws {
    try tree.shell("sed -i '1s,manifest/1,manifest/2,' m.jsonl")
    let result = try run()
    #expect(result.errors.contains("  hint: remove it, and -f replaces what is there: everything is converted again"))
    try tree.shell("rm m.jsonl")
    #expect(try run("-f").status == 0)
  }
}
