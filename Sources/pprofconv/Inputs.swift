internal import ArgumentParser
internal import PprofKit

/// Words on the command line to inputs.
enum Inputs {
  /// The one input of `convert`; nil where there is none and nobody would type one.
  static func one(_ argument: String?) throws -> ProfileInput? {
    guard let argument else { return OpenFile.input.isTerminal ? nil : .standardInput }
    return try input(argument)
  }

  /// A word where a command may stand, too.
  static func input(_ argument: String) throws -> ProfileInput {
    let isWord = argument.utf8.allSatisfy { byte in
      byte == UInt8(ascii: "-") || byte >= 0x80 || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
    // What looks like a word and is no file was perhaps meant as a command.
    if isWord, argument != "-", !argument.isEmpty, isMissing(argument) {
      let near = Spelling.nearest(argument, to: Pprofconv.verbs)
      throw ProfileError(
        .unreadable, "no such file or command",
        hint: near.map { "did you mean `pprofconv \($0)`?" } ?? "`pprofconv --help` lists the commands",
        file: argument)
    }
    return try file(argument)
  }

  /// A word where only a file may stand.
  static func file(_ argument: String) throws -> ProfileInput {
    if argument == "-" { return .standardInput }
    if argument.isEmpty {
      throw ProfileError(.option, "the name of the input is empty", hint: "is a variable of the shell not set?")
    }
    if argument.hasPrefix("http://") || argument.hasPrefix("https://") {
      throw ProfileError(
        .option, "URLs are not fetched",
        hint: "use `curl -fsS '\(quoted(argument))' | pprofconv -`", file: argument)
    }
    return .file(argument)
  }

  /// Whether a file is an executable program, which pprof takes before the profiles. Nothing is read of what is no file.
  static func isProgram(_ path: String) -> Bool {
    do throws(SystemError) {
      if try System.status(path).kind != .regular { return false }
      let head = try OpenFile.reading(path).read(4)
      return [[0x7f, 0x45, 0x4c, 0x46], [0xcf, 0xfa, 0xed, 0xfe]].contains(head)
    } catch {
      // Whoever reads it as a profile says why it cannot be read.
      return false
    }
  }

  /// As it stands between single quotes of a shell. By bytes: a mark behind a quote makes one character of the two.
  private static func quoted(_ word: String) -> String {
    let quote = UInt8(ascii: "'")
    return String(decoding: word.utf8.flatMap { $0 == quote ? Array("'\\''".utf8) : [$0] }, as: UTF8.self)
  }

  private static func isMissing(_ path: String) -> Bool { !System.exists(path) && System.linkTarget(path) == nil }
}
