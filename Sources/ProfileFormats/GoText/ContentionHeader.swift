import ProfileModel

/// What stands before the records of a block or mutex text, and what it makes of their numbers:
///
///     --- mutex:
///     cycles/second=2699999794
///     sampling period=5
///
/// A record has cycles and a count; a profile has contentions and the nanoseconds that they took.
struct ContentionHeader: Equatable {
  enum Kind: String, CaseIterable {
    /// Of block profiles.
    case contention = "--- contention:"
    case mutex = "--- mutex:"

    func begins(_ bytes: Span<UInt8>, at: Int, _ end: Int) -> Bool {
      end - at >= rawValue.utf8.count && rawValue.utf8.enumerated().allSatisfy { bytes[at + $0] == $1 }
    }
  }

  var kind: Kind
  var cyclesPerSecond: Int64?
  /// One of so many contentions was sampled.
  var period: Int64?
  var discarded: Int64?
  /// Whether the records were multiplied by ``period`` already, as newer versions of Go do it, which print the period all the
  /// same. Nothing in a text tells the version.
  var isScaled = false

  /// Nanoseconds, as pprof computes them. What does not fit in 64 bits becomes their least number, as there.
  func delay(_ cycles: Int64) -> Int64 {
    guard let nanoseconds = nanoseconds(cycles) else { return cycles }
    return Int64(exactly: nanoseconds) ?? .min
  }

  /// nil where they are nanoseconds already.
  private func nanoseconds(_ cycles: Int64) -> Double? {
    guard let cyclesPerSecond, cyclesPerSecond > 0, period ?? 1 > 0 else { return nil }
    let cyclesPerNanosecond = Double(cyclesPerSecond) / 1e9
    return (Double(cycles) * Double(factor) / cyclesPerNanosecond).rounded(.towardZero)
  }

  /// What a count is multiplied by.
  var factor: Int64 { !isScaled && period ?? 1 > 0 ? period ?? 1 : 1 }

  /// The smallest number of cycles that take so long: where the clock is faster than 1 GHz, several do. Some other number
  /// where none does. Not for negative delays.
  func leastCycles(_ delay: Int64) -> Int64 {
    if nanoseconds(0) == nil { return delay }
    let wanted = Double(delay)
    var low: Int64 = 0
    var high = Int64.max
    while low < high {
      let middle = low + (high - low) / 2
      if let found = nanoseconds(middle), found >= wanted { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// What newer versions of Go print: each count and all cycles are multiples of the period. One record where either is
  /// not was sampled and not multiplied.
  ///
  /// - Parameter records: cycles and count of each in turn.
  func looksScaled(_ records: [Int64]) -> Bool {
    guard let period, period > 1 else { return false }
    return records.allSatisfy { $0 % period == 0 }
  }

  /// How we print contentions of which no text is known: cycles are nanoseconds. pprof computes with them in floating
  /// point, where numbers from 2^53 on would lose digits, unless it is told nothing of cycles.
  static func plain(_ delays: some Sequence<Int64>) -> ContentionHeader {
    let isExact = delays.allSatisfy { $0.magnitude < 1 << 53 }
    return ContentionHeader(kind: .contention, cyclesPerSecond: isExact ? 1_000_000_000 : nil)
  }

  /// The lines, without the duration.
  var lines: String {
    var text = kind.rawValue + "\n"
    for (name, value) in attributes { text += "\(name)=\(value)\n" }
    return text
  }

  private var attributes: [(String, Int64)] {
    [(Self.cycles, cyclesPerSecond), (Self.sampling, period), (Self.discards, discarded)].compactMap { name, value in
      value.map { (name, $0) }
    }
  }

  static let cycles = "cycles/second"
  static let sampling = "sampling period"
  static let discards = "discarded samples"
  static let reset = "ms since reset"
}

// MARK: - As comments

/// A profile has no field for what a text says of cycles. It stands in comments, so that the text can be printed again:
///
///     # --- mutex: cycles/second=2699999794, sampling period=5, records scaled
///     # cycles above the least: 2 0 1 1
///
/// Of each sample how many cycles were printed above ``leastCycles(_:)``.
extension ContentionHeader {
  private static let surplus = "# cycles above the least:"
  private static let maxLine = 30_000

  func comments(_ records: [Int64]) -> [String] {
    let delays = stride(from: 0, to: records.count, by: 2).lazy.map { delay(records[$0]) }
    if self == .plain(delays) { return [] }
    var parts = attributes.map { "\($0)=\($1)" }
    if period ?? 1 > 1 { parts.append("records \(isScaled ? "scaled" : "sampled")") }
    let first = "# \(kind.rawValue)" + (parts.isEmpty ? "" : " " + parts.joined(separator: ", "))
    var lines: [String] = []
    var line = Self.surplus
    var hasAny = false
    for record in stride(from: 0, to: records.count, by: 2) {
      let above = records[record] < 0 ? 0 : records[record] - leastCycles(delay(records[record]))
      if above != 0 { hasAny = true }
      if line.utf8.count > Self.maxLine {
        lines.append(line)
        line = Self.surplus
      }
      line += " \(above)"
    }
    return [first] + (hasAny ? lines + [line] : [])
  }

  /// From the first of such comments; nil where it is none.
  init?(comment: String) {
    guard let kind = Kind.allCases.first(where: { comment.hasPrefix("# \($0.rawValue)") }) else { return nil }
    self.init(kind: kind)
    let rest = comment.dropFirst(kind.rawValue.count + 2)
    guard rest.isEmpty || rest.hasPrefix(" ") else { return nil }
    for part in rest.isEmpty ? [] : rest.dropFirst().split(separator: ", ", omittingEmptySubsequences: false) {
      if part == "records scaled" || part == "records sampled" {
        isScaled = part == "records scaled"
        continue
      }
      guard let equals = part.lastIndex(of: "="), let value = Int64(part[part.index(after: equals)...]) else {
        return nil
      }
      switch part[..<equals] {
      case Self.cycles: cyclesPerSecond = value
      case Self.sampling: period = value
      case Self.discards: discarded = value
      default: return nil
      }
    }
  }

  /// From one that follows; nil where it is none.
  static func surplus(comment: String) -> [Int64]? {
    guard comment.hasPrefix(surplus) else { return nil }
    let words = comment.dropFirst(surplus.count).split(separator: " ")
    let numbers = words.compactMap { Int64($0) }
    return numbers.count == words.count ? numbers : nil
  }
}
