internal import ArgumentParser
internal import PprofKit

/// `convert`, with everything that it can do.
typealias Convert = ConvertVerb<Transforms>

struct ConvertVerb<Transforming: TransformFlags>: Verb {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "convert",
      abstract: "One profile in, one or more outputs. The command that is meant where none is named.",
      usage: "pprofconv [convert] [INPUT] [-o [FORMAT:]PATH]... [OPTIONS]",
      discussion: """
        EXAMPLES:
          pprofconv heap.pb.gz | less
          pprofconv heap.txt -o heap.pb.gz
          curl -fsS http://localhost:6060/debug/pprof/heap | pprofconv - -o heap.txt
          pprofconv heap.pb.gz -o heap.txt -o debug1:heap.go.txt
          pprofconv heap.txt --check -o heap.pb.gz
          pprofconv heap.pb.gz -focus=main -o small.pb.gz
        """)
  }

  @Argument(
    help: ArgumentHelp("A file, or - for standard input.", valueName: "input"), completion: .file())
  var inputs: [String] = []

  @Option(
    name: [.customShort("o", allowingJoined: true), .customLong("output")],
    help: ArgumentHelp(
      "Where to; repeatable. - is standard output. FORMAT: before the name, or else its ending, tells the format.",
      valueName: "[format:]path"),
    completion: .file())
  var outputs: [String] = []

  @Option(
    help: ArgumentHelp("The format where -o does not tell it. Default: the other side.", valueName: "format"),
    completion: .list(Catalogue.formats.filter(\.writes).map(\.info.id.rawValue)))
  var to: FormatID?

  @Flag(help: "Write nothing; exit 1 if an output is not already what would be written.")
  var check = false

  @Flag(help: "Compress in parallel, into several gzip members.")
  var members = false

  @Option(help: ArgumentHelp("Threads for --members. Default: one a processor.", valueName: "count"))
  var jobs: Int?

  @OptionGroup var transforms: Transforming
  @OptionGroup var writing: WritingOptions
  @OptionGroup var reading: ReadingOptions
  @OptionGroup var talking: TalkingOptions

  func validate() throws {
    if let jobs, jobs < 1 { throw ValidationError("--jobs \(jobs) is not at least 1") }
    let targets = outputs.map { Destination(argument: $0).target }
    if outputs.contains("") || targets.contains(.file("")) { throw ValidationError("-o needs the name of a file") }
    try writing.check(with: reading)
    if check, outputs.isEmpty { throw ValidationError("--check needs the file to check: -o FILE") }
  }

  func run(_ context: Context) throws -> ExitStatus { try run(context, merges: false) }

  /// - Parameter merges: whether several inputs are one profile.
  func run(_ context: Context, merges: Bool) throws -> ExitStatus {
    let terminal = context.terminal
    if !merges, inputs.count > 1, let verb = inputs.first(where: { Pprofconv.isVerb($0) && !System.exists($0) }) {
      terminal.showUsage("the command comes first, its options behind it: `pprofconv \(verb) FILE …`")
      return .usage
    }
    for output in outputs { try Spelling.checkFormat(of: output) }
    guard let input = try Inputs.one(inputs.first) else {
      terminal.showNoInput()
      return .usage
    }
    if inputs.count > 1, !merges {
      terminal.showUsage(
        "one input at a time: \(inputs.joined(separator: ", ")) (`pprofconv merge` makes one of several)")
      return .usage
    }
    var conversion = Conversion(input, to: outputs.map(Destination.init(argument:)))
    if outputs.isEmpty { conversion.destinations = [Destination(.standardOutput)] }
    conversion.inputOptions = reading.input
    conversion.options = writing.output
    conversion.options.format = to ?? (merges ? .pbGz : nil)
    conversion.options.members = members
    conversion.options.jobs = jobs
    conversion.combination = try transforms.combination(adding: Array(inputs.dropFirst()))
    conversion.isCompacted = transforms.isCompacted
    conversion.filters = transforms.filters
    var run = ConversionRun(conversion)
    run.askedFormat = to
    run.checks = check
    run.isQuiet = talking.quiet
    run.isVerbose = talking.verbose
    return try run.run(context)
  }
}
