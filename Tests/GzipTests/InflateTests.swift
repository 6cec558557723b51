@testable import Gzip
import Testing

@Test(arguments: Way.allCases)
func whatOthersCompressedIsInflated(way: Way) throws {
  for data in [[], [7], Samples.text(70_000), Samples.noise(70_000), [UInt8](repeating: 0, count: 3_000_000)] {
    #expect(try way.inflate(Samples.zlibDeflate(data)) == data)
  }
  let text = Samples.text(200_000)
  for level in [1, 6, 9] { #expect(try way.inflate(Samples.gzip(text, level: level)) == text) }
}

@Test(arguments: Way.allCases)
func membersAreJoined(way: Way) throws {
  let parts = [Samples.text(10), Samples.noise(40_000), [], Samples.text(300_000, seed: 2), [], [9]]
  let file = parts.flatMap { Samples.zlibDeflate($0) }
  #expect(try way.inflate(file) == Array(parts.joined()))
  #expect(try Samples.gunzip(file) == Array(parts.joined()))
  // The last member says "1 byte" of the whole.
  let reversed = parts.reversed().flatMap { Samples.zlibDeflate($0) }
  #expect(try way.inflate(reversed) == Array(parts.reversed().joined()))
  let empty = Samples.zlibDeflate([])
  #expect(try way.inflate(empty + empty + empty) == [])
}

@Test(arguments: Way.allCases)
func everyTruncationIsToldWithItsPlace(way: Way) throws {
  let first = Samples.member(Samples.text(300), flags: 2 | 4 | 8 | 16)
  let file = first + Samples.zlibDeflate(Samples.text(200, seed: 3))
  for length in 0..<file.count where length != first.count {
    let error = way.error(Array(file[..<length]))
    #expect(error?.kind == .truncated, "\(length)")
    #expect(error?.offset == length)
    #expect((error?.inflated ?? -1) >= (length > first.count ? 300 : 0))
  }
  #expect(try way.inflate(Array(file[..<first.count])) == Samples.text(300))
}

@Test func noFlippedBitGivesOtherData() throws {
  let text = Samples.text(150)
  let file = Samples.member(text, flags: 8) + Samples.zlibDeflate([1, 2, 3])
  var harmless = 0
  for bit in 0..<(8 * file.count) {
    var bad = file
    bad[bit / 8] ^= 1 << UInt8(bit % 8)
    let errors = Way.allCases.map { $0.error(bad) }
    #expect(Set(errors).count == 1, "bit \(bit): \(errors)")
    if errors[0] == nil {
      harmless += 1
      for way in Way.allCases { #expect(try way.inflate(bad) == text + [1, 2, 3], "bit \(bit), \(way)") }
    }
  }
  // Time, effort, system, FTEXT and the six letters of the name; and spare bits behind the last code of each member.
  let spare = 0...14
  #expect(spare.contains(harmless - 2 * 49 - 48))
}

@Test func mutatedFilesAreNeverATrap() {
  let file = Samples.zlibDeflate(Samples.text(3000)) + Samples.zlibDeflate(Samples.noise(300))
  var random = SplitMix(11)
  var errors = 0
  for _ in 0..<3000 {
    var bad = file
    for _ in 0..<Int.random(in: 1...6, using: &random) {
      let at = Int.random(in: 0..<bad.count, using: &random)
      switch Int.random(in: 0..<3, using: &random) {
      case 0: bad[at] = UInt8.random(in: 0...255, using: &random)
      case 1: bad.remove(at: at)
      default: bad.insert(UInt8.random(in: 0...255, using: &random), at: at)
      }
    }
    let results = [Way.whole, .wholeZlib, .stream].map { $0.error(bad, maximumSize: 1 << 20) }
    #expect(Set(results).count == 1)
    errors += results[0] == nil ? 0 : 1
  }
  #expect(errors > 2500)
}

@Test(arguments: Way.allCases)
func damageIsNamed(way: Way) {
  let file = Samples.zlibDeflate(Samples.text(1000))
  var data = file
  data[10] |= 6  // block type 3, which is none
  #expect(way.kind(data) == .damaged(.data))
  var checksum = file
  checksum[file.count - 5] ^= 1
  #expect(way.error(checksum) == GzipError(.damaged(.checksum), offset: file.count - 8, inflated: 1000))
  var size = file
  size[file.count - 1] ^= 1
  #expect(way.error(size) == GzipError(.damaged(.size), offset: file.count - 4, inflated: 1000))
}

@Test(arguments: Way.allCases)
func whatIsNoMemberIsGarbage(way: Way) throws {
  let file = Samples.zlibDeflate([1, 2, 3])
  // Go's compress/gzip, and so pprof, refuses even a run of zeros.
  for garbage in [[0], [0, 0, 0, 0], [0x1f, 0x8c], Array("garbage".utf8), [0x1f, 0]] as [[UInt8]] {
    #expect(way.error(file + garbage) == GzipError(.trailingGarbage, offset: file.count, inflated: 3))
  }
  #expect(way.error(file + [0x1f]) == GzipError(.truncated, offset: file.count + 1, inflated: 3))
  #expect(way.error(file + [0x1f, 0x8b, 7]) == GzipError(.damaged(.header), offset: file.count + 2, inflated: 3))
}

@Test(arguments: Way.allCases)
func theLimitIsExact(way: Way) throws {
  let text = Samples.text(5000)
  for file in [
    Samples.zlibDeflate(text), Samples.zlibDeflate(Array(text[..<4000])) + Samples.zlibDeflate(Array(text[4000...])),
  ] {
    #expect(try way.inflate(file, maximumSize: 5000) == text)
    for limit in [0, 1, 3999, 4000, 4999] {
      #expect(way.kind(file, maximumSize: limit) == .limit(limit))
      #expect(way.error(file, maximumSize: limit)?.inflated == limit)
    }
  }
  #expect(try way.inflate(Samples.zlibDeflate([]), maximumSize: 0) == [])
  #expect(try way.inflate(Samples.zlibDeflate(text), maximumSize: .max) == text)
}

@Test func roomForPaddingIsKept() throws {
  for data in [Samples.text(0), Samples.text(100_000)] {
    let file = Samples.zlibDeflate(data)
    var result = try Gzip.inflate(file, maximumSize: Samples.limit, extraCapacity: 64)
    #expect(result == data)
    #expect(result.capacity >= data.count + 64)
    let before = unsafe result.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) }
    result += [UInt8](repeating: 0, count: 64)
    let after = unsafe result.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) }
    #expect(before == after)
  }
}

@Test func aPrefixIsInflatedAsFarAsItGoes() {
  let text = Samples.text(100_000)
  let file = Samples.zlibDeflate(text)
  let start = Gzip.inflatePrefix(file.span.extracting(0..<4096), count: 512)
  #expect(start.bytes == Array(text[..<512]))
  #expect(!start.isWhole && start.error == nil)
  let cut = Gzip.inflatePrefix(file.span.extracting(0..<4096), count: 1 << 20)
  #expect(cut.bytes.count > 4096 && text.starts(with: cut.bytes))
  #expect(!cut.isWhole && cut.error == nil)
  let whole = Gzip.inflatePrefix(file.span, count: 1 << 20)
  #expect(whole.bytes == text)
  #expect(whole.isWhole && whole.error == nil)
  let followed = file + [1]
  let garbage = Gzip.inflatePrefix(followed.span, count: 1 << 20)
  #expect(garbage.bytes == text)
  #expect(garbage.error?.kind == .trailingGarbage)
  #expect(Gzip.inflatePrefix(file.span, count: 0).bytes.isEmpty)
  #expect(Gzip.inflatePrefix(file.span.extracting(0..<0), count: 10).bytes.isEmpty)
}
