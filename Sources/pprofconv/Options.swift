public import ArgumentParser
public import PprofKit

extension FormatID: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}

extension Grouping: ExpressibleByArgument {}
extension ReadOptions.HiddenFrames: ExpressibleByArgument {}
extension ReadOptions.MutexRecords: ExpressibleByArgument {}

/// How an input is read: options of every verb that reads one.
struct ReadingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Read the input as this format; by default its content tells.", valueName: "format"),
    completion: .list(Catalogue.formats.filter(\.reads).map(\.info.id.rawValue)))
  var from: FormatID?

  @Option(
    help: ArgumentHelp(
      "What gzip'd input may inflate to. Default: 1G; for a text 256M or 200 times its compressed size.",
      valueName: "size"))
  var maxInflated: ByteSize?

  @Option(
    help: ArgumentHelp(
      "Memory to take while reading; inputs below 64M (a gzip'd profile.proto: 256K) are read always. Default: nine tenths of what the machine or the container has.",
      valueName: "size"))
  var maxMemory: ByteSize?

  @Option(help: ArgumentHelp("Longest line of a text. Default: 64M.", valueName: "size"))
  var maxLine: ByteSize?

  @Flag(help: "Save of a damaged input what stands before the damage, and say what is lost.")
  var recover = false

  @Option(
    help: ArgumentHelp(
      "The runtime's frames at the leaf of goroutine text, which have no names there: keep their addresses, or drop them. Default: keep.",
      valueName: "how"))
  var hiddenFrames: ReadOptions.HiddenFrames = .keep

  @Option(
    help: ArgumentHelp(
      "Records of mutex text whose sampling period is above 1: scaled by it already (newer Go), sampled (Go 1.19), or auto: scaled if all their numbers are multiples. Default: auto.",
      valueName: "what"))
  var mutexRecords: ReadOptions.MutexRecords = .auto

  var input: InputOptions {
    var options = InputOptions()
    options.format = from
    options.recovers = recover
    options.maxInflated = maxInflated?.bytes
    options.maxMemory = maxMemory?.bytes
    options.hiddenFrames = hiddenFrames
    options.mutexRecords = mutexRecords
    if let maxLine { options.maxLine = maxLine.bytes }
    return options
  }
}

/// Whether a text ends in the block that holds what it cannot say.
enum Carry: EnumerableFlag {
  case carry
  case noCarry

  static func help(for value: Carry) -> ArgumentHelp? {
    switch value {
    case .carry:
      "End a text in the # pprofconv block, which holds what the text cannot say. Default: in debug1, not in text."
    case .noCarry: "End it without that block, and say what is lost."
    }
  }
}

/// How much is said.
struct TalkingOptions: ParsableArguments {
  @Flag(name: .shortAndLong, help: "No warnings, only errors.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Say what was read and written.")
  var verbose = false

  @Flag(help: "Errors and warnings as JSON, a line each.")
  var json = false
}
