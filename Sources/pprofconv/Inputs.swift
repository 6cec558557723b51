internal import PprofKit

/// Words on the command line to inputs.
enum Inputs {
  /// What an operand names; without one standard input, if nobody would have to type it.
  static func one(_ argument: String?) throws(ProfileError) -> ProfileInput {
    guard let argument else {
      if OpenFile.input.isTerminal {
        throw ProfileError(
          .option, "no input: name a file, or - for standard input", hint: "`pprofconv --help` shows how")
      }
      return .standardInput
    }
    if argument == "-" { return .standardInput }
    if argument.hasPrefix("http://") || argument.hasPrefix("https://") {
      throw ProfileError(
        .option, "URLs are not fetched", hint: "use `curl -fsS '\(argument)' | pprofconv -`", file: argument)
    }
    // What looks like a word and is no file was perhaps meant as a command.
    if argument.allSatisfy({ $0.isLetter || $0 == "-" }), !System.exists(argument) {
      let near = Spelling.nearest(argument, to: Root.verbs.map(\.name))
      throw ProfileError(
        .unreadable, "no such file or command",
        hint: near.map { "did you mean `pprofconv \($0)`?" } ?? "`pprofconv --help` lists the commands",
        file: argument)
    }
    return .file(argument)
  }
}
