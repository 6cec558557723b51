import Gzip
import Testing

@Test(arguments: [1, 2, 7, 64, 1000, 1 << 16, 1 << 22])
func chunksOfAnySizeGiveTheSame(size: Int) throws {
  let parts = [Samples.text(150_000), Samples.noise(20_000), []]
  let file = parts.flatMap { Samples.member($0, flags: 2 | 4 | 8 | 16) }
  var stream = try InflateStream(maximumSize: Samples.limit, pieceSize: 10_000)
  var result: [UInt8] = []
  for start in stride(from: 0, to: file.count, by: size) {
    stream.feed(Array(file[start..<min(start + size, file.count)]))
    while let piece = try stream.next() {
      #expect((1...10_000).contains(piece.count))
      result += piece
      let produced = stream.produced
      #expect(produced == result.count)
    }
    let consumed = stream.consumed
    #expect(consumed == min(start + size, file.count))
  }
  let isAtEnd = stream.isAtEnd
  #expect(isAtEnd)
  try stream.finish()
  #expect(result == Array(parts.joined()))
}

@Test func feedingAheadLosesNothing() throws {
  let text = Samples.text(50_000)
  let file = Samples.zlibDeflate(text)
  var stream = try InflateStream(maximumSize: Samples.limit, pieceSize: 100)
  var result: [UInt8] = []
  for byte in file.indices {
    stream.feed([file[byte]])
    if byte % 100 == 0, let piece = try stream.next() { result += piece }
  }
  let isEarly = stream.isAtEnd
  #expect(!isEarly)
  while let piece = try stream.next() { result += piece }
  try stream.finish()
  #expect(result == text)
}

@Test func theEndIsBehindAMemberAndNowhereElse() throws {
  let file = Samples.zlibDeflate([1, 2, 3])
  var stream = try InflateStream(maximumSize: 10)
  var isAtEnd = stream.isAtEnd
  #expect(!isAtEnd)
  var consumed = 0
  for byte in file + file.dropLast() {
    stream.feed([byte])
    _ = try stream.next()
    consumed += 1
    isAtEnd = stream.isAtEnd
    #expect(isAtEnd == (consumed == file.count))
  }
  stream.feed([file[file.count - 1]])
  #expect(try stream.next() == nil)
  isAtEnd = stream.isAtEnd
  #expect(isAtEnd)
}

@Test func whatStoodBeforeTheDamageIsGivenOut() throws {
  let first = Samples.text(400_000)
  let second = Samples.text(400_000, seed: 2)
  var file = Samples.zlibDeflate(first)
  let cut = file.count + 50_000
  file += Samples.zlibDeflate(second)
  var damaged = file
  damaged.replaceSubrange(cut..<(cut + 8), with: [UInt8](repeating: 0xff, count: 8))

  let (truncatedBytes, truncatedError) = try recover(Array(file[..<cut]))
  #expect(truncatedError == GzipError(.truncated, offset: cut, inflated: truncatedBytes.count))
  #expect(truncatedBytes.count > 450_000 && (first + second).starts(with: truncatedBytes))

  let (bytes, error) = try recover(damaged)
  #expect(error.kind == .damaged(.data) || error.kind == .damaged(.checksum))
  #expect(error.inflated == bytes.count)
  #expect(bytes.count >= truncatedBytes.count - 64)
  #expect((first + second).starts(with: bytes[..<(truncatedBytes.count - 64)]))

  let (garbageBytes, garbageError) = try recover(file + [0])
  #expect(garbageError.kind == .trailingGarbage)
  #expect(garbageBytes == first + second)
}

@Test func anErrorIsThrownAgain() throws {
  var stream = try InflateStream(maximumSize: 10)
  stream.feed(Array("no gzip at all".utf8))
  for _ in 0..<3 {
    #expect(throws: GzipError(.damaged(.header), offset: 0)) { try stream.next() }
  }
  #expect(throws: GzipError(.damaged(.header), offset: 0)) { try stream.finish() }
  let isAtEnd = stream.isAtEnd
  #expect(!isAtEnd)
}

/// All that comes out, and the error behind it.
private func recover(_ data: [UInt8]) throws -> ([UInt8], GzipError) {
  var stream = try InflateStream(maximumSize: Samples.limit, pieceSize: 30_000)
  var bytes: [UInt8] = []
  do throws(GzipError) {
    for start in stride(from: 0, to: data.count, by: 7000) {
      stream.feed(Array(data[start..<min(start + 7000, data.count)]))
      while let piece = try stream.next() { bytes += piece }
    }
    try stream.finish()
  } catch {
    return (bytes, error)
  }
  Issue.record("nothing was wrong")
  return (bytes, GzipError(.truncated, offset: -1))
}
