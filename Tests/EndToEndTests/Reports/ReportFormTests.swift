import Foundation
import TestSupport
import Testing

/// In what form a report is written: `--to`, `--csv`, `--json`, or the name of the file.
@Suite struct ReportFormTests {
  let heap: Heap
  init() throws { heap = try Heap() }

  private func text(_ arguments: String...) throws -> String {
    let result = try Command.run(arguments, in: heap.url)
    #expect(result.status == 0, "\(arguments): \(result.errors)")
    return result.text
  }

  @Test(arguments: [["top"], ["tree"], ["peek", "main"], ["traces"], ["tags"], ["list", "main.main"], ["comments"]])
  func everyTableHasEveryForm(_ verb: [String]) throws {
    func run(_ more: String...) throws -> Subprocess.Result {
      try Command.run(verb + ["heap.txt", "-q"] + more, in: heap.url)
    }
    #expect(try run("--to", "csv").output == run("--csv").output)
    #expect(try run("--to", "json").output == run("--json").output)
    #expect(try run("--to", "text").output == run().output)
    let markdown = try run("--to", "markdown")
    #expect(markdown.status == 0)
    let lines = markdown.text.split(separator: "\n").drop { !$0.hasPrefix("|") }
    #expect(lines.dropFirst().first?.hasPrefix("| -") == true)
    #expect(Set(lines.map { $0.count { $0 == "|" } }).count == 1)
    for (ending, form) in [("csv", "csv"), ("json", "json"), ("md", "markdown"), ("txt", "text")] {
      #expect(try run("-o", "out." + ending).status == 0)
      #expect(try heap.bytes("out." + ending) == run("--to", form).output)
    }
  }

  @Test func markdownOfTopIsThatOfConvert() throws {
    #expect(try text("top", "--to", "markdown", "heap.pb.gz") == text("heap.pb.gz", "--to", "markdown"))
  }

  @Test func pprofsSpellingWritesTextWhateverTheNameAndSaysNothing() throws {
    for name in ["t.csv", "t.json", "t.svg"] {
      #expect(try text("-top", "-output=" + name, "heap.pb.gz").isEmpty)
      #expect(try String(decoding: heap.bytes(name), as: UTF8.self) == text("-top", "heap.pb.gz"))
      #expect(try text("-peek=main", "-output=" + name, "heap.pb.gz").isEmpty)
      #expect(try String(decoding: heap.bytes(name), as: UTF8.self) == text("-peek=main", "heap.pb.gz"))
    }
    #expect(try text("-top", "--csv", "heap.pb.gz") == text("top", "--csv", "heap.pb.gz"))
    #expect(try text("-top", "--to", "csv", "heap.pb.gz") == text("top", "--csv", "heap.pb.gz"))
  }

  @Test func whatTheNameSaysGivesWayToTheOptions() throws {
    #expect(try text("top", "heap.pb.gz", "--to", "text", "-o", "t.svg").isEmpty)
    #expect(try text("top", "heap.pb.gz", "--json", "-o", "t.csv").isEmpty)
    #expect(try String(decoding: heap.bytes("t.csv"), as: UTF8.self).hasPrefix("{"))
  }

  @Test(arguments: [
    (["--csv", "--json"], "--csv or --json, not both"), (["--csv", "--to", "json"], "--csv or --to json, not both"),
    (["--json", "--to", "text"], "--json or --to text, not both"),
    (["--to", "svg"], "--to svg: a report is text, csv, json, markdown"),
    (["-o", "x.svg"], "top is a table, and not written as .svg\n  hint: a picture is made by `pprofconv flamegraph`"),
    (["-o", "x.PNG"], "top is a table, and not written as .png\n  hint: a picture is made by `pprofconv flamegraph`"),
    (["-o", "x.pb.gz"], "top is a table, and not written as .gz\n  hint: `pprofconv FILE -o x.pb.gz` converts"),
    (["-o", "x.speedscope.json"], "top is a table, and not written as .json\n  hint: `pprofconv flamegraph` writes"),
  ])
  func whatDoesNotGoTogetherIsRefused(_ options: [String], _ message: String) throws {
    let names = try heap.names
    let result = try Command.run(["top", "heap.pb.gz"] + options, in: heap.url)
    #expect(result.status == 2)
    let errors =
      result.errors.hasPrefix("{") ? result.errors : result.errors.components(separatedBy: "error: ").last ?? ""
    #expect(errors.contains(message), "\(result.errors)")
    #expect(try heap.names == names)
  }

