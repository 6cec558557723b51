extension Gzip {
  /// One gzip member that holds `data`. Memory: as much again as `data`, of which only what is written is touched.
  ///
  /// - Parameter level: See ``Deflater/levels``; one outside is taken as the nearest.
  /// - Throws: `noMemory`.
  public static func deflate(_ data: Span<UInt8>, level: Int) throws(GzipError) -> [UInt8] {
    var deflater = try Deflater(level: level)
    return deflater.member(data)
  }

  /// One gzip member that holds `data`; see ``deflate(_:level:)-(Span<UInt8>,_)``.
  public static func deflate(_ data: [UInt8], level: Int) throws(GzipError) -> [UInt8] {
    try deflate(data.span, level: level)
  }

  /// Several gzip members in a row, one for each piece of `data`, made by up to `jobs` threads. How many there are does not
  /// show in the bytes. Some readers stop behind the first member, so this is for those who know theirs.
  ///
  /// - Parameters:
  ///   - level: See ``Deflater/levels``; one outside is taken as the nearest.
  ///   - jobs: The most threads, this one included; no more run than the machine has cores.
  ///   - pieceSize: Bytes of `data` in a member. Small pieces compress worse: 1 MiB costs about 0.5 %.
  /// - Throws: `noMemory`.
  public static func deflateMembers(
    _ data: Span<UInt8>, level: Int, jobs: Int, pieceSize: Int = 1 << 20
  ) throws(GzipError) -> [UInt8] {
    var deflater = try Deflater(level: level)
    let size = max(1, min(pieceSize, data.count))
    let pieces = max(1, data.count / size + (data.count % size == 0 ? 0 : 1))
    let bound = deflater.memberBound(size)
    return unsafe [UInt8](unsafeUninitializedCapacity: pieces * bound) { buffer, count in
      count = unsafe data.withUnsafeBufferPointer { bytes in
        let task = unsafe MemberTask(data: bytes, pieceSize: size, pieces: pieces, bound: bound, output: buffer)
        task.run(threads: min(jobs, pieces), &deflater)
        return task.compact()
      }
    }
  }

  /// Several gzip members in a row; see ``deflateMembers(_:level:jobs:pieceSize:)-(Span<UInt8>,_,_,_)``.
  public static func deflateMembers(
    _ data: [UInt8], level: Int, jobs: Int, pieceSize: Int = 1 << 20
  ) throws(GzipError) -> [UInt8] {
    try deflateMembers(data.span, level: level, jobs: jobs, pieceSize: pieceSize)
  }
}
