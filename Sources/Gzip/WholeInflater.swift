/// Fills buffers with the inflated bytes of one whole gzip file, and can be asked to go on with more room.
protocol WholeInflater: ~Copyable {
  /// Compressed bytes taken for what ``fill`` has given so far.
  var consumed: Int { get }

  /// Goes on behind what it gave before. `data` is the whole file, always the same; `output` is the room that is left, and
  /// `count` becomes how much of it is filled.
  mutating func fill(
    from data: Span<UInt8>, _ output: UnsafeMutableBufferPointer<UInt8>, count: inout Int
  ) -> WholeOutcome
}

enum WholeOutcome {
  /// All is inflated.
  case end
  /// More room is needed.
  case full
  case failed(GzipError)
}

/// With zlib, which says precisely what is wrong with damaged data.
struct ZlibWholeInflater: ~Copyable, WholeInflater {
  private var inflater: MemberInflater
  private(set) var consumed = 0

  init() throws(GzipError) {
    guard let inflater = MemberInflater() else { throw GzipError(.noMemory, offset: 0) }
    self.inflater = inflater
  }

  mutating func fill(
    from data: Span<UInt8>, _ output: UnsafeMutableBufferPointer<UInt8>, count: inout Int
  ) -> WholeOutcome {
    switch unsafe inflater.run(data, from: &consumed, into: output, count: &count) {
    case .full: .full
    case .failed(let error): .failed(error)
    case .needInput: inflater.isAtEnd ? .end : .failed(inflater.truncated())
    }
  }
}

#if LIBDEFLATE
  import CDeflate

  /// With libdeflate, which is twice as fast and wants a whole member and all its room at once: a member that did not fit is
  /// begun again. What it refuses, for whatever reason, is left to zlib to judge.
  @safe struct DeflateWholeInflater: ~Copyable, WholeInflater {
    private let decompressor: OpaquePointer
    private(set) var consumed = 0

    /// nil where there is no memory.
    init?() {
      guard let decompressor = unsafe libdeflate_alloc_decompressor() else { return nil }
      unsafe self.decompressor = decompressor
    }

    deinit { unsafe libdeflate_free_decompressor(decompressor) }

    mutating func fill(
      from data: Span<UInt8>, _ output: UnsafeMutableBufferPointer<UInt8>, count: inout Int
    ) -> WholeOutcome {
      guard let out = output.baseAddress else { return .full }
      let refused = WholeOutcome.failed(GzipError(.damaged(.data), offset: consumed))
      repeat {
        var position = consumed
        var header = MemberHeader()
        guard header.consume(data, from: &position) == .complete else { return refused }
        var taken = 0
        var given = 0
        let result = unsafe data.withUnsafeBufferPointer { bytes in
          guard let start = bytes.baseAddress else { return LIBDEFLATE_BAD_DATA }
          return unsafe libdeflate_deflate_decompress_ex(
            decompressor, start + position, bytes.count - position, out + count, output.count - count, &taken, &given)
        }
        if result == LIBDEFLATE_INSUFFICIENT_SPACE { return .full }
        guard result == LIBDEFLATE_SUCCESS else { return refused }
        position += taken
        let crc = unsafe Gzip.crc32(0, UnsafeBufferPointer(rebasing: output[count..<(count + given)]))
        guard data.count - position >= 8, data.littleEndian32(at: position) == crc,
          data.littleEndian32(at: position + 4) == UInt32(truncatingIfNeeded: given)
        else { return refused }
        consumed = position + 8
        count += given
      } while consumed < data.count
      return .end
    }
  }
#endif

extension Span<UInt8> {
  func littleEndian32(at position: Int) -> UInt32 {
    var value: UInt32 = 0
    for i in 0..<4 { value |= UInt32(self[position + i]) << (8 * UInt32(i)) }
    return value
  }
}
