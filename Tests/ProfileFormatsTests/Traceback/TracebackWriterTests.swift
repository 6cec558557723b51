import Foundation
import ProfileModel
import TestSupport
import Testing

@testable import ProfileFormats

@Suite struct TracebackWriterTests {
  @Test("Every header and named frame of Go's own dumps comes back", arguments: TracebackSamples.real)
  func roundTrip(_ fixture: Fixture) throws {
    let text = String(decoding: try fixture.bytes, as: UTF8.self)
    let (written, losses) = try TracebackSamples.write(TracebackSamples.read(fixture.bytes).profile)
    #expect(TracebackSamples.said(written) == TracebackSamples.said(text))
    let isCrash = text.contains(" pc=0x")
    #expect(losses.entries.map(\.field) == (isCrash ? ["addresses"] : []))
  }

  @Test("The same with pairs of Go's", arguments: TracebackSamples.pairs)
  func roundTripOfPairs(_ pair: String) throws {
    let bytes = Array(try Data(contentsOf: Fixture.file("debug2/pairs/\(pair)/goroutine.debug2.txt")))
    let (written, losses) = try TracebackSamples.write(TracebackSamples.read(bytes).profile)
    #expect(TracebackSamples.said(written) == TracebackSamples.said(String(decoding: bytes, as: UTF8.self)))
    #expect(losses.isEmpty)
  }

  @Test("Dumps in logs and odd ones are written plain", arguments: TracebackSamples.synthetic)
  func golden(_ fixture: Fixture) throws {
    let golden = try String(
      contentsOf: fixture.url.deletingPathExtension().appendingPathExtension("golden"), encoding: .utf8)
    let written = try TracebackSamples.write(TracebackSamples.read(fixture.bytes).profile).text
    #expect(written == golden)
    // And what is written says the same when it is read.
    #expect(try TracebackSamples.write(TracebackSamples.read(written)).text == written)
  }

  @Test("Written text without losses reads back as the same profile", arguments: TracebackSamples.all)
  func sameProfile(_ fixture: Fixture) throws {
    let profile = try TracebackSamples.read(fixture.bytes).profile
    let (text, losses) = try TracebackSamples.write(profile)
    guard losses.isEmpty else { return }
    let again = try TracebackSamples.read(text)
    #expect(again.sampleCount == profile.sampleCount)
    for sample in 0..<profile.sampleCount {
      #expect(TracebackSamples.stack(again, sample) == TracebackSamples.stack(profile, sample))
      #expect(TracebackSamples.labels(again, sample) == TracebackSamples.labels(profile, sample))
    }
    #expect(again.columns.comments.map(again.string) == profile.columns.comments.map(profile.string))
  }

  @Test func `A count of n is n goroutines, numbered behind the largest`() throws {
    var builder = ProfileBuilder(sampleTypes: [("goroutine", "count")])
    let f = builder.location(function: "main.f", file: "f.go", line: 1)
    let id = Label(key: builder.string(Traceback.id), num: 7, unit: builder.string(Traceback.count))
    builder.add(stack: [f], values: [3], labels: [Label(key: builder.string("user"), str: builder.string("a b"))])
    builder.add(stack: [f], values: [1], labels: [id])
    builder.add(stack: [], values: [0])
    builder.columns.period = 1
    builder.columns.periodType = builder.columns.sampleTypes[0]
    let (text, losses) = try TracebackSamples.write(try builder.finish())
    let named = [8, 9, 10].map { "goroutine \($0) [unknown] {user: \"a b\"}:\nmain.f()\n\tf.go:1\n" }
    #expect(text == (named + ["goroutine 7 [unknown]:\nmain.f()\n\tf.go:1\n"]).joined(separator: "\n"))
    #expect(losses.entries.map(\.field) == ["samples without goroutines"])
    // A state that nobody knows is none when it is read.
    #expect(TracebackSamples.labels(try TracebackSamples.read(text), 3) == ["goroutine.id=7 count"])
  }

