/// Undoes the sampling of a heap profile, as Go's runtime and google/pprof do, to the last bit.
///
/// A sampler with a mean distance of `rate` bytes sees an object of `size` bytes with probability 1 − e^(−size/rate).
/// Dividing by it estimates what was there:
///
///     HeapSampling.unsampled(count: 1, bytes: 16, rate: 524_288)    // (32768, 524296)
public enum HeapSampling {
  /// Estimates how many objects and bytes there were, of which `count` and `bytes` were sampled.
  ///
  /// The product is cut toward zero. What does not fit in an Int64 becomes Int64.min, as on Go's amd64.
  public static func unsampled(count: Int64, bytes: Int64, rate: Int64) -> (count: Int64, bytes: Int64) {
    if count == 0 || bytes == 0 { return (0, 0) }
    if rate <= 1 { return (count, bytes) }
    let scale = scale(size: Double(bytes) / Double(count), rate: rate)
    return (truncated(Double(count) * scale), truncated(Double(bytes) * scale))
  }

  /// What was sampled, of objects of `size` bytes, where the estimate is `count` and `bytes`: the inverse of
  /// ``unsampled(count:bytes:rate:)``. nil where no number of such objects gives exactly this estimate.
  public static func sampled(count: Int64, bytes: Int64, size: Int64, rate: Int64) -> (count: Int64, bytes: Int64)? {
    Inverse(size: size, rate: rate).sampled(count: count, bytes: bytes)
  }

  /// The way back, of objects of one size. Most of the work is to make it.
  struct Inverse {
    private let size: Int64
    private let rate: Int64
    private let scale: Double

    init(size: Int64, rate: Int64) {
      self.size = size
      self.rate = rate
      scale = size == 0 || rate <= 1 ? .nan : HeapSampling.scale(size: Double(size), rate: rate)
    }

    func sampled(count: Int64, bytes: Int64) -> (count: Int64, bytes: Int64)? {
      if rate <= 1 { return (count, bytes) }
      if count == 0 && bytes == 0 { return (0, 0) }
      guard size != 0, scale.isFinite, scale >= 1 else { return nil }
      let near = truncated(Double(count) / scale)
      if near == .min { return nil }
      // The scale is at least 1, so that no two numbers have one estimate: the first that fits is the only one.
      for distance: Int64 in -2...2 {
        let (n, tooMany) = near.addingReportingOverflow(distance)
        let (total, tooLarge) = n.multipliedReportingOverflow(by: size)
        if n == 0 || tooMany || tooLarge { continue }
        // Below 2^53 the average of n objects is their size to the bit, and the scale this one.
        let estimate =
          total.magnitude < 1 << 53
          ? (truncated(Double(n) * scale), truncated(Double(total) * scale))
          : unsampled(count: n, bytes: total, rate: rate)
        if estimate == (count, bytes) { return (n, total) }
      }
      return nil
    }
  }

  /// 1 ÷ the probability to see an object of `size` bytes.
  private static func scale(size: Double, rate: Int64) -> Double {
    1 / (1 - exponential(-size / Double(rate)))
  }

  /// A float64 as Go on amd64 converts it to int64: cut toward zero, Int64.min where it does not fit.
  private static func truncated(_ value: Double) -> Int64 {
    value >= -0x1p63 && value < 0x1p63 ? Int64(value) : .min
  }
}

extension HeapSampling {
  /// e^x with the bits that Go's `math.Exp` gives on amd64 (with fused multiply-add: any machine of the last decade).
  ///
  /// 1 − e^(−size/rate) loses bits where the size is small against the rate, and the product is cut to an integer: of records
  /// with some 10^12 bytes about 1 in 20,000 would come out different with the C library's `exp`. Go's own routines for
  /// other processors differ as rarely, and no text says where it was written: as pprof on amd64 does, this takes amd64's
  /// for all.
  ///
  /// x = k·ln 2 + r. A sixteenth of r goes through eight terms of the Taylor series of e^y − 1, which is then squared up four
  /// times: e^2y − 1 = (e^y − 1)(e^y − 1 + 2). Source: what Go's exp_amd64.s computes.
  static func exponential(_ x: Double) -> Double {
    if !x.isFinite { return x == -.infinity ? 0 : x }
    if x > 7.09782712893384e+02 { return .infinity }
    let k = (x * 1.4426950408889634).rounded(.toNearestOrEven)
    // Below the smallest number, and in Int from here on.
    if k < -2000 { return 0 }
    var r = x.addingProduct(-k, 0.69314718055966295651160180568695068359375)
    r.addProduct(-k, 0.28235290563031577122588448175013436025525412068e-12)
    r *= 0.0625
    var sum = 1.9841269841269841270e-4.addingProduct(2.4801587301587301587e-5, r)
    sum = 1.3888888888888888889e-3.addingProduct(sum, r)
    sum = 8.3333333333333333333e-3.addingProduct(sum, r)
    sum = 4.1666666666666666667e-2.addingProduct(sum, r)
    sum = 1.6666666666666666667e-1.addingProduct(sum, r)
    sum = 0.5.addingProduct(sum, r)
    sum = 1.0.addingProduct(sum, r)
    var y = r * sum
    y *= y + 2
    y *= y + 2
    y *= y + 2
    let result = 1.0.addingProduct(y, y + 2)
    let exponent = Int(k) + 0x3ff
    if exponent >= 0x7ff { return .infinity }
    if exponent > 0 { return result * power(exponent) }
    // Two products below the normal numbers.
    if exponent < -52 { return 0 }
    return result * power(exponent + 0x3fe) * power(1)
  }

  /// The double whose exponent field is `biased`, which is in 1..<0x7ff.
  private static func power(_ biased: Int) -> Double { Double(bitPattern: UInt64(truncatingIfNeeded: biased) << 52) }
}
