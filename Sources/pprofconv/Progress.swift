internal import PprofKit

/// How far a batch is: one line that is written over and over where standard error is a terminal, and a line now and then
/// where it goes to a file.
final class Progress {
  private let files: Int
  private let bytes: Int
  private let isTerminal: Bool
  /// A line that is written over is shorter than the terminal is wide, or it would leave parts of itself behind.
  private let width: Int
  private let start = System.now
  private var doneFiles = 0
  private var doneBytes = 0
  private var last: Double
  private var shown = false

  private static let interval = (terminal: 0.1, file: 10.0)

  /// - Parameter plan: what is to be done.
  init(_ plan: BatchPlan) {
    files = plan.items.count
    bytes = plan.bytes
    // TERM=dumb and NO_COLOR: who asks for plain text gets lines.
    isTerminal =
      OpenFile.errors.isTerminal && System.environment("TERM") != "dumb"
      && (System.environment("NO_COLOR") ?? "").isEmpty
    let columns = System.environment("COLUMNS").flatMap { Int($0) } ?? OpenFile.errors.columns ?? 80
    width = max(20, columns) - 1
    last = start
  }

  func add(_ file: BatchFile) {
    doneFiles += 1
    doneBytes += file.size
    let now = System.now
    guard now - last >= (isTerminal ? Self.interval.terminal : Self.interval.file), doneFiles < files else { return }
    last = now
    if isTerminal { draw(now) } else { write("pprofconv: " + line(now) + "\n") }
  }

  /// Takes the line away, so that something else can be said.
  func clear() {
    if !shown { return }
    shown = false
    write("\r\u{1b}[K")
  }

  private func draw(_ now: Double) {
    var text = line(now)
    if text.count > width { text = String(text.prefix(width - 1)) + "…" }
    shown = true
    write("\r" + text + "\u{1b}[K")
  }

  /// `4,096/10,003 files, 41 %, 1.2 GiB of 3.0 GiB, 812 files/s, 7 s left`.
  private func line(_ now: Double) -> String {
    let seconds = max(now - start, 1e-6)
    // Large files take longer: bytes say more of the time than names do.
    let share = bytes > 0 ? Double(doneBytes) / Double(bytes) : Double(doneFiles) / Double(max(files, 1))
    let rate = Double(doneFiles) / seconds
    var text = "\(ReportText.grouped(doneFiles))/\(ReportText.grouped(files)) files, \(Int(share * 100)) %, "
    text += "\(ReportText.size(doneBytes)) of \(ReportText.size(bytes)), "
    text += ReportText.fixed(rate, rate < 10 ? 1 : 0) + " files/s"
    if share > 0.01 { text += ", " + Self.words(seconds * (1 - share) / share) + " left" }
    return text
  }

  private static func words(_ seconds: Double) -> String {
    let whole = Int(max(1, min(seconds, 1e6)).rounded(.up))
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    return "\(whole / 3600) h \(whole % 3600 / 60) min"
  }

  private func write(_ text: String) {
    // Nobody is left to be told that standard error is closed.
    do { try OpenFile.errors.write(Array(text.utf8)) } catch {}
  }
}
