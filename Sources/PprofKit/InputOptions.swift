public import ProfileFormats

/// Where a profile comes from.
public enum ProfileInput: Hashable, Sendable {
  case file(String)
  /// The process's standard input, to its end.
  case standardInput
  /// Bytes in memory; `name` stands in errors.
  case bytes([UInt8], name: String)

  /// As it stands in errors.
  public var name: String {
    switch self {
    case .file(let path): path
    case .standardInput: "<stdin>"
    case .bytes(_, let name): name
    }
  }
}

/// How to read a profile, and how much an input may ask for.
public struct InputOptions: Hashable, Sendable {
  /// The format; nil: by content.
  public var format: FormatID?

  /// How many bytes a gzip'd input may inflate to. nil: 1 GiB for a protobuf; for a text, which is read as a stream and
  /// never held, 256 MiB or 200 times its compressed size, which real texts do not reach and bombs exceed.
  public var maxInflated: Int?

  /// How much memory the process may take while it reads, in bytes. nil: nine tenths of what the machine or the container
  /// (cgroup) has. Measured for the whole process: a program that reads several profiles at once shares it among them.
  public var maxMemory: Int?
  /// A text of up to so many bytes is read without a look at the memory that it takes.
  package var unmeasured = 64 << 20
  /// What of ``maxMemory`` is left for what is not looked at: texts that are read beside this one, and what comes after
  /// reading.
  package var memoryMargin = 0

  /// Longest line of a text, in bytes.
  public var maxLine = ReadOptions().maxLine

  /// Whether to save of a damaged input what stands before the damage: every whole sample of a file that was cut, or to
  /// which something was joined. What was lost is said in the diagnostics, kind `recovered`. Takes memory for the input.
  public var recovers = false

  /// What becomes of the frames that Go's goroutine text has addresses of, but no names.
  public var hiddenFrames = ReadOptions().hiddenFrames

  /// What the records of a mutex text with a sampling period above 1 are.
  public var mutexRecords = ReadOptions().mutexRecords

  /// Whether to hash the content: ``LoadedProfile/contentHash``. Costs one more pass over it.
  public var hashesContent = false

  public init() {}

  /// What of it concerns readers.
  var reading: ReadOptions {
    var reading = ReadOptions()
    reading.maxLine = maxLine
    reading.hiddenFrames = hiddenFrames
    reading.mutexRecords = mutexRecords
    return reading
  }
}
