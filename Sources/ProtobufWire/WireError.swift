/// Why bytes are no protobuf message: what is wrong and where. Plain data; who reads makes words of it.
@frozen public struct WireError: Error, Hashable, Sendable {
  @frozen public enum Kind: Hashable, Sendable {
    /// A varint or a fixed field runs past the end.
    case truncated
    /// A length-delimited field claims more bytes than its message has left.
    case lengthPastEnd
    /// A varint of more than ten bytes.
    case overlongVarint
    /// Wire type 3 or 4 (groups, long gone), 6 or 7 (never were).
    case wireType
    /// A known field in a wire type that it cannot have.
    case typeMismatch
  }

  public let kind: Kind
  /// Bytes from the start of the buffer that is read: where the varint, the length or the tag in question begins.
  public let offset: Int

  @inlinable public init(_ kind: Kind, at offset: Int) {
    self.kind = kind
    self.offset = offset
  }
}
