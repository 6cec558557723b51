internal import ArgumentParser
internal import PprofKit

/// Words on the command line to inputs.
enum Inputs {
  /// The one input of `convert`; nil where there is none and nobody would type one.
  static func one(_ argument: String?) throws -> ProfileInput? {
    guard let argument else { return OpenFile.input.isTerminal ? nil : .standardInput }
    return try input(argument)
  }

  static func input(_ argument: String) throws -> ProfileInput {
    if argument == "-" { return .standardInput }
    if argument.isEmpty {
      throw ProfileError(.option, "the name of the input is empty", hint: "is a variable of the shell not set?")
    }
    if argument.hasPrefix("http://") || argument.hasPrefix("https://") {
      throw ProfileError(
        .option, "URLs are not fetched",
        hint: "use `curl -fsS '\(argument.replacing("'", with: "'\\''"))' | pprofconv -`", file: argument)
    }
    // What looks like a word and is no file was perhaps meant as a command.
    if argument.allSatisfy({ $0.isLetter || $0 == "-" }), !System.exists(argument),
      System.linkTarget(argument) == nil
    {
      let near = Spelling.nearest(argument, to: Pprofconv.verbs)
      throw ProfileError(
        .unreadable, "no such file or command",
        hint: near.map { "did you mean `pprofconv \($0)`?" } ?? "`pprofconv --help` lists the commands",
        file: argument)
    }
    return .file(argument)
  }
}
