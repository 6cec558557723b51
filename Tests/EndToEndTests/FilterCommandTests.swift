import Foundation
import TestSupport
import Testing

/// Filters, bases and merges as they are typed. What they do is held against pprof in PprofKitTests.
@Suite struct FilterCommandTests {
  let heap: Heap
  init() throws { heap = try Heap() }

  private func raw(_ name: String) throws -> String { try #require(try Pprof.raw(heap.folder.file(name))) }

  #if RE2
    @Test(arguments: [
      ["-focus=main", "-ignore=runtime.gc", "-show_from=main"],
      ["--focus=main", "--ignore=runtime.gc", "--show-from=main"],
      ["--focus", "main", "--ignore", "runtime.gc", "--show_from", "main"],
      ["-focus", "main", "-ignore", "runtime.gc", "-show-from", "main"],
    ])
    func filtersAreTypedInPprofsSpellingAndInOurs(_ options: [String]) throws {
      _ = try Pprof.run(
        ["-proto", "-focus=main", "-ignore=runtime.gc", "-show_from=main", "-output=" + heap.path("theirs.pb.gz")],
        heap.folder.file("heap.pb.gz"))
      for verb in [[], ["convert"]] {
        let result = try Command.run(verb + options + ["heap.pb.gz", "-o", "ours.pb.gz"], in: heap.url)
        #expect(result.status == 0)
        #expect(try raw("ours.pb.gz") == raw("theirs.pb.gz"))
      }
    }

    @Test func groupedTextWhoseAddressesAreInventedStaysAsItIs() throws {
      let text = Fixture.file("pb/valid/go1.27-rate1-heap.in").path
      let other = Fixture.file("pb/valid/go1.19-rate1-heap.in").path
      for made in [[text, "-tagleaf=bytes"], ["merge", text, other, "--to", "text"]] {
        #expect(try Command.run(made + ["-q", "-o", "1.txt"], in: heap.url).status == 0)
        #expect(try Command.run("1.txt", "--to", "text", "-q", "-o", "2.txt", in: heap.url).status == 0)
        #expect(try heap.bytes("1.txt") == heap.bytes("2.txt"))
      }
    }

    @Test func aPatternMayBeginWithADash() throws {
      let result = try Command.run("heap.pb.gz", "-focus=-x|main", "-o", "a.pb", in: heap.url)
      #expect(result.status == 0)
      #expect(try raw("a.pb") == Pprof.run(["-raw", "-focus=-x|main"], heap.folder.file("heap.pb.gz")))
    }

    @Test func aBadPatternIsWrongUsageAndShowsWhereItIsBad() throws {
      let before = try heap.names
      let result = try Command.run("heap.pb.gz", "-ignore=a[bc", "-o", "a.pb.gz", in: heap.url)
      #expect(result.status == 2)
      #expect(
        result.errors.hasPrefix(
          "pprofconv: error: ignore: not a regular expression: missing ]: [bc\n  a[bc\n   ^\n  hint: RE2's syntax"))
      #expect(try heap.names == before)
      let json = try Command.run("heap.pb.gz", "-ignore=a[bc", "-o", "a.pb.gz", "--json", in: heap.url)
      #expect(json.errors.contains(#""text":"a[bc","column":2"#))
    }

    @Test func whatMatchesNothingIsSaidForAllOutputs() throws {
      let result = try Command.run(
        "heap.pb.gz", "-focus=nowhere", "-tagfocus=none", "-o", "a.pb", "-o", "b.folded", in: heap.url)
      #expect(result.status == 0)
      #expect(result.errors.contains("heap.pb.gz: warning: Focus expression matched no samples\n"))
      #expect(result.errors.contains("heap.pb.gz: warning: TagFocus expression matched no samples\n"))
      let lines = try raw("a.pb").split(separator: "\n")
      let samples = try #require(lines.firstIndex(of: "Samples:"))
      #expect(lines.firstIndex(of: "Locations") == samples + 2)
    }

