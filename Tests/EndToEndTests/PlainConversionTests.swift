import Foundation
import TestSupport
import Testing

/// What most people type is understood on a shorter way than the rest; `--level 1`, which is the default, leads to the longer one.
@Suite struct PlainConversionTests {
  static let commandLines: [[String]] = [
    ["heap.pb.gz"], ["convert", "heap.pb.gz"], ["heap.pb.gz", "-o", "out.txt"], ["-o", "out.txt", "heap.pb.gz"],
    ["heap.pb.gz", "-o", "debug1:out"], ["heap.pb.gz", "--to", "json"], ["heap.pb.gz", "--to", "debug1", "-o", "out"],
    ["--to", "pb", "heap.txt", "-o", "out"], ["heap.txt", "-o", "out.pb.gz"], ["./heap.txt", "-o", "a:out.pb.gz"],
    // Odd, and wrong.
    ["heap.pb.gz", "-o", "out.txt", "-o", "out.pb"], ["heap.pb.gz", "-o", "out.txt", "-o", "out.txt"],
    ["heap.pb.gz", "heap.txt"], ["heap.pb.gz", "-o"], ["heap.pb.gz", "-o", ""], ["heap.pb.gz", "-o", "text:"],
    ["heap.pb.gz", "-o", "-"], ["heap.pb.gz", "-o", "-x"], ["heap.pb.gz", "--to"], ["heap.pb.gz", "--to", "nothing"],
    ["heap.pb.gz", "--to", "json", "--to", "csv"], ["heap.pb.gz", "--to", ""], ["missing.pb.gz", "-o", "out.txt"],
    [".", "-o", "out.txt"], ["http://localhost/heap.pb.gz"], ["heap.pb.gz", "-o", "missing/out.txt"],
    ["", "-o", "a.pb"],
  ]

  @Test(arguments: commandLines) func theShortWayEndsWhereTheLongOneDoes(_ words: [String]) throws {
    let (short, long) = (try Heap(), try Heap())
    let one = try Command.run(words, in: short.url)
    let verb = words.prefix { $0 == "convert" }
    let other = try Command.run(verb + ["--level", "1"] + words.dropFirst(verb.count), in: long.url)
    #expect(one.status == other.status)
    #expect(one.output == other.output)
    #expect(one.errors == other.errors)
    let files = try FileManager.default.contentsOfDirectory(atPath: short.url.path).sorted()
    #expect(try files == FileManager.default.contentsOfDirectory(atPath: long.url.path).sorted())
    for file in files { #expect(try short.bytes(file) == long.bytes(file), "\(file)") }
  }
}
