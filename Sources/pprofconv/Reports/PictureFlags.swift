internal import ArgumentParser
internal import PprofKit

/// What frames are and how values are shown: the options of reports that mean the same in a picture. The others are known,
/// and refused with what there is instead.
struct PictureFlags: ParsableArguments {
  @Option(help: ArgumentHelp("Show values in this unit: MB, ms …, or auto, the default.", valueName: "unit"))
  var unit: String?

  @Option(help: ArgumentHelp("Divide all values by this.", valueName: "number"))
  var divideBy = 1.0

  @Flag(exclusivity: .exclusive)
  var granularity: ReportOptions.Granularity?

  @Flag(help: "Count inlined functions as those that they were inlined into.")
  var noinlines = false

  @Flag(help: "Tell columns apart where lines are.")
  var showcolumns = false

  @Option(help: ArgumentHelp("Where sources are, folders with colons between: names lose them.", valueName: "path"))
  var sourcePath = ""

  @Option(help: ArgumentHelp("What to take off the beginning of file names.", valueName: "path"))
  var trimPath = ""

  @Flag(help: "Shares are of what the filters leave, not of the whole.")
  var relativePercentages = false

  @Flag(help: "Leave out what is negative in a difference; of the SVG.")
  var dropNegative = false

  @Flag(help: .hidden) var mean = false
  @Flag(help: .hidden) var flat = false
  @Flag(help: .hidden) var cum = false
  @Flag(inversion: .prefixedNo, help: .hidden) var trim = true
  /// What a flame graph is anyway.
  @Flag(help: .hidden) var callTree = false
  @Flag(help: .hidden) var compactLabels = false
  @Option(help: .hidden) var nodecount: Int?
  @Option(help: .hidden) var nodefraction: Double?
  @Option(help: .hidden) var edgefraction: Double?

  func validate() throws {
    if showcolumns, granularity != .lines, granularity != .addresses {
      throw ValidationError("--showcolumns needs --lines: other frames have no columns")
    }
    let width = "--min-width leaves out what is narrow"
    for (name, isGiven, reason) in [
      ("mean", mean, "means are no widths: they do not add up along a stack. `pprofconv top --mean` shows them"),
      ("flat", flat, "frames stand in the order of their names"), ("cum", cum, "a frame is as wide as its cum"),
      ("no-trim", !trim, "--min-width 0 draws every frame"), ("nodecount", nodecount != nil, width),
      ("nodefraction", nodefraction != nil, width), ("edgefraction", edgefraction != nil, width),
      ("compact-labels", compactLabels, "--title says what stands over the picture"),
    ] where isGiven {
      throw ValidationError("--\(name) is nothing for a flame graph: \(reason)")
    }
  }

  var options: ReportOptions {
    var options = ReportOptions()
    if let unit { options.unit = unit }
    options.divisor = divideBy
    options.granularity = granularity
    options.showsInlines = !noinlines
    options.showsColumns = showcolumns
    options.sourcePath = sourcePath
    options.trimPath = trimPath
    options.dropsNegative = dropNegative
    return options
  }
}
