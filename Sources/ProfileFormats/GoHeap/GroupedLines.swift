internal import ProfileModel

/// The `#` lines that grouped text has beside Go's: what ``GroupedText`` prints for people, read back.
struct GroupedLines {
  /// What `# types:` lists, as positions among ``twoTypes`` or ``fourTypes``; nil: it is not there.
  private var order: [Int]?
  /// The records have scaled values, although the header names no rate.
  private(set) var isEstimated = false
  /// The exact values of the record at hand.
  private(set) var unsampled: HeapValues?

  private var labels: [Label] = []
  private var hasSize = false
  /// Where the comments of the trailer begin: with the first that stands there as it is.
  private var trailer: Int?
  private var period: (type: StringIndex, unit: StringIndex, number: Int64)?

  mutating func beginRecord() {
    unsampled = nil
    labels.removeAll(keepingCapacity: true)
    hasSize = false
  }

  private static let twoTypes = ["objects/count", "space/bytes"]
  private static let fourTypes = [
    "alloc_objects/count", "alloc_space/bytes", "inuse_objects/count", "inuse_space/bytes",
  ]

  var hasTwoColumns: Bool { order?.count == 2 }

  /// Whether the text is ours: bpprof names no period.
  var isOurs: Bool { period != nil }

  func labelSet(_ builder: inout ProfileBuilder) -> LabelSetIndex { builder.labelSet(labels) }

  /// Sets what only counts once all records are read.
  func finish(_ builder: inout ProfileBuilder) {
    if let order, order != Array(order.indices) {
      let values = builder.columns.values
      let types = builder.columns.sampleTypes
      for at in values.indices {
        let column = at % order.count
        builder.columns.values[at] = values[at - column + order[column]]
      }
      builder.columns.sampleTypes = order.map { types[$0] }
    }
    guard let period else { return }
    builder.columns.periodType = ValueType(type: period.type, unit: period.unit)
    builder.columns.period = period.number
  }

  /// Reads a comment line if it is one of ours or bpprof's; false: it is a comment like any other.
  ///
  /// - Throws: where a line that people are told to edit is not what it should be: it would count for nothing.
  mutating func take(
    _ bytes: Span<UInt8>, _ text: Range<Int>, line: Int, hasRecord: Bool, _ builder: inout ProfileBuilder,
    _ comments: inout [StringIndex]
  ) throws(ProfileError) -> Bool {
    func rest(_ prefix: StaticString) -> Range<Int>? {
      TextBytes.has(prefix, bytes, at: text.lowerBound)
        && text.lowerBound + prefix.utf8CodeUnitCount <= text.upperBound
        ? text.lowerBound + prefix.utf8CodeUnitCount..<text.upperBound : nil
    }
    if let range = rest("# comment: ") {
      var cursor = QuotedCursor(bytes, range)
      guard let comment = cursor.quoted(), cursor.isAtEnd else { return false }
      comments.append(builder.string(comment.span))
      return true
    }
    if rest("# verbatim:") != nil {
      // What follows says in the profile's own words what stands above.
      if let trailer { comments.removeSubrange(trailer...) }
      return true
    }
    if hasRecord {
      // Without its colon, too.
      if let range = rest("# unsampled") { return try takeValues(bytes, range, text, line) }
      if let range = rest("# labels: {") {
        guard let found = LabelText.parse(bytes, range, &builder) else {
          throw ProfileError(
            .malformed, "no labels: they are `# labels: {\"key\":\"value\", \"size\":64}`",
            at: TextBytes.place(bytes, line: line, text, at: range.lowerBound))
        }
        labels = found
        return true
      }
      if !hasSize, trailer == nil, takeSize(bytes, text) { return true }
    } else if rest("# heap profile:") != nil || takeHeaderLine(bytes, text, &builder) {
      return true
    }
    if trailer == nil { trailer = comments.count }
    return false
  }

