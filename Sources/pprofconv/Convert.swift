internal import PprofKit

struct Convert: ReadsProfiles, Talks {
  static let words = VerbWords(
    name: "convert", summary: "One profile in, one or more outputs. The command that is meant where none is named.",
    usage: "pprofconv [convert] [INPUT] [-o [FORMAT:]PATH]... [OPTIONS]",
    operand: ("INPUT", "A file, or - for standard input."),
    examples: [
      "pprofconv heap.pb.gz | less",
      "pprofconv heap.txt -o heap.pb.gz",
      "curl -fsS http://localhost:6060/debug/pprof/heap | pprofconv - -o heap.txt",
      "pprofconv heap.pb.gz -o heap.txt -o debug1:heap.go.txt",
      "pprofconv heap.txt --check -o heap.pb.gz",
    ])

  static var options: [Option<Convert>] {
    [
      Option(
        "-o", "--output", value: "[FORMAT:]PATH",
        help: "Where to. - is standard output. FORMAT: before the name, or else its ending, tells the format.",
        isFile: true, repeats: true
      ) { $0.outputs.append($1) },
      Option(
        "--to", value: "FORMAT", help: "The format where -o does not tell it. Default: the other side.",
        choices: Catalogue.formats.filter(\.writes).map(\.info.id.rawValue)
      ) { $0.settings.format = FormatID($1) },
      Option(
        "--group", value: "HOW",
        help:
          "Which samples become one: stack (location stacks alone decide), stack+labels or none. Default: stack for "
          + "text, else none.", choices: Grouping.allCases.map(\.rawValue)
      ) { verb, text throws(UsageError) in
        guard let grouping = Grouping(rawValue: text) else {
          throw UsageError("--group \(text) is none of \(Grouping.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        verb.settings.grouping = grouping
      },
      Option(
        "--sort", value: "TYPE",
        help: "Largest of this sample type first: one of the profile's, or inusebytes, allocbytes, inuseobjects, "
          + "allocobjects. Default for text: inuse_space, else the profile's default."
      ) { $0.settings.sort = $1 },
      Option(
        "--carry",
        help:
          "End a text in the # pprofconv block, which holds what the text cannot say. Default: in debug1, not in text."
      ) { $0.settings.carry = true },
      Option("--no-carry", help: "End no text in that block.") { $0.settings.carry = false },
      Option("--strict", help: "Refuse, with exit code 6, rather than lose anything.") { $0.settings.isStrict = true },
      Option("--check", help: "Write nothing; exit 1 if an output is not already what would be written.") {
        $0.isCheck = true
      },
      Option("--level", value: "0-9", help: "gzip level, 0 (stored) to 9 (smallest). Default: 1.") {
        verb, text throws(UsageError) in verb.settings.level = try number(text, of: "--level", in: 0...9)
      },
      Option("--members", help: "Compress in parallel, into several gzip members.") { $0.settings.members = true },
      Option("--jobs", value: "COUNT", help: "Threads for --members. Default: one a processor.") {
        verb, text throws(UsageError) in verb.settings.jobs = try number(text, of: "--jobs", in: 1...Int.max)
      },
    ] + readingOptions + talkingOptions
  }

  var operands: [String] = []
  var outputs: [String] = []
  var isCheck = false
  var settings = OutputOptions()
  var reading = InputOptions()
  var talking = Talking()

  func run(_ context: Context) throws(ProfileError) -> ExitStatus {
    var terminal = context.terminal
    terminal.isQuiet = talking.isQuiet
    if let double = outputs.indices.first(where: { outputs[..<$0].contains(outputs[$0]) }) {
      throw ProfileError(.option, "-o \(outputs[double]) is given twice")
    }
    if isCheck, outputs.isEmpty { throw ProfileError(.option, "--check needs the file to check: -o FILE") }
    let input = try Inputs.one(operands.first)
    if operands.count > 1 {
      throw ProfileError(.option, "one input at a time: \(operands.joined(separator: ", "))")
    }
    let destinations = outputs.map(Destination.init(argument:))
    var conversion = Conversion(input, to: destinations.isEmpty ? [Destination(.standardOutput)] : destinations)
    conversion.inputOptions = reading
    conversion.options = settings
    conversion.temporaries = context.temporaries
    let result = isCheck ? try conversion.check() : try conversion.run()
    report(result, of: input.name, terminal)
    let stale = isCheck ? result.outputs.filter { !$0.isCurrent } : []
    for output in stale { terminal.differs(output.destination.name) }
    return stale.isEmpty ? .done : .checkFailed
  }

  private func report(_ result: Conversion.Result, of name: String, _ terminal: Terminal) {
    terminal.show(result.diagnostics, of: name)
    for output in result.outputs {
      terminal.show(output.losses, of: output.destination.name, format: output.format)
      for message in output.messages { terminal.warn(message, of: output.destination.name, kind: "grouping") }
    }
    guard talking.isVerbose else { return }
    terminal.note("read \(name): \(result.format.id)\(result.isGzip ? ", gzip'd" : ""), \(result.sampleCount) samples")
    for output in result.outputs {
      terminal.note(
        "\(isCheck ? "checked" : "wrote") \(output.destination.name): \(output.format.id), \(output.sampleCount) samples"
      )
    }
  }
}
