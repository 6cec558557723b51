import Gzip
import ProfileFormats
import ProfileModel
import TestSupport
import Testing

// protobuf-c is the judge: it reads what we read and what we write, and we read what it writes.

func decode(_ bytes: [UInt8]) throws(ProfileError) -> Profile {
  var diagnostics = Diagnostics()
  return try ProfileProto.decode(bytes, diagnostics: &diagnostics)
}

func inflated(_ fixture: Fixture) throws -> [UInt8] {
  let bytes = try fixture.bytes
  return Gzip.isGzip(bytes.span) ? try Gzip.inflate(bytes.span, maximumSize: 1 << 26) : bytes
}

/// Stops at the first seed that fails: the others would say the same.
private func same<Value: Equatable>(_ a: Value, _ b: Value, _ seed: String) throws {
  try #require(a == b, "\(seed)")
}

struct ProtobufCTests {
  @Test(arguments: try Fixture.all("pb/valid"))
  func `protobuf-c reads from a fixture what we read`(_ fixture: Fixture) throws {
    let bytes = try inflated(fixture)
    let judge = try #require(ProtobufC(bytes))
    #expect(try PlainProfile(decode(bytes)) == judge.profile)
  }

  @Test(arguments: try Fixture.all("pb/valid"))
  func `protobuf-c reads from our output what it reads from the input`(_ fixture: Fixture) throws {
    let bytes = try inflated(fixture)
    let before = try #require(ProtobufC(bytes))
    let written = ProfileProto.encode(try decode(bytes))
    let after = try #require(ProtobufC(written))
    #expect(after.profile == before.profile)
  }

  @Test(arguments: try Fixture.all("pb/valid"))
  func `We read what protobuf-c writes`(_ fixture: Fixture) throws {
    let bytes = try inflated(fixture)
    let judge = try #require(ProtobufC(bytes))
    #expect(try PlainProfile(decode(judge.packed)) == judge.profile)
  }

  @Test(arguments: [false, true])
  func `Random profiles in random encodings come through like through protobuf-c`(unknownFields: Bool) throws {
    for seed in 0..<700 as Range<UInt64> {
      var random = RandomProfile(seed: seed)
      let plain = random.plain(unknownFields: unknownFields)
      var wire = RandomWire(seed: seed)
      let bytes = wire.bytes(plain)
      let judge = try #require(ProtobufC(bytes), "seed \(seed)")
      try same(judge.profile, plain, "seed \(seed): the generator and protobuf-c disagree")
      let profile = try decode(bytes)
      try same(try PlainProfile(profile), plain, "seed \(seed)")
      let written = ProfileProto.encode(profile)
      try same(ProtobufC(written)?.profile, plain, "seed \(seed)")
      try same(try PlainProfile(decode(judge.packed)), plain, "seed \(seed)")
      // What we write is stable: read and written again it is the same bytes.
      try same(try ProfileProto.encode(decode(written)), written, "seed \(seed)")
    }
  }

  @Test func `Columns that no reader made are written so that protobuf-c reads them`() throws {
    for seed in 0..<500 as Range<UInt64> {
      var random = RandomProfile(seed: seed)
      let profile = try Profile(random.columns())
      let written = ProfileProto.encode(profile)
      let judge = try #require(ProtobufC(written))
      try same(judge.profile, try PlainProfile(profile), "seed \(seed)")
    }
  }

  @Test func `Mutated bytes are refused, or read as protobuf-c reads them`() throws {
    var accepted = 0
    var refused = 0
    for seed in 0..<4000 as Range<UInt64> {
      var random = RandomProfile(seed: seed % 300)
      var wire = RandomWire(seed: seed)
      let bytes = wire.mutated(wire.bytes(random.plain(unknownFields: seed % 3 == 0)))
      let difference = WireDifference(bytes)
      guard let judge = ProtobufC(bytes) else {
        if difference.isRefusedByProtobufCOnly { continue }
        #expect(throws: ProfileError.self, "seed \(seed): protobuf-c refuses it") { try decode(bytes) }
        refused += 1
        continue
      }
      let profile: Profile
      do throws(ProfileError) {
        profile = try decode(bytes)
      } catch {
        refused += 1
        if difference.isRefusedByUsOnly || difference.isReadOtherwise { continue }
        #expect(error.code == .invalid || error.code == .empty, "seed \(seed): \(error)")
        #expect(Validity(judge).reason != nil, "seed \(seed): \(error)")
        continue
      }
      accepted += 1
      if difference.isReadOtherwise { continue }
      #expect(Validity(judge).reason == nil, "seed \(seed)")
      #expect(try PlainProfile(profile) == judge.profile, "seed \(seed)")
    }
    // The mutations must reach both sides.
    #expect(accepted > 400 && refused > 800, "\(accepted) accepted, \(refused) refused")
  }
}
