import ProfileModel

/// Where unknown fields stand, kept by the kind of their owner until all is read: ``UnknownFields`` wants them in the order
/// of the owners, and the wire may have them in any.
struct PendingUnknown {
  private struct Entry {
    var owner: Int
    var range: Range<Int>
  }

  enum Kind: Int, CaseIterable {
    case profile, periodType, sampleType, sample, label, mapping, location, line, function
  }

  private var entries = [[Entry]](repeating: [], count: Kind.allCases.count)

  mutating func append(_ range: Range<Int>, to kind: Kind, _ owner: Int = 0) {
    entries[kind.rawValue].append(Entry(owner: owner, range: range))
  }

  mutating func removeAll(_ kind: Kind) { entries[kind.rawValue] = [] }

  /// How many of `kind` there are, to take back to with ``truncate(_:to:)``.
  func count(_ kind: Kind) -> Int { entries[kind.rawValue].count }

  mutating func truncate(_ kind: Kind, to count: Int) {
    entries[kind.rawValue].removeLast(entries[kind.rawValue].count - count)
  }

  func collect(from bytes: Span<UInt8>) -> UnknownFields {
    var fields = UnknownFields()
    for kind in Kind.allCases {
      for entry in entries[kind.rawValue] {
        var copy: [UInt8] = []
        copy.reserveCapacity(entry.range.count)
        for i in entry.range { copy.append(bytes[i]) }
        fields.append(copy, to: owner(kind, entry.owner))
      }
    }
    return fields
  }

  private func owner(_ kind: Kind, _ index: Int) -> UnknownFields.Owner {
    switch kind {
    case .profile: .profile
    case .periodType: .periodType
    case .sampleType: .sampleType(index)
    case .sample: .sample(index)
    case .label: .label(index)
    case .mapping: .mapping(index)
    case .location: .location(index)
    case .line: .line(index)
    case .function: .function(index)
    }
  }
}
