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

  @Test(arguments: [0, 1, 2])
  func `any heap profile comes back to the byte of its protobuf`(oddity: Int) throws {
    for seed in 0..<70 as Range<UInt64> {
      let profile = try OddHeap.profile(seed: seed, oddity: oddity)
      let text = try Self.text(profile)
      var diagnostics = Diagnostics()
      let back = try Self.read(text, &diagnostics)
      let isEqual = ProfileProto.encode(back) == ProfileProto.encode(profile)
      #expect(isEqual, "seed \(seed)")
      for kind in ["edited-block", "damaged-block", "newer-block"] {
        #expect(diagnostics.count(of: kind) == 0, "seed \(seed): \(diagnostics.items)")
      }
      if !isEqual { break }
    }
  }

  @Test func `no line is too long for pprof`() throws {
    for seed in 0..<15 as Range<UInt64> {
      let text = try Self.text(OddHeap.profile(seed: seed, oddity: 2))
      let longest = text.split(separator: 0x0a).map(\.count).max() ?? 0
      #expect(longest < 65535, "seed \(seed)")
    }
  }
}
