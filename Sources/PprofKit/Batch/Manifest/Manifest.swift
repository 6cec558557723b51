internal import ProfileModel

/// The record of a batch, a line of JSON a file: what it is, what became of it, and the hashes of what was read and
/// written. By it a later run knows what is current.
///
/// The file gets its place when the run has ended (``ManifestWriter``). Until then every file that was converted is noted in
/// a journal beside it, so that a run that was killed is gone on with. Neither is believed: what they say is current is so
/// only if the hash of the input and those of all outputs are still the same.
struct Manifest: Sendable {
  let path: String
  let header: ManifestHeader
  let folder: String
  private let hashing: InputOptions
  /// What earlier runs left, the newest first, as far as it was made with the same options.
  private let records: [ManifestRecord]
  /// Whether the last run that wrote into the journal had these options.
  let continuesJournal: Bool
  /// What earlier runs left, whatever the options, the newest first: what they wrote is ours to replace.
  let all: [ManifestRecord]
  /// Whether what the records list is what stands below the output directory, and no tree of somebody else.
  private(set) var isHere = false
  /// The outputs that the records list, by the hashes of their paths below the output directory, and what was in them.
  private var own: [Int: Set<FileContent>] = [:]
  /// The directories that this run has walked, as they were given.
  var roots: [String] = []
  /// Where the earlier manifest is damaged, as a sentence.
  private(set) var damage: String?
  /// What is to be said of the earlier record, a sentence each.
  let notes: [String]

  /// Reads what earlier runs left.
  ///
  /// - Throws: where the file is there and no manifest.
  init(_ path: String, of batch: Batch) throws(ProfileError) {
    self.path = path
    folder = batch.outputDirectory
    hashing = batch.inputOptions
    header = ManifestHeader(batch)
    var notes: [String] = []
    let journal = try ManifestRecord.read(Self.journal(of: path)) ?? []
    let manifest = try ManifestRecord.read(path)
    all = journal.reversed() + (manifest ?? [])
    records = all.filter { [header] in $0.header == header }
    continuesJournal = journal.last?.header == header
    if let manifest, manifest.isEmpty { damage = "\(path) is empty" }
    for record in all {
      let isJournal = record.file != path
      if let line = record.firstDamaged, !isJournal { damage = damage ?? "\(path) is damaged in line \(line)" }
      if record.header != header {
        if !isJournal {
          notes.append("\(path) is of another version or other options: everything is converted again")
        }
      } else if record.damagedLines > (isJournal ? 1 : 0) {
        // The last line of a journal may be cut by what ended the run.
        notes.append(
          "\(record.file): \(record.damagedLines) damaged lines are ignored, and their files converted again")
      }
    }
    self.notes = notes
  }

  static func journal(of path: String) -> String { path + ".journal" }
}

extension Manifest {
  /// Finds out whether the records are of this output directory: they do not name it, since a tree and its manifest may be
  /// moved. They are if one output that they list is there as it was written. Reads outputs up to the first such.
  ///
  /// - Parameter listing: whether ``isOwn(_:of:)`` will be asked.
  mutating func findOwn(listing: Bool) {
    if !System.exists(folder) { return }
    for record in all {
      record.readEntries { line, _, entry in
        if entry == nil, record.file == path { damage = damage ?? "\(path) is damaged in line \(line)" }
        for output in entry?.recordedOutputs ?? [] {
          guard let content = output.content else { continue }
          if listing { own[ManifestRecord.key(output.path), default: []].insert(content) }
          if !isHere { isHere = Self.holds(BatchFile.Output.start(folder) + output.path, [content]) }
        }
        return listing || !isHere
      }
    }
  }

  private static func holds(_ path: String, _ contents: Set<FileContent>) -> Bool {
    if size(path) == nil { return false }
    do throws(ProfileError) { return contents.contains(try ContentHash.content(of: path)) } catch {
      // What cannot be read is not known to be ours.
      return false
    }
  }

  /// Whether an earlier run wrote an output, so that this one may replace it: of the same input, or it is still what was
  /// written, whatever became of the input. In a place that was ours there may be somebody else's file by now.
  func isOwn(_ output: String, of input: String) -> Bool {
    // We write none: who put it there means the file that it leads to, which is ours if it still is what was written.
    let isLink = System.linkTarget(output) != nil
    if !isLink, let place = Self.place(output).map({ Array($0.utf8) }),
      let last = all.first(where: { $0.announced.contains(place) || $0.released.contains(place) }),
      last.announced.contains(place)
    {
      return true
    }
    let below = BatchFile.Output.below(folder, output)
    guard isHere, let contents = own[ManifestRecord.key(below)] else { return false }
    if !isLink, !isBehindLink(below), all.contains(where: { $0.lists(below, of: input) }) { return true }
    return Self.holds(output, contents)
  }

  /// Whether a directory on the way from the output directory is a link: it may lead to what is somebody else's.
  private func isBehindLink(_ below: String) -> Bool {
    guard let way = PathParts.folder(below), let real = System.realPath(folder) else { return false }
    let place = System.realPath(BatchFile.Output.start(folder) + way) ?? ""
    return !place.utf8.elementsEqual((BatchFile.Output.start(real) + way).utf8)
  }

  /// Where an output stands in the whole system, be it there or not; nil where its folder is not.
  static func place(_ output: String) -> String? {
    guard let slash = output.utf8.lastIndex(of: UInt8(ascii: "/")) else { return nil }
    return System.realPath(String(output[...slash])).map { $0 + output[slash...] }
  }

  /// What is said of an input that was converted, whether it still holds or not.
  func entry(of path: String) -> BatchFile? {
    for record in records {
      if let entry = record.entry(of: path, below: folder) { return entry }
    }
    return nil
  }

  /// What is known of an input that need not be converted: the same content gave these outputs, and they are all there as
  /// they were written. nil where any of this is not so. Reads the input and its outputs.
  ///
  /// - Parameter outputs: where the outputs go for a profile of this kind, in the order of ``Batch/formats``; nil where that
  ///   cannot be said.
  func current(_ path: String, outputs: (_ kind: String) -> [String]?) -> BatchFile? {
    for record in records {
      guard var entry = record.entry(of: path, below: folder), let kind = entry.kind,
        entry.outputs.map({ Array($0.path.utf8) }) == outputs(kind)?.map({ Array($0.utf8) }), var size = Self.size(path)
      else { continue }
      // What is missing shows before anything is read.
      guard entry.outputs.allSatisfy({ Self.size($0.path) != nil }) else { continue }
      do throws(ProfileError) {
        if try ContentHash.ofFile(path, hashing) != entry.sha256 { continue }
        for i in entry.outputs.indices {
          let content = try ContentHash.content(of: entry.outputs[i].path)
          // Another compressor changes nothing, but who expects gzip, or none, must find it so.
          if content.sha256 != entry.outputs[i].sha256 || content.isGzip != entry.outputs[i].format.isCompressed {
            return nil
          }
          entry.outputs[i].isCurrent = true
        }
      } catch {
        // Whatever is wrong comes out when it is converted.
        return nil
      }
      swap(&entry.size, &size)
      return entry
    }
    return nil
  }

  static func size(_ path: String) -> Int? {
    do throws(SystemError) {
      let status = try System.status(path)
      return status.kind == .regular ? status.size : nil
    } catch {
      return nil
    }
  }
}
