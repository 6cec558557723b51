import Foundation
import TestSupport
import Testing

/// Numbers at the ends of 64 bits, in every place that has numbers: reports wrap where pprof's do, and nothing traps.
@Suite struct HostileReportTests {
  private static let profile = """
    {
      "pprofconv": 1,
      "sample_types": [{"type": "samples", "unit": "count"}, {"type": "cpu", "unit": "nanoseconds"}],
      "period_type": {"type": "cpu", "unit": "nanoseconds"},
      "period": 9223372036854775807,
      "time_nanos": -9223372036854775808,
      "duration_nanos": -9223372036854775808,
      "samples": [
        {"values": [9223372036854775807, -9223372036854775808], "stack": [0, 1, 2], "labels": [{"key": "bytes",
        "num": 9223372036854775807, "unit": "bytes"}]},
        {"values": [-9223372036854775808, 9223372036854775807], "stack": [1, 2], "labels": [{"key": "bytes",
        "num": -9223372036854775808, "unit": "bytes"}]},
        {"values": [-1, 4611686018427387905], "stack": [3, 2], "labels": [{"key": "k", "num": -9223372036854775808,
        "unit": "hours"}]},
        {"values": [0, 9007199254740993], "stack": [0], "labels": [{"key": "pprof::base", "str": "true"}]},
        {"values": [1, -4611686018427387903], "stack": [2, 2, 3]},
        {"values": [7, 77], "stack": [4]}
      ],
      "locations": [
        {"address": "0xffffffffffffffff", "mapping": 0, "lines": [{"function": 0, "line": 9223372036854775807,
        "column": 9223372036854775807}, {"function": 1, "line": -9223372036854775808}]},
        {"address": "0x0", "mapping": 0, "lines": [{"function": 1, "line": 9223372036854775805,
        "column": -9223372036854775808}]},
        {"address": "0x8000000000000000", "lines": [{"function": 2, "line": -1}]},
        {"address": "0x7fffffffffffffff", "lines": [{"function": 0, "line": -9223372036854775808}]},
        {"address": "0x1234", "lines": [{"function": 3, "line": -9}]}
      ],
      "functions": [
        {"name": "main.low", "file": "main.go", "start_line": -9223372036854775808},
        {"name": "main.high", "file": "main.go", "start_line": 9223372036854775807},
        {"name": "main.main", "file": "main.go", "start_line": 1},
        {"name": "main.gone", "file": "gone.go"}
      ],
      "mappings": [
        {"start": "0x0", "limit": "0xffffffffffffffff", "offset": "0xffffffffffffffff", "file": "/bin/app"}
      ]
    }
    """

  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try Data(Self.profile.utf8).write(to: folder.file("hostile.json"))
    let made = try Command.run("hostile.json", "-o", "hostile.pb.gz", in: folder.url)
    #expect(made.status == 0, "\(made.errors)")
    // A file of the name in the profile, so that `list` walks through it.
    try Data("one\ntwo\nthree\n".utf8).write(to: folder.file("main.go"))
  }

  @Test(
    "Reports print what pprof prints",
    arguments: [
      "-top", "-top -cum -lines", "-top -sample_index=0", "-top -mean", "-top -divide_by=1e-300",
      "-top -divide_by=-1e300",
      "-top -nodefraction=nan", "-top -nodefraction=inf -edgefraction=-inf", "-top -unit=hrs", "-top -drop_negative",
      "-top -tagroot=bytes", "-top -diff_base=hostile.pb.gz", "-top -tagfocus=bytes=:9223372036854775807",
      "-top -nodecount=9223372036854775807", "-top -nodecount=-9223372036854775808", "-tree", "-tree -call_tree",
      "-tree -tagfocus=k=-9223372036854775808hours", "-peek=.", "-list=.", "-traces", "-traces -unit=ps", "-tags",
      "-tags -unit=tb", "-raw", "-raw -noinlines", "-raw -noinlines -showcolumns", "-comments", "-dot",
      "-dot -call_tree", "-dot -sample_index=0 -lines",
      "-dot -mean -addresses",
      "-callgrind", "-callgrind -mean",
    ])
  func equalsPprof(_ line: String) throws {
    let words = line.split(separator: " ").map(String.init) + ["hostile.pb.gz"]
    let ours = try Command.run(words, environment: ["TZ": "UTC"], in: folder.url)
    #expect(ours.status == 0, "\(ours.errors)")
    var seen: Set<String> = []
    // Of edges that look equal pprof takes one by chance.
    for _ in 0..<12 where !seen.contains(ours.text) && seen.count < 2 {
      let theirs = try Subprocess.run(
        Pprof.binary, ["-symbolize=none"] + words, environment: ["PPROF_BINARY_PATH": "/nonexistent", "TZ": "UTC"],
        directory: folder.url)
      #expect(theirs.status == 0)
      seen.insert(theirs.text)
    }
    // Which it prints is by chance then, and so in what order; but each line has to be one of some text of pprof's.
    let isLineForLine = seen.count > 1 && seen.contains { Self.lines($0) == Self.lines(ours.text) }
    #expect(seen.contains(ours.text) || isLineForLine)
  }

  private static func lines(_ text: String) -> [Substring] { text.split(separator: "\n").sorted() }

  @Test(
    "What is not pprof's is written, or says that a sum leaves 64 bits",
    arguments: [
      "top --json", "top --csv", "tree --json", "tree --csv", "traces --json", "tags --csv", "peek . --json",
      "list . --json", "comments --json", "info", "info --json", "topproto", "graph", "flamegraph",
      "flamegraph --sample-index 0 --reverse", "flamegraph --to html", "flamegraph --diff-base hostile.pb.gz",
      "convert -diff_base hostile.pb.gz --to svg", "convert --to csv", "convert --to markdown",
      "convert --to speedscope", "convert --to firefox", "convert --to callgrind", "convert --to dot",
      "convert --to svg",
      "convert --to html", "convert --to raw", "convert --to folded", "convert --to text",
    ])
  func doesNotTrap(_ line: String) throws {
    let result = try Command.run(line.split(separator: " ").map(String.init) + ["hostile.pb.gz"], in: folder.url)
    let isRefused = result.status == 3 && result.output.isEmpty && result.errors.contains("64 bits")
    #expect(result.status == 0 && !result.output.isEmpty || isRefused || line.hasPrefix("comments"), "\(result.errors)")
    #expect(result.status == 0 || isRefused && result.errors.hasPrefix("hostile.pb.gz: error: "), "\(result.errors)")
  }

  @Test(
    "What was before and what is now is told of values whose double leaves 64 bits",
    arguments: [
      "flamegraph new.folded --diff-base old.folded -o out", "new.folded -diff_base old.folded -o out",
      "convert new.folded -diff_base old.folded -o out",
    ], [".svg", ".html", ".speedscope.json", ".firefox.json"])
  func comparesLarge(line: String, ending: String) throws {
    try Data("main;a 5000000000000000000\n".utf8).write(to: folder.file("new.folded"))
    try Data("main;b 4000000000000000000\n".utf8).write(to: folder.file("old.folded"))
    let result = try Command.run((line + ending).split(separator: " ").map(String.init), in: folder.url)
    #expect(result.status == 0, "\(result.errors)")
    let text = try String(contentsOf: folder.file("out" + ending), encoding: .utf8)
    #expect(ending == ".html" || text.contains(ending == ".svg" ? Self.large : "5000000000000000000"))
  }

  private static let large = """
    <title>main
    +1,000,000,000,000,000,000 samples, +25%; \
    4,000,000,000,000,000,000 samples before, 5,000,000,000,000,000,000 samples now</title>
    """
}
