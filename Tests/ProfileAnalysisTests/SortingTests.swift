import ProfileAnalysis
import ProfileModel
import Testing

@Test(arguments: 0..<20 as Range<UInt64>, 0...1)
func samplesComeInDescendingOrderAndTheirRowsStayTogether(seed: UInt64, type: Int) throws {
  let profile = try randomProfile(seed, heap: false)
  let tags = (0..<profile.sampleCount * 4).map { $0 % 4 == 0 ? Int64($0 / 4) : 0 }
  let sorted = try profile.sorted(by: type, sampledValues: tags)
  let rows = sorted.profile.columns.values
  for i in 1..<profile.sampleCount {
    let (a, b) = ([rows[2 * i - 2], rows[2 * i - 1]], [rows[2 * i], rows[2 * i + 1]])
    #expect(a[type] > b[type] || (a[type] == b[type] && a[1 - type] >= b[1 - type]))
  }
  let order = try #require(sorted.sampledValues)
  for i in 0..<profile.sampleCount {
    let old = Int(order[4 * i])
    #expect(sorted.profile.columns.sampleStacks[i] == profile.columns.sampleStacks[old])
    #expect(sorted.profile.columns.sampleLabels[i] == profile.columns.sampleLabels[old])
    #expect(Array(rows[2 * i..<2 * i + 2]) == Array(profile.columns.values[2 * old..<2 * old + 2]))
  }
  #expect(Set(stride(from: 0, to: order.count, by: 4).map { order[$0] }).count == profile.sampleCount)
}

@Test func tiesAreDecidedByAddressThenNamesThenLengthThenOrder() throws {
  var builder = ProfileBuilder(sampleTypes: [("n", "count")])
  let low = builder.location(function: "z", address: 1)
  let high = builder.location(function: "a", address: 2)
  let nameA = builder.location(function: "a", address: 0)
  let nameB = builder.location(function: "b", address: 0)
  let stacks = [[high], [low, high], [nameB], [low], [nameA], [low], [nameA, nameB]]
  for (i, stack) in stacks.enumerated() {
    builder.add(stack: stack, values: [1], labels: [Label(key: builder.string("i"), num: Int64(i))])
  }
  let sorted = try builder.finish().sorted(by: 0).profile
  let order = sorted.columns.sampleLabels.map { sorted.labels(of: $0)[0].num }
  #expect(order == [4, 6, 2, 3, 5, 1, 0])
}

@Test func whatATextShowsDecidesFirstWhereItIsKnown() throws {
  var builder = ProfileBuilder(sampleTypes: [
    ("alloc_objects", "count"), ("alloc_space", "bytes"), ("inuse_objects", "count"), ("inuse_space", "bytes"),
  ])
  for value in [30, 20, 10] as [Int64] {
    builder.add(stack: [builder.location(function: "f\(value)")], values: [0, 0, value, value])
  }
  let profile = try builder.finish()
  let sampled: [Int64] = [0, 0, 1, 1, 0, 0, 1, 3, 0, 0, 1, 2]
  func order(_ sampled: [Int64]?) throws -> [Int64] {
    let values = try profile.sorted(by: 3, sampledValues: sampled).profile.columns.values
    return [values[3], values[7], values[11]]
  }
  #expect(try order(sampled) == [20, 10, 30])
  #expect(try order(nil) == [30, 20, 10])
}

@Test func aSampleTypeThatIsNotThereIsAnError() throws {
  let profile = try randomProfile(1, heap: true)
  #expect(throws: ProfileError.self) { _ = try profile.sorted(by: 2) }
  #expect(throws: ProfileError.self) { _ = try profile.sorted(by: -1) }
}

@Test(arguments: [
  ("inusebytes", 3), ("allocbytes", 1), ("inuseobjects", 2), ("allocobjects", 0), ("inuse_space", 3),
  ("alloc_objects", 0), ("2", 2),
])
func sampleTypesAreNamedAsBpprofNamesThemOrAsTheProfileDoes(word: String, index: Int) throws {
  let heap = try ProfileBuilder(sampleTypes: [
    ("alloc_objects", "count"), ("alloc_space", "bytes"), ("inuse_objects", "count"), ("inuse_space", "bytes"),
  ]).finish()
  #expect(try SampleTypeSelection.index(of: word, in: heap) == index)
}

