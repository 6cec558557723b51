internal import ProfileAnalysis
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
    /// A table for a pull request: of top the largest, with shares, and of others all that they have.
    case markdown
  }

  /// Writes a report, and gives a file its place.
  ///
  /// - Parameter report: its id in the catalogue, or `raw` or `topproto`.
  package func write(
    _ report: String, as form: Form = .text, to destination: Destination, _ temporaries: TemporaryFiles
  ) throws(ProfileError) {
    let file: OutputFile
    switch destination.target {
    case .file(let path): file = try OutputFile(path: path, temporaries: temporaries)
    case .standardOutput: file = .standardOutput()
    }
    let ending = destination.ending
    try write(report, as: form, ending: ending, isTerminal: file.isTerminal) { bytes throws(ProfileError) in
      try file.write(bytes)
    }
    try file.finish()
    try file.commit()
  }

  /// Writes a report piece by piece.
  package func write(
    _ report: String, as form: Form = .text, ending: String? = nil, isTerminal: Bool,
    _ push: @escaping ([UInt8]) throws(ProfileError) -> Void
  ) throws(ProfileError) {
    switch report {
    case "raw", "topproto":
      try refuse(form, of: report)
      try writeProfile(report, isTerminal: isTerminal, push)
    case "graph":
      try refuse(form, of: report)
      try drawGraph(ending, isTerminal: isTerminal, push)
    default:
      guard let report = ReportCatalogue.all.first(where: { $0.info.id == report }) else {
        throw ProfileError(.option, "there is no report “\(report)”")
      }
      if form == .markdown, report is TopReport {
        var sink = ReportSink(push: push)
        try ProfileReports.MarkdownReport().write(profile, to: &sink, options: options)
        return try sink.flush()
      }
      if form != .text {
        guard let table = try report.table(of: profile, options: options) else {
          return try refuse(form, of: report.info.id)
        }
        let text =
          switch form {
          case .json: table.json(report: report.info.id)
          case .markdown: table.markdown
          case .csv, .text: table.csv
          }
        return try push(Array(text.utf8))
      }
      if report.info.isBinary, isTerminal { throw Self.notForTerminals(report.info.id) }
      var sink = ReportSink(push: push)
      try report.write(profile, to: &sink, options: options)
      try sink.flush()
    }
  }

  /// Reports that are profiles of their own, and written as a format.
  private func writeProfile(
    _ report: String, isTerminal: Bool, _ push: @escaping ([UInt8]) throws(ProfileError) -> Void
  ) throws(ProfileError) {
    var sink = ByteSink(push: push)
    var settings = WriteOptions()
    settings.zone = LocalZone.atInstant
    if report == "raw" {
      let shown = options.showsInlines ? profile : try profile.withoutInlines(keepingColumns: options.showsColumns)
      _ = try RawWriter().write(shown, to: &sink, options: settings)
    } else {
      if isTerminal { throw Self.notForTerminals(report) }
      _ = try ProfileProtoGzipWriter().write(TopProfile.of(profile, options), to: &sink, options: settings)
    }
    try sink.flush()
  }

  /// Graphviz's text, or what Graphviz makes of it where an ending asks for a picture.
  private func drawGraph(
    _ ending: String?, isTerminal: Bool, _ push: ([UInt8]) throws(ProfileError) -> Void
  ) throws(ProfileError) {
    var sink = ReportSink()
    try DotReport().write(profile, to: &sink, options: options)
    guard let ending, !DotReport().info.extensions.contains(ending) else { return try push(sink.buffer) }
    guard GraphPicture.endings.contains(ending) else {
      throw ProfileError(
        .option, "a graph is not written as .\(ending)",
        hint: "there are dot and what Graphviz makes of it: \(GraphPicture.endings.joined(separator: ", "))")
    }
    if isTerminal, ending != "svg" { throw Self.notForTerminals(ending) }
    try push(GraphPicture.draw(sink.buffer, as: ending))
  }

  private func refuse(_ form: Form, of report: String) throws(ProfileError) {
    if form == .text { return }
    throw ProfileError(
      .option,
      "\(report) is no table that could be written as \(form == .json ? "JSON" : form == .csv ? "CSV" : "Markdown")",
      hint: "top, tree, peek, traces, tags, list and comments are")
  }

  private static func notForTerminals(_ report: String) -> ProfileError {
    ProfileError(.option, "\(report) is not for a terminal", hint: "name a file: `Destination.file`", file: "<stdout>")
  }
}

extension Destination {
  /// The ending of the file's name, in lower case; nil where it has none.
  fileprivate var ending: String? {
    if let format { return format.rawValue }
    guard case .file(let path) = target else { return nil }
    return PathParts.ending(path)
  }
}
