import ProfileModel

/// Reads what stands above the sample types.
struct RawHeaderParser {
  /// The comment that the next line may go on.
  private var comment: [UInt8]?

  /// Takes a line; true for `Samples:`, the last one.
  mutating func take(
    _ line: Range<Int>, _ lines: borrowing TextLines, _ builder: inout ProfileBuilder, _ diagnostics: inout Diagnostics
  ) throws(ProfileError) -> Bool {
    let bytes = lines.bytes
    func rest(_ prefix: StaticString) -> [UInt8]? {
      guard line.count >= prefix.utf8CodeUnitCount, TextBytes.has(prefix, bytes, at: line.lowerBound) else {
        return nil
      }
      var start = line.lowerBound + prefix.utf8CodeUnitCount
      if start < line.upperBound, bytes[start] == UInt8(ascii: " ") { start += 1 }
      return TextBytes.copy(bytes, start..<line.upperBound)
    }
    if let text = rest("Comment:") {
      endComment(&builder)
      comment = text
    } else if let text = rest("Doc:") {
      endComment(&builder)
      builder.columns.docURL = builder.string(text.span)
    } else if let text = rest("PeriodType:") {
      endComment(&builder)
      let blank = text.lastIndex(of: UInt8(ascii: " ")) ?? text.count
      let type = Array(text[..<blank])
      let unit = Array(text[blank...].dropFirst())
      builder.columns.periodType = ValueType(type: builder.string(type.span), unit: builder.string(unit.span))
    } else if let text = rest("Period:") {
      guard let period = TextBytes.decimal(text.span, 0..<text.count) else {
        throw ProfileError(.malformed, "no number of 64 bits", at: lines.place())
      }
      builder.columns.period = period
    } else if let text = rest("Time:") {
      if let nanos = RawTime.nanos(text[...]) {
        builder.columns.timeNanos = nanos
      } else {
        diagnostics.addLoss(kind: "time", "not a time as Go prints it; it is left out", at: lines.place())
      }
    } else if let text = rest("Duration:") {
      if let nanos = RawDuration.nanos(text) {
        builder.columns.durationNanos = nanos
        if RawDuration.isCut(text) {
          diagnostics.add(
            kind: "duration", "pprof prints four characters of a duration; the rest is guessed", at: lines.place())
        }
      } else {
        diagnostics.addLoss(kind: "duration", "not a duration as Go prints it; it is left out", at: lines.place())
      }
    } else if TextBytes.isLine("Samples:", bytes, line) {
      endComment(&builder)
      return true
    } else if comment != nil {
      diagnostics.add(kind: "comment-newline", "a comment goes on in the next line", at: lines.place())
      comment?.append(UInt8(ascii: "\n"))
      comment?.append(bytes.extracting(line))
    } else if !line.isEmpty {
      throw ProfileError(
        .malformed, "a line that `pprof -raw` does not have above its samples", at: lines.place())
    }
    return false
  }

  private mutating func endComment(_ builder: inout ProfileBuilder) {
    guard let text = comment else { return }
    builder.columns.comments.append(builder.string(text.span))
    comment = nil
  }
}

/// The line of the sample types: `type/unit type/unit[dflt]`.
enum RawTypes {
  static func parse(_ line: [UInt8], _ builder: inout ProfileBuilder) {
    var hasDefault = false
    for word in split(line) {
      var word = word
      let mark = Array("[dflt]".utf8)
      let isDefault = word.count >= mark.count && Array(word.suffix(mark.count)) == mark
      if isDefault { word.removeLast(mark.count) }
      let slash = word.lastIndex(of: UInt8(ascii: "/")) ?? word.count
      let type = builder.string(Array(word[..<slash]).span)
      let unit = builder.string(Array(word[slash...].dropFirst()).span)
      builder.columns.sampleTypes.append(ValueType(type: type, unit: unit))
      if isDefault, !hasDefault {
        builder.columns.defaultSampleType = type
        hasDefault = true
      }
    }
  }

  /// At blanks, but a word has a slash: `open files/count` is one.
  private static func split(_ line: [UInt8]) -> [[UInt8]] {
    var words: [[UInt8]] = []
    var open: [UInt8] = []
    for word in line.split(separator: UInt8(ascii: " ")) {
      if !open.isEmpty { open.append(UInt8(ascii: " ")) }
      open.append(contentsOf: word)
      if word.contains(UInt8(ascii: "/")) {
        words.append(open)
        open = []
      }
    }
    if !open.isEmpty { words.append(open) }
    return words
  }
}

extension RawDuration {
  /// Four characters may be all of a duration, or its beginning.
  static func isCut(_ text: [UInt8]) -> Bool {
    guard let nanos = whole(text) else { return true }
    var again: [UInt8] = []
    Units.appendDuration(nanos: nanos, to: &again)
    return again != text
  }

  /// The duration that a text says; of the many that a cut one may stand for, a likely one: `2.98` is 2.98 s. It prints as
  /// the same four characters.
  static func nanos(_ text: [UInt8]) -> Int64? {
    if let nanos = whole(text), self.text(nanos) == text || text.count > 4 { return nanos }
    for ending in ["s", "0s", "m0s", "0m0s", "h0m0s", "5s", ".5s"] {
      if let nanos = whole(text + Array(ending.utf8)), self.text(nanos) == text { return nanos }
    }
    return nil
  }

  private static let units: [(name: [UInt8], nanos: Double)] = [
    (Array("ns".utf8), 1), (Array("\u{b5}s".utf8), 1e3), (Array("us".utf8), 1e3), (Array("ms".utf8), 1e6),
    (Array("s".utf8), 1e9), (Array("m".utf8), 60e9), (Array("h".utf8), 3600e9),
  ]

  /// `1h2m3.5s`; nil where it is no duration as Go has it.
  private static func whole(_ text: [UInt8]) -> Int64? {
    var rest = text[...]
    let isNegative = rest.first == UInt8(ascii: "-")
    if isNegative { rest.removeFirst() }
    if rest.isEmpty { return nil }
    var total = 0.0
    while !rest.isEmpty {
      let number = rest.prefix { TextBytes.isDigit($0) || $0 == UInt8(ascii: ".") }
      rest = rest[number.endIndex...]
      let name = rest.prefix { !TextBytes.isDigit($0) && $0 != UInt8(ascii: ".") }
      rest = rest[name.endIndex...]
      guard let value = Double(String(decoding: number, as: UTF8.self)),
        let unit = units.first(where: { $0.name.elementsEqual(name) })
      else { return nil }
      total += value * unit.nanos
    }
    guard total < 0x1p63 else { return nil }
    return Int64(isNegative ? -total.rounded() : total.rounded())
  }
}
