/// The keys of the labels by which a profile of goroutines, one sample each, says what they do. Readers of tracebacks write
/// them; see the format `debug2`. With a dot, so that they do not meet the labels that programs give themselves.
public enum GoroutineLabels {
  public static let id = "goroutine.id"
  public static let state = "goroutine.state"
  /// A number of minutes.
  public static let wait = "goroutine.wait"
  /// `leaked`, `locked to thread` …; any number of them.
  public static let flag = "goroutine.flag"
  public static let creator = "goroutine.creator"
  public static let createdAt = "goroutine.created_at"
}
