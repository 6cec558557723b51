internal import PprofKit

/// Arguments to a command, the command to its end, errors to words and an exit code.
@main enum Main {
  static func main() {
    let arguments = Spelling.ours(Array(CommandLine.arguments.dropFirst()))
    let context = Context(terminal: Terminal(json: arguments.contains("--json")), temporaries: TemporaryFiles())
    Signals.watch(context.temporaries)
    let status: ExitStatus
    do throws(ProfileError) { status = try Root.run(arguments, context) } catch {
      if error.code != .closedPipe { context.terminal.show(error) }
      status = ExitStatus(error)
    }
    System.exitNow(status.rawValue)
  }
}

/// What the shell is told; see the manual.
enum ExitStatus: Int32 {
  case done = 0
  case checkFailed = 1
  case usage = 2
  case badInput = 3
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
