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

  private var tagName: Substring { tag.prefix { $0 != "/" } }

  /// What kind of heap profile the tag names where the sample types do not tell.
  var kind: String? {
    switch tagName {
    case "growth", "growthz": "heap growth"
    case "fragmentation", "fragmentationz": "heap fragmentation"
    default: nil
    }
  }

  /// Each number of the line with what it means.
  var explained: [(part: String, meaning: String)] {
    let number = Int64(tag.drop { $0 != "/" }.dropFirst())
    switch tagName {
    case "growth", "growthz":
      return [
        (inuseObjects, "times the heap grew"), (inuseBytes, "bytes that it grew by"),
        (tag, "a stack for each time the heap grew, which never shrinks"),
      ]
    case "fragmentation", "fragmentationz":
      return [(inuseObjects, "objects"), (inuseBytes, "bytes"), (tag, "where memory stays that is not used")]
    case "heapprofile":
      return counts("") + [(tag, "gperftools: every allocation was recorded, nothing is scaled")]
    case "heap_v2", "heapz_v2":
      guard let number else { break }
      return counts(" that were sampled") + [(tag, "gperftools: " + rate(number))]
    default: break
    }
    var parts = counts(" that were sampled")
    parts[3].meaning += " (newer Go prints one more where it would equal the bytes in use)"
    if let number { parts.append((tag, number > 2 ? "twice the rate: " + rate(number / 2) : rate(1))) }
    return parts
  }

  private func counts(_ sampled: String) -> [(part: String, meaning: String)] {
    [
      (inuseObjects, "objects in use" + sampled), (inuseBytes, "their bytes"),
      (allocObjects, "objects allocated since the start" + sampled + ", freed ones included"),
      (allocBytes, "their bytes"),
    ]
  }

  private func rate(_ period: Int64) -> String {
    period > 1
      ? "one sample in about \(period) allocated bytes; the totals below are scaled up by that"
      : "every allocation was recorded: nothing is scaled"
  }
}
