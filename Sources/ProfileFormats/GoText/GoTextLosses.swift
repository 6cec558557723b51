import ProfileModel

/// What Go's text of counts and contentions does not say of a profile when nothing is carried, counted.
enum GoTextLosses {
  static func of(
    _ profile: Profile, _ form: GoTextForm, _ comments: GoTextComments, _ frames: FrameText
  ) -> LossReport {
    var losses = LossReport()
    let columns = profile.columns
    let samples = columns.sampleCount
    switch form {
    case .count(let name, let isExact):
      losses.add(
        "sample types", count: isExact ? 0 : 1,
        reason: "printed as \(String(decoding: name, as: UTF8.self)), for pprof reads no blanks there")
    case .contention:
      losses.add(
        "sample types", count: columns.sampleTypes.count - 2, of: columns.sampleTypes.count,
        reason: "a record has no place for them")
    }
    losses.add(
      "values", count: comments.records.untold.count, of: samples, reason: "less than nothing stands as 0")
    losses.add("frames", count: frames.cutStacks, of: samples, reason: "a stack is longer than a line may be")
    losses.add(
      "labels", count: LabelText.lost(profile), of: samples,
      reason: "longer than a line may be, or string and number at once")
    Debug1Losses.addTables(columns, frames, &losses)
    addHeader(columns, form, comments, &losses)
    return losses
  }

  private static func addHeader(
    _ columns: ProfileColumns, _ form: GoTextForm, _ comments: GoTextComments, _ losses: inout LossReport
  ) {
    var isDurationTold = columns.durationNanos == 0
    if case .contention = form, columns.durationNanos > 0, columns.durationNanos % 1_000_000 == 0 {
      isDurationTold = true
    }
    Debug1Losses.addScalars(
      columns, isDurationTold: isDurationTold, period: comments.period, isPeriodTypeTold: form.tellsPeriodType(columns),
      reason: "a reader takes it for \(comments.period)", &losses)
    let told = Set(comments.found.compactMap { $0 })
    losses.add(
      "comments", count: columns.comments.indices.count { !told.contains($0) }, of: columns.comments.count,
      reason: "only lines that begin with # can stand behind the records")
  }
}
