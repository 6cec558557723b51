internal import ArgumentParser
internal import PprofKit

/// In what form a report is written.
protocol FormFlags: ParsableArguments {
  /// - Parameter output: the name of the file that it goes to; nil: standard output.
  func form(_ report: String, output: String?) throws -> ReportRun.Prepared.Form
}

/// Of a report that is a table.
struct TableFlags: FormFlags {
  private static let words = ["text", "csv", "json", "markdown"]

  @Option(
    help: ArgumentHelp(
      "text, csv, json or markdown, where -o FILE.csv, .json or .md does not tell. Default: text, as go tool pprof has it.",
      valueName: "form"),
    completion: .list(TableFlags.words))
  var to: String?

  @Flag(help: "As one CSV table.")
  var csv = false

  @Flag(help: "As one document of schema pprofconv-report/1; warnings as JSON, too.")
  var json = false

  func validate() throws {
    if csv, json { throw ValidationError("--csv or --json, not both") }
    guard let to else { return }
    if Self.named(to) == nil {
      throw ValidationError("--to \(to): a report is \(Self.words.joined(separator: ", "))")
    }
    if csv, to != "csv" { throw ValidationError("--csv or --to \(to), not both") }
    if json, to != "json" { throw ValidationError("--json or --to \(to), not both") }
  }

  func form(_ report: String, output: String?) throws -> ReportRun.Prepared.Form {
    if json { return .json }
    if csv { return .csv }
    if let to, let form = Self.named(to) { return form }
    guard let output, output != "-", let ending = PathParts.ending(output) else { return .text }
    let pictures = "a picture is made by `pprofconv flamegraph` or `pprofconv graph`"
    let hint: String
    switch ending {
    case "json" where !["speedscope", "firefox"].contains { PathParts.hasEnding(output, $0 + ".json") }: return .json
    case "csv", "md", "markdown": return Self.named(ending) ?? .text
    case _ where OtherFiles.pictures.contains(ending): hint = pictures
    case "callgrind": hint = "`pprofconv FILE -o x.callgrind` writes it"
    case "folded", "raw": hint = OtherFiles.converts("x." + ending)
    case "json", "speedscope": hint = "`pprofconv flamegraph` writes what viewers read"
    case _ where OtherFiles.profiles.contains(ending):
      hint = OtherFiles.converts("x.pb.gz") + "; `pprofconv topproto` has what top shows"
    default: return .text
    }
    throw ProfileError(.option, "\(report) is a table, and not written as .\(ending)", hint: hint, file: output)
  }

  private static func named(_ word: String) -> ReportRun.Prepared.Form? {
    switch word {
    case "text", "txt": .text
    case "csv": .csv
    case "json": .json
    case "markdown", "md": .markdown
    default: nil
    }
  }
}

/// Of a report that is none: known, and refused by name where it is made.
struct NoTableFlags: FormFlags {
  @Flag(help: .hidden) var csv = false
  @Flag(help: .hidden) var json = false
  /// `-dot -output=x.svg` is pprof's, which writes what is asked for.
  @Flag(help: .hidden) var anyName = false

  func form(_ report: String, output: String?) throws -> ReportRun.Prepared.Form {
    let form: ReportRun.Prepared.Form = json ? .json : csv ? .csv : .text
    if form == .text, !anyName { try OtherFiles.check(report, output) }
    return form
  }
}

/// Endings of what a report is not: a file that is named so would be taken for something else.
enum OtherFiles {
  static let pictures = ["svg", "svgz", "html", "htm", "png", "pdf", "ps", "gif", "jpg", "jpeg", "webp", "dot", "gv"]
  static let profiles = ["pb", "gz", "prof", "pprof"]

  /// What a report that is no table is, and the endings of it. `graph` asks for itself.
  private static let kinds: [(report: String, what: String, own: [String])] = [
    ("dot", "Graphviz's text", ["dot", "gv"]), ("callgrind", "for KCachegrind", ["callgrind"]),
    ("raw", "text", ["raw"]), ("topproto", "a gzip'd profile.proto", profiles),
  ]

  static func converts(_ output: String) -> String { "`pprofconv FILE -o \(output)` converts, with the same filters" }

  /// - Throws: where the name of the output is one of something else that we know. Any other ending says nothing.
  static func check(_ report: String, _ output: String?) throws(ProfileError) {
    guard let output, output != "-", let ending = PathParts.ending(output),
      let kind = kinds.first(where: { $0.report == report }), !kind.own.contains(ending)
    else { return }
    let hint: String
    switch ending {
    case "html", "htm": hint = "a page is made by `pprofconv flamegraph`"
    case _ where pictures.contains(ending):
      hint = "a picture is made by `pprofconv graph`" + (ending == "svg" ? " or `pprofconv flamegraph`" : "")
    case "csv", "md", "markdown": hint = "`pprofconv top FILE -o x.\(ending)` is a table"
    case "txt" where report == "topproto": hint = "`pprofconv top FILE -o x.txt` is the table"
    case "speedscope": hint = "`pprofconv flamegraph` writes what viewers read"
    case "json", "callgrind", "folded", "raw": hint = converts("x." + ending)
    case _ where profiles.contains(ending): hint = converts("x.pb.gz")
    default: return
    }
    throw ProfileError(.option, "\(report) is \(kind.what), and not written as .\(ending)", hint: hint, file: output)
  }
}
