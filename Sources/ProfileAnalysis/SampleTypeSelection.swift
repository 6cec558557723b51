public import ProfileModel

/// Which of a profile's sample types is meant.
public enum SampleTypeSelection {
  /// What bpprof calls its four orders, and the sample types that these are: of a heap with four columns, or with two.
  private static let bpprofWords: [(word: String, types: [String])] = [
    ("inusebytes", ["inuse_space", "space"]), ("allocbytes", ["alloc_space", "space"]),
    ("inuseobjects", ["inuse_objects", "objects"]), ("allocobjects", ["alloc_objects", "objects"]),
  ]

  /// The position of the sample type that `word` names: a type of the profile, its position, or one of bpprof's words.
  ///
  /// - Throws: ``ProfileError`` with code `unsupported`; the hint lists the types.
  public static func index(of word: String, in profile: Profile) throws(ProfileError) -> Int {
    let names = profile.columns.sampleTypes.map { profile.string($0.type) }
    if let exact = names.firstIndex(of: word) { return exact }
    let types = bpprofWords.first { $0.word == word }?.types ?? []
    for type in types {
      if let index = names.firstIndex(of: type) { return index }
    }
    if let position = Int(word), names.indices.contains(position) { return position }
    let short = bpprofWords.filter { $0.types.contains(where: names.contains) }.map(\.word)
    throw ProfileError(
      .unsupported, "no sample type \(word) in this profile",
      hint: names.isEmpty
        ? "it has none"
        : "it has \(names.joined(separator: ", "))"
          + (short.isEmpty ? "" : "; bpprof's \(short.joined(separator: ", ")) are words for these, too"))
  }

  /// The sample type to show first where nobody asked for one: `inuse_space` (or `space`, its like in a heap of two
  /// columns), else the profile's default, else its last. nil where there is none.
  public static func defaultIndex(in profile: Profile) -> Int? {
    let columns = profile.columns
    let strings = columns.strings
    if let space = columns.sampleTypes.firstIndex(where: { strings.equals($0.type, "inuse_space") }) { return space }
    if let heap = HeapColumns(columns) { return heap.inuseSpace }
    let wanted = strings[columns.defaultSampleType]
    if !wanted.isEmpty, let named = columns.sampleTypes.firstIndex(where: { strings.equals($0.type, wanted) }) {
      return named
    }
    return columns.sampleTypes.indices.last
  }
}
