import Foundation
import TestSupport
import Testing

/// Every report against what the real pprof prints of the same file with the same options.
@Suite struct ReportTests {
  /// pprof's own words; in ours the report is the verb.
  static let lines = [
    "top", "top -cum", "top -nodecount=5 -lines", "top -sample_index=0 -unit=kb -filefunctions", "top -unit=auto",
    "top -nodefraction=0 -noinlines -functions", "top -addresses -nodecount=30", "top -mean -sample_index=0",
    "top -relative_percentages -focus=main", "top -trim=false -showcolumns -lines", "top -divide_by=3 -compact_labels",
    "top -tagroot=bytes -hide=runtime", "top -trim_path=/usr/lib/go -lines", "tree", "tree -cum -nodecount=8",
    "tree -mean -edgefraction=0.05", "peek=main", "traces", "traces -lines -sample_index=0", "tags", "tags -unit=kb",
    "comments", "raw -noinlines", "dot", "dot -nodecount=12 -lines", "dot -mean -nodefraction=0.05", "callgrind",
    "callgrind -noinlines -cum",
  ]

  /// One of each kind, and what is odd. (The other versions' go the same ways; all of them take minutes.)
  static var fixtures: [Fixture] {
    get throws {
      try Fixture.all("pb/valid").filter { fixture in
        ["go1.27-default-", "go1.19-default-cpu", "go1.19-default-heap", "synthetic-everything", "synthetic-labels"]
          .contains { fixture.name.hasPrefix($0) } && fixture.name != "go1.27-default-allocs"
      }
    }
  }

  @Test("prints what pprof prints", arguments: try fixtures)
  func equalsPprof(_ fixture: Fixture) throws {
    var compared = 0
    for line in Self.lines {
      let words = line.split(separator: " ").map(String.init)
      guard let theirs = try Pprof.run(["-" + words[0]] + words.dropFirst(), fixture.url) else { continue }
      let verb = words[0].split(separator: "=").map(String.init)
      let ours = try Command.run(verb + words.dropFirst() + [fixture.url.path], environment: ["TZ": "UTC"])
      compared += 1
      if ours.text == theirs { continue }
      #expect(try isChance(line, words, fixture, ours: ours.text), "\(line): \(ours.errors)")
    }
    // What pprof refuses (no samples, no sample types) it refuses for every report.
    if compared == 0 {
      let refused = try Command.run("top", fixture.url.path)
      #expect(refused.status == 3 || refused.status == 5 || refused.text.contains("Showing nodes accounting for 0"))
    }
  }

  /// Whether pprof breaks a tie by chance there: it says something else another time.
  private func isChance(_ line: String, _ words: [String], _ fixture: Fixture, ours: String) throws -> Bool {
    var seen: Set<String> = []
    for _ in 0..<12 {
      guard let text = try Pprof.run(["-" + words[0]] + words.dropFirst(), fixture.url) else { return false }
      seen.insert(text)
      if text == ours || seen.count > 1 { return true }
    }
    return false
  }

  @Test func `tags puts labels with tabs and line ends of every kind into columns as pprof does`() throws {
    let folder = try TemporaryFolder()
    let values = [
      "plain", "a\tb", "a\u{b}b", "a\u{c}b", "a\nb", "\u{b}", "\u{c}", "\u{c}\u{c}x\ty\u{b}\tz",
      "long before\u{b}x\u{c}\ty", "\t\u{c}\n\u{b}", "Ж\u{b}日本\u{c}", "\t\t\twide\t\t", "\t\tx\ty\u{c}\t\tlonger\t",
      "a\tb\tc\td\te\tf\n\n\n\tx\twider\ty",
    ]
    let profile: [String: Any] = [
      "pprofconv": 1, "sample_types": [["type": "n", "unit": "count"]],
      "samples": values.indices.flatMap { i in
        ["key", "k\u{b}\(i % 3)", "k\u{c}"].map { key in
          ["values": [1 << i], "stack": [0], "labels": [["key": key, "str": values[i]]]] as [String: Any]
        }
      },
      "locations": [["address": "0x10", "lines": [["function": 0, "line": 1]]]],
      "functions": [["name": "main.main", "file": "main.go"]],
    ]
    let (source, file) = (folder.file("x.json"), folder.file("x.pb.gz"))
    try JSONSerialization.data(withJSONObject: profile).write(to: source)
    #expect(try Command.run(source.path, "-o", file.path).status == 0)
    #expect(try Command.run("tags", file.path).text == Pprof.run(["-tags"], file))
  }

