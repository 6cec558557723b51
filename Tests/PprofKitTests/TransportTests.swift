import Gzip
import ProfileFormats
import ProfileModel
import Testing

@testable import PprofKit

@Suite struct TransportTests {
  private let text = Array("heap profile: 1: 16 [1: 16] @ heap/2\n1: 16 [1: 16] @ 0x1000\n".utf8)

  private func transport(_ bytes: [UInt8], _ change: (inout InputOptions) -> Void = { _ in }) throws -> Transport {
    var options = InputOptions()
    change(&options)
    return try Transport(.bytes(bytes, name: "input"), options: options)
  }

  @Test func gzipIsPeeledOffWhetherWholeOrStreamed() throws {
    let packed = try Gzip.deflate(text, level: 6)
    var whole = try transport(packed).whole()
    #expect(try whole.readAll() == text)
    var stream = try transport(packed).stream()
    #expect(try stream.readAll() == text)
    #expect(try transport(packed).isGzip)
  }

  @Test func membersInARowAreOneInput() throws {
    let packed = try Gzip.deflate(text, level: 1) + Gzip.deflate(text, level: 9)
    var stream = try transport(packed).stream()
    #expect(try stream.readAll() == text + text)
  }

  @Test func whatIsNoGzipIsGivenAsItIs() throws {
    var stream = try transport(text).stream()
    #expect(try stream.readAll() == text)
    #expect(try !transport(text).isGzip)
  }

  @Test func thePrefixTellsWhetherItIsAll() throws {
    let packed = try Gzip.deflate(text, level: 1)
    #expect(try transport(packed).prefix(1000).isWhole)
    #expect(try transport(packed).prefix(1000).bytes == text)
    #expect(try !transport(packed).prefix(10).isWhole)
    #expect(try transport(packed).prefix(10).bytes == Array(text.prefix(10)))
    #expect(try transport(text).prefix(1000).isWhole)
  }

  /// The prefix is looked at first and nothing of it may be missing afterwards.
  @Test(arguments: [true, false]) func lookingAheadLosesNothing(_ isGzip: Bool) throws {
    let long = [[UInt8]](repeating: text, count: 5000).flatMap { $0 }
    let transport = try transport(isGzip ? Gzip.deflate(long, level: 1) : long)
    #expect(try transport.prefix(100_000).bytes.count >= 100_000)
    var stream = try transport.stream()
    #expect(try stream.readAll() == long)
  }

  @Test(arguments: [0, 1, 9, 18, 40]) func aCutGzipIsTruncatedAtItsEnd(_ dropped: Int) throws {
    let packed = Array(try Gzip.deflate(text, level: 1).dropLast(dropped))
    func error(_ body: (Transport) throws(ProfileError) -> Void) throws -> ProfileError? {
      let transport = try transport(packed)
      do throws(ProfileError) { try body(transport) } catch { return error }
      return nil
    }
    for failure in [
      try error { transport throws(ProfileError) in _ = try transport.whole() },
      try error { transport throws(ProfileError) in
        var stream = try transport.stream()
        _ = try stream.readAll()
      },
    ] {
      if dropped == 0 {
        #expect(failure == nil)
      } else {
        #expect(failure?.code == .truncated)
        #expect(failure?.place == .byte(packed.count))
        #expect(failure?.file == "input")
      }
    }
  }

  @Test func aLimitNamesWhatRaisesIt() throws {
    let packed = try Gzip.deflate(text, level: 1)
    let error = #expect(throws: ProfileError.self) {
      _ = try transport(packed) { $0.maxInflated = 20 }.whole()
    }
    #expect(error?.code == .limit)
    #expect(error?.hint?.contains("`maxInflated`") == true)
    let exact = try transport(packed) { $0.maxInflated = text.count }.whole()
    #expect(exact.sizeHint == text.count)
  }

  @Test func memoryIsLimitedToo() throws {
    // 100 MiB of zeros are a small gzip, which would take three times as much.
    let zeros = [UInt8](repeating: 0, count: 100 << 20)
    let error = #expect(throws: ProfileError.self) { try transport(zeros) { $0.maxMemory = 64 << 20 }.stream().drain() }
    #expect(error?.code == .memory)
    #expect(error?.hint?.contains("`maxMemory`") == true)
  }

  @Test func nothingAtAllIsSaidSo() {
    let error = #expect(throws: ProfileError.self) { try transport([]) }
    #expect(error?.code == .empty)
  }

  @Test(arguments: [
    (1 << 30, "1 GiB"), (256 << 20, "256 MiB"), (1024, "1 KiB"), (1000, "1000 bytes"), (11 << 20 | 1, "11 MiB"),
  ])
  func sizesReadAsTheyAreTyped(_ count: Int, _ words: String) { #expect(byteWords(count) == words) }
}

extension ByteSource {
  fileprivate consuming func drain() throws(ProfileError) {
    while try !next().isEmpty {}
  }
}
