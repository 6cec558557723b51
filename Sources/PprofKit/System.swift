// Every system call of the package, and with it all `unsafe` outside of Gzip: here, and in the System+ files beside. What C hands over is turned into values here;
// nothing with a pointer leaves this file.

#if os(Linux)
  internal import CLinux
#endif
#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// Why a system call failed, as errno told it.
package struct SystemError: Error, Hashable, Sendable {
  package var code: Int32

  package init(code: Int32) { self.code = code }

  static var last: SystemError { SystemError(code: errno) }

  /// In lower case, as it stands in a sentence: `no such file or directory`.
  package var words: String {
    guard let text = unsafe strerror(code) else { return "error \(code)" }
    let words = unsafe String(cString: text)
    return words.prefix(1).lowercased() + words.dropFirst()
  }

  package static let noEntry = SystemError(code: ENOENT)
  package static let isDirectory = SystemError(code: EISDIR)
  package static let notDirectory = SystemError(code: ENOTDIR)
  package static let noPermission = SystemError(code: EACCES)
  package static let notPermitted = SystemError(code: EPERM)
  package static let readOnly = SystemError(code: EROFS)
  package static let busy = SystemError(code: EBUSY)
  package static let crossDevice = SystemError(code: EXDEV)
  package static let brokenPipe = SystemError(code: EPIPE)
  package static let exists = SystemError(code: EEXIST)
  package static let invalid = SystemError(code: EINVAL)
  package static let notSupported = SystemError(code: ENOTSUP)
}

// At file scope, since a member of System hides the C function's name.
private func renameFile(_ from: String, _ to: String) -> Int32 {
  unsafe withPath(from) { from in unsafe withPath(to) { unsafe rename(from, $0) } }
}
private func linkFile(_ from: String, _ to: String) -> Int32 {
  unsafe withPath(from) { from in unsafe withPath(to) { unsafe link(from, $0) } }
}

