internal import PprofKit

struct Info: ReadsProfiles, Talks {
  static let words = VerbWords(
    name: "info", summary: "What a file is: format, kind, totals, time, largest stacks, what is odd about it.",
    usage: "pprofconv info [FILE]... [OPTIONS]",
    operand: ("FILE", "Files, or - for standard input. Times are UTC unless TZ is set."),
    examples: ["pprofconv info heap.pb.gz", "pprofconv info *.pb.gz --json"])

  static var options: [Option<Info>] {
    [
      Option("--top", value: "COUNT", help: "How many of the largest stacks to show. Default: 5.") {
        verb, text throws(UsageError) in verb.top = try number(text, of: "--top", in: 0...Int.max)
      }
    ] + readingOptions + talkingOptions
  }

  var operands: [String] = []
  var top = 5
  var reading = InputOptions()
  var talking = Talking()

  func run(_ context: Context) throws(ProfileError) -> ExitStatus {
    if operands.isEmpty { _ = try Inputs.one(nil) }
    var status = ExitStatus.done
    var documents: [JSONValue] = []
    for (i, argument) in (operands.isEmpty ? ["-"] : operands).enumerated() {
      do throws(ProfileError) {
        let report = try report(on: Inputs.one(argument))
        if talking.isJSON {
          documents.append(report.json)
        } else {
          let printed = context.terminal.print((i > 0 ? "\n" : "") + report.text)
          if printed != .done { return printed }
        }
      } catch {
        // The others are still worth reading.
        let code = ExitStatus(error)
        if status == .done { status = code }
        context.terminal.show(error)
        documents.append(
          .object([("file", .string(argument)), ("error", JSONReports.value(of: error, status: code.rawValue))]))
      }
    }
    if talking.isJSON {
      let printed = context.terminal.print(JSONReports.info(documents))
      if printed != .done { return printed }
    }
    return status
  }

  private func report(on input: ProfileInput) throws(ProfileError) -> InfoReport {
    let loaded = try LoadedProfile(input, options: reading)
    var source = InfoReport.Source(
      name: loaded.name, format: loaded.format.id.rawValue, formatSummary: loaded.format.summary)
    source.isGzip = loaded.isGzip
    source.size = loaded.size
    source.inflatedSize = loaded.inflatedSize
    source.firstLine = loaded.firstLine
    source.diagnostics = loaded.diagnostics
    if System.environment("TZ") != nil {
      source.utcOffset = System.utcOffset(at: loaded.profile.columns.timeNanos / 1_000_000_000)
    }
    return InfoReport(loaded.profile, of: source, top: top)
  }
}
