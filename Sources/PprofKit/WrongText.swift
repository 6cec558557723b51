/// Texts that are given in a profile's place: what other tools print, and what servers say.
extension WrongKind {
  private struct Text {
    /// How the first line begins.
    var first: String
    /// What stands further on; empty: whatever.
    var has = ""
    var what: String
    var hint: String
  }

  private static let giveProfile = "give the profile that it was made of"
  private static let atServer = "the profiles of a Go program are at /debug/pprof/heap, /debug/pprof/profile …"

  private static let texts: [Text] = [
    Text(
      first: "HTTP/", what: "the answer of a server with its headers",
      hint: "leave out -i: `curl -fsS URL | pprofconv -`"),
    Text(
      first: "version https://git-lfs.github.com/", what: "a pointer of Git LFS in a file's place",
      hint: "`git lfs pull` fetches the file itself"),
    Text(first: "num_symbols:", what: "the page /debug/pprof/symbol", hint: atServer),
    Text(
      first: "File: ", has: "Showing nodes", what: "what `go tool pprof -top` or `-tree` printed", hint: giveProfile),
    Text(
      first: "Type: ", has: "Showing nodes", what: "what `go tool pprof -top` or `-tree` printed", hint: giveProfile),
    Text(first: "Showing nodes", what: "what `go tool pprof -top` or `-tree` printed", hint: giveProfile),
    Text(first: "File: ", has: "-----------+-", what: "what `go tool pprof -traces` printed", hint: giveProfile),
    Text(first: "Type: ", has: "-----------+-", what: "what `go tool pprof -traces` printed", hint: giveProfile),
    Text(first: "-----------+-", what: "what `go tool pprof -traces` printed", hint: giveProfile),
    Text(first: "Total: ", has: "ROUTINE ====", what: "what `go tool pprof -list` printed", hint: giveProfile),
    Text(first: "digraph ", what: "a graph for Graphviz (dot)", hint: giveProfile),
    Text(first: "positions: ", has: "events: ", what: "a callgrind file", hint: giveProfile),
    Text(first: "# callgrind format", what: "a callgrind file", hint: "kcachegrind shows it"),
    Text(first: "desc: ", has: "mem_heap_B=", what: "the output of Valgrind's massif", hint: "ms_print shows it"),
    Text(first: "v8-version,", what: "a log of V8 (node --prof)", hint: "`node --prof-process FILE` reads it"),
    Text(
      first: "goos: ", what: "the output of `go test -bench`",
      hint: "-cpuprofile FILE or -memprofile FILE writes a profile beside it"),
    Text(
      first: "mode: ", what: "a Go coverage profile",
      hint: "`go tool cover` reads it; -cpuprofile FILE or -memprofile FILE writes a profile"),
    Text(
      first: "--- symbol", what: "a profile with symbols by gperftools' pprof (--raw)",
      hint: "give the profile that the program wrote"),
    Text(first: "# HELP ", what: "metrics for Prometheus", hint: atServer),
    Text(first: "# TYPE ", what: "metrics for Prometheus", hint: atServer),
    Text(first: "package ", has: "\nfunc ", what: "a Go source file", hint: "give what the program wrote when it ran"),
  ]

  /// nil where nothing is known of the text.
  static func text(_ head: [UInt8]) -> WrongKind? {
    let line = firstLine(head)
    let text = String(decoding: head, as: UTF8.self)
    for known in texts where line.hasPrefix(known.first) && (known.has.isEmpty || text.contains(known.has)) {
      return WrongKind(what: known.what, hint: known.hint)
    }
    // What `base64` makes of the first bytes of gzip.
    if line.hasPrefix("H4sI"), line.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "+/=…".contains($0)) }) {
      return WrongKind(what: "a gzip'd file in base64", hint: "decode it: `base64 -d FILE | pprofconv -`")
    }
    if isPerfScript(text) {
      return WrongKind(
        what: "the text of `perf script`", hint: "stackcollapse-perf.pl makes folded stacks of it, which are read")
    }
    return nil
  }

  /// `swapper     0 [000] 123.456789:     250000 cycles:` and, below, frames that begin with a blank and an address.
  private static func isPerfScript(_ text: String) -> Bool {
    let lines = text.split(separator: "\n").drop { $0.hasPrefix("#") }.prefix(2)
    guard let header = lines.first, let frame = lines.dropFirst().first else { return false }
    let words = header.split(separator: " ")
    let address = frame.split(whereSeparator: { $0 == " " || $0 == "\t" }).first ?? ""
    let isTime = words.contains { $0.hasSuffix(":") && Double($0.dropLast()) != nil }
    return isTime && header.hasSuffix(":") && (frame.hasPrefix("\t") || frame.hasPrefix(" ")) && frame.hasSuffix(")")
      && UInt64(address, radix: 16) != nil
  }
}
