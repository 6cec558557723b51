import ProfileModel

/// Builds a profile from the lines of a contention text behind the first one. See ``ContentionText``.
struct ContentionParser: ~Copyable {
  private enum Part {
    case attributes, records, betweenRecordsAndMap, map
  }

  private var part = Part.attributes
  private var builder = ProfileBuilder(sampleTypes: [("contentions", "count"), ("delay", "nanoseconds")])
  private var map = MemoryMap()
  private var cyclesPerSecond: Int64 = 0
  private var period: Int64 = 1
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
      do { try map.add(bytes.extracting(line)) } catch {
        throw ProfileError(error.code, error.message, at: lines.place())
      }
      return
    }
    if text.isEmpty { return }
    if bytes[text.lowerBound] == UInt8(ascii: "#") {
      builder.columns.comments.append(builder.string(bytes.extracting(text)))
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
    diagnostics.add(kind: "ignored", "text behind the records is ignored", at: lines.place())
  }

  /// `NAME = VALUE`. What no field of a profile holds becomes a comment.
  private mutating func attribute(
    _ text: Range<Int>, _ equals: Int, _ lines: borrowing TextLines
  ) throws(ProfileError) {
    let bytes = lines.bytes
    let name = TextBytes.trimmed(bytes, text.lowerBound..<equals)
    let value = TextBytes.trimmed(bytes, equals + 1..<text.upperBound)
    func isName(_ text: StaticString) -> Bool {
      name.count == text.utf8CodeUnitCount && TextBytes.has(text, bytes, at: name.lowerBound)
    }
    func number() throws(ProfileError) -> Int64 {
      guard let number = GoInteger.parse(bytes, value) else {
        throw ProfileError(.malformed, "no number of 64 bits", at: lines.place(at: value.lowerBound))
      }
      return number
    }
    var isKept = true
    if isName("cycles/second") {
      cyclesPerSecond = try number()
    } else if isName("sampling period") {
      period = try number()
      isKept = false
    } else if isName("ms since reset") {
      builder.columns.durationNanos = try number() &* 1_000_000
      isKept = false
    } else if !isName("discarded samples") {
      throw ProfileError(
        .malformed,
        "an attribute that contention profiles do not have: they have cycles/second, sampling period, "
          + "ms since reset and discarded samples", at: lines.place(at: name.lowerBound))
    }
    if isKept {
      let comment = Array("# ".utf8) + TextBytes.copy(bytes, text)
      builder.columns.comments.append(builder.string(comment.span))
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
      diagnostics.add(
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
    builder.add(stack: stack, values: [period > 0 ? count &* period : count, delay(cycles)])
  }

  /// Nanoseconds of so many cycles; without a clock they are nanoseconds already.
  private func delay(_ cycles: Int64) -> Int64 {
    if period <= 0 || cyclesPerSecond <= 0 { return cycles }
    let nanoseconds = Double(cycles) * Double(period) / (Double(cyclesPerSecond) / 1e9)
    // What does not fit becomes the least number, as on Go's amd64.
    return Int64(exactly: nanoseconds.rounded(.towardZero)) ?? .min
  }

  consuming func finish(_ diagnostics: inout Diagnostics) throws(ProfileError) -> Profile {
    builder.columns.period = period
    var columns = ProfileColumns()
    swap(&columns, &builder.columns)
    map.apply(to: &columns)
    map.tell(&diagnostics)
    LegacyFrames.contention.set(on: &columns)
    return try Profile(columns)
  }
}
