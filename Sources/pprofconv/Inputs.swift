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
    if let error = unknownCommand(argument) { throw error }
    return try file(argument)
  }

  /// What is to be said of a word that looks like a command, is none, and no file either; nil of any other.
  static func unknownCommand(_ word: String) -> ProfileError? {
    let isWord = word.utf8.allSatisfy { byte in
      byte == UInt8(ascii: "-") || byte >= 0x80 || isLetter(byte) || isDigit(byte)
    }
    guard isWord, let first = word.utf8.first, first >= 0x80 || isLetter(first), isMissing(word) else { return nil }
    let hint = Spelling.instead(of: word) ?? meant(word).map { "did you mean `pprofconv \($0)`?" }
    return ProfileError(
      .unreadable, "no such file or command", hint: hint ?? "`pprofconv --help` lists the commands", file: word)
  }

  /// The command that somebody meant who typed `word`.
  private static func meant(_ word: String) -> String? {
    if word == "diff" { return "top -diff_base=OLD NEW" }
    // pprof's words.
    if word == "proto" { return "FILE -o x.pb.gz" }
    if word == "text" { return "top" }
    if ReportSpelling.pictures.contains(word) { return "graph FILE -o x.\(word)" }
    if Pprofconv.verbs.contains(word) { return word }
    if let near = Spelling.nearest(word, to: Pprofconv.verbs) { return near }
    let longer = Pprofconv.verbs.filter { $0.utf8.starts(with: word.utf8) }
    if word.utf8.count > 2, let verb = longer.first, longer.count == 1 { return verb }
    // `tree10`, as in pprof's shell, and `top-5`.
    let letters = String(decoding: word.utf8.prefix(while: isLetter), as: UTF8.self)
    guard letters.utf8.count < word.utf8.count, Pprofconv.verbs.contains(letters) else { return nil }
    let count = Int(String(decoding: word.utf8.drop { !isDigit($0) }.prefix(while: isDigit), as: UTF8.self))
    guard let count, ReportSpelling.shows(letters) else { return letters }
    return letters == "top" ? "top\(count)" : "\(letters) --nodecount \(count)"
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

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
