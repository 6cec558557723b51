import ProfileModel

/// The layout of a heap.
struct HeapGroupedText {
  private let profile: Profile
  private let heap: HeapColumns
  private let frames: FrameText
  /// Bytes between two samples, where the records show what was counted; 1 where they show the values.
  private let rate: Int64
  /// Four numbers a sample, alloc objects first, where the records show what was counted.
  private let sampled: [Int64]?
  /// Whether the block at the end holds what the text cannot say.
  private let carries: Bool

  init(_ profile: Profile, _ heap: HeapColumns, options: WriteOptions) {
    self.profile = profile
    self.heap = heap
    frames = FrameText(profile)
    let period = profile.columns.period
    // The header has twice the period.
    if period > 1, period <= .max / 2 {
      sampled = options.sampledValues ?? HeapSampling.sampledValues(of: profile)
    } else {
      sampled = nil
    }
    rate = sampled == nil ? 1 : period
    carries = options.carry ?? false
  }

  func write(to sink: inout ByteSink) throws(ProfileError) -> LossReport {
    let notes = GroupedNotes(
      profile, heap, isEstimated: sampled == nil && profile.columns.period > 1, saysTypes: !carries)
    var checksum = RunningChecksum(sink, isWanted: carries)
    appendHeader(to: &sink.buffer)
    notes.appendNotes(to: &sink.buffer)
    for sample in 0..<profile.sampleCount {
      frames.lookAhead(from: sample)
      appendRecord(sample, to: &sink.buffer)
      try checksum.flushIfLarge(&sink)
    }
    notes.appendTrailer(to: &sink.buffer)
    if carries {
      sink.buffer.append(contentsOf: CarryBlock.lines(carried(notes), checksum: checksum.value(sink)))
      return LossReport()
    }
    var losses = TextLosses.of(profile, heap: heap, frames: frames)
    losses.add(
      "comments", count: notes.tooLong, of: profile.columns.comments.count, reason: "longer than a line may be")
    return losses
  }

  /// What the block may take for granted.
  private func carried(_ notes: GroupedNotes) -> CarryText {
    var printed: [Int64] = []
    printed.reserveCapacity(profile.sampleCount * 4)
    for sample in 0..<profile.sampleCount {
      let values = shown(sample)
      printed.append(values.allocObjects)
      printed.append(values.allocBytes)
      printed.append(values.inuseObjects)
      printed.append(values.inuseBytes)
    }
    var text = CarryText(frames: frames, heap: heap, printed: printed, period: profile.columns.period)
    text.toldLabels = .lines(LabelText.told(profile))
    text.comments = notes.printed
    return text
  }

  // MARK: Records

  private func appendRecord(_ sample: Int, to buffer: inout [UInt8]) {
    let shown = shown(sample)
    let stack = profile.columns.sampleStacks[sample]
    appendNumbers(shown, to: &buffer)
    buffer.append(contentsOf: Static.at)
    let measured = frames.appendPCs(of: stack, to: &buffer)
    buffer.append(contentsOf: Static.newlineHash)
    appendSizes(shown, to: &buffer)
    buffer.append(UInt8(ascii: "\n"))
    // Also where the record cannot say the values: bytes without objects, less than nothing allocated.
    let values = heap.values(profile.columns, sample: sample)
    if sampled != nil || shown != values {
      buffer.append(contentsOf: Static.unsampled)
      appendNumbers(values, to: &buffer)
      buffer.append(UInt8(ascii: "\n"))
    }
    let labels = profile.columns.sampleLabels[sample]
    if labels != .empty { LabelText.append(profile.labels(of: labels), of: profile, to: &buffer) }
    frames.appendComments(of: stack, measured: measured, to: &buffer)
    buffer.append(UInt8(ascii: "\n"))
  }

  private func shown(_ sample: Int) -> HeapValues {
    guard let sampled, sampled.count >= 4 * (sample + 1) else {
      return heap.values(profile.columns, sample: sample).printable
    }
    let at = 4 * sample
    let values = HeapValues(
      allocObjects: sampled[at], allocBytes: sampled[at + 1], inuseObjects: sampled[at + 2], inuseBytes: sampled[at + 3]
    )
    return values.printable
  }

  /// `IO: IB [AO: AB]`
  private func appendNumbers(_ values: HeapValues, to buffer: inout [UInt8]) {
    Units.append(values.inuseObjects, to: &buffer)
    buffer.append(contentsOf: Static.colon)
    Units.append(values.inuseBytes, to: &buffer)
    buffer.append(contentsOf: Static.bracket)
    Units.append(values.allocObjects, to: &buffer)
    buffer.append(contentsOf: Static.colon)
    Units.append(values.allocBytes, to: &buffer)
    buffer.append(UInt8(ascii: "]"))
  }

  /// `IO: SIZE [AO: SIZE]`
  private func appendSizes(_ values: HeapValues, to buffer: inout [UInt8]) {
    Units.append(values.inuseObjects, to: &buffer)
    buffer.append(contentsOf: Static.colon)
    Units.appendSize(values.inuseBytes, to: &buffer)
    buffer.append(contentsOf: Static.bracket)
    Units.append(values.allocObjects, to: &buffer)
    buffer.append(contentsOf: Static.colon)
    Units.appendSize(values.allocBytes, to: &buffer)
    buffer.append(UInt8(ascii: "]"))
  }

  // MARK: Header

  /// Of what the records show: in-use objects and bytes, alloc objects and bytes.
  private func sums() -> [Int128] {
    var sums = [Int128](repeating: 0, count: 4)
    for sample in 0..<profile.sampleCount {
      let values = shown(sample)
      sums[0] += Int128(values.inuseObjects)
      sums[1] += Int128(values.inuseBytes)
      sums[2] += Int128(values.allocObjects)
      sums[3] += Int128(values.allocBytes)
    }
    return sums
  }

  private func appendHeader(to buffer: inout [UInt8]) {
    let sums = sums()
    func text(_ sum: Int128) -> String { String(max(0, sum)) }
    func size(_ sum: Int128) -> String {
      var bytes: [UInt8] = []
      Units.appendSize(sum, to: &bytes)
      return String(decoding: bytes, as: UTF8.self)
    }
    // pprof compares these numbers as text and takes digits only.
    let plain = "\(text(sums[0])): \(text(sums[1])) [\(text(sums[2])): \(text(sums[3]))]"
    let human = "\(sums[0]): \(size(sums[1])) [\(sums[2]): \(size(sums[3]))]"
    buffer.append(contentsOf: "heap profile: \(plain) @ heap/\(2 * rate)\n".utf8)
    buffer.append(contentsOf: "# heap profile: \(human) @ heap/\(2 * rate)\n\n".utf8)
  }

  private enum Static {
    static let at = Array(" @".utf8)
    static let newlineHash = Array("\n# ".utf8)
    static let colon = Array(": ".utf8)
    static let bracket = Array(" [".utf8)
    static let unsampled = Array(GroupedText.unsampled.utf8)
  }
}
