// System calls on folders and whole file systems: the rest of System.swift's, which says how they are wrapped.

#if os(Linux)
  internal import CLinux
#endif
#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// A name in a folder, with what the folder tells of it.
package struct FolderEntry: Sendable {
  package enum Kind: Sendable { case regular, directory, link, other, unknown }

  /// See ``PathName``.
  package var name: String
  package var kind: Kind
}

extension System {
  /// What is in a folder, in the order of the names' bytes, without `.` and `..`.
  package static func entries(of path: String) throws(SystemError) -> [FolderEntry] {
    guard let folder = unsafe withPath(path, { unsafe opendir($0) }) else { throw .last }
    defer { unsafe closedir(folder) }
    var found: [(bytes: [UInt8], kind: FolderEntry.Kind)] = []
    while true {
      errno = 0
      guard let entry = unsafe readdir(folder) else {
        if errno != 0 { throw .last }
        break
      }
      let bytes = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { unsafe Array($0.prefix { $0 != 0 }) }
      if bytes == [0x2e] || bytes == [0x2e, 0x2e] { continue }
      let kind: FolderEntry.Kind =
        switch unsafe Int(entry.pointee.d_type) {
        case Int(DT_REG): .regular
        case Int(DT_DIR): .directory
        case Int(DT_LNK): .link
        case Int(DT_UNKNOWN): .unknown
        default: .other
        }
      found.append((bytes, kind))
    }
    found.sort { $0.bytes.lexicographicallyPrecedes($1.bytes) }
    return found.map { FolderEntry(name: PathName.string($0.bytes), kind: $0.kind) }
  }

  /// Makes a folder and those above it that are missing.
  package static func makeFolder(_ path: String) throws(SystemError) {
    if unsafe withPath(path, { unsafe mkdir($0, 0o777) }) == 0 { return }
    let error = SystemError.last
    if error == .exists { return }
    guard error == .noEntry, let folder = PathParts.folder(path), !folder.isEmpty else { throw error }
    try makeFolder(folder)
    if unsafe withPath(path, { unsafe mkdir($0, 0o777) }) != 0, errno != EEXIST { throw .last }
  }

  /// - Throws: also where something is in it.
  package static func removeFolder(_ path: String) throws(SystemError) {
    if unsafe withPath(path, { unsafe rmdir($0) }) != 0 { throw .last }
  }

  /// Waits until everything that was written to the file system around `path` is on its disk.
  package static func syncAll(around path: String) throws(SystemError) {
    let descriptor = unsafe withPath(path) { unsafe open($0, O_RDONLY | O_CLOEXEC) }
    if descriptor < 0 { throw .last }
    defer { _ = close(descriptor) }
    if syncfs(descriptor) != 0 { throw .last }
  }

  /// The path without links, `.` and `..`; nil where it does not exist.
  package static func realPath(_ path: String) -> String? {
    guard let real = unsafe withPath(path, { unsafe realpath($0, nil) }) else { return nil }
    defer { unsafe free(real) }
    return unsafe PathName.string(UnsafeBufferPointer(start: real, count: strlen(real)).map(UInt8.init(bitPattern:)))
  }

  /// The path without links, `.` and `..`, whether it exists or not: of what is missing as it will be when it is made.
  package static func place(_ path: String) -> String {
    if let real = realPath(path.isEmpty ? "." : path) { return real == "/" ? "" : real }
    let names = PathParts.names(path)
    guard let last = names.last else { return "" }
    let above = place((PathParts.isAbsolute(path) ? "/" : "") + names.dropLast().joined(separator: "/"))
    switch last {
    case ".": return above
    case "..": return PathParts.folder(above) ?? ""
    default: return above + "/" + last
    }
  }

  /// The arguments of the process, as ``PathName`` has names, without its own.
  package static var arguments: [String] {
    (1..<max(1, Int(CommandLine.argc))).compactMap { i in
      unsafe CommandLine.unsafeArgv[i].map { argument in
        unsafe PathName.string(
          UnsafeBufferPointer(start: argument, count: strlen(argument)).map(UInt8.init(bitPattern:)))
      }
    }
  }
}

/// A file that tells others, as long as the process lives, that it does: however it ends, the system takes the lock away.
package final class LockFile {
  private let descriptor: Int32

  /// Makes the file if need be. nil where somebody else holds it; where the file system has no locks it counts as held by
  /// others, and as ours where we made it.
  package init?(_ path: String, creates: Bool) throws(SystemError) {
    let flags = creates ? O_CREAT | O_EXCL : 0
    descriptor = unsafe withPath(path) { unsafe open($0, O_RDWR | O_CLOEXEC | flags, 0o666) }
    if descriptor < 0 { throw .last }
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0, !creates { return nil }
  }

  deinit { _ = close(descriptor) }
}

/// Hands a name to C.
func withPath<T>(_ path: String, _ body: (UnsafePointer<CChar>) -> T) -> T {
  if !path.utf8.contains(0xf4) { return unsafe path.withCString { unsafe body($0) } }
  return unsafe (PathName.bytes(path).map(CChar.init(bitPattern:)) + [0]).withUnsafeBufferPointer { buffer in
    // Never empty: the zero is there.
    unsafe buffer.baseAddress.map { unsafe body($0) } ?? "".withCString { unsafe body($0) }
  }
}
