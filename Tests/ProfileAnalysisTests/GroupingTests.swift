import ProfileAnalysis
import ProfileModel
import Testing

// The whole key of a stack or a label set as a text: slow, and independent of the classes that
// the library numbers.
private func key(_ location: LocationIndex, _ p: Profile) -> String {
  let c = p.columns
  let l = c.locations[location.position]
  var text = "\(l.isFolded) "
  if l.mapping != .none {
    let m = c.mappings[l.mapping.position]
    let size = (m.limit - m.start + 0xfff) / 0x1000
    let name = p.string(m.buildID).isEmpty ? p.string(m.file) : p.string(m.buildID)
    text += "\(l.address - m.start) [\(size) \(m.offset) \(name)]"
  } else {
    text += "\(l.address)"
  }
  for line in c.lines[c.lineRange(location)] {
    let f = c.functions[line.function.position]
    text +=
      " {\(p.string(f.name)),\(p.string(f.systemName)),\(p.string(f.file)),\(f.startLine),\(line.line),\(line.column)}"
  }
  return text
}

private func stackKey(_ sample: Int, _ p: Profile) -> String {
  p.columns.stackLocations[p.columns.stackRange(p.columns.sampleStacks[sample])].map { key($0, p) }.joined(
    separator: ";")
}

/// By key and kind, the list of values.
private func labels(_ sample: Int, _ p: Profile, heap: Bool) -> [String: [String]] {
  var lists: [String: [String]] = [:]
  for label in p.columns.labels[p.columns.labelRange(p.columns.sampleLabels[sample])] {
    let key = p.string(label.key)
    let isString = label.str != .empty
    if heap, key == "bytes", !isString { continue }
    lists[(isString ? "s " : "n ") + key, default: []].append(
      "\(p.string(label.str)) \(label.num) \(p.string(label.unit))")
  }
  return lists
}

private struct Expected: Equatable {
  var stack: String
  var labels: [String: [String]]
  var values: [Int64]
  var sampled: [Int64]
}

private func bruteForce(_ p: Profile, _ sampled: [Int64], _ grouping: Grouping, heap: Bool) -> [Expected] {
  var groups: [Expected] = []
  var groupOfKey: [String: Int] = [:]
  for sample in 0..<p.sampleCount {
    let own = labels(sample, p, heap: heap)
    let stack = stackKey(sample, p)
    let key = grouping == .stack ? stack : stack + "|" + own.sorted { $0.key < $1.key }.description
    let values = Array(p.columns.values[p.columns.valueRange(sample)])
    let counted = Array(sampled[sample * 4..<sample * 4 + 4])
    if let at = groupOfKey[key] {
      for i in values.indices { groups[at].values[i] += values[i] }
      for i in counted.indices { groups[at].sampled[i] += counted[i] }
      groups[at].labels = groups[at].labels.filter { own[$0.key] == $0.value }
    } else {
      groupOfKey[key] = groups.count
      groups.append(Expected(stack: stack, labels: own, values: values, sampled: counted))
    }
  }
  return groups
}

@Test(arguments: 0..<60 as Range<UInt64>, [Grouping.stack, .stackAndLabels])
func groupsAreThoseOfABruteForce(seed: UInt64, grouping: Grouping) throws {
  let heap = seed % 2 == 0
  let profile = try randomProfile(seed, heap: heap)
  let sampled = (0..<Int64(profile.sampleCount * 4)).map { $0 }
  let grouped = try profile.grouped(by: grouping, sampledValues: sampled)
  let counted = try #require(grouped.sampledValues)
  let result = (0..<grouped.profile.sampleCount).map { sample in
    Expected(
      stack: stackKey(sample, grouped.profile), labels: labels(sample, grouped.profile, heap: false),
      values: Array(grouped.profile.columns.values[grouped.profile.columns.valueRange(sample)]),
      sampled: Array(counted[sample * 4..<sample * 4 + 4]))
  }
  let expected = bruteForce(profile, sampled, grouping, heap: heap)
  #expect(result == expected)
  #expect(expected.count < profile.sampleCount)
  #expect(grouped.report.samplesBefore == 200)
  #expect(grouped.report.samplesAfter == expected.count)
}

@Test(arguments: 0..<10 as Range<UInt64>, Grouping.allCases)
func groupingTwiceIsGroupingOnce(seed: UInt64, grouping: Grouping) throws {
  let once = try randomProfile(seed, heap: true).grouped(by: grouping).profile
  let twice = try once.grouped(by: grouping)
  #expect(twice.profile.columns.values == once.columns.values)
  #expect(twice.profile.columns.sampleStacks == once.columns.sampleStacks)
  #expect(twice.report.messages.isEmpty)
}

