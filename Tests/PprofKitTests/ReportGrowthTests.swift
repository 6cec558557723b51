import PprofKit
import TestSupport
import Testing

/// What reports take of names that were made to take long.
@Suite struct ReportGrowthTests {
  private func builder() -> ProfileBuilder { ProfileBuilder(sampleTypes: [("samples", "count")]) }

  private func write(_ report: some Report, _ profile: Profile) throws -> [UInt8] {
    var sink = ReportSink()
    var options = ReportOptions()
    options.isVerbatim = true
    try report.write(profile, to: &sink, options: options)
    return sink.buffer
  }

  @Test func `dot shortens the name of a function in many folders in time in proportion`() throws {
    let ratio = try Growth.ratio(from: 5000) { count in
      var builder = builder()
      let name = String(repeating: "a/", count: count) + "x.y"
      builder.add(stack: [builder.location(function: name)], values: [1])
      let profile = try builder.finish()
      return { () throws -> Void in #expect(try !write(DotReport(), profile).isEmpty) }
    }
    #expect(ratio < Growth.inProportion)
  }

  @Test func `tags aligns many lines beside one of many columns in time in proportion`() throws {
    let ratio = try Growth.ratio(from: 1000) { count in
      var builder = builder()
      let key = builder.string("k")
      let stack = builder.stack([builder.location(function: "f")])
      for i in 0..<count {
        let value = i == 0 ? String(repeating: "\t", count: count) : "v\(i)"
        let labels = builder.labelSet([Label(key: key, str: builder.string(value))])
        builder.add(stack: stack, values: [1], labels: labels)
      }
      let profile = try builder.finish()
      return { () throws -> Void in #expect(try write(TagsReport(), profile).count > 2 * count) }
    }
    #expect(ratio < Growth.inProportion)
  }
}
