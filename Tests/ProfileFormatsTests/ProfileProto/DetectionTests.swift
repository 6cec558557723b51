import ProfileFormats
import ProfileModel
import TestSupport
import Testing

struct ProtoDetectionTests {
  private func detect(_ bytes: [UInt8], isWhole: Bool = true) -> Detection {
    ProfileProtoReader().detect(bytes.span, isWhole: isWhole)
  }

  @Test(arguments: try Fixture.all("pb/valid"))
  func `A profile is certain, whole or in part`(_ fixture: Fixture) throws {
    let bytes = try inflated(fixture)
    #expect(detect(bytes) == .certain)
    #expect(detect(Array(bytes.prefix(512)), isWhole: bytes.count <= 512) == .certain)
  }

  @Test(arguments: try Fixture.all("pb/invalid"))
  func `A damaged profile is still taken for one`(_ fixture: Fixture) throws {
    let bytes = try inflated(fixture)
    #expect(detect(bytes) >= (bytes.isEmpty ? .no : .possible))
  }

  @Test(arguments: [
    "heap profile: 1: 2 [3: 4] @ heap/524288\n", "goroutine profile: total 3\n", "--- threadz 1 ---\n",
    "\n\nheap profile: 1\n",
    "\n\u{8}", "{\"a\": 1}", "<!DOCTYPE html>\n<html>", "main;foo 12\n", "PeriodType: cpu nanoseconds\n", "",
    "*** pprof ***\n", "2024-01-01 a long line of a log\n", "rrrr", "zzzz\n", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "BBBB",
  ])
  func `Text is no profile`(_ text: String) {
    let bytes = Array(text.utf8)
    #expect(detect(bytes) <= (bytes.contains(8) ? .possible : .no))
  }

  @Test func `Binary files of other kinds are no profile`() {
    let cpu: [UInt8] = Array(repeating: 0, count: 8) + [3] + Array(repeating: 0, count: 31)
    let others: [[UInt8]] = [
      cpu, [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0], [0x28, 0xb5, 0x2f, 0xfd, 4], [0x50, 0x4b, 3, 4],
      [0x42, 0x5a, 0x68, 0x39, 0x31],
      [0x46, 0x4c, 0x52, 0, 0, 2], Array("go 1.22 trace".utf8) + [0, 0, 0], [0xff, 0xfe, 0x68, 0],
      [0x89, 0x50, 0x4e, 0x47, 0x0d],
      [0, 0, 0, 0],
    ]
    for bytes in others { #expect(detect(bytes) == .no, "\(bytes)") }
  }
}
