import Foundation
import TestSupport
import Testing

/// Reports on a terminal, a real one that script(1) makes.
@Suite struct PagerTests {
  /// What the terminal shows, with the exit code in its last line.
  private func show(_ command: String, lines: Int = 10, pager: String? = "sed s/^/paged:/") throws -> (
    text: String, status: Int?
  ) {
    let heap = Fixture.file("command/heap.pb.gz").path
    let set = pager.map { "export PAGER='\($0)'" } ?? "unset PAGER"
    // The shell beside the command would meet its signals; what it says of itself is no report.
    let script = "stty rows \(lines) cols 80; \(set); H='\(heap)'; \(command); echo \"status $?\""
    let result = try Subprocess.run(
      URL(filePath: "/usr/bin/env"), ["script", "-qec", script, "/dev/null"], input: Data(),
      environment: ["P": Command.binary.path, "TZ": "UTC", "TERM": "dumb", "SHELL": "/bin/sh"])
    let text = result.text.replacing("\r\n", with: "\n")
    let at = try #require(text.range(of: "status ", options: .backwards), "\(text) \(result.errors)")
    return (String(text[..<at.lowerBound]), Int(text[at.upperBound...].trimmingCharacters(in: .whitespacesAndNewlines)))
  }

  private var plain: String {
    get throws { try Command.run("top", Fixture.file("command/heap.pb.gz").path, environment: ["TZ": "UTC"]).text }
  }

  @Test func `A report longer than the terminal goes through the pager, all of it`() throws {
    let (text, status) = try show("$P top $H")
    #expect(status == 0)
    #expect(text == (try plain).split(separator: "\n").map { "paged:\($0)\n" }.joined())
  }

  @Test(
    "does not, where it is short, not wanted, or written elsewhere",
    arguments: [
      ("$P top $H", 400, "sed s/^/paged:/"), ("$P top --no-pager $H", 10, "sed s/^/paged:/"), ("$P top $H", 10, ""),
      ("$P top $H | cat", 10, "sed s/^/paged:/"), ("$P top $H", 10, "cat"),
    ])
  func isPlain(_ command: String, _ lines: Int, _ pager: String) throws {
    let (text, status) = try show(command, lines: lines, pager: pager)
    #expect(status == 0)
    #expect(text == (try plain))
  }

  @Test(
    "is shown all the same by a pager that cannot be started",
    arguments: [("$P top $H", "no-such-pager", "not found"), ("$P top $H", "/etc/passwd", "ermission denied")])
  func missing(_ command: String, _ pager: String, _ words: String) throws {
    let (text, status) = try show(command, pager: pager)
    #expect(status == 0)
    #expect(text.hasSuffix(try plain) && text.contains(words))
  }

  @Test(
    "is done when the pager is left, whatever the pager says",
    arguments: [("head -n 1 | sed s/^/paged:/", "paged:File: demo127\n"), ("exit 3", ""), ("kill -9 $$", "")])
  func left(_ pager: String, _ expected: String) throws {
    // Short of what a pipe holds, and far beyond it.
    for command in ["$P top $H", "$P dot $(yes $H | head -n 3) -nodefraction=0", "$P raw $H"] {
      let (text, status) = try show(command, pager: pager)
      #expect(status == 0, "\(command)")
      #expect(command.contains(" top ") ? text == expected : text.utf8.count < 100)
    }
  }

  @Test func `Errors are not paged, and keep their exit code`() throws {
    let (text, status) = try show("$P top /nowhere")
    #expect(status == 3 && text == "/nowhere: error: cannot read: no such file or directory\n")
  }
}
