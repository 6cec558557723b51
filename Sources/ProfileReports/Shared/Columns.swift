/// Text in columns.
extension String {
  /// Right-aligned, as `%10s`: characters count as Go counts them, code points.
  func right(_ width: Int) -> String {
    let count = unicodeScalars.count
    return count < width ? String(repeating: " ", count: width - count) + self : self
  }
}
