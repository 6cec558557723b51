internal import ArgumentParser
internal import PprofKit

/// What frames are and how values are shown: the options of reports that mean the same in a picture. The others are known,
/// and refused with what there is instead.
struct PictureFlags: ParsableArguments {
  @Option(help: ArgumentHelp("Show values in this unit: MB, ms …, or auto, the default.", valueName: "unit"))
  var unit: String?

  @OptionGroup var frames: FrameFlags

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
    if frames.showcolumns, frames.granularity != .lines, frames.granularity != .addresses {
      throw ValidationError("--showcolumns needs --lines: other frames have no columns")
    }
    let width = "--min-width leaves out what is narrow"
    for (name, isGiven, reason) in [
      ("mean", mean, "means are no widths: they do not add up along a stack. `pprofconv top --mean` shows them"),
      ("flat", flat, "frames stand in the order of their names"), ("cum", cum, "a frame is as wide as its cum"),
      ("no-trim", !trim, "--min-width 0 leaves out no frame for its width"), ("nodecount", nodecount != nil, width),
      ("nodefraction", nodefraction != nil, width), ("edgefraction", edgefraction != nil, width),
      ("compact-labels", compactLabels, "--title says what stands over the picture"),
    ] where isGiven {
      throw ValidationError("--\(name) is nothing for a flame graph: \(reason)")
    }
  }

  var options: ReportOptions {
    var options = ReportOptions()
    if let unit { options.unit = unit }
    frames.set(&options)
    return options
  }
}
