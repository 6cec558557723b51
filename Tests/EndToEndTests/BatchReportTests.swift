import Foundation
import TestSupport
import Testing

@Suite struct BatchReportTests {
  private let tree: RecordedTree
  /// Markup of every report in a name, and what no XML can hold.
  private static let evil = "a<b>&\"'|`*_%,:;]]>\u{1}\u{1b}[31m\n@me #1 \u{fffe}.pb.gz"

  init() throws {
    tree = try RecordedTree()
    try tree.write(Data(contentsOf: tree.folder.file("in/a/cut.pb.gz")), to: "in/" + Self.evil)
    try tree.shell(#"cp in/a/cut.pb.gz "$(printf 'in/not\377utf8.pb.gz')""#)
  }

  private func run(_ reports: String..., environment: [String: String] = [:]) throws -> Subprocess.Result {
    let arguments = ["batch", "-r", "in", "--to", "text", "--output-dir", "out", "-k", "-f"]
    return try Command.run(
      arguments + reports.flatMap { ["--report", $0] }, environment: environment, in: tree.url)
  }

  @Test func junitIsReadByWhatReadsJUnit() throws {
    #expect(try run("junit=j.xml").status == 4)
    try tree.shell("xmllint --noout j.xml")
    let said = try tree.python(
      """
      import junitparser
      xml = junitparser.JUnitXml.fromfile("j.xml")
      suites = list(xml)
      print(xml.tests, xml.failures, xml.errors, xml.skipped, len(suites), suites[0].tests, suites[0].failures)
      print(abs(sum(c.time for c in suites[0]) - suites[0].time) < 1e-5, len({(c.classname, c.name) for c in suites[0]}))
      for case in suites[0]:
          result = case.result[0] if case.result else None
          print(ascii(case.classname), ascii(case.name), type(result).__name__, result.type if result is not None else "", sep="|")
          if case.name.endswith("cut.pb.gz"): print(result.message); print(result.text)
          if case.name.endswith("heap.txt"): print(case.system_out)
      """)
    let lines = said.split(separator: "\n").map(String.init)
    #expect(lines.prefix(2) == ["8 3 0 1 1 8 3", "True 8"])
    let evil = #"a<b>&"\'|`*_%,:;]]>\ufffd\ufffd[31m\n@me #1 \ufffd.pb.gz"#
    #expect(said.contains("'in'|'in/\(evil)'|Failure|truncated\n"), "\(said)")
    #expect(said.contains(#"'in'|'in/not\\xffutf8.pb.gz'|Failure|truncated"#), "\(said)")
    #expect(said.contains("'in/a'|'in/a/heap.pb.gz'|NoneType|\n"))
    #expect(said.contains("'in/b'|'in/b/notes.md'|Skipped|"))
    #expect(
      said.contains(
        "byte 0x12c: gzip data ends in the middle\nbyte 0x12c: gzip data ends in the middle\nhint: the download or copy was cut off: fetch it again; --recover saves"
      ))
    #expect(said.contains("18 addresses of hidden and inlined frames"))
  }

  /// As the runner undoes it.
  private func unescaped(_ text: Substring) -> String {
    [("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")].reduce(String(text)) {
      $0.replacing($1.0, with: $1.1)
    }
  }

  @Test func githubsAnnotationsAreCommandsThatItUnderstands() throws {
    let result = try run("github")
    let lines = result.text.split(separator: "\n")
    #expect(lines.count == 4)
    let commands = lines.compactMap {
      $0.wholeMatch(of: /::(error|warning) file=([^,:]*),title=([^,:]*)::(.*)/)?.output
    }
    #expect(commands.count == 4)
    let files = Set(commands.map { unescaped($0.2) })
    let evil = Self.evil.replacing("\u{1}", with: "\u{fffd}").replacing("\u{1b}", with: "\u{fffd}")
    #expect(files == ["in/a/cut.pb.gz", "in/" + evil, #"in/not\xffutf8.pb.gz"#, "in/b/heap.txt"], "\(files)")
    #expect(commands.allSatisfy { unescaped($0.3).hasPrefix("pprofconv: ") })
    let first = try #require(commands.first)
    #expect(unescaped(first.4).contains("gzip data ends in the middle\nhint: the download"))
  }

