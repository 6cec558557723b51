internal import ProfileFormats
internal import ProfileModel
internal import ProfileReports

extension ReportRun.Prepared {
  /// How a report is written.
  public enum Form: Sendable {
    /// As it is: text, or what its readers expect.
    case text
    /// A table, for machines.
    case csv, json
  }

  /// Writes a report, and gives a file its place.
  ///
  /// - Parameter report: its id in the catalogue, or `raw`.
  package func write(
    _ report: String, as form: Form = .text, to destination: Destination, _ temporaries: TemporaryFiles
  ) throws(ProfileError) {
    let file: OutputFile
    switch destination.target {
    case .file(let path): file = try OutputFile(path: path, temporaries: temporaries)
    case .standardOutput: file = .standardOutput()
    }
    if report == "raw" {
      var sink = ByteSink { bytes throws(ProfileError) in try file.write(bytes) }
      var settings = WriteOptions()
      settings.zone = LocalZone.atInstant
      _ = try RawWriter().write(profile, to: &sink, options: settings)
      try sink.flush()
    } else if report == "topproto" {
      if file.isTerminal {
        throw ProfileError(.option, "topproto is not for a terminal", hint: "name a file: `Destination.file`")
      }
      var sink = ByteSink { bytes throws(ProfileError) in try file.write(bytes) }
      _ = try ProfileProtoGzipWriter().write(TopProfile.of(profile, options), to: &sink, options: WriteOptions())
      try sink.flush()
    } else {
      guard let report = ReportCatalogue.all.first(where: { $0.info.id == report }) else {
        throw ProfileError(.option, "there is no report “\(report)”")
      }
      var sink = ReportSink { bytes throws(ProfileError) in try file.write(bytes) }
      try report.write(profile, to: &sink, options: options)
      try sink.flush()
    }
    try file.finish()
    try file.commit()
  }
}
