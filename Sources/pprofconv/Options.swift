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
      "Memory to take while reading; inputs below 64M (a gzip'd profile.proto: 256K) are read always. In a batch it is for all files, and only those below 64K, inflated 1M, are read always. Default: nine tenths of what the machine or the container has.",
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

/// What is written, and how: options of every verb that writes profiles.
struct WritingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Which samples become one: stack (location stacks alone decide, and labels stay where all agree), stack+labels or none; the size label bytes of Go's heaps goes with both. Default: stack for text, else none.",
      valueName: "how"))
  var group: Grouping?

  @Option(
    help: ArgumentHelp(
      "Largest of this sample type first: one of the profile's, or inusebytes, allocbytes, inuseobjects, allocobjects. Default for text: inuse_space, else the profile's default.",
      valueName: "type"),
    completion: .list(["inuse_space", "inuse_objects", "alloc_space", "alloc_objects"]))
  var sort: String?

  /// In pprof's words, and in `help pprof-flags`.
  @Option(help: .hidden) var sampleIndex: String?

  @Option(
    help: ArgumentHelp(
      "Write this sample type alone, in formats that can choose: folded then is what flamegraph.pl draws.",
      valueName: "type"),
    completion: .list(["inuse_space", "inuse_objects", "alloc_space", "alloc_objects", "cpu"]))
  var sampleType: String?

  @Flag(exclusivity: .chooseLast)
  var carry: Carry?

  @Flag(help: "Refuse, with exit code 6, rather than lose anything.")
  var strict = false

  @Option(help: ArgumentHelp("gzip level, 0 (stored) to 9 (smallest). Default: 1.", valueName: "0-9"))
  var level: Int?

  func validate() throws {
    if let level, !(0...9).contains(level) { throw ValidationError("--level \(level) is not 0 to 9") }
  }

  /// - Throws: where both together make no sense.
  func check(with reading: ReadingOptions) throws {
    if strict, reading.recover {
      throw ValidationError("--recover saves what it can, --strict refuses to lose anything: give one of them")
    }
  }

  var output: OutputOptions {
    var options = OutputOptions()
    options.grouping = group
    options.sort = sort
    options.countedType = sampleIndex
    options.sampleType = sampleType
    options.carry = carry.map { $0 == .carry }
    options.isStrict = strict
    if let level { options.level = level }
    return options
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
