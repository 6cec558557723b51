import ProfileModel

/// Finds the mapping that an address lies in, which is the default of a location's mapping, for writer and reader alike.
/// Where mappings overlap, it finds none at all.
struct MappingRanges {
  /// By start.
  private var ranges: [(start: UInt64, limit: UInt64, mapping: MappingIndex)] = []

  init(_ mappings: [Mapping]) {
    for (i, mapping) in mappings.enumerated() where mapping.start < mapping.limit {
      ranges.append((mapping.start, mapping.limit, MappingIndex(i)))
    }
    ranges.sort { ($0.start, $0.mapping) < ($1.start, $1.mapping) }
    for i in ranges.indices.dropFirst() where ranges[i].start < ranges[i - 1].limit {
      ranges = []
      return
    }
  }

  /// O(log mappings).
  func mapping(holding address: UInt64) -> MappingIndex {
    var low = 0
    var high = ranges.count
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].start <= address { low = middle + 1 } else { high = middle }
    }
    if low == 0 || address >= ranges[low - 1].limit { return .none }
    return ranges[low - 1].mapping
  }
}
