import CZlibShims
import Foundation
@testable import Gzip
import TestSupport

/// A generator with a seed, so that a failure repeats.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64
  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

enum Samples {
  static let limit = 1 << 30

  /// A text that compresses about as profiles do: words from a small set among numbers.
  static func text(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    let words = ["runtime.mallocgc", "net/http.(*conn).serve", "main.main", "0x", " [", "] @ ", "\n#\t", ": "].map {
      Array($0.utf8)
    }
    var random = SplitMix(seed)
    var text: [UInt8] = []
    text.reserveCapacity(count + 64)
    while text.count < count {
      let draw = random.next()
      text += words[Int(draw & 7)]
      text += String(draw >> 44, radix: 16).utf8
    }
    text.removeLast(text.count - count)
    return text
  }

  static func noise(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    var random = SplitMix(seed)
    return (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
  }

  /// A member with the header that `flags` ask for, around what zlib made of `data`.
  static func member(_ data: [UInt8], flags: UInt8, extra: [UInt8] = [7, 8, 9], name: String = "a name") -> [UInt8] {
    var header: [UInt8] = [0x1f, 0x8b, 8, flags, 1, 2, 3, 4, 0, 3]
    if flags & 4 != 0 { header += [UInt8(extra.count & 255), UInt8(extra.count >> 8)] + extra }
    if flags & 8 != 0 { header += name.utf8 + [0] }
    if flags & 16 != 0 { header += Array("a comment".utf8) + [0] }
    if flags & 2 != 0 {
      let crc = unsafe CZlibShims.crc32(0, header, UInt32(header.count))
      header += [UInt8(crc & 255), UInt8(crc >> 8 & 255)]
    }
    return header + zlibDeflate(data).dropFirst(10)
  }

  /// A whole gzip file as zlib makes it, header and all.
  static func zlibDeflate(_ data: [UInt8], level: Int32 = 6) -> [UInt8] {
    var stream = unsafe z_stream()
    unsafe pprofconv_deflate_init(&stream, level, 31)
    var output = [UInt8](repeating: 0, count: Int(unsafe deflateBound(&stream, UInt(data.count))) + 32)
    var input = data
    let given = unsafe input.withUnsafeMutableBufferPointer { source in
      unsafe output.withUnsafeMutableBufferPointer { target in
        unsafe stream.next_in = source.baseAddress
        unsafe stream.avail_in = UInt32(source.count)
        unsafe stream.next_out = target.baseAddress
        unsafe stream.avail_out = UInt32(target.count)
        unsafe deflate(&stream, Z_FINISH)
        return target.count - Int(unsafe stream.avail_out)
      }
    }
    unsafe deflateEnd(&stream)
    output.removeLast(output.count - given)
    return output
  }

  /// What gzip(1) says of a file: its bytes, or nil where it refuses.
  static func gunzip(_ data: [UInt8]) throws -> [UInt8]? {
    let result = try Subprocess.run(URL(filePath: "/bin/gzip"), ["-dc"], input: Data(data))
    return result.status == 0 ? Array(result.output) : nil
  }

  static func gzip(_ data: [UInt8], level: Int) throws -> [UInt8] {
    Array(try Subprocess.run(URL(filePath: "/bin/gzip"), ["-c", "-\(level)"], input: Data(data)).output)
  }
}

/// How a file may be inflated. All must say the same of every file.
enum Way: CaseIterable, Sendable {
  case whole
  case wholeZlib
  case stream
  case streamOfBytes

  func inflate(_ data: [UInt8], maximumSize: Int = Samples.limit) throws(GzipError) -> [UInt8] {
    switch self {
    case .whole: return try Gzip.inflate(data, maximumSize: maximumSize)
    case .wholeZlib:
      return try Gzip.inflateWithZlib(data.span, InflateRoom(data.span, maximumSize: maximumSize, extra: 0))
    case .stream: return try inflate(chunks: [data], maximumSize)
    case .streamOfBytes: return try inflate(chunks: data.map { [$0] }, maximumSize)
    }
  }

  private func inflate(chunks: [[UInt8]], _ maximumSize: Int) throws(GzipError) -> [UInt8] {
    var stream = try InflateStream(maximumSize: maximumSize)
    var result: [UInt8] = []
    for chunk in chunks {
      stream.feed(chunk)
      while let piece = try stream.next() { result += piece }
    }
    try stream.finish()
    return result
  }

  func kind(_ data: [UInt8], maximumSize: Int = Samples.limit) -> GzipError.Kind? {
    error(data, maximumSize: maximumSize)?.kind
  }

  func error(_ data: [UInt8], maximumSize: Int = Samples.limit) -> GzipError? {
    do throws(GzipError) {
      _ = try inflate(data, maximumSize: maximumSize)
      return nil
    } catch {
      return error
    }
  }
}
