internal import ProfileModel

/// A file in the output directory that is locked while a run writes there. What a run left behind that was killed is known by
/// a marker that nobody holds, and removed; runs on other machines, or other shares of the same inputs, are let be.
final class RunMarker {
  private let path: String
  private let temporaries: TemporaryFiles
  private let lock: LockFile?
  /// What could not be looked for or removed of what earlier runs have left, a sentence each.
  private(set) var notes: [String] = []

  private static let ending = ".run"

  init(in directory: String, _ temporaries: TemporaryFiles) throws(ProfileError) {
    let folder = directory.utf8.last == UInt8(ascii: "/") ? directory : directory + "/"
    path = folder + TemporaryFiles.prefix + temporaries.run + Self.ending
    self.temporaries = temporaries
    do throws(SystemError) {
      try System.makeFolder(directory)
      temporaries.add(path)
      lock = try LockFile(path, creates: true)
    } catch {
      temporaries.forget(path)
      throw ProfileError(.unwritable, "cannot write into the output directory: " + error.words, file: directory)
    }
    removeLeftovers(in: folder)
  }

  func remove() { temporaries.remove(path) }

  /// Removes the temporary files of runs that are no more.
  private func removeLeftovers(in folder: String) {
    for name in names(in: folder).filter({ $0.kind == .regular }).map(\.name) where folder + name != path {
      guard name.hasPrefix(TemporaryFiles.prefix), name.hasSuffix(Self.ending) else { continue }
      do throws(SystemError) {
        guard let lock = try LockFile(folder + name, creates: false) else { continue }
        removeTemporaries(in: folder, of: String(name.dropLast(Self.ending.count)) + "-")
        try System.remove(folder + name)
        withExtendedLifetime(lock) {}
      } catch {
        note("remove “\(folder + name)”", error)
      }
    }
  }

  private func removeTemporaries(in folder: String, of run: String) {
    for entry in names(in: folder) {
      if entry.kind == .directory {
        removeTemporaries(in: folder + entry.name + "/", of: run)
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
