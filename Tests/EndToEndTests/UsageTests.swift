import Foundation
import TestSupport
import Testing

@Suite struct UsageTests {
  @Test(arguments: [["top", "heap.pb.gz"], ["flamegraph", "heap.pb.gz"], ["graph", "heap.pb.gz"]])
  func aReportGoesToOnePlace(_ words: [String]) throws {
    let heap = try Heap()
    let before = try heap.names
    let result = try Command.run(words + ["-o", "a.svg", "-o", "b.svg"], in: heap.url)
    #expect(result.status == 2)
    #expect(result.errors.contains("-o a.svg and -o b.svg: a report or a picture goes to one place"))
    #expect(try heap.names == before)
  }

  @Test(arguments: [["merge", "-o", "sum.pb"], ["top"], ["flamegraph", "-o", "x.svg"]])
  func profilesOfDifferentThingsAreBadInputs(_ words: [String]) throws {
    let heap = try Heap()
    let cpu = Fixture.file("pb/valid/go1.27-default-cpu.in").path
    let result = try Command.run(words + [heap.path("heap.pb.gz"), cpu])
    #expect(result.status == 3)
    #expect(result.errors.contains("no sample type in common"), "\(result.errors)")
  }

  @Test(arguments: [
    ["top"], ["-top"], ["dot"], ["topproto"], ["peek", "."], ["flamegraph"], ["flamegraph", "--to", "speedscope"],
    ["convert", "--to", "svg"],
  ])
  func aProfileWithoutSampleTypesIsABadInput(_ words: [String]) throws {
    let folder = try TemporaryFolder()
    // A table of strings, which holds the empty one.
    try Data([0x32, 0]).write(to: folder.file("none.pb"))
    let result = try Command.run(words + ["none.pb"], in: folder.url)
    #expect(result.status == 3 && result.output.isEmpty)
    #expect(result.errors.hasPrefix("none.pb: error: the profile has no sample types"), "\(result.errors)")
  }

  @Test(arguments: [
    (["top", "FILE", "-unit"], "Missing value for '--unit <unit>'"),
    (["top", "FILE", "-sample_index"], "Missing value for '--sample-index <type>'"),
    (["flamegraph", "FILE", "-focus"], "Missing value for '--focus <regex>'"),
    (["top", "FILE", "-nodecount"], "Missing value for '--nodecount <count>'"),
    (["top", "FILE", "-tools"], "-tools: no value follows it"),
    (["-topp", "FILE"], "Unknown option '-topp'. Did you mean '-top'?"),
    (["FILE", "-tops"], "Unknown option '-tops'. Did you mean '-top'?"),
    (["FILE", "-foo"], "Unknown option '-foo'"),
    (["-top", "-dpt", "FILE"], "Unknown option '-dpt'. Did you mean '-dot'?"),
    (["-svg", "-png", "FILE"], "-svg and -png: one report at a time is made"),
    (["flamegraph", "FILE", "--divide-by", "0"], "a picture's values cannot be divided by 0\n"),
    (["flamegraph", "FILE", "--min-width=-1"], "frames of at least -1 pixels\n"),
    (
      ["FILE", "--sort", "bogus"],
      "bpprof's inusebytes, allocbytes, inuseobjects, allocobjects are words for these, too"
    ),
  ])
  func whatIsWrongIsSaidAsItWasTyped(_ words: [String], _ message: String) throws {
    let heap = Fixture.file("command/heap.pb.gz").path
    let result = try Command.run(words.map { $0 == "FILE" ? heap : $0 })
    #expect(result.status != 0 && result.output.isEmpty)
    #expect(result.errors.contains(message) && !result.errors.contains("   or: "), "\(result.errors)")
  }

