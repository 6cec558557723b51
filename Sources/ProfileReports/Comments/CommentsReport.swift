public import ProfileModel

/// The profile's comments, a line each.
public struct CommentsReport: Report {
  public let info = ReportInfo(id: "comments", summary: "the comments of the profile")

  public init() {}

  public func write(_ profile: Profile, to sink: inout ReportSink, options: ReportOptions) throws(ProfileError) {
    for comment in profile.columns.comments {
      sink.buffer.append(profile.columns.strings[comment])
      sink.buffer.append(UInt8(ascii: "\n"))
    }
  }

  public func table(of profile: Profile, options: ReportOptions) throws(ProfileError) -> ReportTable? {
    ReportTable(
      columns: ["comment"], rows: profile.columns.comments.map { [.text(profile.string($0))] })
  }
}
