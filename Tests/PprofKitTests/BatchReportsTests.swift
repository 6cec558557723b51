import Foundation
import ProfileModel
import TestSupport
import Testing

@testable import PprofKit

/// Reports of more files than anybody wants to make.
@Suite struct BatchReportsTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func report(_ kind: BatchReportRequest.Kind, failures: Int, passed: Int) throws -> String {
    let batch = Batch(["in"], to: [.text], in: "out")
    let path = folder.file(kind.rawValue).path
    let reports = try BatchReports([BatchReportRequest(kind, path: path)], of: batch)
    var outcome = BatchOutcome()
    for i in 0..<(failures + passed) {
      let error = ProfileError(.truncated, "gzip data ends in the middle", at: .byte(i), hint: "fetch it again")
      let file = BatchFile("profiles/host-\(i)/heap-\(i).pb.gz", i < failures ? .failed(error) : .converted)
      outcome.add(file)
      reports.add(file)
    }
    try reports.finish(outcome)
    return String(decoding: try Data(contentsOf: folder.file(kind.rawValue)), as: UTF8.self)
  }

  @Test func aSummaryIsCutBeforeGitHubRefusesIt() throws {
    let text = try report(.markdown, failures: 20_000, passed: 5)
    #expect(text.utf8.count <= 1 << 20 && text.utf8.count > 1_000_000)
    #expect(text.contains("20,005 files: **5** converted, **20,000** failed"))
    let rows = text.matches(of: /(?m)^\| profiles\//).count
    let cut = try #require(text.firstMatch(of: /Cut here: ([\d,]+) more failed files have no room in a summary/)).1
    #expect(rows + (Int(cut.replacing(",", with: "")) ?? 0) == 20_000)
    // What fits is not cut.
    #expect(try !report(.markdown, failures: 100, passed: 0).contains("Cut here"))
  }

  @Test func junitStaysBelowWhatGitLabTakesAndKeepsFailures() throws {
    let text = try report(.junit, failures: 1000, passed: 400_000)
    #expect(text.utf8.count < 30_000_000)
    #expect(text.matches(of: #/<failure /#).count == 1000)
    let cases = text.matches(of: #/<testcase /#).count
    let left = try #require(text.firstMatch(of: /<property name="files left out" value="(\d+)"/)).1
    #expect(cases + (Int(left) ?? 0) == 401_000)
    #expect(text.contains("tests=\"\(cases)\" failures=\"1000\""))
  }

  @Test func progressSaysCountRateBytesAndTimeLeft() throws {
    var done = BatchProgress()
    var meter = ProgressMeter(files: 10_003, bytes: 3 << 30, width: nil, interval: 10)
    done.files = 4096
    done.bytes = (3 << 30) / 4
    #expect(meter.line(done, after: 9) == nil)
    #expect(
      meter.line(done, after: 10) == "4,096/10,003 files, 25 %, 768.0 MiB of 3.0 GiB, 410 files/s, 30 s left")
    #expect(meter.line(done, after: 19) == nil)
    #expect(
      meter.line(done, after: 1000) == "4,096/10,003 files, 25 %, 768.0 MiB of 3.0 GiB, 4.1 files/s, 50 min 0 s left")
    done.files = 10_003
    #expect(meter.line(done, after: 2000) == nil)
    var narrow = ProgressMeter(files: 10_003, bytes: 0, width: 30, interval: 0.1)
    done = BatchProgress()
    done.files = 1
    #expect(narrow.line(done, after: 1) == "1/10,003 files, 0 %, 0 bytes …")
  }

  /// Whatever option is added must be noted in the manifest, or what was made without it would pass for current.
  @Test func everyOptionIsInTheRecipeOrHasAReasonNotToBe() {
    func names(_ options: Any) -> Set<String> { Set(Mirror(reflecting: options).children.compactMap(\.label)) }
    // Limits decide whether there are outputs, not what is in them; how many threads there are decides nothing.
    #expect(
      names(InputOptions()) == [
        "format", "recovers", "hiddenFrames", "mutexRecords", "maxInflated", "maxMemory", "maxLine", "hashesContent",
        "unmeasured", "memoryMargin",
      ])
    #expect(
      names(OutputOptions()) == [
        "format", "grouping", "sort", "countedType", "sampleType", "carry", "isStrict", "level", "members", "jobs",
        "hashesContent",
      ])
  }
}
