import ProfileModel
import ProtobufWire

/// A label set's key is its fields as they stand on the wire. The same labels written otherwise are a set of their own: no
/// harm, and too rare to look for.
extension SampleDecoder {
  /// The set of label fields that stand together.
  mutating func addLabels(
    _ bytes: Span<UInt8>, _ range: Range<Int>, _ hash: UInt64
  ) throws(WireError) -> LabelSetIndex {
    if range.isEmpty { return .empty }
    if let found = labelKeys.find(hash, range, of: bytes, input: bytes) { return LabelSetIndex(rawValue: found) }
    try readLabels(WireReader(bytes, range))
    labelKeys.insert(hash, range)
    return endLabelSet()
  }

  /// The set of `labelFields`, which do not stand together.
  mutating func addLabelFields(_ bytes: Span<UInt8>) throws(WireError) -> LabelSetIndex {
    if labelFields.isEmpty { return .empty }
    var key: [UInt8] = []
    for field in labelFields {
      for i in field { key.append(bytes[i]) }
    }
    let hash = labelKeys.hash(key.span, 0..<key.count)
    if let found = labelKeys.find(hash, 0..<key.count, of: key.span, input: bytes) {
      return LabelSetIndex(rawValue: found)
    }
    for field in labelFields { try readLabels(WireReader(bytes, field)) }
    labelKeys.insert(hash, copying: key)
    return endLabelSet()
  }

  private mutating func endLabelSet() -> LabelSetIndex {
    labelOffsets.append(labels.count)
    return LabelSetIndex(labelOffsets.count - 2)
  }

  /// Reads label fields, tags included.
  private mutating func readLabels(_ fields: WireReader) throws(WireError) {
    var reader = fields
    while !reader.isAtEnd {
      _ = try reader.tag()
      try readLabel(try reader.message())
    }
  }

  private mutating func readLabel(_ message: WireReader) throws(WireError) {
    var reader = message
    var label = Label(key: .empty)
    while !reader.isAtEnd {
      let start = reader.offset
      let tag = try reader.tag()
      switch tag.rawValue {
      case 0x08: label.key = StringIndex(rawValue: UInt32(clamping: try reader.varint()))
      case 0x10: label.str = StringIndex(rawValue: UInt32(clamping: try reader.varint()))
      case 0x18: label.num = try reader.signed()
      case 0x20: label.unit = StringIndex(rawValue: UInt32(clamping: try reader.varint()))
      default:
        if tag.number >= 1, tag.number <= 4 { throw WireError(.typeMismatch, at: start) }
        try reader.skip(tag.type)
        unknown.append(start..<reader.offset, to: .label, labels.count)
      }
    }
    if label.str != .empty, label.unit.position >= stringCount {
      label.unit = .empty
      badUnits += 1
    }
    labels.append(label)
  }
}
