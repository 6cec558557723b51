public import ProfileModel

/// Writes a profile as JSON, all of it, by the schema in `profile.schema.json`: a sample, a location, a function a line.
public struct JSONWriter: ProfileWriter {
  public let info = FormatInfo(
    id: FormatID("json"), extensions: ["json"], summary: "one documented schema, nothing lost",
    tellsItsEnd: true)

  public init() {}

  public func write(_ profile: Profile, to sink: inout ByteSink, options: WriteOptions) throws(ProfileError)
    -> LossReport
  {
    var rows = JSONRows(profile.columns)
    rows.appendHeader()
    try rows.flush(to: &sink)
    try rows.write("samples", profile.columns.sampleCount, to: &sink) { $0.appendSample($1) }
    try rows.write("locations", profile.columns.locations.count, to: &sink) { $0.appendLocation($1) }
    try rows.write("functions", profile.columns.functions.count, to: &sink) { $0.appendFunction($1) }
    try rows.write("mappings", profile.columns.mappings.count, to: &sink) { $0.appendMapping($1) }
    rows.appendEnd()
    try rows.flush(to: &sink)
    return LossReport()
  }
}
