import Foundation
import TestSupport
import Testing

/// The words that people type after `go tool pprof`, typed after `pprofconv`: the same text, and refused where pprof refuses.
@Suite struct ReportSpellingTests {
  private static let heap = Fixture.file("pb/valid/go1.27-default-heap.in")

  private func ours(_ words: [String], in folder: URL? = nil) throws -> Subprocess.Result {
    try Command.run(words, environment: ["TZ": "UTC"], in: folder)
  }

  @Test(
    "are understood as Go's flag package understands them",
    arguments: [
      "--top", "-top=true", "-text", "--tree", "--peek=main", "-peek main", "--traces", "--tags", "--comments", "--dot",
      "--callgrind", "-top -nodecount=0x5", "-top -nodecount 010", "-top -nodecount=+3", "-top -nodecount=-1",
      "-top -cum -cum=false", "-top -mean=true -mean=F", "-top -trim=false -trim=1", "-top -trim=0",
      "-top -compact_labels=T",
      "-top -focus=main -focus=runtime", "-top -unit= -unit kb", "-top -nodefraction=0x1p-4", "-top -nodefraction=nan",
      "-top -edgefraction -1 -nodefraction .01", "-top -divide_by=1e3", "-top -intel_syntax",
      "-top -symbolize=none -seconds=3 -timeout 0x10 -tools=/x", "-raw", "--raw=1 -nodecount=5 -cum -lines -unit=mb",
      "-raw -sample_index=0 -mean", "-top -inuse_objects -alloc_space", "-top -alloc_objects -sample_index=0",
      "-top -sample_index= -alloc_space", "-top -contentions=false -inuse_space", "-top -add_comment=hello",
      "-comments -add_comment hello", "-raw -add_comment=x -all_frames -buildid=zz", "-top -focus -top",
      "-tree -peek= -dot=false",
      "-top -all_frames", "-top -ignore=-x", "-peek=-x|main",
      "-top -nodecount=1_0", "-top -nodecount=0x_5", "-top -nodecount=0_5", "-top -nodecount=0X3",
      "-top -nodecount=0B1",
      "-top -nodecount=0o_7", "-top -nodecount=-0x5", "-top -nodecount=00", "-top -nodefraction=0x_1p-3",
      "-top -nodefraction=0_0.1", "-top -nodefraction=+Infinity", "-top -nodefraction=NaN", "-top -nodefraction=.5",
      "-top -nodefraction=1e-400", "-top -nodefraction=0X.8P-2", "-top -cum -cum", "-top -cum -flat=false",
      "-top -cum=false -flat", "-top -functions=false -lines", "-top -web=false", "-http= -top", "-top -kcachegrind=f",
      "-disasm= -top", "-top -weblist=", "-top -no_browser=false -eog=0 -gv=F -evince=False",
      "-top -output=", "-top -output=no/such -output=", "-tree --output=",
    ])
  func equalsPprof(_ line: String) throws {
    let words = line.split(separator: " ").map(String.init)
    let theirs = try #require(try Pprof.run(words, Self.heap))
    let result = try ours(words + [Self.heap.path])
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.text == theirs)
  }

  @Test(
    "are refused where pprof refuses them",
    arguments: [
      "-top -mean=yes", "-top -nodecount=5.0", "-top -nodecount=", "-top -nodecount=08", "-top -nodecount=0x",
      "-top -nodefraction=1e400", "-top -divide_by=0", "-top -sample_index=nope", "-top -lines -files", "-peek=no-such",
      "-top -nodecount=0z5", "-top -nodecount=0b", "-top -nodecount=0_", "-top -nodecount=_5", "-top -nodecount=1__0",
      "-top -nodecount=5_", "-top -nodecount=0_x5", "-top -nodecount=+-5", "-top -nodecount=0x-5",
      "-top -nodefraction=0x1", "-top -nodefraction=nan(1)", "-top -nodefraction=+nan", "-top -nodefraction=-nan",
      "-top -nodefraction=1_", "-top -nodefraction=1_.5", "-top -nodefraction=0x.p1", "-top -nodefraction=infinit",
      "-top -nodefraction=", "-top -nodefraction=+-1", "-top -cum -flat", "--tree --flat --cum", "-top -web",
      "-top -weblist=main", "-top -no_browser", "-top -kcachegrind=maybe",
    ])
  func refused(_ line: String) throws {
    let words = line.split(separator: " ").map(String.init)
    #expect(try Pprof.run(words, Self.heap) == nil)
    let result = try ours(words + [Self.heap.path])
    #expect(result.status == 2 && result.output.isEmpty && !result.errors.isEmpty)
  }

  @Test("A program before the profile gives its name", arguments: ["-top", "-raw", "-top -focus=env", "-callgrind"])
  func program(_ line: String) throws {
    let words = line.split(separator: " ").map(String.init) + ["/usr/bin/env"]
    let result = try ours(words + [Self.heap.path])
    #expect(result.text == (try Pprof.run(words, Self.heap)))
    #expect(result.errors.contains("/usr/bin/env: warning: not read"))
  }

  @Test func `With an option of conversions -raw is a format`() throws {
    let folder = try TemporaryFolder()
    let out = folder.file("x.raw").path
    #expect(try ours(["-raw", Self.heap.path, "--check", "-o", out]).status == 1)
    #expect(try ours(["-raw", Self.heap.path, "-o", out]).status == 0)
    #expect(try String(contentsOfFile: out, encoding: .utf8) == Pprof.run(["-raw"], Self.heap))
  }

  @Test("Graphviz draws what pprof has it draw", arguments: [("svg", "<svg"), ("png", "PNG"), ("pdf", "%PDF")])
  func pictures(_ format: String, _ mark: String) throws {
    let result = try ours(["-" + format, Self.heap.path])
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.range(of: Data(mark.utf8)) != nil)
  }
}
