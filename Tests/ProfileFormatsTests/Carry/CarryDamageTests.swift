import Gzip
import Testing

@testable import ProfileFormats
@testable import ProfileModel

/// What a block must never do: trap, take memory that nobody wrote, or speak for a text that it does not belong to.
struct CarryDamageTests {
  private static let kinds = ["edited-block", "damaged-block", "newer-block"]

  /// A text and the lines of its block, each without its LF.
  private struct Parts {
    var text: [UInt8]
    var block: [[UInt8]]

    init(_ profile: Profile) throws {
      let all = try CarryRoundTripTests.text(profile)
      let lines = all.split(separator: 0x0a, omittingEmptySubsequences: false).map(Array.init)
      let first = try #require(lines.firstIndex { $0.starts(with: CarryBlock.prefix.utf8) })
      text = Array(lines[..<first].joined(separator: [0x0a])) + [0x0a]
      block = Array(lines[first...].dropLast())
    }

    /// With checksums that fit, whatever the block says.
    func sealed() -> [UInt8] {
      var sum: UInt32 = 0
      for line in block.dropFirst().dropLast() {
        let payload = Array(line.dropFirst(CarryBlock.prefix.utf8.count)) + [0x0a]
        sum = Gzip.crc32(sum, payload.span)
      }
      let first = "\(CarryBlock.prefix)1 crc32=\(String(Gzip.crc32(0, text.span), radix: 16))"
      let last = "\(CarryBlock.prefix)end crc32=\(String(sum, radix: 16))"
      let lines = [Array(first.utf8)] + block.dropFirst().dropLast() + [Array(last.utf8)]
      return text + Array(lines.joined(separator: [0x0a])) + [0x0a]
    }
  }

  private static func warnings(_ text: [UInt8]) throws -> (Profile, [String]) {
    var diagnostics = Diagnostics()
    let profile = try CarryRoundTripTests.read(text, &diagnostics)
    return (profile, kinds.filter { diagnostics.count(of: $0) > 0 })
  }

  /// The text without its block, read.
  private static func plain(_ parts: Parts) throws -> [UInt8] {
    ProfileProto.encode(try warnings(parts.text).0)
  }

  @Test func `where the text was edited it wins and a warning says so`() throws {
    let parts = try Parts(OddHeap.profile(seed: 3, oddity: 1))
    var edited = parts
    let at = try #require(edited.text.firstIndex(of: UInt8(ascii: "@")))
    edited.text[at - 1] = UInt8(ascii: " ")
    edited.text.insert(UInt8(ascii: " "), at: at)
    let whole = edited.text + Array(edited.block.joined(separator: [0x0a])) + [0x0a]
    let (profile, warnings) = try Self.warnings(whole)
    #expect(warnings == ["edited-block"])
    #expect(try ProfileProto.encode(profile) == Self.plain(edited))
  }

  @Test(arguments: [
    ("1: 16 [1: 16] @ 0x401000\n", false), ("# a comment\n", false), ("# a comment\n", true),
    ("700000-800000: r-xp /bin/more (@0)\n", true),
  ])
  func `what was added behind the block is an edit too`(line: String, hasMap: Bool) throws {
    var builder = ProfileBuilder(sampleTypes: CarryBlock.heapTypes)
    if hasMap {
      builder.columns.mappings = [Mapping(start: 0x400000, limit: 0x500000, file: builder.string("/bin/demo"))]
    }
    builder.add(stack: [builder.location(function: "main.main", address: 0x401000)], values: [1, 16, 1, 16])
    let parts = try Parts(builder.finish())
    let whole = parts.text + Array(parts.block.joined(separator: [0x0a])) + [0x0a] + Array(line.utf8)
    let (profile, warnings) = try Self.warnings(whole)
    #expect(warnings == ["edited-block"])
    #expect(try ProfileProto.encode(profile) == ProfileProto.encode(Self.warnings(parts.text + Array(line.utf8)).0))
  }

