import ProtobufWire
import Testing

struct VarintTests {
  /// Every length, with all its bits, its lowest and its highest alone.
  static let values: [UInt64] =
    (0..<64).flatMap { [1 << $0, (1 << $0) - 1, .max >> $0, .max << $0] } + [0, 300, 0x1234_5678_9abc_def0]

  /// As the encoding is defined: seven bits a byte, lowest first.
  static func plain(_ value: UInt64) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = value
    while rest > 0x7f {
      bytes.append(UInt8(rest & 0x7f) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }

  @Test(arguments: values)
  func `A varint is read at the end of the bytes and in their middle`(_ value: UInt64) throws {
    for tail in [0, 1, 7, 8, 20] {
      let bytes = [0xff] + Self.plain(value) + [UInt8](repeating: 0x80, count: tail)
      var reader = WireReader(bytes.span, 1..<bytes.count)
      #expect(try reader.varint() == value)
      let offset = reader.offset
      #expect(offset == bytes.count - tail)
    }
  }

  @Test(arguments: values)
  func `A varint is written as it is defined`(_ value: UInt64) {
    let expected = Self.plain(value)
    #expect(Varint.size(value) == expected.count)
    var writer = WireWriter()
    writer.varint(value)
    #expect(writer.bytes == expected)
    var room = [UInt8](repeating: 0xaa, count: 12)
    var span = room.mutableSpan
    #expect(storeVarint(value, in: &span, at: 2) == 2 + expected.count)
    #expect(Array(room[2..<2 + expected.count]) == expected)
    #expect(Array(room[..<2]) == [0xaa, 0xaa])
  }

  @Test func `Ten bytes are the most, and bits above the 64th drop`() throws {
    let nine = [UInt8](repeating: 0xff, count: 9)
    var reader = WireReader((nine + [0x7f]).span)
    #expect(try reader.varint() == .max)
    var zero = WireReader(([UInt8](repeating: 0x80, count: 9) + [0x02]).span)
    #expect(try zero.varint() == 0)
    let long = nine + [0x80, 0x00]
    #expect(throws: WireError(.overlongVarint, at: 0)) {
      var reader = WireReader(long.span)
      _ = try reader.varint()
    }
  }

  @Test(arguments: 1...9)
  func `A varint cut short is truncated, even where bytes of another message follow`(_ count: Int) {
    let bytes = [UInt8](repeating: 0x80, count: count) + [1, 1, 1, 1, 1, 1, 1, 1]
    for end in 0...count {
      #expect(throws: WireError(.truncated, at: 0)) {
        var reader = WireReader(bytes.span, 0..<end)
        _ = try reader.varint()
      }
    }
  }
}
