internal import ProfileModel
internal import ProfileReports

/// Writes a manifest: line by line into a journal beside its place, and when the run has ended all of it into its place.
///
/// The journal is appended to and never synced: what a crash of the machine leaves of it is checked line by line, and what is
/// missing is converted again.
final class ManifestWriter {
  private let manifest: Manifest
  private let batch: Batch
  private let journal: OpenFile
  private let path: String
  /// Held until the run ends: two runs would mix up their lines.
  private let lock: LockFile
  /// Where this run's lines begin.
  private let start: Int
  private var failure: ProfileError?

  /// Opens the journal, before anything is converted.
  init(_ manifest: Manifest, of batch: Batch) throws(ProfileError) {
    self.manifest = manifest
    self.batch = batch
    path = Manifest.journal(of: manifest.path)
    // Says now what would be wrong at the end.
    if try OutputFile(path: manifest.path, temporaries: batch.temporaries).isStream {
      throw ProfileError(
        .option, "a manifest is a file that is read again", hint: "a report goes to a stream", file: manifest.path)
    }
    do throws(SystemError) {
      journal = try OpenFile.appending(path)
      guard let lock = try LockFile(path, creates: false) else {
        throw .busy
      }
      self.lock = lock
      if manifest.continuesJournal {
        // What a killed run wrote last may have no end.
        try journal.write([UInt8(ascii: "\n")])
        start = try journal.status().size
      } else {
        try journal.truncate()
        start = 0
        try journal.write(Array((manifest.header.line + "\n").utf8))
      }
    } catch  where error == .busy {
      throw ProfileError(
        .unwritable, "another run is writing it", hint: "each run has a manifest of its own", file: manifest.path)
    } catch {
      throw Self.unwritable(path, error)
    }
  }

  private static func unwritable(_ path: String, _ error: SystemError) -> ProfileError {
    ProfileError(.unwritable, "cannot write: \(error.words)", file: path)
  }

  /// Notes a file; to be called in the order of the inputs.
  func add(_ file: BatchFile) {
    if failure != nil { return }
    var file = file
    // What is known of it stays known.
    if case .notRun = file.status, let known = manifest.entry(of: file.path) { file = known }
    let line = file.json(below: batch.outputDirectory, wording: batch.wording).line + "\n"
    // In one call, so that a kill cuts no line but the last.
    do throws(SystemError) { try journal.write(Array(line.utf8)) } catch { failure = Self.unwritable(path, error) }
  }

  /// Notes outputs that are about to get their places: whenever the run is killed, the next one knows that they are its own.
  /// They are noted as they stand in the whole system, since the journal may be read with another output directory.
  func announce(_ paths: [String]) {
    if failure != nil || paths.isEmpty { return }
    let places = paths.compactMap(Manifest.place).map(JSONValue.string)
    let line = JSONValue.object([("outputs", .array(places))]).line + "\n"
    do throws(SystemError) { try journal.write(Array(line.utf8)) } catch { failure = Self.unwritable(path, error) }
  }

  /// Gives the manifest its place; the journal goes.
  ///
  /// - Throws: the first thing that went wrong since the beginning.
  func finish() throws(ProfileError) {
    if let failure { throw failure }
    let file = try OutputFile(path: manifest.path, temporaries: batch.temporaries)
    if start > 0 { try file.write(Array((manifest.header.line + "\n").utf8)) }
    do throws(SystemError) {
      var lines = JournalLines(journal, from: start)
      var piece: [UInt8] = []
      while failure == nil, let line = try lines.next()?.bytes {
        // What was about to be written is so by now, and stands in its own line.
        if line.starts(with: ManifestRecord.announcement) { continue }
        piece += line
        piece.append(UInt8(ascii: "\n"))
        if piece.count >= 1 << 20 {
          do throws(ProfileError) { try file.write(piece) } catch { failure = error }
          piece.removeAll(keepingCapacity: true)
        }
      }
      if failure == nil, !piece.isEmpty {
        do throws(ProfileError) { try file.write(piece) } catch { failure = error }
      }
    } catch {
      throw Self.unwritable(path, error)
    }
    if let failure { throw failure }
    try file.finish()
    try file.commit()
    // One that stays says nothing wrong.
    do throws(SystemError) { try System.remove(path) } catch {}
  }
}
