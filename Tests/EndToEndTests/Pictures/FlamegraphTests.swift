import Foundation
import TestSupport
import Testing

/// A frame of a flame graph's SVG, as it is drawn.
struct DrawnFrame {
  var depth: Int
  var x: Double
  var width: Double
  var value: Int64
  var name: String
  var isInline: Bool

  static func all(in svg: String) -> [DrawnFrame] {
    let pattern =
      #/<g role="treeitem" aria-level="(\d+)"( class="inline[^"]*")? data-x="\d+" data-w="(\d+)"><title>([^\n]*)\n[^<]*</title><rect x="([\d.]+)" y="\d+" width="([\d.]+)"/#
    return svg.matches(of: pattern).map { match in
      let name = ["&lt;": "<", "&gt;": ">", "&quot;": "\"", "&#39;": "'", "&amp;": "&"].reduce(String(match.4)) {
        $0.replacing($1.key, with: $1.value)
      }
      return DrawnFrame(
        depth: (Int(match.1) ?? 0) - 1, x: Double(match.5) ?? -1, width: Double(match.6) ?? -1,
        value: Int64(match.3) ?? -1, name: name.replacing(#/ \((partial-)?inline\)$/#, with: ""),
        isInline: match.2 != nil)
    }
  }
}

@Suite struct FlamegraphTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func path(_ name: String) -> String { folder.file(name).path }
  private func svg(_ arguments: String...) throws -> String {
    let result = try Command.run(["flamegraph"] + arguments)
    try #require(result.status == 0, "\(result.errors)")
    return result.text
  }
  private static let cpu = Fixture.file("pb/valid/go1.27-default-cpu.in").path

  /// `Fixtures/flamegraph/NAME.frames` is what flamegraph.pl drew of our folded output: depth, x, width, value, name.
  @Test(
    "the frames that flamegraph.pl draws of our folded stacks, where it draws them",
    arguments: [
      ("go1.27-default-cpu", "cpu", []), ("go1.27-default-goroutine", "goroutine", []),
      ("go1.27-default-cpu", "cpu", ["--reverse"]),
    ])
  func sameAsFlamegraphPl(name: String, type: String, options: [String]) throws {
    let result = try Command.run(
      ["flamegraph", Fixture.file("pb/valid/\(name).in").path, "--sample-index", type] + options)
    let drawn = DrawnFrame.all(in: result.text).sorted { ($0.depth, $0.x) < ($1.depth, $1.x) }
    let ending = options.isEmpty ? "frames" : "reversed.frames"
    let wanted = try String(contentsOf: Fixture.file("flamegraph/\(name).\(ending)"), encoding: .utf8)
      .split(separator: "\n").map { $0.split(separator: " ", maxSplits: 4) }
    try #require(wanted.count > 90)
    #expect(drawn.count == wanted.count)
    for (own, theirs) in zip(drawn, wanted) {
      #expect(own.depth == Int(theirs[0]) && own.value == Int64(theirs[3]))
      // It has no < and >, and shows our escape of a semicolon.
      let plain = own.name.replacing("<", with: "(").replacing(">", with: ")").replacing(";", with: "\\x3b")
      #expect(plain == theirs[4])
      // One decimal, where we have two.
      #expect(abs(own.x - (Double(theirs[1]) ?? -9)) < 0.11, "\(theirs)")
      #expect(abs(own.width - (Double(theirs[2]) ?? -9)) < 0.11, "\(theirs)")
    }
  }

  @Test("inlined frames are marked, and only they")
  func inlined() throws {
    let frames = DrawnFrame.all(in: try svg(Self.cpu))
    let pprof = try #require(try Pprof.run(["-top", "-nodefraction=0"], URL(filePath: Self.cpu)))
    for name in Set(frames.filter(\.isInline).map(\.name)) {
      #expect(pprof.contains("\(name) (inline)") || pprof.contains("\(name) (partial-inline)"), "\(name)")
    }
    #expect(frames.contains { $0.isInline && $0.name == "main.mul" })
    #expect(!frames.contains { $0.isInline && $0.name == "main.spin" })
  }