  @Test(arguments: [
    ("dot", "y.svg", "dot is Graphviz's text, and not written as .svg", "`pprofconv graph` or `pprofconv flamegraph`"),
    ("dot", "y.PNG", "dot is Graphviz's text, and not written as .png", "`pprofconv graph`"),
    ("callgrind", "y.json", "callgrind is for KCachegrind, and not written as .json", "`pprofconv FILE -o x.json`"),
    ("raw", "y.pb.gz", "raw is text, and not written as .gz", "`pprofconv FILE -o x.pb.gz` converts"),
    (
      "topproto", "y.json", "topproto is a gzip'd profile.proto, and not written as .json", "`pprofconv FILE -o x.json`"
    ),
    (
      "topproto", "y.txt", "topproto is a gzip'd profile.proto, and not written as .txt",
      "`pprofconv top FILE -o x.txt`"
    ),
    ("tags", "y.folded", "tags is a table, and not written as .folded", "`pprofconv FILE -o x.folded` converts"),
    ("traces", "y.gv", "traces is a table, and not written as .gv", "`pprofconv graph`"),
  ])
  func whatIsNamedLikeSomethingElseIsRefused(_ verb: String, _ name: String, _ words: String, _ hint: String) throws {
    let names = try heap.names
    let result = try Command.run(verb, "heap.pb.gz", "-o", name, in: heap.url)
    #expect(result.status == 2)
    #expect(
      result.errors.hasPrefix("\(name): error: \(words)\n  hint: ") && result.errors.contains(hint), "\(result.errors)")
    #expect(try heap.names == names)
    // pprof writes what is asked for, whatever the name.
    #expect(try text("-" + verb, "heap.pb.gz", "-output=" + name).isEmpty)
    if verb != "topproto" {
      #expect(try String(decoding: heap.bytes(name), as: UTF8.self) == text("-" + verb, "heap.pb.gz"))
    }
  }

  @Test(arguments: [
    ("dot", ["y.dot", "y.gv", "y.txt", "y.out", "y"]), ("callgrind", ["callgrind.out.7", "y.callgrind", "y.txt"]),
    ("raw", ["y.raw", "y.txt", "y.log"]), ("topproto", ["y.pb.gz", "y.pb", "y.prof", "y.pprof", "y.top", "y"]),
  ])
  func whatItsNameSaysNothingAgainstIsWritten(_ verb: String, _ names: [String]) throws {
    for name in names { #expect(try text(verb, "heap.pb.gz", "-o", name).isEmpty) }
    #expect(try Set(heap.names).isSuperset(of: names))
  }

  @Test func top10IsOneOfPprofsOptionsToo() throws {
    #expect(try text("-top3", "-cum", "heap.pb.gz") == text("top", "--nodecount=3", "--cum", "heap.pb.gz"))
  }

  /// 1536000 and 1536001 bytes are 1.46MB both.
  @Test func labelsThatAreNumbersAreWholeInTables() throws {
    try heap.write(
      """
      {"pprofconv": 1, "sample_types": [{"type": "n", "unit": "count"}],
      "samples": [
        {"values": [4], "stack": [0], "labels": [{"key": "bytes", "num": 1536000, "unit": "bytes"},
          {"key": "a; b", "str": "=x: \\"y\\""}]},
        {"values": [2], "stack": [0], "labels": [{"key": "bytes", "num": 1536001, "unit": "bytes"},
          {"key": "bytes", "num": 7}]},
        {"values": [1], "stack": [0], "labels": [{"key": "n", "num": -3}]},
        {"values": [1], "stack": [0]}
      ],
      "locations": [{"address": "0x10", "lines": [{"function": 0, "line": 1}]}],
      "functions": [{"name": "main.main", "file": "main.go"}]}
      """, to: "labels.json")
    #expect(
      try text("tags", "--csv", "labels.json", "-q") == """
        key,value,flat,flat_percent,num,unit
        a; b,"'=x: ""y""\",4,50.0,,
        bytes,1.46MB,4,50.0,1536000,bytes
        bytes,1.46MB,2,25.0,1536001,bytes
        bytes,7B,2,25.0,7,
        n,'-3,1,12.5,-3,

        """)
    let rows = try #require(Self.rows(try text("tags", "--json", "labels.json", "-q")))
    #expect(rows.compactMap { $0["num"] as? Int } == [1_536_000, 1_536_001, 7, -3])
    #expect(rows.first?["num"] is NSNull && rows.first?["unit"] is NSNull)
    let traces = try text("traces", "--json", "labels.json", "-q").filter { !$0.isWhitespace }
    for set in [
      #"[{"key":"a;b","str":"=x:\"y\""},{"key":"bytes","num":1536000,"unit":"bytes"}]"#,
      #"[{"key":"bytes","num":1536001,"unit":"bytes"},{"key":"bytes","num":7}]"#, #"[{"key":"n","num":-3}]"#, "[]",
    ] {
      #expect(traces.contains(",\"label_set\":" + set + "}"), "\(traces)")
    }
    #expect(traces.contains(#""labels":"a;b:=x:\"y\";bytes:1.46MB""#))
    let csv = try text("traces", "--csv", "labels.json", "-q").split(separator: "\n")
    #expect(csv[0] == "value,labels,stack,label_set")
    #expect(
      csv[2].hasSuffix(
        #",main.main,"[{""key"":""bytes"",""num"":1536001,""unit"":""bytes""},{""key"":""bytes"",""num"":7}]""#))
    #expect(csv[4] == "1,,main.main,")
    #expect(try text("traces", "--to", "markdown", "labels.json", "-q").contains("| value | labels | stack |\n"))
    // As pprof has it, numbers that are printed alike are one.
    #expect(try text("tags", "labels.json", "-q").contains("6 (75.00%): 1.46MB"))
  }

  private static func rows(_ json: String) throws -> [[String: Any]]? {
    (try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])?["rows"] as? [[String: Any]]
  }

  @Test(arguments: ["raw", "dot", "callgrind", "topproto", "graph"])
  func whatIsNoTableDoesNotOfferItsFormsAndRefusesThemByName(_ verb: String) throws {
    let help = try text(verb, "--help")
    #expect(!help.contains("--csv") && !help.contains("--json"))
    let result = try Command.run(verb, "heap.pb.gz", "--csv", in: heap.url)
    #expect(result.status == 2)
    #expect(result.errors.contains("\(verb) is no table that could be written as CSV"), "\(result.errors)")
  }

  @Test(arguments: [["-top", "-tree"], ["top", "-peek=main"], ["-list=main", "-traces"]])
  func oneReportAtATimeIsMade(_ options: [String]) throws {
    let result = try Command.run(options + ["heap.pb.gz"], in: heap.url)
    #expect(result.status == 2)
    #expect(result.errors.contains(": one report at a time is made\n  hint: "), "\(result.errors)")
    #expect(try text("-top", "-tree=false", "heap.pb.gz") == text("top", "heap.pb.gz"))
  }

  // MARK: Several inputs

  @Test(arguments: [
    ["top", "heap.pb.gz", "heap.txt"], ["merge", "heap.pb.gz", "heap.txt", "-o", "x.pb"],
    ["heap.pb.gz", "-base=heap.txt", "-o", "x.pb"], ["flamegraph", "heap.pb.gz", "heap.txt", "-o", "x.svg"],
  ])
  func aWarningNamesTheInputThatItIsAbout(_ arguments: [String]) throws {
    let result = try Command.run(arguments, in: heap.url)
    #expect(result.status == 0)
    #expect(
      result.errors.hasPrefix("heap.txt: warning: ") && !result.errors.contains("heap.pb.gz: "), "\(result.errors)")
    let json = try Command.run(arguments + ["--json"], in: heap.url)
    // A picture knows no --json.
    if arguments[0] != "flamegraph" {
      #expect(json.errors.contains("\"kind\":\"not-kept\"") && json.errors.contains("\"file\":\"heap.txt\""))
    }
  }

  @Test func whatIsAboutAllInputsNamesNone() throws {
    let unknown = Fixture.file("pb/valid/synthetic-unknown-fields.in").path
    let result = try Command.run("merge", unknown, unknown, "-o", "x.pb", in: heap.url)
    #expect(result.errors == "pprofconv: warning: unknown fields of 4 messages are left out of what is merged\n")
  }
}
