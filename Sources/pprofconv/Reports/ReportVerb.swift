internal import ArgumentParser
internal import PprofKit

/// A verb that shows a profile.
protocol ReportVerb: Verb {
  /// The report's id in the catalogue.
  static var report: String { get }
  var input: ReportInput { get }
  associatedtype Forms: FormFlags
  var forms: Forms { get }
  /// The functions that the report is about, where it needs that.
  var functions: String? { get }
  /// What a graph becomes where the output's name does not say it.
  var picture: FormatID? { get }
}

/// What every report takes.
struct ReportInput: ParsableArguments {
  @Argument(
    help: ArgumentHelp("Files, merged where there are several; - for standard input.", valueName: "file"),
    completion: .file())
  var files: [String] = []
  @OptionGroup var flags: ReportFlags
  @OptionGroup var reading: ReadingOptions
}

extension ReportVerb {
  private var files: [String] { input.files }
  private var flags: ReportFlags { input.flags }
  private var reading: ReadingOptions { input.reading }

  var functions: String? { nil }
  var picture: FormatID? { nil }

  func run(_ context: Context) throws -> ExitStatus {
    var terminal = context.terminal
    terminal.isQuiet = flags.quiet
    if files.isEmpty, OpenFile.input.isTerminal {
      terminal.showNoInput()
      return .usage
    }
    if files.isEmpty, let functions, System.exists(functions) {
      terminal.showUsage(
        "\(Self.report) takes a pattern and then files: `pprofconv \(Self.report) main \(PathName.shown(functions))` (. matches all)"
      )
      return .usage
    }
    var run = flags.run
    var files = files
    if files.count > 1, Inputs.isProgram(files[0]) {
      run.program = files.removeFirst()
      terminal.warn("not read: the names of functions are those of the profile", of: run.program, kind: "program")
    }
    let inputs = try (files.isEmpty ? ["-"] : files).map(Inputs.file)
    if let functions { run.options.pattern = try NamePattern(expression: functions) }
    // The verbs are pprof's, letter for letter; what Graphviz is to read is written by `graph`.
    run.options.isVerbatim = Self.report != "graph"
    let combination = try flags.comparing.combination(adding: Array(files.dropFirst()))
    let target: Destination.Target = flags.output.map { $0 == "-" ? .standardOutput : .file($0) } ?? .standardOutput
    try OutputPlaces.check([target], inputs: [inputs[0]] + combination.inputs)
    let form = try forms.form(Self.report, output: flags.output)
    System.easeMemory()
    var loaded = try LoadedProfile(inputs[0], options: reading.input)
    terminal.show(loaded.diagnostics, of: loaded.name)
    terminal.show(try run.combine(&loaded, with: combination, reading.input))
    do throws(ProfileError) {
      let prepared = try run.prepare(loaded.profile)
      for note in prepared.notes { terminal.warn(note, of: loaded.name, kind: "report") }
      try write(prepared, as: form, to: Destination(target, as: picture), context)
    } catch { throw error.naming(loaded) }
    return .done
  }

  /// Through the pager where that is wanted.
  private func write(
    _ prepared: ReportRun.Prepared, as form: ReportRun.Prepared.Form, to destination: Destination, _ context: Context
  ) throws(ProfileError) {
    guard flags.output == nil || flags.output == "-", !flags.noPager, form == .text, picture == nil,
      let pager = Pager(context.temporaries)
    else { return try prepared.write(Self.report, as: form, to: destination, context.temporaries) }
    do throws(ProfileError) {
      try prepared.write(Self.report, isTerminal: true) { bytes throws(ProfileError) in try pager.write(bytes) }
      try pager.finish()
    } catch {
      // Who leaves the pager is done.
      if !pager.isLeft { throw error }
    }
  }
}

extension ProfileError {
  /// The error with the input's name, where that is what is wrong: an output has its own, and an option none.
  func naming(_ input: LoadedProfile) -> ProfileError {
    if file != nil || ![.invalid, .limit, .unsupported].contains(code) { return self }
    var error = self
    error.file = input.name
    return error
  }
}
