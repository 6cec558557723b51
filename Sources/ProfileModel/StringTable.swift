/// A profile's strings: bytes in one arena, told apart by where they end. Entry 0 is the empty string.
///
/// The bytes are kept as they were read; what is not UTF-8 survives a conversion and is repaired only for display.
public struct StringTable: Sendable {
  /// All strings, one after another.
  public private(set) var bytes: [UInt8] = []
  /// `ends[i]` is where string `i` ends in `bytes`; it begins where string `i - 1` ends.
  public private(set) var ends: [Int] = [0]

  public init() {}

  public var count: Int { ends.count }

  /// Where the string stands in ``bytes``.
  public func range(_ index: StringIndex) -> Range<Int> {
    let i = index.position
    return (i == 0 ? 0 : ends[i - 1])..<ends[i]
  }

  /// The bytes of a string, without a copy.
  public subscript(index: StringIndex) -> Span<UInt8> {
    @_lifetime(borrow self)
    get { bytes.span.extracting(range(index)) }
  }

  public func isEmpty(_ index: StringIndex) -> Bool { range(index).isEmpty }

  /// For display: what is not UTF-8 becomes U+FFFD.
  public func string(_ index: StringIndex) -> String {
    String(decoding: bytes[range(index)], as: UTF8.self)
  }

  /// Adds a string without looking whether it is there already; ``StringInterner`` does look.
  @discardableResult
  public mutating func append(_ string: Span<UInt8>) -> StringIndex {
    for i in string.indices { bytes.append(string[i]) }
    ends.append(bytes.count)
    return StringIndex(ends.count - 1)
  }

  @discardableResult
  public mutating func append(_ string: some Sequence<UInt8>) -> StringIndex {
    bytes.append(contentsOf: string)
    ends.append(bytes.count)
    return StringIndex(ends.count - 1)
  }

  @discardableResult
  public mutating func append(_ string: String) -> StringIndex { append(string.utf8) }

  public func equals(_ index: StringIndex, _ other: Span<UInt8>) -> Bool {
    let own = range(index)
    guard own.count == other.count else { return false }
    let arena = bytes.span
    for i in other.indices where arena[own.lowerBound + i] != other[i] { return false }
    return true
  }

  public func equals(_ index: StringIndex, _ other: String) -> Bool {
    bytes[range(index)].elementsEqual(other.utf8)
  }

  /// The first entry with these bytes. Linear in the size of the table.
  public func firstIndex(of string: String) -> StringIndex? {
    for i in 0..<count where equals(StringIndex(i), string) { return StringIndex(i) }
    return nil
  }
}

/// Finds strings that a table already has, so that each is stored once. Made beside a table that is being filled.
public struct StringInterner: Sendable {
  private var index = HashIndex()
  private let seed = HashSeed.next()

  public init() {}

  /// Knows the strings that `table` already has; of equal ones the first counts.
  public init(_ table: StringTable) {
    for i in 1..<max(1, table.count) {
      let hash = hash(of: table[StringIndex(i)])
      if find(table[StringIndex(i)], hash, in: table) == nil { index.insert(hash, UInt32(i)) }
    }
  }

  /// The index of `string` in `table`, to which it is appended where it is new. O(length).
  public mutating func intern(_ string: Span<UInt8>, in table: inout StringTable) -> StringIndex {
    if string.isEmpty { return .empty }
    let hash = hash(of: string)
    if let found = find(string, hash, in: table) { return found }
    let new = table.append(string)
    index.insert(hash, new.rawValue)
    return new
  }

  public mutating func intern(_ string: String, in table: inout StringTable) -> StringIndex {
    let bytes = Array(string.utf8)
    return intern(bytes.span, in: &table)
  }

  private func find(_ string: Span<UInt8>, _ hash: UInt64, in table: StringTable) -> StringIndex? {
    var probe = index.probe(hash)
    while let candidate = index.next(&probe) {
      if table.equals(StringIndex(rawValue: candidate), string) { return StringIndex(rawValue: candidate) }
    }
    return nil
  }

  private func hash(of string: Span<UInt8>) -> UInt64 {
    var hash = seed
    for i in string.indices { hash = (hash ^ UInt64(string[i])) &* 0x100_0000_01b3 }
    return HashIndex.mix(hash)
  }
}
