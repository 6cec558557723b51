import ProfileModel
import Testing

/// main calls f (line 2) and g, which is inlined into f (line 3).
private func sample() -> ProfileColumns {
  var builder = ProfileBuilder(sampleTypes: [("samples", "count"), ("cpu", "nanoseconds")])
  let main = builder.location(function: "main", file: "m.c", line: 1, address: 0x10)
  let f = builder.location(function: "f", file: "m.c", line: 2, address: 0x20)
  let key = builder.string("key")
  let value = builder.string("value")
  builder.add(stack: [f, main], values: [1, 100], labels: [Label(key: key, str: value)])
  builder.add(stack: [main], values: [2, 200])
  builder.add(stack: [f, main], values: [3, 300])
  return builder.columns
}

@Test func theBuilderStoresEqualThingsOnce() throws {
  let profile = try Profile(sample())
  #expect(profile.sampleCount == 3)
  #expect(profile.columns.stackCount == 2)
  #expect(profile.columns.sampleStacks[0] == profile.columns.sampleStacks[2])
  #expect(profile.columns.labelSetCount == 2)
  #expect(profile.columns.functions.count == 2)
  #expect(profile.columns.locations.count == 2)
  let stack = profile.locations(of: profile.columns.sampleStacks[0])
  #expect(stack.count == 2)
  let leaf = profile.lines(of: stack[0])[0]
  #expect(profile.string(profile.columns.functions[leaf.function.position].name) == "f")
  #expect(leaf.line == 2)
  #expect(profile.values(of: 2)[1] == 300)
}

@Test func theBuilderTellsApartLocationsThatDifferInOneFieldOnly() {
  var builder = ProfileBuilder()
  let name = builder.string("f")
  let f = builder.function(Function(name: name))
  let g = builder.function(Function(name: name, startLine: 1))
  #expect(f != g)
  let plain = builder.location(Location(address: 1), lines: [Line(function: f, line: 1)])
  let others = [
    builder.location(Location(address: 2), lines: [Line(function: f, line: 1)]),
    builder.location(Location(address: 1, isFolded: true), lines: [Line(function: f, line: 1)]),
    builder.location(Location(address: 1), lines: [Line(function: g, line: 1)]),
    builder.location(Location(address: 1), lines: [Line(function: f, line: 2)]),
    builder.location(Location(address: 1), lines: [Line(function: f, line: 1, column: 1)]),
    builder.location(Location(address: 1), lines: [Line(function: f, line: 1), Line(function: f, line: 1)]),
    builder.location(Location(address: 1), lines: []),
  ]
  #expect(Set(others + [plain]).count == 8)
  #expect(builder.location(Location(address: 1), lines: [Line(function: f, line: 1)]) == plain)
}

/// Each breaks one promise of the columns; the path says which.
private let breaks: [(path: String, edit: @Sendable (inout ProfileColumns) -> Void)] = [
  ("sample_type", { $0.sampleTypes = [] }),
  ("sample", { $0.values.removeLast() }),
  ("sample", { $0.sampleLabels.removeLast() }),
  ("sample[1]", { $0.sampleStacks[1] = StackIndex(2) }),
  ("sample[2].label", { $0.sampleLabels[2] = LabelSetIndex(9) }),
  ("stack location 0", { $0.stackLocations[0] = LocationIndex(2) }),
  ("stack", { $0.stackOffsets[2] += 1 }),
  ("stack[1]", { $0.stackOffsets = [0, 3, 2, 3] }),
  ("label", { $0.labelOffsets = [0, 1] }),
  ("label[0].key", { $0.labels[0].key = StringIndex(1000) }),
  ("label[0].num_unit", { $0.labels[0].unit = StringIndex(1000) }),
  ("location", { $0.lineOffsets.removeLast() }),
  ("location[0].mapping_id", { $0.locations[0].mapping = MappingIndex(0) }),
  ("line 1", { $0.lines[1].function = FunctionIndex(2) }),
  ("function[1].filename", { $0.functions[1].file = StringIndex(1000) }),
  ("sample_type[1].unit", { $0.sampleTypes[1].unit = StringIndex(1000) }),
  ("comment[0]", { $0.comments = [StringIndex(1000)] }),
  ("doc_url", { $0.docURL = StringIndex(1000) }),
  ("period_type.unit", { $0.periodType.unit = StringIndex(1000) }),
  ("location[1].id", { $0.locationIDs = [7, 7] }),
  ("function[0].id", { $0.functionIDs = [0, 1] }),
  ("location", { $0.locationIDs = [1] }),
]

@Test(arguments: breaks.indices) func whatIsOutOfRangeIsNamed(at: Int) throws {
  var columns = sample()
  breaks[at].edit(&columns)
  let error = try #require(throws: ProfileError.self) { _ = try Profile(columns) }
  #expect(error.code == .invalid)
  #expect(error.path == breaks[at].path)
}

@Test func aProfileWithoutAnythingIsValid() throws {
  #expect(try Profile(ProfileColumns()).sampleCount == 0)
}

@Test func diagnosticsCountAllAndKeepThree() {
  var diagnostics = Diagnostics()
  for i in 0..<1000 { diagnostics.add(kind: "odd", "line \(i)") }
  diagnostics.add(kind: "other", "x")
  #expect(diagnostics.items.map(\.message) == ["line 0", "line 1", "line 2", "x"])
  #expect(diagnostics.count(of: "odd") == 1000)
  #expect(diagnostics.count(of: "none") == 0)
}

@Test func lossesOfOneFieldAreAddedUp() {
  var report = LossReport()
  report.add("labels", count: 0, of: 5, reason: "none")
  #expect(report.isEmpty)
  report.add("labels", count: 2, of: 5, reason: "a")
  var other = LossReport()
  other.add("labels", count: 1, of: 6, reason: "b")
  other.add("mappings", reason: "c")
  report.add(other)
  #expect(report.entries.map(\.field) == ["labels", "mappings"])
  #expect(report.entries[0].count == 3)
  #expect(report.entries[0].total == 6)
}

@Test func unknownFieldsAreFoundByTheirOwnerWhateverTheOrder() {
  var fields = UnknownFields()
  fields.append([3], to: .function(0))
  fields.append([1], to: .sample(5))
  fields.append([2], to: .sample(5))
  fields.append([0], to: .profile)
  #expect(fields.entries.map(\.owner) == [.profile, .sample(5), .function(0)])
  #expect(fields[.sample(5)] == [1, 2])
  #expect(fields[.sample(4)] == nil)
}

@Test func anErrorSaysFileAndPlaceOnOneLine() {
  #expect(
    ProfileError(.malformed, "bad", at: .line(3, column: 4, text: nil), hint: "fix it", file: "a").description
      == "a:3:4: bad (fix it)")
  #expect(
    ProfileError(.malformed, "bad", at: .byte(31), path: "sample[0]", file: "a").description
      == "a: byte 0x1f: sample[0]: bad")
  #expect(ProfileError(.empty, "nothing").description == "nothing")
}
