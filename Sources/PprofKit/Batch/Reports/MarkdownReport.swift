internal import ProfileModel

/// A page for people: how it went, what there was, what failed and what was lost.
///
/// GitHub takes 1 MiB as the summary of a step and refuses all of a longer one: the lists are cut before that, and say how
/// much is not in them.
struct MarkdownReport: BatchReportWriter {
  let file: ReportFile
  private let wording: (String) -> String
  private var kinds: [String: (files: Int, samples: Int)] = [:]
  private var warnings: [String: (files: Int, example: String)] = [:]
  private var isRefused = false
  private var losses: [String: (outputs: Int, example: String)] = [:]

  static let title = "pprofconv batch"
  static let most = 1 << 20
  /// Room for all that is not a list.
  private static let margin = 8 << 10
  /// Labels, kinds and formats are few; names of files might make them many.
  private static let mostRows = 40

  init(_ file: ReportFile, _ batch: Batch) {
    self.file = file
    wording = batch.wording
  }

  mutating func add(_ entry: BatchFile) {
    if let kind = entry.kind {
      let old = kinds[kind] ?? (0, 0)
      kinds[kind] = (old.files + 1, old.samples.addingClamped(entry.sampleCount))
    }
    for (kind, _) in entry.diagnostics.counts {
      guard warnings[kind] != nil || warnings.count < Self.mostRows,
        let first = entry.diagnostics.items.first(where: { $0.kind == kind })
      else { continue }
      warnings[kind, default: (0, wording(first.message))].files += 1
    }
    for output in entry.outputs {
      for loss in output.losses.entries {
        let key = "\(output.format.id): \(loss.field)"
        guard losses[key] != nil || losses.count < Self.mostRows else { continue }
        losses[key, default: (0, wording(loss.reason))].outputs += 1
      }
    }
  }

  mutating func addRefusal(_ entry: BatchFile) { isRefused = true }

  mutating func finish(_ outcome: BatchOutcome) {
    if file.size > 0 { file.write("\n") }
    let isGood = outcome.failures.isEmpty && outcome.stale == 0 && outcome.notRun == 0
    file.write("## \(isGood ? "✅" : "❌") \(Self.title)\n\n\(sentence(outcome))\n")
    table(
      ["kind", "files", "samples"],
      kinds.sorted { $0.key < $1.key }.map {
        [$0.key, ReportText.grouped($0.value.files), ReportText.grouped($0.value.samples)]
      })
    let failures = outcome.failures.lazy.map { [wording] file in
      if case .failed(let error) = file.status {
        [PathName.shown(file.path), error.sentence(wording) + (error.hint.map { " (" + wording($0) + ")" } ?? "")]
      } else {
        [PathName.shown(file.path), ""]
      }
    }
    list("Failed", ["file", "reason"], failures, of: "failed files")
    list(
      "Not current", ["output", "what"],
      outcome.staleOutputs.lazy.map { [PathName.shown($0.path), $0.reason] }, of: "outputs")
    list(
      "Warnings", ["warning", "files"],
      warnings.sorted { $0.key < $1.key }.lazy.map { [$0.value.example, ReportText.grouped($0.value.files)] },
      of: "warnings")
    list(
      "Lost", ["format: field", "outputs", "why"],
      losses.sorted { $0.key < $1.key }.lazy.map { [$0.key, ReportText.grouped($0.value.outputs), $0.value.example] },
      of: "losses")
  }

  private func sentence(_ outcome: BatchOutcome) -> String {
    if isRefused { return "It was refused before it began: nothing was converted." }
    if outcome.count == 0 { return "There was nothing to convert." }
    let parts = [
      (outcome.converted, "converted"), (outcome.current, "current"), (outcome.stale, "not current"),
      (outcome.failures.count, "failed"), (outcome.noProfile, "no profile"), (outcome.kept, "kept"),
      (outcome.notRun, "not run"),
    ]
    let counts = parts.filter { $0.0 > 0 }.map { "**\(ReportText.grouped($0.0))** \($0.1)" }
    return "\(ReportText.grouped(outcome.count)) files: " + counts.joined(separator: ", ")
      + "; \(ReportText.size(outcome.bytesRead)) read, \(ReportText.size(outcome.bytesWritten)) written, "
      + "\(ReportText.fixed(outcome.seconds, 1)) s"
  }

  private func list(_ title: String, _ head: [String], _ rows: some Collection<[String]>, of what: String) {
    if rows.isEmpty { return }
    file.write("\n### \(title)\n")
    let written = table(head, rows)
    if written < rows.count {
      file.write("\nCut here: \(ReportText.grouped(rows.count - written)) more \(what) have no room in a summary.\n")
    }
  }

  /// As many rows as there is room for.
  @discardableResult
  private func table(_ head: [String], _ rows: some Collection<[String]>) -> Int {
    if rows.isEmpty { return 0 }
    file.write("\n| " + head.joined(separator: " | ") + " |\n|" + String(repeating: " --- |", count: head.count) + "\n")
    var written = 0
    for row in rows {
      let line = "| " + row.map { ReportText.markdown(ReportText.cut($0, to: 1000)) }.joined(separator: " | ") + " |\n"
      if file.size + line.utf8.count > Self.most - Self.margin { break }
      file.write(line)
      written += 1
    }
    return written
  }
}
