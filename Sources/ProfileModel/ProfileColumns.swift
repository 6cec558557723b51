/// A profile as plain arrays. It promises nothing: readers append to it as they go, and ``Profile`` is made of it by
/// validation.
///
/// A sample is a row across `sampleStacks`, `sampleLabels` and `values`. Stacks and label sets are tables of their own:
/// the same stack stands in many samples (once for each size in a Go heap), and is stored once. Readers *should* give
/// equal stacks one index; nothing may rely on it, since two locations can be equal in all but their id.
public struct ProfileColumns: Sendable {
  public var strings = StringTable()
  public var sampleTypes: [ValueType] = []

  // Samples. All three have one entry (`values`: one for each sample type) a sample.
  public var sampleStacks: [StackIndex] = []
  public var sampleLabels: [LabelSetIndex] = []
  /// Sample-major: sample `i` has `values[i * sampleTypes.count ..< (i + 1) * sampleTypes.count]`.
  public var values: [Int64] = []

  /// Stack `i` is `stackLocations[stackOffsets[i] ..< stackOffsets[i + 1]]`, leaf first.
  public var stackOffsets: [Int] = [0]
  public var stackLocations: [LocationIndex] = []

  /// Label set `i` is `labels[labelOffsets[i] ..< labelOffsets[i + 1]]`, in the order of the input. Set 0 is empty.
  public var labelOffsets: [Int] = [0, 0]
  public var labels: [Label] = []

  public var mappings: [Mapping] = []
  public var locations: [Location] = []
  /// Location `i` has `lines[lineOffsets[i] ..< lineOffsets[i + 1]]`, innermost first.
  public var lineOffsets: [Int] = [0]
  public var lines: [Line] = []
  public var functions: [Function] = []

  /// The ids of the input, where they are not 1…n in the order of the table; else nil.
  public var mappingIDs: [UInt64]?
  public var locationIDs: [UInt64]?
  public var functionIDs: [UInt64]?

  /// Regular expressions: frames that pprof drops (and keeps all the same) when it loads the profile.
  public var dropFrames: StringIndex = .empty
  public var keepFrames: StringIndex = .empty
  /// When the profile was taken, nanoseconds since 1970 UTC; 0: not told.
  public var timeNanos: Int64 = 0
  public var durationNanos: Int64 = 0
  /// What is counted between two samples, and how much of it: space/bytes 524288.
  public var periodType = ValueType()
  public var period: Int64 = 0
  public var comments: [StringIndex] = []
  /// Names the type of `sampleTypes` to show first. Empty: the last one.
  public var defaultSampleType: StringIndex = .empty
  public var docURL: StringIndex = .empty

  /// Fields of the input that profile.proto did not have when this was written.
  public var unknownFields = UnknownFields()
  /// Whether the string table must be written in its own order, since unknown fields may hold indices into it. Set
  /// wherever `unknownFields` is not empty.
  public var keepsStringOrder: Bool { !unknownFields.isEmpty }

  public init() {}

  public var sampleCount: Int { sampleStacks.count }
  public var stackCount: Int { stackOffsets.count - 1 }
  public var labelSetCount: Int { labelOffsets.count - 1 }

  public func stackRange(_ stack: StackIndex) -> Range<Int> {
    stackOffsets[stack.position]..<stackOffsets[stack.position + 1]
  }
  public func labelRange(_ set: LabelSetIndex) -> Range<Int> {
    labelOffsets[set.position]..<labelOffsets[set.position + 1]
  }
  public func lineRange(_ location: LocationIndex) -> Range<Int> {
    lineOffsets[location.position]..<lineOffsets[location.position + 1]
  }
  public func valueRange(_ sample: Int) -> Range<Int> {
    sample * sampleTypes.count..<(sample + 1) * sampleTypes.count
  }

  /// The id that the file gives to an entry: its own, or its position + 1.
  public func id(of mapping: MappingIndex) -> UInt64 { mappingIDs?[mapping.position] ?? UInt64(mapping.position + 1) }
  public func id(of location: LocationIndex) -> UInt64 {
    locationIDs?[location.position] ?? UInt64(location.position + 1)
  }
  public func id(of function: FunctionIndex) -> UInt64 {
    functionIDs?[function.position] ?? UInt64(function.position + 1)
  }
}

extension ProfileColumns {
  /// Asks memory for the stacks of the samples some way behind `sample`. For whoever walks along samples whose order is not
  /// that of their stacks: each stack then is somewhere else, and to wait for it takes longer than to work on it.
  package func lookAhead(from sample: Int) {
    guard sample + 8 < sampleCount else { return }
    prefetch(stackOffsets.span, at: sampleStacks[sample + 8].position)
    let start = stackOffsets[sampleStacks[sample + 4].position]
    prefetch(stackLocations.span, at: start)
    prefetch(stackLocations.span, at: start + 16)
  }
}
