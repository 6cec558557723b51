import ProfileFormats
import ProfileModel
import TestSupport
import Testing

/// Where an error says it is: the byte and the field's path.
struct ErrorPlaceTests {
  private let types: [UInt8] = [0x0a, 0, 0x0a, 0, 0x0a, 0]
  private let tables: [UInt8] = [0x22, 2, 8, 1, 0x32, 0]

  private func error(_ middle: [UInt8]) throws -> ProfileError {
    try #require(throws: ProfileError.self) { try decode(types + middle + tables) }
  }

  @Test func `A location that is not there is named with its place in the packed run`() throws {
    let error = try error([0x12, 11, 0x0a, 4, 1, 1, 1, 7, 0x12, 3, 1, 2, 3])
    #expect(error.code == .invalid)
    #expect(error.path == "sample[0].location_id[3]")
    #expect(error.place == .byte(types.count + 7))
  }

  @Test func `The sample is counted, not guessed`() throws {
    let good: [UInt8] = [0x12, 5, 0x12, 3, 1, 2, 3]
    let error = try error(good + good + [0x12, 4, 0x12, 2, 1, 2])
    #expect(error.path == "sample[2].value")
    #expect(error.message == "2 values for 3 sample types")
  }

  @Test func `An overlong varint deep inside is found`() throws {
    let label: [UInt8] = [0x18] + Array(repeating: 0xff, count: 10) + [1]
    let error = try error([0x12, UInt8(label.count + 7), 0x12, 3, 1, 2, 3, 0x1a, UInt8(label.count)] + label)
    #expect(error.code == .malformed)
    #expect(error.path == "sample[0].label[0].num")
    #expect(error.place == .byte(types.count + 10))
  }

  @Test func `A string index of a label is checked when the table is known`() throws {
    let error = try error([0x12, 9, 0x12, 3, 1, 2, 3, 0x1a, 2, 8, 5])
    #expect(error.path == "sample[0].label[0].key")
    #expect(error.message == "string 5 of a table of 1")
    #expect(error.place == .byte(types.count + 9))
  }

  @Test func `A length past the end of its message is damage, past the end of the file an end`() throws {
    let inner = try error([0x12, 2, 0x12, 9])
    #expect(inner.code == .malformed)
    #expect(inner.path == "sample[0].value[0]")
    let outer = try #require(throws: ProfileError.self) { try decode(types + [0x12, 9, 0x12]) }
    #expect(outer.code == .truncated)
    #expect(outer.path == "sample[0]")
  }

  @Test func `A count that no memory holds is an error, and quickly`() throws {
    for huge in [[0xff, 0xff, 0xff, 0xff, 0x0f], Array(repeating: 0xff, count: 9) + [1]] as [[UInt8]] {
      for tag in [0x0a, 0x12, 0x1a, 0x22, 0x2a, 0x32, 0x6a] as [UInt8] {
        #expect(throws: ProfileError.self) { try decode([tag] + huge + [1, 2, 3]) }
      }
    }
  }

  @Test func `Many types and many samples without values reserve no memory for their product`() throws {
    var bytes: [UInt8] = []
    for _ in 0..<20_000 { bytes += [0x0a, 0] }
    for _ in 0..<20_000 { bytes += [0x12, 0] }
    let error = try #require(throws: ProfileError.self) { try decode(bytes + [0x32, 0]) }
    #expect(error.path == "sample[0].value")
  }

  @Test func `Many unknown fields in tables before the samples stay linear`() throws {
    var bytes: [UInt8] = [0x0a, 0]
    for i in 1...20_000 as ClosedRange<UInt32> {
      let id: [UInt8] = [UInt8(i & 0x7f) | 0x80, UInt8(i >> 7 & 0x7f) | 0x80, UInt8(i >> 14)]
      bytes += [0x22, 7, 8] + id + [0xf8, 1, 1]
    }
    for _ in 0..<20_000 { bytes += [0x12, 5, 0x10, 1, 0xf8, 1, 1] }
    let profile = try decode(bytes + [0x32, 0])
    #expect(profile.columns.unknownFields.entries.count == 40_000)
  }
}
