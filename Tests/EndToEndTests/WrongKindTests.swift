import Foundation
import TestSupport
import Testing

/// What is no profile is named for what it is.
@Suite struct WrongKindTests {
  struct Kind: CustomTestStringConvertible, Sendable {
    var bytes: [UInt8]
    var what: String
    var hint: String

    init(_ bytes: [UInt8], _ what: String, _ hint: String) {
      self.bytes = bytes
      self.what = what
      self.hint = hint
    }
    init(_ text: String, _ what: String, _ hint: String) { self.init(Array(text.utf8), what, hint) }
    var testDescription: String { what }
  }

  static let kinds = [
    Kind(
      "<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head></html>",
      "an HTML page titled “502 Bad Gateway”",
      "`curl -fsS` fails on an error page"),
    Kind(
      "<html>\n<head>\n<title>/debug/pprof/</title>\n<a href=/debug/pprof/heap>", "the index page of /debug/pprof/",
      "/debug/pprof/heap"),
    Kind("{\"error\": \"unauthorized\"}\n", "JSON that begins “{\"error\": \"unauthorized\"}”", "`curl -fsS` fails"),
    Kind(
      #"{"log":"goroutine 1 [running]:\n","stream":"stderr","time":"2026-11-21T10:00:00Z"}"# + "\n",
      "a log file of Docker (json-file)", "`jq -j .log FILE | pprofconv -`"),
    Kind(
      Array("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n".utf8) + [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 0xff, 0xe2],
      "the answer of a server with its headers", "leave out -i"),
    Kind("404 page not found\n", "a text that begins “404 page not found”", "`curl -fsS` fails"),
    Kind("Unknown profile\n", "a text that begins “Unknown profile”", "`curl -fsS` fails"),
    Kind([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0], "an ELF binary", "give its profile"),
    Kind(Array("go 1.22 trace\0\0\0".utf8) + [1, 2, 3], "a Go execution trace", "go tool trace"),
    Kind([0x46, 0x4c, 0x52, 0, 0, 2, 0, 1], "a Java flight recording (JFR)", "Mission Control"),
    Kind([0x28, 0xb5, 0x2f, 0xfd, 4, 0], "zstd compressed data", "zstd -dc FILE | pprofconv -"),
    Kind([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0], "xz compressed data", "xz -dc FILE"),
    Kind([0x50, 0x4b, 3, 4, 20, 0], "a zip archive", "unzip -p FILE"),
    Kind([0x89, 0x50, 0x4e, 0x47, 13, 10], "a PNG picture", "give the profile"),
    Kind(
      "goroutine profile: total 4 or so\n4 @ 0x1 0x2\n", "a text that begins as Go's of a goroutine profile",
      "with a number at the end"),
    Kind("panic: boom\n\nexit status 2\n", "the output of a crashed Go program without", "GOTRACEBACK=all"),
    Kind("main;f;g 12\nmain;f\n", "a text that begins as folded stacks", "--from folded"),
    Kind([0xff, 0, 0xfe, 1, 0x80], "binary data of no kind that we know", "--from FORMAT"),
    Kind("dear diary\n", "a text that begins “dear diary”", "`pprofconv formats` lists what can be read"),
  ]

  @Test(arguments: kinds) func anotherKindOfFileIsNamed(_ kind: Kind) throws {
    let folder = try TemporaryFolder()
    try Data(kind.bytes).write(to: folder.file("file"))
    let result = try Command.run("file", "-o", "out.pb.gz", in: folder.url)
    #expect(result.status == 3)
    #expect(result.errors.hasPrefix("file: error: this is \(kind.what)"), "\(result.errors)")
    #expect(result.errors.contains("\n  hint: ") && result.errors.contains(kind.hint), "\(result.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.file("out.pb.gz").path))
    // The same behind gzip.
    let packed = try Command.run("-", input: Heap.deflated(Data(kind.bytes)))
    #expect(packed.status == 3)
    #expect(packed.errors.hasPrefix("<stdin>: error: this is \(kind.what)"))
  }

