import ProfileModel

/// Profiles of the kinds that Go has a text of, with everything in them that profile.proto allows and the text cannot say,
/// from a seed.
struct OddHeap {
  enum Shape: CaseIterable {
    case heap
    /// One sample type that counts.
    case count
    /// contentions/count and delay/nanoseconds.
    case contention
    /// Types of no text of Go's.
    case other
  }

  private var random: SplitMix64
  private var columns = ProfileColumns()
  private var interner = StringInterner()

  struct SplitMix64: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9e37_79b9_7f4a_7c15
      return HashIndex.mix(state)
    }
  }

  /// - Parameter oddity: 0 is a plain Go heap; 1 has something odd in about every tenth field; 2 in most.
  static func profile(seed: UInt64, oddity: Int, shape: Shape = .heap) throws -> Profile {
    var heap = OddHeap(random: SplitMix64(state: seed &* 1000 &+ UInt64(oddity)), shape: shape)
    return try heap.make(oddity)
  }

  private let shape: Shape

  private init(random: SplitMix64, shape: Shape) {
    self.random = random
    self.shape = shape
  }

  private mutating func chance(_ odds: Double) -> Bool { Double.random(in: 0..<1, using: &random) < odds }
  private mutating func below(_ n: Int) -> Int { n <= 0 ? 0 : Int.random(in: 0..<n, using: &random) }

  private mutating func string(_ odds: Double, _ plain: String) -> StringIndex {
    if !chance(odds) { return interner.intern(plain, in: &columns.strings) }
    let odd: [[UInt8]] = [
      [], Array("a b".utf8), Array(" leading".utf8), Array("trailing ".utf8), Array("tab\there".utf8),
      Array("two\nlines".utf8), [0xff, 0xfe, 0x41], Array("ünïcödé 日本".utf8), Array("# pprofconv end".utf8),
      Array("q\"uo\\te".utf8), Array("f+0x12".utf8), Array("x:7".utf8), Array("crlf\r\n".utf8), [0], Array("$3".utf8),
      Array("0x10".utf8), Array("a:12] 400-500".utf8), Array("struct { K string; V int }".utf8),
      [UInt8](repeating: 0x61, count: below(40) == 0 ? 70000 : 2500),
    ]
    let bytes = odd[below(odd.count)]
    // Now and then a second entry with the same bytes.
    if chance(0.1) { return columns.strings.append(bytes) }
    return interner.intern(bytes.span, in: &columns.strings)
  }

  private mutating func make(_ oddity: Int) throws -> Profile {
    let odds = [0, 0.1, 0.6][oddity]
    makeTypes(odds)
    makeMappings(odds)
    makeFunctions(odds)
    makeLocations(odds)
    makeSamples(odds)
    makeHeader(odds)
    if chance(odds) { columns.mappingIDs = ids(columns.mappings.count) }
    if chance(odds) { columns.locationIDs = ids(columns.locations.count) }
    if chance(odds) { columns.functionIDs = ids(columns.functions.count) }
    if chance(odds * 0.5) { makeUnknown() }
    return try Profile(columns)
  }

  private mutating func makeTypes(_ odds: Double) {
    var types = [
      ("alloc_objects", "count"), ("alloc_space", "bytes"), ("inuse_objects", "count"), ("inuse_space", "bytes"),
    ]
    switch shape {
    case .heap: break
    case .count:
      columns.sampleTypes = [ValueType(type: string(odds * 0.5, "goroutine"), unit: string(0, "count"))]
      return
    case .contention: types = [("contentions", "count"), ("delay", "nanoseconds")]
    case .other:
      columns.sampleTypes = (0...below(5)).map { _ in
        ValueType(type: string(odds, "samples"), unit: string(odds, "nanoseconds"))
      }
      return
    }
    if shape == .heap, chance(odds * 0.5) { types = [("objects", "count"), ("space", "bytes")] }
    if chance(odds * 0.5) { types.shuffle(using: &random) }
    if chance(odds * 0.5) { types.insert(("extra", "things"), at: below(types.count + 1)) }
    if chance(odds * 0.2) { types.append(types[below(types.count)]) }
    for (type, unit) in types {
      columns.sampleTypes.append(ValueType(type: string(0, type), unit: string(0, unit)))
    }
  }

  private mutating func makeMappings(_ odds: Double) {
    var start: UInt64 = 0x400000
    for _ in 0..<below(4) {
      let size = UInt64(below(1 << 20)) + 4096
      columns.mappings.append(
        Mapping(
          start: chance(odds * 0.3) ? random.next() : start, limit: chance(odds * 0.3) ? random.next() : start + size,
          offset: UInt64(below(10)) * 4096, file: string(odds, "/bin/demo"), buildID: string(odds, "0123abcd"),
          hasFunctions: chance(0.5), hasFilenames: chance(0.2), hasLineNumbers: chance(0.2),
          hasInlineFrames: chance(0.2)))
      start += size + UInt64(below(3)) * 4096
    }
  }

  private mutating func makeFunctions(_ odds: Double) {
    for i in 0..<(1 + below(20)) {
      if i > 0, chance(odds * 0.3) {
        columns.functions.append(columns.functions[below(i)])
        continue
      }
      let name = string(odds * 0.4, "main.f\(i)")
      columns.functions.append(
        Function(
          name: name, systemName: chance(odds) ? string(0.5, "_Z\(i)") : name,
          file: string(odds * 0.4, "/src/file\(i % 3).go"), startLine: chance(0.5) ? Int64(below(500)) : 0))
      if chance(odds * 0.1) { columns.functions[i].startLine = -5 }
    }
  }

  private mutating func makeLocations(_ odds: Double) {
    for i in 0..<(1 + below(30)) {
      var location = Location(address: 0x400000 + UInt64(i * 64 + below(50)))
      if chance(odds * 0.4) { location.address = [0, .max, 1, 16, 15, 32, 0x400000, .max - 1][below(8)] }
      for (m, mapping) in columns.mappings.enumerated()
      where mapping.start <= location.address && location.address < mapping.limit {
        location.mapping = MappingIndex(m)
      }
      if chance(odds * 0.5), !columns.mappings.isEmpty {
        location.mapping = MappingIndex(below(columns.mappings.count))
      }
      if chance(odds * 0.2) { location.mapping = .none }
      location.isFolded = chance(odds * 0.2)
      columns.locations.append(location)
      let count = chance(odds * 0.4) ? 0 : 1 + below(3) * below(2)
      for _ in 0..<count {
        var line = Line(function: FunctionIndex(below(columns.functions.count)), line: Int64(below(1000)))
        if chance(odds * 0.2) { line.line = [-1, 0, .max, .min][below(4)] }
        if chance(odds * 0.2) { line.column = [-1, 7, .max][below(3)] }
        columns.lines.append(line)
      }
      columns.lineOffsets.append(columns.lines.count)
    }
  }

  private mutating func makeSamples(_ odds: Double) {
    let stackCount = 1 + below(12)
    for _ in 0..<stackCount {
      var depth = below(12)
      if chance(odds * 0.01) { depth = 3390 + below(30) }
      for _ in 0..<depth {
        if chance(0.3), let last = columns.stackLocations.last {
          columns.stackLocations.append(last)
        } else {
          columns.stackLocations.append(LocationIndex(below(columns.locations.count)))
        }
      }
      columns.stackOffsets.append(columns.stackLocations.count)
    }
    let heap = HeapColumns(columns)
    columns.period = [524288, 1, 0, 4096, 524288][below(5)]
    let isRaw = chance(odds * 0.5)
    for _ in 0..<below(40) {
      columns.sampleStacks.append(StackIndex(below(stackCount)))
      let size = Int64([8, 16, 48, 1024, 1 << 20][below(5)])
      let alloc = Int64(below(50))
      let inuse = chance(0.5) ? 0 : Int64(below(Int(alloc) + 1))
      let counts = HeapValues(
        allocObjects: alloc, allocBytes: alloc * size, inuseObjects: inuse, inuseBytes: inuse * size)
      let values = isRaw ? counts : counts.unsampled(rate: columns.period)
      for type in 0..<columns.sampleTypes.count {
        var value = Int64(below(100))
        if type == heap?.allocObjects { value = values.allocObjects }
        if type == heap?.allocSpace { value = values.allocBytes }
        if type == heap?.inuseObjects { value = values.inuseObjects }
        if type == heap?.inuseSpace { value = values.inuseBytes }
        if chance(odds * 0.05) { value = [0, -1, .max, .min, -32, 1, 999][below(7)] }
        columns.values.append(value)
      }
      columns.sampleLabels.append(labels(odds, alloc == 0 ? [0, 48, 0][below(3)] : size))
    }
  }

  private mutating func labels(_ odds: Double, _ size: Int64) -> LabelSetIndex {
    var labels = [Label(key: string(0, "bytes"), num: size)]
    if chance(odds * 0.5) { labels.append(Label(key: string(odds, "request"), str: string(odds, "r\(below(9))"))) }
    if chance(odds * 0.3) { labels.append(Label(key: string(odds, "n"), num: -7, unit: string(odds, "kb"))) }
    if chance(odds * 0.1) {
      labels.append(Label(key: string(odds, "both"), str: string(odds, "s"), num: 1, unit: string(odds, "u")))
    }
    if chance(odds * 0.3) { labels.append(Label(key: string(odds, "only"))) }
    if chance(odds * 0.3) { labels.reverse() }
    if chance(odds * 0.3) { labels.removeFirst() }
    if labels.isEmpty { return .empty }
    columns.labels.append(contentsOf: labels)
    columns.labelOffsets.append(columns.labels.count)
    return LabelSetIndex(columns.labelSetCount - 1)
  }

  private mutating func makeHeader(_ odds: Double) {
    columns.periodType = ValueType(type: string(odds * 0.3, "space"), unit: string(odds * 0.3, "bytes"))
    if chance(0.7) { columns.timeNanos = Int64(bitPattern: random.next()) }
    if chance(odds) { columns.durationNanos = [1, -1, .max][below(3)] }
    if chance(odds) { columns.defaultSampleType = string(odds, "alloc_space") }
    if chance(odds) { columns.docURL = string(odds, "https://example.com/doc") }
    if chance(odds) { columns.dropFrames = string(odds, "runtime\\..*") }
    if chance(odds) { columns.keepFrames = string(odds, "runtime\\.panic") }
    if chance(odds * 0.2) { columns.period = [-1, .max, .min, 3][below(4)] }
    var comments = ["# runtime.MemStats", "# Alloc = 123", "# Sys = 5", "# DebugGC = false"]
    if shape == .contention {
      comments = ["# --- mutex: cycles/second=2700000000, sampling period=5, records scaled"]
      comments.append(
        "# cycles above the least:" + columns.sampleStacks.indices.map { " \($0 % 2)" }.joined())
      if chance(0.3) { comments[0] = "# --- contention: cycles/second=3000000000" }
    }
    if !chance(0.5) { comments = [] }
    if chance(odds * 0.5) {
      comments.insert("# heap profile: 1: 2 [3: 4] @ heap/\(columns.period &* 2)", at: below(2) * comments.count)
    }
    if chance(odds * 0.5) { comments.insert("a comment for people", at: below(comments.count + 1)) }
    if chance(odds * 0.3) { comments.append("#\t0x10\tmain.f+0x0\tf.go:1") }
    if chance(odds * 0.3) { comments.append("# 0x10") }
    if chance(odds * 0.3) { comments.append("# labels: {\"a\":\"b\"}") }
    if chance(odds * 0.3) { comments.append("# sampled 0: 1: 8 [1: 8] = 1: 8 [1: 8]") }
    if chance(odds * 0.2) { comments.shuffle(using: &random) }
    for comment in comments { columns.comments.append(string(odds * 0.3, comment)) }
  }

  private mutating func ids(_ count: Int) -> [UInt64] {
    var ids = (0..<count).map { UInt64($0) * 3 + 1 }
    if chance(0.5) { ids.shuffle(using: &random) }
    if chance(0.3), !ids.isEmpty { ids[below(count)] = .max }
    return ids
  }

  private mutating func makeUnknown() {
    var owners: [(UnknownFields.Owner, Bool)] = [(.profile, true), (.periodType, true)]
    owners.append((.sampleType(below(columns.sampleTypes.count)), true))
    owners.append((.sample(below(columns.sampleCount)), columns.sampleCount > 0))
    owners.append((.label(below(columns.labels.count)), !columns.labels.isEmpty))
    owners.append((.mapping(below(columns.mappings.count)), !columns.mappings.isEmpty))
    owners.append((.location(below(columns.locations.count)), true))
    owners.append((.line(below(columns.lines.count)), !columns.lines.isEmpty))
    owners.append((.function(below(columns.functions.count)), true))
    for (owner, exists) in owners where exists && chance(0.4) {
      // Field 100, a varint; now and then field 101 with many bytes.
      columns.unknownFields.append([0xa0, 0x06, UInt8(below(128))], to: owner)
      if chance(0.1) {
        columns.unknownFields.append([0xaa, 0x06, 0x88, 0x27] + [UInt8](repeating: 7, count: 5000), to: owner)
      }
    }
    if columns.unknownFields.isEmpty { return }
    for _ in 0..<below(4) { columns.strings.append("unused\(below(3))") }
    if chance(0.3) { columns.strings.append("") }
  }
}