  @Test(arguments: [[], ["--json"]])
  func nothingInANameTurnsTheLineThatTellsOfIt(_ json: [String]) throws {
    let folder = try TemporaryFolder()
    let shown = json.isEmpty ? "\\u{202e}gnp.exe\\u{e0001}" : "\\u202egnp.exe\\udb40\\udc01"
    let name = "\u{202e}gnp.exe\u{e0001}"
    let missing = try Command.run(["info", name + ".pb"] + json, in: folder.url)
    #expect(missing.status == 3 && missing.errors.contains(shown + ".pb"), "\(missing.errors)")
    let labels: [[String: Any]] = ["kg", "bytes" + name].map { ["key": "k" + name, "num": 5, "unit": $0] }
    let profile: [String: Any] = [
      "pprofconv": 1, "sample_types": [["type": "n", "unit": "count"]],
      "samples": labels.map { ["values": [1], "stack": [0], "labels": [$0]] as [String: Any] },
      "locations": [["address": "0x10", "lines": [["function": 0, "line": 1]]]],
      "functions": [["name": "main.main", "file": "main.go"]],
    ]
    try JSONSerialization.data(withJSONObject: profile).write(to: folder.file("x.json"))
    let warned = try Command.run(["tags", "x.json"] + json, in: folder.url)
    #expect(warned.status == 0 && warned.errors.contains("k\(shown) used unit"), "\(warned.errors)")
    for text in [missing.errors, warned.errors] {
      #expect(!text.unicodeScalars.contains { $0.properties.generalCategory == .format })
      if json.isEmpty { continue }
      let lines = try text.split(separator: "\n").map { try JSONSerialization.jsonObject(with: Data($0.utf8)) }
      #expect("\(lines)".contains(name))
    }
  }

  @Test func aReportThatIsAskedForTwiceIsMadeOnce() throws {
    let heap = Fixture.file("command/heap.pb.gz").path
    let five = try Command.run("top5", heap).text
    #expect(five.split(separator: "\n").count > 6)
    for words in [
      ["-top5", "-top"], ["-top", "-top5"], ["top5", "-top"], ["-top9", "-text", "-top5"], ["-top5", "-dot=false"],
    ] {
      let result = try Command.run(words + [heap])
      #expect(result.status == 0 && result.text == five, "\(words): \(result.errors)")
    }
    #expect(try Command.run("-dot", "-dot", heap).text == Command.run("dot", heap).text)
    #expect(try Command.run("graph", "-svg", heap).text.contains("<svg"))
    // No report is asked for, and none of pprof's either: what is left is a conversion.
    let folded = try Command.run(heap, "--to", "folded").text
    for word in ["-text=false", "-top=false", "-svg=0", "-dot=F", "-top5=false"] {
      let result = try Command.run(word, heap, "--to", "folded")
      #expect(result.status == 0 && result.text == folded, "\(word): \(result.errors)")
    }
  }

  @Test(arguments: [["-nosuch", "heap.pb.gz"], ["top", "-noh", "heap.pb.gz"], ["batch", "-batch"], ["-t5h"]])
  func aTypoWithAnHIsNoRequestForHelp(_ words: [String]) throws {
    let result = try Command.run(words)
    #expect(result.status == 2)
    #expect(result.output.isEmpty)
    #expect(result.errors.contains("Unknown option '\(words.first { $0.hasPrefix("-") } ?? "")'"), "\(result.errors)")
  }

