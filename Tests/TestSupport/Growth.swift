#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

internal import ProfileModel

/// How the time of work grows with its input, by the CPU time of the thread: what else runs on the machine, other tests above
/// all, does not count.
public enum Growth {
  /// What four times the input may take of the time: 4 where time is in proportion, 16 where it is quadratic.
  public static let inProportion = 8.0

  /// How many times longer work takes for `4 * n` than for `n`, the best of three each. Work of less than a millisecond tells
  /// nothing, and counts as one.
  ///
  /// - Parameter prepare: makes an input of a size, and gives what is to be measured. It must stay on its thread.
  public static func ratio(from n: Int, _ prepare: (Int) throws -> () throws -> Void) throws -> Double {
    let (few, many) = (try prepare(n), try prepare(4 * n))
    var best = (UInt64.max, UInt64.max)
    for _ in 0..<3 { best = (min(best.0, try time(few)), min(best.1, try time(many))) }
    return Double(best.1) / Double(max(best.0, 1_000_000))
  }

  /// The CPU time of the thread for some work, in nanoseconds.
  public static func time(_ work: () throws -> Void) rethrows -> UInt64 {
    let start = now()
    try work()
    return now() - start
  }

  private static func now() -> UInt64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  /// `count` numbers that ``HashIndex/mix(_:)`` sends to one slot: what a file would have that was made for a table without a
  /// seed.
  public static func colliding(_ count: Int) -> [UInt64] { (0..<UInt64(count)).map { unmixed(0xabcd_1234 << 32 | $0) } }

  /// The number of which ``HashIndex/mix(_:)`` makes `hash`.
  public static func unmixed(_ hash: UInt64) -> UInt64 {
    var z = hash
    z ^= z >> 31 ^ z >> 62
    // The inverses of its factors.
    z = z &* 0x3196_42b2_d24d_8ec3
    z ^= z >> 27 ^ z >> 54
    z = z &* 0x96de_1b17_3f11_9089
    z ^= z >> 30 ^ z >> 60
    return z &- 0x9e37_79b9_7f4a_7c15
  }
}
