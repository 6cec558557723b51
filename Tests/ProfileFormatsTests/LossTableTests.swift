import Foundation
import ProfileFormats
import TestSupport
import Testing

@Suite struct LossTableTests {
  @Test func theLossTableIsCurrent() throws {
    let file = Repository.root.appending(path: "Sources/pprofconv/Documentation/losses.md")
    let page = try LossTable.page.get()
    let committed = try? String(contentsOf: file, encoding: .utf8)
    if committed != page, ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] == "1" {
      try page.write(to: file, atomically: true, encoding: .utf8)
    }
    #expect(committed == page, "the page is not what the writers report: UPDATE_GOLDENS=1 makes it again")
  }

  @Test func everyPairOfFormatsStandsInIt() throws {
    let page = try LossTable.page.get()
    let sections = page.components(separatedBy: "\n## To ").dropFirst()
    #expect(sections.count == Catalogue.writers.count)
    for (section, writer) in zip(sections, Catalogue.writers) {
      #expect(section.hasPrefix("\(writer.info.id)\n"))
      for reader in Catalogue.readers { #expect(section.contains("`\(reader.info.id)`"), "\(reader.info.id)") }
    }
  }

  /// What has a place for everything loses nothing, whatever it is given.
  @Test(arguments: ["pb.gz", "pb", "json"]) func someLoseNothing(_ id: String) throws {
    let page = try LossTable.page.get()
    let section = try #require(
      page.components(separatedBy: "\n## To \(id)\n").last?.components(separatedBy: "\n## ").first)
    let rows = section.split(separator: "\n").filter { $0.hasPrefix("| `") }
    #expect(rows.count == 1 && rows[0].hasSuffix("| nothing |"))
  }

  /// Each kind of thing that a profile may have is lost by at least one format: the profiles have it.
  @Test func everythingIsThere() throws {
    let page = try LossTable.page.get()
    for field in [
      "labels", "mappings", "addresses", "columns", "start lines", "system names", "time", "duration",
      "period",
      "comments", "default sample type", "doc url", "drop frames", "keep frames", "unknown fields", "mapping ids",
      "location ids", "function ids", "folded flags", "unused locations", "inlined frames", "line numbers", "files",
    ] {
      #expect(page.contains(field), "\(field)")
    }
  }
}
