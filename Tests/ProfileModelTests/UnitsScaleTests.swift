import Foundation
import ProfileModel
import Testing

@Suite struct UnitsScaleTests {
  @Test func `Shares have the digits that printf gives them`() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<20_000 {
      let total = Int64.random(in: 1...Int64.max >> Int64.random(in: 0...62), using: &random)
      let value = Int64.random(in: 0...Int64.max >> Int64.random(in: 0...62), using: &random)
      let share = Double(value) / Double(total) * 100
      let expected =
        share >= 99.95 && share <= 100.05
        ? "  100%" : share >= 1 ? String(format: "%5.2f%%", share) : String(format: "%5.2g%%", share)
      #expect(Units.percentage(value, of: total) == expected, "\(value) of \(total)")
    }
  }

  @Test func `Values have the digits that printf gives them`() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<20_000 {
      let value = Int64.random(in: Int64.min...Int64.max, using: &random) >> Int64.random(in: 0...63, using: &random)
      for (unit, factor) in [("kB", 1024.0), ("MB", 1_048_576), ("PB", 0x1p50), ("B", 1)] {
        var expected = String(format: "%.2f", Double(value) / factor)
        if expected.hasSuffix(".00") { expected.removeLast(3) }
        if expected == "0" || expected == "-0" { expected = "0" } else { expected += unit }
        #expect(Units.label(value, from: "bytes", to: unit) == expected, "\(value) bytes in \(unit)")
      }
    }
  }

  @Test(arguments: [
    (0, "bytes", "auto", "0"), (1023, "bytes", "auto", "1023B"), (1024, "byte", "minimum", "1kB"),
    (1 << 60, "B", "auto", "1024PB"), (999, "nanoseconds", "auto", "999ns"), (1000, "ns", "auto", "1us"),
    (90, "minutes", "auto", "90"), (7200, "seconds", "auto", "2hrs"), (5, "count", "kb", "5kb"),
    (5, "count", "count", "5"), (5, "requests", "auto", "5"), (1 << 20, "bytes", "seconds", "1048576B"),
    (1_500_000, "nanoseconds", "bytes", "0"), (-2048, "bytes", "kilobytes", "-2kB"),
    (2_000_000_000, "nanogcu", "auto", "2GCU"), (3, "us", "μs", "0"),
  ])
  func `A value in a unit is what pprof prints`(_ value: Int64, _ unit: String, _ target: String, _ text: String) {
    // By hand from pprof's internal/measurement: what is of no family keeps the unit that was asked for, and what goes to
    // another family is shown in its own family's default unit.
    #expect(Units.label(value, from: unit, to: target) == text)
  }
}
