import Foundation
import TestSupport
import Testing

/// `list` beside pprof's, where there are sources and where there are none.
@Suite struct ListTests {
  private static let cpu = Fixture.file("pb/valid/go1.27-default-cpu.in")

  /// A tree of sources as the profile names them: `example.com/acme/demo/main.go` of 400 lines.
  private func sources() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let home = folder.file("example.com/acme/demo")
    try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
    let text = (1...400).map { "\tline \($0) // 日本 <b>\n" }.joined()
    try text.write(to: home.appending(path: "main.go"), atomically: false, encoding: .utf8)
    return folder
  }

  private func pprof(_ options: [String], in folder: URL) throws -> String {
    try Subprocess.run(
      Pprof.binary, ["-symbolize=none"] + options + [Self.cpu.path],
      environment: ["PPROF_BINARY_PATH": "/nonexistent", "TZ": "UTC"], directory: folder
    ).text
  }

  @Test(
    "shows what pprof shows", arguments: [[], ["-sample_index=0"], ["-noinlines"], ["-trim_path=example.com/acme"]])
  func equalsPprof(_ options: [String]) throws {
    let folder = try sources()
    // From a folder below, too: names are looked for in all above.
    for folder in [folder.url, folder.file("example.com")] {
      let ours = try Command.run(["list", "main.hotInline|main.fib"] + options + [Self.cpu.path], in: folder)
      let theirs = try pprof(["-list=main.hotInline|main.fib"] + options, in: folder)
      // Where a source is not found pprof stops, and we show what each line has.
      #expect(Self.withoutTotals(ours.text) == theirs)
    }
  }

  @Test func `searches the path that it is told`() throws {
    let folder = try sources()
    let path = "-source_path=/nonexistent:" + folder.url.path
    let ours = try Command.run("list", "main.fib", path, Self.cpu.path, in: URL(filePath: "/"))
    #expect(ours.text.contains("line 1"))
    #expect(ours.text == (try pprof(["-list=main.fib", path], in: URL(filePath: "/"))))
  }

  @Test func `Without sources the lines that have something are shown`() throws {
    let text = try Command.run("list", "main.hotInline", Self.cpu.path, in: URL(filePath: "/")).text
    let at = try #require(text.range(of: " Error: could not find file example.com/acme/demo/main.go on path /\n"))
    let lines = text[at.upperBound...].split(separator: "\n")
    #expect(!lines.isEmpty)
    for line in lines { #expect(line.firstMatch(of: #/^ *\S+ +\S+ +\d+:$/#) != nil, "\(line)") }
  }

  private static func withoutTotals(_ text: String) -> String {
    var isAfterError = false
    return text.split(separator: "\n", omittingEmptySubsequences: false).filter { line in
      if isAfterError, line.hasSuffix(":"), !line.hasPrefix("ROUTINE") { return false }
      isAfterError = line.hasPrefix(" Error:")
      return true
    }.joined(separator: "\n")
  }
}
