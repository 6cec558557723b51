import Foundation
import ProfileModel
import TestSupport
import Testing

@testable import ProfileFormats

@Suite struct TracebackDetectionTests {
  private func detect(_ text: String, isWhole: Bool = true) -> Detection { detect(Array(text.utf8), isWhole) }

  private func detect(_ bytes: [UInt8], _ isWhole: Bool, by reader: any ProfileReader = TracebackReader()) -> Detection
  {
    reader.detect(bytes.span, isWhole: isWhole)
  }

  @Test("Tracebacks are known, by the first kilobytes too", arguments: TracebackSamples.all)
  func known(_ fixture: Fixture) throws {
    let inLogs = [
      "synthetic-docker", "synthetic-gotest", "synthetic-http-panic", "synthetic-log-prefix", "synthetic-margin",
    ]
    let expected: Detection = inLogs.contains(fixture.name) ? .possible : .certain
    let bytes = try fixture.bytes
    #expect(detect(bytes, true) == expected)
    #expect(detect(Array(bytes.prefix(4096)), bytes.count <= 4096) == expected)
    // Nobody else is sure of it.
    for reader in Catalogue.readers where reader.info.id != TracebackReader().info.id {
      #expect(detect(bytes, true, by: reader) < .certain)
    }
  }

  @Test("Other formats are not taken", arguments: ["debug1/valid", "pb/valid"])
  func others(_ folder: String) throws {
    for fixture in try Fixture.all(folder) {
      #expect(detect(try fixture.bytes, true) == .no, "\(fixture.name)")
    }
  }

  @Test func `Neither Go's count text nor a log without goroutines is one`() {
    #expect(detect("goroutine profile: total 2\n2 @ 0x1 0x2\n#\t0x1\tmain.f+0x1\tf.go:1\n") == .no)
    #expect(detect("panic: boom\n\nexit status 2\n") == .no)
    #expect(detect("WARNING: DATA RACE\nGoroutine 7 (running) created at:\n  main.f()\n      f.go:1 +0x1\n") == .no)
    #expect(detect("a;b;c 12\na;goroutine 1 [running]: 4\n") == .no)
    #expect(detect("he wrote: goroutine 1 [running]:\nand then nothing\n") == .no)
    #expect(detect("") == .no)
  }

  @Test("Behind folded stacks they are a second profile; behind a log's lines they are not")
  func behindFolded() {
    let dump = "goroutine 1 [running]:\nmain.f()\n\tf.go:1 +0x1\n"
    for stacks in ["a;b 1\na;c 2\na;d;e 3\n", "x/count\n# labels: {}\na;b 1\na;c 2\nd 4\na;d;e -3\n\n"] {
      for opening in ["", "panic: boom\n\n", "SIGQUIT: quit\nPC=0x1 m=0 sigcode=0\n\n"] {
        let bytes = Array((stacks + opening + dump).utf8)
        #expect(detect(bytes, true) == .no)
        #expect(detect(bytes, true, by: FoldedReader()) == .possible)
      }
    }
    for log in [
      "listening on :8080\n", "GET /a;b 200\nGET /c;d 200\nGET /e;f 404\n", "a;b 1\na;c 2\n",
      "up 1\nup 2\na;b 3\nup 4\n",
      "a;b 1\na;c 2\na;d 3\nlistening\n", "10:00:01 a;b 1\n10:00:01 a;c 2\n10:00:02 a;d 3\n",
    ] {
      let bytes = Array((log + dump).utf8)
      #expect(detect(bytes, true) == .possible)
      #expect(detect(bytes, true, by: FoldedReader()) == .no)
    }
  }

  @Test func `Where the prefix ends too soon, more is asked for`() {
    #expect(detect("panic: boom\n\n", isWhole: false) == .needMore)
    #expect(detect("12:00 x goroutine 1 [running]:\n12:00 x main.f(0x", isWhole: false) == .needMore)
    #expect(
      detect("12:00 x goroutine 1 [running]:\n12:00 x main.f()\n12:00 x \tf.go:1 +0x2\n", isWhole: false) == .possible)
    #expect(detect("goroutine 1 [running]:\n", isWhole: false) == .certain)
  }

  @Test func `A prefix may count, and grow`() {
    func prefix(_ text: String) -> LogPrefix? {
      let bytes = Array(text.utf8)
      return LogPrefix(bytes.span, 0..<bytes.count)
    }
    func end(_ prefix: LogPrefix?, _ text: String) -> Int? {
      let bytes = Array(text.utf8)
      guard let prefix else { return nil }
      return prefix.end(in: bytes.span, 0..<bytes.count)
    }
    let time = prefix("2026-11-21T06:00:24.5Z app 9:  ")
    #expect(end(time, "2026-11-21T06:00:25Z app 10:  x") == 30)
    #expect(end(time, "2026-11-21T06:00:25Z app 10:") == 28)
    #expect(end(time, "2026-11-21T06:00:25Z app 10:   x") == 30)
    #expect(end(time, "2026-11-21T06:00:25Z app :  x") == nil)
    #expect(end(time, "2026-11-21T06:00:25Z web 10:  x") == nil)
    #expect(end(prefix("app_9   | "), "app_10  | x") == 10)
    #expect(end(prefix("12:00:01 app[9]: "), "12:00:02 app[9]: x") == 17)
    #expect(end(prefix("12:00:01 app[9]: "), "12:00:01 app[10]: x") == nil)
    #expect(prefix(String(repeating: "x", count: 513)) == nil)
  }
}
