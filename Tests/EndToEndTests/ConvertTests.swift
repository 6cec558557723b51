import Foundation
import TestSupport
import Testing

@Suite struct ConvertTests {
  let heap: Heap
  init() throws { heap = try Heap() }

  @Test func aProtobufBecomesGroupedTextOnStandardOutput() throws {
    let result = try Command.run(heap.path("heap.pb.gz"))
    #expect(result.status == 0)
    #expect(result.text.hasPrefix("heap profile: 23: 4790624 [752: 189498432] @ heap/1048576\n"))
    // Its largest stack comes first, in bpprof's layout.
    #expect(result.text.contains("\n\n2: 1507328 [2: 1507328] @ 0x489f92 "))
  }

  @Test func aTextBecomesACompressedProtobuf() throws {
    let result = try Command.run(heap.path("heap.txt"))
    #expect(result.status == 0)
    #expect(result.output.starts(with: [0x1f, 0x8b]))
    // What would not come back if this became text again, and nothing else.
    #expect(result.errors.split(separator: "\n").count == 1)
    #expect(result.errors.contains("+0x offsets of 67 frames are not kept"))
  }

  @Test func standardInputIsReadWhetherNamedOrNot() throws {
    let input = try heap.bytes("heap.pb.gz")
    let named = try Command.run("-", "--to", "pb", input: input)
    let silent = try Command.run("--to", "pb", input: input)
    #expect(named.status == 0 && silent.status == 0)
    #expect(named.output == silent.output)
    #expect(try named.output == heap.bytes("heap.pb"))
  }

  @Test func aPipeThatGivesAByteAtATimeIsReadToItsEnd() throws {
    let script = "dd if=heap.pb.gz bs=1 2>/dev/null | $P - --to pb | cmp - heap.pb"
    #expect(try Command.shell(script, in: heap.url).status == 0)
  }

  @Test(arguments: ["convert", nil]) func theVerbMayBeLeftOut(_ verb: String?) throws {
    let result = try Command.run((verb.map { [$0] } ?? []) + [heap.path("heap.pb.gz"), "-o", heap.path("a.pb")])
    #expect(result.status == 0)
    #expect(try heap.bytes("a.pb") == heap.bytes("heap.pb"))
  }

  @Test func oneParseServesSeveralOutputs() throws {
    let result = try Command.run(
      "heap.pb.gz", "-o", "a.pb", "-oa.txt", "--output=b.pb.gz", "-o", "pb:c.bin", "-o", "-", "--to", "pb", "-q",
      in: heap.url)
    #expect(result.status == 0)
    let raw = try heap.bytes("heap.pb")
    #expect(try heap.bytes("a.pb") == raw)
    #expect(try heap.bytes("c.bin") == raw)
    #expect(result.output == raw)
    #expect(try Heap.inflated(heap.folder.file("b.pb.gz")) == raw)
    #expect(try String(decoding: heap.bytes("a.txt"), as: UTF8.self).hasPrefix("heap profile: "))
  }

  @Test func onlyAFormatBeforeTheColonCountsAsOne() throws {
    let result = try Command.run("heap.pb.gz", "-o", "a:b.pb", "-o", "pb:d:e", in: heap.url)
    #expect(result.status == 0)
    #expect(try heap.names.contains("a:b.pb"))
    #expect(try heap.bytes("d:e") == heap.bytes("heap.pb"))
  }

  @Test func theEndingWinsOverTo() throws {
    let result = try Command.run("heap.pb.gz", "--to", "text", "-o", "a.pb", in: heap.url)
    #expect(result.status == 0)
    #expect(try heap.bytes("a.pb") == heap.bytes("heap.pb"))
    let words = "a.pb: warning: written as pb, as its name says, and not as text: that is `-o text:a.pb`\n"
    #expect(result.errors == words)
    // Not where some output is what was asked for.
    let both = try Command.run("heap.pb.gz", "--to", "json", "-o", "b.pb", "-o", "c.json", in: heap.url)
    #expect(both.status == 0 && both.errors.isEmpty, "\(both.errors)")
    let also = try Command.run("convert", "heap.pb.gz", "--to", "json", "-o", "b.pb", "--members", in: heap.url)
    #expect(also.errors.contains("b.pb: warning: written as pb, as its name says, and not as json"), "\(also.errors)")
  }

