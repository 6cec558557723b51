public import ProfileModel

/// A batch that is refused before it begins leaves reports all the same: those of a run before, which went well, would be
/// published for it.
extension BatchReports {
  /// Opens the reports of a batch that has no plan. No plan, no look at what their files are: one in which something else than a
  /// report of this kind stands is let be, since it may be a profile.
  public convenience init(refused requests: [BatchReportRequest], of batch: Batch) throws(ProfileError) {
    try self.init(requests.filter(\.mayBeReplaced), of: batch)
  }

  /// Writes them, with the error as the one thing that failed.
  public func refuse(_ error: ProfileError, of batch: Batch) throws(ProfileError) {
    let path = error.file ?? batch.inputs.first ?? batch.lists.first ?? batch.outputDirectory
    let file = BatchFile(path, .failed(error))
    var outcome = BatchOutcome()
    outcome.add(file)
    addRefusal(file)
    try finish(outcome)
  }
}

extension BatchReportRequest {
  fileprivate var mayBeReplaced: Bool {
    guard let path else { return true }
    // What stands there before the page stays.
    if kind == .markdown, path == System.environment("GITHUB_STEP_SUMMARY") { return true }
    let head: [UInt8]
    do throws(SystemError) {
      // What is written straight, and replaces nothing.
      if try System.status(path).kind != .regular { return true }
      head = try OpenFile.reading(path).readFully(128)
    } catch {
      return error == .noEntry
    }
    return head.isEmpty || beginnings.contains { head.starts(with: $0.utf8) }
  }

  /// What reports of this kind begin with.
  private var beginnings: [String] {
    switch kind {
    case .junit: [JUnitReport.beginning]
    case .markdown: ["## ✅ \(MarkdownReport.title)", "## ❌ \(MarkdownReport.title)"]
    case .github: ["::error ", "::warning "]
    case .json: [JSONBatchReport.beginning]
    case .jsonl: [#"{"path":"#]
    }
  }
}
