import Foundation
import ProfileModel
import TestSupport
import Testing

@testable import ProfileFormats

private typealias Sums = [[UInt64]: [Int64]]

private func sums(_ rows: [([UInt64], [Int64])]) -> Sums {
  var sums: Sums = [:]
  for (key, values) in rows {
    sums[key] = zip(sums[key] ?? [Int64](repeating: 0, count: values.count), values).map(+)
  }
  return sums.filter { $0.value.contains { $0 != 0 } }
}

@Test(arguments: HeapPair.withBpprof) func theFirstThreeLinesAreBpprofs(pair: HeapPair) throws {
  let mine = HeapText(try groupedText(pair.protobuf()).0)
  let theirs = HeapText(try pair.text("heap.bpprof.inusebytes.txt"))
  #expect(mine.lines[..<3] == theirs.lines[..<3])
}

/// bpprof tells stacks apart by hidden runtime pcs too, prints inlined callers as pcs, and knows only 32 pcs: its records
/// are summed by the pcs that it names and the protobuf has, the first 20 of them.
@Test(arguments: HeapPair.withBpprof) func theSumsOfEachStackAreBpprofs(pair: HeapPair) throws {
  let mine = HeapText(try groupedText(pair.protobuf()).0).records
  let known = Set(mine.flatMap(\.pcs))
  let theirs = HeapText(try pair.text("heap.bpprof.inusebytes.txt")).records
  let ours = sums(mine.map { (Array($0.pcs.prefix(20)), $0.values) })
  let bpprofs = sums(theirs.map { (Array($0.named.filter(known.contains).prefix(20)), $0.values) })
  #expect(ours == bpprofs)
  #expect(ours.count > 3)
}

@Test(arguments: HeapPair.withBpprof) func theSizeLinesAreBpprofsForTheSameNumbers(pair: HeapPair) throws {
  let mine = HeapText(try groupedText(pair.protobuf()).0).records
  let theirs = HeapText(try pair.text("heap.bpprof.inusebytes.txt")).records
  let sizes = Dictionary(theirs.map { ($0.values, $0.sizes) }) { first, _ in first }
  var compared = 0
  for record in mine {
    guard let expected = sizes[record.values] else { continue }
    #expect(record.sizes == expected)
    compared += 1
  }
  #expect(compared >= 3)
}

@Test(
  arguments: HeapPair.withBpprof, [("inusebytes", 1), ("allocbytes", 3), ("inuseobjects", 0), ("allocobjects", 2)])
func recordsStandInEachOfBpprofsOrders(pair: HeapPair, order: (String, Int)) throws {
  let mine = HeapText(try groupedText(pair.protobuf(), sort: order.0).0).records.map { $0.values[order.1] }
  let theirs = HeapText(try pair.text("heap.bpprof.\(order.0).txt")).records.map { $0.values[order.1] }
  #expect(theirs == theirs.sorted(by: >))
  #expect(mine == mine.sorted(by: >))
  #expect(mine.reduce(0, +) == theirs.reduce(0, +))
}

@Test(arguments: HeapPair.all) func eachStackStandsOnceWithTheProtobufsSums(pair: HeapPair) throws {
  let profile = try pair.protobuf()
  let text = HeapText(try groupedText(profile).0)
  let rows = (0..<profile.sampleCount).map { sample in
    (
      profile.columns.stackLocations[profile.columns.stackRange(profile.columns.sampleStacks[sample])].map {
        profile.columns.locations[$0.position].address + 1
      }, Array(profile.columns.values[profile.columns.valueRange(sample)])
    )
  }
  #expect(Set(text.records.map(\.pcs)) == Set(rows.map(\.0)))
  #expect(Set(text.records.map(\.pcs)).count == text.records.count)
  // The exact estimates stand in `# unsampled:` where the period is above 1, in the record line where it is not.
  let exact = text.lines.filter { $0.hasPrefix("# unsampled: ") }.map {
    $0.split { ": []".contains($0) }.compactMap { Int64($0) }
  }
  #expect(exact.count == (profile.columns.period > 1 ? text.records.count : 0))
  let shown = zip(text.records, exact.isEmpty ? text.records.map(\.values) : exact).map { record, values in
    (record.pcs, [values[2], values[3], values[0], values[1]])
  }
  #expect(sums(shown) == sums(rows))
}

