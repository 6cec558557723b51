internal import Gzip
internal import ProfileFormats
internal import ProfileModel

/// Reads what can be read of a damaged input: every whole sample before the damage. Takes the whole input into memory, and
/// reads it some times over.
struct Recovery {
  private static let nothing = "no whole sample stands before the damage: fetch it again"

  private let input: ProfileInput
  private let options: InputOptions
  private let transport: Transport
  private let raw: [UInt8]
  /// What reading without recovery says; nil where the input only looks as if it were cut.
  private var problem: ProfileError?
  /// What is in a gzip that is not damaged itself.
  private var content: [UInt8]?

  static func load(_ input: ProfileInput, _ options: InputOptions) throws(ProfileError) -> LoadedProfile {
    var plain = options
    plain.recovers = false
    let transport = try Transport(input, options: plain)
    var recovery = Recovery(input: input, options: plain, transport: transport, raw: try transport.everything())
    var loaded = try recovery.load()
    if plain.hashesContent, loaded.contentHash == nil {
      loaded.contentHash = ContentHash.ofDamaged(recovery.content ?? recovery.raw)
    }
    return loaded
  }

  private init(input: ProfileInput, options: InputOptions, transport: Transport, raw: [UInt8]) {
    self.input = input
    self.options = options
    self.transport = transport
    self.raw = raw
  }

  private mutating func load() throws(ProfileError) -> LoadedProfile {
    do throws(ProfileError) {
      let whole = try LoadedProfile(.bytes(raw, name: input.name), options: options)
      if !Self.isCut(whole, last: raw.last, isGzip: transport.isGzip) { return whole }
    } catch {
      problem = error
      // What to do was done.
      if error.code != .unknownFormat { problem?.hint = Self.nothing }
      if ![.truncated, .malformed, .invalid, .unknownFormat].contains(error.code) { throw error }
    }
    let salvage =
      transport.isGzip
      ? Gzip.salvage(raw, maximumSize: options.maxInflated ?? Transport.defaultMaxInflated)
      : Gzip.Salvage(bytes: raw)
    if transport.isGzip, salvage.error == nil { content = salvage.bytes }
    if case .limit? = salvage.error?.kind { throw problem ?? ProfileError(.limit, "it inflates to too much") }
    let reader = try reader(of: salvage.bytes)
    let content = Mended.text(salvage.bytes, of: reader)
    if problem?.code == .unknownFormat {
      // Now that the reader is known, it says what is wrong.
      do throws(ProfileError) { _ = try read(content, reader) } catch { problem = error.naming(input.name) }
    }
    // A CPU profile takes a second one for its memory map; where a protobuf begins is less certain than that it is whole.
    let found =
      reader.info.isProto
      ? wholeInside(content, salvage, reader) ?? firstMember(salvage, reader)
      : firstMember(salvage, reader) ?? wholeInside(content, salvage, reader)
    if let found { return found }
    return try mended(content, salvage, reader)
  }

  /// What readers say that read a cut input all the same, the last sample as far as it goes.
  private static let saysCut = ["records-missing", "cut-record", "no-end-marker", "cut-traceback"]

  /// Whether a text ends in the middle: of a line, or before the records that its first line promises.
  private static func isCut(_ loaded: LoadedProfile, last: UInt8?, isGzip: Bool) -> Bool {
    if saysCut.contains(where: { loaded.diagnostics.count(of: $0) > 0 }) { return true }
    // Of binary ones some have text behind their words.
    guard let last, !isGzip, !loaded.format.isProto else { return false }
    return last != UInt8(ascii: "\n") && (!loaded.format.isBinary || (0x20..<0x7f).contains(last))
  }

  private func reader(of bytes: [UInt8]) throws(ProfileError) -> any ProfileReader {
    let unreadable = problem ?? ProfileError(.unknownFormat, "no profile", file: input.name)
    if bytes.isEmpty { throw unreadable }
    // The damage may stand in what a reader looks at.
    var count = min(bytes.count, 1 << 20)
    while count > 0 {
      if let reader = try LoadedProfile.reader(forPrefix: Array(bytes[..<count]), options) { return reader }
      // The whole lines of half of it, of all of it at first.
      count =
        bytes[..<(count == bytes.count ? count - 1 : count / 2)].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    }
    throw unreadable
  }

  // MARK: What is whole in something damaged

  /// The profile in a gzip that is damaged behind it, or in its checksum alone.
  private func wholeInside(_ content: [UInt8], _ salvage: Gzip.Salvage, _ reader: any ProfileReader) -> LoadedProfile? {
    guard let error = salvage.error, error.kind != .truncated || reader.info.isBinary, error.kind != .damaged(.data)
    else { return nil }
    guard let (profile, diagnostics) = try? read(content, reader) else { return nil }
    var loaded = loaded(profile, diagnostics, content, reader)
    let message =
      switch error.kind {
      case .trailingGarbage:
        "recovered all \(profile.sampleCount) samples; the \(raw.count - error.offset) bytes behind them are no gzip, and left out"
      case .damaged(.checksum), .damaged(.size):
        "recovered all \(profile.sampleCount) samples, but \(error): what they say may be wrong"
      case .truncated:
        "recovered \(profile.sampleCount) samples, those before the cut; whether more followed is not known (\(error))"
      default:
        "recovered \(profile.sampleCount) samples, those before the damage; whether more followed is not known (\(error))"
      }
    loaded.diagnostics.add(kind: "recovered", message, at: .byte(error.offset))
    return loaded
  }

