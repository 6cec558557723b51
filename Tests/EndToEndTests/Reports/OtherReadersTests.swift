import Foundation
import TestSupport
import Testing

/// What we write for other programs, read by them.
@Suite struct OtherReadersTests {
  private static let cpu = Fixture.file("pb/valid/go1.27-default-cpu.in").path

  private func env(_ words: [String]) throws -> Subprocess.Result {
    try Subprocess.run(URL(filePath: "/usr/bin/env"), words)
  }

  @Test func `callgrind_annotate finds the total and what each function has alone`() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("callgrind.out").path
    #expect(try Command.run(Self.cpu, "-o", "callgrind:" + file).status == 0)
    let result = try env(["callgrind_annotate", file])
    #expect(result.status == 0, "\(result.errors)")
    // pprof -top: 0.95s of 2.53s total in main.spin.
    #expect(try Command.run("top", "-unit=ms", Self.cpu).text.contains("950ms 37.55% 37.55%"))
    #expect(result.text.contains("2,530 (100.0%)  PROGRAM TOTALS"))
    #expect(result.text.firstMatch(of: #/\n *950 \(37\.55%\) +[^\n]*:main\.spin/#) != nil)
  }

  @Test func `It reads the verb's too, whose calls are pprof's`() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("callgrind.out").path
    #expect(try Command.run("callgrind", Self.cpu, "-o", file).status == 0)
    let result = try env(["callgrind_annotate", file])
    #expect(result.status == 0 && result.text.contains(":main.spin"))
  }

  @Test("callgrind_annotate finds pprof's total", arguments: ["", "verb"])
  func totals(form: String) throws {
    let folder = try TemporaryFolder()
    let hostile = folder.file("hostile.json")
    let names = [
      "(1)", "(2) x", "a b  c", "line\nend 7\n\n5 5", "fn=(1)", "calls=1 2", "", "\u{202e}x\u{0}", "* *", "Ж",
      "tab\there",
    ]
    let profile: [String: Any] = [
      "pprofconv": 1, "sample_types": [["type": "n", "unit": "count"]],
      "samples": names.indices.map { ["values": [$0 + 1], "stack": [$0, 0, 1]] },
      "locations": names.indices.map { ["address": "0x10\($0)", "lines": [["function": $0, "line": 7]]] },
      "functions": names.map { ["name": $0, "file": "/src/" + $0] },
    ]
    try JSONSerialization.data(withJSONObject: profile).write(to: hostile)
    for (input, type, total) in [
      (hostile.path, "n", "66"), (Self.cpu, "cpu", "2,530"),
      (Fixture.file("command/heap.pb.gz").path, "inuse_objects", "43,361"),
      (Fixture.file("pb/valid/go1.27-default-goroutine.in").path, "goroutine", nil),
      (Fixture.file("pb/valid/go1.27-default-mutex.in").path, "contentions", nil),
    ] as [(String, String, String?)] {
      let file = folder.file("callgrind.out").path
      let arguments =
        form == "verb"
        ? ["callgrind", input, "--sample-index", type, "-o", file]
        : [input, "--sample-type", type, "-o", "callgrind:" + file]
      let written = try Command.run(arguments)
      try #require(written.status == 0, "\(written.errors)")
      let result = try env(["callgrind_annotate", "--threshold=100", file])
      #expect(result.status == 0 && result.errors.isEmpty, "\(input): \(result.errors)")
      let told = try #require(
        result.text.firstMatch(of: #/\n *([\d,]+) \(100\.0%\)  PROGRAM TOTALS/#), "\(result.text)"
      ).1
      // With pprof's calls of 0 costs of callees are the caller's own.
      if let total, form != "verb" { #expect(told == total, "\(input)") }
      if input == hostile.path {
        for name in [
          "(1)", "(2) x", "a b  c", "line\\u{a}end 7\\u{a}\\u{a}5 5", "fn=(1)", "calls=1 2", "* *", "Ж", "tab\there",
        ] {
          #expect(result.text.contains(":\(name) [") || result.text.contains(":\(name)\n"), "\(name)\n\(result.text)")
        }
      }
    }
  }

  /// A cost below a recursive function is counted once for each call of it: callgrind_annotate knows no stacks.
  @Test(
    "callgrind_annotate --inclusive finds what pprof calls cum",
    arguments: [
      ("pb/valid/go1.27-default-cpu.in", "cpu", "ms"), ("pb/valid/go1.27-default-heap.in", "inuse_space", "B"),
      ("pb/valid/go1.27-default-heap.in", "alloc_objects", "count"),
    ])
  func inclusive(_ name: String, _ type: String, _ unit: String) throws {
    let folder = try TemporaryFolder()
    let (file, input) = (folder.file("x.callgrind").path, Fixture.file(name).path)
    #expect(try Command.run(input, "-o", file, "-sample_index=" + type).status == 0)
    func cells(_ text: String) -> [Regex<(Substring, Substring, Substring, Substring)>.Match] {
      text.matches(of: #/\n *([\d,]+) \( ?(\d+\.\d\d)%\) +[^\n]*?:([^\n\[]+?)(?: \[[^\n]*\])?(?=\n)/#)
    }
    let options = ["callgrind_annotate", "--threshold=100", "--auto=no"]
    let inclusive = try env(options + ["--inclusive=yes", file])
    let alone = try env(options + [file])
    #expect(inclusive.status == 0 && inclusive.errors.isEmpty && alone.errors.isEmpty, "\(inclusive.errors)")
    func total(_ text: String) -> Substring? {
      text.firstMatch(of: #/\n *([\d,]+) \(100\.0%\)  PROGRAM TOTALS/#)?.1
    }
    #expect(total(inclusive.text) != nil && total(inclusive.text) == total(alone.text))
    let theirs = try #require(try Pprof.run(["-top", "-sample_index=" + type, "-unit=" + unit], Fixture.file(name)))
    var equal = 0
    for line in theirs.split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count == 6, words[4].hasSuffix("%") else { continue }
      let found = cells(inclusive.text).filter { $0.3 == words[5] }
      // Costs below a unit are left out, and names may be those of several files.
      guard found.count == 1, let ours = Double(found[0].2), let cum = Double(words[4].dropLast()) else { continue }
      #expect(ours > cum - 0.5, "\(line): \(found[0].0)")
      if ours < cum + 0.5 { equal += 1 }
    }
    #expect(equal > 8, "\(inclusive.text)")
  }

  @Test("Graphviz makes each kind of picture whole", arguments: ["svg", "png", "pdf"])
  func kinds(ending: String) throws {
    let folder = try TemporaryFolder()
    let picture = folder.file("x." + ending)
    let result = try Command.run("graph", Self.cpu, "-o", picture.path)
    #expect(result.status == 0, "\(result.errors)")
    let data = try Data(contentsOf: picture)
    switch ending {
    case "svg": #expect(try env(["xmllint", "--noout", picture.path]).status == 0)
    case "png":
      // Whole where every piece has its checksum and the last one is the end.
      let script = """
        import struct, sys, zlib
        data, at = open(sys.argv[1], "rb").read(), 8
        assert data[:8] == b"\\x89PNG\\r\\n\\x1a\\n"
        while at < len(data):
            size, = struct.unpack(">I", data[at:at + 4])
            kind = data[at + 4:at + 8]
            assert zlib.crc32(data[at + 4:at + 8 + size]) == struct.unpack(">I", data[at + 8 + size:at + 12 + size])[0]
            at += 12 + size
        assert kind == b"IEND" and at == len(data)
        """
      #expect(try env(["python3", "-c", script, picture.path]).status == 0)
    default:
      #expect(data.starts(with: Data("%PDF-".utf8)))
      #expect(data.suffix(16).range(of: Data("%%EOF".utf8)) != nil)
    }
  }

  @Test("Graphviz draws every graph", arguments: try Fixture.all("pb/valid").filter { $0.name.hasPrefix("go1.27") })
  func graphs(_ fixture: Fixture) throws {
    let folder = try TemporaryFolder()
    let picture = folder.file("x.svg").path
    let result = try Command.run("graph", fixture.url.path, "-o", picture)
    #expect(result.status == 0, "\(result.errors)")
    #expect(try String(contentsOfFile: picture, encoding: .utf8).contains("<svg"))
    // The text of it, quotes in labels and all.
    let text = folder.file("x.dot").path
    #expect(try Command.run("graph", fixture.url.path, "-o", text).status == 0)
    #expect(try env(["dot", "-Tplain", text]).status == 0)
  }

  @Test("Graphviz draws whatever names hold", arguments: [["graph"], ["graph", "--lines"], ["graph", "--call-tree"]])
  func drawsHostileNames(_ verb: [String]) throws {
    let folder = try TemporaryFolder()
    let hostile = folder.file("hostile.json")
    let names = [
      "esc\u{1b}[31m", "nul\u{0}", "feed\u{c}", "none\u{fffe}", "del\u{7f}", "turn\u{202e}", "&#27;", "&amp;", "a\"\\",
      "C:\\new\\", "line\nend", String(repeating: "x", count: 40_000),
      "std::vector<" + String(repeating: "std::pair<int, ", count: 4000), String(repeating: "\u{1}\"\\", count: 9000),
      String(repeating: "\u{10ffff}", count: 9000),
    ]
    let profile: [String: Any] = [
      "pprofconv": 1, "sample_types": [["type": "n\u{1}", "unit": "bell\u{7}\""]],
      "comments": (0..<90).map { "\($0) \u{b}" + String(repeating: "c", count: 300) } + [names[13]],
      "samples": names.indices.map { i in
        [
          "values": [i + 1], "stack": [i, 0, 1],
          "labels": [["key": "k\u{b}", "str": names[i]], ["key": "bytes", "num": i + 1, "unit": "u\u{8}"]],
        ]
      },
      "locations": names.indices.map { i in
        ["address": "0x10\(i)", "mapping": 0, "lines": [["function": i, "line": i]]] as [String: Any]
      },
      "functions": names.map { ["name": $0, "file": "/src/" + $0] },
      "mappings": [["start": "0x0", "limit": "0xffff", "file": "/bin/\u{1b}\"" + names[11]]],
    ]
    try JSONSerialization.data(withJSONObject: profile).write(to: hostile)
    let picture = folder.file("x.svg").path
    let result = try Command.run(verb + ["-q", hostile.path, "-nodefraction=0", "-edgefraction=0", "-o", picture])
    try #require(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
    let checked = try env(["xmllint", "--noout", picture])
    #expect(checked.status == 0, "\(checked.errors)")
    let svg = try String(contentsOfFile: picture, encoding: .utf8)
    for text in [
      "esc\\u{1b}[31m", "nul\\u{0}", "feed\\u{c}", "none\\u{fffe}", "del\\u{7f}", "turn\\u{202e}", "&amp;#27;",
      "&amp;amp;", "a&quot;\\", "C:\\new\\", "line\\u{a}end", "xxx… (40,000 bytes)", "bell\\u{7}&quot;", "k\\u{b}:esc",
    ] {
      #expect(svg.contains(text), "\(text)")
    }
    // A conversion writes what the verb writes.
    if verb == ["graph"] {
      let text = folder.file("x.dot").path
      #expect(try Command.run(hostile.path, "-q", "-o", text).status == 0)
      #expect(try env(["dot", "-Tplain", text]).status == 0)
    }
  }

  @Test func `A quote with a combining mark behind it ends no label and no cell, and nobody is mentioned`() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("x.folded")
    try Data("main;@org/a\"\u{301}=1 URL=<javascript:alert(1)> x=\"\u{301}z 100\nmain 50\n".utf8).write(to: file)
    let picture = folder.file("x.svg").path
    let result = try Command.run("graph", file.path, "-o", picture)
    #expect(result.status == 0, "\(result.errors)")
    let svg = try String(contentsOfFile: picture, encoding: .utf8)
    #expect(svg.contains("javascript:alert") && !svg.contains("xlink:href=\"javascript"))
    let text = try Command.run("graph", file.path).text
    #expect(text.unicodeScalars.map(String.init).joined(separator: " ").contains("a \\ \" \u{301} ="))
    let table = try Command.run("top", "--csv", file.path).output
    #expect(table.range(of: Data("a\"\"\u{301}=1 ".utf8)) != nil)
    let markdown = folder.file("x.md").path
    #expect(try Command.run(file.path, "-o", markdown).status == 0)
    // Without the semicolon, which the mark now belongs to.
    #expect(try String(contentsOfFile: markdown, encoding: .utf8).contains("&#64;org/a&#34"))
  }

  @Test func `Without Graphviz the error says what is missing, and nothing is written`() throws {
    let folder = try TemporaryFolder()
    let result = try Command.run(
      "graph", Self.cpu, "-o", folder.file("x.png").path, environment: ["PATH": "/nonexistent"])
    #expect(result.status == 5)
    #expect(result.errors.contains("takes Graphviz") && result.errors.contains("x.dot"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
  }

  @Test func `Where Graphviz fails the error says so, and nothing is written`() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(at: folder.file("bin"), withIntermediateDirectories: false)
    try FileManager.default.createSymbolicLink(atPath: folder.file("bin/dot").path, withDestinationPath: "/bin/false")
    let result = try Command.run(
      "graph", Self.cpu, "-o", folder.file("x.png").path, environment: ["PATH": folder.file("bin").path])
    #expect(result.status == 5)
    #expect(result.errors.contains("could not draw the graph (exit code 1)") && result.errors.contains("x.dot"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["bin"])
  }

  @Test func `JSON and CSV have the numbers of the table`() throws {
    let data = try Command.run("top", "--json", Self.cpu).output
    let document = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let rows = try #require(document["rows"] as? [[String: Any]])
    let text = try Command.run("top", "-unit=ns", Self.cpu).text
    let first = try #require(rows.first)
    #expect(text.contains("\(first["flat"] ?? "")ns"))
    #expect(first["function"] as? String == "main.spin")
    let table = try Command.run("top", "--csv", Self.cpu).text.split(separator: "\n")
    #expect(table.count == rows.count + 1)
    #expect(table[1].hasPrefix("main.spin,\(first["flat"] ?? "")"))
  }
}