  #if RE2
    @Test(arguments: [
      ("html", "a page that pprofconv made of a profile"), ("firefox.json", "a profile for Firefox's profiler"),
      ("speedscope.json", "a speedscope file"), ("svg", "an SVG picture"),
    ])
    func whatWeMadeOfAProfileIsToldFromAnAnswerOfAServer(_ ending: String, _ what: String) throws {
      let folder = try TemporaryFolder()
      let made = folder.file("made." + ending)
      try #require(Command.run(Fixture.file("command/heap.pb.gz").path, "-o", made.path).status == 0)
      let result = try Command.run(made.path, "-o", "out.pb.gz", in: folder.url)
      #expect(result.status == 3)
      #expect(
        result.errors.contains("error: this is \(what), not a profile\n  hint: give the profile"), "\(result.errors)")
    }
  #endif

  @Test func whatAServerSaysDoesNotSteerTheTerminal() throws {
    let result = try Command.run("-", input: Data("\u{1b}[2J\u{1b}]0;pwned\u{7} error\n".utf8))
    #expect(result.status == 3)
    #expect(!result.errors.unicodeScalars.contains("\u{1b}"))
  }

  /// What GitHub's runner would take for its own on standard error.
  @Test(arguments: [[], ["--json"]]) func whatAFileHoldsIsNoCommandOfARunner(_ more: [String]) throws {
    let folder = try TemporaryFolder()
    try Data("heap profile: 1: 2 [1: 2] @ heap/2\n  ::error::##[group]x\n".utf8).write(to: folder.file("::stop::##[x"))
    func errors(_ environment: [String: String]) throws -> [Substring] {
      try Command.run(["::stop::##[x"] + more, environment: environment, in: folder.url)
        .errors.split(separator: "\n")
    }
    let lines = try errors(["GITHUB_ACTIONS": "true"])
    #expect(!lines.isEmpty && lines.allSatisfy { !$0.drop { $0.isWhitespace }.hasPrefix("::") && !$0.contains("##[") })
    let plain = try errors(["GITHUB_ACTIONS": ""])
    #expect(plain.contains { $0.contains("##[x") } && plain.count == lines.count)
    if more == ["--json"] {
      for line in lines + plain {
        #expect(try JSONSerialization.jsonObject(with: Data(line.utf8)) is [String: Any])
      }
    }
  }

  @Test func aNameThatIsNoUTF8IsValidJSON() throws {
    let folder = try TemporaryFolder()
    let result = try Command.shell(
      #"printf bad > "$(printf 'bad\377.pb.gz')"; $P --json "$(printf 'bad\377.pb.gz')""#, in: folder.url)
    let error = try #require(try JSONSerialization.jsonObject(with: Data(result.errors.utf8)) as? [String: Any])
    #expect((error["error"] as? [String: Any])?["file"] as? String == #"bad\xff.pb.gz"#)
  }

  @Test func gzipInsideOfGzipIsSaid() throws {
    let heap = try Heap()
    let result = try Command.run("-", input: Heap.deflated(heap.bytes("heap.pb.gz")))
    #expect(result.status == 3)
    #expect(result.errors.contains("this is gzip inside of gzip"))
    #expect(result.errors.contains("`gunzip -c FILE | pprofconv -`"))
  }

  @Test func emptyInputsSayWhatToDo() throws {
    let pipe = try Command.run("-", input: Data())
    #expect(pipe.status == 3)
    #expect(
      pipe.errors
        == "<stdin>: error: there is nothing in it\n  hint: the command before the pipe wrote nothing: `curl -fsS` shows why\n"
    )
    let heap = try Heap()
    let emptied = try Command.shell("$P heap.txt > heap.txt; echo $? >&2", in: heap.url)
    #expect(emptied.errors.contains("heap.txt: error: there is nothing in it"))
    #expect(emptied.errors.contains("the shell emptied it for `> heap.txt`"))
    #expect(emptied.errors.hasSuffix("3\n"))
    // An empty gzip is as empty, and what ends before there is anything was cut.
    let packed = try Command.run("-", input: Heap.deflated(Data()))
    #expect(packed.status == 3)
    #expect(packed.errors.hasPrefix("<stdin>: error: there is nothing in it but an empty gzip\n  hint: "))
    for count in [2, 9, 10, 12] {
      let cut = try Command.run("-", input: try heap.bytes("heap.pb.gz").prefix(count))
      #expect(cut.status == 3)
      #expect(
        cut.errors.hasPrefix("<stdin>: byte 0x\(String(count, radix: 16)): error: gzip data ends in the middle\n"))
    }
  }

  @Test func whatCannotBeReadSaysWhy() throws {
    let folder = try TemporaryFolder()
    let missing = try Command.run("no/such.pb.gz", in: folder.url)
    #expect(missing.status == 3)
    #expect(missing.errors == "no/such.pb.gz: error: cannot read: no such file or directory\n")
    let directory = try Command.run(".", in: folder.url)
    #expect(directory.status == 3)
    #expect(directory.errors == ".: error: cannot read: is a directory\n  hint: name a file in it\n")
  }

  @Test func aCutDownloadIsSaidWithItsPlace() throws {
    let heap = try Heap()
    let whole = try heap.bytes("heap.pb.gz")
    try whole.dropLast(100).write(to: heap.folder.file("cut.pb.gz"))
    let result = try Command.run("cut.pb.gz", in: heap.url)
    #expect(result.status == 3)
    let end = String(whole.count - 100, radix: 16)
    #expect(
      result.errors
        == "cut.pb.gz: byte 0x\(end): error: gzip data ends in the middle\n  hint: the download or copy was cut off: fetch it again; --recover saves what stands before\n"
    )
  }

  @Test func twoProfilesGluedTogetherAreToldFromOne() throws {
    let heap = try Heap()
    try (heap.bytes("heap.pb.gz") + heap.bytes("heap.pb.gz")).write(to: heap.folder.file("two.pb.gz"))
    let result = try Command.run("two.pb.gz", in: heap.url)
    #expect(result.status == 3)
    #expect(result.errors.contains("two files were joined into one"))
  }

  /// A heap's header that comes late is the first of one profile, not of a second.
  @Test(arguments: ["leading-blank-line", "leading-comment"]) func aLateHeaderIsNoSecondProfile(_ name: String) throws {
    let fixture = Fixture.named("debug1/invalid/synthetic-heap-\(name).in")
    let result = try Command.run(fixture.url.path, "-o", "/dev/null")
    #expect(result.status == 3 && result.errors.contains("the header must be the first line"))
    #expect(result.errors.contains("hint: delete the lines before it") && !result.errors.contains("second"))
  }

  @Test func aBadLineIsShownWithACaret() throws {
    let heap = try Heap()
    let text = try String(decoding: heap.bytes("heap.txt"), as: UTF8.self)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let record = try #require(lines.firstIndex { $0.contains("] @ 0x") && !$0.hasPrefix("heap") })
    var broken = lines.map(String.init)
    broken[record] = "no record at all"
    try heap.write(broken.joined(separator: "\n"), to: "bad.txt")
    let result = try Command.run("bad.txt", in: heap.url)
    #expect(result.status == 3)
    let said = result.errors.split(separator: "\n")
    #expect(said.first?.hasPrefix("bad.txt:\(record + 1):1: error: ") == true)
    #expect(said.dropFirst().prefix(2) == ["  no record at all", "  ^"])
  }

  @Test func errorsAreJSONWhereThatIsAsked() throws {
    let result = try Command.run("-", "--json", input: Data("404 page not found".utf8))
    #expect(result.status == 3)
    let document = try #require(try JSONSerialization.jsonObject(with: Data(result.errors.utf8)) as? [String: Any])
    #expect(document["schema"] as? String == "pprofconv-error/1")
    let error = try #require(document["error"] as? [String: Any])
    #expect(error["code"] as? String == "unknown-format")
    #expect(error["file"] as? String == "<stdin>")
    #expect(error["exit_code"] as? Int == 3)
  }
}

