import Foundation
import TestSupport
import Testing

/// Files of `Fixtures/damaged`, each made of a whole one by cutting, joining, or changing a byte; `.error` beside it is what
/// is said when it is recovered.
@Suite struct RecoveryTests {
  /// What files of other formats were cut from.
  private static let others = [
    "truncated-goroutine-debug1": "debug1/pairs/go1.27-default-goroutineleak.in",
    "truncated-mutex-debug1": "debug1/pairs/go1.19-rate1-mutex.in",
    "truncated-gperftools-cpu": "gperftools-cpu/valid/gperftools-64le.in",
    "truncated-gperftools-cpu-map": "gperftools-cpu/valid/gperftools-32be.in",
    "truncated-gperftools-heap": "gperftools-heap/valid/gperftools-growth.in",
    "truncated-jemalloc": "jemalloc/valid/jemalloc-lg_prof_sample_14.in",
  ]

  /// The samples of the whole file that a damaged one was made of.
  private func whole(_ name: String, _ folder: TemporaryFolder) throws -> [SavedSample] {
    let heap = Fixture.file("command/heap.pb.gz")
    let source: URL
    if let other = Self.others[name] {
      source = Fixture.file(other)
    } else if name.hasSuffix("debug1") || name.hasSuffix("of-text") {
      source = Fixture.file("debug1/valid/go1.27-default-heap.in")
    } else if name.hasSuffix("debug2") {
      source = Fixture.file("debug2/valid/go1.27-ancestors.in")
    } else {
      source = folder.file("whole")
      let form = ["text", "raw", "json", "folded"].first { name.contains("-" + $0) } ?? "pb.gz"
      #expect(try Command.run(heap.path, "-q", "-o", form + ":" + source.path).status == 0)
    }
    let file = folder.file("whole.pb.gz")
    #expect(try Command.run(source.path, "-q", "-o", file.path).status == 0)
    return try SavedSample.all(file)
  }

  @Test(
    "every whole sample before the damage is saved, and what was lost is said", arguments: try Fixture.all("damaged"))
  func recovered(fixture: Fixture) throws {
    let folder = try TemporaryFolder()
    try FileManager.default.copyItem(at: fixture.url, to: folder.file("file"))
    let result = try Command.run("file", "--recover", "-o", "out.pb.gz", in: folder.url)
    #expect(result.status == 0)
    let golden = try? fixture.beside("error")
    if golden != result.errors, golden == nil || ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] == "1" {
      try result.errors.write(
        to: fixture.url.deletingPathExtension().appendingPathExtension("error"), atomically: true, encoding: .utf8)
    }
    #expect(golden == result.errors)
    #expect(result.errors.contains(": warning: recovered "))
    let whole = try whole(fixture.name, folder)
    let saved = try SavedSample.all(folder.file("out.pb.gz"))
    #expect(saved.count > 0 && saved.count <= whole.count)
    for (saved, whole) in zip(saved, whole) { #expect(saved.agrees(with: whole), "\(saved) is not \(whole)") }
    if saved.contains(where: \.isIncomplete) { #expect(result.errors.contains(" are lost")) }
    // All of what is there twice, or with something behind it.
    if !["truncated", "damaged-deflate", "damaged-frames"].contains(where: fixture.name.hasPrefix) {
      #expect(saved.count == whole.count)
    }
    #expect(
      result.errors.contains("recovered \(saved.count) samples") || result.errors.contains("all \(saved.count) samples")
    )
  }

  /// Texts that end early are read up to there, and it is said.
  private static let tolerated: Set = [
    "truncated-debug1", "truncated-debug2", "truncated-text", "truncated-goroutine-debug1",
  ]
  /// These too, and only their last line tells that anything may be missing.
  private static let unseen: Set = [
    "truncated-gperftools-cpu-map", "truncated-gperftools-heap", "truncated-mutex-debug1",
  ]

