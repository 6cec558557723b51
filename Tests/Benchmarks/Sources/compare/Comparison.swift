import Support

/// The runs of one path on one set: ours and the peer's, paired by the round they ran in.
struct Comparison {
  var path: Path
  var set: DataSet
  var ours: [Cost] = []
  var theirs: [Cost] = []
  var failure: String?
  var outputSize = 0

  private func ratio(_ key: KeyPath<Cost, Double>) -> Double {
    median(zip(ours, theirs).map { $0[keyPath: key] / $1[keyPath: key] })
  }
  private func middle(_ costs: [Cost], _ key: KeyPath<Cost, Double>) -> Double {
    median(costs.map { $0[keyPath: key] })
  }

  var samples: Int { path.input == "heap.txt" ? set.records : set.samples }

  /// Microseconds of wall time for a sample.
  var perSample: Double { middle(ours, \.wall) / Double(samples) * 1e6 }

  var isMissed: Bool { failure != nil || verdict == "MISSED" }

  private var verdict: String {
    guard let time = path.time[set.name], let peak = path.peak[set.name] else { return "" }
    let timeRatio = ratio(path.judgedByCPU ? \.cpu : \.wall)
    let peakRatio = ratio(\.peak)
    if timeRatio > time.gate || peakRatio > peak.gate { return "MISSED" }
    return timeRatio <= time.stretch && peakRatio <= peak.stretch ? "stretch" : "gate"
  }

  static let header = [
    "path                  set pairs  wall   CPU  gate stretch    ours  pprof s   peak  gate stretch  MiB ours/pprof  met",
    "--------------------- --- -----  ----  ----  ---- -------  -----------------  ----  ---- -------  --------------  -------",
  ]

  var row: String {
    let head = path.name.left(22) + set.name.left(4) + String(theirs.count).right(5)
    if let failure { return head + "  failed: \(failure)" }
    guard let time = path.time[set.name], let peak = path.peak[set.name] else { return head }
    func number(_ value: Double, _ width: Int) -> String { fixed(value, 2).right(width) }
    let mark = path.judgedByCPU ? " " : "*"
    let cpuMark = path.judgedByCPU ? "*" : " "
    return head + number(ratio(\.wall), 6) + mark + number(ratio(\.cpu), 5) + cpuMark + number(time.gate, 5)
      + number(time.stretch, 8) + fixed(middle(ours, \.wall), 3).right(9)
      + fixed(middle(theirs, \.wall), 3).right(9) + number(ratio(\.peak), 7) + number(peak.gate, 6)
      + number(peak.stretch, 8)
      + "\(fixed(middle(ours, \.peak), 1))/\(fixed(middle(theirs, \.peak), 1))".right(16) + "  " + verdict
  }
}
