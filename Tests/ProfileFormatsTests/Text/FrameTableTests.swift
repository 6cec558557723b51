import ProfileModel
import TestSupport
import Testing

@testable import ProfileFormats

@Suite struct FrameTableTests {
  @Test func `any number of frames at one pc are told apart, in time in proportion`() throws {
    #expect(try Growth.ratio(from: 5000) { count in { fill(count) } } < Growth.inProportion)
  }

  private func fill(_ count: Int) {
    var table = FrameTable()
    var builder = ProfileBuilder()
    for round in 0..<2 {
      for i in 0..<count {
        let bytes = Array("#\t0x10\tf\(i)+0x1\ta.go:1\n".utf8)
        let known = table.known(bytes.span, at: 0)
        // Of one pc only the first are found without being taken apart.
        #expect((known != nil) == (round == 1 && i < 16))
        if let known {
          #expect(known.entry == UInt32(i))
          continue
        }
        guard let comment = FrameComment(bytes.span, 0..<bytes.count - 1) else {
          Issue.record("no frame")
          return
        }
        let entry = table.intern(comment, bytes.span, end: bytes.count - 1, builder: &builder)
        #expect(entry == UInt32(i))
      }
    }
    #expect(table.entries.count == count)
  }
}