  @Test("without --recover nothing is written", arguments: try Fixture.all("damaged"))
  func refused(fixture: Fixture) throws {
    let folder = try TemporaryFolder()
    try FileManager.default.copyItem(at: fixture.url, to: folder.file("file"))
    let result = try Command.run("file", "-o", "out.pb.gz", in: folder.url)
    if Self.unseen.contains(fixture.name) {
      #expect(result.status == 0)
      #expect(result.errors.contains("it does not end in a newline"))
      return
    }
    if Self.tolerated.contains(fixture.name) {
      #expect(result.status == 0)
      #expect(result.errors.contains(/the text was cut|ends in the middle|are missing/))
      return
    }
    #expect(result.status == 3)
    #expect(result.errors.contains("\n  hint: "))
    #expect(!FileManager.default.fileExists(atPath: folder.file("out.pb.gz").path))
    // The doctor says the same.
    let info = try Command.run("info", "file", in: folder.url)
    #expect(info.status == 3 && info.errors == result.errors && info.output.isEmpty)
  }

  @Test("the command that is told for a second profile reads it")
  func second() throws {
    for name in [
      "glued-gzip", "glued-protobuf", "glued-debug1", "glued-raw", "glued-folded", "glued-json", "glued-text",
    ] {
      let folder = try TemporaryFolder()
      let fixture = Fixture.named("damaged/\(name).in")
      try FileManager.default.copyItem(at: fixture.url, to: folder.file("FILE"))
      let result = try Command.run("FILE", "--recover", "-q", "-o", "first.pb.gz", in: folder.url)
      #expect(result.status == 0)
      let said = try fixture.beside("error")
      let command = try #require(said.firstMatch(of: /`(.*) \| pprofconv -`/)).1
      let ran = try Command.shell("\(command) | $P - -q -o second.pb.gz", in: folder.url)
      #expect(ran.status == 0, "\(name): \(ran.errors)")
      #expect(try SavedSample.all(folder.file("second.pb.gz")) == SavedSample.all(folder.file("first.pb.gz")))
    }
  }

  /// pprof passes over whatever stands behind the records of a text, be it a whole profile.
  @Test(
    "a second profile behind the first one's map, block or last record is found",
    arguments: [
      ["debug1/pairs/go1.27-default-mutex", "debug1/pairs/go1.27-default-block"],
      ["debug1/pairs/go1.27-default-mutex", "debug1/pairs/go1.27-default-mutex"],
      ["gperftools-cpu/valid/gperftools-64le", "gperftools-cpu/valid/gperftools-64le"],
      ["gperftools-cpu/valid/gperftools-32be", "gperftools-cpu/valid/gperftools-64le"],
      ["gperftools-heap/valid/gperftools-growth", "gperftools-heap/valid/gperftools-growth"],
      ["jemalloc/valid/jemalloc-lg_prof_sample_14", "jemalloc/valid/jemalloc-lg_prof_sample_14"],
    ])
  func joined(names: [String]) throws {
    let folder = try TemporaryFolder()
    let parts = try names.map { try Data(contentsOf: Fixture.file($0 + ".in")) }
    try parts[0].write(to: folder.file("first"))
    try (parts[0] + parts[1]).write(to: folder.file("file"))
    let refused = try Command.run("file", "-o", "out.pb.gz", in: folder.url)
    #expect(refused.status == 3)
    #expect(refused.errors.contains("a second profile begins here"))
    if names[0].hasPrefix("gperftools-cpu") {
      // Where the first one's last line has no end, and where zeros fill up its block.
      for between in [parts[0].dropLast(), parts[0] + Data(count: 100), parts[0] + Data(count: 3)] {
        try (between + parts[1]).write(to: folder.file("filled"))
        let refused = try Command.run("filled", "-o", "out.pb.gz", in: folder.url)
        #expect(refused.status == 3 && refused.errors.contains("a second profile begins here"), "\(refused.errors)")
      }
      try (parts[0].dropLast() + Data(count: 100)).write(to: folder.file("filled"))
      #expect(try Command.run("filled", "-q", "-o", "filled.raw", in: folder.url).status == 0)
      #expect(try Command.run("first", "-q", "-o", "first.raw", in: folder.url).status == 0)
      #expect(try Data(contentsOf: folder.file("filled.raw")) == Data(contentsOf: folder.file("first.raw")))
    }
    #expect(try Command.run("file", "--recover", "-q", "-o", "saved.pb.gz", in: folder.url).status == 0)
    #expect(try Command.run("first", "-q", "-o", "first.pb.gz", in: folder.url).status == 0)
    let saved = try SavedSample.all(folder.file("saved.pb.gz"))
    #expect(try !saved.isEmpty && saved == SavedSample.all(folder.file("first.pb.gz")))
  }

