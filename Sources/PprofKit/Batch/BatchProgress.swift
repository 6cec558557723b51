/// How far a batch is: what is done, whether it has its place already or waits for it.
public struct BatchProgress: Hashable, Sendable {
  public var files = 0
  /// The sizes of these files.
  public var bytes = 0

  public init() {}
}

/// What to say of it, and when: over and over where it is written over, now and then where it stays.
package struct ProgressMeter {
  /// What is to be done.
  private let files: Int
  private let bytes: Int
  /// How many characters the text may have; nil: any number.
  private let width: Int?
  private let interval: Double
  private var last = 0.0

  /// For a line of a terminal that is written over: one character less than it is wide, or parts of it would stay behind.
  package init(of plan: BatchPlan, columns: Int) {
    self.init(files: plan.items.count, bytes: plan.bytes, width: max(20, columns) - 1, interval: 0.1)
  }

  /// For lines that stay.
  package init(of plan: BatchPlan) {
    self.init(files: plan.items.count, bytes: plan.bytes, width: nil, interval: 10)
  }

  init(files: Int, bytes: Int, width: Int?, interval: Double) {
    self.files = files
    self.bytes = bytes
    self.width = width
    self.interval = interval
  }

  /// What to say now, if it is time: `4,096/10,003 files, 41 %, 1.2 of 3.0 GiB, 812 files/s, 7 s left`.
  ///
  /// - Parameter seconds: since the beginning.
  package mutating func line(_ done: BatchProgress, after seconds: Double) -> String? {
    guard seconds - last >= interval, done.files < files else { return nil }
    last = seconds
    // Large files take longer: bytes say more of the time than names do.
    var share = bytes > 0 ? Double(done.bytes) / Double(bytes) : Double(done.files) / Double(max(files, 1))
    // Not before all is done.
    share = min(share, 0.99)
    let rate = Double(done.files) / seconds
    var text = "\(ReportText.grouped(done.files))/\(ReportText.grouped(files)) files, \(Int(share * 100)) %, "
    text += "\(ReportText.size(done.bytes)) of \(ReportText.size(bytes)), "
    text += ReportText.fixed(rate, rate < 10 ? 1 : 0) + " files/s"
    if done.files > 0, share > 0.001 { text += ", " + Self.words(seconds * (1 - share) / share) + " left" }
    if let width, text.count > width { text = text.prefix(width - 1) + "…" }
    return text
  }

  private static func words(_ seconds: Double) -> String {
    let whole = Int(max(1, min(seconds, 1e6)).rounded(.up))
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    return "\(whole / 3600) h \(whole % 3600 / 60) min"
  }
}