  @Test(arguments: [
    ["-proto", "-output=x.svg"], ["-proto", "-output", "x.txt"], ["--proto=true", "-ox.json"],
    ["-o", "x.csv", "-proto"],
    ["-proto", "--output=pb.gz:x.html"], ["-output=x.png", "-proto", "-cum", "-peek="],
  ]) func pprofsWordForTheFormatWinsOverTheName(_ options: [String]) throws {
    let result = try Command.run(["heap.pb.gz"] + options, in: heap.url)
    #expect(result.status == 0 && result.output.isEmpty && result.errors.isEmpty, "\(result.errors)")
    let name = try #require(try heap.names.first { $0.hasPrefix("x.") })
    #expect(try Heap.inflated(heap.folder.file(name)) == heap.bytes("heap.pb"))
  }

  @Test func pprofsWordForRawWinsOverTheNameToo() throws {
    #expect(try Command.run("-raw", "--strict", "heap.pb.gz", "-output=x.svg", in: heap.url).status == 0)
    let theirs = try Pprof.run(["-raw"], heap.folder.file("heap.pb.gz"))
    #expect(try String(decoding: heap.bytes("x.svg"), as: UTF8.self) == theirs)
  }

  @Test func whatNamesItsOwnFormatKeepsItBesideProto() throws {
    let result = try Command.run("heap.pb.gz", "-proto", "-output=-", "-o", "pb:x.svg", "-output=", in: heap.url)
    #expect(result.status == 0, "\(result.errors)")
    #expect(try heap.bytes("x.svg") == heap.bytes("heap.pb"))
    #expect(result.output.starts(with: [0x1f, 0x8b]))
  }

  @Test func aTextIsNotWrittenUnderACompressedName() throws {
    let result = try Command.run("heap.pb.gz", "-o", "heap.txt.gz", in: heap.url)
    #expect(result.status == 2)
    #expect(result.errors.contains("“heap.txt.gz” ends in .gz, but text is not compressed"))
  }

  @Test func aCompressedTextIsReadLikeAPlainOne() throws {
    try Heap.deflated(heap.bytes("heap.txt")).write(to: heap.folder.file("heap.txt.gz"))
    let plain = try Command.run(heap.path("heap.txt"), "--to", "pb")
    let packed = try Command.run(heap.path("heap.txt.gz"), "--to", "pb")
    #expect(plain.status == 0 && packed.status == 0)
    #expect(plain.output == packed.output)
  }

  @Test func fromForcesAFormat() throws {
    let forced = try Command.run(heap.path("heap.txt"), "--from", "pb", "--to", "pb")
    #expect(forced.status == 3)
    let right = try Command.run(heap.path("heap.txt"), "--from", "debug1", "--to", "pb")
    #expect(right.status == 0)
  }

  @Test func groupingByStackLeavesEachStackOnce() throws {
    let result = try Command.run("heap.pb.gz", "--group", "stack", "-o", "g.pb.gz", "-v", in: heap.url)
    #expect(result.status == 0)
    #expect(result.errors.contains("read heap.pb.gz: pb.gz, gzip'd, 31 samples"))
    #expect(result.errors.contains("wrote g.pb.gz: pb.gz, 23 samples"))
    let raw = try #require(try Pprof.raw(heap.folder.file("g.pb.gz")))
    #expect(!raw.contains("bytes:["))
  }

  @Test(arguments: ["none", "stack+labels", "stack"]) func everyGroupingIsAccepted(_ how: String) throws {
    let result = try Command.run("heap.pb.gz", "--group", how, "-o", "g.txt", "-q", in: heap.url)
    #expect(result.status == 0)
    let records = try String(decoding: heap.bytes("g.txt"), as: UTF8.self).split(separator: "\n")
      .count { $0.contains("] @ 0x") && !$0.hasPrefix("#") }
    #expect(records == (how == "none" ? 31 : 23))
  }

