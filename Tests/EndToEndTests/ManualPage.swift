import Foundation
import TestSupport
import Testing

/// The manual page, made of what the command says of itself.
struct ManualPage {
  struct Dump: Decodable {
    var command: Verb
  }

  struct Verb: Decodable {
    var commandName: String
    var abstract: String?
    var discussion: String?
    var shouldDisplay: Bool
    var arguments: [Argument]?
    var subcommands: [Verb]?
  }

  struct Argument: Decodable {
    struct Name: Decodable {
      var kind: String
      var name: String
      var spelled: String { (kind == "long" ? "--" : "-") + name }
    }
    var kind: String
    var names: [Name]?
    var valueName: String?
    var abstract: String?
    var allValues: [String]?
    var isRepeating: Bool
    var shouldDisplay: Bool
  }

  let root: Verb
  let version: String
  let pprofFlags: String

  init() throws {
    let dump = try Command.run("--experimental-dump-help")
    root = try JSONDecoder().decode(Dump.self, from: dump.output).command
    version = try Command.run("--version").text.trimmingCharacters(in: .whitespacesAndNewlines)
    pprofFlags = try Command.run("help", "pprof-flags").text
  }

  /// The commands that help shows, but for help itself.
  var verbs: [Verb] { (root.subcommands ?? []).filter { $0.shouldDisplay && $0.commandName != "help" } }

  var text: String {
    var page = """
      .\\" Made by the test theManualPageIsCurrent; UPDATE_GOLDENS=1 makes it again.
      .TH PPROFCONV 1 "" "\(version)" "User Commands"
      .SH NAME
      pprofconv \\- convert Go profiles between text and profile.proto
      .SH SYNOPSIS
      .B pprofconv
      .I INPUT
      [\\fB\\-o\\fR [\\fIFORMAT\\fR:]\\fIPATH\\fR]... [\\fIOPTIONS\\fR]
      .br
      .B pprofconv
      .I COMMAND
      \\&...
      .SH DESCRIPTION

      """
    page += Self.escaped(root.abstract ?? "") + "\n.PP\n"
    page += Self.paragraphs(root.discussion ?? "", heading: ".SS")
    for verb in verbs {
      page += ".SH COMMAND \(verb.commandName.uppercased())\n" + Self.escaped(verb.abstract ?? "") + "\n"
      for argument in verb.arguments ?? [] where argument.shouldDisplay { page += Self.entry(argument) }
      let discussion = Self.paragraphs(verb.discussion ?? "", heading: ".SS")
      // What is no section of its own is not of the last option.
      page += (discussion.hasPrefix(".") ? "" : ".PP\n") + discussion
    }
    page += ".SH OPTIONS OF GO TOOL PPROF\n" + Self.paragraphs(pprofFlags, heading: ".SS")
    return page + ".SH SEE ALSO\n.BR go (1),\n.B go tool pprof\n"
  }

  private static func entry(_ argument: Argument) -> String {
    let value = argument.valueName.map { "\\fI\(escaped($0))\\fR" } ?? ""
    var title = (argument.names ?? []).map { "\\fB\(escaped($0.spelled))\\fR" }.joined(separator: ", ")
    if argument.kind == "option" { title += " " + value }
    if argument.kind == "positional" { title = value }
    if argument.isRepeating { title += " ..." }
    var what = argument.abstract ?? ""
    if let values = argument.allValues { what += " (\(values.joined(separator: ", ")))" }
    return ".TP\n\(title)\n\(escaped(what))\n"
  }

  /// Text as help has it: a line of capitals with a colon is a heading, lines with two blanks before them stay as they are.
  private static func paragraphs(_ text: String, heading: String) -> String {
    var page = ""
    var isLiteral = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let literal = line.hasPrefix("  ")
      if literal != isLiteral { page += literal ? ".nf\n" : ".fi\n" }
      isLiteral = literal
      if line.isEmpty {
        page += ".PP\n"
      } else if line.hasSuffix(":"), line == line.uppercased() {
        page += "\(heading) \(line.dropLast())\n"
      } else {
        page += escaped(String(line)) + "\n"
      }
    }
    return page + (isLiteral ? ".fi\n" : "")
  }

  private static func escaped(_ text: String) -> String {
    let escaped = text.replacing("\\", with: "\\e").replacing("-", with: "\\-")
    // A dot or an apostrophe at the beginning would be a request.
    return escaped.hasPrefix(".") || escaped.hasPrefix("'") ? "\\&" + escaped : escaped
  }
}

@Suite struct ManualPageTests {
  private let file = Repository.root.appending(path: "Sources/pprofconv/Documentation/pprofconv.1")

  @Test func theManualPageIsCurrent() throws {
    let page = try ManualPage().text
    let committed = try? String(contentsOf: file, encoding: .utf8)
    if committed != page, ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] == "1" {
      try page.write(to: file, atomically: true, encoding: .utf8)
    }
    #expect(
      committed == page, "the manual page is not what the command says of itself: UPDATE_GOLDENS=1 makes it again")
  }

  @Test func whatStandsBehindTheOptionsIsNoneOfThem() throws {
    let page = try ManualPage().text
    #expect(page.contains("\nShow help information.\n.PP\nTimes are UTC unless TZ is set."))
    // Each of a pair says what it does itself.
    #expect(page.contains("\n\\fB\\-\\-no\\-carry\\fR\nEnd it without that block"))
  }

  /// Whatever is added: nothing without a word on it.
  @Test func everyArgumentOfEveryCommandIsExplained() throws {
    let page = try ManualPage()
    #expect(page.verbs.map(\.commandName).contains("convert"))
    for verb in page.verbs {
      #expect(verb.abstract?.isEmpty == false, "\(verb.commandName)")
      for argument in verb.arguments ?? [] where argument.shouldDisplay {
        #expect(argument.abstract?.isEmpty == false, "\(verb.commandName) \(argument.names?.last?.spelled ?? "")")
      }
    }
  }

  @Test func helpNamesEveryOptionAndStaysInEightyColumns() throws {
    let page = try ManualPage()
    for verb in page.verbs {
      let help = try Command.run("help", verb.commandName, environment: ["COLUMNS": "80"]).text
      for name in (verb.arguments ?? []).filter(\.shouldDisplay).flatMap({ $0.names ?? [] }) where name.kind == "long" {
        #expect(help.contains(name.spelled), "\(verb.commandName) \(name.spelled)")
      }
      for line in help.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    }
    // Lines that are laid out by hand are not broken.
    let root = try Command.run("--help").text
    #expect(root.contains("\n  pprofconv heap.pb.gz -o debug1:heap.txt  Go's own text, and back without loss\n"))
    #expect(root.contains("\n  -o [FORMAT:]PATH   where to, repeatable; FORMAT: or the ending tells how\n"))
  }

  @Test func theRootHelpNamesNothingThatNoCommandHas() throws {
    let page = try ManualPage()
    var known = Set(page.verbs.flatMap { $0.arguments ?? [] }.flatMap { ($0.names ?? []).map(\.spelled) })
    // ArgumentParser's own, of the root, which no help lists; a test of completions tries it.
    known.insert("--generate-completion-script")
    let text = (page.root.discussion ?? "").replacing("curl -fsS", with: "curl")
    let named = text.matches(of: /(^|\s)(--?[a-z][a-z-]*)/).map { String($0.2) }
    #expect(named.count > 10)
    // One dash, as pprof has it, is read too.
    for option in named { #expect(known.contains(option) || known.contains("-" + option), "\(option)") }
  }
}
