import ProfileModel

/// Builds a profile from the lines of a contention text behind the first one. See ``ContentionText``.
struct ContentionParser: ~Copyable {
  private enum Part {
    case attributes, records, betweenRecordsAndMap, map
  }

  private var part = Part.attributes
  private var builder = ProfileBuilder(sampleTypes: [("contentions", "count"), ("delay", "nanoseconds")])
  private var map = MemoryMap()
  private var header = ContentionHeader(kind: .contention)
  /// Cycles and count of each record.
  private var numbers: [Int64] = []
  private var comments: [StringIndex] = []
  private var addresses: [UInt64] = []
  private var stack: [LocationIndex] = []

  init() {
    builder.columns.periodType = ValueType(type: builder.string("contentions"), unit: builder.string("count"))
  }

  mutating func take(
    _ line: Range<Int>, _ lines: borrowing TextLines, _ diagnostics: inout Diagnostics
  ) throws(ProfileError) {
    let bytes = lines.bytes
    let text = TextBytes.trimmed(bytes, line)
    if part == .map {
      try map.add(lines)
      return
    }
    if text.isEmpty { return }
    if bytes[text.lowerBound] == UInt8(ascii: "#") {
      comments.append(builder.string(bytes.extracting(text)))
      return
    }
    if MemoryMap.isSentinel(bytes, line) {
      part = .map
      return
    }
    if TextBytes.has("---", bytes, at: text.lowerBound) {
      part = .betweenRecordsAndMap
      return
    }
    if part == .attributes {
      if let equals = text.first(where: { bytes[$0] == UInt8(ascii: "=") }) {
        return try attribute(text, equals, lines)
      }
      part = .records
    }
    if part == .records { return try record(text, lines, &diagnostics) }
    diagnostics.addLoss(kind: "ignored", "text behind the records is ignored", at: lines.place())
  }

  /// `NAME = VALUE`
  private mutating func attribute(
    _ text: Range<Int>, _ equals: Int, _ lines: borrowing TextLines
  ) throws(ProfileError) {
    let bytes = lines.bytes
    let name = TextBytes.trimmed(bytes, text.lowerBound..<equals)
    let value = TextBytes.trimmed(bytes, equals + 1..<text.upperBound)
    let number = GoInteger.parse(bytes, value)
    switch String(decoding: TextBytes.copy(bytes, name.prefix(40)), as: UTF8.self) {
    case ContentionHeader.cycles: header.cyclesPerSecond = number
    case ContentionHeader.sampling: header.period = number
    case ContentionHeader.reset: builder.columns.durationNanos = (number ?? 0) &* 1_000_000
    case ContentionHeader.discards:
      header.discarded = number
      // pprof does not look at it.
      if number == nil { comments.append(builder.string(([0x23, 0x20] + TextBytes.copy(bytes, text)).span)) }
      return
    default:
      throw ProfileError(
        .malformed,
        "an attribute that contention profiles do not have: they have cycles/second, sampling period, "
          + "ms since reset and discarded samples", at: lines.place(at: name.lowerBound))
    }
    if number == nil {
      throw ProfileError(.malformed, "no number of 64 bits", at: lines.place(at: value.lowerBound))
    }
  }

  // MARK: Records

  private mutating func record(
    _ text: Range<Int>, _ lines: borrowing TextLines, _ diagnostics: inout Diagnostics
  ) throws(ProfileError) {
    let bytes = lines.bytes
    guard let record = ContentionRecord(bytes, text) else {
      throw ProfileError(
        .malformed, "no contention record: a record is `19490304 27 @ 0x401000 …`", at: lines.place(at: text.lowerBound)
      )
    }
    guard let cycles = TextBytes.decimal(bytes, record.cycles) else {
      throw ProfileError(.malformed, "no number of 64 bits", at: lines.place(at: record.cycles.lowerBound))
    }
    guard let count = TextBytes.decimal(bytes, record.count) else {
      throw ProfileError(.malformed, "no number of 64 bits", at: lines.place(at: record.count.lowerBound))
    }
    if record.hasJunkBefore {
      diagnostics.addLoss(
        kind: "text-before-record", "text before a record is ignored", at: lines.place(at: text.lowerBound))
    }
    if cycles < 0 || count < 0 {
      diagnostics.add(
        kind: "negative-record", "a record is below 0: pprof reads it without its sign",
        at: lines.place(at: text.lowerBound))
    }
    addresses.removeAll(keepingCapacity: true)
    do {
      let run = try AddressRun(bytes, record.addresses..<text.upperBound, into: &addresses)
      run.tell(bytes, text, lines, &diagnostics)
    } catch {
      throw error.error(lines)
    }
    stack.removeAll(keepingCapacity: true)
    for address in addresses { stack.append(builder.location(Location(address: address &- 1), lines: [])) }
    numbers += [cycles, count]
    builder.add(stack: stack, values: [count &* header.factor, header.delay(cycles)])
  }

  consuming func finish(_ diagnostics: inout Diagnostics) throws(ProfileError) -> Profile {
    builder.columns.period = header.period ?? 1
    builder.columns.comments = header.comments(numbers).map { builder.string($0) } + comments
    var columns = ProfileColumns()
    swap(&columns, &builder.columns)
    map.apply(to: &columns)
    map.tell(&diagnostics)
    LegacyFrames.contention.set(on: &columns)
    return try Profile(columns)
  }
}
