import Foundation
import TestSupport
import Testing

@Suite struct BatchManifestTests {
  private let tree: RecordedTree
  init() throws { tree = try RecordedTree() }

  private static let options = ["--to", "text", "--to", "pb.gz", "--output-dir", "out", "-k", "--manifest", "m.jsonl"]

  private func run(_ more: String...) throws -> Subprocess.Result {
    try Command.run(["batch", "-r", "in"] + Self.options + more, in: tree.url)
  }

  /// What `-v` says became of each input, in order.
  private func fates(_ result: Subprocess.Result) -> [String] {
    result.errors.split(separator: "\n").compactMap { line in
      line.wholeMatch(of: /pprofconv: (?:(converted) in\/(\S+) .*|in\/(\S+) is (current))/).map {
        "\($0.1 ?? $0.4 ?? "") \($0.2 ?? $0.3 ?? "")"
      }
    }
  }

  @Test func itSaysOfEveryFileWhatInfoAndSha256sumSay() throws {
    #expect(try run("--report", "json=r.json", "--report", "jsonl=l.jsonl").status == 4)
    let lines = try tree.lines("m.jsonl")
    #expect(lines[0]["schema"] as? String == "pprofconv-manifest/1")
    #expect(lines.dropFirst().map { $0["path"] as? String } == RecordedTree.names.map { "in/" + $0 })
    #expect(
      lines.dropFirst().map { $0["status"] as? String } == [
        "failed", "converted", "converted", "skipped", "converted", "converted",
      ])
    #expect((lines[1]["error"] as? [String: Any])?["code"] as? String == "truncated")
    for line in lines where line["status"] as? String == "converted" {
      let path = try #require(line["path"] as? String)
      let info = try JSONSerialization.jsonObject(with: try Command.run("info", "--json", path, in: tree.url).output)
      let file = try #require(((info as? [String: Any])?["files"] as? [[String: Any]])?.first)
      #expect(line["samples"] as? Int == file["samples"] as? Int)
      #expect(line["format"] as? String == file["format"] as? String)
      let totals = try #require(line["totals"] as? [[String: Any]])
      let types = try #require(file["sample_types"] as? [[String: Any]])
      #expect(totals.map { $0["type"] as? String } == types.map { $0["type"] as? String })
      #expect(totals.map { $0["total"] as? Int } == types.map { $0["total"] as? Int })
      #expect(try line["sha256"] as? String == sum(path))
      let outputs = try #require(line["outputs"] as? [[String: Any]])
      #expect(outputs.count == 2)
      for output in outputs {
        let path = try "out/" + #require(output["path"] as? String)
        #expect(try output["sha256"] as? String == sum(path))
        #expect(try output["size"] as? Int == Data(contentsOf: tree.folder.file(path)).count)
      }
    }
    // The other reports say the same of each file.
    let report = try JSONSerialization.jsonObject(with: Data(contentsOf: tree.folder.file("r.json"))) as? [String: Any]
    #expect((report?["files"] as? NSArray) == (Array(lines.dropFirst()) as NSArray))
    #expect((try tree.lines("l.jsonl") as NSArray) == (Array(lines.dropFirst()) as NSArray))
    let counts = report?["counts"] as? [String: Int]
    #expect(counts == ["converted": 4, "current": 0, "stale": 0, "skipped": 1, "failed": 1, "not_run": 0])
  }

  private func sum(_ path: String) throws -> String {
    String(try tree.shell("gzip -dcf '\(path)' | sha256sum").prefix(64))
  }

  @Test func allThatIsWrittenForProgramsKeepsToItsSchema() throws {
    _ = try run("--report", "json=r.json", "--report", "jsonl=l.jsonl")
    _ = try tree.batch("--to", "text", "--output-dir", "out2", "--check", "-k", "--report", "jsonl=check.jsonl")
    _ = try tree.batch("--to", "text", "--output-dir", "out3", "--report", "jsonl=first.jsonl")
    let said = try tree.python(
      """
      import json, os, jsonschema
      schema = json.load(open(os.environ["ROOT"] + "/Sources/PprofKit/Batch/batch.schema.json"))
      jsonschema.Draft202012Validator.check_schema(schema)
      def check(name, values):
          validator = jsonschema.Draft202012Validator({**schema, "anyOf": [{"$ref": "#/$defs/" + name}]})
          for value in values:
              for error in validator.iter_errors(value):
                  for e in error.context or [error]: print(name, e.json_path, e.message[:300])
      lines = lambda name: [json.loads(line) for line in open(name)]
      m = lines("m.jsonl")
      check("header", m[:1])
      for files in m[1:], lines("l.jsonl"), lines("check.jsonl"), lines("first.jsonl"): check("file", files)
      check("report", [json.load(open("r.json"))])
      statuses = {f["status"] for n in ["m.jsonl", "check.jsonl", "first.jsonl"] for f in lines(n) if "status" in f}
      print(sorted(statuses))
      broken = dict(m[2], samples="many")
      print(jsonschema.Draft202012Validator(schema).is_valid(broken), jsonschema.Draft202012Validator(schema).is_valid(m[2]))
      """)
    #expect(said == "['converted', 'failed', 'not-run', 'skipped', 'stale']\nFalse True\n")
  }

  @Test func twoRunsWithAnyNumberOfJobsDifferInTimesAlone() throws {
    for jobs in ["1", "2", "5"] {
      let result = try tree.batch(
        "--to", "text", "--to", "pb.gz", "--output-dir", "out\(jobs)", "-k", "--manifest", "m\(jobs).jsonl", "--jobs",
        jobs)
      #expect(result.status == 4)
      try tree.shell("diff -r out1 out\(jobs)")
      #expect(try tree.timeless("m\(jobs).jsonl") == tree.timeless("m1.jsonl"))
    }
    #expect(try !tree.timeless("m1.jsonl").contains("\"seconds\""))
  }

  @Test func aRerunConvertsOnlyWhatChanged() throws {
    #expect(try fates(run("-v")).allSatisfy { $0.hasPrefix("converted ") })
    #expect(
      try fates(run("-v")) == [
        "current a/heap.pb.gz", "current b/heap.txt", "current cpu.pb.gz", "current mutex.pb.gz",
      ])
    // Another compressor, and another time; a changed input; an output that is gone, and one that somebody edited.
    try tree.shell(
      """
      gzip -d < in/a/heap.pb.gz | gzip -9 > x && mv x in/a/heap.pb.gz && touch in/a/heap.pb.gz
      gzip -d < out/a/heap.pb.gz | gzip -9 > x && mv x out/a/heap.pb.gz
      sed 's/^1: /2: /' in/b/heap.txt > x && ! cmp -s x in/b/heap.txt && mv x in/b/heap.txt
      rm out/cpu.txt
      echo edited >> out/mutex.txt
      stat -c '%i %y' out/a/heap.txt > before
      """)
    #expect(
      try fates(run("-v")) == [
        "current a/heap.pb.gz", "converted b/heap.txt", "converted cpu.pb.gz", "converted mutex.pb.gz",
      ])
    #expect(try tree.shell("stat -c '%i %y' out/a/heap.txt") == tree.text("before"))
    // As if it had been done at once, but for the compression of the output that is current.
    _ = try tree.batch("--to", "text", "--to", "pb.gz", "--output-dir", "again", "-k", "--manifest", "again.jsonl")
    try tree.shell(
      "diff -r -x heap.pb.gz out again && gzip -d < out/a/heap.pb.gz > x && gzip -d < again/a/heap.pb.gz | cmp - x")
    let sizes = /"size":\d+/
    #expect(
      try tree.timeless("m.jsonl").replacing(sizes, with: "") == tree.timeless("again.jsonl").replacing(sizes, with: "")
    )
    // Names that are new are found, names that are gone are forgotten with their outputs.
    try tree.shell("mv in/cpu.pb.gz in/b/cpu2.pb.gz; rm out/cpu.*")
    #expect(try fates(run("-v")).contains("converted b/cpu2.pb.gz"))
    #expect(try !tree.text("m.jsonl").contains("\"in/cpu.pb.gz\""))
  }

  @Test func otherOptionsConvertEverythingAgain() throws {
    _ = try run()
    let result = try run("-v", "--level", "9")
    #expect(fates(result).count == 4 && fates(result).allSatisfy { $0.hasPrefix("converted ") })
    #expect(result.errors.contains("m.jsonl is of another version or other options: everything is converted again"))
    #expect(try fates(run("-v", "--level", "9")).allSatisfy { $0.hasPrefix("current ") })
  }

  @Test func anotherVersionsManifestProvesNothing() throws {
    _ = try run()
    try tree.shell(#"sed -i 's/"tool":"pprofconv [^"]*"/"tool":"pprofconv 0.0.1"/' m.jsonl"#)
    #expect(try fates(run("-v")).allSatisfy { $0.hasPrefix("converted ") })
  }

  /// Damage of every sort in the lines: each costs a conversion at most, and what results is what would have been anyway.
  @Test(arguments: [
    "sed -i '3s/.$//' m.jsonl", "sed -i '3s/\"samples\":/\"samples\":x/' m.jsonl",
    "head -c -200 m.jsonl > x; mv x m.jsonl",
    "sed -i '3s/\"sha256\":\"./\"sha256\":\"z/g' m.jsonl",
    "sed -i '3s/\"sha256\":\"[^\"]*\"/\"sha256\":null/g' m.jsonl",
    "sed -i '3s/in.a.heap/in\\/cpu/' m.jsonl", "sed -i '3s/\"path\":\"a/\"path\":\"..\\/..\\/a/g' m.jsonl",
    "printf '\\000\\377\\n[[[[[[[\\n{}\\nnull\\n{\"path\":\"' >> m.jsonl", "sed -i '3p;3p' m.jsonl",
    "sed -i '2,$d' m.jsonl",
    "sed -i '3s/{/{\"path\":\"in\\/a\\/heap.pb.gz\",/' m.jsonl",
  ]) func aDamagedLineIsNotTrusted(_ damage: String) throws {
    _ = try run()
    let (good, outputs) = (try tree.timeless("m.jsonl"), try tree.shell("cd out; sha256sum $(find . -type f | sort)"))
    try tree.shell(damage)
    // What no line lists any more might be somebody else's.
    #expect(try run("-v", "-f").status == 4)
    #expect(try tree.timeless("m.jsonl") == good)
    #expect(try tree.shell("cd out; sha256sum $(find . -type f | sort)") == outputs)
  }

  @Test func numbersThatNoFileHasStopNothing() throws {
    _ = try run()
    try tree.shell(
      #"sed -i 's/"size":[0-9]*,"samples":[0-9]*/"size":9223372036854775807,"samples":9223372036854775807/g' m.jsonl"#)
    let result = try run("--report", "json=r.json", "--report", "markdown=r.md")
    #expect(result.status == 4 && result.errors.contains("4 current"), "\(result.errors)")
    try tree.shell(#"sed -i 's/"samples":[0-9]*/"samples":-5/g' m.jsonl"#)
    #expect(try fates(run("-v", "-f")).allSatisfy { $0.hasPrefix("converted ") })
  }

  /// A pipe that is written to when the manifest's place is taken.
  @Test func aManifestThatFailsLeavesTheReportsWhole() throws {
    try tree.shell("mkfifo pipe")
    let result = try Command.shell(
      """
      ( exec 3> pipe; while [ ! -e m.jsonl.journal ]; do sleep 0.02; done; mkdir m.jsonl; cat in/cpu.pb.gz >&3 ) &
      $P batch in/mutex.pb.gz pipe --to text --output-dir out --manifest m.jsonl --report json=r.json
      """, in: tree.url)
    #expect(result.status == 5 && result.errors.contains("m.jsonl: error: cannot write: is a directory"))
    #expect(result.errors.contains("2 files: 2 converted, in "))
    #expect(try tree.text("r.json").contains(#""counts":{"converted":2,"#))
  }

  @Test func damageIsTold() throws {
    _ = try run()
    try tree.shell("echo '{' >> m.jsonl; echo x >> m.jsonl")
    #expect(try run().errors.contains("warning: m.jsonl: 2 damaged lines are ignored, and their files converted again"))
  }

  /// A run that was killed while it began leaves half a header, behind what runs before it left.
  @Test func halfAHeaderInAJournalIsDamageLikeAnyOther() throws {
    _ = try run()
    try tree.shell(#"mv m.jsonl m.jsonl.journal; printf '\n\n{"schema":"pprofconv-man' >> m.jsonl.journal"#)
    let result = try run("-v")
    #expect(result.status == 4 && !result.errors.contains("damaged"), "\(result.errors)")
    #expect(fates(result).count == 4 && fates(result).allSatisfy { $0.hasPrefix("current ") })
    #expect(!tree.exists("m.jsonl.journal"))
  }

  /// Who names the wrong file loses nothing.
  @Test(arguments: [
    ("hello\n", "it is no manifest of pprofconv, and would be replaced"), ("{}\n", "it is no manifest of pprofconv"),
    ("{\"schema\":\"pprofconv-manifest/2\"}\n", "its schema is pprofconv-manifest/2; this program knows"),
    ("\u{0}\u{1}", "it is no manifest"),
  ]) func aFileThatIsNoManifestStays(_ content: String, _ words: String) throws {
    for name in ["m.jsonl", "m.jsonl.journal"] {
      try tree.write(Data(content.utf8), to: name)
      let result = try run()
      #expect([3, 5].contains(result.status))
      #expect(result.errors.contains(words), "\(result.errors)")
      #expect(try tree.text(name) == content && !tree.exists("out"))
      try tree.shell("rm \(name)")
    }
  }

  @Test func whatWasThereBeforeAnyManifestIsNotReplaced() throws {
    try tree.shell("mkdir out && echo mine > out/cpu.txt")
    let result = try run()
    #expect(result.status == 5 && result.errors.contains("out/cpu.txt: error: it exists already"))
    #expect(try tree.text("out/cpu.txt") == "mine\n" && !tree.exists("m.jsonl"))
  }

  @Test func onlyWhatItListsIsReplacedAndOnlyInItsOwnDirectory() throws {
    let tree = try RecordedTree(damaged: false)
    func run(_ out: String) throws -> Subprocess.Result {
      try tree.batch("--to", "text", "--output-dir", out, "--manifest", "m.jsonl")
    }
    #expect(try run("out").status == 0)
    try tree.shell("mkdir mine && echo mine > mine/cpu.txt")
    let other = try run("mine")
    #expect(other.status == 5 && other.errors.contains("mine/cpu.txt: error: it exists already"))
    #expect(try tree.text("mine/cpu.txt") == "mine\n")
    try tree.shell("cp in/cpu.pb.gz in/new.pb.gz; echo mine > out/new.txt; echo edited >> out/cpu.txt")
    #expect(try run("out").errors.contains("out/new.txt: error: it exists already"))
    try tree.shell("rm out/new.txt")
    #expect(try run("out").status == 0)
    #expect(try !tree.text("out/cpu.txt").contains("edited"))
  }

  /// A pipe that nobody writes to keeps the run from its end, at a place that is known.
  @Test(arguments: ["KILL", "TERM"]) func aKilledRunIsGoneOnWith(_ signal: String) throws {
    let tree = try RecordedTree(damaged: false)
    try tree.shell(
      """
      for i in 1 2 3 4 5 6 7 8 9; do cp in/a/heap.pb.gz in/a/heap$i.pb.gz; done
      mkfifo pipe; find in -type f | grep -v notes | sort > names; cp names all; echo pipe >> names
      rest='--to text --output-dir out --manifest m.jsonl --jobs 1 -v'
      $P batch --files-from names $rest 2> log & run=$!
      # Whatever becomes of this script, or the test would wait for it for ever.
      trap 'kill -9 $run 2> kill.log; true' EXIT
      while [ "$(grep -c converted m.jsonl.journal 2>/dev/null)" != 13 ]; do
        kill -0 $run || { cat log; exit 9; }
        sleep 0.02
      done
      # Another run with this manifest would mix up the lines.
      $P batch --files-from all $rest 2> second && exit 8
      grep -q 'm.jsonl: error: another run is writing it' second || { cat second; exit 7; }
      kill -\(signal) $run; wait $run
      [ -e m.jsonl ] && exit 6
      printf '{"path":"in/a' >> m.jsonl.journal
      echo "$(wc -l < m.jsonl.journal)"
      rm out/in/a/heap3.txt
      $P batch --files-from all $rest 2> log
      """)
    #expect(try tree.text("log").matches(of: /is current/).count == 12)
    #expect(try tree.text("log").matches(of: /converted in/).count == 1)
    #expect(!tree.exists("m.jsonl.journal"))
    #expect(try tree.shell("ls -A . out | grep tmp || true") == "")
    try tree.shell("$P batch --files-from all --to text --output-dir out2 --manifest m2.jsonl -q && diff -r out out2")
    #expect(try tree.timeless("m.jsonl") == tree.timeless("m2.jsonl"))
  }

  @Test func whatIsKnownOfFilesThatAreNotRunStaysKnown() throws {
    let tree = try RecordedTree(damaged: false)
    let arguments = ["--to", "text", "--output-dir", "out", "--manifest", "m.jsonl", "-v"]
    func run() throws -> Subprocess.Result { try Command.run(["batch", "-r", "in"] + arguments, in: tree.url) }
    #expect(try run().status == 0)
    let good = try tree.timeless("m.jsonl")
    try tree.shell("head -c 300 in/a/heap.pb.gz > in/a/aaa.pb.gz")
    #expect(try run().status == 3)
    try tree.shell("rm in/a/aaa.pb.gz")
    let result = try run()
    #expect(result.status == 0 && fates(result).allSatisfy { $0.hasPrefix("current ") })
    #expect(try tree.timeless("m.jsonl") == good)
  }

  @Test func checkGoesByTheManifestAndWritesNone() throws {
    #expect(try run("--check").status == 4)
    #expect(!tree.exists("m.jsonl") && !tree.exists("m.jsonl.journal"))
    _ = try run()
    let before = try tree.text("m.jsonl")
    let good = try run("--check", "-v")
    #expect(fates(good).count == 4 && fates(good).allSatisfy { $0.hasPrefix("current ") })
    try tree.shell("echo >> out/cpu.txt; rm out/a/heap.txt")
    let stale = try run("--check")
    #expect(stale.errors.contains("out/cpu.txt: is not what would be written"))
    #expect(stale.errors.contains("out/a/heap.txt: is missing"))
    #expect(try tree.text("m.jsonl") == before)
  }

  /// What expects a text cannot read gzip, and the other way round.
  @Test func whatIsNowGzipOrNotIsNotCurrent() throws {
    _ = try run()
    try tree.shell("gzip -c out/cpu.txt > x; mv x out/cpu.txt; zcat out/mutex.pb.gz > x; mv x out/mutex.pb.gz")
    let stale = try run("--check", "-v")
    #expect(fates(stale).count == 2)
    for name in ["cpu.txt", "mutex.pb.gz"] {
      #expect(stale.errors.contains("out/\(name): is not what would be written\n"), "\(stale.errors)")
    }
    #expect(
      fates(try run("-v")).filter { $0.hasPrefix("converted") } == ["converted cpu.pb.gz", "converted mutex.pb.gz"])
    #expect(try tree.shell("head -c 15 out/cpu.txt; gzip -t out/mutex.pb.gz") == "samples profile")
  }

  /// Each loss is compared to all others.
  @Test func aLineWithMoreLossesThanThereAreIsDamaged() throws {
    _ = try run()
    try tree.python(
      """
      import json
      lines = [json.loads(line) for line in open("m.jsonl")]
      loss = {"count": 1, "total": 1, "reason": "r"}
      for n, (key, make) in enumerate([
          ("losses", lambda i: dict(loss, field="f%d" % i)), ("notes", lambda i: "n%d" % i)]):
          lines[2 + n]["outputs"][0][key] = [make(i) for i in range(30000)]
      lines[5]["warnings"] = [{"kind": "k%d" % i, "message": "m", "count": 1} for i in range(30000)]
      open("m.jsonl", "w").writelines(json.dumps(line, separators=(",", ":")) + "\\n" for line in lines)
      """)
    #expect(
      try fates(run("-v")) == [
        "converted a/heap.pb.gz", "converted b/heap.txt", "converted cpu.pb.gz", "current mutex.pb.gz",
      ])
  }

  /// What is saved of a damaged input is known by the file as it is.
  @Test func whatWasRecoveredIsCurrentToo() throws {
    try tree.shell("head -c 900 in/b/heap.txt > in/cut.txt; gzip -c in/b/heap.txt | head -c 900 > in/a/cut.txt.gz")
    try tree.shell("gzip -c in/cut.txt > in/b/cut.txt.gz; rm in/a/cut.pb.gz")
    _ = try run("--recover")
    let known = try tree.timeless("m.jsonl")
    #expect(known.matches(of: /recovered [1-9]\d* samples/).count == 3)
    #expect(!known.split(separator: "\n").contains { $0.contains("\"converted\"") && $0.contains("\"sha256\":null") })
    #expect(try known.contains(tree.shell("sha256sum < in/a/cut.txt.gz").prefix(64)))
    let again = try run("--recover", "-v")
    #expect(fates(again).filter { $0.hasPrefix("current ") }.count == 7, "\(again.errors)")
    #expect(try run("--recover", "--exclude", "cut*").status == 0)
    #expect(try tree.timeless("m.jsonl").split(separator: "\n").sorted() == known.split(separator: "\n").sorted())
    try tree.shell("printf x >> in/a/cut.txt.gz")
    #expect(try fates(run("--recover", "-v")).filter { $0.hasPrefix("converted ") } == ["converted a/cut.txt.gz"])
  }

  @Test func namesOfAnyBytesComeBackFromTheManifest() throws {
    try tree.shell(
      #"printf 'a\377b\tc"\\\303\244\ne' > name; cp in/cpu.pb.gz "in/a/$(cat name).pb.gz"; rm in/a/cut.pb.gz"#)
    let first = try run("-v")
    #expect(first.status == 0, "\(first.errors)")
    let again = try run("-v")
    #expect(again.errors.matches(of: /is current/).count == 5, "\(again.errors)")
  }

  @Test func anyNumberOfReportsGoNowhere() throws {
    let nowhere = ["--report", "json=/dev/null", "--report", "junit=/dev/null"]
    let result = try Command.run(
      ["batch", "in/cpu.pb.gz", "--to", "text", "--output-dir", "out", "-q"] + nowhere, in: tree.url)
    #expect(result.status == 0, "\(result.errors)")
  }

  @Test(arguments: [
    (["--manifest", "m", "-u"], "--manifest knows by content what is current, -u by time"),
    (["--manifest", "-"], "--report jsonl prints its lines"),
    (["--manifest", "m", "--report", "json=m"], "two reports go to one place: m"),
    (["--report", "jsonl", "--report", "github"], "two reports go to one place: standard output"),
    (["--report", "json=in/cpu.pb.gz"], "in/cpu.pb.gz: error: this report is one of the inputs"),
    (["--manifest", "./in/cpu.pb.gz"], "is one of the inputs"),
    (["--report", "json=in/../out/cpu.txt"], "the output of “in/cpu.pb.gz” would have this one place, too"),
    (["--manifest", "m", "--report", "json=in/../m"], "in/../m: error: it and “m” would have one place"),
    (["--report", "junit"], "--report"), (["--report", "junit="], "--report"), (["--report", "pdf=x"], "--report"),
  ]) func whatMakesNoSenseIsAnErrorOfUsage(_ arguments: [String], _ words: String) throws {
    let result = try Command.run(
      ["batch", "-r", "in", "--to", "text", "--output-dir", "out"] + arguments, in: tree.url)
    #expect(result.status == 2)
    #expect(result.errors.contains(words), "\(result.errors)")
    #expect(!tree.exists("out"))
  }
}
