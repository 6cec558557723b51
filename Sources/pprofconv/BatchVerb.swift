internal import ArgumentParser
internal import PprofKit

/// Many profiles at once. What is found, where it goes and how it is run is the library's `Batch`.
struct BatchVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "batch",
    abstract: "Many files, whole trees, in parallel.",
    usage: "pprofconv batch PATH... --to FORMAT --output-dir DIR [OPTIONS]",
    discussion: """
      Outputs stand below the output directory as the inputs stand below the directory \
      that was given; a file that was named stands there by its name, one from a list by \
      its path. No output is ever written over an input, and two that would have one \
      place are refused before anything is written. What is found and is no profile is \
      skipped and counted; what was named, or ends in .pb, .pb.gz, .prof, .pprof or \
      .pgo, must be one. Links to directories are not followed (--follow), names with a \
      dot at the beginning are not found (--hidden), and the output directory is left \
      out. --include and --exclude do not concern what was named. A link that was found and \
      leads nowhere is a missing input, unless --exclude leaves it out. What is named more \
      than once is taken once, which a warning tells.

      Files are written beside their places, brought to the disk, and renamed: after a \
      crash, a full disk or a kill each is there whole or not at all, and the same \
      command with -n finishes what is missing. --max-memory is for all files at once: \
      one that does not fit waits for the others, one that never fits is refused.

      With --manifest a later run converts only what changed, by content: a file is current \
      if the SHA-256 of its input and of every output still hold, and version and options \
      are the same. What runs with it wrote is replaced without -f, as long as one \
      output shows that it is of this directory: one that is as it was written. A run that was killed \
      is gone on with. What stands though its input is gone or no profile any more is told, and stale to --check. \
      Two manifests of one tree differ in "seconds" alone, the last \
      key of each line. Every key: Sources/PprofKit/Batch/batch.schema.json.

      Reports: junit=FILE, markdown=FILE (what GITHUB_STEP_SUMMARY holds already stays), \
      json=FILE, jsonl[=FILE], github. Progress is shown on standard error, one line on a \
      terminal, a line every ten seconds elsewhere or with NO_COLOR, none with -q.

      --shard K/N: a file belongs to part (SHA-256 of its path below the directory that was \
      given, or as it was named; first 8 bytes, big-endian) mod N + 1. Without --shard \
      CI_NODE_INDEX and CI_NODE_TOTAL (GitLab), BUILDKITE_PARALLEL_JOB and _COUNT, \
      CIRCLE_NODE_INDEX and _TOTAL, or SLURM_ARRAY_TASK_ID, _MIN, _STEP and _COUNT say \
      which part this is, and a line on standard error tells, also with -q; --shard all takes \
      everything whatever they say. JOB_COMPLETION_INDEX of \
      Kubernetes needs --shard auto/N.

      EXAMPLES:
        pprofconv batch -r profiles --to text --output-dir texts
        pprofconv batch 'logs/**/*.pb.gz' --to folded --flat \\
          --name '{dir}-{stem}.{ext}' --output-dir folded
        find . -name '*.prof' -print0 | pprofconv batch --files-from - -0 \\
          --to pb.gz --output-dir out --keep-going
        pprofconv batch -r profiles --to text --to pb.gz --output-dir out --update
        pprofconv batch -r profiles --to text --output-dir texts --check
        pprofconv batch -r profiles --to text --output-dir texts --keep-going \\
          --manifest texts.jsonl --report junit=profiles.xml --report github
        pprofconv batch -r profiles --to text --output-dir texts --shard 2/8
      """)

  @OptionGroup var finding: FindingOptions
  @OptionGroup var placing: PlacingOptions

  @Option(
    name: [.customShort("j", allowingJoined: true), .long],
    help: ArgumentHelp("Files to convert at once. Default: one a processor.", valueName: "count"))
  var jobs: Int?

  @Flag(name: .shortAndLong, help: "Convert the others when a file fails; exit 4 at the end.")
  var keepGoing = false

  @Flag(help: "Write nothing; exit 1 and list what is missing or not what would be written.")
  var check = false

  @OptionGroup var recording: RecordingOptions
  @OptionGroup var writing: WritingOptions
  @OptionGroup var reading: ReadingOptions
  @OptionGroup var talking: TalkingOptions

  func validate() throws {
    if finding.paths.isEmpty, finding.filesFrom.isEmpty {
      throw ValidationError("no input: name files, directories (with -r), or --files-from FILE")
    }
    if let jobs, jobs < 1 { throw ValidationError("--jobs \(jobs) is not at least 1") }
    try recording.check(with: placing)
    try writing.check(with: reading)
  }

  func run(_ context: Context) throws -> ExitStatus {
    var terminal = context.terminal
    terminal.isQuiet = talking.quiet
    var batch = batch(context)
    let assigned = try recording.set(&batch)
    System.easeMemory(isShared: false)
    let requests = recording.report.map(\.request)
    let plan: BatchPlan
    do throws(ProfileError) { plan = try batch.plan() } catch {
      report(error, of: batch, terminal) { () throws(ProfileError) in try BatchReports(refused: requests, of: batch) }
      throw error
    }
    if let assigned { say(assigned, plan, terminal) }
    if let first = plan.repeated.first {
      let others = plan.repeated.count == 1 ? "" : " (and so in \(plan.repeated.count - 1) more)"
      terminal.warn("it is named more than once, and taken once" + others, of: first, kind: "repeated")
    }
    let reports = try BatchReports(requests, of: batch)
    let progress = talking.quiet || talking.json ? nil : Progress(plan)
    terminal.progress = progress
    var report = BatchReport(terminal: terminal, checks: check, isVerbose: talking.verbose)
    let observe = { (file: BatchFile) in
      report.add(file)
      reports.add(file)
    }
    let show = { (done: BatchProgress) in progress?.show(done) ?? () }
    var unfinished: ProfileError?
    var hasEnded = false
    let end = { (outcome: BatchOutcome) in
      progress?.clear()
      report.finish(outcome)
      hasEnded = true
      do throws(ProfileError) { try reports.finish(outcome) } catch { unfinished = error }
    }
    let outcome: BatchOutcome
    do throws(ProfileError) {
      if check {
        outcome = try batch.check(plan, progress: show, observer: observe)
        end(outcome)
      } else {
        outcome = try batch.run(plan, progress: show, observer: observe, ended: end)
      }
    } catch {
      if !hasEnded { self.report(error, of: batch, terminal) { reports } }
      throw error
    }
    if let unfinished { throw unfinished }
    // Of a part nobody can say that.
    if outcome.noProfile == outcome.count, outcome.count > 0, batch.shard == nil {
      throw ProfileError(
        .unknownFormat, "none of the \(outcome.count) files is a profile", hint: "-v says what each of them is")
    }
    return status(outcome)
  }

  /// What is wrong with how it was called is for who calls; all else is for who reads the reports, and so is what is wrong with
  /// a file that is there, or with two that would have one name.
  private func report(
    _ refusal: ProfileError, of batch: Batch, _ terminal: Terminal, _ reports: () throws(ProfileError) -> BatchReports
  ) {
    if refusal.code == .option, refusal.file == nil { return }
    do throws(ProfileError) { try reports().refuse(refusal, of: batch) } catch { terminal.show(error) }
  }

  private func batch(_ context: Context) -> Batch {
    var batch = Batch(finding.paths, to: placing.to, in: placing.outputDir ?? "")
    finding.set(&batch)
    placing.set(&batch)
    if check { batch.existing = .replace }
    batch.inputOptions = reading.input
    batch.inputOptions.maxMemory = nil
    batch.maxMemory = reading.maxMemory?.bytes
    batch.outputOptions = writing.output
    batch.jobs = jobs
    batch.keepsGoing = keepGoing
    batch.temporaries = context.temporaries
    return batch
  }

  /// Who did not ask for a part must learn that this is one, however quiet he wants it.
  private func say(_ assigned: Shard.Assignment, _ plan: BatchPlan, _ terminal: Terminal) {
    if recording.shard != nil, terminal.isQuiet { return }
    let why = assigned.variables.isEmpty ? "" : " (\(assigned.variables.joined(separator: ", ")))"
    let others = recording.shard == nil ? "; --shard all takes all of them" : ""
    terminal.note("part \(assigned.shard)\(why): \(plan.items.count) of \(plan.found) files\(others)")
  }

  private func status(_ outcome: BatchOutcome) -> ExitStatus {
    if let first = outcome.failures.first, case .failed(let error) = first.status {
      return keepGoing ? .someFailed : ExitStatus(error)
    }
    return outcome.stale > 0 ? .checkFailed : .done
  }
}
