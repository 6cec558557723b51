import Foundation
import TestSupport
import Testing

/// The manual page, made of what the command says of itself.
struct ManualPage {
  struct Words: Decodable {
    var schema: String
    var version: String
    var summary: String
    var description: String
    var commands: [Verb]
  }

  struct Verb: Decodable {
    var name: String
    var summary: String
    var usage: String
    var operand: String?
    var operand_help: String?
    var examples: [String]
    var options: [Option]
  }

  struct Option: Decodable {
    var names: [String]
    var value: String?
    var help: String
    var choices: [String]
    var repeats: Bool
  }

  let root: Words
  let pprofFlags: String

  init() throws {
    root = try JSONDecoder().decode(Words.self, from: try Command.run("help", "--json").output)
    pprofFlags = try Command.run("help", "pprof-flags").text
  }

  var text: String {
    var page = """
      .\\" Made by the test theManualPageIsCurrent; UPDATE_GOLDENS=1 makes it again.
      .TH PPROFCONV 1 "" "pprofconv \(root.version)" "User Commands"
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
    page += Self.escaped(root.summary) + "\n.PP\n"
    page += Self.paragraphs(root.description, heading: ".SS")
    for verb in root.commands {
      page +=
        ".SH COMMAND \(verb.name.uppercased())\n.B \(Self.escaped(verb.usage))\n.PP\n\(Self.escaped(verb.summary))\n"
      if let operand = verb.operand { page += Self.entry("\\fI\(Self.escaped(operand))\\fR", verb.operand_help ?? "") }
      for option in verb.options {
        var title = option.names.map { "\\fB\(Self.escaped($0))\\fR" }.joined(separator: ", ")
        if let value = option.value { title += " \\fI\(Self.escaped(value))\\fR" }
        page += Self.entry(title, option.help + (option.repeats ? " Repeatable." : ""))
      }
      if !verb.examples.isEmpty {
        page += ".SS EXAMPLES\n.nf\n" + verb.examples.map { "  " + Self.escaped($0) + "\n" }.joined() + ".fi\n"
      }
    }
    page += ".SH OPTIONS OF GO TOOL PPROF\n" + Self.paragraphs(pprofFlags, heading: ".SS")
    return page + ".SH SEE ALSO\n.BR go (1),\n.B go tool pprof\n"
  }

  private static func entry(_ title: String, _ help: String) -> String { ".TP\n\(title)\n\(escaped(help))\n" }

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

  /// Whatever is added: nothing without a word on it.
  @Test func everyOptionOfEveryCommandIsExplained() throws {
    let page = try ManualPage()
    #expect(page.root.schema == "pprofconv-help/1")
    #expect(Set(page.root.commands.map(\.name)).isSuperset(of: ["convert", "info", "formats"]))
    for verb in page.root.commands {
      #expect(verb.summary.hasSuffix("."), "\(verb.name)")
      for option in verb.options { #expect(option.help.hasSuffix("."), "\(verb.name) \(option.names)") }
      let names = verb.options.flatMap(\.names)
      #expect(Set(names).count == names.count, "a name of \(verb.name) stands twice")
    }
  }

  @Test func helpNamesEveryOptionAndStaysInEightyColumns() throws {
    for verb in try ManualPage().root.commands {
      let help = try Command.run("help", verb.name).text
      #expect(try Command.run(verb.name, "--help").text == help)
      for name in verb.options.flatMap(\.names) {
        #expect(help.contains("  " + name) || help.contains(", " + name), "\(name)")
      }
      for line in help.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    }
    let root = try Command.run("--help").text
    #expect(try Command.run("help").text == root)
    for line in root.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    for verb in try ManualPage().root.commands { #expect(root.contains("\n  \(verb.name) ")) }
  }

  @Test func theRootHelpNamesNothingThatConvertDoesNotHave() throws {
    let page = try ManualPage()
    let convert = try #require(page.root.commands.first { $0.name == "convert" })
    let known = Set(convert.options.flatMap(\.names) + ["--help"])
    let text = page.root.description.replacing("curl -fsS", with: "curl")
    let named = text.matches(of: /(^|\s)(--?[a-z][a-z-]*)/).map { String($0.2) }
    #expect(named.count > 10)
    for option in named { #expect(known.contains(option), "\(option)") }
  }
}
