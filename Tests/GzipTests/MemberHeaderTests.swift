import Gzip
import Testing

/// Every set of FTEXT, FHCRC, FEXTRA, FNAME and FCOMMENT.
@Test(arguments: 0..<32)
func everyHeaderIsStepped(flags: Int) throws {
  let text = Samples.text(500)
  let file = Samples.member(text, flags: UInt8(flags))
  for way in Way.allCases { #expect(try way.inflate(file) == text, "\(way)") }
  // Two in a row: nothing of the first header shows in the second.
  for way in Way.allCases { #expect(try way.inflate(file + Samples.member([1], flags: 0)) == text + [1], "\(way)") }
  #expect(try Samples.gunzip(file) == text || flags & 2 != 0, "gzip(1) took FHCRC for a continuation once")
}

@Test(arguments: [0, 1, 255, 256, 65535])
func extraFieldsOfAnyLengthAreStepped(length: Int) throws {
  let file = Samples.member([5, 6], flags: 4 | 2, extra: Samples.noise(length))
  for way in Way.allCases { #expect(try way.inflate(file) == [5, 6], "\(way)") }
}

@Test func aLongNameIsStepped() throws {
  let file = Samples.member([5, 6], flags: 8 | 2, name: String(repeating: "n", count: 100_000))
  for way in Way.allCases { #expect(try way.inflate(file) == [5, 6], "\(way)") }
}

@Test(arguments: Way.allCases)
func aWrongHeaderIsDamage(way: Way) {
  let good = Samples.member([1, 2, 3], flags: 2 | 8)
  for (offset, byte) in [(0, 0x1e), (1, 0x8c), (2, 7), (3, 0x2a), (3, 0x4a), (3, 0x8a)] as [(Int, UInt8)] {
    var bad = good
    bad[offset] = byte
    #expect(way.error(bad) == GzipError(.damaged(.header), offset: offset))
  }
  // The header's own checksum covers the time and the name.
  for offset in [4, 9, 12] {
    var bad = good
    bad[offset] ^= 1
    #expect(way.error(bad) == GzipError(.damaged(.header), offset: 17))
  }
}
