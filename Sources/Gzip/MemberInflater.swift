/// Inflates members one after another from pieces of any size, and checks them: header, data, checksum, size, and what
/// stands between. It decides what is an error, for streams and whole buffers alike.
struct MemberInflater: ~Copyable {
  enum Outcome {
    case needInput
    case full
    case failed(GzipError)
  }

  private enum Part: Equatable {
    case header
    case data
    case trailer(Int)
  }

  private var zlib: ZlibInflate
  private var part = Part.header
  private var header = MemberHeader()
  private var members = 0
  private var crc: UInt32 = 0
  /// Modulo 2^32, as the trailer says it.
  private var size: UInt32 = 0
  /// Compressed bytes taken.
  private(set) var consumed = 0
  /// Inflated bytes given out.
  private(set) var produced = 0
  /// Where the members ended, in both kinds of bytes.
  private(set) var ends: [Gzip.MemberEnd] = []

  init?() {
    guard let zlib = ZlibInflate() else { return nil }
    self.zlib = zlib
  }

  /// Whether the data may end here: behind a member, and not before the first.
  var isAtEnd: Bool { part == .header && !header.isInside && members > 0 }

  /// Takes input from `position` on until it is used up or `output` is full.
  mutating func run(
    _ input: Span<UInt8>, from position: inout Int, into output: UnsafeMutableBufferPointer<UInt8>, count: inout Int
  ) -> Outcome {
    while true {
      let before = position
      switch part {
      case .header:
        let start = consumed
        let wasInside = header.isInside
        let outcome = header.consume(input, from: &position)
        consumed += position - before
        switch outcome {
        case .needMore: return .needInput
        case .complete:
          zlib.reset()
          crc = 0
          size = 0
          part = .data
        case .noMember where members > 0:
          // Where a lone 1f ended the piece before, the garbage began with it.
          return failed(.trailingGarbage, at: wasInside ? start - 1 : start)
        case .noMember, .damaged: return failed(.damaged(.header), at: consumed)
        }
      case .data:
        let first = count
        let outcome = unsafe zlib.run(input, from: &position, into: output, count: &count)
        consumed += position - before
        produced += count - first
        size &+= UInt32(truncatingIfNeeded: count - first)
        unsafe crc = Gzip.crc32(crc, UnsafeBufferPointer(rebasing: output[first..<count]))
        switch outcome {
        case .needInput: return .needInput
        case .full: return .full
        case .end: part = .trailer(0)
        case .damaged: return failed(.damaged(.data), at: consumed)
        case .noMemory: return failed(.noMemory, at: consumed)
        }
      case .trailer(let index):
        guard position < input.count else { return .needInput }
        let field = index < 4 ? crc : size
        if input[position] != UInt8(truncatingIfNeeded: field >> (8 * UInt32(index & 3))) {
          return failed(.damaged(index < 4 ? .checksum : .size), at: consumed - (index & 3))
        }
        position += 1
        consumed += 1
        part = .trailer(index + 1)
        if index == 7 {
          members += 1
          ends.append(Gzip.MemberEnd(consumed: consumed, produced: produced))
          header = MemberHeader()
          part = .header
        }
      }
    }
  }

  /// The error of data that ends here, where it may not.
  func truncated() -> GzipError { GzipError(.truncated, offset: consumed, inflated: produced) }

  private func failed(_ kind: GzipError.Kind, at offset: Int) -> Outcome {
    .failed(GzipError(kind, offset: offset, inflated: produced))
  }
}
