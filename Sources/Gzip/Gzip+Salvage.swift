extension Gzip {
  /// Where a member ends.
  public struct MemberEnd: Hashable, Sendable {
    /// In compressed bytes.
    public var consumed: Int
    /// In inflated bytes.
    public var produced: Int
  }

  /// What could be inflated of damaged data.
  public struct Salvage: Sendable {
    public var bytes: [UInt8]
    /// The ends of the members that are whole.
    public var ends: [MemberEnd]
    /// What is wrong behind the bytes; nil where nothing is.
    public var error: GzipError?

    public init(bytes: [UInt8], ends: [MemberEnd] = [], error: GzipError? = nil) {
      self.bytes = bytes
      self.ends = ends
      self.error = error
    }
  }

  /// Inflates a gzip file up to where it ends or is damaged. What is changed but still inflates comes too: the error is then
  /// that of the checksum. Memory: the result.
  ///
  /// - Parameter maximumSize: How many bytes may come out; where there are more, the error is `limit`.
  public static func salvage(_ data: [UInt8], maximumSize: Int) -> Salvage {
    var bytes: [UInt8] = []
    var ends: [MemberEnd] = []
    do throws(GzipError) {
      var stream = try InflateStream(maximumSize: maximumSize)
      stream.feed(data)
      do throws(GzipError) {
        while let piece = try stream.next() { bytes.append(contentsOf: piece) }
        try stream.finish()
      } catch {
        return Salvage(bytes: bytes, ends: stream.ends, error: error)
      }
      ends = stream.ends
    } catch {
      return Salvage(bytes: bytes, ends: [], error: error)
    }
    return Salvage(bytes: bytes, ends: ends, error: nil)
  }
}
