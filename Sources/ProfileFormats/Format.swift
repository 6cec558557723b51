public import ProfileModel

/// A format's name, as it stands behind `--to` and before the colon of `-o`.
public struct FormatID: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  public let rawValue: String
  public init(rawValue: String) { self.rawValue = rawValue }
  public init(_ rawValue: String) { self.rawValue = rawValue }
  public var description: String { rawValue }
}

/// What the catalogue says of a format. Help, completions, `formats` and the tests derive from it.
public struct FormatInfo: Sendable {
  public var id: FormatID
  /// Other spellings that are accepted.
  public var aliases: [String]
  /// File name endings without the leading dot; the first one is given to new files. The longest that fits wins.
  public var extensions: [String]
  /// One line, without a full stop.
  public var summary: String
  /// What it cannot express, in the words of ``LossReport``; empty for profile.proto.
  public var cannotExpress: [String]
  /// Whether its bytes are for programs: not written to a terminal.
  public var isBinary: Bool
  /// Whether it is of profile.proto's side. What no option and no name decides becomes the other side: a protobuf grouped text,
  /// and a text gzip'd profile.proto.
  public var isProto: Bool
  /// Whether it is for people to look through: samples of one stack become one, and the largest come first, unless asked
  /// otherwise.
  public var isGrouped: Bool
  /// Whether it can be written with one sample type of several: ``WriteOptions/sampleType``.
  public var choosesSampleType: Bool
  /// Whether it is a report or picture of a profile and keeps none: nothing reads it back, and ``cannotExpress`` is silent.
  public var isView: Bool
  /// Whether a reader sees that the end is missing. Of other texts only the last newline tells.
  public var tellsItsEnd: Bool

  public init(
    id: FormatID, aliases: [String] = [], extensions: [String], summary: String, cannotExpress: [String] = [],
    isBinary: Bool = false, isProto: Bool = false, isGrouped: Bool = false, choosesSampleType: Bool = false,
    isView: Bool = false, tellsItsEnd: Bool = false
  ) {
    self.id = id
    self.aliases = aliases
    self.extensions = extensions
    self.summary = summary
    self.cannotExpress = cannotExpress
    self.isBinary = isBinary
    self.isProto = isProto
    self.isGrouped = isGrouped
    self.choosesSampleType = choosesSampleType
    self.isView = isView
    self.tellsItsEnd = tellsItsEnd || isProto
  }
}

extension FormatInfo {
  /// Whether it is another format with gzip around it.
  package var isCompressed: Bool { id.rawValue.hasSuffix(".gz") }
}

/// How sure a reader is, from the first bytes, that a file is its own.
public enum Detection: Int, Sendable, Comparable {
  case no
  /// The prefix is too short to tell. Of a whole file that means no.
  case needMore
  /// It might be; taken if nobody is certain.
  case possible
  case certain

  public static func < (a: Detection, b: Detection) -> Bool { a.rawValue < b.rawValue }
}

/// Reads one format: a line of ``Catalogue/readers``.
public protocol ProfileReader: Sendable {
  /// What the format is called, and which names its files have.
  var info: FormatInfo { get }

  /// Looks at the first bytes of the inflated input; `isWhole` where there are no more.
  func detect(_ prefix: Span<UInt8>, isWhole: Bool) -> Detection

  /// Reads one profile, and with it all of the source, whose bytes may come from another thread until then. An error here is
  /// final: no other reader is asked. Memory grows with the profile, not with the text.
  ///
  /// - Throws: `malformed` or `invalid` with the place, `limit` where an option's limit is met, and what the source throws.
  func read(_ source: inout ByteSource, options: ReadOptions, diagnostics: inout Diagnostics) throws(ProfileError)
    -> Profile

  /// Makes of a damaged input what can still be read. Texts need not say how: the lines before the damage are kept, and of
  /// a cut text the whole records.
  ///
  /// - Parameter input: inflated, and as UTF-8 with LF ends where it is a text.
  func mend(_ input: [UInt8], _ damage: Damage) -> Mended
}

