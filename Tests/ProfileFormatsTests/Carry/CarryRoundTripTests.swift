import Gzip
import TestSupport
import Testing

@testable import ProfileFormats
@testable import ProfileModel

struct CarryRoundTripTests {
  static func text(_ profile: Profile, carry: Bool? = nil) throws -> [UInt8] {
    var options = WriteOptions()
    options.carry = carry
    var sink = ByteSink()
    _ = try Debug1Writer().write(profile, to: &sink, options: options)
    return sink.buffer
  }

  static func read(_ text: [UInt8], _ diagnostics: inout Diagnostics) throws -> Profile {
    var source = ByteSource(text)
    return try Debug1Reader().read(&source, options: ReadOptions(), diagnostics: &diagnostics)
  }

  @Test(arguments: [0, 1, 2], [OddHeap.Shape.heap, .count, .contention])
  func `any profile that Go has a text of comes back to the byte of its protobuf`(
    oddity: Int, shape: OddHeap.Shape
  ) throws {
    for seed in 0..<100 as Range<UInt64> {
      let profile = try OddHeap.profile(seed: seed, oddity: oddity, shape: shape)
      let text = try Self.text(profile)
      var diagnostics = Diagnostics()
      let back = try Self.read(text, &diagnostics)
      let isEqual = ProfileProto.encode(back) == ProfileProto.encode(profile)
      #expect(isEqual, "seed \(seed): \(ProfileDifference.between(profile, back))")
      for kind in ["edited-block", "damaged-block", "newer-block"] {
        #expect(diagnostics.count(of: kind) == 0, "seed \(seed): \(diagnostics.items)")
      }
      if !isEqual { break }
    }
  }

  @Test(arguments: [OddHeap.Shape.heap, .count, .contention])
  func `no line is too long for pprof`(shape: OddHeap.Shape) throws {
    for seed in 0..<15 as Range<UInt64> {
      let text = try Self.text(OddHeap.profile(seed: seed, oddity: 2, shape: shape))
      let longest = text.split(separator: 0x0a).map(\.count).max() ?? 0
      #expect(longest < 65535, "seed \(seed)")
    }
  }
}
