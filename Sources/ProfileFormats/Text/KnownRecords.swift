internal import ProfileModel
internal import ProtobufWire

/// Records that were read before, told by their bytes: the same stack stands in a text once for each size of object, with
/// the same addresses and the same comment lines, and need not be taken apart again.
///
/// The bytes themselves are not kept. Two records are one if 128 bits of a hash over their addresses, and 128 over their
/// comment lines, are the same. It is keyed at random in each run, so that no text can be made to collide.
///
/// A text may have many records of one stack of addresses that differ in their comments. Of these the last few are known,
/// and one whose comments were looked for in vain has only so many chances: what is hashed in vain is at most a few times
/// what was read.
struct KnownRecords {
  typealias Hash = (UInt64, UInt64)

  private struct Record {
    var addresses: Hash
    var comments: Hash
    var length: Int
    var lines: Int
    var stack: StackIndex
    /// How often its comments may yet be looked for in vain.
    var chances: UInt8 = 4
  }

  /// How many records of the same addresses are known.
  private static let perAddresses = 4

  private var records: [Record] = []
  private var index = HashIndex()
  private let keys = (HashSeed.next(), HashSeed.next(), HashSeed.next(), HashSeed.next())

  /// The stack of a record with these addresses and the comment lines that stand at `at`, the length of these, and how many
  /// they are; nil where it is new. What follows must be an empty line, or the next record.
  mutating func find(
    _ addresses: Hash, _ bytes: Span<UInt8>, at: Int
  ) -> (stack: StackIndex, length: Int, lines: Int)? {
    var probe = index.probe(addresses.0)
    while let candidate = index.next(&probe) {
      let record = records[Int(candidate)]
      let end = at &+ record.length
      guard record.addresses == addresses, record.chances > 0, end < bytes.count,
        bytes[end] == UInt8(ascii: "\n") || TextBytes.isDigit(bytes[end])
      else { continue }
      if hash(bytes, at..<end) == record.comments { return (record.stack, record.length, record.lines) }
      records[Int(candidate)].chances &-= 1
    }
    return nil
  }

  /// Remembers a record whose comment lines stand in `range`.
  mutating func add(_ addresses: Hash, _ bytes: Span<UInt8>, _ range: Range<Int>, lines: Int, stack: StackIndex) {
    let new = Record(
      addresses: addresses, comments: hash(bytes, range), length: range.count, lines: lines, stack: stack)
    var known = 0
    var worst: Int?
    var probe = index.probe(addresses.0)
    while let candidate = index.next(&probe) {
      let record = records[Int(candidate)]
      if record.addresses != addresses { continue }
      known += 1
      if worst.map({ record.chances < records[$0].chances }) ?? true { worst = Int(candidate) }
    }
    if let worst, known == Self.perAddresses || records[worst].chances == 0 {
      records[worst] = new
    } else {
      index.insert(addresses.0, UInt32(records.count))
      records.append(new)
    }
  }

  /// 32 bytes a step, in four chains of multiplications that do not wait for each other.
  func hash(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Hash {
    let length = UInt64(truncatingIfNeeded: range.count)
    var a = keys.0 ^ length
    var b = keys.1
    var c = keys.2 ^ length
    var d = keys.3
    var rest = bytes.extracting(range)
    while rest.count >= 32 {
      let w0 = loadWord(rest, at: 0)
      let w1 = loadWord(rest, at: 8)
      let w2 = loadWord(rest, at: 16)
      let w3 = loadWord(rest, at: 24)
      a = Self.fold(w0 ^ keys.1, w1 ^ a)
      b = Self.fold(w2 ^ keys.2, w3 ^ b)
      c = Self.fold(w0 ^ c, w1 ^ keys.3)
      d = Self.fold(w2 ^ d, w3 ^ keys.0)
      rest = rest.extracting(droppingFirst: 32)
    }
    while !rest.isEmpty {
      var word: UInt64 = 0
      if rest.count >= 8 {
        word = loadWord(rest, at: 0)
      } else {
        for i in rest.indices { word = word << 8 | UInt64(rest[i]) }
      }
      a = Self.fold(word ^ keys.1, a ^ keys.2)
      c = Self.fold(word ^ c, keys.3)
      rest = rest.extracting(droppingFirst: 8)
    }
    return (HashIndex.mix(Self.fold(a ^ keys.3, b ^ keys.0)), HashIndex.mix(Self.fold(c ^ keys.1, d ^ keys.2)))
  }

  @inline(__always)
  private static func fold(_ x: UInt64, _ y: UInt64) -> UInt64 {
    let product = x.multipliedFullWidth(by: y)
    return product.high ^ product.low
  }
}
