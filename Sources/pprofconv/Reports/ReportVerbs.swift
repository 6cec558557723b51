internal import ArgumentParser
internal import PprofKit

// One command a report. What they share is ReportVerb and its options.

struct Top: ReportVerb {
  static let report = "top"
  static let configuration = CommandConfiguration(
    commandName: "top", abstract: "The functions that have most: a table, as `go tool pprof -top`.",
    usage: "pprofconv top [FILE]... [OPTIONS]",
    discussion: """
      EXAMPLES:
        pprofconv top heap.pb.gz
        pprofconv top10 -cum heap.pb.gz
        pprofconv top heap.pb.gz -o top.csv
        pprofconv top heap.pb.gz --to markdown | gh pr comment -F -
      """)

  @OptionGroup var forms: TableFlags
  @OptionGroup var input: ReportInput
}

struct Tree: ReportVerb {
  static let report = "tree"
  static let configuration = CommandConfiguration(
    commandName: "tree", abstract: "Functions with their callers and callees, as `go tool pprof -tree`.",
    usage: "pprofconv tree [FILE]... [OPTIONS]",
    discussion: """
      EXAMPLES:
        pprofconv tree heap.pb.gz
      """)

  @OptionGroup var forms: TableFlags
  @OptionGroup var input: ReportInput
}

struct Traces: ReportVerb {
  static let report = "traces"
  static let configuration = CommandConfiguration(
    commandName: "traces", abstract: "Every sample with its stack, as `go tool pprof -traces`.",
    usage: "pprofconv traces [FILE]... [OPTIONS]",
    discussion: """
      EXAMPLES:
        pprofconv traces --lines heap.pb.gz
      """)

  @OptionGroup var forms: TableFlags
  @OptionGroup var input: ReportInput
}

struct Tags: ReportVerb {
  static let report = "tags"
  static let configuration = CommandConfiguration(
    commandName: "tags", abstract: "Labels, and what the samples with each have, as `go tool pprof -tags`.",
    usage: "pprofconv tags [FILE]... [OPTIONS]",
    discussion: """
      EXAMPLES:
        pprofconv tags cpu.pb.gz
      """)

  @OptionGroup var forms: TableFlags
  @OptionGroup var input: ReportInput
}

struct Comments: ReportVerb {
  static let report = "comments"
  static let configuration = CommandConfiguration(
    commandName: "comments", abstract: "The comments of the profile.",
    usage: "pprofconv comments [FILE]... [OPTIONS]",
    discussion: """
      EXAMPLES:
        pprofconv comments heap.pb.gz
      """)

  @OptionGroup var forms: TableFlags
  @OptionGroup var input: ReportInput
}

struct Raw: ReportVerb {
  static let report = "raw"
  static let configuration = CommandConfiguration(
    commandName: "raw", abstract: "What is in the profile, as `go tool pprof -raw`.",
    usage: "pprofconv raw [FILE]... [OPTIONS]",
    discussion: """
      EXAMPLES:
        pprofconv raw --focus main heap.pb.gz
      """)

  @OptionGroup var forms: NoTableFlags
  @OptionGroup var input: ReportInput
}

struct Dot: ReportVerb {
  static let report = "dot"
  static let configuration = CommandConfiguration(
    commandName: "dot", abstract: "The graph of calls for Graphviz, as `go tool pprof -dot`.",
    usage: "pprofconv dot [FILE]... [OPTIONS]",
    discussion: """
      EXAMPLES:
        pprofconv dot heap.pb.gz | dot -Tsvg > heap.svg
      """)

  @OptionGroup var forms: NoTableFlags
  @OptionGroup var input: ReportInput
}

struct Graph: ReportVerb {
  static let report = "graph"
  static let configuration = CommandConfiguration(
    commandName: "graph", abstract: "The graph of calls as a picture, drawn by Graphviz, or as its text.",
    usage: "pprofconv graph [FILE]... [OPTIONS]",
    discussion: """
      EXAMPLES:
        pprofconv graph heap.pb.gz -o heap.svg
        pprofconv graph heap.pb.gz -o heap.dot --nodecount 30
      """)

  @Option(help: ArgumentHelp("The picture where -o does not tell it: svg, png, pdf …", valueName: "format"))
  var to: String?
  @OptionGroup var forms: NoTableFlags
  @OptionGroup var input: ReportInput

  var picture: FormatID? { to.map { FormatID($0) } }
}

struct CallgrindVerb: ReportVerb {
  static let report = "callgrind"
  static let configuration = CommandConfiguration(
    commandName: "callgrind",
    abstract: "Costs and calls for KCachegrind and callgrind_annotate, as `go tool pprof -callgrind`.",
    usage: "pprofconv callgrind [FILE]... [OPTIONS]",
    discussion: """
      EXAMPLES:
        pprofconv callgrind cpu.pb.gz -o callgrind.out
      """)

  @OptionGroup var forms: NoTableFlags
  @OptionGroup var input: ReportInput
}

struct TopProto: ReportVerb {
  static let report = "topproto"
  static let configuration = CommandConfiguration(
    commandName: "topproto", abstract: "What top shows as a profile.proto, as `go tool pprof -topproto`.",
    usage: "pprofconv topproto [FILE]... [OPTIONS]",
    discussion: """
      EXAMPLES:
        pprofconv topproto cpu.pb.gz -o top.pb.gz
      """)

  @OptionGroup var forms: NoTableFlags
  @OptionGroup var input: ReportInput
}

struct Peek: ReportVerb {
  static let report = "peek"
  static let configuration = CommandConfiguration(
    commandName: "peek",
    abstract: "Callers and callees of the functions that a pattern names, as `go tool pprof -peek`.",
    usage: "pprofconv peek PATTERN [FILE]... [OPTIONS]",
    discussion: """
      EXAMPLES:
        pprofconv peek 'runtime\\.mallocgc$' heap.pb.gz
      """)

  @Argument(help: ArgumentHelp("A regular expression that matches anywhere in the name.", valueName: "pattern"))
  var pattern: String
  @OptionGroup var forms: TableFlags
  @OptionGroup var input: ReportInput

  var functions: String? { pattern }
}

struct List: ReportVerb {
  static let report = "list"
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Sources with what each line has, as `go tool pprof -list`; line totals where there is no source.",
    usage: "pprofconv list PATTERN [FILE]... [OPTIONS]",
    discussion: """
      EXAMPLES:
        pprofconv list 'main\\.handle' cpu.pb.gz --source-path ~/src/shop
      """)

  @Argument(help: ArgumentHelp("A regular expression that matches anywhere in the name.", valueName: "pattern"))
  var pattern: String
  @OptionGroup var forms: TableFlags
  @OptionGroup var input: ReportInput

  var functions: String? { pattern }
}
