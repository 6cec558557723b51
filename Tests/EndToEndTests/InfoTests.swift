import Foundation
import TestSupport
import Testing

@Suite struct InfoTests {
  let heap: Heap
  init() throws { heap = try Heap() }

  @Test func aHeapTextHasItsHeaderExplained() throws {
    let result = try Command.run("info", "heap.txt", in: heap.url)
    #expect(result.status == 0)
    let lines = result.text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    #expect(lines.first?.hasPrefix("heap.txt: heap, debug1 ") == true)
    #expect(lines.contains("header    heap profile: 23: 4790624 [752: 189498432] @ heap/1048576"))
    #expect(lines.contains("23            objects in use that were sampled"))
    #expect(lines.contains { $0.hasPrefix("189498432     their bytes") })
    #expect(lines.contains { $0.hasPrefix("heap/1048576  twice the rate: one sample in about 524288 ") })
  }

  @Test func aTextInUTF16HasItsHeaderExplainedToo() throws {
    let text = try String(decoding: heap.bytes("heap.txt"), as: UTF8.self)
    // All but the name and the size.
    func told(_ name: String) throws -> [Substring] {
      try Command.run("info", name, in: heap.url).text.split(separator: "\n").dropFirst().filter {
        !$0.hasPrefix("  size ")
      }
    }
    let plain = try told("heap.txt")
    #expect(plain[0].hasPrefix("  header "))
    for encoding in [String.Encoding.utf16LittleEndian, .utf16BigEndian] {
      let marked = try #require(("\u{feff}" + text.replacing("\n", with: "\r\n")).data(using: encoding))
      try marked.write(to: heap.folder.file("wide.txt"))
      #expect(try told("wide.txt") == plain)
    }
  }

  @Test(
    arguments: [
      (
        "gperftools-heap/valid/gperftools-heapprofile", "heap, gperftools-heap ",
        "gperftools: every allocation was recorded"
      ),
      ("gperftools-heap/valid/gperftools-growth", "heap growth, gperftools-heap ", "bytes that it grew by"),
      ("gperftools-heap/valid/gperftools-heap_v2", "heap, gperftools-heap ", "gperftools: one sample in about 65536 "),
      ("gperftools-heap/valid/synthetic-fragmentation", "heap fragmentation, gperftools-heap ", "memory stays"),
      ("gperftools-cpu/valid/gperftools-32be", "CPU, gperftools-cpu ", "cpu/nanoseconds"),
      ("gperftools-contention/valid/synthetic-no-cycles", "block or mutex contention, gperftools-contention ", "delay"),
      ("gperftools-threads/valid/synthetic-names", "thread, gperftools-threads ", "threads that stand there"),
      ("jemalloc/valid/jemalloc-lg_prof_sample_14", "heap, in use only, jemalloc ", "label     thread: 3 values"),
      ("java-heap/valid/synthetic-java", "heap, in use only, java-heap ", "com.example.F.run"),
      ("java-contention/valid/synthetic-java", "block or mutex contention, java-contention ", "STUB"),
      ("java-cpu/valid/synthetic-java-32be", "CPU, java-cpu ", "GC"),
    ])
  func profilesOfCAndJavaAreCalledByTheirNames(_ path: String, _ kind: String, _ detail: String) throws {
    let file = Fixture.named(path + ".in").url.path
    let result = try Command.run("info", file)
    #expect(result.status == 0)
    #expect(result.text.hasPrefix("\(file): \(kind)"), "\(result.text)")
    #expect(result.text.contains(detail), "\(result.text)")
  }

  @Test func totalsAreThoseThatPprofCounts() throws {
    let result = try Command.run("info", "go.pb.gz", in: heap.url)
    for type in ["alloc_objects", "alloc_space", "inuse_objects", "inuse_space"] {
      let top = try #require(
        try Pprof.run(["-top", "-sample_index=" + type, "-unit=auto"], heap.folder.file("go.pb.gz")))
      // "Showing nodes accounting for 14.39MB, 100% of 14.39MB total"
      let total = try #require(top.firstMatch(of: /of ([0-9.]+[A-Za-z]*) total/)).1
      let row = try #require(result.text.split(separator: "\n").first { $0.contains(type + "/") })
      #expect(row.split(separator: " ").contains(total), "\(type): \(total) in \(row)")
    }
  }

  @Test func theTimeIsUTCUnlessTZIsSet() throws {
    let utc = try Command.shell("unset TZ; $P info go.pb.gz", in: heap.url)
    #expect(utc.text.contains("  taken     2026-11-21T04:00:03.760507281Z\n"))
    let there = try Command.shell("TZ=XST-5:30 $P info go.pb.gz", in: heap.url)
    #expect(there.text.contains("  taken     2026-11-21T09:30:03.760507281+05:30\n"))
  }

  @Test func jsonHasASchemaAndTheFacts() throws {
    let result = try Command.run("info", "--json", "go.pb.gz", "heap.txt", "missing.pb", in: heap.url)
    #expect(result.status == 3)
    let document = try #require(try JSONSerialization.jsonObject(with: result.output) as? [String: Any])
    #expect(document["schema"] as? String == "pprofconv-info/1")
    let files = try #require(document["files"] as? [[String: Any]])
    #expect(files.count == 3)
    #expect(files[0]["samples"] as? Int == 31)
    #expect(files[0]["stacks"] as? Int == 23)
    #expect(files[0]["format"] as? String == "pb.gz")
    #expect(files[1]["format"] as? String == "debug1")
    let types = try #require(files[0]["sample_types"] as? [[String: Any]])
    #expect(types.map { $0["type"] as? String } == ["alloc_objects", "alloc_space", "inuse_objects", "inuse_space"])
    #expect(types.last?["total"] as? Int == 15_086_094)
    #expect((files[2]["error"] as? [String: Any])?["code"] as? String == "unreadable")
  }

  @Test func oneBadFileDoesNotHideTheOthers() throws {
    let result = try Command.run("info", "missing.pb", "heap.pb", in: heap.url)
    #expect(result.status == 3)
    #expect(result.errors.hasPrefix("missing.pb: error: "))
    #expect(result.text.contains("heap.pb: heap, pb "))
  }

  @Test func topSaysHowManyStacks() throws {
    func stacks(_ count: String) throws -> Int {
      let text = try Command.run("info", "go.pb.gz", "--top", count, in: heap.url).text
      return text.split(separator: "\n").drop { !$0.contains("top stacks by inuse_space") }.dropFirst()
        .prefix { $0.contains("% ") }.count
    }
    #expect(try stacks("3") == 3)
    #expect(try stacks("0") == 0)
  }

  @Test func formatsListsWhatIsReadAndWritten() throws {
    let text = try Command.run("formats").text
    let rows = text.split(separator: "\n").map { $0.split(separator: " ") }
    for row in [
      ["pb.gz", "yes", "yes", ".pb.gz"], ["text", "yes", "yes", ".txt"], ["jemalloc", "yes", "no", ".heap"],
    ] {
      #expect(rows.contains { $0.prefix(4).map(String.init) == row }, "\(row)")
    }
    let document = try #require(
      try JSONSerialization.jsonObject(with: try Command.run("formats", "--json").output) as? [String: Any])
    #expect(document["schema"] as? String == "pprofconv-formats/1")
    let ids = (document["formats"] as? [[String: Any]])?.compactMap { $0["id"] as? String } ?? []
    #expect(Set(ids).isSuperset(of: ["pb.gz", "pb", "text", "debug1"]))
  }
}