  @Test func noMoreThanGitHubShowsAndThenHowMany() throws {
    try tree.shell("for i in $(seq 12); do cp in/a/cut.pb.gz in/a/cut$i.pb.gz; cp in/b/heap.txt in/b/heap$i.txt; done")
    let text = try run("github").text
    #expect(text.matches(of: #/(?m)^::error /#).count == 10)
    #expect(text.matches(of: #/(?m)^::warning /#).count == 10)
    #expect(text.contains("::error title=pprofconv::and 6 more; the log has them all\n"))
    #expect(text.contains("::warning title=pprofconv::and 4 more; the log has them all\n"))
    try tree.shell("rm in/a/cut[1-5].pb.gz; rm in/not*; rm in/a/cut6.pb.gz")
    #expect(try run("github").text.matches(of: /(?m)^::error file=/).count == 8)
  }

  @Test func githubGetsPathsInTheRepository() throws {
    try tree.shell("mkdir -p repo && mv in repo/in")
    let result = try Command.run(
      "batch", "-r", tree.folder.file("repo/in/a").path, "--to", "text", "--output-dir", "out", "-k", "--report",
      "github",
      environment: ["GITHUB_WORKSPACE": tree.folder.file("repo").path], in: tree.url)
    #expect(result.text.contains("::error file=in/a/cut.pb.gz,"), "\(result.text)")
  }

  @Test func theSummaryOfAJobIsATableThatNamesCannotBreak() throws {
    #expect(try run("markdown=s.md").status == 4)
    let text = try tree.text("s.md")
    #expect(text.hasPrefix("## ❌ pprofconv batch\n\n8 files: **4** converted, **3** failed, **1** no profile; "))
    #expect(text.contains("| cpu | 1 | 147 |\n"))
    for line in text.split(separator: "\n") where line.hasPrefix("| in/") {
      #expect(line.count(where: { $0 == "|" }) == 3, "\(line)")
      #expect(!line.contains(/[<>`*_@"']/), "\(line)")
    }
    #expect(text.contains("| in/a&#60;b&#62;&#38;&#34;&#39;&#124;&#96;&#42;&#95;%,&#58;;&#93;&#93;&#62;"))
  }

  @Test func whatOthersWroteIntoTheSummaryOfAStepStays() throws {
    try tree.write(Data("# Before\n".utf8), to: "s.md")
    _ = try run("markdown=s.md", environment: ["GITHUB_STEP_SUMMARY": "s.md"])
    #expect(try tree.text("s.md").hasPrefix("# Before\n\n## ❌ pprofconv batch\n"))
    // Any other file is replaced.
    _ = try run("markdown=s.md")
    #expect(try tree.text("s.md").hasPrefix("## ❌ pprofconv batch\n"))
  }

  @Test func aReportThatCannotBeWrittenIsSaidBeforeAnythingIs() throws {
    let result = try run("junit=nowhere/j.xml")
    #expect(result.status == 5)
    #expect(result.errors.contains("nowhere/j.xml: error: cannot write: there is no folder nowhere/"))
    #expect(!tree.exists("out"))
  }

  @Test func linesComeAsFilesAreDoneToWhoReadsThem() throws {
    // A pipe that nobody writes to: what came before it is told all the same.
    let said = try tree.shell(
      """
      mkfifo pipe lines; printf 'in/a/heap.pb.gz\\nin/cpu.pb.gz\\npipe\\n' > names
      $P batch --files-from names --to text --output-dir out2 --jobs 1 -q --report jsonl > lines & run=$!
      trap 'kill -9 $run 2> kill.log; true' EXIT
      exec 3< lines; read -r first <&3; read -r second <&3; printf '%s\\n%s\\n' "$first" "$second"
      """)
    let paths = said.matches(of: /(?m)^\{"path":"([^"]*)"/).map { String($0.1) }
    #expect(paths == ["in/a/heap.pb.gz", "in/cpu.pb.gz"])
  }

