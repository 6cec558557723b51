import ProfileModel
import TestSupport
import Testing

@testable import ProfileFormats

@Suite struct ContentionTextTests {
  private func profile(_ text: String) throws -> (Profile, Diagnostics) {
    try reading("--- contentionz 1 ---\n" + text, with: GperftoolsContentionReader())
  }

  @Test func `what no field holds is a comment`() throws {
    let read = try profile(
      "cycles/second = 2000000000\ndiscarded samples = 7\nms since reset = 5\n# note\n11 1 @ 0x2\n"
    ).0
    #expect(
      read.columns.comments.map(read.string) == [
        "# --- contention: cycles/second=2000000000, discarded samples=7", "# cycles above the least: 1", "# note",
      ])
    #expect(read.columns.durationNanos == 5_000_000)
    #expect(read.columns.values == [1, 5])
  }

  @Test func `Go's text of it has its cycles, and pprof reads both alike`() throws {
    let bytes = try Fixture.named("gperftools-contention/valid/synthetic-all-attributes.in").bytes
    let read = try reading(bytes, with: GperftoolsContentionReader()).0
    let written = try writing(read, with: Debug1Writer()).bytes
    #expect(
      text(written).hasPrefix(
        """
        --- contention:
        cycles/second=3201000000
        sampling period=100
        discarded samples=7
        ms since reset=16502830
        19490304 27 @ 0xbccc97 0xc61202
        #\t0x0

        768 1 @ 0xbccc97
        #\t0x0

        """), "\(text(written))")
    #expect(ProfileDifference.between(read, try reading(written, with: Debug1Reader()).0) == [])
  }

  @Test func `a minus counts, with a word`() throws {
    let (read, diagnostics) = try profile("-10 1 @ 0x2\n10 -2 @ 0x2\n")
    #expect(read.columns.values == [1, -10, -2, 10])
    #expect(diagnostics.count(of: "negative-record") == 2)
  }

  @Test func `the delay is cut toward zero, and least where it does not fit`() throws {
    let read = try profile("cycles/second = 3000000000\n10 1 @ 0x2\n").0
    #expect(read.columns.values == [1, 3])
    let large = try profile("cycles/second = 1\nsampling period = 9\n9223372036854775807 1 @ 0x2\n").0
    #expect(large.columns.values == [9, .min])
  }

  @Test func `a map under the other heading is read, though pprof refuses it`() throws {
    let read = try profile("1 1 @ 0x401000\nMAPPED_LIBRARIES:\n00400000-00500000: /bin/app\n").0
    #expect(read.columns.mappings.map { read.string($0.file) } == ["/bin/app"])
  }

  @Test(
    arguments: [
      ("0", 0), ("007", 7), ("-12", -12), ("+5", 5), ("0x1f", 31), ("0X1F", 31), ("0b101", 5), ("0o17", 15),
      ("1_0", 10), ("_1", nil),
      ("0x_1f", 31), ("0_7", 7), ("0x", nil), ("", nil), ("-", nil), ("08", nil), ("1 ", nil), ("0x1_", nil),
      ("0__7", nil),
      ("9223372036854775807", .max), ("9223372036854775808", nil), ("-9223372036854775808", .min),
      ("-9223372036854775809", nil), ("18446744073709551616", nil),
    ] as [(String, Int64?)])
  func `numbers are read as Go reads them with any base`(text: String, expected: Int64?) {
    let bytes = Array(text.utf8)
    #expect(GoInteger.parse(bytes.span, 0..<bytes.count) == expected)
  }
}