  @Test("the picture is well-formed XML, has no address but its namespace's, and is the same every time")
  func selfContained() throws {
    let first = try svg(Self.cpu)
    #expect(try svg(Self.cpu) == first)
    let addresses = first.matches(of: #/[a-z]+:\/\/[^"'\s)]+/#).map { String($0.0) }
    #expect(Set(addresses).subtracting(["http://www.w3.org/2000/svg", "http://www.w3.org/1999/xhtml"]) == [])
    #expect(!first.contains("href"))
    let parser = try Subprocess.run(
      URL(filePath: "/usr/bin/env"),
      ["python3", "-c", "import sys, xml.etree.ElementTree; xml.etree.ElementTree.parse(sys.stdin.buffer)"],
      input: Data(first.utf8))
    #expect(parser.status == 0, "\(parser.errors)")
  }

  @Test("title, width, narrowest frame, palette, icicle and what is counted are as asked for")
  func options() throws {
    let text = try svg(
      Self.cpu, "--title", "Where <it> went", "--width", "800", "--min-width", "30", "--colors", "blue", "--inverted",
      "--count-name", "ticks")
    #expect(text.contains(">Where &lt;it&gt; went</text>"))
    #expect(text.contains("width=\"800\""))
    let frames = DrawnFrame.all(in: text)
    #expect(frames.allSatisfy { $0.width >= 29.99 } && frames.count > 10)
    #expect(text.contains("frames narrower than 30 pixels, and what they call; "))
    #expect(text.contains("<title>main.spin\n1,130,000,000 ticks, 44.66%</title>"))
    let colors = text.matches(of: #/fill="#(..)(..)(..)"/#).dropFirst()
    #expect(colors.allSatisfy { $0.3 > $0.1 })
    let top = try #require(text.firstMatch(of: #/data-top="(\d+)"/#))
    #expect(text.contains("<title>all\n2,530,000,000 ticks, 100%</title><rect x=\"10\" y=\"\(top.1)\""))
  }

  @Test("a colour is its package's: one hue for all functions of it, in every picture")
  func colors() throws {
    func fills(_ text: String) -> [String: String] {
      let pairs = text.matches(of: #/<title>([^\n(]*)[^<]*<\/title><rect [^>]*fill="(#[0-9a-f]{6})"/#)
      return Dictionary(pairs.map { (String($0.1), String($0.2)) }) { first, _ in first }
    }
    let cpu = fills(try svg(Self.cpu))
    let heap = fills(try svg(Fixture.file("command/heap.pb.gz").path))
    let shared = Set(cpu.keys).intersection(heap.keys)
    #expect(shared.count > 2)
    for name in shared { #expect(cpu[name] == heap[name], "\(name)") }
    #expect(Set(cpu.filter { $0.key.hasPrefix("main.") }.values).count <= 3)
  }

  @Test("a filter leaves its samples, and shares stay those of the whole")
  func filtered() throws {
    let frames = DrawnFrame.all(in: try svg(Self.cpu, "-focus=main.mul"))
    #expect(frames.first?.value == 570_000_000)
    #expect(try svg(Self.cpu, "-focus=main.mul").contains("22.53% of 2.53s"))
  }

  @Test("a difference is red where there is more now, blue where there is less, and says so")
  func difference() throws {
    let (old, new) = (folder.file("old.folded"), folder.file("new.folded"))
    try Data("main;a;b 10\nmain;a 4\nmain;c 6\n".utf8).write(to: old)
    try Data("main;a;b 3\nmain;a 9\nmain;d 5\nmain;c 6\n".utf8).write(to: new)
    let text = try svg(new.path, "--diff-base", old.path)
    func fill(_ name: String) throws -> String {
      let match = text.matches(of: #/<title>([^\n]+)\n[^<]*<\/title><rect [^>]*fill="(#[0-9a-f]{6})"/#)
        .first { $0.1 == name }
      return String(try #require(match).2)
    }
    #expect(try fill("d") == "#f2726a")
    // 7 of 13 less: so far from grey to blue.
    #expect(try fill("b") == "#a7c2eb")
    #expect(text.contains("<title>b\n-7 samples, -35%; 10 samples before, 3 samples now</title>"))
    #expect(text.contains("3 samples in sum, 43 samples with signs aside"))
    #expect(text.contains("red is more than before, blue is less"))
  }

  @Test("figures of the table stand whole in their columns, and what they count in the heads")
  func counts() throws {
    func cells(_ arguments: String...) throws -> [[String]] {
      let result = try Command.run(["flamegraph"] + arguments)
      try #require(result.status == 0, "\(result.errors)")
      return result.text.matches(of: #/<g role="row"[^>]*>(.*)<\/g>/#).map { row in
        row.1.matches(of: #/<text [^>]*>([^<]*)</#).map { String($0.1) }
      }
    }
    let heap = Fixture.file("command/heap.pb.gz").path
    let rows = try cells(heap, "--sample-index", "alloc_objects")
    #expect(rows[0] == ["Own, alloc_objects", "Share", "With callees, alloc_objects", "Share", "Function"])
    #expect(rows[1] == ["32,768", "45.25%", "32,768", "45.25%", "main.(*node).grow"])
    let named = try cells(heap, "--sample-index", "alloc_objects", "--count-name", "requests, all of them")
    #expect(named[0][0] == "Own, requests, all o…" && named[1][0] == "32,768")
    let (old, new) = (folder.file("old.folded"), folder.file("new.folded"))
    try Data("main;a;b 9223372036854774784\nmain;c 700\nmain;d 5\n".utf8).write(to: old)
    try Data("main;a;b 3\nmain;c 6\n".utf8).write(to: new)
    let less = try cells(new.path, "--diff-base", old.path, "--width", "700")
    #expect(less[1] == ["-9,223,372,036,854,774,781", "-100%", "-9,223,372,036,854,774,781", "-100%", "b"])
    #expect(less[2][0] == "-694")
    // Half a name is worth more than such a value.
    let narrow = try cells(old.path, "--width", "200")
    #expect(narrow == [["Share", "Function"], ["100%", "b"], ["0%", "c"], ["0%", "d"]])
    #expect(try cells(heap, "--width", "200", "--sample-index", "alloc_objects")[1] == ["32,768", "main.(*node).grow"])
  }

  @Test("a sentence that has no room in one line takes several, and none of its words is lost")
  func sentences() throws {
    func texts(_ width: String) throws -> [String] {
      let text = try svg(
        Self.cpu, "--width", width, "--min-width", "0", "--title", "Where did it all go, and why so soon?")
      return text.matches(of: #/<text (id="title"|id="subtitle"|class="note"|id="details")[^>]*>(.*)<\/text>/#).map {
        String($0.2).replacing(#/<[^>]*>/#, with: "")
      }
    }
    #expect(try texts("250") == texts("1200"))
    #expect(try svg(Self.cpu, "--width", "250").contains("<tspan") && !svg(Self.cpu).contains("<tspan"))
  }

  @Test("nothing to draw says what holds something; a wrong option says what there is")
  func refusals() throws {
    let folded = folder.file("empty.folded")
    try Data("samples/count space/bytes\na;b 0 7\n".utf8).write(to: folded)
    #expect(
      try svg(folded.path, "--sample-index", "samples", "-q").contains("every value of samples is 0; not so of space"))
    let colors = try Command.run("flamegraph", Self.cpu, "--colors", "plaid")
    #expect(colors.status == 2 && colors.errors.contains("there are package, hot"))
    #expect(try Command.run("flamegraph", Self.cpu, "--width", "3").status == 2)
    for width in ["-1", "nan", "1201", "1e40"] {
      #expect(try Command.run("flamegraph", Self.cpu, "--min-width", width).status == 2)
    }
    for ending in [
      "png", "svgz", "webp", "jpeg", "ps", "gv", "pb.gz", "prof", "pprof", "callgrind", "raw", "folded", "markdown",
      "JSON",
    ] {
      let result = try Command.run("flamegraph", Self.cpu, "-o", path("x." + ending))
      #expect(result.status == 2 && result.errors.contains("x.\(ending): error: a flame graph is not written as ."))
      #expect(result.errors.contains("name the output .svg or .html"))
      #expect(!FileManager.default.fileExists(atPath: path("x." + ending)))
    }
    #expect(try Command.run("flamegraph", Self.cpu, "-o", path("x.SVG")).status == 0)
  }

  @Test("a title of nothing is none: the picture's own stands there", arguments: ["", " "])
  func emptyTitle(title: String) throws {
    #expect(try svg(Self.cpu, "--title", title) == svg(Self.cpu))
    let page = try svg(Self.cpu, "--title", title, "--to", "html")
    #expect(page == (try svg(Self.cpu, "--to", "html")) && page.contains(#/<title>[^<]*\S[^<]*<\/title>/#))
  }

  @Test("convert writes the same pictures by their endings")
  func convert() throws {
    let result = try Command.run(
      "convert", Self.cpu, "-o", path("a.svg"), "-o", path("a.html"), "-o", path("a.speedscope.json"), "-o",
      "firefox:" + path("a.json"))
    #expect(result.status == 0, "\(result.errors)")
    #expect(try String(contentsOf: folder.file("a.svg"), encoding: .utf8).hasPrefix("<?xml"))
    #expect(try String(contentsOf: folder.file("a.html"), encoding: .utf8).hasPrefix("<!DOCTYPE html>"))
    #expect(try String(contentsOf: folder.file("a.speedscope.json"), encoding: .utf8).contains("speedscope.app"))
    #expect(try String(contentsOf: folder.file("a.json"), encoding: .utf8).contains("preprocessedProfileVersion"))
  }
}