  @Test func progressIsALineOnATerminalAndLinesElsewhere() throws {
    try tree.shell("mkfifo pipe; printf 'in/a/heap.pb.gz\\nin/cpu.pb.gz\\npipe\\n' > names")
    let said = try tree.python(
      """
      import os, pty, select, signal, struct, fcntl, termios, time
      def run(columns, *more, env={}):
          pid, fd = pty.fork()
          if pid == 0:
              for name in "COLUMNS", "NO_COLOR": os.environ.pop(name, None)
              os.environ.update({"TERM": "xterm", **env})
              fcntl.ioctl(2, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
              os.execv(os.environ["P"], ["pprofconv", "batch", "--files-from", "names", "--to", "text", "--output-dir",
                       "out%d" % os.getpid(), "--jobs", "1", *more])
          # Two lines of progress, and then the third file ends the run.
          text = b""
          end = time.time() + 60
          while text.count(b"files/s") < 2 and time.time() < end and not env and not more:
              if select.select([fd], [], [], 1)[0]: text += os.read(fd, 4096)
          with open("pipe", "wb") as pipe: pipe.write(open("in/a/heap.pb.gz", "rb").read())
          try:
              while True:
                  piece = os.read(fd, 4096)
                  if not piece: break
                  text += piece
          except OSError: pass
          os.waitpid(pid, 0)
          return text.decode()
      for columns in 200, 40:
          text = run(columns)
          lines = [l for l in text.replace("\\n", "\\r").split("\\r") if "files" in l and "%" in l]
          width = max(len(l.replace("\\x1b[K", "")) for l in lines)
          print(columns, width < columns, "2/3 files, 99 %" in text, all(l.endswith("\\x1b[K") for l in lines), "\\r\\x1b[K" in text)
      for env, more in ({"NO_COLOR": "1"}, ()), ({"TERM": "dumb"}, ()), ({}, ("-q",)):
          print("\\x1b" in run(80, *more, env=env))
      """)
    #expect(said == "200 True True True True\n40 True True True True\nFalse\nFalse\nFalse\n", "\(said)")
  }

  @Test(arguments: [
    ("mkdir out; echo mine > out/cpu.txt", 5, "it exists already"),
    ("rm -r in/*", 3, "there is no input"),
    ("echo mine > out", 5, "cannot write into the output directory"),
    ("echo mine > m.jsonl", 3, "it is no manifest of pprofconv"),
    ("cp in/b/heap.txt in/cpu.txt", 2, "would have this one place"),
  ]) func aBatchThatIsRefusedReplacesTheReportsOfTheOneBefore(_ script: String, _ status: Int32, _ words: String) throws
  {
    let tree = try RecordedTree(damaged: false)
    let reports = [
      "--manifest", "m.jsonl", "--report", "junit=j.xml", "--report", "markdown=m.md", "--report", "json=r.json",
      "--report",
      "github=g.txt", "--report", "jsonl=l.jsonl",
    ]
    func run() throws -> Subprocess.Result {
      try Command.run(["batch", "-r", "in", "--to", "text", "--output-dir", "out"] + reports, in: tree.url)
    }
    #expect(try run().status == 0)
    #expect(try tree.text("j.xml").contains("tests=\"5\" failures=\"0\" errors=\"0\""))
    try tree.shell("rm -r out m.jsonl; \(script)")
    let result = try run()
    #expect(result.status == status && result.errors.contains(words), "\(result.errors)")
    let said = try tree.python(
      """
      import json, os, jsonschema, junitparser
      suite, = junitparser.JUnitXml.fromfile("j.xml")
      case, = suite
      assert (suite.tests, suite.failures, suite.errors) == (1, 0, 1)
      verdict, = case.result
      assert type(verdict) is junitparser.Error
      report = json.load(open("r.json"))
      schema = json.load(open(os.environ["ROOT"] + "/Sources/PprofKit/Batch/batch.schema.json"))
      jsonschema.Draft202012Validator(schema).validate(report)
      assert report["counts"]["failed"] == 1 and verdict.message.endswith(report["files"][0]["error"]["message"])
      print(verdict.message)
      """)
    #expect(said.contains(words))
    #expect(
      try tree.text("m.md").hasPrefix(
        "## ❌ pprofconv batch\n\nIt was refused before it began: nothing was converted.\n"))
    #expect(try tree.text("m.md").contains(words))
    #expect(try tree.text("g.txt").hasPrefix("::error ") && tree.text("g.txt").contains(words))
    #expect(try tree.text("l.jsonl") == "")
  }

  /// Before there is a plan nobody knows what stands where the reports go.
  @Test func aBatchThatIsRefusedReplacesNothingButReports() throws {
    let tree = try RecordedTree(damaged: false)
    try tree.shell("cp in/cpu.pb.gz kept; : > list")
    let result = try Command.run(
      ["batch", "--files-from", "list", "--to", "text", "--output-dir", "out", "--report", "json=kept"], in: tree.url)
    #expect(result.status == 3)
    try tree.shell("cmp in/cpu.pb.gz kept")
    // What is wrong with how it was called is nothing to publish.
    #expect(try tree.batch("--to", "text", "--output-dir", "out", "--report", "json=./in/cpu.pb.gz").status == 2)
    try tree.shell("cmp in/cpu.pb.gz kept")
  }
}
