import PprofKit

/// What is fuzzed: a reader of the catalogue, or the whole way in, with gzip, detection and recovery.
///
/// What must hold, whatever the bytes: reading ends in a profile or an error; a profile becomes a profile.proto that reads
/// as the same profile; every writer takes it; and where a writer reports no loss, its own reader gives the same profile.
struct Target: Sendable {
  var name: String
  /// nil: the whole way in.
  var reader: (any ProfileReader)?

  static let all = Catalogue.readers.map { Target(name: $0.info.id.rawValue, reader: $0) } + [Target(name: "input")]
  /// Set once, before libFuzzer runs.
  nonisolated(unsafe) static var current: Target?

  func run(_ bytes: [UInt8]) {
    guard let reader else {
      var options = InputOptions()
      options.maxInflated = 16 << 20
      options.recovers = bytes.count % 2 == 0
      if let loaded = attempt({ () throws(ProfileError) in
        try LoadedProfile(.bytes(bytes, name: "fuzz"), options: options)
      }) {
        check(loaded.profile)
      }
      return
    }
    let text = Mended.text(bytes, of: reader)
    let damage = bytes.count % 2 == 0 ? Damage.cut : .from(bytes.count / 2)
    _ = read(reader.mend(text, damage).bytes, with: reader)
    for isWhole in [false, true] { _ = reader.detect(bytes.span, isWhole: isWhole) }
    if let profile = read(bytes, with: reader) { check(profile) }
  }

  private func check(_ profile: Profile) {
    let proto = encoded(profile)
    var diagnostics = Diagnostics()
    do {
      let again = try ProfileProto.decode(proto, diagnostics: &diagnostics)
      expect(encoded(again) == proto, "profile.proto of what was read reads as another profile")
    } catch {
      // A profile of nothing has no bytes.
      expect(error.code == .empty, "profile.proto of what was read: \(error)")
    }
    // One of the others each time, and the format's own.
    let writers = Catalogue.writers.filter { !$0.info.isProto }
    let turn = writers[proto.count % writers.count]
    for writer in writers where writer.info.id == turn.info.id || writer.info.id.rawValue == name {
      var sink = ByteSink()
      _ = attempt { () throws(ProfileError) in try writer.write(profile, to: &sink, options: WriteOptions()) }
      checkRoundTrip(profile, writer.info)
    }
  }

  private func checkRoundTrip(_ profile: Profile, _ format: FormatInfo) {
    var options = OutputOptions()
    options.isStrict = true
    options.grouping = Grouping.none
    guard let reader = Catalogue.readers.first(where: { $0.info.id == format.id }), profile.sampleCount > 0,
      let bytes = attempt({ () throws(ProfileError) in try profile.data(as: format.id, options: options) })
    else { return }
    var source = ByteSource(bytes)
    var diagnostics = Diagnostics()
    do {
      let again = try reader.read(&source, options: ReadOptions(), diagnostics: &diagnostics)
      // A traceback has a goroutine for each that is counted, and names them by words.
      if format.id == FormatID("debug2") { return }
      expect(same(again, profile), "\(format.id) reports no loss, and reads as another profile")
    } catch {
      expect(false, "\(format.id) reports no loss, and is not read: \(error)")
    }
  }

  private func same(_ a: Profile, _ b: Profile) -> Bool {
    guard let a = attempt({ () throws(ProfileError) in try a.canonical() }),
      let b = attempt({ () throws(ProfileError) in try b.canonical() })
    else { return false }
    return encoded(a) == encoded(b)
  }

  private func encoded(_ profile: Profile) -> [UInt8] { ProfileProto.encode(profile) }

  private func read(_ bytes: [UInt8], with reader: any ProfileReader) -> Profile? {
    var source = ByteSource(bytes)
    var diagnostics = Diagnostics()
    do { return try reader.read(&source, options: ReadOptions(), diagnostics: &diagnostics) } catch { return nil }
  }

  /// nil where it is refused, which is an answer like another.
  private func attempt<T>(_ body: () throws(ProfileError) -> T) -> T? {
    do { return try body() } catch { return nil }
  }

  private func expect(_ holds: Bool, _ words: @autoclosure () -> String) {
    if !holds { fatalError(words()) }
  }
}
