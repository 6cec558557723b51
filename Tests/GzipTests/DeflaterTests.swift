import Gzip
import Testing

@Test(arguments: Deflater.levels)
func everyLevelIsReadByOthers(level: Int) throws {
  for data in [[], [1], Samples.text(300_000), Samples.noise(70_000)] {
    let file = try Gzip.deflate(data, level: level)
    #expect(try Samples.gunzip(file) == data)
    for way in Way.allCases where way != .streamOfBytes || file.count < 100_000 {
      #expect(try way.inflate(file) == data)
    }
  }
}

@Test(arguments: [0, 1, 9])
func whatDoesNotCompressFitsTheRoom(level: Int) throws {
  var deflater = try Deflater(level: level)
  for count in Array(0...40) + [5000, 65_534, 65_535, 65_536, 65_537, 131_071, 300_001, 1 << 20, 3_000_000] {
    let data = Samples.noise(count, seed: UInt64(count))
    let file = deflater.member(data.span)
    #expect(file.count <= count + 18 + 5 * (count / 4096 + 2))
    #expect(try Gzip.inflate(file, maximumSize: count) == data)
  }
}

@Test func aHeaderHoldsNoNameNoTimeAndNoSystem() throws {
  for (level, effort) in [(0, 0), (1, 4), (6, 0), (9, 2)] as [(Int, UInt8)] {
    let file = try Gzip.deflate(Samples.text(100), level: level)
    #expect(Array(file[..<10]) == [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, effort, 255])
  }
}

@Test func slowerLevelsAreSmallerAndStoringIsLarger() throws {
  let text = Samples.text(1_000_000)
  let sizes = try [0, 1, 6, 9].map { try Gzip.deflate(text, level: $0).count }
  #expect(sizes[0] > text.count)
  #expect(sizes[1] < text.count / 2)
  #expect(sizes[2] < sizes[1])
  #expect(sizes[3] <= sizes[2])
}

@Test func aLevelOutsideIsTheNearest() throws {
  let text = Samples.text(10_000)
  #expect(try Gzip.deflate(text, level: -1) == Gzip.deflate(text, level: 0))
  #expect(try Gzip.deflate(text, level: .max) == Gzip.deflate(text, level: Deflater.levels.upperBound))
}

@Test(arguments: [0, 1, 6, 9])
func aDeflaterKeepsNothingOfTheMemberBefore(level: Int) throws {
  let parts = [Samples.text(100_000), Samples.noise(1000), [], Samples.text(100_000)]
  var deflater = try Deflater(level: level)
  var file: [UInt8] = []
  for part in parts {
    let member = deflater.member(part.span)
    #expect(try member == Gzip.deflate(part, level: level))
    file += member
  }
  #expect(try Samples.gunzip(file) == Array(parts.joined()))
}
