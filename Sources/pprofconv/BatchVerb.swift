internal import ArgumentParser
internal import PprofKit

/// Many profiles at once. What is found, where it goes and how it is run is the library's `Batch`.
struct BatchVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "batch",
    abstract: "Many files, whole trees, in parallel.",
    usage: "pprofconv batch PATH... --to FORMAT --output-dir DIR [OPTIONS]",
    discussion: """
      EXAMPLES:
        pprofconv batch -r profiles --to text --output-dir texts
      """)

  @OptionGroup var finding: FindingOptions
  @OptionGroup var placing: PlacingOptions

  @Option(
    name: .shortAndLong, help: ArgumentHelp("Files to convert at once. Default: one a processor.", valueName: "count"))
  var jobs: Int?

  @Flag(name: .shortAndLong, help: "Convert the others when a file fails; exit 4 at the end.")
  var keepGoing = false

  @Flag(help: "Write nothing; exit 1 and list what is missing or not what would be written.")
  var check = false

  @OptionGroup var writing: WritingOptions
  @OptionGroup var reading: ReadingOptions
  @OptionGroup var talking: TalkingOptions

  func validate() throws {
    if let jobs, jobs < 1 { throw ValidationError("--jobs \(jobs) is not at least 1") }
    try writing.check(with: reading)
  }

  func run(_ context: Context) throws -> ExitStatus {
    var terminal = context.terminal
    terminal.isQuiet = talking.quiet
    let batch = batch(context)
    System.easeMemory()
    let plan = try batch.plan()
    var report = BatchReport(terminal: terminal, checks: check, isVerbose: talking.verbose)
    let outcome =
      check
      ? try batch.check(plan) { report.add($0) }
      : try batch.run(plan) { report.add($0) }
    report.finish(outcome)
    return status(outcome)
  }

  private func batch(_ context: Context) -> Batch {
    var batch = Batch(finding.paths, to: placing.to, in: placing.outputDir)
    finding.set(&batch)
    placing.set(&batch)
    batch.inputOptions = reading.input
    batch.inputOptions.maxMemory = nil
    batch.maxMemory = reading.maxMemory?.bytes
    batch.outputOptions = writing.output
    batch.jobs = jobs
    batch.keepsGoing = keepGoing
    batch.temporaries = context.temporaries
    return batch
  }

  private func status(_ outcome: BatchOutcome) -> ExitStatus {
    if let first = outcome.failures.first, case .failed(let error) = first.status {
      return keepGoing ? .someFailed : ExitStatus(error)
    }
    return outcome.stale > 0 ? .checkFailed : .done
  }
}
