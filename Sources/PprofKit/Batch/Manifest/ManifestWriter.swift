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
  private var earlier: EarlierOutputs
  /// What stays known of earlier runs; to be asked when all files are noted.
  private lazy var kept = earlier.entries()

  /// Opens the journal, before anything is converted.
  init(_ manifest: Manifest, of batch: Batch) throws(ProfileError) {
    self.manifest = manifest
    self.batch = batch
    path = Manifest.journal(of: manifest.path)
    earlier = EarlierOutputs(manifest)
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
      // What a killed run wrote last may have no end. What it says stays, whatever its options: its outputs are ours.
      let isNew = try journal.status().size == 0
      if !isNew { try journal.write([UInt8(ascii: "\n")]) }
      if !manifest.continuesJournal { try journal.write(Array((manifest.header.line + "\n").utf8)) }
      start = try journal.status().size
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
    earlier.claim(file)
    let line = file.json(below: batch.outputDirectory, wording: batch.wording).line + "\n"
    // In one call, so that a kill cuts no line but the last.
    do throws(SystemError) { try journal.write(Array(line.utf8)) } catch { failure = Self.unwritable(path, error) }
  }

  /// What to say of outputs that stand though their inputs are gone; to be asked when all files are noted.
  var notes: [String] {
    let orphans = kept.filter { $0.orphan != nil }
    guard let first = orphans.first, let orphan = first.orphan, let output = first.lines.first?.outputs.first?.path
    else {
      return []
    }
    let others = orphans.count > 1 ? " (and so of \(orphans.count - 1) more inputs)" : ""
    return [
      "\(BatchFile.Output.start(batch.outputDirectory))\(output) stands, but its input \(first.path) \(orphan.words)\(others)"
    ]
  }

  /// Notes outputs that are about to get their places: whenever the run is killed, the next one knows that they are its own.
  /// They are noted as they stand in the whole system, since the journal may be read with another output directory.
  func announce(_ paths: [String]) {
    note(paths, as: "outputs")
  }

  /// Takes back what ``announce(_:)`` said: somebody else's file stands there.
  func release(_ path: String) { note([path], as: "released") }

  private func note(_ paths: [String], as key: String) {
    if failure != nil || paths.isEmpty { return }
    let places = paths.compactMap(Manifest.place).map(JSONValue.string)
    let line = JSONValue.object([(key, .array(places))]).line + "\n"
    do throws(SystemError) { try journal.write(Array(line.utf8)) } catch { failure = Self.unwritable(path, error) }
  }

  /// Gives the manifest its place; the journal goes.
  ///
  /// - Throws: the first thing that went wrong since the beginning.
  func finish() throws(ProfileError) {
    if let failure { throw failure }
    let file = try OutputFile(path: manifest.path, temporaries: batch.temporaries)
    try file.write(Array((manifest.header.line + "\n").utf8))
    let entries = kept
    var positions: [[UInt8]: Int] = [:]
    for (i, entry) in entries.enumerated() { positions[Array(entry.path.utf8)] = i }
    var noted: Set<Int> = []
    var piece: [UInt8] = []
    func put(_ line: [UInt8]) throws(ProfileError) {
      piece += line
      piece.append(UInt8(ascii: "\n"))
      if piece.count >= 1 << 20 {
        try file.write(piece)
        piece.removeAll(keepingCapacity: true)
      }
    }
    do throws(SystemError) {
      var lines = JournalLines(journal, from: start)
      while failure == nil, var line = try lines.next()?.bytes {
        // What was about to be written is so by now, and stands in its own line.
        if line.starts(with: ManifestRecord.announcement) || line.starts(with: ManifestRecord.release) { continue }
        if !entries.isEmpty, let path = ManifestRecord.path(in: line), let at = positions[Array(path.utf8)],
          let json = JSONValue(parsing: line)
        {
          noted.insert(at)
          line = Array(json.listing(earlier: entries[at].outputs).line.utf8)
        }
        do throws(ProfileError) { try put(line) } catch { failure = error }
      }
    } catch {
      throw Self.unwritable(path, error)
    }
    if let failure { throw failure }
    for (i, entry) in entries.enumerated() where !noted.contains(i) {
      try put(Array(entry.line(for: manifest.header, below: batch.outputDirectory).line.utf8))
    }
    if !piece.isEmpty { try file.write(piece) }
    try file.finish()
    try file.commit()
    // One that stays says nothing wrong.
    do throws(SystemError) { try System.remove(path) } catch {}
  }
}