/// Writes one format: a line of ``Catalogue/writers``.
public protocol ProfileWriter: Sendable {
  /// What the format is called, and which names its files have.
  var info: FormatInfo { get }

  /// Writes `profile` and says what the format could not express. The bytes depend on nothing but the arguments.
  ///
  /// `profile` is the writer's: one that needs memory when it has read the profile may let it go.
  ///
  /// - Throws: `unsupported` where the format has no words for a profile of this kind at all, and what the sink throws.
  func write(_ profile: consuming Profile, to sink: inout ByteSink, options: WriteOptions) throws(ProfileError)
    -> LossReport
}

/// What a reader may be told. Each option is of some formats, and the others leave it be.
public struct ReadOptions: Sendable {
  /// Longest line of a text, in bytes.
  public var maxLine = 64 << 20

  /// Frames of the runtime that lead a stack of Go's goroutine text (`gopark`, `chanrecv` …): it has their addresses and not
  /// their names. The protobuf of that instant has both.
  public enum HiddenFrames: String, CaseIterable, Hashable, Sendable {
    /// They become locations without a name.
    case keep
    /// They are left out where a named frame follows.
    case drop
  }
  public var hiddenFrames = HiddenFrames.keep

  /// What the records of a mutex text with a sampling period above 1 are. Go 1.19 prints what it sampled, newer versions
  /// multiply it by the period and print that all the same; nothing in the text names the version.
  public enum MutexRecords: String, CaseIterable, Hashable, Sendable {
    /// Multiplied already if every number of every record is a multiple of the period, and what was sampled otherwise.
    case auto
    /// What was sampled.
    case sampled
    /// Multiplied already.
    case scaled
  }
  public var mutexRecords = MutexRecords.auto

  /// How much of a heap text one thread reads before a second one helps, in bytes: to start it takes longer than to read
  /// a short text. What is read does not depend on it.
  package var sharedBehind = 32 << 20

  public init() {}
}

/// What a writer may be told. Each option is of some formats, and the others leave it be.
public struct WriteOptions: Sendable {
  /// Whether a text ends in the `# pprofconv` block that holds what the text cannot say. nil: the format's default.
  public var carry: Bool?
  /// gzip level: 0 (stored) to 12 with libdeflate, to 9 with zlib, whose highest is taken for what is above. The command has
  /// 0 to 9, which both know.
  public var level = 1
  /// Compress in parallel, into several gzip members.
  public var members = false
  /// Threads for that. The bytes do not depend on it.
  public var jobs = 1
  /// What a heap profile's sampler counted, four numbers a sample in the order alloc objects, alloc bytes, in-use objects,
  /// in-use bytes, where that is known: grouping loses the sizes that are needed to find them again. See ``HeapSampling``.
  public var sampledValues: [Int64]?
  /// A line for people about each sample, for texts that are read: what grouping would leave out.
  public var sampleNotes: [String]?
  /// The one sample type to write, as a position, for formats that choose (``FormatInfo/choosesSampleType``); nil: all.
  public var sampleType: Int?
  /// Sees what is written before it is compressed, piece by piece, of formats that compress. For who compares contents.
  package var observesContent: (@Sendable ([UInt8]) -> Void)?
  /// The local time zone at an instant (seconds since 1970), for formats that print local times: `raw` does.
  public var zone: @Sendable (_ seconds: Int64) -> ZoneOffset = { _ in .utc }

  public init() {}

  /// The positions of the sample types to write.
  ///
  /// - Throws: `unsupported`, where the one that was chosen is not there.
  func sampleTypes(of columns: ProfileColumns) throws(ProfileError) -> [Int] {
    guard let sampleType else { return Array(columns.sampleTypes.indices) }
    guard columns.sampleTypes.indices.contains(sampleType) else {
      throw ProfileError(.unsupported, "no sample type \(sampleType) in this profile")
    }
    return [sampleType]
  }
}
