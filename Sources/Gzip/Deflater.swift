#if LIBDEFLATE
  import CDeflate
#else
  import CZlibShims
#endif

/// Makes gzip members at one level, one after another, with one compressor. Each thread needs its own.
///
/// The bytes depend on the data, the level and the build (libdeflate or zlib, and their versions) alone: the header holds no
/// name and no time, and the system "unknown", as Go's compress/gzip writes it.
@safe public struct Deflater: ~Copyable {
  /// Levels from 0, which stores, to the slowest.
  #if LIBDEFLATE
    public static let levels = 0...12
  #else
    public static let levels = 0...9
  #endif

  public let level: Int
  #if LIBDEFLATE
    private let compressor: OpaquePointer
  #else
    private let stream: UnsafeMutablePointer<z_stream>
  #endif

  /// A level outside of ``levels`` is taken as the nearest one.
  ///
  /// - Throws: `noMemory`.
  public init(level: Int) throws(GzipError) {
    self.level = min(max(level, Self.levels.lowerBound), Self.levels.upperBound)
    #if LIBDEFLATE
      guard let compressor = unsafe libdeflate_alloc_compressor(Int32(self.level)) else {
        throw GzipError(.noMemory, offset: 0)
      }
      unsafe self.compressor = compressor
    #else
      unsafe stream = .allocate(capacity: 1)
      unsafe stream.initialize(to: z_stream())
      guard unsafe pprofconv_deflate_init(stream, Int32(self.level), -MAX_WBITS) == Z_OK else {
        unsafe stream.deallocate()
        throw GzipError(.noMemory, offset: 0)
      }
    #endif
  }

  deinit {
    #if LIBDEFLATE
      unsafe libdeflate_free_compressor(compressor)
    #else
      unsafe deflateEnd(stream)
      unsafe stream.deallocate()
    #endif
  }

  /// One member that holds `data`.
  public mutating func member(_ data: Span<UInt8>) -> [UInt8] {
    let bound = memberBound(data.count)
    return unsafe [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
      count = unsafe writeMember(data, into: UnsafeMutableBufferPointer(rebasing: buffer[..<bound]))
    }
  }

  private static let headerSize = 10
  private static let trailerSize = 8

  /// The most bytes that a member of `count` bytes takes.
  func memberBound(_ count: Int) -> Int {
    #if LIBDEFLATE
      let bound = unsafe libdeflate_deflate_compress_bound(compressor, count)
    #else
      let bound = Int(unsafe deflateBound(stream, UInt(count)))
    #endif
    return bound + Self.headerSize + Self.trailerSize
  }

  /// Writes a member into a buffer of at least ``memberBound(_:)`` bytes; returns its size.
  mutating func writeMember(_ data: Span<UInt8>, into buffer: UnsafeMutableBufferPointer<UInt8>) -> Int {
    // As Go says how it was compressed: 4 is fastest, 2 is best.
    let effort: UInt8 = level == 1 ? 4 : level >= 9 ? 2 : 0
    let header: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, effort, 255]
    for i in header.indices { unsafe buffer[i] = header[i] }
    var position = Self.headerSize
    let body = unsafe UnsafeMutableBufferPointer(rebasing: buffer[position..<(buffer.count - Self.trailerSize)])
    position += unsafe data.withUnsafeBufferPointer { unsafe deflateRaw($0, into: body) }
    for field in [Gzip.crc32(0, data), UInt32(truncatingIfNeeded: data.count)] {
      for i in 0..<4 { unsafe buffer[position + i] = UInt8(truncatingIfNeeded: field >> (8 * UInt32(i))) }
      position += 4
    }
    return position
  }

  private mutating func deflateRaw(
    _ data: UnsafeBufferPointer<UInt8>, into body: UnsafeMutableBufferPointer<UInt8>
  ) -> Int {
    #if LIBDEFLATE
      // Neither library takes a null pointer for no bytes.
      let start = unsafe data.baseAddress ?? UnsafePointer(body.baseAddress)
      return unsafe libdeflate_deflate_compress(compressor, start, data.count, body.baseAddress, body.count)
    #else
      unsafe deflateReset(stream)
      var taken = 0
      var given = 0
      while true {
        let offered = UInt32(clamping: data.count - taken)
        let room = UInt32(clamping: body.count - given)
        unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: data.baseAddress.map { unsafe $0 + taken })
        unsafe stream.pointee.avail_in = offered
        unsafe stream.pointee.next_out = body.baseAddress.map { unsafe $0 + given }
        unsafe stream.pointee.avail_out = room
        let isLast = taken + Int(offered) == data.count
        let result = unsafe deflate(stream, isLast ? Z_FINISH : Z_NO_FLUSH)
        taken += Int(offered - (unsafe stream.pointee.avail_in))
        given += Int(room - (unsafe stream.pointee.avail_out))
        // Z_STREAM_END: `body` is never too small, so nothing else ends it.
        if result != Z_OK { return given }
      }
    #endif
  }
}
