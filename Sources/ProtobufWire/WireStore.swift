// Stores into bytes that are there already, eight at a time: for who writes millions of fields, knows their sizes, and has
// room behind the last one. All of them trap where the room is missing.

/// Stores a varint at `at` and returns where the next byte goes. Bytes behind the varint change too, up to
/// ``Varint/longest`` from `at`: that much room must be there.
@inlinable @inline(__always) @_lifetime(bytes: copy bytes)
public func storeVarint(_ value: UInt64, in bytes: inout MutableSpan<UInt8>, at: Int) -> Int {
  if value < 0x80 {
    bytes[at] = UInt8(truncatingIfNeeded: value)
    return at &+ 1
  }
  return storeLongVarint(value, in: &bytes, at: at)
}

/// The same of a value below 2^28: an id, as a rule. Without a branch, since how long ids are is anybody's guess.
@inlinable @inline(__always) @_lifetime(bytes: copy bytes)
public func storeShortVarint(_ value: UInt64, in bytes: inout MutableSpan<UInt8>, at: Int) -> Int {
  let size = Varint.size(value)
  let spread = value & 0x7f | value &<< 1 & 0x7f00 | value &<< 2 & 0x7f_0000 | value &<< 3 & 0x7f00_0000
  let more: UInt64 = 0x0080_8080 & ((1 &<< UInt64((size &- 1) &* 8)) &- 1)
  storeWord(spread | more, in: &bytes, at: at)
  return at &+ size
}

@inlinable @inline(__always) @_lifetime(bytes: copy bytes)
func storeLongVarint(_ value: UInt64, in bytes: inout MutableSpan<UInt8>, at: Int) -> Int {
  let size = Varint.size(value)
  if size <= 8 {
    // A one in the top bit of each byte but the last.
    let more: UInt64 = 0x8080_8080_8080_8080 & ((1 &<< UInt64((size &- 1) &* 8)) &- 1)
    storeWord(Varint.spread(value) | more, in: &bytes, at: at)
    return at &+ size
  }
  // 57 to 64 bits: the first eight bytes carry 56 of them.
  storeWord(Varint.spread(value & 0x00ff_ffff_ffff_ffff) | 0x8080_8080_8080_8080, in: &bytes, at: at)
  let high = UInt8(truncatingIfNeeded: value &>> 56)
  if size == 9 {
    bytes[at &+ 8] = high
  } else {
    bytes[at &+ 8] = high | 0x80
    bytes[at &+ 9] = high &>> 7
  }
  return at &+ size
}

/// Stores eight bytes, the lowest first: the inverse of ``loadWord(_:at:)``, and one store as that is one load.
@inlinable @inline(__always) @_lifetime(bytes: copy bytes)
public func storeWord(_ word: UInt64, in bytes: inout MutableSpan<UInt8>, at: Int) {
  precondition(at >= 0 && at <= bytes.count &- 8, "outside the bytes")
  bytes[at] = UInt8(truncatingIfNeeded: word)
  bytes[at &+ 1] = UInt8(truncatingIfNeeded: word &>> 8)
  bytes[at &+ 2] = UInt8(truncatingIfNeeded: word &>> 16)
  bytes[at &+ 3] = UInt8(truncatingIfNeeded: word &>> 24)
  bytes[at &+ 4] = UInt8(truncatingIfNeeded: word &>> 32)
  bytes[at &+ 5] = UInt8(truncatingIfNeeded: word &>> 40)
  bytes[at &+ 6] = UInt8(truncatingIfNeeded: word &>> 48)
  bytes[at &+ 7] = UInt8(truncatingIfNeeded: word &>> 56)
}

/// Copies `count` bytes from before `to` to there, and returns where the next byte goes. Up to seven bytes behind the copy
/// change too.
///
/// - Precondition: `from + count <= to`.
@inlinable @inline(__always) @_lifetime(bytes: copy bytes)
public func copyWords(from: Int, count: Int, in bytes: inout MutableSpan<UInt8>, to: Int) -> Int {
  var done = 0
  while done < count {
    storeWord(loadWord(bytes.span, at: from &+ done), in: &bytes, at: to &+ done)
    done &+= 8
  }
  return to &+ count
}

/// Stores 32 bytes.
@inlinable @inline(__always) @_lifetime(bytes: copy bytes)
public func storeBlock(_ block: (UInt64, UInt64, UInt64, UInt64), in bytes: inout MutableSpan<UInt8>, at: Int) {
  precondition(at >= 0 && at <= bytes.count &- 32, "outside the bytes")
  storeWord(block.0, in: &bytes, at: at)
  storeWord(block.1, in: &bytes, at: at &+ 8)
  storeWord(block.2, in: &bytes, at: at &+ 16)
  storeWord(block.3, in: &bytes, at: at &+ 24)
}

/// Copies 32 bytes, as two loads and two stores (seen in the assembly of Swift 6.3.1, x86-64): for short texts, each copied
/// in as many blocks as it takes and overwritten behind its end by the next one.
@inlinable @inline(__always) @_lifetime(target: copy target)
public func copyBlock(_ source: Span<UInt8>, at from: Int, to target: inout MutableSpan<UInt8>, at: Int) {
  precondition(from >= 0 && from <= source.count &- 32, "outside the bytes")
  // All loads before the stores: only then are they one.
  let block = (
    loadWord(source, at: from), loadWord(source, at: from &+ 8), loadWord(source, at: from &+ 16),
    loadWord(source, at: from &+ 24)
  )
  storeBlock(block, in: &target, at: at)
}
