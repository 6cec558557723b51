import ProfileModel

/// The layout of any profile but a heap's. See ``ValueText``.
struct ValueGroupedText {
  private let profile: Profile
  private let frames: FrameText
  private let notes: [String]
  /// Whether the block at the end holds what the text cannot say.
  private let carries: Bool
  /// The type whose values stand in the record lines; nil where there is none.
  private let shown: Int?
  private let width: Int
  private var totals: [Int128]
  private var hasNegatives = false

  init(_ profile: Profile, options: WriteOptions) {
    self.profile = profile
    frames = FrameText(profile)
    notes = options.sampleNotes ?? []
    carries = options.carry ?? false
    let columns = profile.columns
    width = columns.sampleTypes.count
    let counted = columns.sampleTypes.firstIndex { columns.strings.equals($0.unit, "count") }
    shown = counted ?? (width > 0 ? 0 : nil)
    totals = [Int128](repeating: 0, count: width)
    for (at, value) in columns.values.enumerated() {
      totals[at % width] += Int128(value)
      if value < 0 { hasNegatives = true }
    }
  }

  func write(to sink: inout ByteSink) throws(ProfileError) -> LossReport {
    let lines = GroupedNotes(profile, nil, isEstimated: false)
    var checksum = RunningChecksum(sink, isWanted: carries)
    appendHeader(to: &sink.buffer)
    appendTypes(to: &sink.buffer)
    appendAddresses(to: &sink.buffer)
    lines.appendNotes(to: &sink.buffer)
    for sample in 0..<profile.sampleCount {
      frames.lookAhead(from: sample)
      appendRecord(sample, to: &sink.buffer)
      try checksum.flushIfLarge(&sink)
    }
    lines.appendTrailer(to: &sink.buffer)
    if carries {
      var text = CarryText(
        frames: frames, textColumns: Array(1...max(1, width)), tellsTypes: true, period: profile.columns.period,
        tellsPeriodType: true)
      text.tellsAddresses = true
      text.comments = lines.printed
      sink.buffer.append(contentsOf: CarryBlock.lines(text, checksum: checksum.value(sink)))
      return LossReport()
    }
    var losses = TextLosses.of(profile, heap: nil, frames: frames)
    losses.add(
      "comments", count: lines.tooLong, of: profile.columns.comments.count, reason: "longer than a line may be")
    return losses
  }

  // MARK: Header

  private func appendHeader(to buffer: inout [UInt8]) {
    let strings = profile.columns.strings
    var name: [UInt8] = []
    if let shown {
      let type = strings[profile.columns.sampleTypes[shown].type]
      for i in type.indices { name.append(type[i] > 0x20 && type[i] < 0x7f ? type[i] : UInt8(ascii: "_")) }
    }
    if name.isEmpty { name = Array("samples".utf8) }
    buffer.append(contentsOf: name)
    let total = shown.map { totals[$0] } ?? 0
    buffer.append(contentsOf: "\(ValueText.header)\(max(0, total))\n# ".utf8)
    buffer.append(contentsOf: name)
    buffer.append(contentsOf: " profile: ".utf8)
    for type in 0..<width {
      if type > 0 { buffer.append(contentsOf: ", ".utf8) }
      if let sum = Int64(exactly: totals[type]) {
        appendMeasure(sum, type, to: &buffer)
      } else {
        buffer.append(contentsOf: "\(totals[type]) ".utf8)
        PrintableName.append(strings[profile.columns.sampleTypes[type].type], to: &buffer)
      }
    }
    let records = profile.sampleCount
    buffer.append(contentsOf: "\(width == 0 ? "nothing" : "") in \(records) record\(records == 1 ? "" : "s")\n\n".utf8)
  }

  private func appendTypes(to buffer: inout [UInt8]) {
    let strings = profile.columns.strings
    buffer.append(contentsOf: ValueText.types.dropLast().utf8)
    for type in profile.columns.sampleTypes {
      buffer.append(UInt8(ascii: " "))
      let slash = UInt8(ascii: "/")
      if GoQuote.isWord(strings[type.type]), GoQuote.isWord(strings[type.unit]),
        !GoQuote.contains(strings[type.type], slash), !GoQuote.contains(strings[type.unit], slash)
      {
        buffer.append(strings[type.type])
        buffer.append(slash)
        buffer.append(strings[type.unit])
      } else {
        GoQuote.append(strings[type.type], to: &buffer)
        buffer.append(slash)
        GoQuote.append(strings[type.unit], to: &buffer)
      }
    }
    buffer.append(UInt8(ascii: "\n"))
  }