  @Test(arguments: [
    (["--no-such-option"], "Unknown option '--no-such-option'"),
    (["a.pb", "b.pb"], "one input at a time: a.pb, b.pb"),
    (["x", "--group", "stacks"], "The value 'stacks' is invalid for '--group <how>'"),
    (["x", "--level", "10"], "--level 10 is not 0 to 9"),
    (["x", "--jobs", "0"], "--jobs 0 is not at least 1"),
    (["x", "--max-inflated", "lots"], "The value 'lots' is invalid for '--max-inflated <size>'"),
    (["x", "-o", ""], "-o needs the name of a file"),
    (["x", "-o", "text:"], "-o needs the name of a file"),
    (["top", "x", "-o", ""], "-o needs the name of a file"),
    (["-top", "x", "-o", ""], "-o needs the name of a file"),
    (["flamegraph", "x", "-o", ""], "-o needs the name of a file"),
    (["top", "x", "--cum", "--flat"], "--cum and --flat exclude each other\n  hint: choose one"),
    (["-top", "-flat", "-cum", "x"], "--flat and --cum exclude each other\n  hint: choose one"),
    (["tree", "x", "--lines", "--files"], "--lines and --files exclude each other\n  hint: choose one"),
    (["x", "--check"], "--check needs the file to check: -o FILE"),
    (["x", "--level", "-1"], "--level -1 is not 0 to 9"),
    (["info", "x", "--top", "-1"], "--top -1 is not at least 0"),
    (
      ["-weblist=main", "x"], "-weblist=main: pprofconv opens no programs and reads no binaries\n  hint: sources with "
    ),
    (["-http=:8080", "x"], "hint: a page for any browser: `pprofconv flamegraph FILE -o x.html`"),
    (["--web", "x"], "the graph: `pprofconv -svg FILE -o x.svg`"),
    (["-top", "-http=:8080", "x"], "hint: a page for any browser: `pprofconv flamegraph FILE -o x.html`"),
    (["-top", "-weblist=main", "x"], "hint: sources with numbers: `pprofconv list PATTERN FILE`"),
    (["top", "-web", "x"], "the graph: `pprofconv -svg FILE -o x.svg`"),
    (
      ["tree", "--kcachegrind=true", "x"], "hint: the file that it opens: `pprofconv -callgrind FILE -o callgrind.out`"
    ),
    (["-top", "-mean=maybe", "x"], "-mean=maybe: “maybe” is no truth (true or false)"),
    (["-top", "-nodecount", "1e3", "x"], "-nodecount: “1e3” is no whole number"),
    (["-top", "-nodefraction=1e400", "x"], "-nodefraction=1e400: “1e400” is no number"),
    (["-peek"], "-peek: no pattern follows it"),
    (["-peek=", "x"], "-peek=: no pattern follows it\n  hint: -peek=main FILE; -peek=. is all"),
    (["-list=", "x"], "-list=: no pattern follows it\n  hint: -list=main FILE; -list=. is all"),
    (["-interactive", "x"], "hint: there is no shell to type in: `pprofconv top FILE`"),
    (["help", "nosuch"], "there is no command “nosuch”\n  hint: `pprofconv --help` lists the commands"),
    (["help", "inof"], "there is no command “inof”\n  hint: did you mean `pprofconv help info`?"),
  ])
  func wrongUsageIsExitCode2WithOneLineOfWords(_ arguments: [String], _ words: String) throws {
    let result = try Command.run(arguments)
    #expect(result.status == 2)
    #expect(result.output.isEmpty)
    #expect(result.errors.hasPrefix("pprofconv: error: "))
    #expect(result.errors.contains(words))
    // The message and the way to the help; no usage dump.
    #expect(result.errors.split(separator: "\n").count <= 3)
  }

