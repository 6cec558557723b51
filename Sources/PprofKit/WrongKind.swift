internal import ProfileModel

/// What a file is that no reader takes, in words, and what to do about it.
struct WrongKind {
  /// Stands behind "this is ".
  var what: String
  var hint: String

  /// Names a file by its first bytes, after gzip, as far as they can be named: some kilobytes are enough.
  static func of(_ head: [UInt8]) -> WrongKind { signature(head) ?? broken(head) ?? page(head) ?? unknown(head) }

  /// Where nothing is known: what can be said of any bytes.
  private static func unknown(_ head: [UInt8]) -> WrongKind {
    let hint = "`pprofconv formats` lists what can be read; `InputOptions.format` forces one"
    if isCommandLine(head) {
      return WrongKind(what: "the page /debug/pprof/cmdline", hint: "fetch one of the profiles: /debug/pprof/heap")
    }
    guard isText(head) else { return WrongKind(what: "binary data of no kind that we know", hint: hint) }
    let line = firstLine(head)
    if line.isEmpty { return WrongKind(what: "a text without a line that we know", hint: hint) }
    return WrongKind(
      what: "a text that begins “\(line)”",
      hint: isAnswer(line) ? "the server answered with words instead of a profile: `curl -fsS` fails on that" : hint)
  }

  /// Words with a NUL between them, the first a path, as the kernel has a command line.
  private static func isCommandLine(_ head: [UInt8]) -> Bool {
    head.count < 4096 && head.contains(0)
      && head.first.map { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ".") } == true
      && isText(head.filter { $0 != 0 })
  }

  var error: ProfileError {
    ProfileError(
      .unknownFormat, "this is \(what), not a profile", hint: hint)
  }
}

extension WrongKind {
  private struct Signature {
    var bytes: [UInt8]
    var offset = 0
    var what: String
    var hint: String
  }

  /// By a signature that no profile begins with; nil where there is none.
  static func signature(_ head: [UInt8]) -> WrongKind? {
    if head.starts(with: [0x7f, 0x45, 0x4c, 0x46]), head.count > 17, head[head[5] == 2 ? 17 : 16] == 4 {
      return WrongKind(
        what: "a core dump", hint: "`viewcore FILE` or gdb reads it; a profile is taken while the program runs")
    }
    for known in signatures where head.dropFirst(known.offset).starts(with: known.bytes) {
      return WrongKind(what: known.what, hint: known.hint)
    }
    // "go 1.22 trace" and, from the first versions on, zeros up to 16 bytes.
    if head.starts(with: Array("go 1.".utf8)), String(decoding: head.prefix(24), as: UTF8.self).contains(" trace") {
      return WrongKind(
        what: "a Go execution trace",
        hint: "open it with `go tool trace`; /debug/pprof/profile, not /debug/pprof/trace, gives a CPU profile")
    }
    return nil
  }

