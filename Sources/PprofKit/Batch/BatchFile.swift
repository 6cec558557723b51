public import ProfileFormats
public import ProfileModel

/// What became of one input of a ``Batch``.
public struct BatchFile: Sendable {
  public enum Status: Sendable {
    /// All of its outputs have been written.
    case converted
    /// Its outputs are there already, and as they should be; nothing was written.
    case current
    /// After ``Batch/check(_:observer:)``: an output is missing, or is not what would be written, or the input is gone.
    case stale
    case skipped(SkipReason)
    case failed(ProfileError)
    /// A file before it failed, and ``Batch/keepsGoing`` is off.
    case notRun
  }

  public enum SkipReason: Sendable {
    /// It was found by walking or by a pattern, and is no profile: what it is instead.
    case noProfile(ProfileError)
    /// Its outputs are there, and are kept.
    case outputExists
  }

  public struct Output: Sendable {
    public var path: String
    public var format: FormatInfo
    /// The size of the file that was written.
    public var bytes = 0
    public var sampleCount = 0
    /// What the format could not express.
    public var losses = LossReport()
    /// What grouping did not keep, a sentence each.
    public var messages: [String] = []
    /// Whether it is on the disk as it should be: written just now, or found so.
    public var isCurrent = false
    /// After ``Batch/check(_:observer:)``: whether there is no such file.
    public var isMissing = false
    /// After ``Batch/check(_:observer:)``: why no run would write it any more, as an earlier one did.
    public var orphan: OutputOrphan?
    /// The SHA-256 of what is in it, gzip taken off, in hexadecimal digits, where it was asked for.
    public var sha256: String?
  }

  /// What all samples sum to, for one sample type.
  public struct Total: Hashable, Sendable {
    public var type: String
    public var unit: String
    public var value: Int128
  }

  /// As it was found: the argument, or a path below it.
  public var path: String
  public var status: Status
  /// The size of the file.
  public var size = 0
  /// What was read; nil where nothing was.
  public var format: FormatInfo?
  /// `heap`, `allocs`, `cpu`, `contention`, `goroutine` …; nil where nothing was read.
  public var kind: String?
  public var sampleCount = 0
  /// In the order of the profile's sample types.
  public var totals: [Total] = []
  /// In the order of ``Batch/formats``; those that an error left unwritten are missing.
  public var outputs: [Output] = []
  /// What was odd about the input, but no error.
  public var diagnostics = Diagnostics()
  /// How long it took on its thread.
  public var seconds = 0.0
  /// The SHA-256 of the input, gzip taken off, in hexadecimal digits, where it was asked for.
  public var sha256: String?

  /// The outputs that are not as they should be.
  var staleOutputs: [StaleOutput] {
    outputs.filter { !$0.isCurrent }.map { StaleOutput(path: $0.path, isMissing: $0.isMissing, orphan: $0.orphan) }
  }

  init(_ path: String, _ status: Status) {
    self.path = path
    self.status = status
  }
}
