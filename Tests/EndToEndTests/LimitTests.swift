import Foundation
import TestSupport
import Testing

@Suite struct LimitTests {
  let heap: Heap
  init() throws { heap = try Heap() }

  @Test func aSmallLimitRefusesAProtobufAndNamesItsFlag() throws {
    let result = try Command.run("heap.pb.gz", "--max-inflated", "1K", in: heap.url)
    #expect(result.status == 3)
    #expect(result.errors.contains("error: it inflates to more than 1 KiB\n  hint: --max-inflated SIZE"))
    #expect(try Command.run("heap.pb.gz", "--max-inflated", "1MiB", "-o", "a.pb", in: heap.url).status == 0)
  }

  @Test func aSmallLimitRefusesACompressedTextToo() throws {
    try Heap.deflated(heap.bytes("heap.txt")).write(to: heap.folder.file("heap.txt.gz"))
    let result = try Command.run("heap.txt.gz", "--max-inflated", "10k", "-o", "a.pb", in: heap.url)
    #expect(result.status == 3)
    #expect(result.errors.contains("it inflates to more than 10 KiB"))
  }

  /// Swift ends a process that gets no memory where it wants some.
  @Test func anAddressSpaceThatIsSmallIsALimitToo() throws {
    // The beginning of a protobuf, with a string of 2 GiB to come.
    let script = """
      { printf '\\012\\004\\010\\001\\020\\002\\062\\200\\200\\200\\200\\010'; head -c 90M /dev/zero; } > z
      ulimit -v 200000; $P z -o a.pb
      """
    let result = try Command.shell(script, in: heap.url)
    #expect(result.status == 3, "\(result.errors)")
    #expect(result.errors.contains("--max-memory"), "\(result.errors)")
  }

  @Test(arguments: [["info"], ["-o", "a.pb"], ["batch", "--to", "pb", "--output-dir", "out"]])
  func aFileMayBeOfTheFarFuture(_ words: [String]) throws {
    _ = try Command.shell("touch -d 2300-01-01 heap.txt", in: heap.url)
    let result = try Command.run(words + ["heap.txt"], in: heap.url)
    #expect(result.status == 0, "\(result.errors)")
  }

  @Test func aLongLineNamesItsFlag() throws {
    let result = try Command.run("heap.txt", "--max-line", "100", "-o", "a.pb", in: heap.url)
    #expect(result.status == 3)
    #expect(result.errors.contains("--max-line"))
  }

  /// A megabyte each: one whose beginning is a protobuf, with a string of 2 GiB to come (field 6, its length as a varint
  /// of five bytes), one of a text's comment lines.
  @Test(arguments: [
    ("printf '\\012\\004\\010\\001\\020\\002\\062\\200\\200\\200\\200\\010'; head -c 1100M /dev/zero", "1 GiB"),
    ("echo 'heap profile: 1: 1 [1: 1] @ heap/2'; head -c 300M /dev/zero | tr '\\0' '#' | fold -w 9999", "256 MiB"),
  ])
  func aBombIsRefusedInBoundedMemory(_ bomb: String, _ limit: String) throws {
    let script =
      "{ \(bomb); } | gzip -1 > bomb.gz; ulimit -v 1500000; $P bomb.gz --max-memory 8G --to pb > /dev/null; echo $?"
    let result = try Command.shell(script, in: heap.url)
    #expect(result.text == "3\n")
    #expect(result.errors.contains("error: it inflates to more than \(limit)\n  hint: --max-inflated"))
  }
}
