public import ProfileModel

/// SplitMix64: the same numbers in every run.
public struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  public init(_ seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    return HashIndex.mix(state)
  }

  public mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }

  /// Small, often 0, now and then as large as can be: what varints, ids and addresses trip over.
  public mutating func number() -> UInt64 {
    switch Int.random(in: 0..<8, using: &self) {
    case 0: 0
    case 1: .max
    case 2: next() >> UInt64.random(in: 0..<64, using: &self)
    case 3: 1 << UInt64.random(in: 0..<64, using: &self)
    case 4: (1 << (7 * UInt64.random(in: 1...9, using: &self))) &- UInt64.random(in: 0...1, using: &self)
    default: .random(in: 0..<200, using: &self)
    }
  }
}

/// Valid profiles, small and full of what is rare in real ones. One seed, one profile.
public struct RandomProfile {
  public var random: SeededRandom

  public init(seed: UInt64) { random = SeededRandom(seed) }

  /// As a tree, without fields that we do not know unless asked for.
  public mutating func plain(unknownFields: Bool = false) -> PlainProfile {
    var profile = PlainProfile()
    let types = Int.random(in: 1...5, using: &random)
    profile.sampleTypes = (0..<types).map { _ in PlainProfile.ValueType(type: text(), unit: text()) }
    profile.mappings = ids().map { id in
      PlainProfile.Mapping(
        id: id, start: random.number(), limit: random.number(), offset: random.number(), file: text(), buildID: text(),
        has: (0..<4).map { _ in random.chance(50) })
    }
    profile.functions = ids().map { id in
      PlainProfile.Function(
        id: id, name: text(), systemName: text(), file: text(), startLine: Int64(bitPattern: random.number()))
    }
    profile.locations = ids().map { id in location(id, profile) }
    let stacks = (0..<4).map { _ in stack(profile) }
    let labelSets = (0..<3).map { _ in labels() }
    profile.samples = (0..<Int.random(in: 0..<9, using: &random)).map { _ in
      PlainProfile.Sample(
        locations: stacks.randomElement(using: &random) ?? [],
        values: (0..<types).map { _ in Int64(bitPattern: random.number()) },
        labels: labelSets.randomElement(using: &random) ?? [])
    }
    profile.dropFrames = text()
    profile.keepFrames = text()
    profile.timeNanos = Int64(bitPattern: random.number())
    profile.durationNanos = Int64(bitPattern: random.number())
    profile.periodType = PlainProfile.ValueType(type: text(), unit: text())
    profile.period = Int64(bitPattern: random.number())
    profile.comments = (0..<Int.random(in: 0..<5, using: &random)).map { _ in text() }
    profile.defaultSampleType = text()
    profile.docURL = text()
    if unknownFields { addUnknown(to: &profile) }
    return profile
  }

  /// As columns: what a reader would make of ``plain(unknownFields:)``.
  public mutating func columns() -> ProfileColumns { Self.columns(plain()) }

  private mutating func text() -> [UInt8] {
    switch Int.random(in: 0..<10, using: &random) {
    case 0..<3: []
    // Not UTF-8, and no 0: protobuf-c's strings end there.
    case 3: (0..<Int.random(in: 1..<6, using: &random)).map { _ in UInt8.random(in: 1...255, using: &random) }
    case 4: Array(repeating: UInt8(ascii: "x"), count: Int.random(in: 100..<300, using: &random))
    default: Array("string\(Int.random(in: 0..<6, using: &random))".utf8)
    }
  }

  /// 1…n, or sparse, or huge.
  private mutating func ids() -> [UInt64] {
    let count = Int.random(in: 0..<6, using: &random)
    switch Int.random(in: 0..<4, using: &random) {
    case 0: return (0..<count).map { UInt64.max - UInt64($0) * 0x1234_5678 }
    case 1: return (0..<count).map { UInt64($0) * 3 + 1 }.shuffled(using: &random)
    default: return (0..<count).map { UInt64($0) + 1 }
    }
  }

  private mutating func location(_ id: UInt64, _ profile: PlainProfile) -> PlainProfile.Location {
    var location = PlainProfile.Location(id: id, address: random.number(), isFolded: random.chance(20))
    if random.chance(70), let mapping = profile.mappings.randomElement(using: &random) { location.mapping = mapping.id }
    for _ in 0..<Int.random(in: 0..<4, using: &random) {
      guard let function = profile.functions.randomElement(using: &random) else { break }
      location.lines.append(
        PlainProfile.Line(
          function: function.id, line: Int64(bitPattern: random.number()), column: Int64(bitPattern: random.number())))
    }
    return location
  }

  private mutating func stack(_ profile: PlainProfile) -> [UInt64] {
    if profile.locations.isEmpty { return [] }
    return (0..<Int.random(in: 0..<7, using: &random)).map { _ in
      profile.locations[Int.random(in: 0..<profile.locations.count, using: &random)].id
    }
  }

