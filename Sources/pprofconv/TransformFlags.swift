internal import ArgumentParser
internal import PprofKit

/// What is done to a profile between reading and writing.
protocol TransformFlags: ParsableArguments {
  /// With the inputs that are added to the first one.
  func combination(adding inputs: [String]) throws -> ProfileCombination
  var filters: FilterOptions { get }
  var isCompacted: Bool { get set }
}

struct Transforms: TransformFlags {
  @OptionGroup var comparing: BaseFlags
  @OptionGroup var filtering: FilterFlags

  @Flag(help: "Of functions inlined into each other only the outermost.")
  var noinlines = false

  @Flag(
    name: .customLong("compact"),
    help: "Leave out what no sample uses, and samples of nothing but zeros; what is equal becomes one.")
  var isCompacted = false

  @Option(help: ArgumentHelp("The unit of numbers that --tagroot and --tagleaf show.", valueName: "unit"))
  var unit: String?

  func combination(adding inputs: [String]) throws -> ProfileCombination { try comparing.combination(adding: inputs) }

  var filters: FilterOptions {
    var options = filtering.options
    options.hidesInlines = noinlines
    if let unit { options.labelUnit = unit }
    return options
  }
}

/// None of it: a quarter of a small conversion's time goes into describing those options to ArgumentParser, and most
/// conversions have none. Who meets one parses once more, with ``Transforms``.
struct NoTransforms: TransformFlags {
  func combination(adding inputs: [String]) throws -> ProfileCombination { ProfileCombination() }
  var filters: FilterOptions { FilterOptions() }
  var isCompacted: Bool {
    get { false }
    set {}
  }
}
