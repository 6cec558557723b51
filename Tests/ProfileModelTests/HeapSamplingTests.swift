import ProfileModel
import Testing

@testable import ProfileModel

@Suite struct HeapSamplingTests {
  /// x and what `math.Exp(x)` of Go 1.27.3 gave on amd64, as bits.
  static let exponentials: [(UInt64, UInt64)] = [
    (0xbec0000000000000, 0x3feffffc00004000),
    (0xbef0000000000000, 0x3fefffe0000ffffb),
    (0xbf00000000000000, 0x3fefffc0003fffd5),
    (0xbf08000000000000, 0x3fefffa0008fff70),
    (0xbf18000000000000, 0x3fefff40023ffb80),
    (0xbf5f400000000000, 0x3feff063cff1214a),
    (0xbf80000000000000, 0x3fefc03fd56aa225),
    (0xbfc0000000000000, 0x3fec3d6a24ed8222),
    (0xc000000000000000, 0x3fc152aaa3bf81cc),
    (0xc06d6f3454000000, 0x2ab3716f31924a0f),
    (0xbf20000000000000, 0x3fefff0003fff555),
    (0xbf50000000000000, 0x3feff800ffeaac00),
    (0xbf60000000000000, 0x3feff003ff556aa9),
    (0xbf68000000000000, 0x3fefe808fdc06bf0),
    (0xbf78000000000000, 0x3fefd023ee06bdfa),
    (0xbfbf400000000000, 0x3fec52a027cbbf7a),
    (0xbfe0000000000000, 0x3fe368b2fc6f960a),
    (0xc020000000000000, 0x3f35fc21041027ac),
    (0xc060000000000000, 0x34642eb9f39afb0b),
    (0xc0cd6f3454000000, 0x0000000000000000),
    (0xbf60000000000000, 0x3feff003ff556aa9),
    (0xbf90000000000000, 0x3fef80feabfeefa5),
    (0xbfa0000000000000, 0x3fef03f56a88b5d8),
    (0xbfa8000000000000, 0x3fee88dc6afecfc0),
    (0xbfb8000000000000, 0x3fed22e6a0197c03),
    (0xbfff400000000000, 0x3fc2277d9b6eed30),
    (0xc020000000000000, 0x3f35fc21041027ac),
    (0xc060000000000000, 0x34642eb9f39afb0b),
    (0xc0a0000000000000, 0x0000000000000000),
    (0xc10d6f3454000000, 0x0000000000000000),
    (0xbfd5555555555555, 0x3fe6edd3122f2ea5),
    (0xc005555555555555, 0x3fb1c9aade9d7a11),
    (0xc015555555555555, 0x3f73c678f5489eab),
    (0xc020000000000000, 0x3f35fc21041027ac),
    (0xc030000000000000, 0x3e7e355bbaee85cb),
    (0xc074d55555555555, 0x21e12b045b6e180d),
    (0xc095555555555555, 0x0000000000000000),
    (0xc0d5555555555555, 0x0000000000000000),
    (0xc115555555555555, 0x0000000000000000),
    (0xc1839f7838000000, 0x0000000000000000),
    (0x0000000000000000, 0x3ff0000000000000),
    (0x3ff0000000000000, 0x4005bf0a8b145769),
    (0xbff0000000000000, 0x3fd78b56362cef38),
    (0x3fe0000000000000, 0x3ffa61298e1e069c),
    (0x4086280000000000, 0x7fdd422d2be5dc9b),
    (0x40862e51eb851eb8, 0x7ff0000000000000),
    (0xc086200000000000, 0x0017c8ab2288c9ab),
    (0xc086280000000000, 0x0008bfe55de02338),
    (0xc087200000000000, 0x0000000000000055),
    (0xc087480000000000, 0x0000000000000001),
    (0xc087500000000000, 0x0000000000000000),
    (0xfe37e43c8800759c, 0x0000000000000000),
    (0x01a56e1fc2f8f359, 0x3ff0000000000000),
  ]

  @Test func `the exponential has the bits of Go's`() {
    for (x, expected) in Self.exponentials {
      let ours = HeapSampling.exponential(Double(bitPattern: x)).bitPattern
      #expect(ours == expected, "\(Double(bitPattern: x))")
    }
    #expect(HeapSampling.exponential(-.infinity) == 0)
    #expect(HeapSampling.exponential(.infinity) == .infinity)
    #expect(HeapSampling.exponential(.nan).isNaN)
  }

  /// Count, bytes and rate, and what pprof's formula gave in Go 1.27.3 on amd64.
  @Test(
    arguments: [
      ([1, 16, 524_288], [32768, 524_296]),
      ([2, 32, 524_288], [65537, 1_048_592]),
      ([3, 48, 524_288], [98305, 1_572_888]),
      ([1, 8, 1], [1, 8]),
      ([1, 8, 0], [1, 8]),
      ([5, 0, 512], [0, 0]),
      ([-1, -16, 524_288], [-32768, -524_296]),
      ([-3, 48, 524_288], [98302, -1_572_840]),
      ([1, 1 << 62, 2], [1, 1 << 62]),
      ([1_234_567, 1_234_567 * 48, 8192], [211_317_320, 10_143_231_407]),
      // More than 64 bits hold.
      ([9_000_000_000_000_000_000, 9_000_000_000_000_000_000, 524_288], [.min, .min]),
      // The C library's exp makes a byte less or more of these.
      ([1_883_658, 22_453_203_360, 524_288], [83_796_009, 998_848_427_397]),
      ([1_509_341, 26_153_860_848, 524_288], [46_426_496, 804_478_336_582]),
    ] as [([Int64], [Int64])])
  func `records are scaled as pprof scales them`(_ record: [Int64], _ expected: [Int64]) {
    let (count, bytes) = HeapSampling.unsampled(count: record[0], bytes: record[1], rate: record[2])
    #expect([count, bytes] == expected)
  }

