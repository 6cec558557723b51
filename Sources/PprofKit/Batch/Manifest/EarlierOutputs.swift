internal import ProfileFormats
internal import ProfileModel
internal import ProfileReports

/// An output that a line of a manifest lists.
struct RecordedOutput {
  /// Below the output directory.
  var path: String
  var json: JSONValue

  /// What was written into it; nil where that is not said.
  var content: FileContent? {
    guard let sha256 = json["sha256"]?.string, let format = json["format"]?.string.flatMap(FormatInfo.init(id:)) else {
      return nil
    }
    return FileContent(sha256: sha256, isGzip: format.isCompressed)
  }
}

extension JSONValue {
  /// All outputs that an entry lists: those of its run, and those of runs before.
  var recordedOutputs: [RecordedOutput] {
    ((self["outputs"]?.array ?? []) + (self["earlier"]?.array ?? [])).compactMap { output in
      guard let path = output["path"]?.string, PathParts.staysBelow(path) else { return nil }
      return RecordedOutput(path: path, json: output)
    }
  }

  /// An entry that lists these outputs of earlier runs.
  func listing(earlier: [JSONValue]) -> JSONValue {
    guard case .object(var fields) = self else { return self }
    fields.removeAll { $0.key == "earlier" }
    // The time stays the last key.
    if !earlier.isEmpty { fields.insert(("earlier", .array(earlier)), at: max(0, fields.count - 1)) }
    return .object(fields)
  }
}

/// Finds what earlier runs wrote and this one did not, though it stands: their inputs failed, are gone, or were not among those
/// of this run, or the options are others. It stays in the manifest, or the next run would take it for somebody else's.
struct EarlierOutputs {
  /// All of one input.
  struct Entry {
    /// The input.
    let path: String
    /// Why nothing would write its outputs any more; nil where something would, or nobody can say.
    let orphan: OutputOrphan?
    /// What still stands of the lines that are about it, the oldest first.
    fileprivate(set) var lines: [Line]
  }

  struct Line {
    let record: ManifestRecord
    let place: ManifestRecord.Place
    /// Which of the outputs that it lists.
    var outputs: [(index: Int, path: String)]
  }

  private let manifest: Manifest
  /// By the hashes of their paths.
  private var claimed: Set<Int> = []
  /// Inputs that are no profiles.
  private var noProfiles: Set<[UInt8]> = []

  init(_ manifest: Manifest) { self.manifest = manifest }

  /// Takes outputs that the run itself answers for.
  mutating func claim(_ file: BatchFile) {
    // Where nothing stands of earlier runs nothing is to be kept apart.
    if !manifest.isHere { return }
    if case .skipped(.noProfile) = file.status { noProfiles.insert(Array(file.path.utf8)) }
    for output in file.outputs {
      claimed.insert(ManifestRecord.key(BatchFile.Output.below(manifest.folder, output.path)))
    }
  }

  /// What nobody claimed, in the order of the inputs' names.
  func entries() -> [Entry] {
    if !manifest.isHere { return [] }
    var found: [(path: String, line: Line)] = []
    // The last line that lists an output knows what is in it.
    var latest: [Int: Int] = [:]
    for record in manifest.all.reversed() {
      record.readEntries { _, place, entry in
        guard let entry, let path = entry["path"]?.string else { return true }
        var line = Line(record: record, place: place, outputs: [])
        for (i, output) in entry.recordedOutputs.enumerated() {
          let key = ManifestRecord.key(output.path)
          if claimed.contains(key) { continue }
          latest[key] = found.count
          line.outputs.append((i, output.path))
        }
        if !line.outputs.isEmpty { found.append((path, line)) }
        return true
      }
    }
    var entries: [[UInt8]: Entry] = [:]
    for (i, (path, listed)) in found.enumerated() {
      var line = listed
      line.outputs.removeAll { output in
        latest[ManifestRecord.key(output.path)] != i
          || Manifest.size(BatchFile.Output.start(manifest.folder) + output.path) == nil
      }
      if line.outputs.isEmpty { continue }
      let key = Array(path.utf8)
      entries[key, default: Entry(path: path, orphan: orphan(path), lines: [])].lines.append(line)
    }
    return entries.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.value)
  }

  /// Whether an input is no more. Its folder must be there, or one that this run has walked and in which it was: from another
  /// directory than the one that its name was given in nothing is to be seen of it. What came out of a pipe is no more anyway.
  private func orphan(_ path: String) -> OutputOrphan? {
    if noProfiles.contains(Array(path.utf8)) { return .noProfile }
    let passing = ["/dev/", "/proc/"].contains { path.utf8.starts(with: $0.utf8) }
    if passing { return nil }
    let folder = PathParts.folder(path).map { $0.isEmpty ? "/" : $0 } ?? "."
    let walked = manifest.roots.contains {
      path.utf8.starts(with: BatchFile.Output.start($0).utf8) && System.exists($0)
    }
    if !walked, !System.exists(folder) { return nil }
    do throws(SystemError) {
      _ = try System.status(path)
      return nil
    } catch {
      return [.noEntry, .notDirectory].contains(error) ? .gone : nil
    }
  }
}

extension EarlierOutputs.Entry {
  /// The outputs, as they stand in their lines.
  var outputs: [JSONValue] {
    lines.flatMap { line in
      let listed = line.record.json(at: line.place)?.recordedOutputs ?? []
      return line.outputs.compactMap { listed.indices.contains($0.index) ? listed[$0.index].json : nil }
    }
  }

  /// The line of an input that was none of this run's: the one of an earlier run, as long as all of it holds for this one's
  /// options, too; else one that says no more than which outputs there are.
  func line(for header: ManifestHeader, below folder: String) -> JSONValue {
    if let last = lines.last, last.record.header == header, let json = last.record.json(at: last.place),
      let converted = BatchFile(converted: json, below: folder), converted.outputs.count > 0,
      last.outputs.prefix(converted.outputs.count).map(\.index) == Array(converted.outputs.indices)
    {
      return json.listing(
        earlier: Array(outputs.dropLast(last.outputs.count))
          + last.outputs.dropFirst(converted.outputs.count).compactMap { json.recordedOutputs[$0.index].json })
    }
    return BatchFile(path, .notRun).json(below: folder).listing(earlier: outputs)
  }

  /// As a check finds it: outputs that nothing would write.
  func orphan(below folder: String) -> BatchFile {
    var file = BatchFile(path, .stale)
    file.outputs = outputs.compactMap { BatchFile.Output($0, below: folder) }
    for i in file.outputs.indices { file.outputs[i].orphan = self.orphan }
    return file
  }
}
