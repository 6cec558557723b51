/// Steps over a member's header (RFC 1952, 2.3), which may come in pieces of any size.
struct MemberHeader {
  enum Outcome: Equatable {
    case needMore
    case complete
    /// The first two bytes are not `1f 8b`: here begins no member.
    case noMember
    case damaged
  }

  private enum Field: Equatable {
    /// Magic number, method, flags, time, extra flags, system: ten bytes.
    case fixed(Int)
    case extraLength(Int)
    case extra(Int)
    case name
    case comment
    case end
  }

  private enum Flag {
    static let check: UInt8 = 1 << 1
    static let extra: UInt8 = 1 << 2
    static let name: UInt8 = 1 << 3
    static let comment: UInt8 = 1 << 4
    /// "Must be zero"; a reader "must give an error indication" otherwise, and zlib, libdeflate and gzip(1) do.
    static let reserved: UInt8 = 0xe0
  }

  private var field = Field.fixed(0)
  private var flags: UInt8 = 0
  private var extraLength = 0
  /// Of the header so far, for its own checksum.
  private var crc: UInt32 = 0
  private var checkBytes = 0

  /// Whether a byte was taken already.
  var isInside: Bool { field != .fixed(0) }

  /// Takes bytes from `position` on until the header is complete; leaves `position` behind it, or on the first wrong byte.
  mutating func consume(_ bytes: Span<UInt8>, from position: inout Int) -> Outcome {
    if field != .end {
      let start = position
      let outcome = consumeFields(bytes, from: &position)
      crc = Gzip.crc32(crc, bytes.extracting(start..<position))
      guard outcome == .complete else { return outcome }
    }
    guard flags & Flag.check != 0 else { return .complete }
    // The low half of the CRC-32 of all that stands before, the low byte first.
    while checkBytes < 2 {
      guard position < bytes.count else { return .needMore }
      guard bytes[position] == UInt8(truncatingIfNeeded: crc >> (8 * UInt32(checkBytes))) else { return .damaged }
      position += 1
      checkBytes += 1
    }
    return .complete
  }

  private mutating func consumeFields(_ bytes: Span<UInt8>, from position: inout Int) -> Outcome {
    while field != .end {
      guard position < bytes.count else { return .needMore }
      let byte = bytes[position]
      switch field {
      case .fixed(let index):
        switch index {
        case 0 where byte != 0x1f, 1 where byte != 0x8b: return .noMember
        case 2 where byte != 8: return .damaged
        case 3 where byte & Flag.reserved != 0: return .damaged
        case 3: flags = byte
        default: break
        }
        if index < 9 { field = .fixed(index + 1) } else { enter(.extraLength(0)) }
        position += 1
      case .extraLength(let index):
        extraLength |= Int(byte) << (8 * index)
        enter(index == 0 ? .extraLength(1) : .extra(extraLength))
        position += 1
      case .extra(let left):
        let taken = min(left, bytes.count - position)
        enter(.extra(left - taken))
        position += taken
      case .name:
        if byte == 0 { enter(.comment) }
        position += 1
      case .comment:
        if byte == 0 { enter(.end) }
        position += 1
      case .end: break
      }
    }
    return .complete
  }

  /// Goes to `next`, or past it where the flags say that it is absent.
  private mutating func enter(_ next: Field) {
    field = next
    if field == .extraLength(0), flags & Flag.extra == 0 { field = .name }
    if field == .extra(0) { field = .name }
    if field == .name, flags & Flag.name == 0 { field = .comment }
    if field == .comment, flags & Flag.comment == 0 { field = .end }
  }
}
