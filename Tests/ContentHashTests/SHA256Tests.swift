import ContentHash
import Foundation
import TestSupport
import Testing

@Suite struct SHA256Tests {
  /// Of coreutils, which we did not write.
  private func sha256sum(_ bytes: [UInt8]) throws -> String {
    let result = try Subprocess.run(URL(filePath: "/usr/bin/env"), ["sha256sum"], input: Data(bytes))
    return String(result.text.prefix(64))
  }

  @Test(arguments: [0, 1, 55, 56, 63, 64, 65, 1000, 1 << 20]) func itIsWhatSha256sumSays(_ count: Int) throws {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ $0 >> 8) }
    var hash = SHA256()
    hash.update(bytes.span)
    #expect(try hash.finish() == sha256sum(bytes))
  }

  @Test func piecesOfAnySizeGiveTheSame() throws {
    let bytes = [UInt8](try Data(contentsOf: Fixture.file("command/heap.pb.gz")))
    let whole = try sha256sum(bytes)
    for size in [1, 7, 64, 1000] {
      let hash = RunningHash()
      var rest = bytes[...]
      while !rest.isEmpty {
        hash.update(Array(rest.prefix(size)))
        hash.update([])
        rest = rest.dropFirst(size)
      }
      #expect(hash.finish() == whole)
    }
  }

  @Test func itStartsAnewWhenItIsFinished() throws {
    var hash = SHA256()
    hash.update([1, 2, 3].span)
    let first = hash.finish()
    hash.update([1, 2, 3].span)
    #expect(hash.finish() == first)
  }
}
