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
    case "svg", "html", "htm", "png", "pdf", "ps", "gif", "jpg", "dot": hint = pictures
    case "json", "speedscope": hint = "`pprofconv flamegraph` writes what viewers read"
    case "pb", "gz", "prof", "pprof":
      hint = "`pprofconv FILE -o x.pb.gz` converts, with the same filters; `pprofconv topproto` has what top shows"
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

  func form(_ report: String, output: String?) -> ReportRun.Prepared.Form { json ? .json : csv ? .csv : .text }
}