  /// Of the same kind, and of another one: each is told by the reader of the first.
  @Test("a second profile is told without --recover too, whatever its kind")
  func otherKinds() throws {
    let heap = try Heap()
    let kinds = ["text", "debug1", "raw", "json"]
    for kind in kinds { _ = try Command.run("heap.txt", "-o", "\(kind):\(kind)", in: heap.url) }
    try heap.write("goroutine profile: total 1\n1 @ 0x1\n#\t0x1\tmain.f+0x0\tf.go:1\n\n", to: "goroutine")
    try heap.write(
      "--- mutex:\ncycles/second=1000000000\nsampling period=1\n5 1 @ 0x1\n#\t0x1\tmain.f+0x0\tf.go:1\n\n", to: "mutex")
    try heap.write("goroutine 1 [running]:\nmain.f()\n\tf.go:1 +0x1\n", to: "debug2")
    for first in kinds + ["goroutine", "mutex"] {
      for second in kinds + ["goroutine", "mutex", "debug2"] {
        let whole = try heap.bytes(first)
        try (whole + heap.bytes(second)).write(to: heap.folder.file("joined"))
        let result = try Command.run("joined", "-o", "out.pb.gz", in: heap.url)
        let line = whole.count { $0 == UInt8(ascii: "\n") } + 1
        #expect(result.errors.hasPrefix("joined:\(line):"), "\(first) + \(second): \(result.errors)")
        #expect(result.status == 3, "\(first) + \(second)")
        #expect(
          result.errors.contains("error: a second profile begins here: two files were joined into one\n")
            && result.errors.contains(
              "\n  hint: convert them one by one, or make one of the files with `pprofconv merge`; --recover saves what stands before\n"
            ),
          "\(first) + \(second): \(result.errors)")
      }
    }
  }

  @Test(
    "what was cut before its first sample is not told to --recover again",
    arguments: ["heap.txt", "go.pb.gz"])
  func hopeless(_ name: String) throws {
    let heap = try Heap()
    for count in [5, 12, 20, 59, 70] {
      let result = try Command.run("-", "--recover", "-o", "x.pb", input: heap.bytes(name).prefix(count), in: heap.url)
      #expect(result.status == 3, "\(count)")
      #expect(
        result.errors.contains("\n  hint: ") && !result.errors.contains("--recover"), "\(count): \(result.errors)")
    }
  }

  @Test("a file that is whole is read as without --recover", arguments: ["heap.pb.gz", "heap.pb", "heap.txt"])
  func wholeFiles(_ name: String) throws {
    let heap = try Heap()
    let plain = try Command.run(name, "--to", "json", in: heap.url)
    let result = try Command.run(name, "--recover", "--to", "json", in: heap.url)
    #expect(result.status == 0)
    #expect(result.output == plain.output && result.errors == plain.errors)
  }

  @Test(
    "what is no profile stays none",
    arguments: ["<html><body>no</body></html>\n", "404 page not found\n", "\u{1f}\u{8b}"])
  func nothing(_ text: String) throws {
    let result = try Command.run("-", "--recover", input: Data(text.utf8))
    #expect(result.status == 3 && result.output.isEmpty)
  }

  @Test(
    "every prefix of a profile gives its samples up to there or an error",
    arguments: ["pb", "raw", "json", "folded", "text"])
  func prefixes(_ format: String) throws {
    let heap = try Heap()
    #expect(try Command.run("heap.pb.gz", "-q", "-o", format + ":whole", in: heap.url).status == 0)
    #expect(try Command.run("whole", "-q", "-o", "whole.pb.gz", in: heap.url).status == 0)
    let bytes = try heap.bytes("whole")
    let whole = try SavedSample.all(heap.folder.file("whole.pb.gz"))
    for percent in stride(from: 3, to: 100, by: 19) {
      try bytes.prefix(bytes.count * percent / 100).write(to: heap.folder.file("cut"))
      let result = try Command.run("cut", "--recover", "-q", "-o", "out.pb.gz", in: heap.url)
      if result.status != 0 {
        #expect(result.status == 3)
        continue
      }
      let saved = try SavedSample.all(heap.folder.file("out.pb.gz"))
      #expect(saved.count <= whole.count)
      for (saved, whole) in zip(saved, whole) {
        #expect(saved.agrees(with: whole), "\(percent) %: \(saved) is not \(whole)")
      }
    }
  }

  @Test("a line that is cut is left out, even where it could be read")
  func lastLine() throws {
    let folded = try Command.run("-", "--recover", "--to", "folded", input: Data("a;b 1\na;c".utf8))
    #expect(folded.status == 0 && folded.text == "samples/count\na;b 1\n")
    let number = try Command.run("-", "--recover", "--to", "folded", input: Data("a;b 1\na;c 2".utf8))
    #expect(number.status == 0 && number.text == "samples/count\na;b 1\n")
    #expect(number.errors.contains("recovered 1 samples, those before the damage (it ends in the middle)"))
    let record = try Command.run(
      "-", "--recover", input: Data("heap profile: 1: 2 [3: 4] @ heap/2\n1: 2 [3: 4] @ 0x4".utf8))
    #expect(record.status == 3)
    #expect(record.errors.hasSuffix("\n  hint: no whole sample stands before the damage: fetch it again\n"))
  }

  @Test(
    "a record whose frames are cut or parted is no whole one",
    arguments: ["", "#\t0x3\tma", "GARBAGE\n#\t0x3\tmain.g+0x1\tg.go:1\n\n2: 2 [3: 4] @ 0x4\n\n"])
  func frames(_ rest: String) throws {
    let whole = "heap profile: 2: 4 [6: 8] @ heap/2\n1: 2 [3: 4] @ 0x4 0x5\n#\t0x3\tmain.f+0x1\tf.go:1\n"
    let none = try Command.run("-", "--recover", input: Data((whole + rest + "GARBAGE").utf8))
    #expect(none.status == 3 && none.output.isEmpty)
    #expect(none.errors.hasSuffix("\n  hint: no whole sample stands before the damage: fetch it again\n"))
    for first in ["#", "#\t0x3\tmai"] {
      let text = whole.prefix { $0 != "#" } + first
      #expect(try Command.run("-", "--recover", input: Data(text.utf8)).status == 3)
    }
    let one = try Command.run(
      "-", "--recover", "--to", "raw", input: Data((whole + "\n" + rest + "GARBAGE").utf8))
    #expect(one.status == 0 && one.text.contains("main.f f.go:1:0"))
    #expect(one.errors.contains("recovered 1 samples"))
  }

  @Test("to save and to refuse to lose are not asked for at once")
  func strict() throws {
    let result = try Command.run("x", "--recover", "--strict")
    #expect(result.status == 2)
    #expect(result.errors.contains("give one of them"))
  }
}
