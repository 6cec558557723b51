/// Positions in a table, found by hash: the table holds the entries, this holds only where they are. What makes two
/// entries equal is the caller's business:
///
///     var probe = index.probe(hash)
///     while let candidate = index.next(&probe) {
///       if table[candidate] == wanted { return candidate }
///     }
///     index.insert(hash, UInt32(table.count))
///
/// Open addressing over 64-bit slots, the upper half of the hash beside the position, so that an entry is looked at only
/// when it is most probably the right one. Only the upper 32 bits of a hash count: use ``mix(_:)``. Nothing is ever taken
/// in the order of the slots.
///
/// `@inlinable`, since samples by the million go through it in other targets.
@frozen public struct HashIndex: Sendable {
  /// 0 is free; else the upper 32 bits of the hash, and the position + 1.
  @usableFromInline var slots: [UInt64]
  @usableFromInline var used = 0

  @inlinable public init(minimumCapacity: Int = 8) {
    var size = 16
    while size < minimumCapacity * 2 { size *= 2 }
    slots = [UInt64](repeating: 0, count: size)
  }

  @inlinable public var count: Int { used }

  /// Spreads a weak hash over all 64 bits (the finalizer of SplitMix64).
  @inlinable public static func mix(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9e37_79b9_7f4a_7c15
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// A walk over the positions that were inserted under one hash.
  @frozen public struct Probe {
    @usableFromInline var at: Int
    @usableFromInline let tag: UInt64

    @inlinable init(at: Int, tag: UInt64) {
      self.at = at
      self.tag = tag
    }
  }

  @inlinable public func probe(_ hash: UInt64) -> Probe {
    Probe(at: Int(truncatingIfNeeded: hash >> 32) & (slots.count &- 1), tag: hash >> 32)
  }

  /// What stands where a probe begins: 0 where nothing is under this hash; else the upper half of some hash, and its
  /// position + 1. For looking at many hashes before the first answer is needed, so that the waits for memory overlap.
  @inlinable @inline(__always)
  public func peek(_ hash: UInt64) -> UInt64 { slots[Int(truncatingIfNeeded: hash >> 32) & (slots.count &- 1)] }

  /// Asks memory for the slot where a probe begins.
  @inlinable @inline(__always)
  public func prefetch(_ hash: UInt64) {
    ProfileModel.prefetch(slots.span, at: Int(truncatingIfNeeded: hash >> 32) & (slots.count &- 1))
  }

  /// The next position under the probe's hash, or nil where there are no more.
  @inlinable public func next(_ probe: inout Probe) -> UInt32? {
    while true {
      let slot = slots[probe.at]
      if slot == 0 { return nil }
      probe.at = (probe.at &+ 1) & (slots.count &- 1)
      if slot >> 32 == probe.tag { return UInt32(truncatingIfNeeded: slot) &- 1 }
    }
  }

  /// Adds a position under a hash. The caller has made sure that no equal entry is there. Amortised O(1).
  @inlinable public mutating func insert(_ hash: UInt64, _ position: UInt32) {
    if (used &+ 1) &* 2 > slots.count {
      let old = slots
      slots = [UInt64](repeating: 0, count: old.count * 2)
      for slot in old where slot != 0 { place(slot) }
    }
    place((hash >> 32) << 32 | UInt64(position &+ 1))
    used &+= 1
  }

  @inlinable mutating func place(_ slot: UInt64) {
    let mask = slots.count &- 1
    var at = Int(truncatingIfNeeded: slot >> 32) & mask
    while slots[at] != 0 { at = (at &+ 1) & mask }
    slots[at] = slot
  }
}
