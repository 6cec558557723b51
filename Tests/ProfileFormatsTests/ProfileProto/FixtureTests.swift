import Foundation
import Gzip
import ProfileFormats
import ProfileModel
import TestSupport
import Testing

struct FixtureTests {
  @Test(arguments: try Fixture.all("pb/invalid"))
  func `A file that pprof refuses is refused in the words beside it`(_ fixture: Fixture) throws {
    let bytes = try inflated(fixture)
    let error = try #require(throws: ProfileError.self) { try decode(bytes) }
    let golden = fixture.url.deletingPathExtension().appendingPathExtension("error")
    let expected = try? String(contentsOf: golden, encoding: .utf8)
    let words = error.description + "\n"
    if expected == nil || ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] == "1" {
      try words.write(to: golden, atomically: true, encoding: .utf8)
      Issue.record("wrote \(golden.lastPathComponent): read it, then run the test again")
    }
    #expect(expected == words)
    #expect(try Pprof.raw(fixture.url) == nil, "pprof reads it")
  }

  @Test(arguments: try Fixture.all("pb/valid"))
  func `What we write is to pprof what we read`(_ fixture: Fixture) throws {
    let folder = try TemporaryFolder()
    let file = folder.file("ours.pb")
    try Data(ProfileProto.encode(decode(inflated(fixture)))).write(to: file)
    let expected = try #require(try Pprof.raw(fixture.url))
    #expect(try Pprof.raw(file) == expected)
  }

  @Test(arguments: try Fixture.all("pb/valid"))
  func `A file that pprof wrote comes back byte for byte`(_ fixture: Fixture) throws {
    let folder = try TemporaryFolder()
    let file = folder.file("pprof.pb.gz")
    _ = try #require(try Pprof.run(["-proto", "-output=" + file.path], fixture.url))
    let bytes = try Gzip.inflate(Array(Data(contentsOf: file)).span, maximumSize: 1 << 26)
    let isSame = try ProfileProto.encode(decode(bytes)) == bytes
    #expect(isSame)
  }

  @Test func `Files in the repository that pprof wrote come back byte for byte`() throws {
    let written = try Fixture.all("pb/valid").filter { $0.name.hasPrefix("pprof-") }
    #expect(written.count == 6)
    for fixture in written {
      let bytes = try inflated(fixture)
      let isSame = try ProfileProto.encode(decode(bytes)) == bytes
      #expect(isSame, "\(fixture.name)")
    }
  }

  @Test(arguments: try Fixture.all("pb/valid").filter { $0.name.hasPrefix("synthetic-") })
  func `Every prefix of a file is an error or a profile`(_ fixture: Fixture) throws {
    let bytes = try inflated(fixture)
    var refused = 0
    for count in 0..<min(bytes.count, 1000) {
      do throws(ProfileError) {
        _ = try decode(Array(bytes.prefix(count)))
      } catch {
        refused += 1
        // An end within a field is an end, not damage.
        #expect([.truncated, .invalid, .empty, .malformed].contains(error.code))
        if case .byte(let offset) = error.place { #expect(offset <= count) }
      }
    }
    #expect(refused > 0)
  }

  @Test func `A mapping id without its mapping becomes none, and is told`() throws {
    let fixture = try #require(try Fixture.all("pb/valid").first { $0.name == "synthetic-unknown-mapping-id" })
    var diagnostics = Diagnostics()
    let profile = try ProfileProto.decode(try inflated(fixture), diagnostics: &diagnostics)
    #expect(profile.columns.locations.allSatisfy { $0.mapping == .none })
    #expect(diagnostics.counts.map(\.kind) == ["unknown-mapping"])
    #expect(diagnostics.items.map(\.place) == [.byte(0x0c)])
  }

  @Test func `Unknown fields keep the string table as it is`() throws {
    let fixture = try #require(try Fixture.all("pb/valid").first { $0.name == "synthetic-unknown-fields" })
    let bytes = try inflated(fixture)
    let before = try #require(ProtobufC(bytes))
    let after = try #require(ProtobufC(ProfileProto.encode(try decode(bytes))))
    #expect(!before.profile.unknown.isEmpty || before.profile.samples.contains { !$0.unknown.isEmpty })
    #expect(after.strings == before.strings)
  }

  @Test func `Stacks and label sets are stored once, however they are written`() throws {
    // Two ids one by one, packed, in two runs, with longer varints; labels apart from each other.
    let samples: [[UInt8]] = [
      [0x08, 1, 0x08, 2, 0x10, 5], [0x0a, 2, 1, 2, 0x10, 5], [0x10, 5, 0x0a, 1, 1, 0x0a, 1, 2],
      [0x08, 0x81, 0, 0x10, 5, 0x08, 2], [0x0a, 3, 1, 0x82, 0, 0x10, 5],
    ]
    var bytes: [UInt8] = [0x0a, 0]
    for sample in samples { bytes += [0x12, UInt8(sample.count)] + sample }
    bytes += [0x22, 2, 8, 1, 0x22, 2, 8, 2, 0x32, 0]
    let columns = try decode(bytes).columns
    #expect(columns.sampleCount == 5)
    #expect(columns.stackCount == 1)
    #expect(columns.stackLocations == [LocationIndex(0), LocationIndex(1)])
    #expect(columns.values == [5, 5, 5, 5, 5])
  }
}
