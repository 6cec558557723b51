public import ProfileFormats

extension FormatID {
  /// gzip'd profile.proto, what Go's runtime and pprof write.
  public static let pbGz = FormatID("pb.gz")
  /// profile.proto as it is.
  public static let pb = FormatID("pb")
  /// Text grouped by stack, for people.
  public static let text = FormatID("text")
  /// Go's own text, which pprof reads.
  public static let debug1 = FormatID("debug1")
  /// Goroutine tracebacks: debug=2, panics, SIGQUIT dumps.
  public static let debug2 = FormatID("debug2")
  /// All of a profile as JSON, by a published schema.
  public static let json = FormatID("json")
}