    @Test func reportsAndConversionsFilterAlike() throws {
      let report = try Command.run("raw", "-focus=main", "heap.pb.gz", environment: ["TZ": "UTC"], in: heap.url)
      let converted = try Command.run(
        "heap.pb.gz", "--focus=main", "--to", "raw", environment: ["TZ": "UTC"], in: heap.url)
      #expect(report.status == 0 && !report.text.isEmpty)
      #expect(report.text == converted.text)
    }
  #else
    @Test func withoutRE2APatternIsRefusedWithTheReason() throws {
      let result = try Command.run("heap.pb.gz", "-focus=main", in: heap.url)
      #expect(result.status == 2)
      #expect(result.errors.contains("focus: this build has no regular expressions\n  hint: it was built without RE2"))
    }
  #endif

  @Test func aRangeOfNumbersIsNotAPatternAndThatIsSaid() throws {
    let result = try Command.run("heap.pb.gz", "-tagfocus=bytes=1mb:", "-o", "a.pb", "-v", in: heap.url)
    #expect(result.errors.contains("`bytes=1mb:` is read as a range of numbers, not as a pattern"))
    #expect(result.errors.contains("read heap.pb.gz: pb.gz, gzip'd, 31 samples"))
    #expect(result.errors.contains("wrote a.pb: pb, 3 samples"))
  }

  @Test func withoutAFilterNothingChanges() throws {
    let result = try Command.run("heap.pb.gz", "-focus=", "-o", "a.pb", in: heap.url)
    #expect(result.status == 0)
    #expect(try heap.bytes("a.pb") == heap.bytes("heap.pb"))
  }

  @Test func aBaseIsSubtractedAndMarkedWhereAsked() throws {
    try FileManager.default.copyItem(
      at: Fixture.file("pb/valid/go1.27-rate1-heap.in"), to: heap.folder.file("old.pb.gz"))
    for option in ["-base=old.pb.gz", "-diff_base=old.pb.gz"] {
      let result = try Command.run("go.pb.gz", option, "-normalize", "-o", "a.pb", in: heap.url)
      #expect(result.status == 0)
      let theirs = try Pprof.run(
        ["-raw", "-normalize", option.replacing("old.pb.gz", with: heap.path("old.pb.gz"))],
        heap.folder.file("go.pb.gz"))
      #expect(try raw("a.pb") == theirs)
      #expect(try raw("a.pb").contains("pprof::base:[true]") == (option.hasPrefix("-diff")))
    }
  }

  @Test func mergeMakesOneOfSeveralAndConvertSaysSo() throws {
    let refused = try Command.run("heap.pb.gz", "go.pb.gz", "-o", "a.pb", in: heap.url)
    #expect(refused.status == 2)
    #expect(
      refused.errors.contains("one input at a time: heap.pb.gz, go.pb.gz (`pprofconv merge` makes one of several)"))
    let result = try Command.run("merge", "heap.pb.gz", "go.pb.gz", "-o", "a.pb.gz", in: heap.url)
    #expect(result.status == 0 && result.errors.isEmpty)
    #expect(
      try raw("a.pb.gz") == Pprof.run(["-raw", heap.path("heap.pb.gz")], heap.folder.file("go.pb.gz")))
    // Without a name that tells, it is what pprof reads.
    let piped = try Command.run("merge", "heap.pb.gz", "go.pb.gz", in: heap.url)
    #expect(try piped.output == heap.bytes("a.pb.gz"))
  }

  @Test(arguments: [
    (["heap.pb.gz", "-base=go.pb.gz", "-diff_base=go.pb.gz"], "--base or --diff-base, not both"),
    (["heap.pb.gz", "-normalize"], "--normalize needs a --base to scale to"),
    (["merge", "heap.pb.gz", "nosuch.pb.gz"], "nosuch.pb.gz: error: cannot read"),
  ])
  func whatCannotBeIsRefused(_ arguments: [String], _ words: String) throws {
    let result = try Command.run(arguments + ["-o", "a.pb"], in: heap.url)
    #expect(result.status == (words.hasPrefix("--") ? 2 : 3))
    #expect(result.errors.contains(words), "\(result.errors)")
  }

  @Test func thePprofFlagsAreListed() throws {
    let list = try Command.run("help", "pprof-flags").text
    for flag in [
      "focus", "ignore", "hide", "show", "show_from", "prune_from", "tagfocus", "tagignore", "tagshow", "taghide",
      "tagroot", "tagleaf", "base", "diff_base", "normalize", "noinlines",
    ] {
      #expect(list.contains("  -\(flag)"), "\(flag)")
    }
  }
}
