import Foundation
import TestSupport
import Testing

/// The page on paper, as the real browser prints it.
@Suite(.enabled(if: Browser.isInstalled, "there is no chromium")) struct PrintTests {
  @Test(arguments: ["800,600", "1400,2400"])
  func aPictureBeginsBelowItsTitleAndTakesNoEmptySheets(_ window: String) throws {
    let folder = try TemporaryFolder()
    // 130 rows: more than a sheet has room for, at the size that they have on a screen.
    let made = try Command.run(
      "flamegraph", Fixture.file("pb/valid/go1.27-default-heap.in").path, "-o", "x.html", in: folder.url)
    #expect(made.status == 0)
    let page = folder.file("x.html").absoluteString
    let printed = try Subprocess.run(
      URL(filePath: "/usr/bin/env"),
      [
        "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--window-size=" + window,
        "--user-data-dir=" + folder.file("profile").path, "--print-to-pdf=" + folder.file("x.pdf").path, page,
      ])
    #expect(printed.status == 0, "\(printed.errors)")
    let pdf = String(decoding: try Data(contentsOf: folder.file("x.pdf")), as: Unicode.ASCII.self)
    #expect(pdf.matches(of: /\/Type\s*\/Page[^s]/).count == 1)
  }

  @Test("a deep graph is printed on as many sheets as it needs from the first one on, without what is of the pointer")
  func aDeepGraph() throws {
    let folder = try TemporaryFolder()
    let stack = (0..<600).map { "f\($0)" }.joined(separator: ";")
    try Data("\(stack) 3\n".utf8).write(to: folder.file("deep.folded"))
    let made = try Command.run("flamegraph", "deep.folded", "-o", "x.html", in: folder.url)
    #expect(made.status == 0)
    let visit = try Browser.visit(
      folder.file("x.html"),
      [
        ["move": [300, 400]], ["eval": "document.querySelector('.tip').innerText"],
        ["pdf": folder.file("x.pdf").path], ["media": "print"], ["eval": "document.body.innerText"],
      ])
    #expect(visit.text(1).hasPrefix("f") && visit.text(4).split(separator: "\n") == ["samples", "1 sample"])
    let pdf = String(decoding: try Data(contentsOf: folder.file("x.pdf")), as: Unicode.ASCII.self)
    // 601 rows in parts of 64 at most: the first one stands below the title.
    #expect(pdf.matches(of: /\/Type\s*\/Page[^s]/).count == 10)
  }
}