  /// `# IO: SIZE [AO: SIZE]`: the numbers of the record again.
  private mutating func takeSize(_ bytes: Span<UInt8>, _ text: Range<Int>) -> Bool {
    guard text.count > 8, bytes[text.lowerBound + 1] == 0x20, bytes[text.upperBound - 1] == UInt8(ascii: "]") else {
      return false
    }
    var cursor = QuotedCursor(bytes, text.lowerBound + 2..<text.upperBound)
    guard cursor.integer() != nil, cursor.take(UInt8(ascii: ":")), cursor.take(0x20), cursor.word() != nil,
      cursor.take(0x20), cursor.take(UInt8(ascii: "[")), cursor.integer() != nil
    else { return false }
    hasSize = true
    return true
  }

  /// `: IO: IB [AO: AB]`
  private mutating func takeValues(
    _ bytes: Span<UInt8>, _ range: Range<Int>, _ text: Range<Int>, _ line: Int
  ) throws(ProfileError) -> Bool {
    let start = min(range.lowerBound + 2, range.upperBound)
    var cursor = HeapCursor(bytes.extracting(0..<range.upperBound), at: start)
    guard TextBytes.has(": ", bytes, at: range.lowerBound),
      let numbers = cursor.fourNumbers(allowsMinus: true, allowsMinusInAlloc: true), cursor.at == range.upperBound
    else {
      throw ProfileError(
        .malformed, "no values: they are `# unsampled: OBJECTS: BYTES [OBJECTS: BYTES]`",
        at: TextBytes.place(bytes, line: line, text, at: start))
    }
    func number(_ range: Range<Int>) throws(ProfileError) -> Int64 {
      if let number = TextBytes.decimal(bytes, range) { return number }
      throw ProfileError(
        .malformed, "a number takes more than 64 bits",
        at: TextBytes.place(bytes, line: line, text, at: range.lowerBound))
    }
    unsampled = HeapValues(
      allocObjects: try number(numbers.allocObjects), allocBytes: try number(numbers.allocBytes),
      inuseObjects: try number(numbers.inuseObjects), inuseBytes: try number(numbers.inuseBytes))
    return true
  }

  private mutating func takeHeaderLine(
    _ bytes: Span<UInt8>, _ text: Range<Int>, _ builder: inout ProfileBuilder
  ) -> Bool {
    var cursor = QuotedCursor(bytes, text)
    guard cursor.word() == [UInt8(ascii: "#")], let key = cursor.word() else { return false }
    switch String(decoding: key, as: UTF8.self) {
    case "types:":
      var words: [String] = []
      while words.count < 5, let word = cursor.word() { words.append(String(decoding: word, as: UTF8.self)) }
      let known = words.count == 2 ? Self.twoTypes : Self.fourTypes
      let positions = words.compactMap(known.firstIndex)
      guard positions.count == known.count, Set(positions).count == known.count else { return false }
      order = positions
    case "time:":
      guard let nanos = nanoseconds(bytes, text) else { return false }
      builder.columns.timeNanos = nanos
    case "duration:":
      guard let nanos = nanoseconds(bytes, text) else { return false }
      builder.columns.durationNanos = nanos
    case "period:":
      guard let type = cursor.word(), let unit = cursor.word(), let number = cursor.integer() else { return false }
      period = (builder.string(type.span), builder.string(unit.span), number)
    case "default:":
      guard let type = cursor.word() else { return false }
      builder.columns.defaultSampleType = builder.string(type.span)
    case "doc:":
      guard let url = cursor.word() else { return false }
      builder.columns.docURL = builder.string(url.span)
    case "binary:":
      guard let file = cursor.word() else { return false }
      let buildID = cursor.word() ?? []
      builder.columns.mappings = [Mapping(file: builder.string(file.span), buildID: builder.string(buildID.span))]
    case "values:":
      guard TextBytes.has("# values: estimates", bytes, at: text.lowerBound) else { return false }
      isEstimated = true
    default:
      return false
    }
    return true
  }

  /// The number in the parentheses at the end of the line.
  private func nanoseconds(_ bytes: Span<UInt8>, _ text: Range<Int>) -> Int64? {
    guard bytes[text.upperBound - 1] == UInt8(ascii: ")") else { return nil }
    var open = text.upperBound - 2
    while open > text.lowerBound, bytes[open] != UInt8(ascii: "(") { open -= 1 }
    return TextBytes.decimal(bytes, open + 1..<text.upperBound - 1)
  }
}
