import CZlibShims

/// zlib's inflate of raw deflate data. The state lives behind a pointer, for zlib keeps the address of its `z_stream`.
@safe struct ZlibInflate: ~Copyable {
  enum Outcome {
    /// The input is used up and the deflate stream goes on.
    case needInput
    /// The output is full; more may come.
    case full
    /// The deflate stream ended.
    case end
    case damaged
    case noMemory
  }

  private let stream: UnsafeMutablePointer<z_stream>

  /// nil where there is no memory.
  init?() {
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    // A negative window size means: raw data, no header.
    guard unsafe pprofconv_inflate_init(stream, -MAX_WBITS) == Z_OK else {
      unsafe stream.deallocate()
      return nil
    }
  }

  deinit {
    unsafe inflateEnd(stream)
    unsafe stream.deallocate()
  }

  /// Begins another deflate stream.
  mutating func reset() { unsafe inflateReset(stream) }

  /// Inflates from `position` on, which moves behind what was taken, and counts up `count`, which is how much of `output` is
  /// filled.
  mutating func run(
    _ input: Span<UInt8>, from position: inout Int, into output: UnsafeMutableBufferPointer<UInt8>, count: inout Int
  ) -> Outcome {
    unsafe input.withUnsafeBufferPointer { bytes in
      // zlib refuses null pointers even where there is nothing to take.
      var nothing: UInt8 = 0
      return unsafe withUnsafeMutablePointer(to: &nothing) { empty in
        while true {
          let offered = UInt32(clamping: bytes.count - position)
          let room = UInt32(clamping: output.count - count)
          unsafe stream.pointee.next_in = UnsafeMutablePointer(
            mutating: bytes.baseAddress.map { unsafe $0 + position } ?? UnsafePointer(empty))
          unsafe stream.pointee.avail_in = offered
          unsafe stream.pointee.next_out = output.baseAddress.map { unsafe $0 + count } ?? empty
          unsafe stream.pointee.avail_out = room
          let result = unsafe inflate(stream, Z_NO_FLUSH)
          position += Int(offered - (unsafe stream.pointee.avail_in))
          count += Int(room - (unsafe stream.pointee.avail_out))
          switch result {
          case Z_STREAM_END: return .end
          // Also where the last byte fitted: the end of the stream may still be to come, and needs no room.
          case Z_OK: continue
          case Z_BUF_ERROR: return count == output.count ? .full : .needInput
          case Z_MEM_ERROR: return .noMemory
          default: return .damaged
          }
        }
      }
    }
  }
}
