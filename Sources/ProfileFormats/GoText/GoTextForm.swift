import ProfileModel

/// Which of Go's texts that are no heaps a profile has:
///
///     goroutine profile: total 26                    --- contention:
///     7 @ 0x48798a 0x4176ee                          cycles/second=1000000000
///     # labels: {"shard":"0"}                        1382000 119 @ 0x52f6bf 0x530e3e
///     #	0x531598	main.park.func1+0x0	main.go:260     #	0x52f6be	sync.(*Mutex).Lock+0x0	sync/mutex.go:46
///     (empty)                                        (empty)
enum GoTextForm {
  /// The only sample type, which counts; its name as it is printed, and whether that is its name.
  case count(name: [UInt8], isExact: Bool)
  /// Positions of contentions/count and delay/nanoseconds.
  case contention(contentions: Int, delay: Int)

  /// nil where Go has no text of such a profile.
  init?(_ columns: ProfileColumns) {
    let strings = columns.strings
    func position(_ type: String, _ unit: String) -> Int? {
      columns.sampleTypes.firstIndex { strings.equals($0.type, type) && strings.equals($0.unit, unit) }
    }
    if let contentions = position("contentions", "count"), let delay = position("delay", "nanoseconds") {
      self = .contention(contentions: contentions, delay: delay)
    } else if columns.sampleTypes.count == 1, let type = columns.sampleTypes.first, strings.equals(type.unit, "count") {
      let name = Self.name(strings[type.type])
      self = .count(name: name, isExact: strings[type.type].count == name.count && Self.isWord(strings[type.type]))
    } else {
      return nil
    }
  }

  /// A name without blanks, which pprof would not read, and without what cannot be seen. `#` would begin a comment.
  private static func name(_ type: Span<UInt8>) -> [UInt8] {
    if isWord(type) { return TextBytes.copy(type, type.indices) }
    var name: [UInt8] = []
    for i in type.indices.prefix(longestName) {
      name.append(type[i] > 0x20 && type[i] < 0x7f && type[i] != UInt8(ascii: "#") ? type[i] : UInt8(ascii: "_"))
    }
    return name.isEmpty ? Array("samples".utf8) : name
  }

  private static let longestName = 1000

  /// Whether a reader takes it for the name that it is. Not one that begins a text of another kind.
  private static func isWord(_ type: Span<UInt8>) -> Bool {
    if type.isEmpty || type.count > longestName || type[0] == UInt8(ascii: "#") { return false }
    // The mark of UTF-8.
    if type.count >= 3, type[0] == 0xef, type[1] == 0xbb, type[2] == 0xbf { return false }
    var at = 0
    while at < type.count {
      let length = UTF8Runes.length(type, at: at)
      if length == 0 || type[at] <= 0x20 || type[at] == 0x7f { return false }
      // Blanks that readers trim and pprof does not take for letters.
      if type[at] == 0xc2, type[at + 1] == 0x85 || type[at + 1] == 0xa0 { return false }
      at += length
    }
    return true
  }

  /// As ``CarryText/textColumns``.
  func textColumns(_ columns: ProfileColumns) -> [Int] {
    columns.sampleTypes.indices.map { type in
      switch self {
      case .count: 1
      case .contention(let contentions, let delay): type == contentions ? 1 : type == delay ? 2 : 0
      }
    }
  }

  /// Whether a reader finds the same sample types in the same order.
  func tellsTypes(_ columns: ProfileColumns) -> Bool {
    switch self {
    case .count(_, let isExact): isExact
    case .contention(let contentions, let delay):
      columns.sampleTypes.count == 2 && contentions == 0 && delay == 1
    }
  }

  func tellsPeriodType(_ columns: ProfileColumns) -> Bool {
    let strings = columns.strings
    guard strings.equals(columns.periodType.unit, "count") else { return false }
    switch self {
    case .count(let name, _):
      let type = strings[columns.periodType.type]
      return type.count == name.count && TextBytes.equal(type, 0, name.span, 0, name.count)
    case .contention: return strings.equals(columns.periodType.type, "contentions")
    }
  }
}
