public import ProfileModel

// pprof's internal/driver/tagroot.go.
extension ProfileFilter {
  /// The profile with the values of labels as frames at the root and at the leaf of its stacks (`tagroot`, `tagleaf`). Every
  /// sample gets a frame for each key: what it lists for the key, with commas between, as a function in a file of the key's
  /// name. Filters see these frames as they see others.
  ///
  /// - Throws: ``ProfileError`` with code `unsupported` where ids or stacks run out.
  public func addingLabelFrames(to profile: Profile) throws(ProfileError) -> Result {
    let roots = Self.keys(options.tagRoot)
    let leaves = Self.keys(options.tagLeaf)
    if roots.isEmpty, leaves.isEmpty {
      // `,` asks for frames and names none.
      var result = Result(profile: profile)
      if !options.tagRoot.isEmpty { result.unmatched.append("TagRoot") }
      if !options.tagLeaf.isEmpty { result.unmatched.append("TagLeaf") }
      return result
    }
    var frames = LabelFrames(profile.columns, unit: options.labelUnit)
    try frames.add(roots: roots, leaves: leaves)
    var result = Result(profile: try Profile(frames.columns))
    if !options.tagRoot.isEmpty, !frames.matchesRoot { result.unmatched.append("TagRoot") }
    if !options.tagLeaf.isEmpty, !frames.matchesLeaf { result.unmatched.append("TagLeaf") }
    return result
  }

  private static func keys(_ text: String) -> [String] { text.split(separator: ",").map(String.init) }
}

/// Puts frames made of labels around stacks.
private struct LabelFrames {
  var columns: ProfileColumns
  private(set) var matchesRoot = false
  private(set) var matchesLeaf = false

  private let unit: String
  private var interner: StringInterner
  private var largestFunctionID: UInt64
  private var largestLocationID: UInt64
  private var locations: [UInt64: LocationIndex] = [:]
  /// Of each key the indices that its name has in the table.
  private var sameKey: [String: Set<StringIndex>] = [:]

  init(_ columns: ProfileColumns, unit: String) {
    self.columns = columns
    self.unit = unit
    largestFunctionID = columns.functionIDs?.max() ?? 0
    largestLocationID = columns.locationIDs?.max() ?? 0
    interner = StringInterner(columns.strings)
  }

  mutating func add(roots: [String], leaves: [String]) throws(ProfileError) {
    let names = columns.strings
    for key in roots + leaves where sameKey[key] == nil {
      sameKey[key] = Set((0..<names.count).map { StringIndex($0) }.filter { names.equals($0, key) })
    }
    var frames = [(leaves: [LocationIndex], roots: [LocationIndex])?](repeating: nil, count: columns.labelSetCount)
    let offsets = columns.stackOffsets
    let stacks = columns.stackLocations
    var newStacks: [UInt64: StackIndex] = [:]
    columns.stackOffsets = [0]
    columns.stackLocations = []
    for sample in 0..<columns.sampleCount {
      let set = columns.sampleLabels[sample]
      let stack = columns.sampleStacks[sample]
      let pair = UInt64(stack.rawValue) << 32 | UInt64(set.rawValue)
      if let known = newStacks[pair] {
        columns.sampleStacks[sample] = known
        continue
      }
      let around: (leaves: [LocationIndex], roots: [LocationIndex])
      if let known = frames[set.position] {
        around = known
      } else {
        let atRoot = try locations(set, roots, isRoot: true)
        around = (try locations(set, leaves, isRoot: false), atRoot)
        frames[set.position] = around
      }
      columns.stackLocations += around.leaves
      columns.stackLocations += stacks[offsets[stack.position]..<offsets[stack.position + 1]]
      columns.stackLocations += around.roots
      columns.stackOffsets.append(columns.stackLocations.count)
      let new = StackIndex(columns.stackCount - 1)
      newStacks[pair] = new
      columns.sampleStacks[sample] = new
    }
  }

  /// The frames of a label set, leaf first: the first key is nearest to the root.
  private mutating func locations(_ set: LabelSetIndex, _ keys: [String], isRoot: Bool) throws(ProfileError)
    -> [LocationIndex]
  {
    var frames: [LocationIndex] = []
    for key in keys.reversed() {
      let values = values(set, key)
      if !values.isEmpty {
        if isRoot { matchesRoot = true } else { matchesLeaf = true }
      }
      let name = Array(values.joined(separator: [UInt8(ascii: ",")]))
      frames.append(try location(name: interner.intern(name.span, in: &columns.strings), file: key))
    }
    return frames
  }

  /// Strings first, then numbers, each in their order.
  private func values(_ set: LabelSetIndex, _ key: String) -> [[UInt8]] {
    guard let same = sameKey[key] else { return [] }
    let labels = columns.labels[columns.labelRange(set)].filter { same.contains($0.key) }
    var values = labels.filter(\.isString).map { Array(columns.strings.bytes[columns.strings.range($0.str)]) }
    let numbers = labels.filter(\.isNumber)
    let hasUnits = numbers.contains { $0.unit != .empty }
    for label in numbers {
      let text =
        hasUnits
        ? Units.label(label.num, from: columns.strings.string(label.unit), to: unit)
        : Units.label(label.num, from: "", to: "")
      values.append(Array(text.utf8))
    }
    return values
  }

  private mutating func location(name: StringIndex, file key: String) throws(ProfileError) -> LocationIndex {
    let file = interner.intern(key, in: &columns.strings)
    let pair = UInt64(name.rawValue) << 32 | UInt64(file.rawValue)
    if let known = locations[pair] { return known }
    let function = FunctionIndex(columns.functions.count)
    columns.functions.append(Function(name: name, file: file))
    try Self.appendID(to: &columns.functionIDs, after: &largestFunctionID)
    let new = LocationIndex(columns.locations.count)
    columns.locations.append(Location())
    try Self.appendID(to: &columns.locationIDs, after: &largestLocationID)
    columns.lines.append(Line(function: function))
    columns.lineOffsets.append(columns.lines.count)
    locations[pair] = new
    return new
  }

  /// Ids go on behind the largest one.
  private static func appendID(to ids: inout [UInt64]?, after largest: inout UInt64) throws(ProfileError) {
    if ids == nil { return }
    if largest == .max {
      throw ProfileError(.unsupported, "the largest id is taken: there is none for a frame made of a label")
    }
    largest += 1
    ids?.append(largest)
  }
}