/// Calls on paths and on the process.
package enum System {
  /// What stands at the path; links are followed.
  package static func status(_ path: String) throws(SystemError) -> FileStatus {
    var raw = stat()
    if unsafe withPath(path, { unsafe stat($0, &raw) }) != 0 { throw .last }
    return FileStatus(raw)
  }

  /// Where a link points to, as it is written in it; nil where `path` is no link.
  package static func linkTarget(_ path: String) -> String? {
    var length = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: Int(PATH_MAX)) { buffer, filled in
      length = unsafe buffer.withMemoryRebound(to: CChar.self) {
        unsafe $0.baseAddress.map { to in unsafe withPath(path) { unsafe readlink($0, to, Int(PATH_MAX)) } } ?? -1
      }
      filled = max(0, length)
    }
    return length < 0 ? nil : PathName.string(bytes)
  }

  package static func mayWrite(_ path: String) -> Bool { unsafe withPath(path) { unsafe access($0, W_OK) } == 0 }

  package static func rename(_ path: String, to target: String) throws(SystemError) {
    if renameFile(path, target) != 0 { throw .last }
  }

  /// Renames a file to a name that nothing stands at, be it a link.
  ///
  /// - Throws: ``SystemError/exists`` where something does.
  package static func rename(_ path: String, toNew target: String) throws(SystemError) {
    #if os(Linux)
      if unsafe withPath(path, { from in unsafe withPath(target) { unsafe rename_new(from, $0) } }) == 0 { return }
      // Some file systems cannot, old kernels do not know it, and some containers forbid what they do not know.
      if ![EINVAL, ENOSYS, EPERM].contains(errno) { throw .last }
    #endif
    if linkFile(path, target) == 0 { return try remove(path) }
    if errno == EEXIST { throw .last }
    // No links there either: all that is left is to look.
    if exists(target) || linkTarget(target) != nil { throw .exists }
    try rename(path, to: target)
  }

  package static func remove(_ path: String) throws(SystemError) {
    if unsafe withPath(path, { unsafe unlink($0) }) != 0 { throw .last }
  }

  package static func environment(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
  }

  /// Ends the process at once, without the work that `exit` does.
  package static func exitNow(_ code: Int32) -> Never { _exit(code) }

  /// The most memory that the process has had, in bytes.
  package static var peakMemory: Int {
    var usage = rusage()
    let failed = unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) != 0
    return failed ? 0 : usage.ru_maxrss * 1024
  }

  /// The memory that the process has, in bytes; the most that it has had, where the system does not tell.
  package static var memory: Int {
    do throws(SystemError) {
      // Pages: of the address space, in memory, shared …
      let words = try OpenFile.reading("/proc/self/statm").read(256).split(separator: UInt8(ascii: " "))
      if words.count > 1, let pages = Int(String(decoding: words[1], as: UTF8.self)) {
        return pages * sysconf(Int32(_SC_PAGESIZE))
      }
    } catch {
      // No /proc, as on other systems than Linux.
    }
    return peakMemory
  }

  /// Gives back what this thread has freed and ``easeMemory(isShared:)`` has kept for the next who asks.
  package static func releaseMemory() {
    #if canImport(Glibc)
      // A thread's own heap gets shorter only when a block of more than 64 KiB is freed in it.
      _ = mallopt(M_TRIM_THRESHOLD, 0)
      unsafe free(malloc(128 << 10))
      _ = malloc_trim(0)
      _ = mallopt(M_TRIM_THRESHOLD, keptByEach)
    #endif
  }

  #if canImport(Glibc)
    /// What one heap for all keeps of what was freed, and what each thread's own does.
    private static let keptMemory: Int32 = 64 << 20
    private static let keptByEach: Int32 = 8 << 20
  #endif

  /// What the process may have of it (`ulimit -v`).
  package static var addressSpace: Int {
    var limit = rlimit()
    // An enumeration there, a macro elsewhere.
    #if canImport(Glibc)
      let resource = Int32(RLIMIT_AS.rawValue)
    #else
      let resource = RLIMIT_AS
    #endif
    guard unsafe getrlimit(resource, &limit) == 0 else { return .max }
    return Int(clamping: limit.rlim_cur)
  }

  package static var physicalMemory: Int {
    let pages = sysconf(Int32(_SC_PHYS_PAGES))
    return pages > 0 ? pages * sysconf(Int32(_SC_PAGESIZE)) : .max
  }

  /// Makes memory cheap to touch for the first time, which otherwise is a tenth of the time of a conversion: what is freed
  /// stays for the next who asks, and the heap begins in huge pages, which fault once instead of 512 times. What is never
  /// touched takes no memory. Where the system refuses any of it, all works as before, only slower.
  ///
  /// For a process of our own, and once: a library leaves this to its host.
  ///
  /// - Parameter isShared: whether its threads hand memory to each other, as those of one conversion do, and so had better
  ///   have one heap. Those that work side by side would wait for each other.
  package static func easeMemory(isShared: Bool = true) {
    #if canImport(Glibc)
      let hugePage = 2 << 20
      let room = 24 << 20
      // Larger blocks stay mappings of their own, which go back at once. glibc itself moves this limit up to there, but
      // only to what it has seen freed.
      _ = mallopt(M_MMAP_THRESHOLD, 32 << 20)
      _ = mallopt(M_TRIM_THRESHOLD, isShared ? keptMemory : keptByEach)
      // What one thread frees, the others use: reading ahead hands megabytes from one to the next.
      if isShared { _ = mallopt(M_ARENA_MAX, 1) }
      // Grows the heap by `room` behind a block that it has no place for, in one piece.
      _ = mallopt(M_TOP_PAD, Int32(room))
      guard let block = unsafe malloc(1 << 20) else { return }
      _ = mallopt(M_TOP_PAD, 1 << 20)
      let start = Int(bitPattern: block)
      let first = (start + hugePage - 1) & -hugePage
      let end = (start + room) & -hugePage
      if first < end { _ = unsafe madvise(UnsafeMutableRawPointer(bitPattern: first), end - first, MADV_HUGEPAGE) }
      unsafe free(block)
    #endif
  }

  package static var processors: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

  /// Seconds east of UTC at an instant, as TZ has it; nil where the time does not fit in a calendar.
  package static func utcOffset(at seconds: Int64) -> Int? { zone(at: seconds)?.offset }

  /// …and what the zone is called then.
  package static func zone(at seconds: Int64) -> (offset: Int, name: String)? {
    var time = time_t(seconds)
    var local = unsafe tm()
    tzset()
    guard unsafe localtime_r(&time, &local) != nil else { return nil }
    return unsafe (local.tm_gmtoff, local.tm_zone.map { unsafe String(cString: $0) } ?? "")
  }

  package static func exists(_ path: String) -> Bool { unsafe withPath(path) { unsafe access($0, F_OK) } == 0 }
}
