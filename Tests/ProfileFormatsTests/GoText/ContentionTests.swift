import Foundation
import ProfileModel
import TestSupport
import Testing

@testable import ProfileFormats

/// Cycles, nanoseconds and sampling periods of block and mutex text.
@Suite struct ContentionTests {
  private func values(_ text: String, _ records: ReadOptions.MutexRecords = .auto) throws -> [Int64] {
    try GoTextTests.values(text) { $0.mutexRecords = records }
  }

  private func profile(_ values: [(Int64, Int64)], comments: [String] = []) throws -> Profile {
    var builder = ProfileBuilder(sampleTypes: [("contentions", "count"), ("delay", "nanoseconds")])
    builder.columns.period = 1
    builder.columns.periodType = builder.columns.sampleTypes[0]
    let frame = builder.location(function: "f", file: "f.go", line: 1, address: 0x10)
    for (count, delay) in values { builder.add(stack: [frame], values: [count, delay]) }
    for comment in comments { builder.columns.comments.append(builder.string(comment)) }
    return try builder.finish()
  }

  @Test func `delays come back to the nanosecond`() throws {
    let delays: [Int64] = [0, 1, 2, 999, 1 << 52, (1 << 53) - 1, 1 << 53, (1 << 53) + 1, .max - 1, .max]
    for last in delays.indices {
      let profile = try profile(delays[...last].map { (1, $0) })
      let text = try GoTextPairTests.write(profile, carry: false).bytes
      #expect(try reading(text, with: Debug1Reader()).0.columns.values == profile.columns.values)
      let folder = try TemporaryFolder()
      try Data(text).write(to: folder.file("a.txt"))
      let raw = try #require(try Pprof.raw(folder.file("a.txt")))
      #expect(RawListing(parsing: raw).samples.flatMap(\.values) == profile.columns.values)
    }
  }

  @Test func `cycles become the nanoseconds that pprof makes of them, and come back`() throws {
    var random = SeededRandom(5)
    for _ in 0..<60 {
      let hertz = [2_699_999_794, 1_000_000_000, 999_999_999, 24_000_000, 3_201_000_000, 1][Int(random.next() % 6)]
      let cycles = (0..<20).map { _ in Int64(bitPattern: random.number() >> 1) }
      var lines = "--- contention:\ncycles/second=\(hertz)\n"
      for number in cycles { lines += "\(number) 3 @ 0x11\n#\t0x10\tf+0x1\ta.go:1\n\n" }
      let folder = try TemporaryFolder()
      try Data(lines.utf8).write(to: folder.file("a.txt"))
      let raw = try #require(try Pprof.raw(folder.file("a.txt")))
      let profile = try GoTextTests.profile(lines).0
      #expect(profile.columns.values == RawListing(parsing: raw).samples.flatMap(\.values))
      // What leaves 64 bits is Go's least number, of which nothing can be printed.
      if profile.columns.values.contains(where: { $0 < 0 }) { continue }
      let again = try GoTextPairTests.write(profile, carry: false).bytes
      #expect(text(again) == lines.replacing("+0x1\t", with: "+0x0\t"))
    }
  }

  private static let sampled = "--- mutex:\ncycles/second=1000000000\nsampling period=5\n100 7 @ 0x11\n50 5 @ 0x21\n"
  private static let scaled = "--- mutex:\ncycles/second=1000000000\nsampling period=5\n100 10 @ 0x11\n50 5 @ 0x21\n"

  @Test func `the records of a mutex text are taken for what they look like, or for what one says`() throws {
    #expect(try values(Self.sampled) == [35, 500, 25, 250])
    #expect(try values(Self.scaled) == [10, 100, 5, 50])
    #expect(try values(Self.sampled, .scaled) == [7, 100, 5, 50])
    #expect(try values(Self.scaled, .sampled) == [50, 500, 25, 250])
    for (text, records, words) in [
      (Self.sampled, ReadOptions.MutexRecords.auto, "since not all"), (Self.scaled, .auto, "since all"),
      (Self.scaled, .sampled, "as `mutexRecords` says"),
    ] {
      let diagnostics = try GoTextTests.profile(text) { $0.mutexRecords = records }.1
      #expect(diagnostics.items.count { $0.kind == "mutex-records" && $0.message.contains(words) } == 1)
    }
    // Where nothing was left out there is nothing to choose.
    let all = Self.scaled.replacing("period=5", with: "period=1")
    #expect(try GoTextTests.profile(all).1.count(of: "mutex-records") == 0)
    #expect(try values(all) == [10, 100, 5, 50])
  }