  private static let unpack = "unpack it first: "
  private static let recorded = "convert it with the tool that recorded it"
  private static let signatures: [Signature] = [
    .init(
      bytes: [0x1f, 0x8b], what: "gzip inside of gzip",
      hint: "it was compressed twice: `gunzip -c FILE | pprofconv -`"),
    .init(
      bytes: [0x7f, 0x45, 0x4c, 0x46], what: "an ELF binary (a program or library)",
      hint: "give its profile: http://HOST/debug/pprof/heap of the running program, or what runtime/pprof wrote"),
    .init(bytes: [0x1f, 0x9d], what: "data of compress(1)", hint: unpack + "`gunzip -c FILE | pprofconv -`"),
    .init(
      bytes: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], what: "a 7z archive", hint: unpack + "`7z x -so FILE | pprofconv -`"),
    .init(
      bytes: [0xff, 0x06, 0x00, 0x00, 0x73, 0x4e], what: "snappy compressed data",
      hint: unpack + "`snzip -dc FILE | pprofconv -`"),
    .init(
      bytes: [0x78, 0x9c], what: "zlib data without the header of gzip",
      hint: unpack + "`zlib-flate -uncompress < FILE | pprofconv -`"),
    .init(
      bytes: [0x04, 0x08, 0x7b], what: "a Ruby object (stackprof)",
      hint: "`stackprof --collapse FILE` makes folded stacks"),
    .init(bytes: [0x4d, 0x5a, 0x90], what: "a Windows program", hint: "give its profile, not the program"),
    .init(bytes: [0xcf, 0xfa, 0xed, 0xfe], what: "a macOS program", hint: "give its profile, not the program"),
    .init(bytes: [0xca, 0xfe, 0xba, 0xbe], what: "a Java class or a macOS program", hint: "give its profile"),
    .init(
      bytes: [0x46, 0x4c, 0x52, 0x00], what: "a Java flight recording (JFR)",
      hint: "open it with JDK Mission Control, or record with async-profiler -o pprof"),
    .init(bytes: Array("JAVA PROFILE ".utf8), what: "a Java heap dump (hprof)", hint: "open it with a heap analyzer"),
    .init(
      bytes: [0x28, 0xb5, 0x2f, 0xfd], what: "zstd compressed data", hint: unpack + "`zstd -dc FILE | pprofconv -`"),
    .init(
      bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a], what: "xz compressed data", hint: unpack + "`xz -dc FILE | pprofconv -`"),
    .init(bytes: [0x42, 0x5a, 0x68], what: "bzip2 compressed data", hint: unpack + "`bzip2 -dc FILE | pprofconv -`"),
    .init(bytes: [0x04, 0x22, 0x4d, 0x18], what: "lz4 compressed data", hint: unpack + "`lz4 -dc FILE | pprofconv -`"),
    .init(bytes: [0x50, 0x4b, 0x03, 0x04], what: "a zip archive", hint: unpack + "`unzip -p FILE | pprofconv -`"),
    .init(bytes: Array("ustar".utf8), offset: 257, what: "a tar archive", hint: unpack + "`tar -xf FILE`"),
    .init(bytes: Array("PERFILE2".utf8), what: "a recording of Linux perf", hint: recorded + ": perf_to_profile"),
    .init(bytes: [0x89, 0x50, 0x4e, 0x47], what: "a PNG picture", hint: "give the profile, not its picture"),
    .init(bytes: Array("%PDF".utf8), what: "a PDF document", hint: "give the profile, not its picture"),
    .init(bytes: [0xd4, 0xc3, 0xb2, 0xa1], what: "a packet capture (pcap)", hint: "give the profile"),
    .init(bytes: [0x0a, 0x0d, 0x0d, 0x0a], what: "a packet capture (pcapng)", hint: "give the profile"),
    .init(bytes: Array("SQLite format 3".utf8), what: "an SQLite database", hint: "give the profile"),
    .init(bytes: Array("Nettrace".utf8), what: "a .NET trace", hint: recorded + ": dotnet-trace convert"),
  ]
}

extension WrongKind {
  /// What begins as a profile that is read, and does not go on so.
  private static func broken(_ head: [UInt8]) -> WrongKind? {
    let line = firstLine(head)
    guard isText(head) || line.hasPrefix("HTTP/") else { return nil }
    if line.contains(" profile: total") {
      return WrongKind(
        what: "a text that begins as Go's of a \(line.prefix { $0 != " " }) profile and goes on as something else",
        hint: "its first line is `goroutine profile: total 26`, with a number at the end and nothing behind it")
    }
    if line.hasPrefix("panic: ") || line.hasPrefix("fatal error: ") || line.hasPrefix("SIGQUIT: ") {
      return WrongKind(
        what: "the output of a crashed Go program without its goroutines",
        hint: "with GOTRACEBACK=all it prints them: give all of it")
    }
    if let known = text(head) { return known }
    let second = firstLine(Array(head.drop { $0 != 10 && $0 != 13 }))
    if isFolded(line) || (isFoldedHeader(line) && isFolded(second)) {
      return WrongKind(
        what: "a text that begins as folded stacks (`a;b;c 12`) and goes on as something else",
        hint: "`InputOptions.format` folded names the first line that is none")
    }
    return nil
  }

  /// `type/unit type/unit`, which stands before folded stacks of several values.
  private static func isFoldedHeader(_ line: String) -> Bool {
    !line.isEmpty && line.split(separator: " ").allSatisfy { $0.contains("/") }
  }

  private static func isFolded(_ line: String) -> Bool {
    guard let blank = line.lastIndex(of: " "), line.utf8.contains(UInt8(ascii: ";")) else { return false }
    return Int(line[line.index(after: blank)...]) != nil
  }