  @Test func `What a traceback cannot say is counted`() throws {
    var builder = ProfileBuilder(sampleTypes: [("goroutine", "count"), ("bytes", "bytes")])
    let name = builder.string("main.f")
    let function = builder.function(
      Function(name: name, systemName: builder.string("f"), file: builder.string("f\n.go"), startLine: 3))
    let location = builder.location(
      Location(address: 16, mapping: builder.mapping(Mapping(limit: 32)), isFolded: true),
      lines: [Line(function: function, line: -1, column: 2)])
    _ = builder.location(function: "main.unused")
    let state = Label(key: builder.string(Traceback.state), str: builder.string("odd]"))
    builder.add(stack: [location], values: [1, 2], labels: [state, Label(key: builder.string("n"), num: 4)])
    builder.columns.timeNanos = 1
    builder.columns.durationNanos = 1
    builder.columns.period = 2
    builder.columns.comments = [builder.string("built by me")]
    builder.columns.docURL = builder.string("https://example.com")
    builder.columns.defaultSampleType = builder.string("bytes")
    builder.columns.dropFrames = name
    builder.columns.keepFrames = name
    builder.columns.functionIDs = [5, 6]
    let (text, losses) = try TracebackSamples.write(try builder.finish())
    #expect(text == "goroutine 1 [odd?] {n: 4}:\nmain.f()\n\tf?.go:0\n")
    #expect(
      losses.entries.map(\.field) == [
        "sample types", "numeric labels", "label values", "mappings", "addresses", "folded flags", "columns",
        "line numbers", "start lines", "system names", "function names", "function ids", "unused locations",
        "unused functions", "drop frames", "keep frames", "time", "duration", "period", "default sample type",
        "doc url", "comments",
      ])
  }

  @Test func `pprof shows the goroutines, and what they do`() throws {
    let fixture = try #require(TracebackSamples.real.first { $0.name == "go1.27-tracebacklabels" })
    let profile = try TracebackSamples.read(fixture.bytes).profile
    var sink = ByteSink()
    _ = try ProfileProtoGzipWriter().write(profile, to: &sink, options: WriteOptions())
    let folder = try TemporaryFolder()
    let file = folder.file("goroutine.pb.gz")
    try Data(sink.buffer).write(to: file)
    let raw = try #require(try Pprof.raw(file))
    #expect(raw.contains("PeriodType: goroutine count\nPeriod: 1\nSamples:\ngoroutine/count\n"))
    #expect(raw.components(separatedBy: "\n").count { $0.contains(#/^ +1: [\d ]+$/#) } == 26)
    let tags = try #require(try Pprof.run(["-tags"], file))
    #expect(tags.contains(" goroutine.state: Total 26 of 26"))
    #expect(tags.contains("14 (53.85%): chan receive\n"))
    #expect(tags.contains(" goroutine.elided: Total 1 of 26"))
    #expect(tags.contains("1 ( 3.85%): http://h:80/p?q=1\n"))
    let traces = try #require(try Pprof.run(["-traces"], file))
    #expect(traces.contains("goroutine.creator:  main.park\n"))
    #expect(traces.contains("(inline)"))
  }

  @Test func `A profile without goroutines cannot be read back, and it is said`() throws {
    var builder = ProfileBuilder(sampleTypes: [("goroutine", "count")])
    builder.columns.period = 1
    builder.columns.periodType = builder.columns.sampleTypes[0]
    let (text, losses) = try TracebackSamples.write(try builder.finish())
    #expect(text.isEmpty)
    #expect(losses.entries.map(\.field) == ["an empty profile"])
  }

  @Test func `Only profiles of goroutines have tracebacks`() throws {
    var builder = ProfileBuilder(sampleTypes: [("cpu", "nanoseconds")])
    builder.add(stack: [builder.location(function: "f")], values: [1])
    let profile = try builder.finish()
    let error = #expect(throws: ProfileError.self) { try TracebackSamples.write(profile) }
    #expect(error?.code == .unsupported)
  }

  @Test func `No value makes a text without end`() throws {
    var builder = ProfileBuilder(sampleTypes: [("goroutine", "count")])
    builder.add(stack: [], values: [.max])
    builder.add(stack: [], values: [.max])
    let profile = try builder.finish()
    var sink = ByteSink { _ throws(ProfileError) in }
    let losses = try TracebackWriter().write(profile, to: &sink, options: WriteOptions())
    #expect(losses.entries.first { $0.field == "goroutines" }?.total == .max)
  }
}
