internal import ProfileModel

/// A file that is being written: beside its place until ``commit()``, or straight to a stream.
///
/// After a crash, a full disk or an interrupt there is the old file or the whole new one. The folder itself is not synced:
/// a crash right after the rename may bring back the old file, which is whole too, and the sync would double the cost of a
/// small file.
final class OutputFile {
  /// As the user named it.
  let name: String
  private let file: OpenFile
  private let temporary: (path: String, target: String, files: TemporaryFiles)?
  private var isDone = false
  /// How much was written.
  private(set) var size = 0
  /// The file system that it is on, once it is finished.
  private(set) var device: UInt64 = 0
  private let replaces: Bool

  /// Whether it is a terminal.
  var isTerminal: Bool { file.isTerminal }
  /// Whether bytes are there at once, for everyone to see, so that nothing can be taken back.
  var isStream: Bool { temporary == nil }

  /// The process's standard output.
  static func standardOutput() -> OutputFile { OutputFile(name: "<stdout>", file: .output, temporary: nil) }

  /// Opens what `path` names: a device, FIFO or descriptor to write to, or else a new file beside it.
  ///
  /// - Parameters:
  ///   - makesFolders: whether the folder of a new file is made where it is missing.
  ///   - replaces: whether a file that is there gives way; see ``commit()``.
  init(path: String, temporaries: TemporaryFiles, makesFolders: Bool = false, replaces: Bool = true)
    throws(ProfileError)
  {
    name = path
    self.replaces = replaces
    let resolved = Self.resolve(path)
    if let descriptor = resolved.descriptor {
      file = .standard(descriptor)
      temporary = nil
      return
    }
    let target = resolved.path
    var old: FileStatus?
    do throws(SystemError) { old = try System.status(target) } catch  where error == .noEntry {
      // A new file.
    } catch {
      throw unwritable(path, error)
    }
    if let old, old.kind != .regular {
      if !replaces { throw unwritable(path, .exists) }
      if old.kind == .directory { throw unwritable(path, .isDirectory, hint: "name a file in it") }
      do throws(SystemError) { file = try .writing(target) } catch { throw unwritable(path, error) }
      temporary = nil
      return
    }
    if old != nil, !System.mayWrite(target) { throw unwritable(path, .noPermission) }
    let beside = temporaries.add(in: Self.folder(of: target))
    // Nobody else may read what replaces a private file while it grows.
    let mode: UInt32 = old == nil ? 0o666 : 0o600
    do throws(SystemError) {
      do throws(SystemError) { file = try .creating(beside, mode: mode) } catch  where error == .noEntry && makesFolders
      {
        try System.makeFolder(String(Self.folder(of: target).dropLast()))
        file = try .creating(beside, mode: mode)
      }
    } catch {
      temporaries.forget(beside)
      throw Self.cannotCreate(path, target, error, replaces: old != nil)
    }
    temporary = (beside, target, temporaries)
    if let old {
      do throws(SystemError) { try file.keep(old) } catch { throw unwritable(path, error) }
    }
  }

  private init(name: String, file: OpenFile, temporary: (String, String, TemporaryFiles)?) {
    self.name = name
    self.file = file
    self.temporary = temporary
    replaces = true
  }

  deinit {
    if !isDone, let temporary { temporary.files.remove(temporary.path) }
  }

  func write(_ bytes: [UInt8]) throws(ProfileError) {
    do throws(SystemError) { try file.write(bytes) } catch { throw failure(error) }
    size += bytes.count
  }

  /// Makes sure that the bytes are on the disk, without giving them their place yet. Without `syncs` the caller sees to that,
  /// by ``syncAll()`` of one of many.
  func finish(syncs: Bool = true) throws(ProfileError) {
    guard temporary != nil else { return }
    do throws(SystemError) {
      if !syncs { device = try file.status().device }
      do throws(SystemError) { if syncs { try file.sync() } } catch  where error == .invalid || error == .notSupported {
        // A file system without sync; there is no more to be had.
      }
      try file.close()
    } catch {
      throw failure(error)
    }
  }

  /// Brings this file, and everything else that was written to its file system, to the disk.
  func syncAll() throws(ProfileError) {
    guard let temporary else { return }
    do throws(SystemError) { try System.syncAll(around: temporary.path) } catch { throw failure(error) }
  }

