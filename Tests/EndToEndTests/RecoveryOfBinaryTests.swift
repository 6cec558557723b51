import Foundation
import TestSupport
import Testing

/// What is said of binary profiles that are cut where a record or a field ends.
@Suite struct RecoveryOfBinaryTests {
  /// A CPU profile of gperftools: header, records, and the end marker where it is whole.
  private func cpu(_ addresses: Range<UInt64>, header: Bool = true, end: Bool) -> Data {
    var words: [UInt64] = header ? [0, 3, 0, 10_000, 0] : []
    for address in addresses { words += [1, 1, 0x401000 + 16 * address] }
    if end { words += [0, 1, 0] }
    return Data(words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } })
  }

  private func gzip(_ data: Data) throws -> Data {
    let folder = try TemporaryFolder()
    try data.write(to: folder.file("data"))
    let result = try Command.shell("gzip -n data", in: folder.url)
    #expect(result.status == 0)
    return try Data(contentsOf: folder.file("data.gz"))
  }

  /// Without the checksum and the size.
  private func cut(_ gzip: Data) -> Data { gzip.dropLast(8) }

  @Test("of a gzip that is cut nobody knows whether all samples are there")
  func cutGzip() throws {
    let result = try Command.run(
      "-", "--recover", "--to", "raw", input: cut(gzip(cpu(0..<2, end: false))))
    #expect(result.status == 0)
    #expect(
      result.errors.contains(
        "recovered 2 samples, those before the cut; whether more followed is not known (gzip data ends in the middle)"))
    #expect(!result.errors.contains("recovered all"))
  }

  @Test("one profile in several gzip members is one profile")
  func members() throws {
    let first = try gzip(cpu(0..<2, end: false))
    let rest = try cut(gzip(cpu(2..<5, header: false, end: false)))
    let result = try Command.run("-", "--recover", "--to", "raw", input: first + rest)
    #expect(result.status == 0)
    #expect(result.errors.contains("recovered 5 samples"))
    #expect(!result.errors.contains("second"))
  }

  @Test("behind a whole profile in a member of its own a second one is told, though it is cut")
  func joined() throws {
    let first = try gzip(cpu(0..<2, end: true))
    let second = try cut(gzip(cpu(2..<5, end: false)))
    let result = try Command.run("-", "--recover", "--to", "raw", input: first + second)
    #expect(result.status == 0)
    #expect(
      result.errors.contains(
        "recovered 2 samples, those of the first profile; a second one begins here: `tail -c +\(first.count + 1) FILE"))
  }

  @Test("what is made up has no name that stands in the file")
  func namesOfTypes() throws {
    // Strings "", "a" and "b", a sample of one location and one value, the location, and the beginning of something.
    let bytes: [UInt8] = [
      0x32, 0, 0x32, 1, 0x61, 0x32, 1, 0x62, 0x12, 6, 0x0a, 1, 1, 0x12, 1, 5, 0x22, 2, 0x08, 1, 0x22, 9,
    ]
    let result = try Command.run("-", "--recover", "--from", "pb", "--to", "raw", input: Data(bytes))
    #expect(result.status == 0)
    #expect(result.errors.contains("the names of the sample types are lost"))
    #expect(result.text.contains("Samples:\nlost string 3/\n"))
  }
}
