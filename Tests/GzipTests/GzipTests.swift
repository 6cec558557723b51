import CZlibShims
import Gzip
import Testing

@Test(
  arguments: [
    ([], false), ([0x1f], false), ([0x1f, 0x8b], true), ([0x1f, 0x8b, 9], true), ([0x1f, 0x9d], false),
    ([0x0a, 0x04], false),
  ] as [([UInt8], Bool)])
func twoBytesTellGzip(prefix: [UInt8], isGzip: Bool) {
  #expect(Gzip.isGzip(prefix.span) == isGzip)
}

@Test func crc32OfTheDigitsIsTheKnownOne() {
  let digits = Array("123456789".utf8)
  #expect(Gzip.crc32(0, digits.span) == 0xcbf4_3926)
  #expect(Gzip.crc32(0, digits.span.extracting(0..<0)) == 0)
  #expect(Gzip.crc32(7, digits.span.extracting(0..<0)) == 7)
}

@Test func crc32IsZlibsAtEveryLengthAndCut() {
  let data = Samples.noise(700)
  for length in stride(from: 0, through: data.count, by: 7) {
    let expected = UInt32(truncatingIfNeeded: unsafe CZlibShims.crc32(0, data, UInt32(length)))
    #expect(Gzip.crc32(0, data.span.extracting(0..<length)) == expected)
    let cut = length / 3
    let first = Gzip.crc32(0, data.span.extracting(0..<cut))
    #expect(Gzip.crc32(first, data.span.extracting(cut..<length)) == expected)
  }
}
