internal import PprofKit

/// How far a batch is, on standard error: one line that is written over and over on a terminal, a line now and then elsewhere.
final class Progress {
  private var meter: ProgressMeter
  private let isTerminal: Bool
  private let start = System.now
  private var isShown = false

  /// - Parameter plan: what is to be done.
  init(_ plan: BatchPlan) {
    // Who asks for plain text gets lines.
    isTerminal =
      OpenFile.errors.isTerminal && System.environment("TERM") != "dumb"
      && (System.environment("NO_COLOR") ?? "").isEmpty
    let columns = System.environment("COLUMNS").flatMap { Int($0) } ?? OpenFile.errors.columns ?? 80
    meter = isTerminal ? ProgressMeter(of: plan, columns: columns) : ProgressMeter(of: plan)
  }

  func show(_ progress: BatchProgress) {
    guard let line = meter.line(progress, after: System.now - start) else { return }
    isShown = isTerminal
    write(isTerminal ? "\r" + line + "\u{1b}[K" : "pprofconv: " + line + "\n")
  }

  /// Takes the line away, so that something else can be said.
  func clear() {
    if !isShown { return }
    isShown = false
    write("\r\u{1b}[K")
  }

  private func write(_ text: String) {
    // Nobody is left to be told that standard error is closed.
    do { try OpenFile.errors.write(Array(text.utf8)) } catch {}
  }
}
