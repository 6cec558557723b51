import Foundation
import ProfileModel
import TestSupport
import Testing

@testable import ProfileFormats

/// What profilers of C++ and Java write. The golden of a file is what pprof prints of it.
@Suite struct LegacyReaderTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var reader: any ProfileReader
    var fixture: Fixture
    var testDescription: String { fixture.testDescription }
  }

  static let readers: [any ProfileReader] = [
    GperftoolsHeapReader(), GperftoolsContentionReader(), GperftoolsThreadReader(), GperftoolsCPUReader(),
    JemallocReader(), JavaHeapReader(), JavaContentionReader(), JavaCPUReader(),
  ]

  static func cases(_ folder: String) throws -> [Case] {
    try readers.flatMap { reader in
      let path = Fixture.file("\(reader.info.id)/\(folder)").path
      guard FileManager.default.fileExists(atPath: path) else { return [Case]() }
      return try Fixture.all("\(reader.info.id)/\(folder)").map { Case(reader: reader, fixture: $0) }
    }
  }

  static let valid = (try? cases("valid")) ?? []
  static let invalid = (try? cases("invalid")) ?? []
  /// pprof reads all but jemalloc's.
  static let known = valid.filter { $0.reader.info.id.rawValue != "jemalloc" }

  @Test func `there are fixtures of every reader`() {
    #expect(Set(Self.valid.map(\.reader.info.id)) == Set(Self.readers.map(\.info.id)))
    #expect(Set(Self.invalid.map(\.reader.info.id)).count >= 5)
    #expect(Self.valid.count >= 40)
  }

  @Test(arguments: valid)
  func `one reader is certain of a file, and no other takes it`(_ file: Case) throws {
    let bytes = try file.fixture.bytes
    for prefix in [bytes, Array(bytes.prefix(16 << 10))] {
      for reader in Catalogue.readers {
        let says = reader.detect(prefix.span, isWhole: prefix.count == bytes.count)
        #expect(says == (reader.info.id == file.reader.info.id ? .certain : .no), "\(reader.info.id)")
      }
    }
    for count in [0, 1, 8] {
      #expect(file.reader.detect(Array(bytes.prefix(count)).span, isWhole: false) == .needMore)
    }
  }

  @Test(arguments: known.filter { !$0.fixture.name.hasSuffix("hidden-frames") })
  func `a file is read as pprof reads it`(_ file: Case) throws {
    let profile = try reading(file.fixture.bytes, with: file.reader).0
    var ours = RawListing(profile)
    var theirs = RawListing(parsing: try file.fixture.beside("golden"))
    #expect(ours.periodType == theirs.periodType)
    #expect(ours.period == theirs.period)
    if theirs.types == ["objects/count", "space/bytes"], ours.types.count == 4 {
      // pprof drops the allocated columns where the header says nothing new of them.
      for i in ours.samples.indices { ours.samples[i].values.removeFirst(2) }
    } else {
      #expect(ours.types == theirs.types)
    }
    if file.reader is GperftoolsThreadReader {
      // pprof has no names of threads' functions.
      for i in ours.samples.indices {
        for j in ours.samples[i].stack.indices { ours.samples[i].stack[j].lines = [] }
      }
    }
    #expect(ours.samples == theirs.samples)
    // It makes one mapping of all addresses that have none.
    theirs.mappings.removeAll { $0 == "0x0/0xffffffffffffffff/0x0" || $0 == "0x0/0x0/0x0" }
    #expect(ours.mappings == theirs.mappings)
  }

  @Test(arguments: invalid)
  func `what is damaged is refused where it is wrong`(_ file: Case) throws {
    let bytes = try file.fixture.bytes
    let error = try #require(throws: ProfileError.self) { try reading(bytes, with: file.reader) }
    #expect(error.description + "\n" == (try file.fixture.beside("error")))
  }

  @Test(arguments: valid, [1, 7, 100])
  func `the size of the pieces in which a file comes changes nothing`(_ file: Case, _ size: Int) throws {
    let bytes = try file.fixture.bytes
    let whole = try reading(bytes, with: file.reader).0
    let pieces = try reading(bytes, inPiecesOf: size, with: file.reader)
    #expect(ProfileDifference.between(whole, pieces) == [])
  }

  @Test(arguments: valid.filter { $0.fixture.name.hasPrefix("synthetic") })
  func `no damage to a file makes its reader trap`(_ file: Case) throws {
    let (read, refused) = bothering(file.reader, with: try file.fixture.bytes)
    #expect(read + refused > 100)
  }

  @Test(arguments: valid.filter { !$0.fixture.name.hasPrefix("synthetic") })
  func `no beginning of a file makes its reader trap`(_ file: Case) throws {
    let bytes = try file.fixture.bytes
    var read = 0
    for count in stride(from: 0, to: bytes.count, by: 7) {
      do {
        _ = try reading(Array(bytes.prefix(count)), with: file.reader)
        read += 1
      } catch {
        continue
      }
    }
    #expect(read > 0)
  }

  @Test(arguments: valid)
  func `what is read comes out of protobuf and JSON as it was`(_ file: Case) throws {
    let profile = try reading(file.fixture.bytes, with: file.reader).0
    let proto = try writing(profile, with: ProfileProtoWriter())
    #expect(proto.losses.isEmpty)
    #expect(ProfileDifference.between(profile, try reading(proto.bytes, with: ProfileProtoReader()).0) == [])
    let json = try writing(profile, with: JSONWriter())
    #expect(json.losses.isEmpty)
    #expect(ProfileDifference.between(profile, try reading(json.bytes, with: JSONReader()).0) == [])
  }

  @Test(arguments: valid)
  func `grouped text with its block gives it back, and Go's text where Go has one`(_ file: Case) throws {
    let profile = try reading(file.fixture.bytes, with: file.reader).0
    var options = WriteOptions()
    options.carry = true
    let grouped = try writing(profile, with: GroupedTextWriter(), options)
    #expect(ProfileDifference.of(grouped.losses) == [])
    #expect(ProfileDifference.between(profile, try reading(grouped.bytes, with: GroupedTextReader()).0) == [])
    let written: (bytes: [UInt8], losses: LossReport)
    do {
      written = try writing(profile, with: Debug1Writer(), options)
    } catch {
      #expect(error.code == .unsupported)
      return
    }
    #expect(ProfileDifference.of(written.losses) == [])
    #expect(ProfileDifference.between(profile, try reading(written.bytes, with: Debug1Reader()).0) == [])
  }

  @Test(arguments: known)
  func `pprof reads what is made of a file as it reads the file, hidden frames and all`(_ file: Case) throws {
    let profile = try reading(file.fixture.bytes, with: file.reader).0
    let folder = try TemporaryFolder()
    let out = folder.file("out.pb")
    try Data(try writing(profile, with: ProfileProtoWriter()).bytes).write(to: out)
    var ours = RawListing(parsing: try #require(try Pprof.raw(out))).samples
    let theirs = RawListing(parsing: try file.fixture.beside("golden")).samples
    for i in ours.indices where i < theirs.count {
      if ours[i].values.count > theirs[i].values.count { ours[i].values.removeFirst(2) }
      if file.reader is GperftoolsThreadReader {
        for j in ours[i].stack.indices { ours[i].stack[j].lines = [] }
      }
    }
    #expect(ours == theirs)
  }
}
