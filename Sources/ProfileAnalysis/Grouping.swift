public import ProfileModel

/// Which samples become one.
public enum Grouping: String, Sendable, CaseIterable {
  /// Those with equal stacks. A label is kept where all of them agree on it.
  case stack
  /// Those with equal stacks and labels.
  case stackAndLabels = "stack+labels"
  /// None.
  case none
}

/// A profile after grouping or sorting, with what goes along with it.
public struct Grouped: Sendable {
  public var profile: Profile
  /// What a heap's sampler counted, four numbers a sample; see `WriteOptions.sampledValues`. nil if none were given.
  public var sampledValues: [Int64]?
  public var report = GroupingReport()
  /// For each sample that there was the one that it is in now; nil where all stand as they did, or were sorted.
  var groupOfSample: [UInt32]?
}

/// What grouping did, and what it could not keep.
public struct GroupingReport: Sendable, Hashable {
  public struct DroppedLabel: Sendable, Hashable {
    public var key: String
    /// How many samples had it.
    public var samples: Int
  }

  public var samplesBefore = 0
  public var samplesAfter = 0
  /// Samples whose `bytes` label (the size of their objects) was removed: a sum over several sizes has none.
  public var sizesRemoved = 0
  /// Labels that merged samples did not agree on, by key, in the order in which they were met.
  public var droppedLabels: [DroppedLabel] = []
  /// Messages whose unknown fields were dropped, since their samples were merged.
  public var unknownFieldsDropped = 0

  /// What was dropped and not asked to be, a sentence each, without a full stop.
  public var messages: [String] {
    var messages: [String] = []
    if !droppedLabels.isEmpty {
      let keys = droppedLabels.map { "\($0.key) (\($0.samples) samples)" }.joined(separator: ", ")
      messages.append("labels dropped where grouped samples differ in them: \(keys)")
    }
    if unknownFieldsDropped > 0 {
      messages.append("unknown fields of \(unknownFieldsDropped) grouped samples and labels dropped")
    }
    return messages
  }
}

extension Profile {
  /// Merges samples and sums their values.
  ///
  /// Two stacks are equal if their locations are, one by one: the same mapping (rounded size, offset, build id or else
  /// file) and address relative to it, the same lines. That is google/pprof's key; ids do not count. So for locations
  /// without addresses the lines decide. The groups stand in the order of their first samples; a group that sums to zero is
  /// kept. Tables of locations, functions, mappings and strings stay as they are; stacks that no sample has go, and of equal
  /// locations the stacks have the first one.
  ///
  /// A heap's `bytes` label says the size of one object. It is no part of a key, and is removed.
  ///
  /// O(samples + frames of distinct stacks).
  ///
  /// - Parameter sampledValues: four numbers a sample that are summed along.
  /// - Throws: ``ProfileError`` with code `unsupported` where a sum leaves 64 bits; it names the sample type. With code
  ///   `invalid` where there are not four sampled values a sample.
  public func grouped(by grouping: Grouping, sampledValues: [Int64]? = nil) throws(ProfileError) -> Grouped {
    var report = GroupingReport(samplesBefore: sampleCount, samplesAfter: sampleCount)
    try checkSampledValues(sampledValues)
    if grouping == .none { return Grouped(profile: self, sampledValues: sampledValues, report: report) }

    let strings = columns.strings.firstOfEqual()
    let stacks = StackClasses(columns, locations: locationClasses(columns, strings: strings))
    var labels = LabelClasses(columns, strings: strings, withoutSizes: columns.isHeap)
    let groups =
      switch grouping {
      case .stack: Groups(byStack: stacks, labels: &labels, of: columns)
      default: Groups(byStack: stacks, andLabels: labels, of: columns)
      }
    report.samplesAfter = groups.count
    report.sizesRemoved = labels.sizesRemoved(from: columns)
    report.droppedLabels = labels.dropped(by: groups, from: columns)
    if groups.count == sampleCount, report.sizesRemoved == 0, report.droppedLabels.isEmpty {
      return Grouped(profile: self, sampledValues: sampledValues, report: report)
    }

    var result = columns
    result.sampleStacks = groups.stacks.map { StackIndex(rawValue: $0) }
    result.sampleLabels = labels.write(groups.labels, to: &result)
    result.values = try groups.sums(of: columns.values, width: columns.sampleTypes.count) { column in
      columns.strings.string(columns.sampleTypes[column].type)
    }
    result.setStacks(stacks)
    report.unknownFieldsDropped = result.keepUnknownFields(of: groups)
    var sampled: [Int64]?
    if let sampledValues {
      let names = ["alloc_objects", "alloc_space", "inuse_objects", "inuse_space"]
      sampled = try groups.sums(of: sampledValues, width: names.count) { "sampled " + names[$0] }
    }
    result.replaceSamplingFacts(sampled)
    return Grouped(
      profile: try Profile(result), sampledValues: sampled, report: report, groupOfSample: groups.groupOfSample)
  }
}

extension Profile {
  func checkSampledValues(_ values: [Int64]?) throws(ProfileError) {
    if let values, values.count != 4 * sampleCount {
      throw ProfileError(.invalid, "\(values.count) sampled values for \(sampleCount) samples, which have four each")
    }
  }
}

extension ProfileColumns {
  /// Whether the samples are objects in memory, by the names that Go and C++ profilers give to their sizes.
  var isHeap: Bool {
    sampleTypes.contains { type in
      strings.equals(type.unit, "bytes")
        && ["inuse_space", "alloc_space", "space"].contains { strings.equals(type.type, $0) }
    }
  }

  /// Replaces the table of stacks by one of each class.
  mutating func setStacks(_ classes: StackClasses) {
    let kept = classes.representatives
    var offsets = [0]
    offsets.reserveCapacity(kept.count + 1)
    var locations: [LocationIndex] = []
    locations.reserveCapacity(kept.count == stackCount ? stackLocations.count : 0)
    for stack in kept {
      locations.append(contentsOf: classes.stackLocations[stackRange(stack)])
      offsets.append(locations.count)
    }
    stackOffsets = offsets
    stackLocations = locations
  }

  /// Moves the unknown fields of samples that stand alone, and drops those of merged ones and of their labels. Gives the
  /// number of messages that lost theirs.
  mutating func keepUnknownFields(of groups: Groups) -> Int {
    if unknownFields.isEmpty { return 0 }
    let sizes = groups.sizes
    var kept = UnknownFields()
    var dropped = 0
    for entry in unknownFields.entries {
      switch entry.owner {
      case .sample(let sample):
        let group = Int(groups.groupOfSample[sample])
        if sizes[group] == 1 { kept.append(entry.bytes, to: .sample(group)) } else { dropped += 1 }
      case .label: dropped += 1
      default: kept.append(entry.bytes, to: entry.owner)
      }
    }
    unknownFields = kept
    return dropped
  }
}