  @Test func `line ends and the last newline are no edits`() throws {
    let profile = try OddHeap.profile(seed: 3, oddity: 1)
    let text = try CarryRoundTripTests.text(profile)
    var crlf: [UInt8] = []
    for byte in text {
      if byte == 0x0a { crlf.append(0x0d) }
      crlf.append(byte)
    }
    for variant in [crlf, Array(text.dropLast())] {
      let (back, warnings) = try Self.warnings(variant)
      #expect(warnings == [])
      #expect(ProfileProto.encode(back) == ProfileProto.encode(profile))
    }
  }

  @Test(arguments: [
    ("# pprofconv 2 crc32=00000000", "newer-block"), ("# pprofconv 1", "damaged-block"),
    ("# pprofconv 99999999999999999999 crc32=00000000", "newer-block"),
    ("# pprofconv 0 crc32=00000000", "damaged-block"),
    ("# pprofconv one crc32=00000000", "damaged-block"), ("# pprofconv", "damaged-block"),
  ])
  func `a first line that is not ours leaves the text alone`(line: String, kind: String) throws {
    var parts = try Parts(OddHeap.profile(seed: 3, oddity: 1))
    parts.block[0] = Array(line.utf8)
    let whole = parts.text + Array(parts.block.joined(separator: [0x0a])) + [0x0a]
    let (profile, warnings) = try Self.warnings(whole)
    #expect(warnings == [kind])
    #expect(try ProfileProto.encode(profile) == Self.plain(parts))
  }

  @Test(arguments: [OddHeap.Shape.heap, .count, .contention])
  func `a block that is cut off or changed leaves the text alone`(shape: OddHeap.Shape) throws {
    let parts = try Parts(OddHeap.profile(seed: 5, oddity: 2, shape: shape))
    let block = Array(parts.block.joined(separator: [0x0a])) + [0x0a]
    let plain = try Self.plain(parts)
    for end in stride(from: 1, to: block.count - 1, by: max(1, block.count / 150)) {
      let (profile, warnings) = try Self.warnings(parts.text + block[..<end])
      // A cut through the first word of a line makes a comment of it.
      let line = block[..<end].reversed().prefix { $0 != 0x0a }.count
      if line == 0 || line >= "# pprofconv".utf8.count {
        #expect(warnings == ["damaged-block"], "cut at \(end)")
        let isPlain = ProfileProto.encode(profile) == plain
        #expect(isPlain, "cut at \(end)")
      }
      var changed = block
      changed[end] ^= 1
      if end > parts.block[0].count, changed[end] != 0x0a, block[end] != 0x0a, block[end - 1] != 0x0a {
        // A changed prefix makes a comment of the line; else a checksum fails.
        let (_, warnings) = try Self.warnings(parts.text + changed)
        #expect(warnings == ["damaged-block"], "changed at \(end)")
      }
    }
  }

  @Test(arguments: [OddHeap.Shape.heap, .count, .contention])
  func `no contents of a block are a trap`(shape: OddHeap.Shape) throws {
    var random = OddHeap.SplitMix64(state: 11)
    var taken = 0
    var refused = 0
    for seed in 0..<30 as Range<UInt64> {
      let parts = try Parts(OddHeap.profile(seed: seed, oddity: 1 + Int(seed % 2), shape: shape))
      if parts.text.count > 60_000 || parts.block.count < 3 { continue }
      for _ in 0..<60 {
        var damaged = parts
        for _ in 0..<Int.random(in: 1...3, using: &random) { Self.mutate(&damaged.block, &random) }
        // A valid profile, or the text alone: reading validates.
        let (_, warnings) = try Self.warnings(damaged.sealed())
        if warnings.isEmpty { taken += 1 } else { refused += 1 }
      }
    }
    #expect(taken > 100)
    #expect(refused > 100)
  }

