internal import ArgumentParser
internal import PprofKit

/// The picture of all stacks, as an SVG or as a whole HTML page.
struct Flamegraph: Verb {
  static let configuration = CommandConfiguration(
    commandName: "flamegraph",
    abstract: "A flame graph: one SVG file, or one HTML page with icicle, callers, callees and table.",
    usage: "pprofconv flamegraph [FILE]... [-o OUTPUT] [OPTIONS]",
    discussion: """
      The file needs nothing else: it zooms by a click or Enter, searches with Ctrl-F, and asks for nothing from the \
      network. An output that ends in .html is the page, which has all sample types; .speedscope.json and .firefox.json are \
      for speedscope.app and profiler.firefox.com; any other is the SVG, of one.

      EXAMPLES:
        pprofconv flamegraph heap.pb.gz -o heap.svg
        pprofconv flamegraph heap.pb.gz -o heap.html
        pprofconv flamegraph cpu.pb.gz --focus 'encoding/json' --title JSON -o json.svg
        pprofconv flamegraph heap.pb.gz --sample-index alloc_space --reverse -o who.svg
        pprofconv flamegraph new.pb.gz --diff-base old.pb.gz -o grown.html
        pprofconv flamegraph cpu.pb.gz --lines -o cpu.speedscope.json
      """)

  @Argument(
    help: ArgumentHelp("Files, merged where there are several; - for standard input.", valueName: "file"),
    completion: .file())
  var files: [String] = []

  @Option(
    name: [.customShort("o", allowingJoined: true), .customLong("output")],
    help: ArgumentHelp("Where to; - is standard output, the default.", valueName: "path"), completion: .file())
  var outputs: [String] = []
  private var output: String? { outputs.first }

  @Option(
    help: ArgumentHelp(
      "svg, html, speedscope or firefox, where the output's name does not tell.", valueName: "format"),
    completion: .list(Flamegraph.formats))
  var to: String?

  @Option(
    help: ArgumentHelp(
      "The sample type that counts, by name or position. Default: the profile's own, else its last.", valueName: "type"),
    completion: .list(["inuse_space", "inuse_objects", "alloc_space", "alloc_objects", "cpu"]))
  var sampleIndex: String?

  @Option(help: ArgumentHelp("What stands over the picture.", valueName: "text"))
  var title: String?

  @Option(help: ArgumentHelp("Pixels from edge to edge of the SVG. Default: 1200.", valueName: "pixels"))
  var width: Int?

  @Option(
    help: ArgumentHelp(
      "Leave out frames of the SVG narrower than this. Default: 0.1. It has the 100,000 widest at most.",
      valueName: "pixels"))
  var minWidth: Double?

  @Option(
    help: ArgumentHelp(
      "Colours: a hue for each package (package, the default), or shades of one kind: hot, mem, io, red, green, blue, aqua, yellow, purple, orange.",
      valueName: "palette"),
    completion: .list(PictureOptions.palettes))
  var colors: String?

  @Flag(help: "Merge stacks from the leaf: who calls what costs.")
  var reverse = false

  @Flag(help: "The root on top: an icicle.")
  var inverted = false

  @Option(help: ArgumentHelp("What the values count, for tooltips: requests, tokens …", valueName: "word"))
  var countName: String?

  @OptionGroup var showing: PictureFlags

  @Flag(name: .shortAndLong, help: "No warnings, only errors.")
  var quiet = false

  @OptionGroup var filters: FilterFlags
  @OptionGroup var comparing: BaseFlags
  @OptionGroup var reading: ReadingOptions

  private static let formats = ["svg", "html", "speedscope", "firefox"]

  func validate() throws {
    try OneOutput.check(outputs)
    if let to, !Self.formats.contains(to) {
      throw ValidationError("--to \(to): a flame graph is \(Self.formats.joined(separator: ", "))")
    }
  }

  func run(_ context: Context) throws -> ExitStatus {
    var terminal = context.terminal
    terminal.isQuiet = quiet
    if files.isEmpty, OpenFile.input.isTerminal {
      terminal.showNoInput()
      return .usage
    }
    var run = ReportRun()
    run.options = showing.options
    run.options.sampleType = sampleIndex
    run.options.picture = picture
    run.isRelative = showing.frames.relativePercentages
    run.filters = filters.options
    let input = try Inputs.file(files.first ?? "-")
    let combination = try comparing.combination(adding: Array(files.dropFirst()))
    let destination = Destination(output.map { $0 == "-" ? .standardOutput : .file($0) } ?? .standardOutput)
    try OutputPlaces.check([destination.target], inputs: [input] + combination.inputs)
    let report = try report()
    System.easeMemory()
    var loaded = try LoadedProfile(input, options: reading.input)
    terminal.show(loaded.diagnostics, of: loaded.name)
    terminal.show(try run.combine(&loaded, with: combination, reading.input))
    do throws(ProfileError) {
      let prepared = try run.prepare(loaded.profile)
      for note in prepared.notes { terminal.warn(note, of: loaded.name, kind: "report") }
      try prepared.write(report, to: destination, context.temporaries)
    } catch { throw error.naming(loaded) }
    return .done
  }

  private var picture: PictureOptions {
    var picture = PictureOptions()
    picture.title = title
    picture.width = width
    picture.minWidth = minWidth
    picture.colors = colors
    picture.isReversed = reverse
    picture.isInverted = inverted
    picture.countName = countName
    return picture
  }

  /// By `--to`, or by the output's name.
  private func report() throws(ProfileError) -> String {
    if let to { return to }
    let name = (output ?? "").lowercased().utf8
    for viewer in ["speedscope", "firefox"] where name.suffix(viewer.count + 6).elementsEqual(".\(viewer).json".utf8) {
      return viewer
    }
    let ending = output.flatMap { PathParts.ending($0) } ?? ""
    if ending == "html" || ending == "htm" { return "html" }
    if ending == "speedscope" { return ending }
    let texts = ["json", "txt", "folded", "csv", "md", "markdown", "raw", "callgrind"]
    guard ending != "svg", (OtherFiles.pictures + OtherFiles.profiles + texts).contains(ending) else { return "svg" }
    throw ProfileError(
      .option, "a flame graph is not written as .\(ending)",
      hint: "name the output .svg or .html, .speedscope.json or .firefox.json, or say --to", file: output)
  }
}
