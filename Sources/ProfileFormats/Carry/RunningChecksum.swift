import Gzip
import ProfileModel

/// The CRC-32 of what goes through a sink, for the first line of a block.
struct RunningChecksum {
  private let isWanted: Bool
  private var checksum: UInt32 = 0
  /// How much of the sink's buffer has been counted, or was there before.
  private var counted: Int

  init(_ sink: borrowing ByteSink, isWanted: Bool) {
    self.isWanted = isWanted
    counted = sink.buffer.count
  }

  /// To be called once a record, instead of the sink's.
  @inline(__always)
  mutating func flushIfLarge(_ sink: inout ByteSink) throws(ProfileError) {
    if sink.buffer.count &- counted >= 1 << 18 || !isWanted { try flush(&sink) }
  }

  private mutating func flush(_ sink: inout ByteSink) throws(ProfileError) {
    if isWanted { count(sink) }
    try sink.flushIfLarge()
    counted = sink.buffer.count
  }

  private mutating func count(_ sink: borrowing ByteSink) {
    checksum = Gzip.crc32(checksum, sink.buffer.span.extracting(counted..<sink.buffer.count))
    counted = sink.buffer.count
  }

  /// Of all so far.
  mutating func value(_ sink: borrowing ByteSink) -> UInt32 {
    count(sink)
    return checksum
  }
}
