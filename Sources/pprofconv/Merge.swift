internal import ArgumentParser
internal import PprofKit

/// Several profiles as one: `convert` with more than one input.
struct Merge: Verb {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Several profiles as one: the sum of their samples.",
    usage: "pprofconv merge FILE... [-o [FORMAT:]PATH]... [OPTIONS]",
    discussion: """
      As `go tool pprof -proto FILE...`: samples of one stack and one set of labels \
      become one, and what no sample uses is left out. Sample types that not all files \
      have are left out too, with a warning, and units become the finest of all. The \
      options are those of convert; the format is pb.gz where nothing tells it.

      EXAMPLES:
        pprofconv merge monday.pb.gz tuesday.pb.gz -o both.pb.gz
        pprofconv merge new.pb.gz -base=old.pb.gz -o growth.pb.gz
      """)

  @OptionGroup var conversion: Convert

  func run(_ context: Context) throws -> ExitStatus {
    var conversion = conversion
    // What is merged is compact already; filters leave their tables then, as pprof's do.
    if conversion.inputs.count < 2 { conversion.transforms.isCompacted = true }
    return try conversion.run(context, merges: true)
  }
}
