public import ProfileAnalysis
public import ProfileFormats
internal import ProfileModel

/// Where a profile goes to, and in what format.
public struct Destination: Hashable, Sendable {
  public enum Target: Hashable, Sendable {
    /// A new or a regular file is written beside its place, synced and renamed; a device or FIFO is written straight.
    case file(String)
    case standardOutput
  }

  public var target: Target
  /// nil: as the name's ending says, else ``OutputOptions/format``, else the other side of the input.
  public var format: FormatID?
  /// Whether a file that is there gives way.
  var replaces = true

  /// - Parameter format: one of ``Catalogue/writers``, or nil; see ``format``.
  public init(_ target: Target, as format: FormatID? = nil) {
    self.target = target
    self.format = format
  }

  /// From `[FORMAT:]PATH`, where only the name of a format that is written counts as one; `-` is standard output.
  public init(argument: String) {
    var path = argument
    format = nil
    if let colon = argument.firstIndex(of: ":"), let writer = Catalogue.writer(FormatID(String(argument[..<colon]))) {
      format = writer.info.id
      path = String(argument[argument.index(after: colon)...])
    }
    target = path == "-" ? .standardOutput : .file(path)
  }

  /// As it stands in messages.
  public var name: String {
    switch target {
    case .file(let path): path
    case .standardOutput: "<stdout>"
    }
  }
}

/// What is written, and how.
public struct OutputOptions: Hashable, Sendable {
  /// For destinations that neither name a format nor have an ending that does.
  public var format: FormatID?

  /// Which samples become one. nil: by stack in formats for people (`text`), none elsewhere.
  public var grouping: Grouping?

  /// The sample type by which samples are put in descending order: one of the profile's, its position, or bpprof's words
  /// (`inusebytes` …). nil: where a format groups, `inuse_space` or else the profile's default type; elsewhere the order
  /// stays. Reports and pictures show this type, unless ``countedType`` names another.
  public var sort: String?

  /// The sample type that counts where only one can, named as in ``sort``: reports and pictures show it, and formats that
  /// group put the largest of it first. nil: what they take by themselves. Where all types are written it changes nothing.
  public var countedType: String?

  /// The one sample type to write, named as in ``sort``, in formats that can choose: `folded` then has the plain form that
  /// flamegraph.pl and inferno draw. nil: all of them. Any other format refuses it.
  public var sampleType: String?

  /// Whether a text ends in the `# pprofconv` block that holds what the text cannot say. nil: in `debug1` yes, in `text`
  /// no.
  public var carry: Bool?

  /// Whether to refuse, with the error `loss`, rather than to lose anything.
  public var isStrict = false

  /// gzip level, 0 (stored) to 9 (smallest).
  public var level = WriteOptions().level

  /// Whether to compress in parallel, into several gzip members. Some readers stop behind the first one.
  public var members = false

  /// Threads for that; nil: one a processor.
  public var jobs: Int?

  /// Whether to hash what is written: ``Conversion/Output/contentHash``.
  public var hashesContent = false

  public init() {}
}
