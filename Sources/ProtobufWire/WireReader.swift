/// A cursor over the fields of one message.
///
///     var reader = WireReader(bytes)
///     while !reader.isAtEnd {
///       let tag = try reader.tag()
///       switch tag.rawValue {
///       case 0x08: id = try reader.varint()
///       case 0x22: var line = try reader.message() …
///       default: try reader.skip(tag)
///       }
///     }
///
/// A nested message is a second cursor over the same bytes, so that offsets always count from the start of the buffer.
/// Nothing is copied. Two offsets and a span: keep it in a local variable.
@frozen public struct WireReader: ~Escapable {
  public let bytes: Span<UInt8>
  @usableFromInline var at: Int
  /// Where the message ends; never past the end of `bytes`.
  public let end: Int

  @inlinable @_lifetime(copy bytes)
  public init(_ bytes: Span<UInt8>) { self.init(bytes, 0..<bytes.count) }

  /// Reads `range` of `bytes`, cut to what there is.
  @inlinable @_lifetime(copy bytes)
  public init(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    let range = range.clamped(to: 0..<bytes.count)
    self.bytes = bytes
    at = range.lowerBound
    end = range.upperBound
  }

  /// Where the next byte is read; never past `end`.
  @inlinable public var offset: Int { at }

  @inlinable public var isAtEnd: Bool { at == end }

  /// The next varint. Up to ten bytes; bits above the 64th drop, as in every decoder.
  @inlinable @inline(__always) @_lifetime(self: copy self)
  public mutating func varint() throws(WireError) -> UInt64 {
    if at < end {
      let first = bytes[at]
      if first < 0x80 {
        at &+= 1
        return UInt64(first)
      }
      if bytes.count &- offset >= 8 {
        let word = loadWord(bytes, at: at)
        let stops = ~word & 0x8080_8080_8080_8080
        if stops != 0 {
          let size = (stops.trailingZeroBitCount &+ 1) &>> 3
          if end &- offset >= size {
            at &+= size
            return Varint.gather(word & (stops ^ (stops &- 1)))
          }
        }
      }
    }
    return try varintByByte()
  }

  @inlinable @inline(never) @_lifetime(self: copy self)
  mutating func varintByByte() throws(WireError) -> UInt64 {
    var value: UInt64 = 0
    var next = at
    for place in 0..<Varint.longest {
      if next >= end { throw WireError(.truncated, at: at) }
      let byte = bytes[next]
      next &+= 1
      value |= UInt64(byte & 0x7f) &<< UInt64(7 &* place)
      if byte < 0x80 {
        at = next
        return value
      }
    }
    throw WireError(.overlongVarint, at: at)
  }

  @inlinable @inline(__always) @_lifetime(self: copy self)
  public mutating func signed() throws(WireError) -> Int64 { Int64(bitPattern: try varint()) }

  /// Any bit is true; so is what does not fit a bool.
  @inlinable @inline(__always) @_lifetime(self: copy self)
  public mutating func bool() throws(WireError) -> Bool { try varint() != 0 }

  @inlinable @inline(__always) @_lifetime(self: copy self)
  public mutating func tag() throws(WireError) -> FieldTag {
    let start = at
    guard let tag = FieldTag(rawValue: try varint()) else { throw WireError(.wireType, at: start) }
    return tag
  }

  /// Where the content of a length-delimited field stands; the cursor goes behind it.
  @inlinable @inline(__always) @_lifetime(self: copy self)
  public mutating func delimited() throws(WireError) -> Range<Int> {
    let start = at
    let count = try varint()
    guard count <= UInt64(end &- at) else { throw WireError(.lengthPastEnd, at: start) }
    let from = at
    at = from &+ Int(truncatingIfNeeded: count)
    return from..<at
  }

  /// A cursor over a nested message (or a packed run); this one goes behind it.
  @inlinable @inline(__always) @_lifetime(self: copy self) @_lifetime(copy self)
  public mutating func message() throws(WireError) -> WireReader {
    let range = try delimited()
    return WireReader(bytes, range)
  }

  /// Goes behind a field's content.
  @inlinable @_lifetime(self: copy self)
  public mutating func skip(_ type: WireType) throws(WireError) {
    switch type {
    case .varint: _ = try varint()
    case .lengthDelimited: _ = try delimited()
    case .fixed64: try skip(count: 8)
    case .fixed32: try skip(count: 4)
    }
  }

  @inlinable @_lifetime(self: copy self)
  mutating func skip(count: Int) throws(WireError) {
    if end &- offset < count { throw WireError(.truncated, at: at) }
    at &+= count
  }

  /// Goes to `position`, which must lie in the message; traps otherwise.
  @inlinable @_lifetime(self: copy self)
  public mutating func seek(to position: Int) {
    precondition(position >= 0 && position <= end, "outside the message")
    at = position
  }
}
