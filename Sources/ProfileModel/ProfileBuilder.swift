/// Makes a profile sample by sample, storing equal strings, functions, locations, stacks and label sets once. For readers
/// of text, and for programs that have numbers of their own:
///
///     var builder = ProfileBuilder(sampleTypes: [("cpu", "nanoseconds")])
///     let main = builder.location(function: "main", file: "main.c", line: 12)
///     builder.add(stack: [main], values: [1_000_000])
///     let profile = try builder.finish()
///
/// All additions are O(length) on average; a mapping's is linear in the mappings, of which profiles have few.
public struct ProfileBuilder: ~Copyable {
  /// What has been built so far. Scalars may be set here; tables are better left to the methods.
  public var columns = ProfileColumns()

  private var strings = StringInterner()
  private var functionIndex = HashIndex()
  private var locationIndex = HashIndex()
  private var stackIndex = HashIndex()
  private var labelIndex = HashIndex()
  /// Addresses, lines and the numbers of labels are an input's choice.
  private let seed = HashSeed.next()

  public init() {}

  public init(sampleTypes: [(type: String, unit: String)]) {
    for (type, unit) in sampleTypes {
      columns.sampleTypes.append(ValueType(type: string(type), unit: string(unit)))
    }
  }

  /// Starts over with a string table that is there already, for readers that must keep its order.
  package mutating func begin(with table: StringTable) {
    columns.strings = table
    strings = StringInterner(table)
  }

  /// Exchanges the strings, and what finds them, with another builder: for readers of which two threads make one profile.
  package mutating func swapStrings(with other: inout ProfileBuilder) {
    swap(&columns.strings, &other.columns.strings)
    swap(&strings, &other.strings)
  }

  public mutating func string(_ text: String) -> StringIndex { strings.intern(text, in: &columns.strings) }
  public mutating func string(_ bytes: Span<UInt8>) -> StringIndex { strings.intern(bytes, in: &columns.strings) }

  public mutating func mapping(_ mapping: Mapping) -> MappingIndex {
    // A handful: a search costs less than an index.
    if let at = columns.mappings.firstIndex(of: mapping) { return MappingIndex(at) }
    columns.mappings.append(mapping)
    return MappingIndex(columns.mappings.count - 1)
  }

  public mutating func function(_ function: Function) -> FunctionIndex {
    let hash = hash(
      seed ^ (UInt64(function.name.rawValue) << 32 | UInt64(function.systemName.rawValue)),
      UInt64(function.file.rawValue), UInt64(bitPattern: function.startLine))
    var probe = functionIndex.probe(hash)
    while let at = functionIndex.next(&probe) {
      if columns.functions[Int(at)] == function { return FunctionIndex(rawValue: at) }
    }
    let new = UInt32(columns.functions.count)
    functionIndex.insert(hash, new)
    columns.functions.append(function)
    return FunctionIndex(rawValue: new)
  }

  public mutating func location(_ location: Location, lines: some Collection<Line>) -> LocationIndex {
    self.location(location, lines: Array(lines))
  }

  public mutating func location(_ location: Location, lines: [Line]) -> LocationIndex {
    var hash = hash(seed ^ location.address, UInt64(location.mapping.rawValue), location.isFolded ? 1 : 0)
    for i in lines.indices {
      hash = self.hash(
        hash ^ UInt64(lines[i].function.rawValue), UInt64(bitPattern: lines[i].line),
        UInt64(bitPattern: lines[i].column))
    }
    var probe = locationIndex.probe(hash)
    while let at = locationIndex.next(&probe) {
      if columns.locations[Int(at)] == location, hasLines(LocationIndex(rawValue: at), lines) {
        return LocationIndex(rawValue: at)
      }
    }
    let new = UInt32(columns.locations.count)
    locationIndex.insert(hash, new)
    columns.locations.append(location)
    columns.lines.append(contentsOf: lines)
    columns.lineOffsets.append(columns.lines.count)
    return LocationIndex(rawValue: new)
  }

