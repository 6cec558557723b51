import ProfileModel

/// Which comments of a profile stand in Go's heap text: its first line, where a reader kept that, and the lines of the
/// trailer. The rest can only be carried.
struct HeapTextComments {
  /// The first line, where the first comment gives it back.
  private(set) var header: [UInt8]?
  /// Positions of the comments that are printed as lines behind the records, in their order.
  private(set) var trailer: [Int] = []
  /// What a reader of the text finds, as ``CarryText/comments`` has it.
  private(set) var found: [Int?] = []
  /// What a reader makes anew, as ``CarryText/facts`` has it.
  private(set) var facts: [Int] = []

  /// Longest line of a trailer; pprof reads none of 65536 bytes.
  private static let maxLine = 60000

  init(_ columns: ProfileColumns, _ heap: HeapColumns, _ numbers: HeapNumbers) {
    let strings = columns.strings
    var facts: [Int] = []
    for (i, comment) in columns.comments.enumerated() {
      if i == 0, let line = Self.header(strings[comment], numbers, heap) {
        header = line
      } else if HeapSampling.isFactComment(strings[comment]) {
        facts.append(i)
      } else if Self.isTrailerLine(strings[comment]) {
        trailer.append(i)
      }
    }
    findHeader(heap, numbers)
    found += trailer
    if Self.areFacts(facts, columns, numbers) { self.facts = facts }
  }

  /// A reader keeps a first line that is not ``HeapHeaderLine``'s.
  private mutating func findHeader(_ heap: HeapColumns, _ numbers: HeapNumbers) {
    let plain = HeapHeaderLine.bytes(numbers.totals, number: numbers.headerNumber)
    if let header {
      if header != plain { found.append(0) }
    } else if !heap.hasAlloc,
      HeapHeaderLine.bytes(numbers.totals, number: numbers.headerNumber, hasAlloc: false) != plain
    {
      found.append(nil)
    }
  }

  /// A reader notes the numbers of each record that its values do not give back. Whether those are the profile's, all of
  /// them and in its order.
  private static func areFacts(
    _ found: [Int], _ columns: ProfileColumns, _ numbers: HeapNumbers
  ) -> Bool {
    if found.isEmpty || numbers.period <= 1 { return false }
    var next = 0
    for sample in 0..<columns.sampleCount {
      let sampled = numbers.sampled(sample)
      if sampled.isGivenBack(rate: numbers.period) { continue }
      let text = HeapSampling.factComment(
        record: sample, sampled: sampled, values: sampled.unsampled(rate: numbers.period))
      guard next < found.count, columns.strings.equals(columns.comments[found[next]], text) else { return false }
      next += 1
    }
    return next == found.count
  }

  private static func header(_ comment: Span<UInt8>, _ numbers: HeapNumbers, _ heap: HeapColumns) -> [UInt8]? {
    guard starts(comment, with: HeapHeaderLine.commentPrefix), comment.count <= maxLine else { return nil }
    for i in comment.indices where comment[i] < 0x20 || comment[i] == 0x7f { return nil }
    let line = comment.extracting(2..<comment.count)
    guard line[line.count - 1] != UInt8(ascii: " "), let header = HeapTextHeader(line), header.start == 0,
      header.period == numbers.period, header.isSampled || numbers.period <= 1,
      header.hasTwoColumns == !heap.hasAlloc || !header.hasTwoColumns
    else { return nil }
    var bytes: [UInt8] = []
    bytes.append(line)
    return bytes
  }

  /// Whether a reader takes this line, and nothing else, for what it is.
  private static func isTrailerLine(_ comment: Span<UInt8>) -> Bool {
    guard comment.count <= maxLine, starts(comment, with: "#") else { return false }
    for i in comment.indices where comment[i] < 0x20 || comment[i] == 0x7f { return false }
    if comment[comment.count - 1] == UInt8(ascii: " ") { return false }
    if starts(comment, with: "# pprofconv") || starts(comment, with: HeapHeaderLine.commentPrefix) { return false }
    // A frame: `#`, blanks, `0x`.
    var at = 1
    while at < comment.count, comment[at] == UInt8(ascii: " ") { at += 1 }
    return !(at > 1 && at + 1 < comment.count && comment[at] == 0x30 && comment[at + 1] == UInt8(ascii: "x"))
  }

  private static func starts(_ bytes: Span<UInt8>, with prefix: String) -> Bool {
    guard bytes.count >= prefix.utf8.count else { return false }
    for (i, byte) in prefix.utf8.enumerated() where bytes[i] != byte { return false }
    return true
  }
}