  @Test func `dot shortens names in folders as pprof does`() throws {
    let folder = try TemporaryFolder()
    let names = [
      "a/b/c.d", "a/b.c/d.e", "a/.b", "a/.b/c.d", "a/b/.c", "a/b/c", "a/b/c.", "a/b.c/d", "a.b/c", "a/b+c/d.e",
      "a/b.\nc",
      "a/b\nc.d", "a/b/c.d\ne.f", "a/b.\n/c.d", "/a.b", "a//b.c", "a-b/c.d/e.f/g", "a/b/c*.d/e.f", "a/..b/c.d",
      "a/b../c",
      "a/b c.d/e.f", "github.com/x/y/v2.F", "github.com/x/y/v2/z.(*T).M.func1", "a/(b/c).d", "x.y", "a/é.f/g.h",
    ]
    let profile: [String: Any] = [
      "pprofconv": 1, "sample_types": [["type": "n", "unit": "count"]],
      "samples": names.indices.map { ["values": [$0 + 100], "stack": [$0]] },
      "locations": names.indices.map { ["address": "0x10\($0)", "lines": [["function": $0, "line": 7]]] },
      "functions": names.map { ["name": $0, "file": "x.go"] },
    ]
    let (source, file) = (folder.file("x.json"), folder.file("x.pb.gz"))
    try JSONSerialization.data(withJSONObject: profile).write(to: source)
    #expect(try Command.run(source.path, "-o", file.path).status == 0)
    #expect(try Command.run("dot", file.path).text == Pprof.run(["-dot"], file))
  }

  @Test func `topproto has the samples, functions and units of pprof's`() throws {
    let folder = try TemporaryFolder()
    let heap = Fixture.file("command/heap.pb.gz")
    let (theirs, ours) = (folder.file("theirs.pb.gz"), folder.file("ours.pb.gz"))
    _ = try #require(try Pprof.run(["-topproto", "-output=" + theirs.path], heap))
    #expect(try Command.run("topproto", heap.path, "-o", ours.path).status == 0)
    #expect(try Pprof.raw(ours) == Pprof.raw(theirs))
  }

  @Test(
    "takes reports in every spelling",
    arguments: [
      ["-top", "-cum", "FILE"], ["top", "FILE", "--cum"], ["FILE", "-top", "-cum"], ["top", "-cum=true", "FILE"],
      ["top", "--sort-by-nothing", "FILE"],
    ])
  func spellings(_ words: [String]) throws {
    let heap = Fixture.file("command/heap.pb.gz")
    let result = try Command.run(words.map { $0 == "FILE" ? heap.path : $0 }, environment: ["TZ": "UTC"])
    if words.contains("--sort-by-nothing") {
      #expect(result.status == 2)
      return
    }
    #expect(result.text == (try Pprof.run(["-top", "-cum"], heap)))
  }

  @Test func `top10 shows ten, and standard input is read`() throws {
    let heap = Fixture.file("command/heap.pb.gz")
    let input = try Data(contentsOf: heap)
    let result = try Command.run("top10", "-cum", "-", input: input, environment: ["TZ": "UTC"])
    #expect(result.text == (try Pprof.run(["-top", "-cum", "-nodecount=10"], heap)))
  }

  @Test func `several files are merged as pprof merges them`() throws {
    let heap = Fixture.file("command/heap.pb.gz")
    let theirs = try Subprocess.run(
      Pprof.binary, ["-symbolize=none", "-top", heap.path, heap.path], environment: ["TZ": "UTC"])
    #expect(try Command.run("top", heap.path, heap.path, environment: ["TZ": "UTC"]).text == theirs.text)
  }

  @Test func `An empty sample type is said to be empty, with those that are not`() throws {
    var text = "heap profile: 0: 0 [2: 32] @ heap/524288\n0: 0 [2: 32] @ 0x1\n"
    text += "#\t0x0\tmain.main+0x1\t/a.go:1\n"
    let result = try Command.run("top", "-inuse_space", "-", input: Data(text.utf8))
    #expect(result.status == 0)
    #expect(
      result.errors.contains(
        "inuse_space is 0 in all samples; what holds something: alloc_objects, alloc_space (--sample-index)"))
    // A mean below 1 is 0, too, and of something.
    let small = Data("heap profile: 0: 0 [4: 2] @ heap/1\n0: 0 [4: 2] @ 0x1\n".utf8)
    let mean = try Command.run("top", "-mean", "-sample_index=alloc_space", "-", input: small)
    #expect(mean.status == 0 && mean.text.contains("of 0 total") && !mean.errors.contains("in all samples"))
  }

  @Test func `A pattern that names nothing is an error, one that is none shows where`() throws {
    let heap = Fixture.file("command/heap.pb.gz").path
    for verb in ["peek", "list"] {
      let result = try Command.run(verb, "nothing like it", heap)
      #expect(result.status == 2 && result.errors.contains("no function matches"))
    }
    #expect(try Command.run("peek", "a(b", heap).status == 2)
  }
}
