/// The code points of bytes that should be UTF-8, and the bytes that are none.
///
/// `@inlinable`, since readers and writers of text ask of every character, in other targets.
@frozen public struct UTF8Runes {
  @frozen public struct Rune {
    /// U+FFFD for a byte that belongs to no code point.
    public var value: UInt32
    public var range: Range<Int>
    public var isValid: Bool

    @usableFromInline init(value: UInt32, range: Range<Int>, isValid: Bool) {
      self.value = value
      self.range = range
      self.isValid = isValid
    }
  }

  @usableFromInline let bytes: [UInt8]
  @usableFromInline var at = 0

  @inlinable public init(_ bytes: [UInt8]) { self.bytes = bytes }

  public mutating func next() -> Rune? {
    if at == bytes.count { return nil }
    let start = at
    let length = Self.length(bytes.span, at: at)
    at += max(length, 1)
    if length == 0 { return Rune(value: 0xfffd, range: start..<at, isValid: false) }
    var value = UInt32(bytes[start])
    if length > 1 { value &= 0x7f >> UInt32(length) }
    for i in start + 1..<max(start + 1, at) { value = value << 6 | UInt32(bytes[i] & 0x3f) }
    return Rune(value: value, range: start..<at, isValid: true)
  }

  /// How many bytes the code point at `at` has: 1 to 4, or 0 where there is none. Overlong forms, surrogates and what is
  /// beyond U+10FFFF are none (Unicode, table 3-7).
  @inlinable @inline(__always)
  public static func length(_ bytes: Span<UInt8>, at: Int) -> Int {
    let first = bytes[at]
    if first < 0x80 { return 1 }
    let length: Int
    var second: ClosedRange<UInt8> = 0x80...0xbf
    switch first {
    case 0xc2...0xdf: length = 2
    case 0xe0: (length, second) = (3, 0xa0...0xbf)
    case 0xed: (length, second) = (3, 0x80...0x9f)
    case 0xe1...0xef: length = 3
    case 0xf0: (length, second) = (4, 0x90...0xbf)
    case 0xf4: (length, second) = (4, 0x80...0x8f)
    case 0xf1...0xf3: length = 4
    default: return 0
    }
    if at + length > bytes.count || !second.contains(bytes[at + 1]) { return 0 }
    for i in at + 2..<max(at + 2, at + length) where bytes[i] & 0xc0 != 0x80 { return 0 }
    return length
  }
}
