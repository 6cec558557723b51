#if LIBDEFLATE
  import CDeflate
#else
  import CZlibShims
#endif

/// gzip (RFC 1952): whole buffers, prefixes and checksums. For streams there is ``InflateStream``, for many members in a row
/// ``Deflater``.
///
/// Whole buffers go through libdeflate, streams through zlib; without the package trait `libdeflate`, zlib does everything.
public enum Gzip {
  /// Whether data with this beginning is gzip: `1f 8b`, as pprof decides.
  public static func isGzip(_ prefix: Span<UInt8>) -> Bool {
    prefix.count >= 2 && prefix[0] == 0x1f && prefix[1] == 0x8b
  }

  /// The CRC-32 of gzip and zlib, carried on from `seed`: 0 for the first piece, then the result of the piece before.
  /// O(n), several GB/s with libdeflate.
  public static func crc32(_ seed: UInt32 = 0, _ bytes: Span<UInt8>) -> UInt32 {
    unsafe bytes.withUnsafeBufferPointer { unsafe crc32(seed, $0) }
  }

  static func crc32(_ seed: UInt32, _ bytes: UnsafeBufferPointer<UInt8>) -> UInt32 {
    guard let start = bytes.baseAddress, !bytes.isEmpty else { return seed }
    #if LIBDEFLATE
      return unsafe libdeflate_crc32(seed, start, bytes.count)
    #else
      return UInt32(truncatingIfNeeded: unsafe crc32_z(UInt(seed), start, bytes.count))
    #endif
  }
}