  /// The addresses of locations whose pcs are invented.
  private func appendAddresses(to buffer: inout [UInt8]) {
    let locations = profile.columns.locations
    let invented = frames.appearance.filter {
      frames.pcs[$0.position] != locations[$0.position].address &+ 1 || locations[$0.position].address == 0
    }
    if invented.isEmpty { return }
    if invented.count == frames.appearance.count, invented.allSatisfy({ locations[$0.position].address == 0 }) {
      buffer.append(contentsOf: "\(ValueText.addresses)\(ValueText.noAddresses)\n".utf8)
      return
    }
    for (at, location) in invented.enumerated() {
      if at % ValueText.addressesInLine == 0 { buffer.append(contentsOf: ValueText.addresses.utf8) }
      buffer.append(contentsOf: "0x".utf8)
      buffer.appendHex(frames.pcs[location.position])
      buffer.append(contentsOf: "=0x".utf8)
      buffer.appendHex(locations[location.position].address)
      let isLast = at + 1 == invented.count || (at + 1) % ValueText.addressesInLine == 0
      buffer.append(isLast ? UInt8(ascii: "\n") : UInt8(ascii: " "))
    }
  }

  // MARK: Records

  private func appendRecord(_ sample: Int, to buffer: inout [UInt8]) {
    let columns = profile.columns
    let stack = columns.sampleStacks[sample]
    let values = columns.valueRange(sample)
    buffer.appendDecimal(shown.map { columns.values[values.lowerBound + $0] } ?? 0)
    buffer.append(contentsOf: Static.at)
    let measured = frames.appendPCs(of: stack, to: &buffer)
    if width > 0 {
      buffer.append(contentsOf: Static.newlineHash)
      for type in 0..<width {
        if type > 0 { buffer.append(contentsOf: Static.comma) }
        appendMeasure(columns.values[values.lowerBound + type], type, to: &buffer)
        appendShare(columns.values[values.lowerBound + type], of: totals[type], to: &buffer)
      }
    }
    buffer.append(UInt8(ascii: "\n"))
    if width > 1 {
      buffer.append(contentsOf: Static.values)
      for value in values {
        buffer.append(UInt8(ascii: " "))
        buffer.appendDecimal(columns.values[value])
      }
      buffer.append(UInt8(ascii: "\n"))
    }
    if sample < notes.count, !notes[sample].isEmpty {
      buffer.append(contentsOf: ValueText.goroutines.utf8)
      buffer.append(contentsOf: notes[sample].utf8)
      buffer.append(UInt8(ascii: "\n"))
    }
    let labels = columns.sampleLabels[sample]
    if labels != .empty { LabelText.append(profile.labels(of: labels), of: profile, to: &buffer) }
    frames.appendComments(of: stack, measured: measured, to: &buffer)
    buffer.append(UInt8(ascii: "\n"))
  }

  /// `1.2s cpu`
  private func appendMeasure(_ value: Int64, _ type: Int, to buffer: inout [UInt8]) {
    let sampleType = profile.columns.sampleTypes[type]
    let text = Units.measure(value, unit: profile.string(sampleType.unit))
    // A unit of no family may be anything.
    for byte in text.utf8 { buffer.append(byte < 0x20 || byte == 0x7f ? UInt8(ascii: "?") : byte) }
    buffer.append(UInt8(ascii: " "))
    PrintableName.append(profile.columns.strings[sampleType.type], to: &buffer)
  }

  /// ` (39.60%)`; nothing where shares make no sense.
  private func appendShare(_ value: Int64, of total: Int128, to buffer: inout [UInt8]) {
    if hasNegatives || total <= 0 { return }
    let hundredths = (Int128(value) * 20_000 + total) / (2 * total)
    buffer.append(contentsOf: " (\(hundredths / 100).\(hundredths % 100 / 10)\(hundredths % 10)%)".utf8)
  }

  private enum Static {
    static let at = Array(" @".utf8)
    static let newlineHash = Array("\n# ".utf8)
    static let comma = Array(", ".utf8)
    static let values = Array(ValueText.values.dropLast().utf8)
  }
}
