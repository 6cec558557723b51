import ProtobufWire
import Testing

struct WireReaderTests {
  @Test func `A tag has a wire type that exists`() {
    #expect(
      (0..<8).map { FieldTag(rawValue: 8 | $0)?.type } == [
        .varint, .fixed64, .lengthDelimited, nil, nil, .fixed32, nil, nil,
      ])
    #expect(FieldTag(rawValue: 8 << 3)?.number == 8)
    #expect(FieldTag(5, .lengthDelimited).rawValue == 0x2a)
    #expect(FieldTag(rawValue: .max - 2)?.number == .max >> 3)
  }

  @Test(arguments: [3, 4, 6, 7])
  func `Groups and wire types that never were are errors at their tag`(_ type: UInt8) {
    #expect(throws: WireError(.wireType, at: 2)) {
      let bytes: [UInt8] = [8, 1, 8 | type, 0]
      var reader = WireReader(bytes.span)
      try reader.skip(try reader.tag().type)
      _ = try reader.tag()
    }
  }

  @Test func `Each wire type is skipped by its size`() throws {
    let bytes: [UInt8] =
      [0x08, 0x96, 0x01] + [0x11, 1, 2, 3, 4, 5, 6, 7, 8] + [0x1a, 2, 9, 9] + [0x25, 1, 2, 3, 4] + [0x28, 7]
    var reader = WireReader(bytes.span)
    var ends: [Int] = []
    while !reader.isAtEnd {
      try reader.skip(try reader.tag().type)
      ends.append(reader.offset)
    }
    #expect(ends == [3, 12, 16, 21, 23])
  }

  @Test(arguments: [
    [0x09, 1, 2, 3, 4, 5, 6, 7], [0x0d, 1, 2, 3], [0x0a, 4, 1, 2, 3], [0x0a, 0x80], [0x08, 0x80], [0x88],
  ])
  func `What is cut short is an error, whatever its type`(_ bytes: [UInt8]) {
    #expect(throws: WireError.self) {
      var reader = WireReader(bytes.span)
      try reader.skip(try reader.tag().type)
    }
  }

  @Test func `A nested message ends where its length says, and counts offsets from the start`() throws {
    let bytes: [UInt8] = [0x12, 2, 0x08, 5, 0x18, 6]
    var outer = WireReader(bytes.span)
    #expect(try outer.tag().number == 2)
    var inner = try outer.message()
    let bounds = [inner.offset, inner.end]
    #expect(bounds == [2, 4])
    #expect(try inner.tag().number == 1)
    #expect(try inner.varint() == 5)
    let isAtEnd = inner.isAtEnd
    #expect(isAtEnd)
    #expect(try outer.tag().number == 3)
  }

  @Test(arguments: [UInt64(7), 1 << 31, 1 << 63, .max])
  func `A length that runs past the end is refused, however large`(_ length: UInt64) {
    var writer = WireWriter([0x0a])
    writer.varint(length)
    let bytes = writer.bytes + [1, 2, 3, 4, 5, 6]
    #expect(throws: WireError(.lengthPastEnd, at: 1)) {
      var reader = WireReader(bytes.span)
      _ = try reader.tag()
      _ = try reader.delimited()
    }
  }

  @Test func `Bits of a bool are enough, and numbers may be negative`() throws {
    let bytes: [UInt8] = [2, 0] + [UInt8](repeating: 0xff, count: 9) + [1]
    var reader = WireReader(bytes.span)
    #expect(try reader.bool())
    #expect(try !reader.bool())
    #expect(try reader.signed() == -1)
  }
}
