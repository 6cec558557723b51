internal import PprofKit

/// Help as text of 80 columns, and as JSON for what derives from it.
enum Help {
  private static let width = 80
  private static let column = 24

  static var root: String {
    var text = wrapped(Root.summary) + "\n"
    for (i, line) in Root.usage.enumerated() { text += (i == 0 ? "USAGE: " : "       ") + line + "\n" }
    text += "\n"
    for line in Root.description.split(separator: "\n", omittingEmptySubsequences: false) {
      text += wrapped(String(line))
    }
    text += "\nCOMMANDS:\n"
    for verb in Root.verbs { text += entry(verb.name, verb.words().summary) }
    text += entry("help [COMMAND]", "What a command does; also: help pprof-flags.")
    text += "\nOPTIONS:\n" + entry("--version", "Show the version.") + entry("-h, --help", "Show this.")
    return text + entry("--generate-completion-script SHELL", "Completions for bash, zsh or fish.")
  }

  static func of(_ words: VerbWords) -> String {
    var text = wrapped(words.summary) + "\nUSAGE: \(words.usage)\n"
    if !words.examples.isEmpty { text += "\nEXAMPLES:\n" + words.examples.map { "  \($0)\n" }.joined() }
    if let operand = words.operand { text += "\nARGUMENTS:\n" + entry(operand.name, operand.help) }
    text += "\nOPTIONS:\n"
    for option in words.options { text += entry(title(option), option.help + (option.repeats ? " Repeatable." : "")) }
    return text + entry("-h, --help", "Show this.")
  }

  static func title(_ option: OptionWords) -> String {
    option.names.joined(separator: ", ") + (option.value.map { " " + $0 } ?? "")
  }

  private static func entry(_ title: String, _ help: String) -> String {
    let lines = fold(help, to: width - column)
    var text = "  " + title
    if text.count > column - 2 { text += "\n" } else { text += String(repeating: " ", count: column - text.count) }
    for (i, line) in lines.enumerated() {
      let isBesideTitle = i == 0 && !text.hasSuffix("\n")
      text += (isBesideTitle ? "" : String(repeating: " ", count: column)) + line + "\n"
    }
    return text
  }

  /// A line laid out by hand stays, any other is folded.
  private static func wrapped(_ line: String) -> String {
    if line.isEmpty || line.hasPrefix("  ") { return line + "\n" }
    return fold(line, to: width).joined(separator: "\n") + "\n"
  }

  private static func fold(_ text: String, to width: Int) -> [String] {
    var lines = [""]
    for word in text.split(separator: " ") {
      let last = lines[lines.count - 1]
      if last.isEmpty {
        lines[lines.count - 1] = String(word)
      } else if last.count + 1 + word.count <= width {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }

  /// Schema `pprofconv-help/1`.
  static var json: JSONValue {
    .object([
      ("schema", .string("pprofconv-help/1")), ("version", .string(Root.version)), ("summary", .string(Root.summary)),
      ("usage", .array(Root.usage.map(JSONValue.string))), ("description", .string(Root.description)),
      ("commands", .array(Root.verbs.map { json($0.words()) })),
    ])
  }

  private static func json(_ words: VerbWords) -> JSONValue {
    .object([
      ("name", .string(words.name)), ("summary", .string(words.summary)), ("usage", .string(words.usage)),
      ("operand", .optional(words.operand?.name)), ("operand_help", .optional(words.operand?.help)),
      ("examples", .array(words.examples.map(JSONValue.string))),
      (
        "options",
        .array(
          words.options.map { option in
            .object([
              ("names", .array(option.names.map(JSONValue.string))), ("value", .optional(option.value)),
              ("help", .string(option.help)), ("choices", .array(option.choices.map(JSONValue.string))),
              ("repeats", .bool(option.repeats)),
            ])
          })
      ),
    ])
  }
}
