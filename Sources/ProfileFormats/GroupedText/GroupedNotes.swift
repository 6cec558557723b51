import ProfileModel

/// What stands before the records and behind them: the plain lines, and the trailer.
struct GroupedNotes {
  private let profile: Profile
  /// nil where the profile is no heap.
  private let heap: HeapColumns?
  private let isEstimated: Bool
  private let saysTypes: Bool
  /// Comments before the first line of the trailer, and from there on.
  private var leading: [StringIndex] = []
  private var trailer: [StringIndex] = []
  /// Which comments are printed, as positions in the profile's, in the order in which a reader finds them.
  private(set) var printed: [Int] = []
  /// How many comments no line holds; they are left out.
  private(set) var tooLong = 0

  /// - Parameters:
  ///   - isEstimated: whether the records show values that must not be scaled again.
  ///   - saysTypes: whether a line names the sample types if they are not Go's four.
  init(_ profile: Profile, _ heap: HeapColumns?, isEstimated: Bool, saysTypes: Bool = true) {
    self.profile = profile
    self.heap = heap
    self.isEstimated = isEstimated
    self.saysTypes = saysTypes
    let strings = profile.columns.strings
    for (position, comment) in profile.columns.comments.enumerated() {
      // The records say it: see HeapSampling.
      if heap != nil, !isEstimated, HeapSampling.isFactComment(strings[comment]) { continue }
      if !CommentText.fits(strings[comment]) {
        tooLong += 1
        continue
      }
      if trailer.isEmpty, !CommentText.isTrailerLine(strings[comment]) {
        leading.append(comment)
      } else {
        trailer.append(comment)
      }
      printed.append(position)
    }
  }

  func appendNotes(to buffer: inout [UInt8]) {
    let columns = profile.columns
    let strings = columns.strings
    func word(_ index: StringIndex) { GoQuote.appendWord(strings[index], to: &buffer) }
    if saysTypes, let heap, !heap.areGos {
      let names = heap.positions.sorted().map { position in
        let type = columns.sampleTypes[position]
        return "\(strings.string(type.type))/\(strings.string(type.unit))"
      }
      line(GroupedText.types, names.joined(separator: " "), &buffer)
    }
    if columns.timeNanos != 0 {
      line(GroupedText.time, "\(Units.time(nanos: columns.timeNanos)) (\(columns.timeNanos))", &buffer)
    }
    if columns.durationNanos != 0 {
      line(GroupedText.duration, "\(Units.duration(nanos: columns.durationNanos)) (\(columns.durationNanos))", &buffer)
    }
    // Always: nobody should have to halve the number in the header.
    buffer.append(contentsOf: GroupedText.period.utf8)
    word(columns.periodType.type)
    buffer.append(UInt8(ascii: " "))
    word(columns.periodType.unit)
    buffer.append(contentsOf: " \(columns.period)\n".utf8)
    if !strings.isEmpty(columns.defaultSampleType) {
      buffer.append(contentsOf: GroupedText.defaultType.utf8)
      word(columns.defaultSampleType)
      buffer.append(UInt8(ascii: "\n"))
    }
    if !strings.isEmpty(columns.docURL), CommentText.fits(strings[columns.docURL]) {
      buffer.append(contentsOf: GroupedText.doc.utf8)
      GoQuote.append(strings[columns.docURL], to: &buffer)
      buffer.append(UInt8(ascii: "\n"))
    }
    if let binary = columns.mappings.first, !strings.isEmpty(binary.file) || !strings.isEmpty(binary.buildID) {
      buffer.append(contentsOf: GroupedText.binary.utf8)
      word(binary.file)
      buffer.append(UInt8(ascii: " "))
      word(binary.buildID)
      buffer.append(UInt8(ascii: "\n"))
    }
    if isEstimated {
      line(
        GroupedText.estimates, " (what the sampler counted is not known; readers must not scale them again)", &buffer
      )
    }
    for comment in leading { CommentText.appendQuoted(strings[comment], to: &buffer) }
    buffer.append(UInt8(ascii: "\n"))
  }

