import ProfileModel

/// Builds a profile from the lines of a Java text behind the first one. See ``JavaText``.
struct JavaTextParser: ~Copyable {
  private enum Part {
    case attributes, samples, locations
  }

  private let kind: JavaText.Kind
  private var part = Part.attributes
  private var builder = ProfileBuilder()
  private var locations = JavaLocations()
  private var addresses: [UInt64] = []

  init(_ kind: JavaText.Kind) { self.kind = kind }

  mutating func take(
    _ line: Range<Int>, _ lines: borrowing TextLines, _ diagnostics: inout Diagnostics
  ) throws(ProfileError) {
    let bytes = lines.bytes
    let text = TextBytes.trimmed(bytes, line)
    if text.isEmpty { return }
    if part != .locations, bytes[text.lowerBound] == UInt8(ascii: "#") {
      // To pprof, a comment ends the samples.
      builder.columns.comments.append(builder.string(bytes.extracting(text)))
      return
    }
    if part == .attributes {
      if let (name, value) = JavaText.attribute(bytes, text) { return try attribute(name, value, lines) }
      part = .samples
    }
    let sample = JavaSample(bytes, text)
    if part == .samples {
      if let sample { return try take(sample, text, lines, &diagnostics) }
      part = .locations
    }
    if sample != nil {
      diagnostics.addLoss(
        kind: "late-sample", "a sample behind the first other line is ignored, as pprof does", at: lines.place())
      return
    }
    try locations.take(line, lines, &builder, &diagnostics)
  }

  // MARK: Attributes

  private mutating func attribute(
    _ name: Range<Int>, _ value: Range<Int>, _ lines: borrowing TextLines
  ) throws(ProfileError) {
    let bytes = lines.bytes
    func isName(_ text: StaticString) -> Bool {
      name.count == text.utf8CodeUnitCount && TextBytes.has(text, bytes, at: name.lowerBound)
    }
    func number() throws(ProfileError) -> Int64 {
      guard let number = GoInteger.parse(bytes, value) else {
        throw ProfileError(.malformed, "no number of 64 bits", at: lines.place(at: value.lowerBound))
      }
      return number
    }
    if isName("format") {
      guard value.count == 4, TextBytes.has("java", bytes, at: value.lowerBound) else {
        throw ProfileError(
          .malformed, "the only format that is known here is java", at: lines.place(at: value.lowerBound))
      }
    } else if isName("resolution") {
      let unit = builder.string(bytes.extracting(value))
      let (count, measure) = kind == .heap ? ("inuse_objects", "inuse_space") : ("contentions", "delay")
      builder.columns.sampleTypes = [
        ValueType(type: builder.string(count), unit: builder.string("count")),
        ValueType(type: builder.string(measure), unit: unit),
      ]
    } else if isName("sampling period"), kind == .contention {
      builder.columns.periodType = ValueType(type: builder.string("contentions"), unit: builder.string("count"))
      builder.columns.period = try number()
    } else if isName("ms since reset") {
      builder.columns.durationNanos = try number() &* 1_000_000
    } else {
      throw ProfileError(
        .malformed,
        "an attribute that Java profiles do not have: they have format, resolution, sampling period and "
          + "ms since reset", at: lines.place(at: name.lowerBound))
    }
  }

  // MARK: Samples

  private mutating func take(
    _ sample: JavaSample, _ text: Range<Int>, _ lines: borrowing TextLines, _ diagnostics: inout Diagnostics
  ) throws(ProfileError) {
    let bytes = lines.bytes
    addresses.removeAll(keepingCapacity: true)
    do {
      let run = try AddressRun(bytes, sample.addresses..<text.upperBound, into: &addresses)
      run.tell(bytes, text, lines, &diagnostics)
    } catch {
      throw error.error(lines)
    }
    guard let count = GoInteger.parse(bytes, sample.count) else {
      throw ProfileError(.malformed, "no number of 64 bits", at: lines.place(at: sample.count.lowerBound))
    }
    guard let measure = GoInteger.parse(bytes, sample.measure) else {
      throw ProfileError(.malformed, "no number of 64 bits", at: lines.place(at: sample.measure.lowerBound))
    }
    let stack = locations.stack(addresses, &builder)
    switch kind {
    case .heap:
      guard count != 0 else {
        throw ProfileError(.malformed, "\(measure) bytes in 0 objects", at: lines.place(at: sample.count.lowerBound))
      }
      let values = HeapSampling.unsampled(count: count, bytes: measure, rate: JavaText.heapRate)
      let label = Label(key: builder.string("bytes"), num: measure / count)
      builder.add(stack: stack, values: [values.count, values.bytes], labels: builder.labelSet([label]))
    case .contention:
      let period = builder.columns.period == 0 ? 1 : builder.columns.period
      builder.add(stack: stack, values: [count &* period, measure &* period])
    }
  }

  consuming func finish(_ diagnostics: inout Diagnostics) throws(ProfileError) -> Profile {
    if builder.columns.sampleTypes.isEmpty {
      throw ProfileError(
        .malformed, "there is no `resolution =` line: nobody knows the unit of the samples",
        hint: "it stands before the samples, as in `resolution = \(kind == .heap ? "bytes" : "microseconds")`")
    }
    return try locations.finish(&builder, kind == .heap ? .heap : .contention, &diagnostics)
  }
}

/// `MEASURE COUNT @ 0x3 0x4`, anywhere in a line.
private struct JavaSample {
  var measure: Range<Int>
  var count: Range<Int>
  /// Where the addresses begin.
  var addresses: Int

  init?(_ bytes: Span<UInt8>, _ text: Range<Int>) {
    for at in text where bytes[at] == UInt8(ascii: "@") {
      guard at + 1 < text.upperBound, bytes[at + 1] == 0x20,
        let count = Self.number(bytes, text.lowerBound..<at),
        let measure = Self.number(bytes, text.lowerBound..<count.lowerBound)
      else { continue }
      self.count = count
      self.measure = measure
      addresses = at + 1
      return
    }
    return nil
  }

  /// The digits before the blanks at the end of a range; nil where either is missing.
  private static func number(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int>? {
    var end = range.upperBound
    while end > range.lowerBound, bytes[end - 1] == 0x20 { end -= 1 }
    if end == range.upperBound { return nil }
    var start = end
    while start > range.lowerBound, TextBytes.isDigit(bytes[start - 1]) { start -= 1 }
    return start == end ? nil : start..<end
  }
}