  private mutating func labels() -> [PlainProfile.Label] {
    (0..<Int.random(in: 0..<4, using: &random)).map { _ in
      switch Int.random(in: 0..<4, using: &random) {
      case 0: PlainProfile.Label(key: text())
      case 1: PlainProfile.Label(key: text(), num: Int64(bitPattern: random.number()), unit: text())
      case 2: PlainProfile.Label(key: text(), str: text(), num: 3, unit: text())
      default: PlainProfile.Label(key: text(), str: text())
      }
    }
  }

  private mutating func unknown() -> [PlainProfile.Unknown] {
    (0..<(random.chance(20) ? Int.random(in: 1..<3, using: &random) : 0)).map { _ in
      let number = UInt64.random(in: 16...(1 << 29 - 1), using: &random)
      switch Int.random(in: 0..<4, using: &random) {
      case 0: return PlainProfile.Unknown(number: number, type: 1, content: Array(repeating: 7, count: 8))
      case 1: return PlainProfile.Unknown(number: number, type: 5, content: Array(repeating: 7, count: 4))
      case 2: return PlainProfile.Unknown(number: number, type: 2, content: [3, 0, 255, 128])
      default: return PlainProfile.Unknown(number: number, type: 0, content: [0x96, 0x01])
      }
    }
  }

  private mutating func addUnknown(to profile: inout PlainProfile) {
    profile.unknown = unknown()
    profile.periodType.unknown = unknown()
    for i in profile.sampleTypes.indices { profile.sampleTypes[i].unknown = unknown() }
    for i in profile.mappings.indices { profile.mappings[i].unknown = unknown() }
    for i in profile.functions.indices { profile.functions[i].unknown = unknown() }
    for i in profile.locations.indices {
      profile.locations[i].unknown = unknown()
      for j in profile.locations[i].lines.indices { profile.locations[i].lines[j].unknown = unknown() }
    }
    for i in profile.samples.indices {
      profile.samples[i].unknown = unknown()
      for j in profile.samples[i].labels.indices { profile.samples[i].labels[j].unknown = unknown() }
    }
  }
}

extension RandomProfile {
  /// Columns that say what `plain` says. Every string, stack and label set has an entry of its own, equal ones too.
  static func columns(_ plain: PlainProfile) -> ProfileColumns {
    var c = ProfileColumns()
    func text(_ bytes: [UInt8]) -> StringIndex { bytes.isEmpty ? .empty : c.strings.append(bytes) }
    func type(_ type: PlainProfile.ValueType) -> ValueType { ValueType(type: text(type.type), unit: text(type.unit)) }
    c.sampleTypes = plain.sampleTypes.map(type)
    for mapping in plain.mappings {
      c.mappings.append(
        Mapping(
          start: mapping.start, limit: mapping.limit, offset: mapping.offset, file: text(mapping.file),
          buildID: text(mapping.buildID), hasFunctions: mapping.has[0], hasFilenames: mapping.has[1],
          hasLineNumbers: mapping.has[2], hasInlineFrames: mapping.has[3]))
    }
    for function in plain.functions {
      c.functions.append(
        Function(
          name: text(function.name), systemName: text(function.systemName), file: text(function.file),
          startLine: function.startLine))
    }
    func index(_ id: UInt64, _ ids: [UInt64]) -> Int { ids.firstIndex(of: id) ?? Int(UInt32.max) }
    let (mappings, locations, functions) = (
      plain.mappings.map(\.id), plain.locations.map(\.id), plain.functions.map(\.id)
    )
    for location in plain.locations {
      c.locations.append(
        Location(
          address: location.address, mapping: MappingIndex(index(location.mapping, mappings)),
          isFolded: location.isFolded))
      for line in location.lines {
        c.lines.append(
          Line(function: FunctionIndex(index(line.function, functions)), line: line.line, column: line.column))
      }
      c.lineOffsets.append(c.lines.count)
    }
    c.mappingIDs = mappings
    c.locationIDs = locations
    c.functionIDs = functions
    for sample in plain.samples {
      c.sampleStacks.append(StackIndex(c.stackCount))
      c.stackLocations += sample.locations.map { LocationIndex(index($0, locations)) }
      c.stackOffsets.append(c.stackLocations.count)
      c.sampleLabels.append(LabelSetIndex(c.labelSetCount))
      c.labels += sample.labels.map {
        Label(key: text($0.key), str: text($0.str), num: $0.num, unit: text($0.unit))
      }
      c.labelOffsets.append(c.labels.count)
      c.values += sample.values
    }
    c.dropFrames = text(plain.dropFrames)
    c.keepFrames = text(plain.keepFrames)
    c.timeNanos = plain.timeNanos
    c.durationNanos = plain.durationNanos
    c.periodType = type(plain.periodType)
    c.period = plain.period
    c.comments = plain.comments.map(text)
    c.defaultSampleType = text(plain.defaultSampleType)
    c.docURL = text(plain.docURL)
    return c
  }
}