  private func hasLines(_ location: LocationIndex, _ lines: [Line]) -> Bool {
    let range = columns.lineRange(location)
    guard range.count == lines.count else { return false }
    for i in lines.indices where columns.lines[range.lowerBound + i] != lines[i] { return false }
    return true
  }

  /// A location of one line, for programs that know functions by name.
  public mutating func location(function name: String, file: String = "", line: Int64 = 0, address: UInt64 = 0)
    -> LocationIndex
  {
    let name = string(name)
    let function = function(Function(name: name, systemName: name, file: string(file)))
    return location(Location(address: address), lines: CollectionOfOne(Line(function: function, line: line)))
  }

  /// - Parameter locations: leaf first.
  public mutating func stack(_ locations: some Collection<LocationIndex>) -> StackIndex {
    stack(Array(locations))
  }

  /// - Parameter locations: leaf first.
  public mutating func stack(_ locations: [LocationIndex]) -> StackIndex {
    var hash = seed ^ UInt64(locations.count)
    for i in locations.indices {
      hash = (hash ^ UInt64(locations[i].rawValue)) &* 0xff51_afd7_ed55_8ccd
      hash ^= hash >> 29
    }
    hash = HashIndex.mix(hash)
    var probe = stackIndex.probe(hash)
    while let at = stackIndex.next(&probe) {
      if hasLocations(StackIndex(rawValue: at), locations) { return StackIndex(rawValue: at) }
    }
    let new = UInt32(columns.stackCount)
    stackIndex.insert(hash, new)
    columns.stackLocations.append(contentsOf: locations)
    columns.stackOffsets.append(columns.stackLocations.count)
    return StackIndex(rawValue: new)
  }

  private func hasLocations(_ stack: StackIndex, _ locations: [LocationIndex]) -> Bool {
    let range = columns.stackRange(stack)
    guard range.count == locations.count else { return false }
    for i in locations.indices where columns.stackLocations[range.lowerBound + i] != locations[i] { return false }
    return true
  }

  /// Labels in their order; the empty list is set 0.
  public mutating func labelSet(_ labels: some Collection<Label>) -> LabelSetIndex {
    if labels.isEmpty { return .empty }
    var hash = seed
    for label in labels {
      hash = self.hash(
        hash ^ UInt64(label.key.rawValue), UInt64(bitPattern: label.num),
        UInt64(label.str.rawValue) << 32 | UInt64(label.unit.rawValue))
    }
    var probe = labelIndex.probe(hash)
    while let at = labelIndex.next(&probe) {
      let index = LabelSetIndex(rawValue: at)
      if columns.labels[columns.labelRange(index)].elementsEqual(labels) { return index }
    }
    let new = UInt32(columns.labelSetCount)
    labelIndex.insert(hash, new)
    columns.labels.append(contentsOf: labels)
    columns.labelOffsets.append(columns.labels.count)
    return LabelSetIndex(rawValue: new)
  }

  /// - Parameters:
  ///   - stack: leaf first.
  ///   - values: one for each sample type.
  public mutating func add(
    stack locations: some Collection<LocationIndex>, values: some Collection<Int64>,
    labels: some Collection<Label> = EmptyCollection()
  ) {
    add(stack: stack(locations), values: values, labels: labelSet(labels))
  }

  public mutating func add(stack: StackIndex, values: some Collection<Int64>, labels: LabelSetIndex = .empty) {
    columns.sampleStacks.append(stack)
    columns.sampleLabels.append(labels)
    columns.values.append(contentsOf: values)
  }

  /// The profile, validated.
  public consuming func finish() throws(ProfileError) -> Profile { try Profile(columns) }

  private func hash(_ a: UInt64, _ b: UInt64, _ c: UInt64) -> UInt64 {
    HashIndex.mix(HashIndex.mix(HashIndex.mix(a) ^ b) ^ c)
  }
}