  /// The first of several profiles that were compressed one by one and then joined.
  private func firstMember(_ salvage: Gzip.Salvage, _ reader: any ProfileReader) -> LoadedProfile? {
    guard reader.info.isBinary, let first = salvage.ends.first, first.produced < salvage.bytes.count else { return nil }
    // One profile may come in many members too.
    let rest = Array(salvage.bytes[first.produced...].prefix(1 << 16))
    let isRestWhole = first.produced + rest.count == salvage.bytes.count
    guard reader.detect(rest.span, isWhole: isRestWhole) >= .possible else { return nil }
    let bytes = Array(salvage.bytes[..<first.produced])
    guard let (profile, diagnostics) = try? read(bytes, reader) else { return nil }
    var loaded = loaded(profile, diagnostics, bytes, reader)
    loaded.diagnostics.add(
      kind: "recovered",
      "recovered \(profile.sampleCount) samples, those of the first profile; a second one begins here: "
        + "`tail -c +\(first.consumed + 1) FILE | pprofconv -` reads it", at: .byte(first.consumed))
    return loaded
  }

  // MARK: What stands before the damage

  private func mended(_ content: [UInt8], _ salvage: Gzip.Salvage, _ reader: any ProfileReader) throws(ProfileError)
    -> LoadedProfile
  {
    var unreadable = problem ?? ProfileError(.truncated, "it ends in the middle", file: input.name)
    unreadable.hint = Self.nothing
    var damage = Damage.cut
    if salvage.error == nil, let problem, let offset = Self.offset(problem.place, in: content) {
      damage = .from(offset)
    }
    for _ in 0..<16 {
      let mended = reader.mend(content, damage)
      do throws(ProfileError) {
        let (profile, diagnostics) = try read(mended.bytes, reader)
        if profile.sampleCount == 0 { throw unreadable }
        var loaded = loaded(profile, diagnostics, content, reader)
        tell(mended, damage, content, reader, to: &loaded)
        return loaded
      } catch {
        // Further to the front, once more; at last what is before the last whole record.
        let limit = if case .from(let offset) = damage { offset } else { mended.kept }
        if let offset = Self.offset(error.place, in: mended.bytes), offset < limit {
          damage = .from(offset)
        } else if damage != .cut {
          damage = .cut
        } else {
          throw unreadable
        }
      }
    }
    throw unreadable
  }

  private func tell(
    _ mended: Mended, _ damage: Damage, _ content: [UInt8], _ reader: any ProfileReader, to loaded: inout LoadedProfile
  ) {
    var place = ProfileError.Place.byte(mended.kept)
    var line = 0
    if !reader.info.isBinary {
      line = content[..<mended.kept].reduce(1) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) }
      place = .line(line, column: nil, text: nil)
    }
    let lost = content.count - mended.kept
    let why = problem.map { ($0.path.map { $0 + ": " } ?? "") + $0.message } ?? "it ends in the middle"
    var message = "recovered \(loaded.profile.sampleCount) samples, those before the damage (\(why))"
    message += lost > 0 ? "; the \(lost) bytes from here on are left out" : "; nothing more is there"
    let rest = Array(content[mended.kept...].prefix(1 << 16))
    // Bytes of a protobuf are easily taken for another one.
    let isProfile =
      !reader.info.isProto && lost > 0 && damage != .cut && reader.detect(rest.span, isWhole: true) >= .possible
    if mended.second != nil || isProfile {
      let cut = reader.info.isBinary ? "-c +\(mended.kept + 1)" : "-n +\(line)"
      let command = transport.isGzip ? "gunzip -c FILE | tail \(cut)" : "tail \(cut) FILE"
      message =
        "recovered \(loaded.profile.sampleCount) samples, those of the first profile; a second one begins here: "
        + "`\(command) | pprofconv -` reads it"
    }
    loaded.diagnostics.add(kind: "recovered", message, at: place)
    for (i, note) in mended.notes.enumerated() { loaded.diagnostics.add(kind: "recovered-\(i + 1)", note) }
  }

  // MARK: Reading

  private func read(_ bytes: [UInt8], _ reader: any ProfileReader) throws(ProfileError) -> (Profile, Diagnostics) {
    var source = ByteSource(bytes)
    var diagnostics = Diagnostics()
    let profile = try reader.read(&source, options: options.reading, diagnostics: &diagnostics)
    return (profile, diagnostics)
  }

  private func loaded(_ profile: Profile, _ diagnostics: Diagnostics, _ content: [UInt8], _ reader: any ProfileReader)
    -> LoadedProfile
  {
    LoadedProfile(
      profile, from: input, by: reader.info, isGzip: transport.isGzip, size: raw.count, content: content, diagnostics)
  }

  /// Where a place is in bytes; nil where it is none.
  private static func offset(_ place: ProfileError.Place, in bytes: [UInt8]) -> Int? {
    switch place {
    case .none, .text: return nil
    case .byte(let offset): return min(offset, bytes.count)
    case .line(let line, let column, _):
      var left = line - 1
      var at = 0
      while left > 0, at < bytes.count {
        if bytes[at] == UInt8(ascii: "\n") { left -= 1 }
        at += 1
      }
      return min(at + (column ?? 1) - 1, bytes.count)
    }
  }
}