  func appendTrailer(to buffer: inout [UInt8]) {
    if trailer.isEmpty { return }
    buffer.append(UInt8(ascii: "\n"))
    let strings = profile.columns.strings
    let readable = MemStatsText.readable(
      trailer.filter { CommentText.isTrailerLine(strings[$0]) }.map { strings.string($0) })
    if let readable {
      for text in readable { line(text, "", &buffer) }
      line("\n" + GroupedText.verbatim, "", &buffer)
    }
    for comment in trailer {
      if CommentText.isTrailerLine(strings[comment]) {
        buffer.append(strings[comment])
        buffer.append(UInt8(ascii: "\n"))
      } else {
        CommentText.appendQuoted(strings[comment], to: &buffer)
      }
    }
  }

  private func line(_ prefix: String, _ text: String, _ buffer: inout [UInt8]) {
    buffer.append(contentsOf: prefix.utf8)
    buffer.append(contentsOf: text.utf8)
    buffer.append(UInt8(ascii: "\n"))
  }
}

/// A profile's comments in a text.
enum CommentText {
  /// Whether a comment can stand in the trailer as it is, as Go's MemStats do, and is read back as what it is.
  static func isTrailerLine(_ comment: Span<UInt8>) -> Bool {
    guard comment.count > 2, comment[0] == UInt8(ascii: "#"), comment[1] == UInt8(ascii: " "),
      comment[2] > UInt8(ascii: " "), comment[comment.count - 1] > UInt8(ascii: " ")
    else { return false }
    for i in comment.indices where comment[i] < 0x20 || comment[i] >= 0x7f { return false }
    if HeapSampling.isFactComment(comment) { return false }
    let others = [
      GroupedText.types, GroupedText.time, GroupedText.duration, GroupedText.period, GroupedText.defaultType,
      GroupedText.doc, GroupedText.binary, "# values:", GroupedText.comment, GroupedText.unsampled, "# labels:",
      GroupedText.verbatim, GroupedText.carry, "# heap profile:", "# 0x", ValueText.addresses,
      // Why a program crashed belongs before its goroutines.
      Traceback.preamble,
    ]
    if others.contains(where: { hasPrefix(comment, $0) }) { return false }
    // A line of sizes: `# 3: 1.00KB [`.
    var at = comment[2] == UInt8(ascii: "-") ? 3 : 2
    while at < comment.count, comment[at] >= 0x30, comment[at] <= 0x39 { at += 1 }
    return at == comment.count || comment[at] != UInt8(ascii: ":")
  }

  /// `# comment: "…"`
  static func appendQuoted(_ comment: Span<UInt8>, to buffer: inout [UInt8]) {
    buffer.append(contentsOf: GroupedText.comment.utf8)
    GoQuote.append(comment, to: &buffer)
    buffer.append(UInt8(ascii: "\n"))
  }

  static func fits(_ comment: Span<UInt8>) -> Bool {
    if comment.count < TextLosses.maxLine / 10 { return true }
    var line: [UInt8] = []
    appendQuoted(comment, to: &line)
    return line.count <= TextLosses.maxLine
  }

  private static func hasPrefix(_ text: Span<UInt8>, _ prefix: String) -> Bool {
    let prefix = prefix.utf8
    guard text.count >= prefix.count else { return false }
    for (i, byte) in prefix.enumerated() where text[i] != byte { return false }
    return true
  }
}

extension HeapColumns {
  /// In the order that Go has them.
  fileprivate var positions: [Int] { [allocObjects, allocSpace, inuseObjects, inuseSpace].compactMap { $0 } }
  /// Whether they are all there, in that order.
  fileprivate var areGos: Bool { positions.count == 4 && positions == positions.sorted() }
}
