import ProfileModel

/// A profile of counts or contentions as Go prints it. See ``GoTextForm``.
struct GoTextPrinter {
  private let profile: Profile
  private let form: GoTextForm
  private let frames: FrameText
  private let comments: GoTextComments

  init(_ profile: Profile, _ form: GoTextForm) {
    self.profile = profile
    frames = FrameText(profile)
    comments = GoTextComments(profile.columns, form, hasNames: frames.hasNames)
    self.form = form
  }

  func write(to sink: inout ByteSink, carries: Bool) throws(ProfileError) -> LossReport {
    var checksum = RunningChecksum(sink, isWanted: carries)
    sink.buffer.append(contentsOf: comments.records.header.utf8)
    let columns = profile.columns
    for sample in 0..<columns.sampleCount {
      frames.lookAhead(from: sample)
      append(sample, to: &sink.buffer)
      try checksum.flushIfLarge(&sink)
    }
    appendTrailer(to: &sink.buffer)
    MemoryMapText.append(columns, to: &sink.buffer)
    if carries { sink.buffer.append(contentsOf: CarryBlock.lines(carried, checksum: checksum.value(sink))) }
    try sink.flushIfLarge()
    return losses(carries: carries)
  }

  /// A record, its labels, the comments that name its frames, and the empty line behind them.
  private func append(_ sample: Int, to buffer: inout [UInt8]) {
    let stack = profile.columns.sampleStacks[sample]
    comments.records.append(sample, to: &buffer)
    buffer.append(contentsOf: Static.at)
    let measured = frames.appendPCs(of: stack, to: &buffer)
    buffer.append(UInt8(ascii: "\n"))
    let labels = profile.columns.sampleLabels[sample]
    if labels != .empty { LabelText.append(profile.labels(of: labels), of: profile, to: &buffer) }
    frames.appendGoComments(of: stack, measured: measured, to: &buffer)
    buffer.append(UInt8(ascii: "\n"))
  }

  private func appendTrailer(to buffer: inout [UInt8]) {
    if comments.trailer.isEmpty { return }
    buffer.append(UInt8(ascii: "\n"))
    for comment in comments.trailer {
      buffer.append(profile.columns.strings[profile.columns.comments[comment]])
      buffer.append(UInt8(ascii: "\n"))
    }
  }

  private var carried: CarryText {
    var text = CarryText(
      frames: frames, textColumns: form.textColumns(profile.columns), tellsTypes: form.tellsTypes(profile.columns),
      period: comments.period, tellsPeriodType: form.tellsPeriodType(profile.columns))
    text.untold = comments.records.untold
    text.comments = comments.found
    text.hasMemoryMap = true
    return text
  }

  private func losses(carries: Bool) -> LossReport {
    var losses = carries ? LossReport() : GoTextLosses.of(profile, form, comments, frames)
    if carries { losses.noteUntold(comments.records.untold.count) }
    if case .count = form {
      let empty = profile.columns.sampleStacks.count { profile.columns.stackRange($0).isEmpty }
      if empty > 0 { losses.note("\(empty) samples have no frames, and pprof reads no such count text") }
    } else if let period = comments.records.contention.period, comments.records.contention.isScaled {
      losses.note(
        "the records stand as Go printed them: pprof multiplies them by the sampling period \(period) once more")
    }
    return losses
  }

  private enum Static {
    static let at = Array(" @".utf8)
  }
}
