import Gzip
import Testing

@Test(arguments: [0, 1, 999, 1000, 1001, 5000, 123_456])
func theNumberOfThreadsDoesNotShow(count: Int) throws {
  let data = Samples.text(count)
  let one = try Gzip.deflateMembers(data, level: 6, jobs: 1, pieceSize: 1000)
  for jobs in [0, 2, 3, 16, 1000] {
    #expect(try Gzip.deflateMembers(data, level: 6, jobs: jobs, pieceSize: 1000) == one)
  }
  // Member for member what one deflater makes of the pieces.
  var deflater = try Deflater(level: 6)
  var expected: [UInt8] = []
  for start in stride(from: 0, to: max(1, count), by: 1000) {
    expected += deflater.member(data.span.extracting(start..<min(start + 1000, count)))
  }
  #expect(one == expected)
  #expect(try Samples.gunzip(one) == data)
  for way in Way.allCases { #expect(try way.inflate(one) == data) }
}

@Test func piecesOfTheUsualSizeAreReadBack() throws {
  let data = Samples.text(5_300_000)
  let file = try Gzip.deflateMembers(data, level: 1, jobs: 2)
  #expect(try Samples.gunzip(file) == data)
  #expect(try Gzip.inflate(file, maximumSize: Samples.limit) == data)
  #expect(try Gzip.deflateMembers(data, level: 1, jobs: 1) == file)
  // A piece that holds all makes one member.
  #expect(try Gzip.deflateMembers(data, level: 1, jobs: 4, pieceSize: .max) == Gzip.deflate(data, level: 1))
}
