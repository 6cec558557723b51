import ProfileModel
import ProtobufWire

extension ProfileProto {
  /// Certain of bytes that are fields of a profile as far as they go; possible where only the first one is (a damaged
  /// file); no of text, in which some first letters are tags too.
  static func detect(_ prefix: Span<UInt8>, isWhole: Bool) -> Detection {
    if prefix.isEmpty { return isWhole ? .no : .needMore }
    if isText(prefix) { return .no }
    var reader = WireReader(prefix)
    var fields = 0
    // One number by itself is chance: a ZIP archive begins with a period of 75.
    var evidence = 0
    while !reader.isAtEnd {
      let start = reader.offset
      guard let tag = try? reader.tag() else {
        if evidence > 1, !isWhole, prefix.count - start < Varint.longest { return .certain }
        return evidence > 1 ? .possible : .no
      }
      guard isPlausible(tag, first: fields == 0) else { return evidence > 1 ? .possible : .no }
      let content = reader
      if (try? reader.skip(tag.type)) == nil {
        // The field runs past the end: of the prefix, or of the file.
        return evidence > 1 && !isWhole ? .certain : .possible
      }
      if fields < 16, !contentIsPlausible(content, tag, to: reader.offset) { return evidence > 1 ? .possible : .no }
      fields += 1
      evidence += tag.type == .lengthDelimited ? 2 : 1
    }
    return .certain
  }

  /// Whether a field with this tag can stand in a profile, and at its beginning be known to us.
  private static func isPlausible(_ tag: FieldTag, first: Bool) -> Bool {
    guard let field = ProtoSchema.field(tag.number, of: .profile) else { return !first && tag.number > 0 }
    if field.isDelimited { return tag.type == .lengthDelimited }
    return tag.type == .varint || field.isRepeated && tag.type == .lengthDelimited
  }

  /// Whether a message's own tags are ones that it can have.
  private static func contentIsPlausible(_ content: WireReader, _ tag: FieldTag, to end: Int) -> Bool {
    guard let field = ProtoSchema.field(tag.number, of: .profile), case .message(let message) = field.role else {
      return true
    }
    var outer = content
    guard var reader = try? outer.message() else { return false }
    while !reader.isAtEnd {
      guard let tag = try? reader.tag(), tag.number > 0 else { return false }
      if let field = ProtoSchema.field(tag.number, of: message) {
        guard
          tag.type == (field.isDelimited ? .lengthDelimited : .varint)
            || field.isRepeated && tag.type == .lengthDelimited
        else { return false }
      }
      guard (try? reader.skip(tag.type)) != nil else { return false }
    }
    return true
  }

  /// Whether the first bytes have no control characters but those of text. A profile has some within a few bytes: its tags
  /// and short lengths are such.
  private static func isText(_ prefix: Span<UInt8>) -> Bool {
    for i in 0..<min(prefix.count, 256) {
      switch prefix[i] {
      case 0x09, 0x0a, 0x0d: continue
      case 0x00..<0x20, 0x7f: return false
      default: continue
      }
    }
    return true
  }
}
