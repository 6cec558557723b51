import Testing

@testable import ProfileFormats
@testable import ProfileModel

/// The block behind grouped text, whose records stand beside sizes, labels and notes of their own.
struct GroupedCarryTests {
  @Test(arguments: [0, 1, 2], OddHeap.Shape.allCases)
  func `any profile comes back from ungrouped text with a block`(oddity: Int, shape: OddHeap.Shape) throws {
    for seed in 0..<40 as Range<UInt64> {
      let profile = try OddHeap.profile(seed: seed, oddity: oddity, shape: shape)
      var options = WriteOptions()
      options.carry = true
      var sink = ByteSink()
      let losses = try GroupedTextWriter().write(profile, to: &sink, options: options)
      #expect(losses.isEmpty)
      var source = ByteSource(sink.buffer)
      var diagnostics = Diagnostics()
      let back = try GroupedTextReader().read(&source, options: ReadOptions(), diagnostics: &diagnostics)
      let isEqual = ProfileProto.encode(back) == ProfileProto.encode(profile)
      #expect(isEqual, "seed \(seed): \(diagnostics.items)")
      if !isEqual { break }
    }
  }
}
