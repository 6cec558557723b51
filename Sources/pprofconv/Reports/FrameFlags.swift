public import ArgumentParser
public import PprofKit

extension ReportOptions.Granularity: EnumerableFlag {
  public static func help(for value: Self) -> ArgumentHelp? {
    switch value {
    case .functions: "A row is a function. The default."
    case .filefunctions: "A row is a function of a file."
    case .files: "A row is a file."
    case .lines: "A row is a line."
    case .addresses: "A row is an address."
    }
  }
}

/// What is told apart as a row, a node or a frame, and how values are shown: what reports and pictures have in common.
struct FrameFlags: ParsableArguments {
  @Flag(exclusivity: .exclusive)
  var granularity: ReportOptions.Granularity?

  @Flag(help: "Count inlined functions as those that they were inlined into.")
  var noinlines = false

  @Flag(help: "Tell columns apart where lines are.")
  var showcolumns = false

  @Option(help: ArgumentHelp("Divide all values by this.", valueName: "number"))
  var divideBy = 1.0

  @Flag(help: "Shares are of what the filters leave, not of the whole.")
  var relativePercentages = false

  @Flag(help: "Leave out what is negative in a difference; of pictures the SVG can.")
  var dropNegative = false

  @Option(
    help: ArgumentHelp("Where sources are, folders with colons between; names lose them.", valueName: "path"))
  var sourcePath = ""

  @Option(help: ArgumentHelp("What to take off the beginning of file names.", valueName: "path"))
  var trimPath = ""

  func set(_ options: inout ReportOptions) {
    options.granularity = granularity
    options.showsInlines = !noinlines
    options.showsColumns = showcolumns
    options.divisor = divideBy
    options.dropsNegative = dropNegative
    options.sourcePath = sourcePath
    options.trimPath = trimPath
  }
}

/// A report or a picture has one place; `convert` is the one that has several.
enum OneOutput {
  static func check(_ outputs: [String]) throws {
    if outputs.contains("") { throw ValidationError("-o needs the name of a file") }
    if let output = outputs.first, Destination(argument: output).format != nil {
      throw ValidationError(
        "-o \(output): FORMAT: before the name is of `convert`; here it is the name's ending or --to (./\(output) is a file of that name)"
      )
    }
    if outputs.count > 1 {
      throw ValidationError("-o \(outputs[0]) and -o \(outputs[1]): a report or a picture goes to one place")
    }
  }
}