  /// Pages and answers of servers.
  private static func page(_ head: [UInt8]) -> WrongKind? {
    guard let first = head.first(where: { !blanks.contains($0) }) else { return nil }
    let text = String(decoding: head, as: UTF8.self)
    let hint = "the server answered with something else than a profile: look at it; `curl -fsS` fails on an error page"
    if first == UInt8(ascii: "<") {
      let kind =
        text.lowercased().contains("<html") || text.lowercased().contains("<!doctype html")
        ? "an HTML page" : "an XML document"
      if text.contains("/debug/pprof/") {
        return WrongKind(what: "the index page of /debug/pprof/", hint: "fetch one of its profiles: /debug/pprof/heap")
      }
      if text.contains("<svg") { return WrongKind(what: "an SVG picture", hint: "give the profile, not its picture") }
      if text.contains("<meta name=\"generator\" content=\"pprofconv\">") {
        return WrongKind(what: "a page that pprofconv made of a profile", hint: "give the profile that it was made of")
      }
      let title = between(text, "<title>", "</title>").map { " titled “\(printable($0))”" } ?? ""
      return WrongKind(what: kind + title, hint: hint)
    }
    if first == UInt8(ascii: "{") || first == UInt8(ascii: "["), isText(head) {
      if text.contains("speedscope.app/file-format-schema") {
        return WrongKind(what: "a speedscope file", hint: "give the profile that it was made of")
      }
      if text.contains("\"preprocessedProfileVersion\"") {
        return WrongKind(
          what: "a profile for Firefox's profiler",
          hint: "give the profile that it was made of; profiler.firefox.com shows it")
      }
      if text.contains("\"nodes\""), text.contains("\"callFrame\"") {
        return WrongKind(what: "a V8 profile (.cpuprofile)", hint: "it is for Chrome's developer tools")
      }
      if text.contains("\"traceEvents\"") {
        return WrongKind(what: "a trace of events for Chrome or Perfetto", hint: "open it with ui.perfetto.dev")
      }
      if text.contains("\"memstats\""), text.contains("\"cmdline\"") {
        return WrongKind(what: "the variables of /debug/vars (expvar)", hint: "the profile is at /debug/pprof/heap")
      }
      if firstLine(head).hasPrefix("{\"log\":\"") {
        return WrongKind(
          what: "a log file of Docker (json-file), each line of which holds one of a program",
          hint: "take the program's lines out of it: `jq -j .log FILE | pprofconv -`")
      }
      if hasGoroutine(text) {
        return WrongKind(
          what: "JSON with goroutines in its strings, as of a structured log",
          hint: "take them out of it: "
            + #"`jq -r '.. | strings | select(test("goroutine [0-9]+ \\["))' FILE | pprofconv -`"#)
      }
      return WrongKind(what: "JSON that begins “\(firstLine(head))”", hint: hint)
    }
    return nil
  }

  /// Whether a text has a `goroutine 1 [` anywhere.
  private static func hasGoroutine(_ text: String) -> Bool {
    text.split(separator: "goroutine ", omittingEmptySubsequences: false).dropFirst().contains { rest in
      let digits = rest.prefix { $0.isNumber }
      return !digits.isEmpty && rest.dropFirst(digits.count).hasPrefix(" [")
    }
  }

  private static let blanks: [UInt8] = [9, 10, 13, 32]

  /// Whether a line is what servers say instead of a profile.
  private static func isAnswer(_ line: String) -> Bool {
    ["404", "403", "401", "500", "502", "503", "not found", "Unknown profile", "Forbidden", "Unauthorized", "curl:"]
      .contains { line.contains($0) }
  }

  /// Whether it has no control characters but the ones of text.
  private static func isText(_ head: [UInt8]) -> Bool {
    head.allSatisfy { $0 >= 32 && $0 != 127 || (9...13).contains($0) || $0 == 27 }
  }

  /// The first line that is not blank, cut for display.
  static func firstLine(_ head: [UInt8]) -> String {
    let start = head.drop { blanks.contains($0) }
    let line = start.prefix { $0 != 10 && $0 != 13 }
    return printable(String(decoding: line, as: UTF8.self))
  }

  private static func printable(_ text: some StringProtocol) -> String {
    let shown = text.prefix(80).map { $0.unicodeScalars.contains { $0.value < 32 || $0.value == 127 } ? " " : $0 }
    return String(shown) + (text.count > 80 ? "…" : "")
  }

  private static func between(_ text: String, _ start: String, _ end: String) -> Substring? {
    guard let from = text.firstRange(of: start) else { return nil }
    let rest = text[from.upperBound...]
    return rest.firstRange(of: end).map { rest[..<$0.lowerBound] }
  }
}