  @Test(arguments: ReadOptions.MutexRecords.allCases)
  func `whatever was chosen, the text that is written means the same`(_ records: ReadOptions.MutexRecords) throws {
    for text in [Self.sampled, Self.scaled] {
      let profile = try GoTextTests.profile(text) { $0.mutexRecords = records }.0
      for carry in [true, false] {
        let (written, losses) = try GoTextPairTests.write(profile, carry: carry)
        for again in ReadOptions.MutexRecords.allCases where carry || again == .auto {
          let back = try GoTextTests.profile(String(decoding: written, as: UTF8.self)) { $0.mutexRecords = again }.0
          #expect(back.columns.values == profile.columns.values)
          if carry { #expect(ProfileProto.encode(back) == ProfileProto.encode(profile)) }
        }
        // pprof would multiply what is scaled once more: that is said.
        let isSaid = losses.notes.contains { $0.contains("sampling period 5 once more") }
        #expect(isSaid == (text == Self.scaled && records != .sampled))
      }
    }
  }

  @Test func `the period is Go's own where the text has names, else pprof's`() throws {
    #expect(try GoTextTests.profile(Self.sampled).0.columns.period == 5)
    #expect(try GoTextTests.profile(Self.sampled + "#\t0x20\tf+0x1\ta.go:1\n").0.columns.period == 1)
  }

  @Test func `a duration of whole milliseconds is told`() throws {
    var columns = try profile([(1, 5)]).columns
    columns.durationNanos = 1_500_000_000
    let (bytes, losses) = try GoTextPairTests.write(Profile(columns), carry: false)
    #expect(text(bytes).contains("\nms since reset=1500\n"))
    #expect(!losses.entries.contains { $0.field == "duration" })
    #expect(try reading(bytes, with: Debug1Reader()).0.columns.durationNanos == 1_500_000_000)
    columns.durationNanos += 1
    #expect(
      try GoTextPairTests.write(Profile(columns), carry: false).losses.entries.contains { $0.field == "duration" })
  }

  @Test func `comments that do not fit the values any more are left alone`() throws {
    let head = "# --- mutex: cycles/second=2000000000, sampling period=5, records scaled"
    let cases: [([String], String)] = [
      ([head, "# cycles above the least: 1 0"], "--- mutex:\ncycles/second=2000000000\nsampling period=5\n"),
      // One of them would have to be no multiple.
      ([head, "# cycles above the least: 0 0"], "--- contention:\ncycles/second=1000000000\n"),
      ([head, "# cycles above the least: 1"], "--- contention:\ncycles/second=1000000000\n"),
      ([head + "x"], "--- contention:\ncycles/second=1000000000\n"),
    ]
    for (comments, header) in cases {
      let profile = try profile([(5, 7), (10, 20)], comments: comments)
      let bytes = try GoTextPairTests.write(profile, carry: true).bytes
      #expect(text(bytes).hasPrefix(header), "\(text(bytes))")
      let back = try reading(bytes, with: Debug1Reader()).0
      #expect(ProfileProto.encode(back) == ProfileProto.encode(profile))
    }
  }

  @Test func `integers are Go's`() {
    func parse(_ text: String) -> Int64? { GoInteger.parse(Array(text.utf8).span, 0..<text.utf8.count) }
    let good: [(String, Int64)] = [
      ("0", 0), ("-0", 0), ("+7", 7), ("0x1F", 31), ("0b101", 5), ("0o17", 15), ("017", 15), ("1_000", 1000),
      ("0x_f", 15), ("0_7", 7), ("-9223372036854775808", .min), ("9223372036854775807", .max), ("00", 0),
    ]
    for (text, value) in good { #expect(parse(text) == value, "\(text)") }
    for text in ["", "-", "+", "0x", "0b", "08", "1_", "_1", "1__0", "0x_", "9223372036854775808", "1.0", " 1", "0b2"] {
      #expect(parse(text) == nil, "\(text)")
    }
  }
}
