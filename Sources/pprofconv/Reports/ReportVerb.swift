internal import ArgumentParser
internal import PprofKit

/// A verb that shows a profile.
protocol ReportVerb: Verb {
  /// The report's id in the catalogue.
  static var report: String { get }
  var files: [String] { get }
  var flags: ReportFlags { get }
  var reading: ReadingOptions { get }
  /// The functions that the report is about, where it needs that.
  var functions: String? { get }
  /// What a graph becomes where the output's name does not say it.
  var picture: FormatID? { get }
}

extension ReportVerb {
  var functions: String? { nil }
  var picture: FormatID? { nil }

  func run(_ context: Context) throws -> ExitStatus {
    var terminal = context.terminal
    terminal.isQuiet = flags.quiet
    if files.isEmpty, OpenFile.input.isTerminal {
      terminal.showUsage("no input: name a file, or - for standard input")
      return .usage
    }
    let inputs = try (files.isEmpty ? ["-"] : files).map(Inputs.input)
    var run = flags.run
    if let functions { run.options.pattern = try NamePattern(expression: functions) }
    // The verbs are pprof's, letter for letter; what Graphviz is to read is written by `graph`.
    run.options.isVerbatim = Self.report != "graph"
    let combination = try flags.comparing.combination(adding: Array(files.dropFirst()))
    let target: Destination.Target = flags.output.map { $0 == "-" ? .standardOutput : .file($0) } ?? .standardOutput
    try OutputPlaces.check([target], inputs: [inputs[0]] + combination.inputs)
    System.easeMemory()
    var loaded = try LoadedProfile(inputs[0], options: reading.input)
    terminal.show(loaded.diagnostics, of: loaded.name)
    for message in try run.combine(&loaded, with: combination, reading.input) {
      terminal.warn(message, of: loaded.name, kind: "merge")
    }
    let prepared = try run.prepare(loaded.profile)
    for note in prepared.notes { terminal.warn(note, of: loaded.name, kind: "report") }
    let form: ReportRun.Prepared.Form = flags.json ? .json : flags.csv ? .csv : .text
    if flags.output == nil || flags.output == "-", !flags.noPager, form == .text,
      let pager = Pager(context.temporaries)
    {
      try prepared.write(Self.report, isTerminal: true) { bytes throws(ProfileError) in try pager.write(bytes) }
      try pager.finish()
      return .done
    }
    try prepared.write(Self.report, as: form, to: Destination(target, as: picture), context.temporaries)
    return .done
  }
}
