import ProfileModel

/// Which comments of a profile stand in Go's text: what was kept of a contention text's header and cycles, and the lines
/// behind the records. The rest can only be carried.
struct GoTextComments {
  /// A contention text that the profile was read from, as its comments say.
  struct Contention {
    var header: ContentionHeader
    var surplus: [Int64] = []
    /// Positions of these comments.
    var positions: [Int]

    /// The numbers of the records, of which a reader makes these values without being told; nil where there are none: the
    /// profile was changed.
    func records(_ values: [(count: Int64, delay: Int64)]) -> [Int64]? {
      if !surplus.isEmpty, surplus.count != values.count { return nil }
      var numbers: [Int64] = []
      numbers.reserveCapacity(2 * values.count)
      for (i, value) in values.enumerated() {
        let (cycles, overflow) = header.leastCycles(value.delay).addingReportingOverflow(
          surplus.isEmpty ? 0 : surplus[i])
        guard !overflow, cycles >= 0, header.delay(cycles) == value.delay, value.count % header.factor == 0 else {
          return nil
        }
        numbers.append(cycles)
        numbers.append(value.count / header.factor)
      }
      return header.looksScaled(numbers) == header.isScaled ? numbers : nil
    }
  }

  private(set) var records: GoTextRecords
  /// Positions of the comments that are printed as lines behind the records, in their order.
  private(set) var trailer: [Int] = []
  /// What a reader of the text finds, as ``CarryText/comments`` has it.
  private(set) var found: [Int?] = []
  /// The period that it finds.
  private(set) var period: Int64 = 1

  /// Longest line of a trailer; pprof reads none of 65536 bytes.
  private static let maxLine = 60000

  init(_ columns: ProfileColumns, _ form: GoTextForm, hasNames: Bool) {
    var known: Contention?
    if case .contention = form { known = Self.contention(columns) }
    records = GoTextRecords(columns, form, known: known)
    if case .contention = form {
      if !hasNames { period = records.contention.period ?? 1 }
      addKept(columns, known)
    }
    let kept = Set(found.compactMap { $0 })
    for (i, comment) in columns.comments.enumerated()
    where !kept.contains(i) && Self.isTrailerLine(columns.strings[comment]) {
      trailer.append(i)
    }
    found += trailer
  }

  /// A reader makes comments of what it finds before the records and in their cycles.
  private mutating func addKept(_ columns: ProfileColumns, _ known: Contention?) {
    let positions = known?.positions ?? []
    let made = records.contention.comments(records.numbers)
    for (i, comment) in made.enumerated() {
      let position = i < positions.count ? positions[i] : nil
      let isSame = position.map { columns.strings.equals(columns.comments[$0], comment) } ?? false
      found.append(isSame ? position : nil)
    }
  }

  private static func contention(_ columns: ProfileColumns) -> Contention? {
    let strings = columns.strings
    func text(_ at: Int) -> String { strings.string(columns.comments[at]) }
    guard
      let first = columns.comments.indices.first(where: { ContentionHeader(comment: text($0)) != nil }),
      let header = ContentionHeader(comment: text(first))
    else { return nil }
    var contention = Contention(header: header, positions: [first])
    for at in first + 1..<max(first + 1, columns.comments.count) {
      guard let surplus = ContentionHeader.surplus(comment: text(at)) else { break }
      contention.surplus += surplus
      contention.positions.append(at)
    }
    return contention
  }

  /// Whether a reader takes this line, and nothing else, for what it is.
  private static func isTrailerLine(_ comment: Span<UInt8>) -> Bool {
    guard !comment.isEmpty, comment.count <= maxLine, comment[0] == UInt8(ascii: "#") else { return false }
    for i in comment.indices where comment[i] < 0x20 || comment[i] == 0x7f { return false }
    // A reader trims what looks blank; and it may find a map, or a block.
    let isTrimmed = TextBytes.trimmed(comment, comment.indices).count == comment.count
    return isTrimmed && !TextBytes.has("# pprofconv", comment, at: 0)
  }
}
