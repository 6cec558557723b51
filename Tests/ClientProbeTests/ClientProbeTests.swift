import PprofKit
import Testing

/// What the README shows, as a program of somebody else has it: nothing but `import PprofKit`.
@Suite struct ClientProbeTests {
  /// A heap of two stacks, as text of Go.
  private let text = """
    heap profile: 3: 96 [4: 160] @ heap/2
    2: 64 [3: 128] @ 0x1000 0x2000
    #\t0xfff\tmain.leak+0xf\tmain.go:12
    #\t0x1fff\tmain.main+0xff\tmain.go:3

    1: 32 [1: 32] @ 0x2000
    #\t0x1fff\tmain.main+0xff\tmain.go:3

    """

  @Test func readsChangesAndWritesAProfile() throws {
    let heap = try Profile(bytes: Array(text.utf8))

    var columns = heap.columns
    columns.timeNanos = 1_795_233_603_000_000_000
    let timed = try Profile(columns)

    let packed = try timed.data(as: .pbGz)
    let again = try Profile(bytes: packed)
    #expect(again.sampleCount == 2)
    #expect(again.columns.timeNanos == 1_795_233_603_000_000_000)
  }

  @Test func walksOverSamplesStacksAndNames() throws {
    let heap = try Profile(bytes: Array(text.utf8))
    var bytesInUse: [String: Int64] = [:]
    for sample in 0..<heap.sampleCount {
      let stack = heap.locations(of: heap.columns.sampleStacks[sample])
      guard !stack.isEmpty, let leaf = heap.columns.lines[heap.columns.lineRange(stack[0])].first else { continue }
      let name = heap.string(heap.columns.functions[leaf.function.position].name)
      bytesInUse[name, default: 0] += heap.values(of: sample)[3]
    }
    #expect(bytesInUse == ["main.leak": 64, "main.main": 32])
  }

  @Test func makesAProfileOfItsOwnNumbers() throws {
    var builder = ProfileBuilder(sampleTypes: [("cpu", "nanoseconds")])
    let main = builder.location(function: "main", file: "main.c", line: 12)
    let work = builder.location(function: "work", file: "work.c", line: 7)
    builder.add(stack: [work, main], values: [1_000_000])
    builder.add(stack: [main], values: [250_000])
    let profile = try builder.finish()

    let back = try Profile(bytes: try profile.data(as: .pb))
    #expect(back.totals.values == [1_250_000])
  }

  @Test func groupsAndSorts() throws {
    let heap = try Profile(bytes: Array(text.utf8))
    let grouped = try heap.grouped(by: .stack).profile
    let byObjects = try grouped.sorted(by: SampleTypeSelection.index(of: "alloc_objects", in: grouped)).profile
    #expect(byObjects.values(of: 0)[0] == 3)
  }

  @Test func convertsWithOptionsAndLearnsWhatWasLost() throws {
    var options = OutputOptions()
    options.sort = "alloc_space"
    let heap = try Profile(bytes: Array(text.utf8))
    let bytes = try heap.data(as: .text, options: options)
    #expect(String(decoding: bytes, as: UTF8.self).hasPrefix("heap profile: 3: 96 [4: 160] @ heap/2\n"))

    options.isStrict = true
    let error = #expect(throws: ProfileError.self) {
      try Profile(bytes: Array("404 page not found".utf8))
    }
    #expect(error?.code == .unknownFormat)
  }
}
