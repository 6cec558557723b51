import ProfileModel
import ProtobufWire

/// Two profiles that were joined, as `cat a.pb b.pb` does: one message to protobuf, in which every string and id comes twice.
enum GluedProto {
  /// Where the second begins, if both are profiles by themselves.
  static func second(_ bytes: [UInt8]) -> Int? {
    var candidates: [(at: Int, isLikeFirst: Bool)] = []
    var reader = WireReader(bytes.span)
    var first: UInt64?
    var hasStrings = false
    while !reader.isAtEnd {
      let start = reader.offset
      guard let tag = try? reader.tag(), (try? reader.skip(tag.type)) != nil else { return nil }
      if first == nil { first = tag.rawValue }
      if tag.rawValue == 0x32 {
        // Only the first string of a table is empty.
        if reader.offset - start == 2, hasStrings { break }
        hasStrings = true
        candidates = []
      } else if hasStrings, candidates.count < 32 {
        candidates.append((start, tag.rawValue == first))
      }
    }
    // A profile begins again as it began.
    for candidate in candidates.filter(\.isLikeFirst) + candidates.filter({ !$0.isLikeFirst }) {
      if isProfile(bytes[..<candidate.at]), isProfile(bytes[candidate.at...]) { return candidate.at }
    }
    return nil
  }

  private static func isProfile(_ bytes: ArraySlice<UInt8>) -> Bool {
    var diagnostics = Diagnostics()
    do throws(ProfileError) {
      let profile = try ProfileProto.decode(Array(bytes), diagnostics: &diagnostics)
      return !profile.columns.sampleTypes.isEmpty
    } catch {
      return false
    }
  }
}
