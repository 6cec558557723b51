import ProfileModel
import ProtobufWire

/// Tells runs of wire bytes apart, so that what stands in a million samples is decoded once. Keys are numbered from 0 in
/// the order in which they come.
///
/// A key's bytes are not copied: they stay where they stand in the input. Keys that stand nowhere in one piece are held here.
struct WireKeys {
  private struct Key {
    /// In the input; or, below 0, the complement of where it is in `own`.
    var start: Int
    var count: Int
  }

  /// A run of the input that is looked up together with others.
  struct Wanted {
    var start = 0
    var count = 0
    var hash: UInt64 = 0
    /// The key that it equals, or `.max` where ``findAll(_:count:in:)`` does not see one.
    var key = UInt32.max
    fileprivate var slot: UInt64 = 0
    fileprivate var keyStart = 0
    /// Whether the first and the last eight bytes are the key's.
    fileprivate var fits = false

    var range: Range<Int> { start..<start &+ count }
  }

  private var index = HashIndex()
  private var keys: [Key] = []
  private var own: [UInt8] = []
  // Of this table alone: nobody can prepare an input whose keys collide.
  private let seed = HashSeed.next()
  private let secret = HashSeed.next() | 1

  var count: Int { keys.count }

  @inline(__always)
  func hash(_ bytes: Span<UInt8>, _ range: Range<Int>) -> UInt64 {
    var hash = seed ^ UInt64(truncatingIfNeeded: range.count)
    var at = range.lowerBound
    while range.upperBound &- at >= 16 {
      hash = Self.fold(loadWord(bytes, at: at) ^ secret, loadWord(bytes, at: at &+ 8) ^ hash)
      at &+= 16
    }
    if range.upperBound &- at >= 8 {
      hash = Self.fold(loadWord(bytes, at: at) ^ hash, secret)
      at &+= 8
    }
    if at < range.upperBound { hash = Self.fold(Self.tail(bytes, at: at, range.upperBound &- at) ^ hash, secret) }
    return HashIndex.mix(hash)
  }

  /// The key that equals `range` of `bytes`, which are `input` or bytes of the caller's own.
  @inline(__always)
  func find(_ hash: UInt64, _ range: Range<Int>, of bytes: Span<UInt8>, input: Span<UInt8>) -> UInt32? {
    var probe = index.probe(hash)
    while let candidate = index.next(&probe) {
      let key = keys[Int(candidate)]
      if key.count != range.count { continue }
      if key.start >= 0 {
        if Self.equal(bytes, range, input, key.start) { return candidate }
      } else if Self.equal(bytes, range, own.span, ~key.start) {
        return candidate
      }
    }
    return nil
  }

  /// Looks up the first `count` of `wanted`. One after another, each would wait for memory again and again: for its slot, for
  /// its key, for the key's bytes. So memory is asked for all slots, then for all keys, then for the ends of all bytes; and
  /// the waits overlap.
  ///
  /// Looks at the first key under each hash only. What it does not find may still be there: ask ``find(_:_:of:input:)``.
  @_lifetime(wanted: copy wanted)
  func findAll(_ wanted: inout MutableSpan<Wanted>, count: Int, in input: Span<UInt8>) {
    for i in 0..<count { index.prefetch(wanted[i].hash) }
    if keys.isEmpty {
      for i in 0..<count { wanted[i].key = .max }
      return
    }
    for i in 0..<count {
      wanted[i].slot = index.peek(wanted[i].hash)
      prefetch(keys.span, at: Int(UInt32(truncatingIfNeeded: wanted[i].slot) &- 1))
    }
    for i in 0..<count {
      let slot = wanted[i].slot
      let isHit = slot != 0 && slot &>> 32 == wanted[i].hash &>> 32
      let position = isHit ? UInt32(truncatingIfNeeded: slot) &- 1 : 0
      let key = keys[Int(position)]
      let isLike = isHit && key.count == wanted[i].count && key.start >= 0
      wanted[i].key = isLike ? position : .max
      // What has no key is compared with itself.
      wanted[i].keyStart = isLike ? key.start : wanted[i].start
      if isLike {
        prefetch(input, at: key.start)
        prefetch(input, at: key.start &+ key.count &- 1)
      }
    }
    for i in 0..<count {
      let (start, other) = (wanted[i].start, wanted[i].keyStart)
      let rest = max(0, wanted[i].count &- 8)
      // Within 16 bytes of the end of the input there may be no words: let `find` look.
      if max(start, other) &+ rest &+ 8 > input.count {
        wanted[i].key = .max
        continue
      }
      let first = loadWord(input, at: start) ^ loadWord(input, at: other)
      let last = loadWord(input, at: start &+ rest) ^ loadWord(input, at: other &+ rest)
      wanted[i].fits = wanted[i].count < 8 || first | last == 0
    }
    for i in 0..<count where wanted[i].key != .max {
      if !wanted[i].fits || !Self.equal(input, wanted[i].range, input, wanted[i].keyStart) { wanted[i].key = .max }
    }
  }

  /// Adds a key that stands in the input.
  mutating func insert(_ hash: UInt64, _ range: Range<Int>) {
    index.insert(hash, UInt32(truncatingIfNeeded: keys.count))
    keys.append(Key(start: range.lowerBound, count: range.count))
  }

  /// Adds a key that stands nowhere else.
  mutating func insert(_ hash: UInt64, copying bytes: [UInt8]) {
    index.insert(hash, UInt32(truncatingIfNeeded: keys.count))
    keys.append(Key(start: ~own.count, count: bytes.count))
    own.append(contentsOf: bytes)
  }

  @inline(__always)
  private static func fold(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let product = a.multipliedFullWidth(by: b)
    return product.high ^ product.low
  }

  @inline(__always)
  private static func equal(_ a: Span<UInt8>, _ range: Range<Int>, _ b: Span<UInt8>, _ start: Int) -> Bool {
    var at = range.lowerBound
    var other = start
    while range.upperBound &- at >= 8 {
      if loadWord(a, at: at) != loadWord(b, at: other) { return false }
      at &+= 8
      other &+= 8
    }
    let rest = range.upperBound &- at
    return rest == 0 || tail(a, at: at, rest) == tail(b, at: other, rest)
  }

  /// One to seven bytes as a word.
  @inline(__always)
  private static func tail(_ bytes: Span<UInt8>, at: Int, _ count: Int) -> UInt64 {
    if bytes.count &- at >= 8 { return loadWord(bytes, at: at) & ((1 &<< UInt64(count &* 8)) &- 1) }
    return lastBytes(bytes, at: at, count)
  }

  @inline(never)
  private static func lastBytes(_ bytes: Span<UInt8>, at: Int, _ count: Int) -> UInt64 {
    var word: UInt64 = 0
    for i in 0..<count { word |= UInt64(bytes[at + i]) << UInt64(8 * i) }
    return word
  }
}
