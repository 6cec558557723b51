import ProfileAnalysis
import ProfileModel
import TestSupport
import Testing

/// What grouping, merging and drawing take of inputs that were made to take long.
@Suite struct GrowthTests {
  private func builder() -> ProfileBuilder { ProfileBuilder(sampleTypes: [("samples", "count")]) }

  // MARK: Numbers that fall on one slot of a table without a seed

  @Test func `chosen numbers of labels are grouped in time in proportion`() throws {
    let ratio = try Growth.ratio(from: 500) { count in
      var builder = builder()
      let key = builder.string("k")
      let names = HashIndex.mix(UInt64(key.rawValue) << 32)
      let stack = builder.stack([builder.location(function: "f")])
      for number in Growth.colliding(count) {
        let chosen = Int64(bitPattern: Growth.unmixed(number) ^ names)
        builder.add(stack: stack, values: [1], labels: builder.labelSet([Label(key: key, num: chosen)]))
      }
      let profile = try builder.finish()
      return { () throws -> Void in #expect(try profile.grouped(by: .stackAndLabels).profile.sampleCount == count) }
    }
    #expect(ratio < Growth.inProportion)
  }

  @Test func `chosen addresses are grouped and merged in time in proportion`() throws {
    let grouped = try Growth.ratio(from: 500) { count in
      let profile = try addresses(
        Growth.colliding(count).map { Growth.unmixed($0 ^ UInt64(MappingIndex.none.rawValue)) })
      return { () throws -> Void in #expect(try profile.grouped(by: .stack).profile.sampleCount == count) }
    }
    #expect(grouped < Growth.inProportion)
    let merged = try Growth.ratio(from: 500) { count in
      let none = UInt64(MappingIndex.none.rawValue) << 1
      let profile = try addresses(
        Growth.colliding(count).map { Growth.unmixed(Growth.unmixed(Growth.unmixed($0)) ^ none) })
      return { () throws -> Void in #expect(try Profile.merged([profile]).profile.sampleCount == count) }
    }
    #expect(merged < Growth.inProportion)
  }

  private func addresses(_ addresses: [UInt64]) throws -> Profile {
    var builder = builder()
    for address in addresses {
      builder.add(stack: [builder.location(Location(address: address), lines: [])], values: [1])
    }
    return try builder.finish()
  }

  @Test func `functions that differ in their system names alone are grouped in time in proportion`() throws {
    let ratio = try Growth.ratio(from: 500) { count in
      var builder = builder()
      let name = builder.string("f")
      for i in 0..<count {
        let function = builder.function(Function(name: name, systemName: builder.string("f\(i)")))
        builder.add(stack: [builder.location(Location(), lines: [Line(function: function)])], values: [1])
      }
      let profile = try builder.finish()
      return { () throws -> Void in #expect(try profile.grouped(by: .stack).profile.sampleCount == count) }
    }
    #expect(ratio < Growth.inProportion)
  }

  // MARK: Labels

  @Test func `two samples of one stack with many labels are grouped in time in proportion`() throws {
    let ratio = try Growth.ratio(from: 500) { count in
      var builder = builder()
      let keys = (0..<count).map { builder.string("k\($0)") }
      let stack = builder.stack([builder.location(function: "f")])
      for number in 1...2 as ClosedRange<Int64> {
        let labels = keys.enumerated().map { Label(key: $1, num: $0 % 2 == 0 ? number : 7) }
        builder.add(stack: stack, values: [1], labels: builder.labelSet(labels))
      }
      let profile = try builder.finish()
      return { () throws -> Void in
        let grouped = try profile.grouped(by: .stack)
        #expect(grouped.profile.columns.labels.count == count / 2)
        #expect(grouped.report.droppedLabels.count == count / 2)
      }
    }
    #expect(ratio < Growth.inProportion)
  }

  @Test func `many samples of one stack with a key each are grouped in time in proportion`() throws {
    let ratio = try Growth.ratio(from: 1000) { count in
      var builder = builder()
      let stack = builder.stack([builder.location(function: "f")])
      for i in 0..<count {
        let set = builder.labelSet([Label(key: builder.string("k\(i)"), num: 1)])
        builder.add(stack: stack, values: [1], labels: set)
      }
      let profile = try builder.finish()
      return { () throws -> Void in #expect(try profile.grouped(by: .stack).report.droppedLabels.count == count) }
    }
    #expect(ratio < Growth.inProportion)
  }

  // MARK: Goroutines

  @Test func `goroutines of many states and creators are told in time in proportion`() throws {
    let ratio = try Growth.ratio(from: 1000) { count in
      let profile = try goroutines((0..<count).map { ("s\($0)", "c\($0)", 1) })
      return { () throws -> Void in #expect(try profile.goroutineGroups().notes.count == 1) }
    }
    #expect(ratio < Growth.inProportion)
  }

  @Test func `a count of goroutines in one state may be beyond 64 bits`() throws {
    let profile = try goroutines([("a", "c", .max), ("b", "c", -.max), ("a", "c", .max)])
    #expect(try profile.goroutineGroups().notes == ["18446744073709551614 a, -9223372036854775807 b; created by c"])
  }

  private func goroutines(_ all: [(state: String, creator: String, count: Int64)]) throws -> Profile {
    var builder = ProfileBuilder(sampleTypes: [("goroutine", "count")])
    let stack = builder.stack([builder.location(function: "f")])
    let (state, creator) = (builder.string(GoroutineLabels.state), builder.string(GoroutineLabels.creator))
    for one in all {
      let labels = [
        Label(key: state, str: builder.string(one.state)), Label(key: creator, str: builder.string(one.creator)),
      ]
      builder.add(stack: stack, values: [one.count], labels: builder.labelSet(labels))
    }
    return try builder.finish()
  }

  // MARK: Graphs and sample types

  @Test func `a tree of one deep stack is trimmed in time in proportion`() throws {
    let ratio = try Growth.ratio(from: 2000) { count in
      var builder = builder()
      let frames = (0..<count).map { builder.location(function: "f\($0)") }
      // All but the root and the leaves are too light to be shown: what is left hangs below the root.
      builder.add(stack: [frames[0]], values: [1_000_000])
      builder.add(stack: frames.reversed(), values: [1])
      let profile = try builder.finish()
      var options = GraphOptions(sampleType: 0)
      options.isTree = true
      var trimming = CallGraph.Trimming()
      trimming.nodeFraction = 0.5
      return { #expect(CallGraph.trimmed(profile, options, trimming).graph.nodes.count == 1) }
    }
    #expect(ratio < Growth.inProportion)
  }

  @Test func `many sample types are told apart and merged in time in proportion`() throws {
    let ratio = try Growth.ratio(from: 500) { count in
      let profile = try ProfileBuilder(sampleTypes: (0..<count).map { ("t\($0)", "count") }).finish()
      return { () throws -> Void in
        #expect(ShownSampleTypes(profile.columns).isAll(of: profile.columns))
        #expect(try Profile.merged([profile, profile]).profile.columns.sampleTypes.count == count)
      }
    }
    #expect(ratio < Growth.inProportion)
  }

  @Test func `many sample types that another profile has not are left out in time in proportion`() throws {
    let ratio = try Growth.ratio(from: 500) { count in
      func profile(_ names: [String]) throws -> Profile {
        try ProfileBuilder(sampleTypes: names.map { ($0, "count") }).finish()
      }
      let all = try profile((0..<2 * count).map { "t\($0)" })
      let some = try profile((count..<3 * count).map { "t\($0)" })
      return { () throws -> Void in #expect(try Profile.merged([all, some]).profile.columns.sampleTypes.count == count)
      }
    }
    #expect(ratio < Growth.inProportion)
  }
}
