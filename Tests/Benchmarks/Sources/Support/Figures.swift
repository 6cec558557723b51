import Glibc

/// Seconds of a clock that nobody sets.
public func now() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

public func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  guard !sorted.isEmpty else { return 0 }
  let middle = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/// A number of 0 or more with so many digits behind the point.
public func fixed(_ value: Double, _ digits: Int) -> String {
  var scale = 1.0
  for _ in 0..<digits { scale *= 10 }
  let units = Int((value * scale).rounded())
  guard digits > 0 else { return String(units) }
  let rest = String(units % Int(scale))
  return "\(units / Int(scale))." + String(repeating: "0", count: digits - rest.count) + rest
}

extension String {
  /// Filled with blanks to a width, on the right.
  public func left(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
  /// Filled with blanks to a width, on the left.
  public func right(_ width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}
