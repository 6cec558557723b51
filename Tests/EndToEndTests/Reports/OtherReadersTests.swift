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
