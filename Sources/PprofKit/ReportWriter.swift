internal import ProfileFormats
internal import ProfileModel
internal import ProfileReports

/// A report as something that a profile is written as: `-o x.svg`, `--to dot`.
struct ReportWriter: ProfileWriter {
  let report: any Report
  var options = ReportOptions()

  init(_ report: any Report, options: ReportOptions = ReportOptions()) {
    self.report = report
    self.options = options
  }

  var info: FormatInfo {
    let info = report.info
    return FormatInfo(
      id: FormatID(info.id), aliases: info.aliases, extensions: info.extensions, summary: info.summary,
      isBinary: info.isBinary, choosesSampleType: true, isView: true)
  }

  func write(_ profile: consuming Profile, to sink: inout ByteSink, options settings: WriteOptions)
    throws(ProfileError) -> LossReport
  {
    var run = ReportRun()
    run.options = options
    if let sampleType = settings.sampleType { run.options.sampleType = String(sampleType) }
    var prepared = try run.prepare(profile)
    prepared.options.zone = settings.zone
    try report.write(prepared.profile, to: &sink, prepared.options)
    return LossReport()
  }
}

extension Report {
  /// Writes the report into a writer's sink, to its end.
  fileprivate func write(_ profile: Profile, to sink: inout ByteSink, _ options: ReportOptions) throws(ProfileError) {
    if let destination = sink.destination {
      try sink.flush()
      var view = ReportSink(push: destination)
      try write(profile, to: &view, options: options)
      return try view.flush()
    }
    var view = ReportSink()
    try write(profile, to: &view, options: options)
    sink.buffer.append(contentsOf: view.buffer)
    try sink.flushIfLarge()
  }
}
