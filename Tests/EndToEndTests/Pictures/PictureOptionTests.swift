import Foundation
import TestSupport
import Testing

/// pprof's options in pictures: the same rows and values as its table of functions has with them, or a refusal.
@Suite struct PictureOptionTests {
  private static let cpu = Fixture.file("pb/valid/go1.27-default-cpu.in").path
  private static let heap = Fixture.file("command/heap.pb.gz").path

  private func svg(_ arguments: [String]) throws -> String {
    let result = try Command.run(["flamegraph"] + arguments)
    try #require(result.status == 0, "\(result.errors)")
    return result.text
  }

  /// The cells of the picture's table: own, share, with callees, share, function.
  private func rows(of svg: String) -> [[String]] {
    svg.matches(of: #/<g role="row">(.*)<\/g>/#).map { row in
      row.1.matches(of: #/<text role="cell"[^>]*>([^<]*)</#).map { cell in
        ["&lt;": "<", "&gt;": ">", "&quot;": "\"", "&#39;": "'", "&amp;": "&"].reduce(String(cell.1)) {
          $0.replacing($1.key, with: $1.value)
        }
      }
    }
  }

  @Test(
    "a frame is what a row of pprof's table is, called the same and with the same values",
    arguments: [
      ["-functions"], ["-filefunctions"], ["-lines"], ["-addresses"], ["-noinlines"],
      ["-lines", "-noinlines"], ["-lines", "-showcolumns"], ["-lines", "-trim_path=example.com/acme:runtime"],
      ["-lines", "-source_path=/x/demo"], ["-functions", "-divide_by=10"], ["-lines", "-focus=main"],
    ], [("heap", "B"), ("cpu", "ms")])
  func sameAsTop(options: [String], profile: (name: String, unit: String)) throws {
    let file = profile.name == "cpu" ? Self.cpu : Self.heap
    let all = options + ["-unit=" + profile.unit]
    let rows = rows(of: try svg(all + ["--width", "9000", file]))
    try #require(rows.count > 5)
    let table = try #require(try Pprof.run(["-top", "-nodecount=0", "-nodefraction=0"] + all, URL(filePath: file)))
    var theirs: Set<[String]> = []
    for line in table.split(separator: "\n") {
      let cells = line.split(separator: " ", maxSplits: 5, omittingEmptySubsequences: true)
      guard cells.count == 6 else { continue }
      let name = String(cells[5].drop { $0 == " " }).replacing(#/ \((partial-)?inline\)$/#, with: "")
      theirs.insert([String(cells[0]), String(cells[3]), name])
    }
    for row in rows { #expect(theirs.contains([row[0], row[2], row[4]]), "\(row)") }
  }

  @Test("with -files a frame is a file, also where pprof's table has a row for each of its functions")
  func files() throws {
    let names = rows(of: try svg(["-files", "--width", "3000", Self.cpu])).map { $0[4] }
    #expect(names.first == "example.com/acme/demo/main.go" && Set(names).count == names.count)
  }

  @Test("units and a divisor change what the page says, too", arguments: ["svg", "html"])
  func units(format: String) throws {
    let result = try Command.run(
      "flamegraph", Self.heap, "--to", format, "-unit=kB", "-divide_by=10", "-sample_index=inuse_space")
    let text = try #require(result.status == 0 ? result.text : nil, "\(result.errors)")
    // pprof -top -unit=kB -divide_by=10: 1473.25kB total, of which 307.46kB.
    let table = try #require(
      try Pprof.run(["-top", "-unit=kB", "-divide_by=10"], URL(filePath: Self.heap)))
    #expect(table.contains("of 1473.25kB total") && table.contains("  307.46kB 20.87%"))
    #expect(text.contains(format == "svg" ? "1473.25kB of inuse_space" : "307.46kB (20.87%)"))
    #expect(format == "html" || text.contains("values divided by 10"))
  }

  @Test("a unit that does not fit is told in the picture")
  func unitsThatDoNotFit() throws {
    #expect(try svg([Self.heap, "-unit=ms"]).contains("inuse_space cannot be shown in “ms”."))
    #expect(try svg([Self.cpu, "-sample_index=samples", "-unit=MB"]).contains("samples cannot be shown in “MB”."))
  }

  @Test(
    "what is nothing for a picture is refused, with what there is instead",
    arguments: [
      (["-mean"], "they do not add up"), (["-nodecount=5"], "--min-width"), (["-nodefraction=0.1"], "--min-width"),
      (["-edgefraction=0.1"], "--min-width"), (["-trim=false"], "--min-width 0"), (["-cum"], "as wide as its cum"),
      (["-flat"], "order of their names"), (["-compact_labels"], "--title"), (["-showcolumns"], "needs --lines"),
      (["--to", "speedscope", "-unit=MB"], "its viewer chooses"),
      (["--to", "firefox", "-unit=MB"], "its viewer chooses"), (["--to", "html", "-drop_negative"], "only the SVG"),
      (["--to", "html", "--width", "800"], "“width” is nothing for a page: a page is as wide as its window"),
      (["--to", "html", "--min-width", "0.1"], "“min-width” is nothing for a page"),
      (["--to", "speedscope", "--width", "800"], "“width” is nothing for a file for another viewer"),
      (["--to", "firefox", "--min-width", "1"], "its viewer draws it"),
      (["--to", "speedscope", "--colors", "hot"], "colours of its own"),
      (["--to", "firefox", "--inverted"], "its viewer draws it"),
      (["--to", "speedscope", "--reverse"], "turns around and merges"),
      (["--to", "firefox", "--count-name", "requests"], "names what it counts"),
    ])
  func refused(options: [String], why: String) throws {
    let result = try Command.run(["flamegraph", Self.heap] + options)
    #expect(result.status == 2 && result.errors.contains(why) && result.output.isEmpty, "\(result.errors)")
  }

  @Test(
    "a divisor that makes no values of values is refused in the same words, whatever the picture",
    arguments: ["svg", "html", "speedscope", "firefox"])
  func divisors(format: String) throws {
    for divisor in ["0", "-0", "-1", "nan", "inf", "-inf", "1e-310", "1e-290"] {
      let result = try Command.run("flamegraph", Self.heap, "--to", format, "-divide_by=" + divisor)
      let why = divisor.hasPrefix("1") ? "are too large for a picture" : "greater than 0"
      #expect(result.status == 2 && result.errors.contains(why), "\(divisor): \(result.errors)")
      #expect(result.output.isEmpty)
    }
    for divisor in ["1e-9", "1e300"] {
      let result = try Command.run("flamegraph", Self.heap, "--to", format, "-divide_by=" + divisor)
      #expect(result.status == 0 && !result.text.contains(#/"weights?":\[[^\]]*(null|nan|inf)/#), "\(divisor)")
    }
  }

  @Test(
    "stacks that share their frames are not cut as if each had its own, and where all are equal only what is too much is"
  )
  func cutsNoMore() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("in.folded")
    let trunk = (0..<51).map { "f\($0);" }.joined()
    let shared = "wide 1000000000\n" + (0..<8000).map { "\(trunk)leaf\($0) 1\n" }.joined()
    try Data(shared.utf8).write(to: file)
    let whole = try Command.run("flamegraph", file.path, "--to", "firefox").text
    #expect(whole.contains("leaf7999") && !whole.contains("(cut)"))
    // With the root and `main`, that is 10,002 too many.
    try Data((0..<410_000).map { "main;f\($0) 1\n" }.joined().utf8).write(to: file)
    #expect(try Command.run("flamegraph", file.path, "--to", "firefox").text.contains("without 10,002 narrow frames"))
  }

