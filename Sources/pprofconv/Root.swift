internal import PprofKit

/// The verbs, and what is asked of the command itself.
enum Root {
  static let version = "0.1.0"

  static var verbs: [AnyVerb] { [AnyVerb(Convert.self), AnyVerb(Info.self), AnyVerb(Formats.self)] }

  static let summary =
    "Converts Go profiles between the text of ?debug=1 and profile.proto, both ways, with nothing lost."

  static let usage = ["pprofconv INPUT [-o OUTPUT]...", "pprofconv COMMAND ..."]

  /// Sections of help behind the summary; lines that begin with two blanks are laid out by hand.
  static let description = """
    INPUT is a file or - (standard input); its content tells what it is. Without -o the other side goes to standard \
    output: a profile.proto becomes grouped text, a text becomes gzip'd profile.proto.

    EXAMPLES:
      pprofconv heap.pb.gz | less              look at a heap, largest first
      pprofconv heap.txt -o heap.pb.gz         make a text fit for go tool pprof
      curl -fsS URL | pprofconv - -o heap.txt  straight from a server
      pprofconv heap.pb.gz -o debug1:heap.txt  Go's own text, and back without loss
      pprofconv heap.pb.gz -o a.txt -o b.pb    two outputs of one parse
      pprofconv heap.pb.gz --sort alloc_space  grouped text in another order
      pprofconv info heap.pb.gz                what the file is

    EVERYDAY OPTIONS OF CONVERT:
      -o [FORMAT:]PATH   where to, repeatable; FORMAT: or the ending tells how
      --to FORMAT        the format where neither does: pb.gz, pb, text, debug1
      --group HOW        stack, stack+labels or none
      --sort TYPE        largest of this sample type first
      --strict           refuse rather than lose anything
      --check            write nothing; exit 1 if an output is not current

    `pprofconv convert --help` shows all of them, `pprofconv help pprof-flags` the spellings of go tool pprof. A file \
    that is named like a command is ./info.

    EXIT CODES:
      0   done
      1   a check failed
      2   usage
      3   an input is missing, unreadable, unknown or malformed
      5   an output could not be written
      6   --strict refused a loss
      130, 143, 129, 141   interrupted, terminated, hung up, closed pipe
    """

  static func run(_ arguments: [String], _ context: Context) throws(ProfileError) -> ExitStatus {
    let rest = Array(arguments.dropFirst())
    switch arguments.first {
    case "-h", "--help": return context.terminal.print(Help.root)
    case "--version": return context.terminal.print("pprofconv \(version)\n")
    case "--generate-completion-script": return try completions(rest.first, context)
    case "help": return try help(rest, context)
    default: break
    }
    let named = verbs.first { $0.name == arguments.first }
    let verb = named ?? AnyVerb(Convert.self)
    let own = named == nil ? arguments : rest
    if own.prefix(while: { $0 != "--" }).contains(where: { $0 == "-h" || $0 == "--help" }) {
      return context.terminal.print(Help.of(verb.words()))
    }
    return try verb.run(own, context)
  }

  /// `help`, `help VERB`, `help pprof-flags`, `help --json`.
  private static func help(_ arguments: [String], _ context: Context) throws(ProfileError) -> ExitStatus {
    guard let topic = arguments.first else { return context.terminal.print(Help.root) }
    if topic == "--json" { return context.terminal.print(Help.json.pretty) }
    if topic == "pprof-flags" { return context.terminal.print(Spelling.help) }
    if let verb = verbs.first(where: { $0.name == topic }) { return context.terminal.print(Help.of(verb.words())) }
    let topics = verbs.map(\.name) + ["pprof-flags"]
    throw ProfileError(.option, "no help on “\(topic)”", hint: "there is help on \(topics.joined(separator: ", "))")
  }

  private static func completions(_ shell: String?, _ context: Context) throws(ProfileError) -> ExitStatus {
    guard let shell = shell.flatMap(Completions.Shell.init(rawValue:)) else {
      let known = Completions.Shell.allCases.map(\.rawValue).joined(separator: ", ")
      throw ProfileError(.option, "--generate-completion-script needs a shell", hint: "one of \(known)")
    }
    return context.terminal.print(Completions.script(for: shell))
  }
}
