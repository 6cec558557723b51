internal import PprofKit

/// What a batch says of its files, on standard error: errors and warnings as they come, and in the end a summary and every
/// file that failed.
struct BatchReport {
  let terminal: Terminal
  let checks: Bool
  let isVerbose: Bool

  init(terminal: Terminal, checks: Bool, isVerbose: Bool) {
    self.terminal = terminal
    self.checks = checks
    self.isVerbose = isVerbose
  }

  mutating func add(_ file: BatchFile) {
    if case .failed(let error) = file.status { terminal.show(error) }
  }

  func finish(_ outcome: BatchOutcome) {
    for output in outcome.staleOutputs { terminal.differs(output) }
    if !terminal.isQuiet { terminal.note("\(outcome.count) files: \(outcome.converted) converted") }
  }
}