  @Test(arguments: ["x.PNG", "x.png.gz", ".x.pdf", "a/b.c/x.xlsx", "x.zip"])
  func anEndingOfSomethingElseIsNotFilledWithSomethingElse(_ name: String) throws {
    let heap = try Heap()
    let before = try heap.names
    let result = try Command.run("heap.pb.gz", "-o", name, in: heap.url)
    #expect(result.status == 2)
    #expect(
      result.errors.contains("“\(name)” does not say which format to write\n  hint: name one with --to FORMAT: pb.gz, ")
    )
    #expect(try heap.names == before)
  }

  @Test(arguments: [
    ("x", "text"), ("heap.2026", "text"), (".x", "text"), ("x.1.csv", "csv"), ("raw:x.svg", "raw"), ("mem.out", "text"),
    ("heap.profile", "text"), ("heap.2026-11-21T10Z", "text"), ("x.xyz", "text"),
  ])
  func aNameWhoseEndingSaysNothingIsTheOtherSide(_ name: String, _ format: String) throws {
    let heap = try Heap()
    let result = try Command.run("heap.pb.gz", "-o", name, "-v", in: heap.url)
    #expect(result.status == 0)
    #expect(result.errors.contains("pprofconv: wrote \(name.split(separator: ":").last ?? ""): \(format), "))
  }

  @Test func hintsNameFlagsAndNotWhatTheLibraryCallsThem() throws {
    let heap = try Heap()
    for arguments in [
      ["heap.pb.gz", "--strict"], ["heap.pb.gz", "--max-inflated", "1K"], ["heap.txt", "--max-line", "9"],
      ["heap.pb.gz", "--sample-type", "inuse_space"], ["heap.pb.gz", "-o", "x.png"],
    ] {
      let result = try Command.run(arguments, in: heap.url)
      #expect(result.status != 0)
      let hint = result.errors.split(separator: "\n").first { $0.hasPrefix("  hint: ") } ?? ""
      #expect(hint.contains(/--[a-z]/) && !hint.contains(/[a-z][A-Z]/), "\(result.errors)")
    }
  }

  @Test(arguments: [["-", "--to", "nonsense"], ["-", "--from", "nonsense"]])
  func anUnknownFormatListsTheKnownOnes(_ arguments: [String]) throws {
    let result = try Command.run(arguments, input: Data("x".utf8))
    #expect(result.status == 2)
    #expect(result.errors.contains("no format “nonsense” is "))
    #expect(result.errors.contains("hint: "))
  }

  @Test(arguments: ["http://localhost:6060/debug/pprof/heap", "https://example.com/p?seconds=5&x=1"])
  func aURLIsAnsweredWithTheLineToPaste(_ url: String) throws {
    let result = try Command.run(url, "-o", "x.txt")
    #expect(result.status == 2)
    #expect(result.errors.contains("`curl -fsS '\(url)' | pprofconv -`"))
  }

  @Test func aCommandThatThereIsNotYetIsNoInput() throws {
    let result = try Command.run("frobnicate", "heap.pb.gz")
    #expect(result.status == 3)
    #expect(result.errors.hasPrefix("frobnicate: error: no such file or command\n  hint: `pprofconv --help` lists"))
  }

  @Test(arguments: ["top", "flamegraph", "info"])
  func aReportTakesAWordForAFile(_ verb: String) throws {
    let result = try Command.run(verb, "nofile")
    #expect(result.status == 3)
    #expect(result.errors == "nofile: error: cannot read: no such file or directory\n")
  }

  @Test(arguments: ["peek", "list"])
  func aFileInThePlaceOfThePatternIsNotWaitedFor(_ verb: String) throws {
    let heap = try Heap()
    let result = try Command.run(verb, "heap.pb.gz", in: heap.url)
    #expect(result.status == 2)
    #expect(result.errors.contains("\(verb) takes a pattern and then files: `pprofconv \(verb) main heap.pb.gz`"))
  }

  @Test func helpKnowsTop10() throws {
    #expect(try Command.run("help", "top10").text == Command.run("help", "top").text)
  }

  @Test(arguments: [("inof", "info"), ("fromats", "formats"), ("convrt", "convert")])
  func aMistypedCommandIsGuessed(_ typed: String, _ meant: String) throws {
    let result = try Command.run(typed)
    #expect(result.status == 3)
    #expect(result.errors == "\(typed): error: no such file or command\n  hint: did you mean `pprofconv \(meant)`?\n")
  }

  @Test(arguments: [
    ("tree10", "tree --nodecount 10"), ("top-5", "top5"), ("top10x", "top10"), ("peek10", "peek --nodecount 10"),
    ("diff", "top -diff_base=OLD NEW"),
  ])
  func aCommandThatIsNearlyOneIsGuessedBesideItsFilesToo(_ typed: String, _ meant: String) throws {
    for more in [["heap.pb.gz"], ["main", "heap.pb.gz"]] {
      let result = try Command.run([typed] + more)
      #expect(result.status == 3)
      #expect(result.errors == "\(typed): error: no such file or command\n  hint: did you mean `pprofconv \(meant)`?\n")
    }
  }

  @Test(arguments: ["topp", "gate", "tree10"], ["--help", "-h"])
  func theHelpOfWhatIsNoCommandIsAnError(_ word: String, _ help: String) throws {
    let result = try Command.run(word, help)
    #expect(result.status == 2)
    #expect(result.text.isEmpty && result.errors.hasPrefix("\(word): error: no such file or command\n  hint: "))
  }

  @Test func optionsWithoutAValueMayStandBeforeTheCommand() throws {
    let heap = try Heap()
    for (before, after) in [
      (["-q", "info"], ["info", "-q"]), (["--json", "info"], ["info", "--json"]), (["-q", "top3"], ["top3", "-q"]),
      (["-v", "merge"], ["merge", "-v"]),
    ] {
      let result = try Command.run(before + ["heap.txt"], in: heap.url)
      let other = try Command.run(after + ["heap.txt"], in: heap.url)
      #expect(result.status == 0)
      #expect(result.output == other.output && result.errors == other.errors, "\(result.errors)")
    }
    let late = try Command.run("--sort", "alloc_space", "info", "heap.txt", in: heap.url)
    #expect(late.status == 2)
    #expect(late.errors.contains("the command comes first, its options behind it: `pprofconv info FILE "))
  }

  @Test func helpSaysHowToGetCompletions() throws {
    #expect(try Command.run("--help").text.contains("--generate-completion-script bash"))
  }

  /// The real bash, asked as its completion asks.
  @Test(arguments: [
    ("pprofconv he", "heap.pb heap.pb.gz heap.txt help"), ("pprofconv topp", "topproto"),
    ("pprofconv --st", "--strict"),
    ("pprofconv heap.txt --to sp", "speedscope"), ("pprofconv --to sp", "speedscope"),
    ("pprofconv heap.txt --str", "--strict"), ("pprofconv heap.txt -o heap.p", "heap.pb heap.pb.gz"),
    ("pprofconv top --foc", "--focus"), ("pprofconv top heap.p", "heap.pb heap.pb.gz"),
  ]) func bashCompletesWhereNoCommandIsNamedToo(_ line: String, _ words: String) throws {
    let heap = try Heap()
    try heap.write(
      """
      . ./completions; shopt -s extglob
      COMP_LINE='\(line)' COMP_WORDS=(\(line)) COMPREPLY=()
      COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMP_POINT=${#COMP_LINE}
      _pprofconv pprofconv "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
      printf '%s\\n' "${COMPREPLY[@]}" | LC_ALL=C sort | tr '\\n' ' '
      """, to: "ask.sh")
    let result = try Command.shell("$P --generate-completion-script bash > completions; bash ask.sh", in: heap.url)
    #expect(result.text == words + " ", "\(result.errors)")
  }

  @Test(arguments: [
    (
      ["heap.txt", "-drop_negative", "-o", "x.pb.gz"], "-drop_negative shapes reports",
      "`pprofconv top -drop_negative FILE`"
    ),
    (["bacth", "-r", "."], "no such file or command", "did you mean `pprofconv batch`?"),
    (["heap.txt", "--mean"], "--mean shapes reports", "`pprofconv top --mean FILE`"),
    (["heap.txt", "-lines", "-o", "x.dot"], "-lines shapes reports", "`pprofconv graph -lines FILE -o x.dot`"),
    (
      ["heap.txt", "-nodecount=3", "-ox.svg"], "-nodecount=3 shapes reports",
      "`pprofconv graph -nodecount=3 FILE -o x.svg`"
    ),
    (
      ["heap.txt", "-nodecount", "3", "-o", "callgrind:x"], "-nodecount shapes reports",
      "`pprofconv callgrind -nodecount=VALUE FILE -o x.callgrind`"
    ),
    (["heap.txt", "-lines", "--to", "html"], "-lines shapes reports", "`pprofconv flamegraph -lines FILE -o x.html`"),
    (
      ["heap.txt", "-o", "dubug1:x"], "there is no format “dubug1”",
      "did you mean `-o debug1:x`? A file of that name is `-o ./dubug1:x`"
    ),
    (["heap.txt", "-o", "speedscop:x"], "there is no format “speedscop”", "did you mean `-o speedscope:x`?"),
    (["top", "heap.txt", "-o", "json:x"], "-o json:x: FORMAT: before the name is of `convert`", "--help"),
    (["flamegraph", "heap.txt", "-o", "html:x"], "-o html:x: FORMAT: before the name is of `convert`", "--help"),
  ]) func whatStandsInTheWrongPlaceIsSaid(_ arguments: [String], _ words: String, _ hint: String) throws {
    let heap = try Heap()
    let result = try Command.run(arguments, in: heap.url)
    #expect(result.status == 2 && result.errors.contains(": error: " + words), "\(result.errors)")
    #expect(result.errors.contains(hint))
    #expect(try heap.names == ["go.pb.gz", "heap.pb", "heap.pb.gz", "heap.txt"])
  }

  @Test(arguments: [
    ("web", "hint: a page for any browser: "), ("weblist", "hint: sources with numbers: `pprofconv list PATTERN FILE`"),
    ("disasm", "hint: lines with numbers: `pprofconv list PATTERN FILE`"), ("text", "did you mean `pprofconv top`?"),
    ("proto", "did you mean `pprofconv FILE -o x.pb.gz`?"), ("svg", "did you mean `pprofconv graph FILE -o x.svg`?"),
    ("flame", "did you mean `pprofconv flamegraph`?"), ("interactive", "hint: there is no shell to type in: "),
  ]) func pprofsWordsAreAnsweredWithWhatThereIs(_ word: String, _ hint: String) throws {
    let heap = try Heap()
    let result = try Command.run(word, "heap.txt", in: heap.url)
    #expect(result.status == 3 && result.errors.hasPrefix("\(word): error: no such file or command\n"))
    #expect(result.errors.contains(hint), "\(result.errors)")
  }

  @Test(arguments: ["top -unit", "-traces -focus", "-focus", "flamegraph --hide"])
  func anOptionThatTookTheInputIsNamed(_ words: String) throws {
    let heap = try Heap()
    let option = words.split(separator: " ").last ?? ""
    let result = try Command.shell("$P \(words) heap.txt < /dev/null", in: heap.url)
    #expect(result.status == 3)
    #expect(
      result.errors.hasSuffix(
        "hint: \(option) took heap.txt for its value, and no input is left: `\(option)=VALUE heap.txt`\n"),
      "\(result.errors)")
    // Who means a file's name reads what comes through the pipe.
    #expect(try Command.shell("$P \(words) heap.txt < heap.pb.gz > /dev/null", in: heap.url).status == 0)
  }

  /// What only looks like a format with a colon is the name of a file.
  @Test(arguments: ["C:x", "2026:x", "host:x", "./dubug1:x"]) func aNameWithAColonIsAName(_ name: String) throws {
    let heap = try Heap()
    #expect(try Command.run("heap.txt", "-o", name, "--to", "pb", in: heap.url).status == 0)
    #expect(FileManager.default.fileExists(atPath: heap.folder.file(name).path))
  }

  @Test func anErrorOfUsageHasItsHintInJSONToo() throws {
    let result = try Command.run("--bogus", "--json")
    #expect(result.status == 2)
    #expect(result.errors.contains("\"hint\":\"`pprofconv --help` shows how it is used\""))
  }

  @Test(arguments: [["", "-o", "a.pb"], ["info", ""]])
  func anEmptyNameIsSaid(_ arguments: [String]) throws {
    let result = try Command.run(arguments)
    #expect(result.status == 2)
    #expect(result.errors.hasPrefix("pprofconv: error: the name of the input is empty\n  hint: "))
  }

  @Test(arguments: ["dangling", "dangling.pb.gz"])
  func aLinkToNothingIsSaid(_ name: String) throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createSymbolicLink(
      atPath: folder.file(name).path, withDestinationPath: "no/such.pb.gz")
    let result = try Command.run(name, in: folder.url)
    #expect(result.status == 3)
    #expect(
      result.errors == "\(name): error: cannot read: it is a link to “no/such.pb.gz”, which does not exist\n")
  }

  @Test(arguments: ["a\nb", String(repeating: "x", count: 70_000)])
  func namesOfTheInputKeepAnErrorOneShortLine(_ type: String) throws {
    let heap = try Heap()
    _ = try Command.run("heap.pb.gz", "-o", "json:a.json", in: heap.url)
    let name = type.replacing("\n", with: "\\n")
    try heap.write(
      String(decoding: heap.bytes("a.json"), as: UTF8.self).replacing("alloc_objects", with: name), to: "b.json")
    let result = try Command.run("b.json", "--sort", "none such", in: heap.url)
    #expect(result.status == 2)
    let lines = result.errors.split(separator: "\n")
    #expect(lines.count == 2 && lines.last?.hasPrefix("  hint: ") == true, "\(result.errors.prefix(2000))")
    #expect(lines.allSatisfy { $0.count < 1000 })
    #expect(lines.first?.contains("none such") == true)
  }

  @Test func aFileNamedLikeACommandIsReachedByItsPath() throws {
    let heap = try Heap()
    try FileManager.default.copyItem(at: heap.folder.file("heap.pb.gz"), to: heap.folder.file("info"))
    let result = try Command.run("./info", "-o", "a.pb", in: heap.url)
    #expect(result.status == 0)
    #expect(try heap.bytes("a.pb") == heap.bytes("heap.pb"))
  }

  @Test func noInputAndATerminalIsUsage() throws {
    // script(1) gives its command a terminal.
    guard FileManager.default.isExecutableFile(atPath: "/usr/bin/script") else { return }
    let heap = try Heap()
    let bare = try Command.shell("script -qec \"$P; echo =\\$?\" /dev/null < /dev/null", in: heap.url)
    #expect(bare.text.contains("no input: name a file, or - for standard input"))
    #expect(bare.text.contains("=2"))
    let binary = try Command.shell("script -qec \"$P heap.txt; echo =\\$?\" /dev/null < /dev/null", in: heap.url)
    #expect(binary.text.contains("pb.gz is not for a terminal"))
    #expect(binary.text.contains("hint: name a file: -o FILE"))
    #expect(binary.text.contains("=2"))
  }

  @Test(arguments: [
    ["-proto", "-output=a.pb.gz"], ["-proto", "-output", "a.pb.gz"], ["--proto=true", "-oa.pb.gz"],
    ["-proto=false", "-oa.pb.gz"],
  ])
  func pprofsSpellingsAreUnderstood(_ options: [String]) throws {
    let heap = try Heap()
    let result = try Command.run(options + ["heap.pb.gz"], in: heap.url)
    #expect(result.status == 0)
    #expect(try Heap.inflated(heap.folder.file("a.pb.gz")) == heap.bytes("heap.pb"))
  }

  @Test func optionsOfReportsChangeNothingOfAProto() throws {
    let heap = try Heap()
    let plain = try Command.run("-proto", "heap.pb.gz", "-o", "plain.pb", in: heap.url)
    #expect(plain.status == 0, "\(plain.errors)")
    let result = try Command.run(
      ["-proto", "-lines", "-nodecount", "5", "-cum=true", "-sample_index=alloc_objects", "-trim_path=/", "heap.pb.gz"]
        + ["-output=other.pb"], in: heap.url)
    #expect(result.status == 0, "\(result.errors)")
    #expect(try heap.bytes("plain.pb") == heap.bytes("other.pb"))
    // Values that something divided would be others.
    #expect(try Command.run("-proto", "-divide_by=2", "heap.pb.gz", "-o", "x.pb", in: heap.url).status == 2)
  }

  /// What shows one sample type shows the one that counts.
  @Test(
    arguments: ["-sample_index=alloc_space", "-alloc_space", "--sort=alloc_space"],
    [("top", "top"), ("dot", "dot"), ("svg", "flamegraph"), ("markdown", "")])
  func aConversionToAReportHasTheTypeThatWasAskedFor(_ option: String, _ report: (format: String, verb: String)) throws
  {
    let heap = try Heap()
    let words = ["heap.pb.gz", "--to", report.format]
    let asked = try Command.run(words + [option], in: heap.url)
    #expect(asked.status == 0, "\(asked.errors)")
    #expect(asked.text.contains(/alloc(_|&#95;)space/))
    if report.verb != "" {
      let shown = try Command.run([report.verb, "--sample-index=alloc_space", "heap.pb.gz"], in: heap.url)
      #expect(asked.text == shown.text)
    }
    #expect(try !Command.run(words, in: heap.url).text.contains(/alloc(_|&#95;)space/))
    #expect(try Command.run(words + ["-sample_index=nosuch"], in: heap.url).status == 2)
  }

  @Test(arguments: [["-sample_index=alloc_space"], ["--sample-index", "alloc_space"], ["-alloc_space"], ["--sort=1"]])
  func pprofsSampleIndexSortsATextForPeople(_ options: [String]) throws {
    let heap = try Heap()
    let want = try Command.run("heap.pb.gz", "--sort", "alloc_space", "-q", in: heap.url)
    let got = try Command.run(options + ["heap.pb.gz", "-q"], in: heap.url)
    #expect(want.status == 0 && want.output.count > 1000)
    #expect(got.output == want.output)
  }

  @Test func behindTwoDashesNothingIsAnOption() throws {
    let heap = try Heap()
    try FileManager.default.copyItem(at: heap.folder.file("heap.pb.gz"), to: heap.folder.file("-proto"))
    let result = try Command.run("-o", "a.pb", "--", "-proto", in: heap.url)
    #expect(result.status == 0)
    #expect(try heap.bytes("a.pb") == heap.bytes("heap.pb"))
  }

  @Test func helpForPprofsFlagsListsEachOfThem() throws {
    let text = try Command.run("help", "pprof-flags").text
    for flag in ["-output", "-proto", "-sample_index", "-inuse_space", "-alloc_objects"] {
      #expect(text.contains("\n  \(flag)"))
    }
  }

  @Test func theVersionIsOneLine() throws {
    let result = try Command.run("--version")
    #expect(result.status == 0)
    #expect(result.text.hasPrefix("pprofconv ") && result.text.split(separator: "\n").count == 1)
  }

  @Test(arguments: ["bash", "zsh", "fish"]) func completionsKnowTheVerbsAndFormats(_ shell: String) throws {
    let result = try Command.run("--generate-completion-script", shell)
    #expect(result.status == 0)
    for word in ["info", "formats", "convert", "pb.gz", "stack+labels", "max-inflated"] {
      #expect(result.text.contains(word), "\(word) in the completions of \(shell)")
    }
  }
}
