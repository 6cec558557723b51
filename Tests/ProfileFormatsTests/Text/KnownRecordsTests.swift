import ProfileModel
import TestSupport
import Testing

@testable import ProfileFormats

@Suite struct KnownRecordsTests {
  @Test func `records of one stack with other comments take time in proportion`() throws {
    let ratio = try Growth.ratio(from: 2000) { count in
      let text = (0..<count).map { "1: 1 [1: 1] @ 0x11\n#\t0x10\tf\($0)+0x1\ta.go:1\n\n" }.joined()
      return { () throws -> Void in
        let profile = try HeapTextTests.profile(text)
        #expect(profile.sampleCount == count && profile.columns.functions.count == count)
      }
    }
    #expect(ratio < Growth.inProportion)
  }

  @Test func `a long comment is not held against each record of its stack`() throws {
    let ratio = try Growth.ratio(from: 300) { count in
      // Digits, since a record that begins behind what is compared makes it comparable.
      let long = "1: 1 [1: 1] @ 0x11\n#" + String(repeating: "1", count: count * 60) + "\n\n"
      let short = "1: 1 [1: 1] @ 0x11\n#" + String(repeating: "1", count: 100) + "\n\n"
      return { () throws -> Void in
        #expect(try HeapTextTests.profile(long + String(repeating: short, count: count)).sampleCount > 0)
      }
    }
    #expect(ratio < Growth.inProportion)
  }

  @Test func `of the records of one stack the last few are known`() {
    var records = KnownRecords()
    // Comments of one digit each, and the record behind them.
    let texts = (0..<6).map { Array("\($0)\n1".utf8) }
    let line = Array("0x11".utf8)
    let addresses = records.hash(line.span, line.indices)
    for (i, text) in texts.enumerated() {
      let isKnown = records.find(addresses, text.span, at: 0) != nil
      #expect(!isKnown)
      records.add(addresses, text.span, 0..<2, lines: 1, stack: StackIndex(rawValue: UInt32(i)))
      let found = records.find(addresses, text.span, at: 0)
      #expect(found?.stack == StackIndex(rawValue: UInt32(i)) && found?.length == 2 && found?.lines == 1)
    }
  }
}