/// At rate 1 pprof scales nothing, so that its reading of our text must be its reading of the protobuf.
@Test(arguments: HeapPair.all.suffix(2)) func pprofReadsTheSameSumsInOurTextAndInTheProtobuf(pair: HeapPair) throws {
  let folder = try TemporaryFolder()
  let file = folder.file("heap.txt")
  try groupedText(pair.protobuf()).0.write(to: file, atomically: true, encoding: .utf8)
  let mine = try #require(try Pprof.raw(file))
  let theirs = try #require(try Pprof.raw(pair.file("heap.pb.gz")))
  let (ours, expected) = (rawSums(mine), rawSums(theirs))
  #expect(ours == expected)
  #expect(ours.count > 10)
}

@Test(arguments: HeapPair.withBpprof) func pprofReadsEveryStackOfASampledHeap(pair: HeapPair) throws {
  let folder = try TemporaryFolder()
  let file = folder.file("heap.txt")
  try groupedText(pair.protobuf()).0.write(to: file, atomically: true, encoding: .utf8)
  let mine = try #require(try Pprof.raw(file))
  let theirs = try #require(try Pprof.raw(pair.file("heap.pb.gz")))
  #expect(Set(rawSums(mine).keys) == Set(rawSums(theirs).keys))
}

/// `-raw`: values, a colon, ids; further down the locations' addresses.
private func rawSums(_ raw: String) -> Sums {
  var addresses: [Int: UInt64] = [:]
  var samples: [([Int], [Int64])] = []
  var part = ""
  for line in raw.split(separator: "\n") {
    if ["Samples:", "Locations", "Mappings"].contains(line) {
      part = String(line)
      continue
    }
    let halves = line.split(separator: ":", maxSplits: 1).map { $0.split(separator: " ") }
    if part == "Locations", halves.count == 2, halves[0].count == 1, let id = Int(halves[0][0]) {
      addresses[id] = UInt64(halves[1][0].dropFirst(2), radix: 16)
    } else if part == "Samples:", halves.count == 2 {
      let values = halves[0].compactMap { Int64($0) }
      if !values.isEmpty, values.count == halves[0].count { samples.append((halves[1].compactMap { Int($0) }, values)) }
    }
  }
  return sums(samples.map { ($0.0.map { addresses[$0] ?? 0 }, $0.1) })
}

@Test(arguments: HeapPair.withBpprof) func pausesAndSizesOfMemStatsAreBpprofs(pair: HeapPair) throws {
  let raw = HeapText(try pair.text("heap.debug1.txt")).lines
  let theirs = HeapText(try pair.text("heap.bpprof.inusebytes.txt")).lines
  let start = try #require(raw.firstIndex(of: "# runtime.MemStats"))
  let readable = try #require(MemStatsText.readable(raw[start...].filter { !$0.isEmpty }))
  // Taken a moment apart, with the collector off: pauses are the same, numbers of bytes are not.
  for name in ["# PauseNs = ", "# PauseNsLongest = ", "# PausePause = ", "# NumGC = ", "# DebugGC = ", "# Lookups = "] {
    let mine = readable.filter { $0.hasPrefix(name) }
    #expect(mine.count == 1)
    #expect(mine == theirs.filter { $0.hasPrefix(name) })
  }
  func form(_ line: String) -> String {
    line.replacing(/[0-9.]+/, with: "N").replacing(/[KMG]?B\)/, with: "SIZE)")
  }
  let formsOfMine = Set(readable.map(form))
  for line in theirs where line.hasPrefix("# ") && line.contains("SIZE") || line.hasSuffix("B)") {
    #expect(formsOfMine.contains(form(line)))
  }
  let bpprofs = try #require(theirs.firstIndex(of: "# runtime.MemStats"))
  #expect(MemStatsText.readable(theirs[bpprofs...].filter { !$0.isEmpty }) == nil)
}