@Test func tablesStayAndStacksAreCompacted() throws {
  let profile = try randomProfile(3, heap: false)
  let grouped = try profile.grouped(by: .stack).profile
  #expect(grouped.columns.locations == profile.columns.locations)
  #expect(grouped.columns.functions == profile.columns.functions)
  #expect(grouped.columns.mappings == profile.columns.mappings)
  #expect(grouped.columns.stackCount == grouped.sampleCount)
}

private func heapBuilder() -> ProfileBuilder {
  ProfileBuilder(sampleTypes: [("inuse_objects", "count"), ("inuse_space", "bytes")])
}

@Test func labelsAreKeptWhereAllAgreeAndTheRestIsSaid() throws {
  var builder = heapBuilder()
  let f = builder.location(function: "f")
  let user = builder.string("user")
  let ann = builder.string("ann")
  let bob = builder.string("bob")
  let zone = builder.string("zone")
  let bytes = builder.string("bytes")
  builder.add(
    stack: [f], values: [1, 16],
    labels: [Label(key: user, str: ann), Label(key: zone, num: 3), Label(key: bytes, num: 16)])
  builder.add(
    stack: [f], values: [1, 32],
    labels: [Label(key: zone, num: 3), Label(key: user, str: bob), Label(key: bytes, num: 32)])
  builder.add(
    stack: [f], values: [0, 0], labels: [Label(key: zone, num: 3), Label(key: user, str: bob), Label(key: bytes)])
  let grouped = try builder.finish().grouped(by: .stack)
  let columns = grouped.profile.columns
  #expect(columns.values == [2, 48])
  #expect(Array(columns.labels[columns.labelRange(columns.sampleLabels[0])]) == [Label(key: zone, num: 3)])
  #expect(grouped.report.droppedLabels.map(\.key) == ["user"])
  #expect(grouped.report.droppedLabels.map(\.samples) == [3])
  #expect(grouped.report.sizesRemoved == 3)
  #expect(grouped.report.messages == ["labels dropped where grouped samples differ in them: user (3 samples)"])
}

@Test func aSumThatLeaves64BitsIsAnErrorThatNamesTheSampleType() throws {
  var builder = heapBuilder()
  let f = builder.location(function: "f")
  builder.add(stack: [f], values: [1, .max])
  builder.add(stack: [f], values: [1, 1])
  let profile = try builder.finish()
  let error = try #require(throws: ProfileError.self) { _ = try profile.grouped(by: .stack) }
  #expect(error.code == .unsupported)
  #expect(error.message.contains("inuse_space"))
}

@Test func aSumThatFitsMayPassThroughOneThatDoesNot() throws {
  var builder = heapBuilder()
  let f = builder.location(function: "f")
  for value in [Int64.max, 5, -10] { builder.add(stack: [f], values: [0, value]) }
  #expect(try builder.finish().grouped(by: .stack).profile.columns.values == [0, .max - 5])
}

@Test func aGroupThatSumsToZeroIsKept() throws {
  var builder = heapBuilder()
  let f = builder.location(function: "f")
  for value in [5, -5] as [Int64] { builder.add(stack: [f], values: [value, value]) }
  #expect(try builder.finish().grouped(by: .stack).profile.columns.values == [0, 0])
}

@Test func unknownFieldsOfMergedSamplesAreDroppedAndCountedAndOthersMove() throws {
  var builder = heapBuilder()
  let f = builder.location(function: "f")
  let g = builder.location(function: "g")
  builder.add(stack: [f], values: [1, 1])
  builder.add(stack: [f], values: [1, 1])
  builder.add(stack: [g], values: [1, 1])
  builder.columns.unknownFields.append([0xf8, 1, 1], to: .profile)
  builder.columns.unknownFields.append([0xf8, 1, 2], to: .sample(1))
  builder.columns.unknownFields.append([0xf8, 1, 3], to: .sample(2))
  let grouped = try builder.finish().grouped(by: .stack)
  #expect(grouped.profile.columns.unknownFields[.profile] == [0xf8, 1, 1])
  #expect(grouped.profile.columns.unknownFields[.sample(1)] == [0xf8, 1, 3])
  #expect(grouped.profile.columns.unknownFields.entries.count == 2)
  #expect(grouped.report.unknownFieldsDropped == 1)
  #expect(grouped.report.messages.count == 1)
}
