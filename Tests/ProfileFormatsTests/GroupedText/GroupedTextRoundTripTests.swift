import Foundation
import Gzip
import ProfileAnalysis
import ProfileModel
import TestSupport
import Testing

@testable import ProfileFormats

// What is written as grouped text is read back: on the heaps among the fixtures, and on heaps from a seed that have every
// oddity that profile.proto allows.

private let heapFixtures = ["heap", "allocs", "everything", "jemalloc", "folded", "labels", "negative", "zero"]

private func heaps() throws -> [Profile] {
  try Fixture.all("pb/valid").filter { fixture in heapFixtures.contains { fixture.name.contains($0) } }.compactMap {
    var bytes = try $0.bytes
    if bytes.starts(with: [0x1f, 0x8b]) { bytes = try Gzip.inflate(bytes, maximumSize: 1 << 30) }
    var diagnostics = Diagnostics()
    let profile = try ProfileProto.decode(bytes.span, diagnostics: &diagnostics)
    return HeapColumns(profile) == nil ? nil : profile
  }
}

private func oddHeaps(_ oddity: Int) throws -> [Profile] {
  try (0..<60 as Range<UInt64>).map { try OddHeap.profile(seed: 7000 + $0, oddity: oddity) }
}

/// Bytes, since a name may be no UTF-8.
private func text(_ profile: Profile, carry: Bool? = nil, grouping: Grouping = .none) throws -> ([UInt8], LossReport) {
  var result = try profile.grouped(by: grouping, sampledValues: HeapSampling.sampledValues(of: profile))
  if grouping != .none, let order = SampleTypeSelection.defaultIndex(in: profile) {
    result = try result.profile.sorted(by: order, sampledValues: result.sampledValues)
  }
  var sink = ByteSink()
  var options = WriteOptions()
  options.carry = carry
  options.sampledValues = result.sampledValues
  let losses = try GroupedTextWriter().write(result.profile, to: &sink, options: options)
  return (sink.buffer, losses)
}

private func read(_ text: [UInt8]) throws -> (Profile, Diagnostics) {
  var source = ByteSource(text)
  var diagnostics = Diagnostics()
  let profile = try GroupedTextReader().read(&source, options: ReadOptions(), diagnostics: &diagnostics)
  return (profile, diagnostics)
}

@Test(arguments: 0...3) func withItsBlockTheTextGivesTheProfileToTheByte(set: Int) throws {
  let profiles = set == 3 ? try heaps() : try oddHeaps(set)
  #expect(profiles.count > 10)
  for (i, profile) in profiles.enumerated() {
    let (written, losses) = try text(profile, carry: true)
    #expect(losses.isEmpty)
    let (back, diagnostics) = try read(written)
    #expect(diagnostics.items.map(\.message).filter { $0.contains("block") } == [], "\(set) \(i)")
    #expect(ProfileProto.encode(back) == ProfileProto.encode(profile), "\(set) \(i)")
  }
}

@Test(arguments: 0...3) func groupedTextRegroupsToItself(set: Int) throws {
  var compared = 0
  for (i, profile) in (set == 3 ? try heaps() : try oddHeaps(set)).enumerated() {
    let once: [UInt8]
    do {
      once = try text(profile, grouping: .stack).0
    } catch let error as ProfileError where error.message.contains("does not fit in 64 bits") {
      continue
    }
    let again = try text(read(once).0, grouping: .stack).0
    #expect(once == again, "\(set) \(i)")
    compared += 1
  }
  #expect(compared > 10)
}

/// What the loss report does not name is there again; what it names may be.
@Test(arguments: 0...3) func whatIsNotToldAsALossIsReadBack(set: Int) throws {
  for (i, profile) in (set == 3 ? try heaps() : try oddHeaps(set)).enumerated() {
    let (written, losses) = try text(profile)
    let (before, after) = (Told(profile), Told(try read(written).0))
    let lost = Set(losses.entries.map(\.field))
    // Apart from the comparison, since what differs may be long.
    func expectSame<T: Equatable>(_ part: KeyPath<Told, T>, unlessLost fields: String...) {
      let isSame = before[keyPath: part] == after[keyPath: part]
      #expect(isSame || !lost.isDisjoint(with: fields), "\(part) of heap \(i) of set \(set)")
    }
    expectSame(\.types, unlessLost: "sample types")
    expectSame(\.values, unlessLost: "sample types")
    expectSame(\.stacks, unlessLost: "addresses", "function names", "frames")
    expectSame(\.labels, unlessLost: "labels")
    expectSame(\.header)
    expectSame(\.comments, unlessLost: "comments")
  }
}

/// What grouped text says of a profile, as plain values.
private struct Told {
  var types: [String]
  var values: [[String: Int64]]
  var stacks: [[String]]
  var labels: [[String]]
  var header: [String]
  /// Without those that the records say.
  var comments: [[UInt8]]

  init(_ profile: Profile) {
    let c = profile.columns
    func text(_ index: StringIndex) -> String { "\(Array(c.strings.bytes[c.strings.range(index)]))" }
    let names = c.sampleTypes.map { profile.string($0.type) + "/" + profile.string($0.unit) }
    types = names.sorted()
    values = (0..<c.sampleCount).map { sample in
      Dictionary(zip(names, c.values[c.valueRange(sample)])) { first, _ in first }
    }
    stacks = c.sampleStacks.map { stack in
      c.stackLocations[c.stackRange(stack)].map { location in
        let lines = c.lines[c.lineRange(location)].map { line in
          let function = c.functions[line.function.position]
          // Go's text has no negative lines.
          return "\(text(function.name)) \(text(function.file)):\(max(0, line.line))"
        }
        return "\(c.locations[location.position].address) \(lines)"
      }
    }
    labels = c.sampleLabels.map { set in
      c.labels[c.labelRange(set)].map {
        "\(text($0.key)) \(text($0.str)) \($0.str == .empty ? $0.num : 0) \(text($0.unit))"
      }
    }
    header = [
      "\(c.timeNanos) \(c.durationNanos) \(c.period)", text(c.periodType.type), text(c.periodType.unit),
      text(c.defaultSampleType), text(c.docURL),
    ]
    comments = c.comments.filter { !HeapSampling.isFactComment(c.strings[$0]) }.map {
      Array(c.strings.bytes[c.strings.range($0)])
    }
  }
}
