internal import ProfileModel

/// A file in the output directory that is locked while a run writes there. What a run left behind that was killed is known by
/// a marker that nobody holds, and removed; runs on other machines, or other shares of the same inputs, are let be.
final class RunMarker {
  private let path: String
  private let temporaries: TemporaryFiles
  private let lock: LockFile?

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
    Self.removeLeftovers(in: folder, except: path)
  }

  func remove() { temporaries.remove(path) }

  /// Removes the temporary files of runs that are no more.
  private static func removeLeftovers(in folder: String, except own: String) {
    for name in names(in: folder).filter({ $0.kind == .regular }).map(\.name) where folder + name != own {
      guard name.hasPrefix(TemporaryFiles.prefix), name.hasSuffix(ending) else { continue }
      do throws(SystemError) {
        guard let lock = try LockFile(folder + name, creates: false) else { continue }
        removeTemporaries(in: folder, of: String(name.dropLast(ending.count)) + "-")
        try System.remove(folder + name)
        withExtendedLifetime(lock) {}
      } catch {
        // Somebody else was faster, or we may not: it stays, and does no harm.
      }
    }
  }

  private static func removeTemporaries(in folder: String, of run: String) {
    for entry in names(in: folder) {
      if entry.kind == .directory {
        removeTemporaries(in: folder + entry.name + "/", of: run)
      } else if entry.name.hasPrefix(run) {
        do throws(SystemError) { try System.remove(folder + entry.name) } catch {}
      }
    }
  }

  private static func names(in folder: String) -> [FolderEntry] {
    // What cannot be looked at has nothing of ours.
    do throws(SystemError) { return try System.entries(of: folder) } catch { return [] }
  }
}
