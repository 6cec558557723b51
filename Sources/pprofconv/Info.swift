internal import ArgumentParser
internal import PprofKit

struct Info: Verb {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "What a file is: format, kind, totals, time, largest stacks, what is odd about it.",
    usage: "pprofconv info [FILE]... [OPTIONS]",
    discussion: """
      Times are UTC unless TZ is set. With --json one document of schema pprofconv-info/1.

      EXAMPLES:
        pprofconv info heap.pb.gz
        pprofconv info *.pb.gz --json
      """)

  @Argument(help: ArgumentHelp("Files, or - for standard input.", valueName: "file"), completion: .file())
  var files: [String] = []

  @Option(help: ArgumentHelp("How many of the largest stacks to show.", valueName: "count"))
  var top = 5

  @OptionGroup var reading: ReadingOptions
  @OptionGroup var talking: TalkingOptions

  func validate() throws {
    if top < 0 { throw ValidationError("--top \(top) is not at least 0") }
  }

  func run(_ context: Context) throws -> ExitStatus {
    if files.isEmpty, OpenFile.input.isTerminal {
      context.terminal.showUsage("no input: name a file, or - for standard input")
      return .usage
    }
    var status = ExitStatus.done
    var documents: [JSONValue] = []
    for (i, argument) in (files.isEmpty ? ["-"] : files).enumerated() {
      do {
        let report = try report(on: Inputs.file(argument))
        if talking.json {
          documents.append(report.json)
        } else {
          let printed = context.terminal.print((i > 0 ? "\n" : "") + report.text)
          if printed != .done { return printed }
        }
      } catch let error as ProfileError {
        // The others are still worth reading.
        let code = ExitStatus(error)
        if status == .done { status = code }
        context.terminal.show(error)
        documents.append(
          .object([("file", .string(argument)), ("error", JSONReports.value(of: error, status: code.rawValue))]))
      }
    }
    if talking.json {
      let printed = context.terminal.print(JSONReports.info(documents))
      if printed != .done { return printed }
    }
    return status
  }

  private func report(on input: ProfileInput) throws -> InfoReport {
    let loaded = try LoadedProfile(input, options: reading.input)
    var source = InfoReport.Source(
      name: loaded.name, format: loaded.format.id.rawValue, formatSummary: loaded.format.summary)
    source.isGzip = loaded.isGzip
    source.size = loaded.size
    source.inflatedSize = loaded.inflatedSize
    source.firstLine = loaded.firstLine
    source.diagnostics = loaded.diagnostics.rewording(FlagNames.replaced)
    if System.environment("TZ") != nil {
      source.utcOffset = System.utcOffset(at: loaded.profile.columns.timeNanos / 1_000_000_000)
    }
    return InfoReport(loaded.profile, of: source, top: top)
  }
}