  /// Gives the finished file its place. false where there is a file that does not give way, perhaps only since this one is
  /// written; then it is removed with the last reference.
  @discardableResult
  func commit() throws(ProfileError) -> Bool {
    guard let temporary else { return true }
    do throws(SystemError) {
      try temporary.files.rename(temporary.path, to: temporary.target, replaces: replaces)
    } catch  where error == .exists && !replaces {
      return false
    } catch  where error == .busy || error == .crossDevice {
      throw unwritable(
        name, error, "it is mounted by itself and cannot be replaced by a rename", hint: Self.redirect(name))
    } catch {
      throw unwritable(name, error)
    }
    isDone = true
    return true
  }

  private func failure(_ error: SystemError) -> ProfileError {
    if error == .brokenPipe { return ProfileError(.closedPipe, "nobody reads it any more", file: name) }
    return unwritable(name, error)
  }
}

extension OutputFile {
  /// Follows links to what they name, be it there or not, and stops at the process's own descriptors: `/dev/stdout` is
  /// the open file, never the path that it was opened by.
  private static func resolve(_ path: String) -> (path: String, descriptor: Int32?) {
    var path = path
    // As many as the kernel follows; a longer chain fails when the path is used.
    for _ in 0..<40 {
      if let descriptor = descriptor(path) { return (path, descriptor) }
      guard let target = System.linkTarget(path) else { break }
      path = PathParts.isAbsolute(target) ? target : folder(of: path) + target
    }
    return (path, nil)
  }

  /// Where the file that `path` names stands, or will, in the whole system; nil for what is written to as it is.
  static func target(of path: String) -> String? {
    let (path, descriptor) = resolve(path)
    if descriptor != nil { return nil }
    do throws(SystemError) {
      if try System.status(path).kind != .regular { return nil }
    } catch {
      // A new file.
    }
    return System.place(path)
  }

  /// The process's own descriptor that `path` names, through links.
  static func descriptor(of path: String) -> Int32? { resolve(path).descriptor }

  private static func descriptor(_ path: String) -> Int32? {
    switch path {
    case "/dev/stdout": return 1
    case "/dev/stderr": return 2
    default: break
    }
    for prefix in ["/dev/fd/", "/proc/self/fd/"] where path.hasPrefix(prefix) {
      let digits = path.dropFirst(prefix.count)
      // Int32 takes a sign, too.
      return digits.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } ? Int32(digits) : nil
    }
    return nil
  }

  /// With the slash; empty for a name without one.
  private static func folder(of path: String) -> String {
    PathParts.folder(path).map { $0 + "/" } ?? ""
  }

  private static func cannotCreate(_ path: String, _ target: String, _ error: SystemError, replaces: Bool)
    -> ProfileError
  {
    let folder = folder(of: target).isEmpty ? "." : folder(of: target)
    switch error {
    case .noEntry, .notDirectory:
      return unwritable(path, error, "there is no folder \(folder)")
    case .noPermission, .notPermitted, .readOnly:
      let words = error == .readOnly ? "is read-only" : "does not let us create files"
      return unwritable(
        path, error, "its folder \(folder) \(words), and a file is written beside its place and then renamed",
        hint: replaces ? redirect(path) : nil)
    default:
      return unwritable(path, error)
    }
  }

  private static func redirect(_ path: String) -> String {
    "to write into it as it is, use `--to FORMAT -o - > '\(path)'`"
  }
}

extension OpenFile {
  /// Gives a new file what the one that it replaces has.
  fileprivate func keep(_ old: FileStatus) throws(SystemError) {
    let new = try status()
    var mode = old.mode
    if new.owner != old.owner || new.group != old.group {
      do throws(SystemError) { try setOwner(old.owner, group: old.group) } catch {
        // Only root may give files away. Who replaces a file of somebody else owns the new one, as with any editor; the
        // group is kept where that is allowed, and nothing is opened to another one.
        do throws(SystemError) { try setOwner(.max, group: old.group) } catch { mode &= ~0o070 }
        mode &= 0o777
      }
    }
    try setMode(mode)
  }
}

private func unwritable(
  _ path: String, _ error: SystemError, _ why: String? = nil, hint: String? = nil
) -> ProfileError {
  ProfileError(.unwritable, "cannot write: " + (why ?? error.words), hint: hint, file: path)
}

func hexadecimal(_ value: UInt64) -> String {
  let digits = String(value, radix: 16)
  return String(repeating: "0", count: 16 - digits.count) + digits
}
