import Foundation
import TestSupport
import Testing

/// Files for other viewers. By hand they were also read by speedscope's own importer and by the Firefox profiler's, which
/// brought version 60 up to its newest; here by their published shapes and against pprof's sums.
@Suite struct ViewerFileTests {
  private func written(_ fixture: String, as format: String) throws -> Data {
    let result = try Command.run(Fixture.file(fixture).path, "--to", format, "-o", "-")
    try #require(result.status == 0, "\(result.errors)")
    return result.output
  }

  private func object(_ data: Data) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  @Test(
    "speedscope files are valid by their schema, in the words of Python's validator",
    arguments: [
      "command/heap.pb.gz", "pb/valid/go1.27-default-cpu.in", "pb/valid/go1.27-default-goroutine.in",
      "json/valid/synthetic-everything.in", "debug1/valid/synthetic-heap-negative-inuse.in",
    ])
  func schema(fixture: String) throws {
    let script = """
      import json, sys, jsonschema
      schema = json.load(open("\(Fixture.file("speedscope/schema.json").path)"))
      file = json.load(sys.stdin)
      jsonschema.Draft202012Validator(schema).validate(file)
      for profile in file["profiles"]:
          assert sum(profile["weights"]) == profile["endValue"] and len(profile["weights"]) == len(profile["samples"])
          assert all(frame < len(file["shared"]["frames"]) for sample in profile["samples"] for frame in sample)
      assert not file["profiles"] or file["activeProfileIndex"] < len(file["profiles"])
      print(len(file["profiles"]))
      """
    let python = Repository.root.appending(path: ".build/pprof/venv/bin/python")
    let result = try Subprocess.run(python, ["-c", script], input: try written(fixture, as: "speedscope"))
    #expect(result.status == 0, "\(result.errors)")
    #expect((Int(result.text.dropLast()) ?? 0) > 0)
  }

  @Test("speedscope has each sample type with pprof's total, and inlined functions as frames")
  func speedscope() throws {
    let file = try object(try written("command/heap.pb.gz", as: "speedscope"))
    let profiles = try #require(file["profiles"] as? [[String: Any]])
    #expect(profiles.map { $0["name"] as? String } == ["alloc_objects", "alloc_space", "inuse_objects", "inuse_space"])
    #expect(profiles.map { $0["unit"] as? String } == ["none", "bytes", "none", "bytes"])
    #expect(profiles.map { $0["endValue"] as? Int } == [72414, 498_326_835, 43361, 15_086_094])
    let shared = try #require(file["shared"] as? [String: Any])
    let frames = try #require(shared["frames"] as? [[String: Any]]).map { $0["name"] as? String ?? "" }
    let samples = try #require(profiles[1]["samples"] as? [[Int]]).map { $0.map { frames[$0] } }
    // main.inner and main.middle are inlined into main.outer.
    #expect(samples.contains { $0.joined(separator: ";").hasSuffix("main.outer;main.middle;main.inner") })
  }

  @Test("the Firefox profiler's threads share one table of stacks, whose leaves sum to pprof's totals")
  func firefox() throws {
    let file = try object(try written("pb/valid/go1.27-default-cpu.in", as: "firefox"))
    let shared = try #require(file["shared"] as? [String: Any])
    func column(_ table: String, _ name: String) throws -> [Any] {
      try #require((shared[table] as? [String: Any])?[name] as? [Any])
    }
    let strings = try #require(shared["stringArray"] as? [String])
    let names = try column("funcTable", "name").compactMap { ($0 as? Int).map { strings[$0] } }
    let functions = try column("frameTable", "func").compactMap { $0 as? Int }
    let frames = try column("stackTable", "frame").compactMap { $0 as? Int }
    let prefixes = try column("stackTable", "prefix").map { $0 as? Int }
    #expect(prefixes.enumerated().allSatisfy { ($1 ?? -1) < $0 })
    for table in ["funcTable", "frameTable", "stackTable"] {
      let columns = try #require(shared[table] as? [String: Any])
      let length = try #require(columns["length"] as? Int)
      #expect(columns.values.allSatisfy { ($0 as? [Any]).map { $0.count == length } ?? true }, "\(table)")
    }
    let threads = try #require(file["threads"] as? [[String: Any]])
    let cpu = try #require(threads.first { $0["name"] as? String == "cpu" }?["samples"] as? [String: Any])
    #expect(cpu["weightType"] as? String == "tracing-ms")
    let weights = try #require(cpu["weight"] as? [Double])
    #expect(weights.reduce(0, +) == 2530)
    let stacks = try #require(cpu["stack"] as? [Int])
    var own: [String: Double] = [:]
    for (stack, weight) in zip(stacks, weights) { own[names[functions[frames[stack]]], default: 0] += weight }
    #expect(own["main.spin"] == 950 && own["main.mul"] == 440 && own["runtime.asyncPreempt"] == 380)
  }
}
