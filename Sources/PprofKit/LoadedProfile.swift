internal import ProfileFormats
public import ProfileModel

/// A profile with what is known of the input that it came from.
public struct LoadedProfile: Sendable {
  public var profile: Profile
  /// What was read: the id of the reader.
  public var format: FormatInfo
  /// Whether gzip was around it.
  public var isGzip: Bool
  /// The size of the file in bytes, where it is one.
  public var size: Int?
  /// How much was read, gzip taken off.
  public var inflatedSize: Int
  /// SHA-256 of the input, gzip taken off, in hexadecimal: another compressor does not change it. Of a gzip that
  /// is damaged it is that of the file. nil where ``InputOptions/hashesContent`` did not ask for it.
  public var contentHash: String?
  /// The first line of a text, without its end; it may be cut.
  public var firstLine: String?
  /// What was odd, but no error.
  public var diagnostics: Diagnostics
  /// The input, as it stands in errors.
  public var name: String
  /// Whether somebody wrote to the file while it was read.
  var changedMeanwhile = false
  /// The file, where it is one.
  var status: FileStatus?

  /// Reads a profile, whatever its format. A text takes memory for its profile only, a protobuf for itself too.
  ///
  ///     let loaded = try LoadedProfile(.file("heap.pb.gz"))
  ///     print(loaded.profile.sampleCount)
  ///
  /// - Throws: ``ProfileError`` with the place in the input and what to do about it.
  public init(_ input: ProfileInput, options: InputOptions = InputOptions()) throws(ProfileError) {
    if options.recovers {
      self = try Recovery.load(input, options)
      return
    }
    var looksLike: FormatInfo?
    do throws(ProfileError) {
      let transport = try Transport(input, options: options)
      let reader = try Self.reader(for: transport, options)
      if options.format != nil { looksLike = try Self.certain(instead: reader, of: transport) }
      if !reader.info.isProto {
        firstLine = WrongKind.firstLine(TextDecoder.prefix(Array(try transport.prefix(4096).bytes.prefix(4096)).span))
      }
      var source = reader.info.isProto ? try transport.whole() : try transport.stream()
      var diagnostics = Diagnostics()
      profile = try reader.read(&source, options: options.reading, diagnostics: &diagnostics)
      if !reader.info.tellsItsEnd, transport.endsInLine {
        diagnostics.addLoss(
          kind: "cut", "it does not end in a newline: if it was cut, its last sample is not what it was")
      }
      format = transport.isGzip && reader.info.isProto ? Self.compressed(reader.info) : reader.info
      isGzip = transport.isGzip
      size = transport.size
      changedMeanwhile = transport.hasChanged
      status = transport.status
      inflatedSize = transport.produced
      contentHash = transport.contentHash()
      self.diagnostics = diagnostics
      name = input.name
    } catch {
      var error = (error.file == nil ? error.naming(input.name) : error).namingSecondProfile
      // To write something may be unsupported; an input that cannot be read is none of ours.
      if error.code == .unsupported { error.code = .unknownFormat }
      if let looksLike, [.truncated, .malformed, .invalid, .empty].contains(error.code) {
        let hint = "it looks like \(looksLike.id): leave `InputOptions.format` out"
        error.hint = (error.hint.map { $0 + "; " } ?? "") + hint
      } else if [.truncated, .malformed, .invalid].contains(error.code) {
        error.hint = (error.hint.map { $0 + "; " } ?? "") + "`recovers` saves what stands before"
      }
      throw error
    }
  }

  /// A profile that was recovered.
  init(
    _ profile: Profile, from input: ProfileInput, by reader: FormatInfo, isGzip: Bool, size: Int, content: [UInt8],
    _ diagnostics: Diagnostics
  ) {
    self.profile = profile
    format = isGzip && reader.isProto ? Self.compressed(reader) : reader
    self.isGzip = isGzip
    self.size = size
    inflatedSize = content.count
    firstLine = reader.isBinary ? nil : WrongKind.firstLine(TextDecoder.prefix(Array(content.prefix(4096)).span))
    self.diagnostics = diagnostics
    name = input.name
  }

