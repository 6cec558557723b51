/// Why gzip data could not be inflated, or not be made: plain data, to be put into words elsewhere.
public struct GzipError: Error, Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    /// The data ends inside a member.
    case truncated
    /// A part of a member cannot be what a compressor wrote.
    case damaged(Part)
    /// Behind the last member stand bytes that begin no other. Zero bytes count too: Go's compress/gzip refuses them, and
    /// pprof with it; gzip(1) passes over them.
    case trailingGarbage
    /// Inflated, the data is larger than this many bytes.
    case limit(Int)
    /// The system gave no memory.
    case noMemory
  }

  /// The parts of a member.
  public enum Part: Hashable, Sendable {
    /// Magic number, method, flags or the header's own checksum.
    case header
    /// The compressed data.
    case data
    /// The CRC-32 of the inflated data.
    case checksum
    /// The inflated size modulo 2^32.
    case size
  }

  public var kind: Kind
  /// Where in the compressed data: for `truncated` its end, for `trailingGarbage` the first byte of the garbage, for a checksum
  /// or a size the field itself, else how far the data was read.
  public var offset: Int
  /// How many bytes had been inflated before.
  public var inflated: Int

  public init(_ kind: Kind, offset: Int, inflated: Int = 0) {
    self.kind = kind
    self.offset = offset
    self.inflated = inflated
  }
}

extension GzipError: CustomStringConvertible {
  /// One sentence in lower case, without the offset.
  public var description: String {
    switch kind {
    case .truncated: "gzip data ends in the middle"
    case .damaged(.header): "damaged gzip header"
    case .damaged(.data): "damaged gzip data"
    case .damaged(.checksum): "gzip checksum does not match"
    case .damaged(.size): "gzip size field does not match"
    case .trailingGarbage: "trailing garbage behind the gzip data"
    case .limit(let size): "inflates to more than \(size) bytes"
    case .noMemory: "not enough memory to inflate or deflate"
    }
  }
}