  private static func mutate(_ block: inout [[UInt8]], _ random: inout OddHeap.SplitMix64) {
    let line = Int.random(in: 1..<(block.count - 1), using: &random)
    var items = block[line].split(separator: 0x20, omittingEmptySubsequences: false).map(Array.init)
    let item = Int.random(in: min(3, items.count - 1)..<items.count, using: &random)
    let odd = [
      "0", "-1", "18446744073709551615", "9223372036854775807", "-9223372036854775808", "1..18446744073709551615",
      "5*9223372036854775807", "=*4611686018427387904", "=", "3..1", "0x", "0xffffffffffffffffff", "\"", "\"\\x9\"",
      "$0", "$99", "n0", "f77", "-", ";", "+", "1..", "*5", "\"a\"*70", "", "zz", "0*2",
    ]
    switch Int.random(in: 0..<6, using: &random) {
    case 0: items[item] = Array(odd[Int.random(in: 0..<odd.count, using: &random)].utf8)
    case 1: items.remove(at: item)
    case 2: items.insert(items[Int.random(in: 0..<items.count, using: &random)], at: item)
    case 3 where !items[item].isEmpty:
      items[item][Int.random(in: 0..<items[item].count, using: &random)] = UInt8.random(in: 0x20..<0x7f, using: &random)
    case 4: items.swapAt(item, Int.random(in: min(3, items.count - 1)..<items.count, using: &random))
    default: items[item] = Array(String(Int.random(in: -2..<60, using: &random)).utf8)
    }
    block[line] = Array(items.joined(separator: [0x20]))
  }

  @Test(arguments: [
    "location-order 1..4000000000", "start-lines 5*4000000000", "sample-labels 0*9000000000000000000",
    "extra-locations 0x10 9000000000000000000", "tails 1 9000000000000000000", "tails 1 2 1 1 1 2 1 1",
    "system-names \"x\"*4000000000", "comments 1*4000000000", "string-table 1..4000000000", "values 1 5*4000000000 ;",
    "line-columns =*9223372036854775807 1", "function-order 1 1", "location-ids 0", "mapping-ids 1", "types \"a\"",
    "sample-order 1..3", "unknown sample 1", "unknown nobody 1 00",
    "unknown profile 3201610a02ffff", "unknown profile 8201", "unknown profile 4801", "unknown sample 1 0801",
    "time", "time 1 2", "period 99999999999999999999",
    "nonsense 1", "label-sets \"a\"=", "label-sets \"a\":x", "folded 1 1 1 1 1 1 1 1 1 1",
  ])
  func `what cannot be is refused at once`(line: String) throws {
    var builder = ProfileBuilder(sampleTypes: CarryBlock.heapTypes)
    let main = builder.location(function: "main.main", file: "main.go", line: 7, address: 0x401000)
    let leaf = builder.location(function: "main.leaf", file: "main.go", line: 9, address: 0x402000)
    builder.add(stack: [leaf, main], values: [1, 16, 1, 16])
    builder.add(stack: [main], values: [2, 16, 1, 8])
    var parts = try Parts(builder.finish())
    parts.block.insert(Array("\(CarryBlock.prefix)\(line)".utf8), at: parts.block.count - 1)
    let (profile, warnings) = try Self.warnings(parts.sealed())
    #expect(warnings == ["damaged-block"])
    #expect(try ProfileProto.encode(profile) == Self.plain(parts))
  }

  @Test(arguments: [
    "types \"a\" \"b\" 2", "types \"a\"", "types \"a\" \"b\" 1 \"c\"", "values 2 1 ;", "values 1 1 1 1 ;",
    "label-sets \"k\"=\"v\"", "sample-labels 1",
  ])
  func `what cannot be of a count is refused too`(line: String) throws {
    var builder = ProfileBuilder(sampleTypes: [("goroutine", "count")])
    let main = builder.location(function: "main.main", file: "main.go", line: 7, address: 0x401000)
    builder.add(stack: [main], values: [1])
    builder.add(stack: [main, main], values: [2])
    var parts = try Parts(builder.finish())
    let isWhole = line.hasPrefix("label-sets")
    parts.block.insert(Array("\(CarryBlock.prefix)\(line)".utf8), at: parts.block.count - 1)
    let (profile, warnings) = try Self.warnings(parts.sealed())
    #expect(warnings == (isWhole ? [] : ["damaged-block"]))
    #expect(profile.columns.values == [1, 2])
  }
}