@Test func anUnknownSampleTypeIsAnsweredWithThoseThatThereAre() throws {
  let profile = try ProfileBuilder(sampleTypes: [("samples", "count"), ("cpu", "nanoseconds")]).finish()
  let error = try #require(throws: ProfileError.self) {
    _ = try SampleTypeSelection.index(of: "inusebytes", in: profile)
  }
  #expect(error.code == .unsupported)
  #expect(error.hint == "it has samples, cpu")
}

@Test func theDefaultIsInuseSpaceElseTheProfilesOwnElseTheLast() throws {
  func index(_ types: [String], default name: String) throws -> Int? {
    var builder = ProfileBuilder(sampleTypes: types.map { ($0, "") })
    builder.columns.defaultSampleType = builder.string(name)
    return SampleTypeSelection.defaultIndex(in: try builder.finish())
  }
  #expect(try index(["inuse_space", "alloc_space"], default: "alloc_space") == 0)
  #expect(try index(["a", "b", "c"], default: "b") == 1)
  #expect(try index(["a", "b", "c"], default: "x") == 2)
  #expect(try index([], default: "x") == nil)
}

@Test func totalsDoNotOverflow() throws {
  var builder = ProfileBuilder(sampleTypes: [("a", "count"), ("b", "count")])
  for _ in 0..<3 { builder.add(stack: StackIndex(0), values: [.max, -1]) }
  builder.add(stack: StackIndex(0), values: [0, 0])
  _ = builder.stack([])
  let totals = try builder.finish().totals
  #expect(totals.values == [Int128(Int64.max) * 3, -3])
  #expect(totals.zeroSamples == 1)
  #expect(totals.negativeSamples == 3)
}

@Test func topStacksAreTheLargestSums() throws {
  var builder = ProfileBuilder(sampleTypes: [("n", "count")])
  let (a, b, c) = (builder.location(function: "a"), builder.location(function: "b"), builder.location(function: "c"))
  for (location, value) in [(a, 5), (b, 3), (c, 1), (b, 4)] as [(LocationIndex, Int64)] {
    builder.add(stack: [location], values: [value])
  }
  let profile = try builder.finish()
  let top = try profile.topStacks(2, by: 0)
  #expect(top.columns.values == [7, 5])
  #expect(top.locations(of: top.columns.sampleStacks[0])[0] == b)
  #expect(try profile.topStacks(99, by: 0).sampleCount == 3)
}

@Test func commentsThatSayWhatWasSampledFollowTheirRecords() throws {
  var builder = ProfileBuilder(sampleTypes: [
    ("alloc_objects", "count"), ("alloc_space", "bytes"), ("inuse_objects", "count"), ("inuse_space", "bytes"),
  ])
  builder.columns.period = 8192
  // Two records that no size gives back: averages of several sizes.
  for (i, value) in [500, 900].enumerated() as EnumeratedSequence<[Int64]> {
    let values = HeapValues(allocObjects: value, allocBytes: value * 7, inuseObjects: value, inuseBytes: value * 7)
    let sampled = HeapValues(allocObjects: 3, allocBytes: 50 + value, inuseObjects: 3, inuseBytes: 50 + value)
    let fact = HeapSampling.factComment(record: i, sampled: sampled, values: values)
    builder.columns.comments.append(builder.string(fact))
    builder.add(
      stack: [builder.location(function: "f\(i)")],
      values: [values.allocObjects, values.allocBytes, values.inuseObjects, values.inuseBytes])
  }
  let profile = try builder.finish()
  let sampled = try #require(HeapSampling.sampledValues(of: profile))
  #expect(sampled == [3, 550, 3, 550, 3, 950, 3, 950])
  let sorted = try profile.sorted(by: 3, sampledValues: sampled)
  #expect(HeapSampling.sampledValues(of: sorted.profile) == [3, 950, 3, 950, 3, 550, 3, 550])
  // Without the numbers the comments would be of other records: better none.
  #expect(try profile.sorted(by: 3).profile.columns.comments.isEmpty)
}
