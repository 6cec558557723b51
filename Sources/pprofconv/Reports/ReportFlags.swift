public import ArgumentParser
public import PprofKit

extension ReportOptions.Sort: EnumerableFlag {
  public static func help(for value: Self) -> ArgumentHelp? {
    switch value {
    case .flat: "Largest first by what a function has alone. The default."
    case .cum: "Largest first by what a function has with all that it calls."
    }
  }
}

/// What reports show and how: pprof's options, in our spelling.
struct ReportFlags: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The sample type that counts, by name or position. Default: the profile's own, else its last.", valueName: "type"),
    completion: .list(["inuse_space", "inuse_objects", "alloc_space", "alloc_objects", "cpu"]))
  var sampleIndex: String?

  @Flag(help: "Show means over the first sample type: bytes an object, time an event.")
  var mean = false

  @Option(help: ArgumentHelp("Show values in this unit: MB, ms …, or auto for each value's own.", valueName: "unit"))
  var unit = ReportOptions().unit

  @Option(
    help: ArgumentHelp("How many nodes to show at most; 0: all. Default: all in top, 80 elsewhere.", valueName: "count")
  )
  var nodecount: Int?

  @Option(help: ArgumentHelp("Leave out nodes below this share of the total.", valueName: "share"))
  var nodefraction = ReportOptions().nodeFraction

  @Option(help: ArgumentHelp("Leave out edges below this share of the total.", valueName: "share"))
  var edgefraction = ReportOptions().edgeFraction

  @Flag(inversion: .prefixedNo, help: "Honour the three above.")
  var trim = true

  @Flag(exclusivity: .exclusive)
  var sort: ReportOptions.Sort = .flat

  @OptionGroup var frames: FrameFlags
  @OptionGroup var comparing: BaseFlags
  @OptionGroup var filters: FilterFlags

  @Flag(help: "In graphs, a function reached on several paths is a node for each.")
  var callTree = false

  @Flag(help: "Leave out the lines that describe the profile.")
  var compactLabels = false

  @Flag(help: "Show the frames, too, that the profile itself wants dropped.")
  var allFrames = false

  @Option(help: ArgumentHelp("A comment to show with the profile's own.", valueName: "text"))
  var addComment = ""

  @Option(help: ArgumentHelp("The build id of the program, where the profile has none.", valueName: "id"))
  var buildid = ""

  @Option(
    name: [.customShort("o", allowingJoined: true), .customLong("output")],
    help: ArgumentHelp("Where to; - is standard output.", valueName: "path"), completion: .file())
  var outputs: [String] = []
  var output: String? { outputs.first }

  @Flag(name: .shortAndLong, help: "No warnings, only errors.")
  var quiet = false

  @Flag(help: "Never show the report in a pager ($PAGER, else less).")
  var noPager = false

  func validate() throws {
    if frames.divideBy == 0 { throw ValidationError("--divide-by 0 divides by nothing") }
    try OneOutput.check(outputs)
  }

  var run: ReportRun {
    var run = ReportRun()
    run.options.sampleType = sampleIndex
    run.options.isMean = mean
    run.options.unit = unit
    // pprof's -1 is its word for the default.
    run.options.nodeCount = nodecount == -1 ? nil : nodecount
    run.options.nodeFraction = nodefraction
    run.options.edgeFraction = edgefraction
    run.options.trims = trim
    run.options.sort = sort
    run.options.isCallTree = callTree
    run.options.isCompact = compactLabels
    frames.set(&run.options)
    run.isRelative = frames.relativePercentages
    run.filters = filters.options
    run.keepsAllFrames = allFrames
    run.comment = addComment
    run.buildID = buildid
    return run
  }
}
