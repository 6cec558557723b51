public import ProfileModel

/// Writes Go's own text, the `debug=1` form of net/http/pprof, which `go tool pprof` reads: of heaps, of contentions with
/// their delays, and of any one sample type that counts.
///
/// The text reads back in pprof with the values, stacks and period of the profile. What pprof and Go's text have no place
/// for stands in comment lines at the end, unless `carry` is off; see README.md, "What a text carries".
public struct Debug1Writer: ProfileWriter {
  public var info: FormatInfo { GoHeapText.debug1 }

  public init() {}

  public func write(_ profile: Profile, to sink: inout ByteSink, options: WriteOptions) throws(ProfileError)
    -> LossReport
  {
    let heap = HeapColumns(profile)
    let form = GoTextForm(profile.columns)
    if heap == nil, form == nil { throw Self.noText(of: profile) }
    if options.carry ?? true, !CarryBlock.holds(types: profile.columns.sampleTypes.count, samples: profile.sampleCount)
    {
      throw ProfileError(
        .unsupported, "a block cannot carry \(profile.columns.sampleTypes.count) sample types of so many samples",
        hint: "use `carry` off, pb or pb.gz")
    }
    if let heap {
      let writer = GoHeapPrinter(profile, heap, known: options.sampledValues)
      return try writer.write(to: &sink, carries: options.carry ?? true)
    }
    guard let form else { return LossReport() }
    return try GoTextPrinter(profile, form).write(to: &sink, carries: options.carry ?? true)
  }

  private static func noText(of profile: Profile) -> ProfileError {
    let types = profile.columns.sampleTypes.map { profile.string($0.type) + "/" + profile.string($0.unit) }
    return ProfileError(
      .unsupported,
      "Go has no text of such a profile (\(types.isEmpty ? "no sample types" : types.joined(separator: ", "))): only of "
        + "heaps, of contentions/count with delay/nanoseconds, and of one sample type whose unit is count",
      hint:
        "use text, which has every sample type (with `carry` and `grouping` none it loses nothing), json, pb or pb.gz")
  }
}

/// A heap profile as Go prints it.
struct GoHeapPrinter {
  private let profile: Profile
  private let heap: HeapColumns
  private let numbers: HeapNumbers
  private let comments: HeapTextComments
  private let frames: FrameText

  init(_ profile: Profile, _ heap: HeapColumns, known: [Int64]?) {
    self.profile = profile
    self.heap = heap
    numbers = HeapNumbers(profile, heap, known: known)
    comments = HeapTextComments(profile.columns, heap, numbers)
    frames = FrameText(profile)
  }

  func write(to sink: inout ByteSink, carries: Bool) throws(ProfileError) -> LossReport {
    var checksum = RunningChecksum(sink, isWanted: carries)
    sink.buffer.append(
      contentsOf: comments.header
        ?? HeapHeaderLine.bytes(numbers.totals, number: numbers.headerNumber, hasAlloc: heap.hasAlloc))
    sink.buffer.append(UInt8(ascii: "\n"))
    let columns = profile.columns
    for sample in 0..<columns.sampleCount {
      frames.lookAhead(from: sample)
      append(sample, columns.sampleStacks[sample], to: &sink.buffer)
      try checksum.flushIfLarge(&sink)
    }
    appendTrailer(columns, to: &sink.buffer)
    MemoryMapText.append(columns, to: &sink.buffer)
    if carries {
      var text = CarryText(frames: frames, heap: heap, printed: numbers.printed, period: numbers.period)
      text.untold = numbers.untold
      text.comments = comments.found
      text.facts = comments.facts
      text.hasMemoryMap = true
      sink.buffer.append(contentsOf: CarryBlock.lines(text, checksum: checksum.value(sink)))
    }
    try sink.flushIfLarge()
    return losses(carries: carries)
  }

  /// A record, the comments that name its frames, and the empty line behind them.
  @inline(__always)
  private func append(_ sample: Int, _ stack: StackIndex, to buffer: inout [UInt8]) {
    let at = sample * 4
    buffer.appendDecimal(numbers.printed[at + 2])
    buffer.append(UInt8(ascii: ":"))
    buffer.append(UInt8(ascii: " "))
    buffer.appendDecimal(numbers.printed[at + 3])
    buffer.append(UInt8(ascii: " "))
    buffer.append(UInt8(ascii: "["))
    buffer.appendDecimal(numbers.printed[at])
    buffer.append(UInt8(ascii: ":"))
    buffer.append(UInt8(ascii: " "))
    buffer.appendDecimal(numbers.printed[at + 1])
    buffer.append(UInt8(ascii: "]"))
    buffer.append(UInt8(ascii: " "))
    buffer.append(UInt8(ascii: "@"))
    let measured = frames.appendPCs(of: stack, to: &buffer)
    buffer.append(UInt8(ascii: "\n"))
    frames.appendComments(of: stack, measured: measured, to: &buffer)
    buffer.append(UInt8(ascii: "\n"))
  }

  private func appendTrailer(_ columns: ProfileColumns, to buffer: inout [UInt8]) {
    if comments.trailer.isEmpty { return }
    buffer.append(UInt8(ascii: "\n"))
    for comment in comments.trailer {
      buffer.append(columns.strings[columns.comments[comment]])
      buffer.append(UInt8(ascii: "\n"))
    }
  }

  private func losses(carries: Bool) -> LossReport {
    var losses = carries ? LossReport() : Debug1Losses.of(profile, heap, numbers, comments, frames)
    if carries { losses.noteUntold(numbers.untold.count) }
    if numbers.isUnscaled {
      losses.note(
        "the values are estimates that cannot be traced back to what was sampled: they stand as they are under heap/2, "
          + "and pprof shows a period of 1 instead of \(profile.columns.period)")
    }
    return losses
  }
}
