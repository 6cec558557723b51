import ProtobufWire
import Testing

struct WireWriterTests {
  @Test(arguments: [0, 1, 127, 128, 129, 16_383, 16_384, 3_000_000])
  func `A nested message has its length before it, one byte or more`(_ count: Int) throws {
    var writer = WireWriter([0xaa])
    writer.message(3) { writer in
      for i in 0..<count { writer.bytes.append(UInt8(truncatingIfNeeded: i)) }
    }
    writer.field(1, 5)
    var reader = WireReader(writer.bytes.span, 1..<writer.bytes.count)
    #expect(try reader.tag() == FieldTag(3, .lengthDelimited))
    let content = try reader.delimited()
    #expect(content.count == count)
    let isSame = content.enumerated().allSatisfy { writer.bytes[$1] == UInt8(truncatingIfNeeded: $0) }
    #expect(isSame)
    #expect(try reader.tag() == FieldTag(1, .varint))
    #expect(try reader.varint() == 5)
    let isAtEnd = reader.isAtEnd
    #expect(isAtEnd)
  }

  @Test func `Messages in messages keep their lengths`() {
    var writer = WireWriter()
    writer.message(1) { writer in
      writer.message(2) { $0.field(1, [UInt8](repeating: 7, count: 130).span) }
      writer.fieldUnlessZero(3, 0 as UInt64)
      writer.fieldUnlessZero(4, -1 as Int64)
      writer.fieldIfTrue(5, false)
      writer.fieldIfTrue(6, true)
    }
    let expected: [UInt8] =
      [0x0a, 0x95, 0x01, 0x12, 0x85, 0x01, 0x0a, 0x82, 0x01] + [UInt8](repeating: 7, count: 130)
      + [0x20] + [UInt8](repeating: 0xff, count: 9) + [0x01, 0x30, 0x01]
    #expect(writer.bytes == expected)
  }

  @Test func `Words are loaded and stored lowest byte first`() {
    var bytes: [UInt8] = [9, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    #expect(loadWord(bytes.span, at: 1) == 0x0807_0605_0403_0201)
    var span = bytes.mutableSpan
    storeWord(0x1817_1615_1413_1211, in: &span, at: 2)
    #expect(bytes == [9, 1, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18])
  }

  /// To the end of the source too, where no whole word is left to load.
  @Test(arguments: 0...20)
  func `Copies within the same bytes are exact`(_ count: Int) {
    var bytes = (0..<60).map { UInt8($0) }
    var span = bytes.mutableSpan
    #expect(copyWords(from: 3, count: count, in: &span, to: 30) == 30 + count)
    #expect(Array(bytes[30..<30 + count]) == (0..<count).map { UInt8($0 + 3) })
    #expect(Array(bytes[..<30]) == (0..<30).map { UInt8($0) })
  }

  @Test func `Ids are stored as varints`() {
    for value in [0, 1, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152, 1 << 28 - 1] as [UInt64] {
      var bytes = [UInt8](repeating: 0xaa, count: 12)
      var span = bytes.mutableSpan
      let end = storeShortVarint(value, in: &span, at: 2)
      #expect(Array(bytes[2..<end]) == VarintTests.plain(value))
    }
  }
}
