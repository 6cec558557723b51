internal import ProfileAnalysis
import ProfileModel

/// Everything above the first sample.
enum RawHeader {
  static func append(_ columns: ProfileColumns, _ zone: (Int64) -> ZoneOffset, to buffer: inout [UInt8]) {
    let strings = columns.strings
    for comment in columns.comments {
      buffer.append("Comment: ")
      buffer.append(strings[comment])
      buffer.append(UInt8(ascii: "\n"))
    }
    if !strings.isEmpty(columns.docURL) {
      buffer.append("Doc: ")
      buffer.append(strings[columns.docURL])
      buffer.append(UInt8(ascii: "\n"))
    }
    buffer.append("PeriodType: ")
    buffer.append(strings[columns.periodType.type])
    buffer.append(UInt8(ascii: " "))
    buffer.append(strings[columns.periodType.unit])
    buffer.append("\nPeriod: ")
    Units.append(columns.period, to: &buffer)
    buffer.append(UInt8(ascii: "\n"))
    if columns.timeNanos != 0 {
      buffer.append("Time: ")
      let seconds = RawTime.floorDivide(columns.timeNanos, by: 1_000_000_000)
      RawTime.append(nanos: columns.timeNanos, zone: zone(seconds), to: &buffer)
      buffer.append(UInt8(ascii: "\n"))
    }
    if columns.durationNanos != 0 {
      buffer.append("Duration: ")
      buffer.append(contentsOf: RawDuration.text(columns.durationNanos))
      buffer.append(UInt8(ascii: "\n"))
    }
    buffer.append("Samples:\n")
    buffer.append(contentsOf: types(columns))
    buffer.append(UInt8(ascii: "\n"))
  }

  /// `type/unit type/unit[dflt]`, without white space at either end.
  static func types(_ columns: ProfileColumns) -> [UInt8] {
    let strings = columns.strings
    var text: [UInt8] = []
    let shown = ShownSampleTypes(columns)
    for i in shown.shown {
      let type = columns.sampleTypes[i]
      text.append(strings[type.type])
      text.append(UInt8(ascii: "/"))
      text.append(strings[type.unit])
      if strings.equals(type.type, strings[shown.defaultType]) { text.append("[dflt]") }
      text.append(UInt8(ascii: " "))
    }
    let kept = GoSpace.trimmed(text.span)
    return Array(text[kept])
  }
}

/// The first four characters of a duration: 2.984 s is `2.98`, 2.5 s is `2.5s`. pprof asks for `%.4v`, which cuts text.
enum RawDuration {
  static func text(_ nanos: Int64) -> [UInt8] {
    var whole: [UInt8] = []
    Units.appendDuration(nanos: nanos, to: &whole)
    var runes = UTF8Runes(whole)
    var end = 0
    for _ in 0..<4 { end = runes.next()?.range.upperBound ?? end }
    return Array(whole[..<end])
  }
}

/// What Go's strings.TrimSpace takes off.
enum GoSpace {
  static func trimmed(_ text: Span<UInt8>) -> Range<Int> {
    var bytes: [UInt8] = []
    for i in text.indices { bytes.append(text[i]) }
    var runes = UTF8Runes(bytes)
    var start = bytes.count
    var end = 0
    while let rune = runes.next() {
      if isSpace(rune.value) { continue }
      start = min(start, rune.range.lowerBound)
      end = rune.range.upperBound
    }
    return start < end ? start..<end : 0..<0
  }

  private static func isSpace(_ rune: UInt32) -> Bool {
    switch rune {
    case 0x09...0x0d, 0x20, 0x85, 0xa0, 0x1680, 0x2000...0x200a, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000: true
    default: false
    }
  }
}
