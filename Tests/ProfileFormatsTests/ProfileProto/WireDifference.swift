/// Where we and protobuf-c differ on purpose, and whether given bytes have any of it. We follow google/pprof, which wrote
/// most of the files that there are.
///
/// | bytes | protobuf-c 1.4.1 | google/pprof and we |
/// | --- | --- | --- |
/// | field number 0 | refuses | an unknown field like any other |
/// | a tag of more than five bytes, a number from 2^29 on | refuses, or cuts it | an unknown field like any other |
/// | a length of more than five bytes | refuses | a varint like any other |
/// | a bool that is no varint | true, or whatever its bytes say | the wrong wire type |
/// | a bool whose only bits are above the 64th | true | false: those bits drop |
/// | a string with a NUL | ends there, being C's | goes on |
/// | time_nanos again, behind one that is not 0 | the last one counts | two profiles in one file |
/// | period_type twice | merged | the last one counts |
struct WireDifference {
  private(set) var isRefusedByProtobufCOnly = false
  private(set) var isRefusedByUsOnly = false
  private(set) var isReadOtherwise = false

  init(_ bytes: [UInt8]) { walk(bytes[...], .profile) }

  private enum Message { case profile, mapping, location, sample, other }

  private mutating func walk(_ bytes: ArraySlice<UInt8>, _ message: Message) {
    var rest = bytes
    var hasTime = false
    var periodTypes = 0
    while !rest.isEmpty {
      guard let tag = Self.varint(&rest) else { return }
      let number = tag.value >> 3
      if number == 0 { isRefusedByProtobufCOnly = true }
      if tag.size > 5 || number >= 1 << 29 {
        isRefusedByProtobufCOnly = true
        isReadOtherwise = true
      }
      let isBool = message == .mapping && (7...10).contains(number) || message == .location && number == 5
      if isBool, tag.value & 7 != 0 { isRefusedByUsOnly = true }
      switch tag.value & 7 {
      case 0:
        guard let value = Self.varint(&rest) else { return }
        if isBool, value.size == 10 { isReadOtherwise = true }
        if message == .profile, number == 9 {
          if hasTime { isRefusedByUsOnly = true }
          hasTime = hasTime || value.value != 0
        }
      case 1: rest = rest.dropFirst(8)
      case 5: rest = rest.dropFirst(4)
      case 2:
        guard let length = Self.varint(&rest) else { return }
        if length.size > 5 { isRefusedByProtobufCOnly = true }
        guard length.value <= UInt64(rest.count) else { return }
        let content = rest.prefix(Int(length.value))
        rest = rest.dropFirst(Int(length.value))
        if message == .profile, number == 6, content.contains(0) { isReadOtherwise = true }
        if message == .profile, number == 11 { periodTypes += 1 }
        if let nested = Self.nested(message, number) { walk(content, nested) }
      default: return
      }
    }
    if periodTypes > 1 { isReadOtherwise = true }
  }

  private static func nested(_ message: Message, _ number: UInt64) -> Message? {
    switch (message, number) {
    case (.profile, 2): .sample
    case (.profile, 3): .mapping
    case (.profile, 4): .location
    case (.profile, 1), (.profile, 5), (.profile, 11), (.sample, 3), (.location, 4): .other
    default: nil
    }
  }

  private static func varint(_ bytes: inout ArraySlice<UInt8>) -> (value: UInt64, size: Int)? {
    var value: UInt64 = 0
    for (place, byte) in bytes.prefix(10).enumerated() {
      value |= UInt64(byte & 0x7f) << (7 * UInt64(place))
      if byte < 0x80 {
        bytes = bytes.dropFirst(place + 1)
        return (value, place + 1)
      }
    }
    return nil
  }
}
