/// Varints in registers: seven bits a byte, lowest first, the top bit of each byte telling that another follows.
public enum Varint {
  /// The most bytes that 64 bits take.
  public static let longest = 10

  /// How many bytes `value` takes, 1…10.
  @inlinable @inline(__always)
  public static func size(_ value: UInt64) -> Int {
    // ceil(bits / 7) without a division, for bits in 1…64.
    let bits = 64 &- (value | 1).leadingZeroBitCount
    return (bits &* 9 &+ 64) &>> 6
  }

  /// Negative numbers take ten bytes: two's complement, no zigzag.
  @inlinable @inline(__always)
  public static func size(_ value: Int64) -> Int { size(UInt64(bitPattern: value)) }

  /// Takes the top bit out of each of eight bytes and closes the gaps: the value of a varint of at most eight bytes, given
  /// as a word in which the bytes behind it are 0.
  @inlinable @inline(__always)
  static func gather(_ word: UInt64) -> UInt64 {
    var x = word & 0x7f7f_7f7f_7f7f_7f7f
    x = (x & 0x007f_007f_007f_007f) | (x & 0x7f00_7f00_7f00_7f00) &>> 1
    x = (x & 0x0000_3fff_0000_3fff) | (x & 0x3fff_0000_3fff_0000) &>> 2
    return (x & 0x0000_0000_0fff_ffff) | (x & 0x0fff_ffff_0000_0000) &>> 4
  }

  /// The inverse of ``gather(_:)``, for values below 2^56: the bytes of the varint without their top bits.
  @inlinable @inline(__always)
  static func spread(_ value: UInt64) -> UInt64 {
    var x = (value & 0x0000_0000_0fff_ffff) | (value & 0x00ff_ffff_f000_0000) &<< 4
    x = (x & 0x0000_3fff_0000_3fff) | (x & 0x0fff_c000_0fff_c000) &<< 2
    return (x & 0x007f_007f_007f_007f) | (x & 0x3f80_3f80_3f80_3f80) &<< 1
  }
}
