public import ProfileModel

/// Something that people look at, made of a profile: a table, a graph, a picture. It keeps no profile; what does is a format.
///
/// To add one is a folder, a line in ``ReportCatalogue``, and goldens.
public protocol Report: Sendable {
  var info: ReportInfo { get }

  /// Writes the report. The bytes depend on nothing but the arguments.
  ///
  /// - Throws: `option` where the options do not fit the profile (a sample type that it does not have).
  func write(_ profile: Profile, to sink: inout ReportSink, options: ReportOptions) throws(ProfileError)

  /// The same facts for machines; nil where the report has no table.
  func table(of profile: Profile, options: ReportOptions) throws(ProfileError) -> ReportTable?
}

extension Report {
  public func table(of profile: Profile, options: ReportOptions) throws(ProfileError) -> ReportTable? { nil }
}

/// What the catalogue says of a report. Help, completions, `formats` and the tests derive from it.
public struct ReportInfo: Sendable {
  /// As it stands behind `--to`, and as a verb.
  public var id: String
  /// Other spellings that are accepted.
  public var aliases: [String]
  /// File name endings without the leading dot; the first one is given to new files.
  public var extensions: [String]
  /// One line, without a full stop.
  public var summary: String
  /// Whether its bytes are for programs: not written to a terminal.
  public var isBinary: Bool
  /// Whether it is about the functions that a pattern names, and cannot be made without one.
  public var needsPattern: Bool

  public init(
    id: String, aliases: [String] = [], extensions: [String] = [], summary: String, isBinary: Bool = false,
    needsPattern: Bool = false
  ) {
    self.id = id
    self.aliases = aliases
    self.extensions = extensions
    self.summary = summary
    self.isBinary = isBinary
    self.needsPattern = needsPattern
  }
}

/// Where a report's bytes go: collected in ``buffer`` and handed on in large pieces.
///
/// A report appends to ``buffer`` and calls ``flushIfLarge()`` now and then, and leaves the last flush to the caller.
public struct ReportSink: ~Copyable {
  public typealias Push = ([UInt8]) throws(ProfileError) -> Void

  public var buffer: [UInt8] = []
  private let push: Push?

  /// Keeps everything in ``buffer``.
  public init() { push = nil }

  public init(push: @escaping Push) { self.push = push }

  public mutating func flushIfLarge() throws(ProfileError) {
    if buffer.count >= 1 << 18, push != nil { try flush() }
  }

  public mutating func flush() throws(ProfileError) {
    guard let push, !buffer.isEmpty else { return }
    try push(buffer)
    buffer.removeAll(keepingCapacity: true)
  }
}

extension [UInt8] {
  mutating func append(_ text: String) { append(contentsOf: text.utf8) }
  mutating func append(_ bytes: Span<UInt8>) { for i in bytes.indices { append(bytes[i]) } }
}
