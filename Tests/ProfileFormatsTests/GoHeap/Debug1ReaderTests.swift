import Foundation
import ProfileModel
import TestSupport
import Testing

@testable import ProfileFormats

@Suite struct Debug1ReaderTests {
  static let pairs = (try? Fixture.all("debug1/valid"))?.filter { !$0.name.hasPrefix("synthetic") } ?? []
  static let synthetic = (try? Fixture.all("debug1/valid"))?.filter { $0.name.hasPrefix("synthetic") } ?? []
  static let invalid = (try? Fixture.all("debug1/invalid")) ?? []

  static func golden(_ fixture: Fixture) throws -> RawListing {
    let url = fixture.url.deletingPathExtension().appendingPathExtension("golden")
    return RawListing(parsing: String(decoding: try Data(contentsOf: url), as: UTF8.self))
  }

  static func read(_ bytes: [UInt8], chunk: Int? = nil) throws -> (profile: Profile, diagnostics: Diagnostics) {
    var diagnostics = Diagnostics()
    var source = ByteSource(bytes)
    if let chunk {
      var at = 0
      source = ByteSource { () throws(ProfileError) -> [UInt8] in
        let end = min(bytes.count, at + chunk)
        defer { at = end }
        return Array(bytes[at..<end])
      }
    }
    let profile = try Debug1Reader().read(&source, options: ReadOptions(), diagnostics: &diagnostics)
    return (profile, diagnostics)
  }

  @Test("Go's text has the samples of the protobuf of its instant", arguments: pairs)
  func equalsProtobuf(_ fixture: Fixture) throws {
    let (profile, _) = try Self.read(fixture.bytes)
    let ours = RawListing(profile)
    let theirs = try Self.golden(fixture)
    #expect(ours.types == theirs.types)
    #expect(ours.periodType == theirs.periodType)
    #expect(ours.period == theirs.period)
    #expect(!theirs.nonzero().isEmpty)
    // What the text cannot tell is rare: where a hidden frame was inlined into the first shown one.
    let joined = Set(theirs.samples.filter(\.isJoined).map(\.told))
    #expect(joined.count <= 1)
    #expect(ours.nonzero(telling: joined) == theirs.nonzero(telling: joined))
  }
}
