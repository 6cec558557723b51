/// How a field's content is told from what follows. Groups (3 and 4) are not read: google/pprof refuses them too.
@frozen public enum WireType: UInt8, Sendable {
  case varint = 0
  case fixed64 = 1
  case lengthDelimited = 2
  case fixed32 = 5
}

/// A field number and a wire type, as they stand before each field. A tag whose wire type does not exist cannot be made.
///
/// Numbers are 61 bits wide. protobuf itself ends at 2^29 − 1 and forbids 0; google/pprof skips fields with such numbers
/// like any other that it does not know, and so they are no error here.
@frozen public struct FieldTag: Hashable, Sendable {
  /// The number, shifted left by three, and the wire type.
  public let rawValue: UInt64

  /// nil for wire types 3, 4, 6 and 7.
  @inlinable public init?(rawValue: UInt64) {
    guard 0b0010_0111 >> (rawValue & 7) & 1 == 1 else { return nil }
    self.rawValue = rawValue
  }

  @inlinable public init(_ number: UInt32, _ type: WireType) {
    rawValue = UInt64(number) << 3 | UInt64(type.rawValue)
  }

  @inlinable public var number: UInt64 { rawValue >> 3 }

  @inlinable public var type: WireType {
    // Which of the four: `init` has seen to it that there is no fifth.
    switch rawValue & 7 {
    case 0: .varint
    case 1: .fixed64
    case 2: .lengthDelimited
    default: .fixed32
    }
  }
}