  @Test(arguments: [2, 512, 8192, 524_288, 1_000_003] as [Int64])
  func `what was scaled is found again`(_ rate: Int64) throws {
    for size: Int64 in [1, 8, 16, 24, 48, 1024, 32768, 1 << 20, 99_999_999] {
      for count: Int64 in [1, 2, 3, 7, 100, 12345, 1_000_000_007, -1, -5] {
        let (scaled, bytes) = HeapSampling.unsampled(count: count, bytes: count * size, rate: rate)
        let found = try #require(HeapSampling.sampled(count: scaled, bytes: bytes, size: size, rate: rate))
        #expect(found == (count, count * size))
        // One byte more is the estimate of nothing.
        #expect(HeapSampling.sampled(count: scaled, bytes: bytes + 1, size: size, rate: rate) == nil)
      }
    }
  }

  @Test(
    arguments: [
      (0, 5, 16, 512), (1, 1, 0, 512), (.max, .max, 1, 2), (.min, .min, .max, 2), (.min, 1, .min, .max),
    ] as [(Int64, Int64, Int64, Int64)])
  func `impossible numbers are no estimate, and no trap`(_ count: Int64, _ bytes: Int64, _ size: Int64, _ rate: Int64) {
    #expect(HeapSampling.sampled(count: count, bytes: bytes, size: size, rate: rate) == nil)
  }

  static func heap(_ samples: [([Int64], size: Int64?)], period: Int64, comments: [String] = []) throws -> Profile {
    var builder = ProfileBuilder(sampleTypes: [
      ("alloc_objects", "count"), ("alloc_space", "bytes"), ("inuse_objects", "count"), ("inuse_space", "bytes"),
    ])
    let key = builder.string("bytes")
    builder.columns.period = period
    let main = builder.location(function: "main", address: 1)
    for (values, size) in samples {
      builder.add(stack: [main], values: values, labels: size.map { [Label(key: key, num: $0)] } ?? [])
    }
    builder.columns.comments = comments.map { builder.string($0) }
    return try builder.finish()
  }

  @Test func `all samples are inverted, or none`() throws {
    let good = try Self.heap([([98305, 1_572_888, 32768, 524_296], 16), ([0, 0, 0, 0], nil)], period: 524_288)
    #expect(HeapSampling.sampledValues(of: good) == [3, 48, 1, 16, 0, 0, 0, 0])
    let merged = try Self.heap(
      [([98305, 1_572_888, 32768, 524_296], 16), ([98306, 1_572_888, 0, 0], 16)], period: 524_288)
    #expect(HeapSampling.sampledValues(of: merged) == nil)
    let unlabelled = try Self.heap([([98305, 1_572_888, 32768, 524_296], nil)], period: 524_288)
    #expect(HeapSampling.sampledValues(of: unlabelled) == nil)
    let unsampled = try Self.heap([([5, 7, 3, 2], nil)], period: 1)
    #expect(HeapSampling.sampledValues(of: unsampled) == [5, 7, 3, 2])
  }

  @Test func `a fact is believed as long as the sample has its values`() throws {
    let sampled = HeapValues(allocObjects: 3, allocBytes: 49, inuseObjects: 1, inuseBytes: 16)
    let values = sampled.unsampled(rate: 512)
    let fact = HeapSampling.factComment(record: 1, sampled: sampled, values: values)
    let numbers = [values.allocObjects, values.allocBytes, values.inuseObjects, values.inuseBytes]
    let kept = try Self.heap([([0, 0, 0, 0], nil), (numbers, nil)], period: 512, comments: ["# other 1: 2", fact])
    #expect(HeapSampling.sampledValues(of: kept) == [0, 0, 0, 0, 3, 49, 1, 16])
    let moved = try Self.heap([(numbers, nil)], period: 512, comments: [fact])
    #expect(HeapSampling.sampledValues(of: moved) == nil)
    var changed = numbers
    changed[0] += 1
    let edited = try Self.heap([([0, 0, 0, 0], nil), (changed, nil)], period: 512, comments: [fact])
    #expect(HeapSampling.sampledValues(of: edited) == nil)
  }

  @Test func `heap columns are found by type and unit, in any order`() throws {
    var builder = ProfileBuilder(sampleTypes: [
      ("inuse_space", "bytes"), ("other", "count"), ("inuse_objects", "count"), ("alloc_objects", "count"),
      ("alloc_space", "bytes"),
    ])
    let main = builder.location(function: "main", address: 1)
    builder.add(stack: [main], values: [10, 20, 30, 40, 50])
    let profile = try builder.finish()
    let heap = try #require(HeapColumns(profile))
    #expect(
      heap.values(profile.columns, sample: 0)
        == HeapValues(allocObjects: 40, allocBytes: 50, inuseObjects: 30, inuseBytes: 10))
    #expect(HeapColumns(try ProfileBuilder(sampleTypes: [("objects", "bytes"), ("space", "bytes")]).finish()) == nil)
    let two = try #require(
      HeapColumns(try ProfileBuilder(sampleTypes: [("objects", "count"), ("space", "bytes")]).finish()))
    #expect(!two.hasAlloc)
    #expect(HeapColumns(try ProfileBuilder(sampleTypes: [("cpu", "nanoseconds")]).finish()) == nil)
  }
}
