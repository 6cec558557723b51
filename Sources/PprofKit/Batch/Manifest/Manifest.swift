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
  private let folder: String
  private let hashing: InputOptions
  /// What earlier runs left, the newest first, as far as it was made with the same options.
  private let records: [ManifestRecord]
  /// Whether the journal of an earlier run is of use.
  let continuesJournal: Bool
  /// What earlier runs left, whatever the options: what they wrote is ours to replace.
  private let all: [ManifestRecord]
  /// Whether what the records list is what stands below the output directory, and no tree of somebody else.
  private var isHere = false
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
    var records: [ManifestRecord] = []
    var notes: [String] = []
    var all: [ManifestRecord] = []
    var continuesJournal = false
    for name in [Self.journal(of: path), path] {
      guard let record = try ManifestRecord.read(name) else { continue }
      all.append(record)
      let isJournal = name != path
      if record.header != header {
        if !isJournal {
          notes.append("\(name) is of another version or other options: everything is converted again")
        }
        continue
      }
      records.append(record)
      continuesJournal = continuesJournal || isJournal
      // The last line of a journal may be cut by what ended the run.
      if record.damagedLines > (isJournal ? 1 : 0) {
        notes.append("\(name): \(record.damagedLines) damaged lines are ignored, and their files converted again")
      }
    }
    self.records = records
    self.notes = notes
    self.all = all
    self.continuesJournal = continuesJournal
  }

  static func journal(of path: String) -> String { path + ".journal" }
}

extension Manifest {
  /// Finds out whether the records are of this output directory: they do not name it, since a tree and its manifest may be
  /// moved. They are if one output that they list is there as it was written. Reads outputs up to the first such.
  mutating func findOwn(_ items: [BatchPlan.Item]) {
    isHere = System.exists(folder) && items.contains { item in all.contains { holds($0, item.path) } }
  }

  private func holds(_ record: ManifestRecord, _ path: String) -> Bool {
    record.entry(of: path, below: folder)?.outputs.contains { output in
      if Self.size(output.path) == nil { return false }
      do throws(ProfileError) { return try ContentHash.ofFile(output.path) == output.sha256 } catch {
        // What cannot be read is not known to be ours.
        return false
      }
    } ?? false
  }

  /// Whether an earlier run wrote an output of an input, so that this one may replace it.
  func isOwn(_ output: String, of input: String) -> Bool {
    if let place = Self.place(output), all.contains(where: { $0.announced.contains(Array(place.utf8)) }) { return true }
    if !isHere { return false }
    return all.contains { record in
      record.entry(of: input, below: folder)?.outputs.contains { $0.path.utf8.elementsEqual(output.utf8) } ?? false
    }
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
          if try ContentHash.ofFile(entry.outputs[i].path) != entry.outputs[i].sha256 { return nil }
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

  private static func size(_ path: String) -> Int? {
    do throws(SystemError) {
      let status = try System.status(path)
      return status.kind == .regular ? status.size : nil
    } catch {
      return nil
    }
  }
}