  @Test("a stack that has no room in speedscope's file leaves it to those behind it")
  func deepStack() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("deep.folded")
    let deep = String(repeating: "f;", count: 1_600_000)
    try Data("main;first 3\n\(deep)leaf 9\nmain;second 2\nmain;third 1\n".utf8).write(to: file)
    let text = try Command.run("flamegraph", file.path, "--to", "speedscope").text
    #expect(text.contains("\"name\":\"samples (without 1 stacks that there is no room for: (cut))\""))
    #expect(text.contains("\"weights\":[3,2,1,9]"))
  }

  @Test("files for other viewers have the frames that were asked for, and values divided")
  func viewers() throws {
    for format in ["speedscope", "firefox"] {
      let result = try Command.run("flamegraph", Self.heap, "--to", format, "-lines", "-divide_by=2")
      #expect(result.status == 0 && result.text.contains("main.inner example.com/acme/demo/main.go:41"))
      let plain = try Command.run("flamegraph", Self.heap, "--to", format, "-noinlines", "-trim_path=example.com/acme")
      #expect(plain.text.contains("\"demo/main.go\"") && !plain.text.contains("\"main.inner\""))
    }
    let text = try Command.run("flamegraph", Self.heap, "--to", "speedscope", "-divide_by=2").text
    #expect(text.contains("\"endValue\":7543047.0,") && text.contains("\"endValue\":36207.0,"))
  }

  @Test("of more than a viewer has room for the narrowest are cut, which is told, and sums stay whole")
  func cut() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("large.folded")
    let deep = (0..<40).map { "f\($0)" }.joined(separator: ";")
    var text = "main;wide 1000000\n"
    for i in 0..<40_000 { text += "main;\(i / 200);\(i);\(deep) \(i % 7 + 1)\n" }
    try Data(text.utf8).write(to: file)
    let total = 1_000_000 + (0..<40_000).reduce(0) { $0 + $1 % 7 + 1 }
    let speedscope = try Command.run("flamegraph", file.path, "--to", "speedscope").text
    #expect(speedscope.contains("\"endValue\":\(total),") && speedscope.contains("{\"name\":\"(cut)\"}"))
    #expect(speedscope.contains(#/"name":"samples \(without [\d,]+ stacks that there is no room for: \(cut\)\)"/#))
    let weights = try #require(speedscope.firstMatch(of: #/"weights":\[([^\]]*)\]/#)).1
    #expect(weights.split(separator: ",").reduce(0) { $0 + (Int($1) ?? 0) } == total)
    let firefox = try Command.run("flamegraph", file.path, "--to", "firefox").text
    #expect(firefox.contains(#/without [\d,]+ narrow frames: \(cut\)"/#) && firefox.contains("\"(cut)\""))
    let sums = try #require(firefox.firstMatch(of: #/"weight":\[([^\]]*)\]/#)).1
    #expect(sums.split(separator: ",").reduce(0) { $0 + (Int($1) ?? 0) } == total)
  }

  @Test("a difference to a base tells what was before and what is now, and can leave out what shrank")
  func difference() throws {
    let folder = try TemporaryFolder()
    let (old, new) = (folder.file("old.folded"), folder.file("new.folded"))
    try Data("main;a;b 10\nmain;a 4\nmain;c 6\n".utf8).write(to: old)
    try Data("main;a;b 3\nmain;a 9\nmain;d 5\nmain;c 6\n".utf8).write(to: new)
    let text = try svg([new.path, "--diff-base", old.path])
    #expect(text.contains("<title>b\n-7 samples, -35%; 10 samples before, 3 samples now</title>"))
    #expect(text.contains("<title>d\n+5 samples, +25%; 0 samples before, 5 samples now</title>"))
    #expect(text.contains("<title>c\n0 samples, 0%; 6 samples before, 6 samples now</title>"))
    #expect(text.contains("A frame is as wide as what was before and what is now together"))
    // Subtracted without marks, only the difference is known.
    let plain = try svg([new.path, "--base", old.path])
    #expect(plain.contains("<title>b\n-7 samples, -41.18%</title>") && !plain.contains("\nc\n"))
    let grown = try svg([new.path, "--diff-base", old.path, "--drop-negative"])
    #expect(DrawnFrame.all(in: grown).map(\.name) == ["all", "main", "c", "d"])
    #expect(grown.contains(">Not drawn: 1 frame that has less than before, and what it calls.<"))
    try Data("main;a 9\nmain;c 2\n".utf8).write(to: old)
    try Data("main;a 3\nmain;b 40\n".utf8).write(to: new)
    let two = try svg([new.path, "--diff-base", old.path, "--drop-negative"])
    #expect(two.contains(">Not drawn: 2 frames that have less than before, and what they call.<"))
    let narrow = try svg([new.path, "--min-width", "200"])
    #expect(narrow.contains(">Not drawn: 1 frame narrower than 200 pixels, and what it calls; 6.98% of the width.<"))
  }

  @Test("An SVG has the 100,000 widest frames, however deep stacks are that are wide enough, and says so")
  func largest() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("deep.folded")
    // 150,201 frames of a pixel and more: 6 pixels, or 5.
    var text = ""
    for i in 0..<200 {
      text += "s\(i);" + (0..<750).map { "f\($0)" }.joined(separator: ";") + (i % 2 == 0 ? " 6\n" : " 5\n")
    }
    try Data(text.utf8).write(to: file)
    let svg = try svg([file.path])
    #expect(svg.ranges(of: "<g role=\"treeitem\"").count == 100_000)
    // All of the wide ones, 75,101 frames with the root, and of each of the others what is nearest to the root.
    #expect(svg.contains("all frames but the 100,000 widest; 45.45% of the width.<"))
    let widths = svg.matches(of: #/ data-w="(\d)">/#).map(\.1)
    #expect(widths.count { $0 == "6" } == 75_100 && widths.count { $0 == "5" } == 24_899)
  }
}
