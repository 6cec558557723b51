import Foundation
import Gzip
import ProfileModel
import TestSupport
import Testing

@testable import ProfileFormats

/// Go's text of goroutine, threadcreate, block, mutex and user profiles, beside the protobuf of the same instant.
@Suite struct GoTextPairTests {
  static let pairs = (try? Fixture.all("debug1/pairs")) ?? []

  static func protobuf(_ text: Fixture) throws -> Profile {
    let beside = Fixture.file("debug1/pairs/\(text.name).pb")
    let isBeside = FileManager.default.fileExists(atPath: beside.path)
    let packed = Array(try Data(contentsOf: isBeside ? beside : Fixture.file("pb/valid/\(text.name).in")))
    let bytes = try Gzip.inflate(packed, maximumSize: 1 << 30)
    var diagnostics = Diagnostics()
    return try ProfileProto.decode(bytes.span, diagnostics: &diagnostics)
  }

  static func write(_ profile: Profile, carry: Bool? = nil) throws -> (bytes: [UInt8], losses: LossReport) {
    var options = WriteOptions()
    options.carry = carry
    return try writing(profile, with: Debug1Writer(), options)
  }

  /// What a text says, without pcs and offsets, and without a block.
  private func said(_ bytes: [UInt8]) -> [String] {
    text(bytes).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      .filter { !$0.hasPrefix("# pprofconv") }
      .map { line in
        if let match = line.wholeMatch(of: /#\s+0x[0-9a-f]+\s+(.*)\+0x[0-9a-f]+\s+(.*)/) {
          return "\(match.1) \(match.2)"
        }
        return line.replacing(/\ @(\ 0x[0-9a-f]+)*$/, with: " @")
      }
  }

  @Test func `the fixtures are there`() { #expect(Self.pairs.count == 38) }

  @Test(arguments: pairs)
  func `Go's text has the samples of the protobuf of its instant`(_ fixture: Fixture) throws {
    var ours = RawListing(try reading(fixture.bytes, with: Debug1Reader()).0)
    var theirs = RawListing(try Self.protobuf(fixture))
    #expect(ours.types == theirs.types)
    #expect(ours.periodType == theirs.periodType)
    #expect(ours.period == theirs.period)
    if !fixture.name.hasSuffix("block"), !fixture.name.hasSuffix("mutex") {
      // The text has no names of the runtime's frames at the leaf.
      for i in ours.samples.indices { ours.samples[i].showOnly() }
      for i in theirs.samples.indices { theirs.samples[i].showOnly() }
    }
    let joined = Set(theirs.samples.filter(\.isJoined).map(\.told))
    #expect(!theirs.nonzero().isEmpty)
    #expect(ours.nonzero(telling: joined) == theirs.nonzero(telling: joined))
  }

  @Test(arguments: pairs) func `Go's text comes back as it was`(_ fixture: Fixture) throws {
    let bytes = try fixture.bytes
    for carry in [true, false] {
      let profile = try reading(bytes, with: Debug1Reader()).0
      let again = try Self.write(profile, carry: carry).bytes
      #expect(said(again) == said(bytes))
      // Also once more.
      #expect(try Self.write(reading(again, with: Debug1Reader()).0, carry: carry).bytes == again)
    }
  }

  @Test(arguments: pairs) func `Go's protobuf comes back to the byte`(_ fixture: Fixture) throws {
    let profile = try Self.protobuf(fixture)
    let (bytes, losses) = try Self.write(profile)
    #expect(losses.isEmpty)
    let (back, diagnostics) = try reading(bytes, with: Debug1Reader())
    #expect(diagnostics.items.filter { $0.kind.hasSuffix("block") } == [])
    #expect(ProfileProto.encode(back) == ProfileProto.encode(profile))
  }

  @Test(arguments: pairs) func `pprof reads what we write`(_ fixture: Fixture) throws {
    let folder = try TemporaryFolder()
    let profile = try Self.protobuf(fixture)
    try Data(Self.write(profile).bytes).write(to: folder.file("a.txt"))
    guard let raw = try Pprof.raw(folder.file("a.txt")) else {
      // It refuses stacks without frames, which Go 1.19 prints of threads.
      #expect(profile.columns.sampleStacks.contains { profile.columns.stackRange($0).isEmpty })
      return
    }
    let theirs = RawListing(parsing: raw)
    let ours = RawListing(profile)
    #expect(theirs.types == ours.types)
    #expect(theirs.period == ours.period)
    #expect(theirs.samples.map(\.values) == ours.samples.map(\.values))
    #expect(theirs.samples.map { $0.stack.map(\.address) } == ours.samples.map { $0.stack.map(\.address) })
  }

  @Test(arguments: pairs) func `what is not told as a loss is there again`(_ fixture: Fixture) throws {
    let profile = try Self.protobuf(fixture)
    let (bytes, losses) = try Self.write(profile, carry: false)
    let back = try reading(bytes, with: Debug1Reader()).0
    #expect(back.columns.values == profile.columns.values)
    let (ours, before) = (RawListing(back), RawListing(profile))
    #expect(ours.types == before.types)
    #expect(ours.samples.map(\.labels) == before.samples.map(\.labels))
    if !losses.entries.contains(where: { $0.field == "function names" }) {
      #expect(ours.samples.map(\.stack) == before.samples.map(\.stack))
    }
    #expect(Set(losses.entries.map(\.field)).isSubset(of: ["time", "mapping flags", "start lines", "function names"]))
  }

  @Test(arguments: pairs, [1, 7, 100, 4096])
  func `the size of the pieces in which a text comes changes nothing`(_ fixture: Fixture, _ size: Int) throws {
    let bytes = try fixture.bytes
    let pieces = try reading(bytes, inPiecesOf: size, with: Debug1Reader())
    #expect(ProfileDifference.between(try reading(bytes, with: Debug1Reader()).0, pieces) == [])
  }
}

extension RawListing.Sample {
  /// Leaves out what Go's text leaves out, as far as it has names of what follows, and the zeros that 1.27 fills stacks up
  /// with.
  fileprivate mutating func showOnly() {
    // In 32 bits, which the text does not tell, that is another address.
    stack.removeAll { $0.address == .max || $0.address == UInt64(UInt32.max) }
    let hidden = stack.prefix { frame in
      frame.lines.allSatisfy { $0.hasPrefix("runtime.") || $0.hasPrefix("internal/runtime/") }
    }
    if hidden.count < stack.count { stack.removeFirst(hidden.count) }
  }
}
