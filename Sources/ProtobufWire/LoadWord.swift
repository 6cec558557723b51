/// Eight bytes as they stand in memory, the first one lowest (little endian).
///
/// For work on eight bytes at once: varints, hashing, comparing, the search for the end of a line. The optimizer makes one
/// comparison and one load of it (seen in the assembly of Swift 6.3.1, x86-64), so that nothing unsafe is needed.
///
/// - Precondition: `0 <= at && at + 8 <= bytes.count`; traps otherwise, as a subscript does.
@inlinable @inline(__always)
public func loadWord(_ bytes: Span<UInt8>, at: Int) -> UInt64 {
  precondition(at >= 0 && at <= bytes.count &- 8, "outside the bytes")
  var word = UInt64(bytes[at])
  word |= UInt64(bytes[at &+ 1]) &<< 8
  word |= UInt64(bytes[at &+ 2]) &<< 16
  word |= UInt64(bytes[at &+ 3]) &<< 24
  word |= UInt64(bytes[at &+ 4]) &<< 32
  word |= UInt64(bytes[at &+ 5]) &<< 40
  word |= UInt64(bytes[at &+ 6]) &<< 48
  word |= UInt64(bytes[at &+ 7]) &<< 56
  return word
}