  @Test(arguments: [("alloc_space", 1), ("allocbytes", 1), ("1", 1), ("inuse_objects", 2), ("inuseobjects", 2)])
  func sortPutsTheLargestFirst(_ word: String, _ column: Int) throws {
    let result = try Command.run("heap.pb.gz", "--sort", word, "-o", "s.pb", in: heap.url)
    #expect(result.status == 0)
    let raw = try #require(try Pprof.raw(heap.folder.file("s.pb")))
    let rows = raw.split(separator: "\n").drop { !$0.hasPrefix("alloc_objects") }.dropFirst()
      .prefix { !$0.hasPrefix("Locations") }
      .map { $0.split(separator: ":")[0].split(separator: " ") }.filter { $0.count == 4 }
    let values = rows.compactMap { Int($0[column]) }
    #expect(values.count == 31)
    #expect(values == values.sorted(by: >))
  }

  @Test func anUnknownSampleTypeListsTheOnesThereAre() throws {
    let result = try Command.run("heap.pb.gz", "--sort", "cpu", in: heap.url)
    #expect(result.status == 2)
    #expect(result.errors.contains("no sample type cpu"))
    #expect(result.errors.contains("alloc_objects, alloc_space, inuse_objects, inuse_space"))
  }

  @Test(arguments: ["0", "9"]) func levelsChangeTheSizeAndNothingElse(_ level: String) throws {
    let result = try Command.run("heap.pb.gz", "--level", level, "-o", "l.pb.gz", in: heap.url)
    #expect(result.status == 0)
    #expect(try Heap.inflated(heap.folder.file("l.pb.gz")) == heap.bytes("heap.pb"))
    let size = try heap.bytes("l.pb.gz").count
    #expect(try level == "0" ? size > heap.bytes("heap.pb").count : size < heap.bytes("heap.pb.gz").count)
  }

  @Test func membersAndJobsGiveEqualBytesWhateverTheirNumber() throws {
    let one = try Command.run(heap.path("heap.pb.gz"), "--to", "pb.gz", "--members", "--jobs", "1")
    let four = try Command.run(heap.path("heap.pb.gz"), "--to", "pb.gz", "--members", "--jobs", "4")
    #expect(one.status == 0 && !one.output.isEmpty)
    #expect(one.output == four.output)
  }

  @Test func strictRefusesALossAndLeavesNothing() throws {
    let result = try Command.run("heap.pb.gz", "--strict", "-o", "a.pb", "-o", "s.txt", in: heap.url)
    #expect(result.status == 6)
    #expect(result.errors.contains("error: text cannot express: "))
    #expect(try heap.names == ["go.pb.gz", "heap.pb", "heap.pb.gz", "heap.txt"])
    let stream = try Command.run("heap.pb.gz", "--strict", in: heap.url)
    #expect(stream.status == 6)
    #expect(stream.output.isEmpty)
    #expect(try Command.run("heap.pb.gz", "--strict", "-o", "a.pb", in: heap.url).status == 0)
  }

  @Test func lossesAreToldOnceAKindAndSilencedByQuiet() throws {
    let loud = try Command.run("heap.pb.gz", "-o", "a.txt", in: heap.url)
    let lines = loud.errors.split(separator: "\n")
    #expect(lines.count { $0.contains("warning: text cannot express start lines (47 of 47): ") } == 1)
    #expect(lines.allSatisfy { $0.hasPrefix("a.txt: warning: text cannot express ") })
    #expect(try Command.run("heap.pb.gz", "-q", "-o", "a.txt", in: heap.url).errors == "")
  }

