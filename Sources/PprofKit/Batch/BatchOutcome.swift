/// How a ``Batch`` ended. The files themselves went to the observer: a million of them would not be held.
public struct BatchOutcome: Sendable {
  /// Inputs by what became of them.
  public internal(set) var converted = 0
  public internal(set) var current = 0
  public internal(set) var stale = 0
  public internal(set) var noProfile = 0
  public internal(set) var kept = 0
  public internal(set) var notRun = 0
  /// Everything that failed, in the order of the inputs; without ``Batch/keepsGoing`` the first alone.
  public internal(set) var failures: [BatchFile] = []
  /// Outputs that ``Batch/check(_:observer:)`` found missing or stale, in the order of the inputs.
  public internal(set) var staleOutputs: [StaleOutput] = []
  /// Bytes of all inputs that were read and of all outputs that were written.
  public internal(set) var bytesRead = 0
  public internal(set) var bytesWritten = 0
  public internal(set) var seconds = 0.0
  /// What was odd about the manifest of an earlier run, or about what one left behind, a sentence each.
  public internal(set) var notes: [String] = []

  /// All inputs.
  public var count: Int { converted + current + stale + noProfile + kept + notRun + failures.count }

  mutating func add(_ file: BatchFile) {
    switch file.status {
    case .converted: converted += 1
    case .current: current += 1
    case .stale: stale += 1
    case .skipped(.noProfile): noProfile += 1
    case .skipped(.outputExists): kept += 1
    case .failed: failures.append(file)
    case .notRun: notRun += 1
    }
    if file.format != nil { bytesRead = bytesRead.addingClamped(file.size) }
    for output in file.outputs {
      bytesWritten = bytesWritten.addingClamped(output.bytes)
    }
    if case .stale = file.status { staleOutputs += file.staleOutputs }
  }
}

/// An output that is not as it should be.
public struct StaleOutput: Hashable, Sendable {
  public var path: String
  /// Whether there is no such file, rather than another one.
  public var isMissing: Bool
  /// Whether it stands, but not the input of which an earlier run has written it.
  public var orphan: OutputOrphan?

  package init(path: String, isMissing: Bool, orphan: OutputOrphan? = nil) {
    self.path = path
    self.isMissing = isMissing
    self.orphan = orphan
  }

  /// In a few words.
  var reason: String { orphan.map { "its input " + $0.words } ?? (isMissing ? "missing" : "stale") }

  /// As it stands behind the path.
  package var verdict: String {
    orphan != nil ? "is stale: " + reason : isMissing ? "is missing" : "is not what would be written"
  }
}

/// What became of the input of an output that an earlier run wrote.
public enum OutputOrphan: Hashable, Sendable {
  case gone
  /// Something else stands there now.
  case noProfile

  var words: String { self == .gone ? "is gone" : "is no profile any more" }
}

extension Int {
  /// The sum, or the largest number where it has none: a manifest may say anything.
  func addingClamped(_ other: Int) -> Int {
    let (sum, overflows) = addingReportingOverflow(other)
    return overflows ? (other < 0 ? .min : .max) : sum
  }
}
