/// The first line of a heap text, `heap profile: IO: IB [AO: AB] @ heap/N`, taken apart for people to understand.
struct HeapHeader: Hashable, Sendable {
  var inuseObjects: String
  var inuseBytes: String
  var allocObjects: String
  var allocBytes: String
  /// `heap/N`: the kind, and twice the rate.
  var tag: String

  init?(_ line: String) {
    guard line.hasPrefix("heap profile:") else { return nil }
    let words = line.dropFirst("heap profile:".count)
      .split { $0 == " " || $0 == "\t" || $0 == ":" || $0 == "[" || $0 == "]" }.map(String.init)
    guard words.count >= 6, words[4] == "@", words[..<4].allSatisfy({ Int64($0) != nil }) else { return nil }
    inuseObjects = words[0]
    inuseBytes = words[1]
    allocObjects = words[2]
    allocBytes = words[3]
    tag = words[5]
  }

  /// Each number of the line with what it means.
  var explained: [(part: String, meaning: String)] {
    var parts = [
      (inuseObjects, "objects in use that were sampled"),
      (inuseBytes, "their bytes"),
      (allocObjects, "objects allocated since the start that were sampled, freed ones included"),
      (allocBytes, "their bytes (newer Go prints one more where it would equal the bytes in use)"),
    ]
    if let twice = Int64(tag.drop { $0 != "/" }.dropFirst()) {
      let meaning =
        twice > 2
        ? "twice the rate: one sample in about \(twice / 2) allocated bytes; the totals below are scaled up by that"
        : "every allocation was recorded: nothing is scaled"
      parts.append((tag, meaning))
    }
    return parts
  }
}
