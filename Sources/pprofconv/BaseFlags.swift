internal import ArgumentParser
internal import PprofKit

/// What a profile is compared with.
struct BaseFlags: ParsableArguments {
  @Option(
    help: ArgumentHelp("Subtract this profile; repeatable.", valueName: "file"), completion: .file())
  var base: [String] = []

  @Option(
    help: ArgumentHelp(
      "Subtract it, and keep its samples apart: reports then show shares of it; repeatable.", valueName: "file"),
    completion: .file())
  var diffBase: [String] = []

  @Flag(help: "Scale the profile to the totals of the base first.")
  var normalize = false

  func validate() throws {
    if !base.isEmpty, !diffBase.isEmpty { throw ValidationError("--base or --diff-base, not both") }
    if normalize, base.isEmpty, diffBase.isEmpty { throw ValidationError("--normalize needs a --base to scale to") }
  }

  /// With the files that are added to the first one.
  func combination(adding others: [String]) throws -> ProfileCombination {
    var combination = ProfileCombination()
    combination.others = try others.map(Inputs.file)
    combination.bases = try (base + diffBase).filter { !$0.isEmpty }.map(Inputs.file)
    combination.marksBase = !diffBase.isEmpty
    combination.isNormalized = normalize
    return combination
  }
}