/// What people feed by mistake, a file each; `.error` beside it is what `info` says.
@Suite struct DoctorTests {
  @Test("each mistake is named, with what to do", arguments: try Fixture.all("mistakes"))
  func mistake(fixture: Fixture) throws {
    let folder = try TemporaryFolder()
    try FileManager.default.copyItem(at: fixture.url, to: folder.file("file"))
    let info = try Command.run("info", "file", in: folder.url)
    #expect(info.status == 3 && info.output.isEmpty)
    let golden = try? fixture.beside("error")
    if golden != info.errors, golden == nil || ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] == "1" {
      try info.errors.write(
        to: fixture.url.deletingPathExtension().appendingPathExtension("error"), atomically: true, encoding: .utf8)
    }
    #expect(golden == info.errors)
    #expect(info.errors.hasPrefix("file: ") && info.errors.contains("\n  hint: "))
    // Nothing is made of it, with --recover neither, and a compressed one is named alike.
    // (Of what begins as a profile that beginning is saved.)
    for options in fixture.name == "folded-and-more" ? [[]] : [[], ["--recover"]] {
      let convert = try Command.run(["file", "-o", "out.pb.gz"] + options, in: folder.url)
      #expect(convert.status == 3 && convert.errors == info.errors)
      #expect(!FileManager.default.fileExists(atPath: folder.file("out.pb.gz").path))
    }
    let bytes = try fixture.bytes
    if bytes.isEmpty || bytes.starts(with: [0x1f, 0x8b]) { return }
    try Heap.deflated(Data(bytes)).write(to: folder.file("file"))
    #expect(try Command.run("info", "file", in: folder.url).errors == info.errors)
  }
}
