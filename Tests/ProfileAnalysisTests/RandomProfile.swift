import ProfileModel

/// SplitMix64: the same profiles in every run.
struct Seeded: RandomNumberGenerator {
  var state: UInt64
  init(_ seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    return HashIndex.mix(state)
  }
}

/// A small profile full of near misses: strings, functions, mappings and locations that are equal but for their index, or
/// differ in one field; stacks and label sets that repeat under several indices; several values for one key.
func randomProfile(_ seed: UInt64, heap: Bool) throws -> Profile {
  var random = Seeded(seed)
  var c = ProfileColumns()
  let names = ["", "a", "b", "a", "bytes", "key", "key", "count", "inuse_space", "alloc_space", "f", "g"]
  for name in names.dropFirst() { c.strings.append(name) }
  func string(_ name: String) -> StringIndex { StringIndex(names.firstIndex(of: name) ?? 0) }
  func any(_ positions: [Int]) -> StringIndex { StringIndex(positions.randomElement(using: &random) ?? 0) }

  c.sampleTypes = [
    ValueType(type: string(heap ? "alloc_space" : "a"), unit: string(heap ? "bytes" : "count")),
    ValueType(type: string(heap ? "inuse_space" : "b"), unit: string(heap ? "bytes" : "count")),
  ]
  for _ in 0..<3 {
    let start = UInt64.random(in: 0...2, using: &random) * 0x10000
    c.mappings.append(
      Mapping(
        start: start, limit: start + [0x1000, 0xff0, 0x2000][Int.random(in: 0...2, using: &random)],
        offset: .random(in: 0...1, using: &random), file: any([0, 1, 3]), buildID: any([0, 1, 2])))
  }
  for _ in 0..<6 {
    c.functions.append(
      Function(
        name: any([1, 2, 3]), systemName: any([0, 1, 3]), file: any([0, 10]),
        startLine: .random(in: 0...1, using: &random)))
  }
  for _ in 0..<12 {
    let mapping = Int.random(in: 0...3, using: &random)
    c.locations.append(
      Location(
        address: (mapping < 3 ? c.mappings[mapping].start : 0) + .random(in: 0...1, using: &random),
        mapping: mapping < 3 ? MappingIndex(mapping) : .none, isFolded: .random(in: 0...7, using: &random) == 0))
    for _ in 0..<Int.random(in: 0...2, using: &random) {
      c.lines.append(
        Line(
          function: FunctionIndex(Int.random(in: 0..<6, using: &random)), line: .random(in: 0...1, using: &random),
          column: .random(in: 0...1, using: &random)))
    }
    c.lineOffsets.append(c.lines.count)
  }
  for _ in 0..<20 {
    for _ in 0..<Int.random(in: 0...3, using: &random) {
      c.stackLocations.append(LocationIndex(Int.random(in: 0..<12, using: &random)))
    }
    c.stackOffsets.append(c.stackLocations.count)
  }
  for _ in 0..<8 {
    for _ in 0..<Int.random(in: 0...3, using: &random) {
      let isString = Bool.random(using: &random)
      c.labels.append(
        Label(
          key: any([4, 5, 6, 1]), str: isString ? any([1, 2, 3]) : .empty,
          num: isString ? 0 : .random(in: 0...1, using: &random), unit: isString ? .empty : any([0, 4])))
    }
    c.labelOffsets.append(c.labels.count)
  }
  for _ in 0..<200 {
    c.sampleStacks.append(StackIndex(Int.random(in: 0..<20, using: &random)))
    c.sampleLabels.append(LabelSetIndex(Int.random(in: 0..<9, using: &random)))
    for _ in 0..<2 { c.values.append(.random(in: -3...9, using: &random)) }
  }
  return try Profile(c)
}
