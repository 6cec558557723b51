import CZlibShims
import Foundation
import Testing

@testable import Gzip

/// Files of a few MB that inflate to gigabytes.
enum Bomb {
  static let unit = 1 << 24

  /// One member of `units` × 16 MiB zeros and `rest`, with a true trailer: one flushed block is repeated as it is.
  static func member(units: Int, rest: [UInt8] = []) -> [UInt8] {
    let zeros = [UInt8](repeating: 0, count: unit)
    let block = flushed(zeros)
    let tail = Samples.zlibDeflate(rest).dropFirst(10).dropLast(8)
    let unitChecksum = UInt(Gzip.crc32(0, zeros.span))
    var crc: UInt = 0
    for _ in 0..<units { crc = crc32_combine(crc, unitChecksum, unit) }
    crc = crc32_combine(crc, UInt(Gzip.crc32(0, rest.span)), rest.count)
    let size = units * unit + rest.count
    var file: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]
    for _ in 0..<units { file += block }
    file += tail
    for field in [UInt32(truncatingIfNeeded: crc), UInt32(truncatingIfNeeded: size)] {
      for shift in 0..<4 { file.append(UInt8(truncatingIfNeeded: field >> (8 * UInt32(shift)))) }
    }
    return file
  }

  /// Raw deflate data without a last block, which ends on a byte and refers to nothing before it.
  private static func flushed(_ data: [UInt8]) -> [UInt8] {
    var stream = unsafe z_stream()
    unsafe pprofconv_deflate_init(&stream, 9, -15)
    var output = [UInt8](repeating: 0, count: data.count / 100)
    var input = data
    let given = unsafe input.withUnsafeMutableBufferPointer { source in
      unsafe output.withUnsafeMutableBufferPointer { target in
        unsafe stream.next_in = source.baseAddress
        unsafe stream.avail_in = UInt32(source.count)
        unsafe stream.next_out = target.baseAddress
        unsafe stream.avail_out = UInt32(target.count)
        unsafe deflate(&stream, Z_FULL_FLUSH)
        return target.count - Int(unsafe stream.avail_out)
      }
    }
    unsafe deflateEnd(&stream)
    return Array(output[..<given])
  }

  /// The most memory that this process has had, in MiB. Not getrusage's: a child begins that with its parent's.
  static func peak() throws -> Int {
    let status = try String(contentsOf: URL(filePath: "/proc/self/status"), encoding: .utf8)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
    return try #require(Int(line.filter(\.isNumber))) >> 10
  }

  /// How much the peak grows, in MiB, while a file is refused at 512 MiB.
  static func growth(_ file: [UInt8], _ inflate: ([UInt8], Int) -> GzipError.Kind?) throws -> Int {
    let before = try peak()
    #expect(inflate(file, 512 << 20) == .limit(512 << 20))
    return try peak() - before
  }

  static func whole(_ file: [UInt8], limit: Int) -> GzipError.Kind? { Way.whole.kind(file, maximumSize: limit) }
  static func wholeZlib(_ file: [UInt8], limit: Int) -> GzipError.Kind? { Way.wholeZlib.kind(file, maximumSize: limit) }

  /// Keeps nothing of what comes.
  static func stream(_ file: [UInt8], limit: Int) -> GzipError.Kind? {
    do throws(GzipError) {
      var stream = try InflateStream(maximumSize: limit)
      stream.feed(file)
      while try stream.next() != nil {}
      try stream.finish()
      return nil
    } catch {
      return error.kind
    }
  }
}

// In processes of their own, for the peak of this one belongs to all tests.

@Test func aBombIsRefusedInLittleMemory() async {
  await #expect(processExitsWith: .success) { try refuseBombs() }
}

@Test func aClaimedSizeTakesNoMemory() async {
  await #expect(processExitsWith: .success) { try refuseClaims() }
}

private func refuseBombs() throws {
  // 3 GB in one member, which says so.
  let honest = Bomb.member(units: 200)
  #expect(honest.count < 4 << 20)
  #expect(try Bomb.growth(honest, Bomb.whole) < 8)
  // 4 GiB and 1000 bytes: the size field says 1000.
  let wrapped = Bomb.member(units: 256, rest: Samples.text(1000))
  #expect(wrapped.span.littleEndian32(at: wrapped.count - 4) == 1000)
  #expect(try Bomb.growth(wrapped, Bomb.stream) < 8)
  #expect(try Bomb.growth(wrapped, Bomb.whole) < 128)
  // 3 GB in 200 members.
  let unit = Bomb.member(units: 1)
  let many = [[UInt8]](repeating: unit, count: 200).flatMap { $0 }
  #expect(try Bomb.growth(many, Bomb.whole) < 128)
  #expect(try Bomb.growth(many, Bomb.wholeZlib) < 128)
}

private func refuseClaims() throws {
  var file = Samples.zlibDeflate(Samples.text(1_000_000))
  let before = try Bomb.peak()
  for claim in [0xffff_ffff, 0x8000_0000, 0x0400_0000, 0] as [UInt32] {
    for i in 0..<4 { file[file.count - 4 + i] = UInt8(truncatingIfNeeded: claim >> (8 * UInt32(i))) }
    #expect(Way.whole.kind(file, maximumSize: .max) == .damaged(.size))
  }
  #expect(try Bomb.peak() - before < 40)
}

@Test func aSizeBeyondFourGiBIsCountedModulo() throws {
  let file = Bomb.member(units: 256, rest: [1, 2, 3])
  var stream = try InflateStream(maximumSize: 5 << 30)
  stream.feed(file)
  var count = 0
  var last: [UInt8] = []
  while let piece = try stream.next() {
    count += piece.count
    last = piece
  }
  try stream.finish()
  #expect(count == 1 << 32 + 3)
  #expect(last.suffix(3) == [1, 2, 3])
}

@Test func whatInflatesFarIsStillInflated() throws {
  // Above all that is believed unmeasured: 160 MiB of 160 KB, one member and ten.
  let one = Bomb.member(units: 10, rest: [7])
  for way in [Way.whole, .wholeZlib] {
    let result = try way.inflate(one)
    #expect(result.count == 10 << 24 + 1)
    #expect(result.last == 7)
    #expect(Gzip.crc32(0, result.span) == one.span.littleEndian32(at: one.count - 8))
  }
  let unit = Bomb.member(units: 1)
  let many = [[UInt8]](repeating: unit, count: 10).flatMap { $0 } + Samples.zlibDeflate([7])
  for way in [Way.whole, .wholeZlib] {
    let result = try way.inflate(many)
    #expect(result.count == 10 << 24 + 1)
    #expect(result.last == 7)
  }
}
