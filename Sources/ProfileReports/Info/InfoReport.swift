internal import ProfileAnalysis
public import ProfileModel

/// What a profile is, for a person who meets it: format, kind, time, totals, what stands out and what is odd.
public struct InfoReport: Sendable {
  /// What the file tells beside its profile.
  public struct Source: Sendable {
    public var name: String
    /// The format's id and one line on it.
    public var format: String
    public var formatSummary: String
    public var isGzip = false
    /// In bytes, as the file is and inflated.
    public var size: Int?
    public var inflatedSize = 0
    /// Of a text.
    public var firstLine: String?
    public var diagnostics = Diagnostics()
    /// Seconds east of UTC at the time of the profile, where times are not to be shown in UTC.
    public var utcOffset: Int?

    public init(name: String, format: String, formatSummary: String) {
      self.name = name
      self.format = format
      self.formatSummary = formatSummary
    }
  }

  struct SampleType: Sendable {
    var type: String
    var unit: String
    var total: Int128
    var isDefault: Bool
  }

  struct Stack: Sendable {
    var value: Int64
    /// Leaf first, inlined ones included.
    var functions: [String]
  }

  struct LabelKey: Sendable {
    var key: String
    var isNumeric: Bool
    var samples: Int
    var distinct: Int
  }

  let source: Source
  let kind: String
  let header: HeapHeader?
  let sampleTypes: [SampleType]
  let samples: Int
  let distinctStacks: Int
  let deepest: Int
  let meanDepth: Double
  let locations: Int
  let functions: Int
  let mappings: [String]
  let labels: [LabelKey]
  let comments: Int
  let timeNanos: Int64
  let durationNanos: Int64
  let period: Int64
  let periodType: String
  let periodUnit: String
  let docURL: String
  let topStacks: [Stack]
  let oddities: [(kind: String, message: String)]

  /// - Parameter top: how many stacks are shown.
  public init(_ profile: Profile, of source: Source, top: Int = 5) {
    let columns = profile.columns
    let totals = profile.totals
    let shown = SampleTypeSelection.defaultIndex(in: profile)
    self.source = source
    header = source.firstLine.flatMap(HeapHeader.init)
    kind = header?.kind ?? ProfileKind.name(of: profile)
    sampleTypes = columns.sampleTypes.enumerated().map { i, type in
      SampleType(
        type: profile.string(type.type), unit: profile.string(type.unit), total: totals.values[i], isDefault: i == shown
      )
    }
    samples = columns.sampleCount
    deepest = columns.sampleStacks.map { columns.stackRange($0).count }.max() ?? 0
    let depths = columns.sampleStacks.reduce(0) { $0 + columns.stackRange($1).count }
    meanDepth = samples == 0 ? 0 : Double(depths) / Double(samples)
    locations = columns.locations.count
    functions = columns.functions.count
    mappings = columns.mappings.map { profile.string($0.file) }
    labels = Self.labels(of: profile)
    comments = columns.comments.count
    timeNanos = columns.timeNanos
    durationNanos = columns.durationNanos
    period = columns.period
    periodType = profile.string(columns.periodType.type)
    periodUnit = profile.string(columns.periodType.unit)
    docURL = profile.string(columns.docURL)
    var odd = source.diagnostics.items.map { (kind: $0.kind, message: $0.message) }
    odd += Oddities(profile, totals: totals).found
    var distinct = columns.stackCount
    var largest: [Stack] = []
    do throws(ProfileError) {
      let grouped = try profile.grouped(by: .stack).profile
      distinct = grouped.sampleCount
      if let shown { largest = try Self.top(top, of: grouped, by: shown) }
    } catch {
      odd.append((kind: "overflow", message: error.message))
    }
    distinctStacks = distinct
    topStacks = largest
    oddities = odd
  }

  private static func top(_ count: Int, of profile: Profile, by type: Int) throws(ProfileError) -> [Stack] {
    let top = try profile.topStacks(count, by: type)
    return (0..<top.sampleCount).map { sample in
      let stack = top.columns.sampleStacks[sample]
      var functions: [String] = []
      let locations = top.locations(of: stack)
      for i in locations.indices {
        let lines = top.lines(of: locations[i])
        for j in lines.indices {
          functions.append(top.string(top.columns.functions[lines[j].function.position].name))
        }
        if lines.isEmpty {
          functions.append("0x" + String(top.columns.locations[locations[i].position].address, radix: 16))
        }
      }
      return Stack(value: top.values(of: sample)[type], functions: functions)
    }
  }

  /// Keys in the order of their first sets.
  private static func labels(of profile: Profile) -> [LabelKey] {
    let columns = profile.columns
    var samplesOfSet = [Int](repeating: 0, count: columns.labelSetCount)
    for set in columns.sampleLabels { samplesOfSet[set.position] += 1 }
    var keys: [LabelKey] = []
    var positions: [StringIndex: Int] = [:]
    var values: [Set<Label>] = []
    for set in 0..<columns.labelSetCount {
      for label in columns.labels[columns.labelRange(LabelSetIndex(set))] {
        let at: Int
        if let known = positions[label.key] {
          at = known
        } else {
          at = keys.count
          positions[label.key] = at
          values.append([])
          keys.append(
            LabelKey(key: profile.string(label.key), isNumeric: false, samples: 0, distinct: 0))
        }
        // A label with only a key is an empty string, or a 0.
        if label.num != 0 || label.unit != .empty { keys[at].isNumeric = true }
        keys[at].samples += samplesOfSet[set]
        values[at].insert(label)
        keys[at].distinct = values[at].count
      }
    }
    return keys
  }
}
