import Foundation
import ProfileFormats
import ProfileModel
import TestSupport
import Testing

/// Every reader of the catalogue against pieces of every fixture: it may read or refuse, but must come back, soon. What
/// libFuzzer does for minutes (`make fuzz`) in a few seconds, and with whatever format is added.
@Suite struct EveryReaderTests {
  /// All inputs of a format, small ones first; what is in gzip is taken out.
  private static func inputs(_ format: String) throws -> [[UInt8]] {
    let folder = Fixture.file(format)
    guard let names = FileManager.default.enumerator(atPath: folder.path) else { return [] }
    var files: [URL] = []
    while let name = names.nextObject() as? String {
      if name.hasSuffix(".in") { files.append(folder.appending(path: name)) }
    }
    return try files.sorted { $0.path < $1.path }.map {
      try inflated(Fixture.named("\(format)/\($0.path.dropFirst(folder.path.count + 1))"))
    }.sorted { $0.count < $1.count }
  }

  private static let formats = Catalogue.readers.map(\.info.id.rawValue)
  /// Bytes that a reader is given of its own format's fixtures, and of each other format's.
  private static let own = 256 << 10
  private static let others = 4 << 10

  @Test("pieces of every fixture end in a profile or an error, within a second", arguments: formats)
  func pieces(_ id: String) throws {
    let reader = try #require(Catalogue.readers.first { $0.info.id.rawValue == id })
    var slowest: UInt64 = 0
    var attempts = 0
    for format in Self.formats {
      var left = format == id ? Self.own : Self.others
      for input in try Self.inputs(format) where left > 0 {
        // As many prefixes and changes as the budget has for an input, spread over it.
        let rounds = min(input.count, max(1, left / 8 / max(1, input.count)))
        for i in 0..<rounds {
          let at = input.count * i / rounds
          var changed = input
          if !changed.isEmpty { changed[at] = UInt8(truncatingIfNeeded: HashIndex.mix(UInt64(at)) >> 11) }
          for bytes in [Array(input[..<at]), changed] {
            let time = Growth.time { attempt(reader, bytes) }
            slowest = max(slowest, time)
            attempts += 1
            left -= bytes.count
          }
        }
      }
    }
    #expect(attempts > 20)
    #expect(slowest < 1_000_000_000, "\(slowest) ns of the thread")
  }

  private func attempt(_ reader: any ProfileReader, _ bytes: [UInt8]) {
    for isWhole in [false, true] { _ = reader.detect(bytes.span, isWhole: isWhole) }
    read(reader, bytes)
    let text = Mended.text(bytes, of: reader)
    read(reader, reader.mend(text, .cut).bytes)
    read(reader, reader.mend(text, .from(text.count / 2)).bytes)
  }

  /// A refusal is an answer like another.
  private func read(_ reader: any ProfileReader, _ bytes: [UInt8]) {
    var source = ByteSource(bytes)
    var diagnostics = Diagnostics()
    _ = try? reader.read(&source, options: ReadOptions(), diagnostics: &diagnostics)
  }
}
