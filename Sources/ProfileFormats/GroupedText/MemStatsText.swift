import ProfileModel

/// Go's memory statistics in bpprof's words: numbers of bytes with their sizes, pauses as durations, the newest first.
enum MemStatsText {
  /// bpprof has a size behind each of these, also behind the number of objects. Go's text has three more that are bytes.
  private static let sizes: Set<String> = [
    "Alloc", "TotalAlloc", "Sys", "HeapAlloc", "HeapSys", "HeapIdle", "HeapInuse", "HeapReleased", "HeapObjects",
    "GCSys", "OtherSys", "MaxRSS",
  ]
  private static let pairs: Set<String> = ["Stack", "MSpan", "MCache"]

  /// The lines from `# runtime.MemStats` on in bpprof's words; nil where there is nothing to put in other words: there
  /// are none, or they are bpprof's already.
  static func readable(_ lines: [String]) -> [String]? {
    guard let start = lines.firstIndex(of: GroupedText.memStats) else { return nil }
    let own = lines[start...]
    let pauses = Pauses(own)
    var result: [String] = []
    for line in own {
      guard let (name, value) = parse(line) else {
        result.append(line)
        continue
      }
      switch name {
      case "PauseNs": result.append(contentsOf: pauses?.lines ?? [line])
      case "PauseEnd": if pauses?.gaps == nil { result.append(line) }
      default: result.append("# \(name) = \(inWords(name, value))")
      }
    }
    return result.elementsEqual(own) ? nil : result
  }

  private static func inWords(_ name: String, _ value: Substring) -> String {
    if sizes.contains(name), let bytes = UInt64(value) { return "\(value) (\(size(bytes)))" }
    let parts = value.split(separator: " ")
    if pairs.contains(name), parts.count == 3, parts[1] == "/", let inuse = UInt64(parts[0]),
      let system = UInt64(parts[2])
    {
      return "\(parts[0]) (\(size(inuse))) / \(parts[2]) (\(size(system)))"
    }
    return String(value)
  }

  /// `# NAME = VALUE`
  private static func parse(_ line: String) -> (name: String, value: Substring)? {
    guard let equals = line.firstIndex(of: "="), line[..<equals].hasSuffix(" "), line[equals...].hasPrefix("= ") else {
      return nil
    }
    return (String(line[..<equals].dropFirst(2).dropLast()), line[equals...].dropFirst(2))
  }

  private static func size(_ bytes: UInt64) -> String {
    var buffer: [UInt8] = []
    Units.appendSize(bytes, to: &buffer)
    return String(decoding: buffer, as: UTF8.self)
  }

  /// The ring of the last 256 pauses. The pause of collection n is in slot (n + 255) mod 256.
  private struct Pauses {
    private let lengths: [UInt64]
    private let ends: [UInt64]?
    /// Newest first. bpprof never shows slot 0, and what is compared with bpprof's text must not either; the verbatim
    /// lines have it.
    private let order: [Int]

    init?(_ lines: ArraySlice<String>) {
      func numbers(_ name: String) -> [UInt64]? {
        guard let value = lines.lazy.compactMap(parse).first(where: { $0.name == name })?.value,
          value.hasPrefix("["), value.hasSuffix("]")
        else { return nil }
        let words = value.dropFirst().dropLast().split(separator: " ")
        let numbers = words.compactMap { UInt64($0) }
        return numbers.count == words.count ? numbers : nil
      }
      guard let lengths = numbers("PauseNs"), lengths.count == 256,
        let count = lines.lazy.compactMap(parse).first(where: { $0.name == "NumGC" }),
        let collections = UInt64(count.value)
      else { return nil }
      self.lengths = lengths
      ends = numbers("PauseEnd").flatMap { $0.count == 256 ? $0 : nil }
      let newest = Int((collections % 256 + 255) % 256)
      order = Array((1..<256).reversed().filter { $0 <= newest } + (1..<256).reversed().filter { $0 > newest })
    }

    /// From the end of a pause to the start of the next newer one, as far back as the ring goes.
    var gaps: [Int64]? {
      guard let ends else { return nil }
      return zip(order, order.dropFirst()).compactMap { newer, older in
        ends[older] == 0 ? nil : Int64(bitPattern: ends[newer] &- lengths[newer] &- ends[older])
      }
    }

    var lines: [String] {
      func list(_ nanos: [Int64]) -> String {
        "[" + nanos.map { Units.duration(nanos: $0) }.joined(separator: " ") + "]"
      }
      let pauses = order.map { Int64(bitPattern: lengths[$0]) }
      var lines = ["# PauseNs = \(list(pauses))", "# PauseNsLongest = \(Units.duration(nanos: pauses.max() ?? 0))"]
      if let gaps { lines.append("# PausePause = \(list(gaps))") }
      return lines
    }
  }
}
