internal import ProfileModel

/// A test case a file, as JUnit's XML has them. Which files it names twice nobody shows twice: the name is the whole path.
///
/// GitLab takes 30 MB and 500,000 cases: what passed is left out behind four fifths of that, everything at the end of it, and
/// a property says how many.
struct JUnitReport: BatchReportWriter {
  let file: ReportFile
  private let wording: (String) -> String
  private var cases: [UInt8] = []
  private var tests = 0
  private var failures = 0
  private var errors = 0
  private var skipped = 0
  private var seconds = 0.0
  private var leftOut = 0

  static let most = (bytes: 29 << 20, tests: 490_000)

  init(_ file: ReportFile, _ batch: Batch) {
    self.file = file
    wording = batch.wording
  }

  static let beginning = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"pprofconv batch\" "

  /// An error, not a failure: no test was run.
  mutating func addRefusal(_ entry: BatchFile) {
    guard case .failed(let type, let message, let detail) = Verdict(entry, wording) else { return }
    tests += 1
    errors += 1
    let path = ReportText.xml(PathName.shown(entry.path))
    cases +=
      """
          <testcase classname="pprofconv batch" name="\(path)" time="0.000000">
            <error type="\(ReportText.xml(type))" message="\(ReportText.xml(message))">\(ReportText.xml(detail))</error>
          </testcase>

      """.utf8
  }

  mutating func add(_ entry: BatchFile) {
    let verdict = Verdict(entry, wording)
    let share = verdict.isFailure ? 1.0 : 0.8
    if Double(cases.count) > share * Double(Self.most.bytes) || Double(tests) > share * Double(Self.most.tests) {
      leftOut += 1
      return
    }
    tests += 1
    seconds += entry.seconds
    let path = ReportText.xml(PathName.shown(entry.path))
    let folder = PathParts.folder(path) ?? "."
    var text = "    <testcase classname=\"\(folder)\" name=\"\(path)\" time=\"\(ReportText.fixed(entry.seconds, 6))\""
    switch verdict {
    case .passed(let output) where output.isEmpty: text += "/>\n"
    case .passed(let output):
      text += ">\n      <system-out>\(ReportText.xml(output))</system-out>\n    </testcase>\n"
    case .failed(let type, let message, let detail):
      failures += 1
      text += ">\n      <failure type=\"\(ReportText.xml(type))\" message=\"\(ReportText.xml(message))\">"
      text += "\(ReportText.xml(detail))</failure>\n    </testcase>\n"
    case .skipped(let message):
      skipped += 1
      text += ">\n      <skipped message=\"\(ReportText.xml(message))\"/>\n    </testcase>\n"
    }
    cases += text.utf8
  }

  mutating func finish(_ outcome: BatchOutcome) {
    let counts = "tests=\"\(tests)\" failures=\"\(failures)\" errors=\"\(errors)\" skipped=\"\(skipped)\""
    let attributes = "\(counts) time=\"\(ReportText.fixed(seconds, 6))\""
    file.write(Self.beginning + "\(attributes)>\n  <testsuite name=\"pprofconv batch\" \(attributes)>\n")
    if leftOut > 0 {
      file.write(
        "    <properties>\n      <property name=\"files left out\" value=\"\(leftOut)\"/>\n    </properties>\n")
    }
    file.write(cases)
    cases = []
    file.write("  </testsuite>\n</testsuites>\n")
  }
}

/// What became of a file, in the words of a test.
private enum Verdict {
  case passed(output: String)
  case failed(type: String, message: String, detail: String)
  case skipped(String)

  var isFailure: Bool { if case .failed = self { true } else { false } }

  init(_ entry: BatchFile, _ wording: (String) -> String) {
    switch entry.status {
    case .converted, .current:
      self = .passed(output: entry.diagnostics.sentences(wording).joined(separator: "\n"))
    case .stale:
      let stale = entry.staleOutputs
      self = .failed(
        type: "stale", message: "an output " + (stale.first?.verdict ?? ""),
        detail: stale.map { "\(PathName.shown($0.path)): \($0.verdict)" }.joined(separator: "\n"))
    case .failed(let error):
      let message = error.sentence(wording)
      self = .failed(
        type: error.code.rawValue, message: message,
        detail: message + (error.hint.map { "\nhint: " + wording($0) } ?? ""))
    case .skipped(.noProfile(let error)): self = .skipped("no profile: " + error.sentence(wording))
    case .skipped(.outputExists): self = .skipped("its outputs are there")
    case .notRun: self = .skipped("a file before it failed")
    }
  }
}

extension Diagnostics {
  /// One for each kind, with how often it came.
  func sentences(_ wording: (String) -> String) -> [String] {
    counts.compactMap { kind, count in
      guard let first = items.first(where: { $0.kind == kind }) else { return nil }
      return ReportText.cut(wording(first.message)) + (count > 1 ? " (and \(count - 1) more like it)" : "")
    }
  }
}
