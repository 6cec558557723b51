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
