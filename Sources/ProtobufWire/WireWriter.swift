/// Appends fields to bytes. For messages that are few or small; who writes millions sizes them first and stores them with
/// ``storeVarint(_:in:at:)``.
///
/// A nested message is written in one pass: its length is guessed to take one byte, which holds below 128 bytes, and what
/// was written moves up where it does not.
@frozen public struct WireWriter: Sendable {
  public var bytes: [UInt8]

  @inlinable public init(_ bytes: [UInt8] = []) { self.bytes = bytes }

  @inlinable public mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest &>>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  @inlinable public mutating func tag(_ number: UInt32, _ type: WireType) { varint(FieldTag(number, type).rawValue) }

  /// A field of its own, 0 included.
  @inlinable public mutating func field(_ number: UInt32, _ value: UInt64) {
    tag(number, .varint)
    varint(value)
  }

  /// A field that is left out where it is 0, as proto3 has it.
  @inlinable public mutating func fieldUnlessZero(_ number: UInt32, _ value: UInt64) {
    if value != 0 { field(number, value) }
  }

  @inlinable public mutating func fieldUnlessZero(_ number: UInt32, _ value: Int64) {
    if value != 0 { field(number, UInt64(bitPattern: value)) }
  }

  @inlinable public mutating func fieldIfTrue(_ number: UInt32, _ value: Bool) {
    if value { field(number, 1) }
  }

  /// A string.
  @inlinable public mutating func field(_ number: UInt32, _ content: Span<UInt8>) {
    tag(number, .lengthDelimited)
    varint(UInt64(content.count))
    for i in content.indices { bytes.append(content[i]) }
  }

  /// Fields as they stood on the wire, tags included.
  @inlinable public mutating func raw(_ fields: [UInt8]) { bytes.append(contentsOf: fields) }

  /// A message, written by `content`.
  @inlinable public mutating func message(_ number: UInt32, _ content: (inout WireWriter) -> Void) {
    tag(number, .lengthDelimited)
    bytes.append(0)
    let start = bytes.count
    content(&self)
    close(from: start)
  }

  /// Puts the length before what was written since `start`, for which one byte is there.
  @inlinable mutating func close(from start: Int) {
    let count = bytes.count &- start
    let missing = Varint.size(UInt64(count)) &- 1
    if missing > 0 {
      for _ in 0..<missing { bytes.append(0) }
      var at = start &+ count &- 1
      while at >= start {
        bytes[at &+ missing] = bytes[at]
        at &-= 1
      }
    }
    var rest = UInt64(count)
    var at = start &- 1
    while rest >= 0x80 {
      bytes[at] = UInt8(truncatingIfNeeded: rest) | 0x80
      rest &>>= 7
      at &+= 1
    }
    bytes[at] = UInt8(truncatingIfNeeded: rest)
  }
}
