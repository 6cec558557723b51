import Foundation
import ProfileModel
import TestSupport
import Testing

@testable import ProfileFormats

@Suite struct Debug1ReaderTests {
  /// Texts of Go's runtime; the golden is what pprof prints of the protobuf of the same instant.
  static let pairs = (try? Fixture.all("debug1/valid"))?.filter { !$0.name.hasPrefix("synthetic") } ?? []
  /// Texts made by hand; the golden is what pprof prints of the text itself.
  static let synthetic = (try? Fixture.all("debug1/valid"))?.filter { $0.name.hasPrefix("synthetic") } ?? []
  static let invalid = (try? Fixture.all("debug1/invalid")) ?? []

  @Test func `the fixtures are there`() {
    #expect(Self.pairs.count >= 14)
    #expect(Self.synthetic.count >= 30)
    #expect(Self.invalid.count >= 9)
  }

  @Test(arguments: pairs)
  func `Go's text has the samples of the protobuf of its instant`(_ fixture: Fixture) throws {
    let ours = RawListing(try reading(fixture.bytes, with: Debug1Reader()).0)
    let theirs = RawListing(parsing: try fixture.beside("golden"))
    #expect(ours.types == theirs.types)
    #expect(ours.periodType == theirs.periodType)
    #expect(ours.period == theirs.period)
    #expect(!theirs.nonzero().isEmpty)
    // What the text cannot tell is rare: where a hidden frame was inlined into the first shown one.
    let joined = Set(theirs.samples.filter(\.isJoined).map(\.told))
    #expect(joined.count <= 1)
    #expect(ours.nonzero(telling: joined) == theirs.nonzero(telling: joined))
  }

  @Test(arguments: synthetic)
  func `an odd text is read as pprof reads it`(_ fixture: Fixture) throws {
    let ours = RawListing(try reading(fixture.bytes, with: Debug1Reader()).0)
    var theirs = RawListing(parsing: try fixture.beside("golden"))
    #expect(ours.periodType == theirs.periodType)
    #expect(ours.period == theirs.period)
    var samples = ours.samples
    if theirs.types.count == 2, ours.types.count == 4 {
      // pprof drops the allocated columns where they tell nothing new.
      for i in samples.indices { samples[i].values.removeFirst(2) }
    } else {
      #expect(ours.types == theirs.types)
    }
    // pprof has no names of the comments.
    for i in samples.indices { for j in samples[i].stack.indices { samples[i].stack[j].lines = [] } }
    for i in theirs.samples.indices {
      for j in theirs.samples[i].stack.indices { theirs.samples[i].stack[j].lines = [] }
    }
    #expect(samples == theirs.samples)
    // It makes one mapping of all addresses where the text has none.
    #expect(ours.mappings == theirs.mappings.filter { $0 != "0x0/0xffffffffffffffff/0x0" && $0 != "0x0/0x0/0x0" })
  }

  @Test(arguments: invalid)
  func `what is no heap text is refused where it is wrong`(_ fixture: Fixture) throws {
    let bytes = try fixture.bytes
    let error = try #require(throws: ProfileError.self) { try reading(bytes, with: Debug1Reader()) }
    #expect(error.description + "\n" == (try fixture.beside("error")))
    guard case .line(_, _, let text?) = error.place else {
      Issue.record("the error shows no line")
      return
    }
    #expect(String(decoding: bytes, as: UTF8.self).contains(text))
  }

  @Test(arguments: pairs.filter { !$0.name.contains("rate1") } + synthetic, [1, 7, 100, 4096])
  func `the size of the pieces in which a text comes changes nothing`(_ fixture: Fixture, _ size: Int) throws {
    let bytes = try fixture.bytes
    let whole = try reading(bytes, with: Debug1Reader()).0
    let pieces = try reading(bytes, inPiecesOf: size, with: Debug1Reader())
    #expect(ProfileDifference.between(whole, pieces) == [])
  }

  @Test func `no damage to a text makes its reader trap`() throws {
    for name in ["same-stack-twice", "map-brief", "map-variable", "windows-paths", "spaces-instead-of-tabs"] {
      let bytes = try Fixture.named("debug1/valid/synthetic-heap-\(name).in").bytes
      let (read, refused) = bothering(Debug1Reader(), with: bytes)
      #expect(read > 100)
      #expect(refused > 100)
    }
  }

  @Test func `what pprof reads of a damaged text is read alike`() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("damaged.txt")
    let alphabet = Array(" \n0123456789abcdefx:[]@#-.$=".utf8)
    var random: UInt64 = 7
    func next(_ bound: Int) -> Int {
      random = HashIndex.mix(random)
      return Int(truncatingIfNeeded: (random >> 33) % UInt64(bound))
    }
    let names = ["rate-odd", "map-brief", "rate-1", "2010-form", "four-columns-by-bytes-only", "map-no-file"]
    var compared = 0
    for _ in 0..<120 {
      var bytes = try Fixture.named("debug1/valid/synthetic-heap-\(names[next(names.count)]).in").bytes
      for _ in 0...next(2) {
        let at = next(min(bytes.count, 120))
        switch next(3) {
        case 0: bytes[at] = alphabet[next(alphabet.count)]
        case 1: bytes.insert(alphabet[next(alphabet.count)], at: at)
        default: bytes.remove(at: at)
        }
      }
      try Data(bytes).write(to: file)
      guard let raw = try Pprof.raw(file) else { continue }
      var theirs = RawListing(parsing: raw).samples
      var ours = RawListing(try reading(bytes, with: Debug1Reader()).0).samples
      if let first = theirs.first, first.values.count == 2, ours.first?.values.count == 4 {
        for i in ours.indices { ours[i].values.removeFirst(2) }
      }
      for i in ours.indices { ours[i].stack = ours[i].stack.map { .init(address: $0.address, lines: []) } }
      for i in theirs.indices { theirs[i].stack = theirs[i].stack.map { .init(address: $0.address, lines: []) } }
      // Of the two columns that pprof leaves out we know a size, where it has 0.
      for i in ours.indices where i < theirs.count && theirs[i].labels == "bytes:[0]" { ours[i].labels = "bytes:[0]" }
      #expect(ours == theirs, "\(String(decoding: bytes, as: UTF8.self))")
      compared += 1
    }
    #expect(compared > 30)
  }
}
