public import ProfileModel

/// Heap profiles of C++ programs as text: what gperftools dumps (`@ heapprofile`), what its servers sample (`@ heap_v2/R`,
/// `@ heapz_v2/R`), and where a heap grew or has holes (`@ growth`, `@ fragmentation`). They have the grammar of Go's heap
/// text, whose tag is `heap/2R`, and one reader.
public struct GperftoolsHeapReader: ProfileReader {
  public let info = FormatInfo(
    id: FormatID("gperftools-heap"), aliases: ["heapz", "growthz"], extensions: ["heap"],
    summary: "gperftools' heap, growth and fragmentation profiles of a C++ program, as text")

  public init() {}

  public func detect(_ prefix: Span<UInt8>, isWhole: Bool) -> Detection {
    switch GoHeapText.kind(prefix, isWhole: isWhole) {
    case .cpp: .certain
    case .go, .grouped, .other: .no
    case .unclear: .needMore
    }
  }

  public func read(
    _ source: inout ByteSource, options: ReadOptions, diagnostics: inout Diagnostics
  ) throws(ProfileError) -> Profile {
    try GoHeapText.read(&source, options: options, diagnostics: &diagnostics)
  }
}
