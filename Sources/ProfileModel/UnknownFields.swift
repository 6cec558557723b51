/// Fields of profile.proto that this version has no name for, as they stood on the wire, each with the message it was in.
/// They are written back behind the known fields of that message.
public struct UnknownFields: Sendable {
  /// The message that a field was found in. `label` and `line` count through their whole tables.
  public enum Owner: Hashable, Sendable, Comparable {
    case profile
    case periodType
    case sampleType(Int)
    case sample(Int)
    case label(Int)
    case mapping(Int)
    case location(Int)
    case line(Int)
    case function(Int)
  }

  public struct Entry: Hashable, Sendable {
    public var owner: Owner
    /// Whole fields, tag included, as bytes of the wire.
    public var bytes: [UInt8]

    public init(owner: Owner, bytes: [UInt8]) {
      self.owner = owner
      self.bytes = bytes
    }
  }

  /// In the order of the owners; at most one entry each, its fields in the order of the wire.
  public private(set) var entries: [Entry] = []

  public init() {}

  public var isEmpty: Bool { entries.isEmpty }

  /// Appends fields to what `owner` has. O(log n), but O(n) where owners do not come in order.
  public mutating func append(_ bytes: some Sequence<UInt8>, to owner: Owner) {
    let at = position(of: owner)
    if at < entries.count, entries[at].owner == owner {
      entries[at].bytes.append(contentsOf: bytes)
    } else {
      entries.insert(Entry(owner: owner, bytes: Array(bytes)), at: at)
    }
  }

  public subscript(owner: Owner) -> [UInt8]? {
    if entries.isEmpty { return nil }
    let at = position(of: owner)
    return at < entries.count && entries[at].owner == owner ? entries[at].bytes : nil
  }

  private func position(of owner: Owner) -> Int {
    if let last = entries.last, last.owner < owner { return entries.count }
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].owner < owner { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
