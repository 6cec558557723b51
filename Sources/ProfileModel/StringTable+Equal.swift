extension StringTable {
  /// For every string the first one with the same bytes; nil where no two are equal, as in every table that a good writer
  /// made. O(bytes).
  public func firstOfEqual() -> [StringIndex]? {
    var index = HashIndex(minimumCapacity: count)
    var first = [StringIndex](repeating: .empty, count: count)
    var anyEqual = false
    let arena = bytes.span
    // So that no input can be made to fall on one slot. No order comes of it.
    let seed = HashSeed.next()
    for i in 0..<count {
      let own = range(StringIndex(i))
      var hash = seed
      for at in own { hash = (hash ^ UInt64(arena[at])) &* 0x100_0000_01b3 }
      hash = HashIndex.mix(hash)
      var probe = index.probe(hash)
      var found: StringIndex?
      while found == nil, let candidate = index.next(&probe) {
        let other = StringIndex(rawValue: candidate)
        if equals(other, arena.extracting(own)) { found = other }
      }
      if let found {
        first[i] = found
        anyEqual = true
      } else {
        first[i] = StringIndex(i)
        index.insert(hash, UInt32(i))
      }
    }
    return anyEqual ? first : nil
  }
}
