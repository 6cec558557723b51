public import ProfileModel

extension Profile {
  /// Whether samples are goroutines that tell what they do, as in a traceback.
  public var tellsGoroutineStates: Bool {
    let strings = columns.strings
    guard columns.sampleTypes.count == 1, strings.equals(columns.sampleTypes[0].type, "goroutine") else { return false }
    guard let state = strings.firstIndex(of: GoroutineLabels.state) else { return false }
    return columns.labels.contains { $0.key == state && $0.str != .empty }
  }

  /// Goroutines by stack, as people look at them: how many stand where, those that wait longest first, then the most, then
  /// in the order that was.
  ///
  /// O(n log n), n samples.
  ///
  /// - Returns: the groups, and of each a line: `6 chan receive, 2 select; waiting 2 to 17 minutes; 1 locked to thread;
  ///   created by main.park`.
  /// - Throws: as ``grouped(by:sampledValues:)``.
  public func goroutineGroups() throws(ProfileError) -> (grouped: Grouped, notes: [String]) {
    let grouped = try grouped(by: .stack)
    let groups = grouped.groupOfSample ?? (0..<UInt32(sampleCount)).map { $0 }
    var summaries = [GoroutineSummary](repeating: GoroutineSummary(), count: grouped.profile.sampleCount)
    let keys = GoroutineSummary.Keys(columns.strings)
    for sample in 0..<sampleCount {
      summaries[Int(groups[sample])].add(labels(of: columns.sampleLabels[sample]), columns.values[sample], keys)
    }
    let counts = grouped.profile.columns.values
    let order = (0..<UInt32(summaries.count)).sorted { a, b in
      let (x, y) = (summaries[Int(a)].longestWait, summaries[Int(b)].longestWait)
      if x != y { return x > y }
      if counts[Int(a)] != counts[Int(b)] { return counts[Int(a)] > counts[Int(b)] }
      return a < b
    }
    var result = grouped
    result.profile = try Profile(grouped.profile.columns.withSamples(inOrder: order))
    result.groupOfSample = nil
    return (result, order.map { summaries[Int($0)].words(columns.strings) })
  }
}

/// What the goroutines of one stack do.
private struct GoroutineSummary {
  struct Keys {
    let state, wait, flag, creator: StringIndex

    init(_ strings: StringTable) {
      func find(_ text: String) -> StringIndex { strings.firstIndex(of: text) ?? .none }
      state = find(GoroutineLabels.state)
      wait = find(GoroutineLabels.wait)
      flag = find(GoroutineLabels.flag)
      creator = find(GoroutineLabels.creator)
    }
  }

  /// Words with how many goroutines have them, in the order in which they came.
  private struct Tally {
    /// 128 bits: the sums of a stack fit in 64, but not those of each word where some counts are negative.
    private(set) var words: [(word: StringIndex, count: Int128)] = []
    private var positions: [StringIndex: Int] = [:]

    mutating func add(_ word: StringIndex, _ count: Int64) {
      if let at = positions[word] {
        words[at].count += Int128(count)
      } else {
        positions[word] = words.count
        words.append((word, Int128(count)))
      }
    }

    /// `6 chan receive, 2 select`: the most first.
    func text(_ strings: StringTable) -> String {
      let order = words.indices.sorted {
        words[$0].count != words[$1].count ? words[$0].count > words[$1].count : $0 < $1
      }
      return order.map { "\(words[$0].count) \(printable(words[$0].word, strings))" }.joined(separator: ", ")
    }
  }

  private var states = Tally()
  private var flags = Tally()
  private var creators = Tally()
  private var shortestWait = Int64.max
  private(set) var longestWait: Int64 = 0

  mutating func add(_ labels: Span<Label>, _ count: Int64, _ keys: Keys) {
    var wait: Int64 = 0
    for i in labels.indices {
      let label = labels[i]
      switch label.key {
      case keys.state where label.str != .empty: states.add(label.str, count)
      case keys.flag where label.str != .empty: flags.add(label.str, count)
      case keys.wait where label.str == .empty: wait = max(wait, label.num)
      case keys.creator where label.str != .empty: creators.add(label.str, count)
      default: break
      }
    }
    longestWait = max(longestWait, wait)
    shortestWait = min(shortestWait, wait)
  }

  func words(_ strings: StringTable) -> String {
    var parts: [String] = []
    if !states.words.isEmpty { parts.append(states.text(strings)) }
    if longestWait > 0 {
      let unit = longestWait == 1 ? "minute" : "minutes"
      // Go tells waits from the first minute on.
      let from = shortestWait == 0 ? "up to " : shortestWait < longestWait ? "\(shortestWait) to " : ""
      parts.append("waiting \(from)\(longestWait) \(unit)")
    }
    if !flags.words.isEmpty { parts.append(flags.text(strings)) }
    let creators = creators.words
    if !creators.isEmpty {
      let shown = creators.prefix(3).map { printable($0.word, strings) }.joined(separator: ", ")
      parts.append("created by " + shown + (creators.count > 3 ? " and \(creators.count - 3) more" : ""))
    }
    return parts.joined(separator: "; ")
  }
}

/// A word for a line that people read.
private func printable(_ index: StringIndex, _ strings: StringTable) -> String {
  String(strings.string(index).map { $0.unicodeScalars.contains { $0.value < 32 || $0.value == 127 } ? "?" : $0 })
}