  /// The reader that was asked for, or the one that knows the content.
  private static func reader(for transport: Transport, _ options: InputOptions) throws(ProfileError)
    -> any ProfileReader
  {
    if let format = options.format {
      guard let reader = Catalogue.reader(format) else {
        throw ProfileError(.option, "no format “\(format)” is read", hint: "`pprofconv formats` lists them")
      }
      return reader
    }
    var count = 16 << 10
    while true {
      let (bytes, isWhole) = try transport.prefix(count)
      let isEnough = count >= 1 << 20
      switch choose(bytes, isWhole: isWhole, isEnough: isEnough) {
      case .reader(let reader): return reader
      case .needMore where !isEnough: count *= 4
      case .needMore, .unknown: throw WrongKind.of(Array(bytes.prefix(4096))).error
      }
    }
  }

  /// The format whose reader is certain of an input that another one was asked to read, which does not know it.
  private static func certain(
    instead asked: any ProfileReader, of transport: Transport
  ) throws(ProfileError) -> FormatInfo? {
    let (bytes, isWhole) = try transport.prefix(16 << 10)
    func says(_ reader: any ProfileReader) -> Detection { reader.detect(Array(bytes).span, isWhole: isWhole) }
    return says(asked) == .no ? Catalogue.readers.first { says($0) == .certain }?.info : nil
  }

  /// The reader that was asked for, or knows the beginning of a damaged input; nil where there is none.
  static func reader(forPrefix prefix: [UInt8], _ options: InputOptions) throws(ProfileError) -> (any ProfileReader)? {
    if let format = options.format { return Catalogue.reader(format) }
    for isWhole in [false, true] {
      if case .reader(let reader) = choose(prefix, isWhole: isWhole) { return reader }
    }
    return nil
  }

  /// The name that the catalogue has for a format with gzip around it.
  private static func compressed(_ format: FormatInfo) -> FormatInfo {
    Catalogue.formats.first { $0.info.id.rawValue == format.id.rawValue + ".gz" }?.info ?? format
  }

  private enum Choice {
    case reader(any ProfileReader)
    case needMore
    case unknown
  }

  /// Who is certain has it; then come signatures of other files, then who deems it possible.
  ///
  /// - Parameter isEnough: whether no more will be looked at, whoever wants it.
  private static func choose(_ prefix: [UInt8], isWhole: Bool, isEnough: Bool = false) -> Choice {
    var answers: [(reader: any ProfileReader, says: Detection)] = []
    for reader in Catalogue.readers {
      let says = reader.detect(prefix.span, isWhole: isWhole)
      // The others need not look, which takes them longer than a small profile takes to be converted.
      if says == .certain { return .reader(reader) }
      answers.append((reader, says))
    }
    if !isWhole, !isEnough, answers.contains(where: { $0.says == .needMore }) { return .needMore }
    if WrongKind.signature(prefix) != nil { return .unknown }
    if let first = answers.first(where: { $0.says == .possible }) { return .reader(first.reader) }
    return .unknown
  }
}

extension ProfileError {
  package func naming(_ file: String) -> ProfileError {
    var error = self
    error.file = file
    return error
  }
}

extension Profile {
  /// Reads the profile in a file, whatever its format: heap text, profile.proto, gzip'd or not.
  ///
  ///     let profile = try Profile(contentsOf: "heap.pb.gz")
  ///
  /// ``LoadedProfile`` tells more of the file, and reads standard input and bytes too.
  public init(contentsOf path: String, options: InputOptions = InputOptions()) throws(ProfileError) {
    self = try LoadedProfile(.file(path), options: options).profile
  }

  /// Reads a profile from memory.
  public init(bytes: [UInt8], options: InputOptions = InputOptions()) throws(ProfileError) {
    self = try LoadedProfile(.bytes(bytes, name: "<bytes>"), options: options).profile
  }
}
