internal import ArgumentParser
internal import PprofKit

/// Arguments to a command, the command to its end, errors to words and an exit code.
@main enum Main {
  static func main() {
    System.fillStandardDescriptors()
    let temporaries = TemporaryFiles()
    Signals.watch(temporaries)
    System.exitNow(run(System.arguments, temporaries).rawValue)
  }

  private static func run(_ arguments: [String], _ temporaries: TemporaryFiles) -> ExitStatus {
    var terminal = Terminal(json: arguments.contains("--json"))
    // Without the tree of commands, which takes milliseconds to make.
    if arguments == ["--version"] { return terminal.print(Version.string + "\n") }
    do {
      if let error = unknownCommandOfHelp(arguments) { throw error }
      if let conversion = PlainConversion(arguments) {
        return try conversion.run(Context(terminal: terminal, temporaries: temporaries))
      }
      let spelled = try Spelling.ours(Spelling.verbFirst(arguments))
      terminal.verb = spelled.first.flatMap { Pprofconv.verbs.contains($0) ? $0 : nil }
      terminal.takenInput = Spelling.takenInput(arguments)
      let command = try conversion(spelled) ?? Pprofconv.parseAsRoot(spelled)
      if let verb = command as? any Verb {
        return try verb.run(Context(terminal: terminal, temporaries: temporaries))
      }
      // `help`, which ArgumentParser does by itself, by throwing it.
      try perform(command)
      return .done
    } catch var error as ProfileError {
      if error.code == .empty, error.file == ProfileInput.standardInput.name, let taken = terminal.takenInput {
        error.hint = taken
      }
      if error.code != .closedPipe { terminal.show(error) }
      return ExitStatus(error)
    } catch {
      return usage(error, arguments, terminal)
    }
  }

  /// The default verb, parsed without the tree of commands around it, which takes as long as to convert a small profile. nil
  /// where another verb is meant, or help, or nothing that `convert` understands: the tree has the words for that.
  private static func conversion(_ arguments: [String]) -> (any ParsableCommand)? {
    guard let first = arguments.first, first != "help" else { return nil }
    // `pprof-flags` too, which is no verb that anybody types.
    if Pprofconv.configuration.subcommands.contains(where: { $0.configuration.commandName == first }) { return nil }
    do { return try ConvertVerb<NoTransforms>.parse(arguments) } catch {}
    do { return try Convert.parse(arguments) } catch { return nil }
  }

  private static func perform(_ command: some ParsableCommand) throws {
    var command = command
    try command.run()
  }

  /// What ArgumentParser throws: requests for help, and errors of usage.
  private static func usage(_ error: any Error, _ arguments: [String], _ terminal: Terminal) -> ExitStatus {
    let text = Pprofconv.fullMessage(for: error)
    if Pprofconv.exitCode(for: error).isSuccess {
      if let word = mistakenForHelp(arguments) {
        terminal.showUsage("Unknown option '\(word)'")
        return .usage
      }
      return terminal.print(Completions.script(text) + "\n")
    }
    if let first = arguments.first, first != "help", !Pprofconv.isVerb(first),
      var error = Inputs.unknownCommand(first), error.hint?.hasPrefix("did you mean") == true
    {
      error.code = .option
      terminal.show(error)
      return .usage
    }
    if [nil, "convert", "merge", "batch"].contains(terminal.verb), let error = Spelling.ofReports(arguments) {
      terminal.show(error)
      return .usage
    }
    terminal.showUsage(wholeWord(Pprofconv.message(for: error), arguments))
    return .usage
  }

  /// What ArgumentParser says of a word with one dash that it does not know. It tries it as short options, too, and then tells
  /// of these: of `-t` where `-topp` was typed, or of what `-o` lacks in `-tops`.
  private static func wholeWord(_ message: String, _ arguments: [String]) -> String {
    guard let match = message.prefixMatch(of: #/Unknown option '(-[^-'][^']*)'(\. Did you mean '[^']*'\?)?/#) else {
      return message
    }
    var word = String(match.1)
    if word.count == 2 {
      let typed = arguments.prefix { $0 != "--" }.first { $0.hasPrefix(word) && $0.count > 2 }
      guard let typed else { return message }
      word = typed
    }
    let near = ReportSpelling.near(word).map { ". Did you mean '\($0)'?" }
    return "Unknown option '\(word)'" + (near ?? match.2.map(String.init) ?? "")
  }

  /// `topp --help`, which would be the help of `convert`, the verb that is meant where none is named.
  private static func unknownCommandOfHelp(_ arguments: [String]) -> ProfileError? {
    guard let first = arguments.first, arguments.contains(where: { ["-h", "-help", "--help"].contains($0) }),
      first != "help", !Pprofconv.isVerb(first), var error = Inputs.unknownCommand(first)
    else { return nil }
    error.code = .option
    return error
  }

  /// A word like `-nosuch`, which ArgumentParser takes for short options, `-h` among them: help for that, and exit code 0, would
  /// let a typo in a script pass.
  private static func mistakenForHelp(_ arguments: [String]) -> String? {
    if arguments.contains(where: { ["-h", "-help", "--help", "help"].contains($0) }) { return nil }
    return arguments.first { $0.hasPrefix("-") && !$0.hasPrefix("--") && $0.utf8.contains(UInt8(ascii: "h")) }
  }
}

/// What the shell is told; see the manual.
enum ExitStatus: Int32 {
  case done = 0
  case checkFailed = 1
  case usage = 2
  case badInput = 3
  case someFailed = 4
  case badOutput = 5
  case loss = 6
  case closedPipe = 141

  init(_ error: ProfileError) {
    switch error.code {
    case .option: self = .usage
    case .unwritable, .unsupported: self = .badOutput
    case .loss: self = .loss
    case .closedPipe: self = .closedPipe
    default: self = .badInput
    }
  }
}

/// What a verb works with, beside its own options.
struct Context {
  var terminal: Terminal
  var temporaries: TemporaryFiles
}

/// A command that says itself how it ended.
protocol Verb: ParsableCommand {
  func run(_ context: Context) throws -> ExitStatus
}

extension Verb {
  /// ArgumentParser's own way in, which ``Main`` does not take.
  func run() throws { _ = try run(Context(terminal: Terminal(json: false), temporaries: TemporaryFiles())) }
}
