public import ProfileModel
internal import ProfileReports

/// What a batch did, for the systems that show it: one of the kinds below, and where it goes.
public struct BatchReportRequest: Hashable, Sendable {
  public enum Kind: String, CaseIterable, Hashable, Sendable {
    /// XML of JUnit, a test case a file: GitLab, Jenkins, Buildkite and others show it.
    case junit
    /// A page for a pull request or for the summary of a GitHub job.
    case markdown
    /// Lines by which GitHub Actions marks files, at most ten errors and ten warnings: it shows no more of a step.
    case github
    /// One document of schema `pprofconv-batch/1`.
    case json
    /// The lines of a manifest, as the files are done.
    case jsonl
  }

  public var kind: Kind
  /// nil: standard output.
  public var path: String?

  public init(_ kind: Kind, path: String? = nil) {
    self.kind = kind
    self.path = path
  }
}

/// Writes the reports of one batch. Not a word of it is in any file's place before ``finish(_:)``.
public final class BatchReports {
  private var reports: [any BatchReportWriter] = []

  /// Opens what they are written to.
  public init(_ requests: [BatchReportRequest], of batch: Batch) throws(ProfileError) {
    for request in requests {
      let report: any BatchReportWriter =
        switch request.kind {
        case .junit: JUnitReport(try ReportFile(request.path, batch.temporaries), batch)
        case .markdown: MarkdownReport(try ReportFile(summary: request.path, batch.temporaries), batch)
        case .github: GitHubAnnotations(try ReportFile(request.path, batch.temporaries), batch)
        case .json: JSONBatchReport(try ReportFile(request.path, batch.temporaries), batch)
        case .jsonl: JSONLinesReport(try ReportFile(request.path, batch.temporaries), batch)
        }
      reports.append(report)
    }
  }

  /// Takes a file; to be called from the observer.
  public func add(_ file: BatchFile) { for i in reports.indices { reports[i].add(file) } }

  func addRefusal(_ file: BatchFile) { for i in reports.indices { reports[i].addRefusal(file) } }

  /// Ends the reports, and gives their files their places.
  ///
  /// - Throws: the first thing that went wrong since the beginning; the other reports are finished all the same.
  public func finish(_ outcome: BatchOutcome) throws(ProfileError) {
    var failure: ProfileError?
    for i in reports.indices {
      reports[i].finish(outcome)
      do throws(ProfileError) { try reports[i].file.close() } catch { failure = failure ?? error }
    }
    if let failure { throw failure }
  }
}

/// One kind of report.
protocol BatchReportWriter {
  var file: ReportFile { get }
  mutating func add(_ file: BatchFile)
  /// Takes what stands for all files of a batch that was refused before it began.
  mutating func addRefusal(_ file: BatchFile)
  mutating func finish(_ outcome: BatchOutcome)
}

extension BatchReportWriter {
  mutating func addRefusal(_ file: BatchFile) { add(file) }
}

/// Where a report goes. What goes wrong is remembered, and thrown at the end: a report that cannot be written is no reason to
/// leave profiles as they are.
final class ReportFile {
  private let file: OutputFile
  private var buffer: [UInt8] = []
  private var failure: ProfileError?
  /// How much was written.
  private(set) var size = 0

  /// - Parameter path: nil: standard output.
  init(_ path: String?, _ temporaries: TemporaryFiles) throws(ProfileError) {
    file = if let path { try OutputFile(path: path, temporaries: temporaries) } else { .standardOutput() }
  }

  /// A page in the file that GitHub gives to every step for its summary, and to which commands before may have written:
  /// that stays.
  convenience init(summary path: String?, _ temporaries: TemporaryFiles) throws(ProfileError) {
    try self.init(path, temporaries)
    guard let path, path == System.environment("GITHUB_STEP_SUMMARY") else { return }
    do throws(SystemError) {
      let old = try OpenFile.reading(path)
      let status = try old.status()
      if status.kind == .regular { write(try old.readFully(status.size)) }
    } catch {
      // Not there yet.
    }
  }

  func write(_ text: String) { write(Array(text.utf8)) }

  func write(_ bytes: [UInt8]) {
    size += bytes.count
    buffer += bytes
    if buffer.count >= 1 << 18 { flush() }
  }

  /// Hands on what was written, for who reads along.
  func flush() {
    if failure != nil || buffer.isEmpty { return }
    do throws(ProfileError) { try file.write(buffer) } catch { failure = error }
    buffer.removeAll(keepingCapacity: true)
  }

  func close() throws(ProfileError) {
    flush()
    if let failure { throw failure }
    try file.finish()
    try file.commit()
  }
}

extension ProfileError {
  /// What is wrong and where in the file, on one line, without the file's name.
  func sentence(_ wording: (String) -> String) -> String {
    var text = ""
    switch place {
    case .none, .text: break
    case .byte(let offset): text += "byte 0x\(String(offset, radix: 16)): "
    case .line(let line, let column, _): text += "line \(line)" + (column.map { ", column \($0)" } ?? "") + ": "
    }
    if let path { text += path + ": " }
    return ReportText.cut(text + wording(message))
  }
}

/// Text of profiles, in documents that have markup of their own.
package enum ReportText {
  /// A sentence in which names of the input may stand, however long they are.
  static func cut(_ text: String, to most: Int = 800) -> String {
    if text.utf8.count <= most || text.count <= most { return text }
    return text.prefix(most / 2) + " … " + text.suffix(most / 2)
  }

  /// XML has no way to write most of the control characters; they become U+FFFD, and so do those that only confuse.
  static func xml(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      // As they are they would be blanks in an attribute.
      case "\t": result += "&#9;"
      case "\n": result += "&#10;"
      case "\r": result += "&#13;"
      case "\u{fffe}", "\u{ffff}": result += "\u{fffd}"
      default:
        let isControl = scalar.value < 32 || (127..<160).contains(scalar.value)
        result.unicodeScalars.append(isControl ? "\u{fffd}" : scalar)
      }
    }
    return result
  }

  /// In a cell of a table of GitHub's Markdown: nothing in it is markup, a mention or the end of the cell.
  static func markdown(_ text: String) -> String { MarkdownText.escaped(text) }

  /// 12345678 as 12,345,678.
  package static func grouped(_ number: Int) -> String {
    var digits = String(number.magnitude)[...]
    var groups: [Substring] = []
    while digits.count > 3 {
      groups.append(digits.suffix(3))
      digits.removeLast(3)
    }
    groups.append(digits)
    return (number < 0 ? "-" : "") + groups.reversed().joined(separator: ",")
  }

  /// With as many digits behind the point.
  package static func fixed(_ value: Double, _ digits: Int) -> String {
    var scale = 1
    for _ in 0..<digits { scale *= 10 }
    let units = Int((max(0, min(value, 1e12)) * Double(scale)).rounded())
    if digits == 0 { return String(units) }
    let fraction = String(units % scale)
    return "\(units / scale)." + String(repeating: "0", count: digits - fraction.count) + fraction
  }

  /// In units of 1024.
  package static func size(_ bytes: Int) -> String {
    var value = Double(bytes)
    for unit in ["bytes", "KiB", "MiB", "GiB"] {
      if value < 1024 { return unit == "bytes" ? "\(bytes) bytes" : fixed(value, 1) + " " + unit }
      value /= 1024
    }
    return fixed(value, 1) + " TiB"
  }
}
