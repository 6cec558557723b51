internal import ArgumentParser
internal import PprofKit

/// Which files a batch takes.
struct FindingOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp("Files, directories (with -r), or patterns in quotes: 'logs/**/*.pb.gz'.", valueName: "path"),
    completion: .file())
  var paths: [String] = []

  @Flag(name: .shortAndLong, help: "Walk through directories.")
  var recursive = false

  @Option(
    help: ArgumentHelp("Take the inputs that this file lists, a line each; - is standard input.", valueName: "file"),
    completion: .file())
  var filesFrom: [String] = []

  @Flag(name: [.customShort("0"), .long], help: "A zero byte ends each name of --files-from (find -print0).")
  var null = false

  @Option(help: ArgumentHelp("Of what is found take only what matches; repeatable.", valueName: "pattern"))
  var include: [String] = []

  @Option(help: ArgumentHelp("Leave out what matches; repeatable.", valueName: "pattern"))
  var exclude: [String] = []

  @Flag(help: "Follow links to directories, each directory once.")
  var follow = false

  @Flag(help: "Find names that begin with a dot, too.")
  var hidden = false

  @Flag(help: "An empty list, or a directory in which nothing is found, is no error.")
  var allowEmpty = false

  func set(_ batch: inout Batch) {
    batch.allowsNone = allowEmpty
    batch.isRecursive = recursive
    batch.lists = filesFrom
    batch.listsEndInZero = null
    batch.include = include
    batch.exclude = exclude
    batch.followsLinks = follow
    batch.hidden = hidden
  }
}

/// Where a batch's outputs go.
struct PlacingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The format to write; repeatable: all of them from one parse.", valueName: "format"),
    completion: .list(Catalogue.formats.filter(\.writes).map(\.info.id.rawValue)))
  var to: [FormatID] = []

  @Option(help: ArgumentHelp("Where all outputs go; made if need be.", valueName: "dir"), completion: .directory)
  var outputDir: String?

  /// The habit from every other verb.
  @Option(
    name: [.customShort("o", allowingJoined: true), .customLong("output")],
    help: ArgumentHelp(visibility: .hidden))
  var output: String?

  @Flag(help: "All outputs in one directory, not as the inputs stand in theirs.")
  var flat = false

  @Option(
    name: .customLong("name"),
    help: ArgumentHelp(
      "Names of outputs, of {stem}, {name}, {ext}, {format}, {kind} and {dir}. Default: {stem}.{ext}.",
      valueName: "template"))
  var template: String?

  @Flag(name: .shortAndLong, help: "Replace outputs that are there.")
  var force = false

  @Flag(name: [.customShort("n"), .long], help: "Keep outputs that are there, and convert the rest.")
  var noClobber = false

  @Flag(name: .shortAndLong, help: "Keep outputs that are newer than their input, and replace the others.")
  var update = false

  func validate() throws {
    if output != nil { throw ValidationError("-o is for one output: a batch has --output-dir DIR and --to FORMAT") }
    if outputDir == nil { throw ValidationError("no place for the outputs: --output-dir DIR") }
    if to.isEmpty { throw ValidationError("no format to write: --to FORMAT") }
    if [force, noClobber, update].count(where: { $0 }) > 1 {
      throw ValidationError("-f replaces what is there, -n keeps it, -u keeps what is newer: give one of them")
    }
  }

  func set(_ batch: inout Batch) {
    batch.layout = flat ? .flat : .mirrored
    if let template { batch.nameTemplate = template }
    batch.existing = force ? .replace : noClobber ? .keep : update ? .update : .refuse
  }
}
