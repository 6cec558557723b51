internal import ProfileModel
internal import ProfileReports

/// One document: the files as in a manifest, a line each, then how many of each sort there were.
struct JSONBatchReport: BatchReportWriter {
  let file: ReportFile
  private let batch: Batch
  private var isFirst = true

  static let beginning = #"{"schema":"pprofconv-batch/1","#

  init(_ file: ReportFile, _ batch: Batch) {
    self.file = file
    self.batch = batch
    let tool = JSONValue.string("pprofconv " + Release.version).line
    file.write(Self.beginning + #""tool":\#(tool),"options":\#(batch.recipe.line),"files":["#)
  }

  mutating func add(_ entry: BatchFile) {
    file.write((isFirst ? "\n" : ",\n") + entry.json(below: batch.outputDirectory, wording: batch.wording).line)
    isFirst = false
  }

  mutating func finish(_ outcome: BatchOutcome) {
    let counts = JSONValue.object([
      ("converted", .int(outcome.converted)), ("current", .int(outcome.current)), ("stale", .int(outcome.stale)),
      ("skipped", .int(outcome.noProfile + outcome.kept)), ("failed", .int(outcome.failures.count)),
      ("not_run", .int(outcome.notRun)),
    ])
    file.write("\n],\"counts\":\(counts.line),\"bytes_read\":\(outcome.bytesRead),")
    file.write("\"bytes_written\":\(outcome.bytesWritten),\"seconds\":\(JSONValue.double(outcome.seconds).line)}\n")
  }
}

/// A line of a manifest as soon as a file and all before it are done, for the program at the other end of a pipe.
struct JSONLinesReport: BatchReportWriter {
  let file: ReportFile
  private let batch: Batch

  init(_ file: ReportFile, _ batch: Batch) {
    self.file = file
    self.batch = batch
  }

  mutating func add(_ entry: BatchFile) {
    file.write(entry.json(below: batch.outputDirectory, wording: batch.wording).line + "\n")
    file.flush()
  }

  /// A line is of an input; of this there is none.
  mutating func addRefusal(_ entry: BatchFile) {}

  mutating func finish(_ outcome: BatchOutcome) {}
}