  @Test func carryKeepsWhatTheTextCannotSay() throws {
    let result = try Command.run("heap.pb.gz", "--carry", "--group", "none", "--strict", "-o", "c.txt", in: heap.url)
    #expect(result.status == 0)
    #expect(result.errors == "")
    #expect(try String(decoding: heap.bytes("c.txt"), as: UTF8.self).contains("\n# pprofconv "))
    let back = try Command.run("c.txt", "-o", "back.pb", in: heap.url)
    #expect(back.status == 0)
    #expect(try heap.bytes("back.pb") == heap.bytes("heap.pb"))
    #expect(try Command.run("heap.pb.gz", "--no-carry", "-q", "-o", "n.txt", in: heap.url).status == 0)
    #expect(try !String(decoding: heap.bytes("n.txt"), as: UTF8.self).contains("# pprofconv"))
  }

  @Test func amongFormatsThatShareAnEndingToDecides() throws {
    let asked = try Command.run("heap.pb.gz", "--to", "debug1", "-o", "a.txt", in: heap.url)
    let silent = try Command.run("heap.pb.gz", "-q", "-o", "b.txt", in: heap.url)
    #expect(asked.status == 0 && silent.status == 0)
    // Go's text has no second header, bpprof's has.
    #expect(try !String(decoding: heap.bytes("a.txt"), as: UTF8.self).contains("\n# heap profile: "))
    #expect(try String(decoding: heap.bytes("b.txt"), as: UTF8.self).contains("\n# heap profile: "))
  }

  @Test func whatGoTextLeavesOpenIsAnOption() throws {
    let heap = try Heap()
    func profile(_ arguments: String...) throws -> (String, String) {
      let result = try Command.run(arguments + ["-o", "out.pb"], in: heap.url)
      #expect(result.status == 0)
      return (try #require(try Pprof.raw(heap.folder.file("out.pb"))), result.errors)
    }
    try heap.write("--- mutex:\ncycles/second=1000000000\nsampling period=5\n100 10 @ 0x11\n", to: "mutex.txt")
    let guessed = try profile("mutex.txt")
    #expect(guessed.0.contains("         10        100: 1"))
    #expect(guessed.1.contains("the records are taken as multiplied by the sampling period 5 already"))
    #expect(guessed.1.contains("; --mutex-records (sampled or scaled) decides"))
    #expect(try Command.run("info", "mutex.txt", in: heap.url).text.contains("; --mutex-records (sampled or scaled)"))
    #expect(try profile("mutex.txt", "--mutex-records", "sampled").0.contains("         50        500: 1"))
    #expect(try profile("mutex.txt", "--mutex-records", "scaled").0.contains("         10        100: 1"))

    let frames = "1 @ 0x11 0x21 0x31\n#\t0x20\tmain.f+0x1\tf.go:1\n"
    try heap.write("goroutine profile: total 1\n" + frames, to: "goroutine.txt")
    #expect(try profile("goroutine.txt").0.contains("          1: 1 2 \n"))
    #expect(try profile("goroutine.txt", "--hidden-frames", "drop").0.contains("          1: 1 \n"))
  }

  @Test func whatGoHasNoTextOfIsRefusedWithAWayOut() throws {
    let heap = try Heap()
    let cpu = Fixture.file("pb/valid/go1.27-default-cpu.in").path
    let result = try Command.run(cpu, "--to", "debug1", "-o", "cpu.txt", in: heap.url)
    #expect(result.status == 5)
    #expect(result.errors.contains("Go has no text of such a profile (samples/count, cpu/nanoseconds)"))
    #expect(result.errors.contains("\n  hint: use text, which has every sample type (with --carry and --group none"))
    #expect(try !heap.names.contains("cpu.txt"))
    let carried = try Command.run(cpu, "--to", "text", "--carry", "--group", "none", "-o", "cpu.txt", in: heap.url)
    #expect(carried.status == 0 && carried.errors == "")
    _ = try Command.run("cpu.txt", "-o", "a.pb", in: heap.url)
    _ = try Command.run(cpu, "-o", "b.pb", in: heap.url)
    #expect(try heap.bytes("a.pb") == heap.bytes("b.pb"))
  }
}
