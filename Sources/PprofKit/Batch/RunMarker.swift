internal import ProfileModel

/// A file in the output directory that is locked while a run writes there. What a run left behind that was killed is known by
/// a marker that nobody holds, and removed; runs on other machines, or other shares of the same inputs, are let be.
final class RunMarker {
  private let path: String
  private let temporaries: TemporaryFiles
  private let lock: LockFile?
  /// The output directory, where it is ours alone since it was not there before.
  private let ownFolder: String?
  /// What could not be looked for or removed of what earlier runs have left, a sentence each.
  private(set) var notes: [String] = []

  private static let ending = ".run"

  /// - Parameter besides: folders in which a run has files of its own, too: reports and the manifest.
  init(in directory: String, besides: Set<String>, _ temporaries: TemporaryFiles) throws(ProfileError) {
    let folder = directory.utf8.last == UInt8(ascii: "/") ? directory : directory + "/"
    path = folder + TemporaryFiles.prefix + temporaries.run + Self.ending
    self.temporaries = temporaries
    ownFolder = System.exists(directory) ? nil : directory
    do throws(SystemError) {
      try System.makeFolder(directory)
      temporaries.add(path)
      lock = try Self.lock(path, in: directory)
    } catch {
      temporaries.forget(path)
      throw ProfileError(.unwritable, "cannot write into the output directory: " + error.words, file: directory)
    }
    removeLeftovers(in: folder, besides: besides)
  }

  private static func lock(_ path: String, in directory: String) throws(SystemError) -> LockFile? {
    do throws(SystemError) { return try LockFile(path, creates: true) } catch  where error == .noEntry {
      // Another run has just removed the directory, since it put nothing there.
      try System.makeFolder(directory)
      return try LockFile(path, creates: true)
    }
  }

  func remove() {
    temporaries.remove(path)
    // In an empty one nothing was put; what came of the run is said elsewhere.
    do throws(SystemError) { if let ownFolder { try System.removeFolder(ownFolder) } } catch {}
  }

  /// Removes the temporary files of runs that are no more.
  private func removeLeftovers(in folder: String, besides: Set<String>) {
    for name in names(in: folder).filter({ $0.kind == .regular }).map(\.name) where folder + name != path {
      guard name.hasPrefix(TemporaryFiles.prefix), name.hasSuffix(Self.ending) else { continue }
      do throws(SystemError) {
        guard let lock = try LockFile(folder + name, creates: false) else { continue }
        let run = String(name.dropLast(Self.ending.count)) + "-"
        removeTemporaries(in: folder, of: run)
        for other in besides.sorted() { removeTemporaries(in: other + "/", of: run, isDeep: false) }
        try System.remove(folder + name)
        withExtendedLifetime(lock) {}
      } catch {
        note("remove “\(folder + name)”", error)
      }
    }
  }

  private func removeTemporaries(in folder: String, of run: String, isDeep: Bool = true) {
    for entry in names(in: folder) {
      if entry.kind == .directory {
        if isDeep { removeTemporaries(in: folder + entry.name + "/", of: run) }
      } else if entry.name.hasPrefix(run) {
        do throws(SystemError) { try System.remove(folder + entry.name) } catch {
          note("remove “\(folder + entry.name)”", error)
        }
      }
    }
  }

  private func names(in folder: String) -> [FolderEntry] {
    do throws(SystemError) { return try System.entries(of: folder) } catch {
      note("look into “\(folder)”", error)
      return []
    }
  }

  private func note(_ what: String, _ error: SystemError) {
    // Another run was faster.
    if error == .noEntry { return }
    notes.append("cannot \(what) for what a run that was killed has left: \(error.words)")
  }
}
