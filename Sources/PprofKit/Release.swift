/// Which pprofconv this is.
public enum Release {
  /// What is written may differ between versions, and a manifest of another version proves nothing.
  public static let version = "0.1.0"
}
