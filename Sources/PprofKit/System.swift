// Every system call of the package, and with it all `unsafe` outside of Gzip: here, and in the System+ files beside. What C hands over is turned into values here;
// nothing with a pointer leaves this file.

#if canImport(Glibc)
  internal import CLinux
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif
internal import Synchronization

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

// At file scope, since members of the types below hide the C functions' names.
private func openFile(_ path: String, _ flags: Int32, _ mode: UInt32) -> Int32 {
  unsafe withPath(path) { unsafe open($0, flags, mode) }
}
private func readFile(_ fd: Int32, _ to: UnsafeMutableRawPointer, _ count: Int) -> Int { unsafe read(fd, to, count) }
private func writeFile(_ fd: Int32, _ from: UnsafeRawPointer, _ count: Int) -> Int { unsafe write(fd, from, count) }
private func closeFile(_ fd: Int32) -> Int32 { close(fd) }
private func renameFile(_ from: String, _ to: String) -> Int32 {
  unsafe withPath(from) { from in unsafe withPath(to) { unsafe rename(from, $0) } }
}

/// What `stat` tells of a file.
package struct FileStatus: Hashable, Sendable {
  package enum Kind: Sendable { case regular, directory, fifo, socket, device, other }

  package var kind: Kind
  /// In bytes; only a regular file has one.
  package var size: Int
  /// Permission bits.
  package var mode: UInt32
  package var owner: UInt32
  package var group: UInt32
  package var device: UInt64
  package var inode: UInt64
  /// When its content was last changed, in nanoseconds since 1970…
  package var modified: Int64
  /// …and when its content, its name, its place or its owner was.
  package var changed: Int64

  /// Which file it is, whatever its names.
  package var id: FileID { FileID(device: device, inode: inode) }

  package func isSameFile(as other: FileStatus) -> Bool { id == other.id }

  /// Whether nobody has written to the file between the two.
  func hasSameContent(as other: FileStatus) -> Bool {
    id == other.id && size == other.size && modified == other.modified
  }

  init(_ raw: stat) {
    switch raw.st_mode & S_IFMT {
    case S_IFREG: kind = .regular
    case S_IFDIR: kind = .directory
    case S_IFIFO: kind = .fifo
    case S_IFSOCK: kind = .socket
    case S_IFCHR, S_IFBLK: kind = .device
    default: kind = .other
    }
    size = Int(raw.st_size)
    mode = raw.st_mode & 0o7777
    owner = raw.st_uid
    group = raw.st_gid
    device = UInt64(raw.st_dev)
    inode = UInt64(raw.st_ino)
    modified = Int64(raw.st_mtim.tv_sec) * 1_000_000_000 + Int64(raw.st_mtim.tv_nsec)
    changed = Int64(raw.st_ctim.tv_sec) * 1_000_000_000 + Int64(raw.st_ctim.tv_nsec)
  }
}

/// What tells a file from all others while it exists.
package struct FileID: Hashable, Sendable {
  var device: UInt64
  var inode: UInt64
}

/// An open file, closed with its last reference. One thread at a time.
package final class OpenFile {
  let descriptor: Int32
  private var isOpen: Bool

  private init(_ descriptor: Int32, isOpen: Bool) {
    self.descriptor = descriptor
    self.isOpen = isOpen
  }

  deinit {
    // What was written and matters has been closed by `close()`, which tells of errors.
    if isOpen { _ = closeFile(descriptor) }
  }

  /// A descriptor that is closed with the file.
  convenience init(taking descriptor: Int32) { self.init(descriptor, isOpen: true) }

  /// One of the process's own descriptors, which stays open.
  package static func standard(_ descriptor: Int32) -> OpenFile { OpenFile(descriptor, isOpen: false) }
  package static var input: OpenFile { standard(STDIN_FILENO) }
  package static var output: OpenFile { standard(STDOUT_FILENO) }
  package static var errors: OpenFile { standard(STDERR_FILENO) }

  package static func reading(_ path: String) throws(SystemError) -> OpenFile { try open(path, O_RDONLY, 0) }

  /// An existing device, FIFO or the like; nothing is created and nothing truncated.
  package static func writing(_ path: String) throws(SystemError) -> OpenFile { try open(path, O_WRONLY | O_NOCTTY, 0) }

  /// A new file; an error where there is one already, be it a link.
  package static func creating(_ path: String, mode: UInt32) throws(SystemError) -> OpenFile {
    try open(path, O_WRONLY | O_CREAT | O_EXCL, mode)
  }

  static func open(_ path: String, _ flags: Int32, _ mode: UInt32) throws(SystemError) -> OpenFile {
    while true {
      let descriptor = openFile(path, flags | O_CLOEXEC, mode)
      if descriptor >= 0 { return OpenFile(descriptor, isOpen: true) }
      if errno != EINTR { throw .last }
    }
  }

  package func status() throws(SystemError) -> FileStatus {
    var raw = stat()
    if unsafe fstat(descriptor, &raw) != 0 { throw .last }
    return FileStatus(raw)
  }

  package var isTerminal: Bool { isatty(descriptor) == 1 }

  /// The next bytes, at most `count`, as many as come at once; empty at the end.
  package func read(_ count: Int) throws(SystemError) -> [UInt8] {
    var failure: SystemError?
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      (filled, failure) = unsafe fill(UnsafeMutableBufferPointer(rebasing: buffer[..<count]), once: true)
    }
    if let failure { throw failure }
    return bytes
  }

  /// `start` and the next `count` bytes, fewer only at the end of the file, in an array of that size. Nothing is written
  /// twice.
  package func readFully(_ count: Int, after start: [UInt8] = []) throws(SystemError) -> [UInt8] {
    var failure: SystemError?
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: start.count + count) { buffer, filled in
      _ = unsafe buffer.update(fromContentsOf: start)
      (filled, failure) = unsafe fill(
        UnsafeMutableBufferPointer(rebasing: buffer[start.count..<(start.count + count)]), once: false)
      filled += start.count
    }
    if let failure { throw failure }
    return bytes
  }

  /// The last bytes of the file.
  func last(_ count: Int) throws(SystemError) -> [UInt8] {
    if lseek(descriptor, -off_t(count), SEEK_END) < 0 { throw .last }
    return try readFully(count)
  }

  private func fill(_ buffer: UnsafeMutableBufferPointer<UInt8>, once: Bool) -> (Int, SystemError?) {
    var filled = 0
    while filled < buffer.count {
      guard let base = buffer.baseAddress else { break }
      let got = unsafe readFile(descriptor, base + filled, buffer.count - filled)
      if got < 0 {
        if errno == EINTR { continue }
        return (filled, .last)
      }
      if got == 0 { break }
      filled += got
      if once { break }
    }
    return (filled, nil)
  }

  package func write(_ bytes: [UInt8]) throws(SystemError) {
    var written = 0
    while written < bytes.count {
      let got = unsafe bytes.withUnsafeBytes { buffer in
        unsafe buffer.baseAddress.map { unsafe writeFile(descriptor, $0 + written, buffer.count - written) } ?? 0
      }
      if got < 0 {
        if errno == EINTR { continue }
        if errno == EAGAIN {
          // Somebody else made the descriptor non-blocking: wait until it takes more.
          var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          _ = unsafe poll(&wait, 1, -1)
          continue
        }
        throw .last
      }
      written += got
    }
  }

  /// Waits until the device has what was written.
  package func sync() throws(SystemError) {
    while fsync(descriptor) != 0 {
      if errno == EINTR { continue }
      throw .last
    }
  }

  package func setMode(_ mode: UInt32) throws(SystemError) {
    if fchmod(descriptor, mode) != 0 { throw .last }
  }

  package func setOwner(_ owner: UInt32, group: UInt32) throws(SystemError) {
    if fchown(descriptor, owner, group) != 0 { throw .last }
  }

  /// Closes the file, and tells what only then comes out: a full quota of a network file system.
  package func close() throws(SystemError) {
    guard isOpen else { return }
    isOpen = false
    if closeFile(descriptor) != 0, errno != EINTR { throw .last }
  }
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
      _ = mallopt(M_TRIM_THRESHOLD, 64 << 20)
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

/// The files that are being written beside their places, so that an interrupted process leaves none behind.
package final class TemporaryFiles: Sendable {
  private let paths = Mutex<Set<String>>([])

  /// How the names of all of them begin.
  static let prefix = ".pprofconv-"
  /// What tells the files of one run from all others.
  let run = hexadecimal(UInt64.random(in: .min ... .max))
  private let count = Atomic(0)
  fileprivate let ignoresInterrupts = Atomic(false)

  package init() {}

  /// From now on an interrupt from the keyboard is none of ours: a program that was started takes it.
  package func ignoreInterrupts() { ignoresInterrupts.store(true, ordering: .relaxed) }

  /// Notes a new name in a folder, which ends in a slash or is empty.
  func add(in folder: String) -> String {
    let number = count.wrappingAdd(1, ordering: .relaxed).newValue
    let path = folder + Self.prefix + run + "-" + String(number) + ".tmp"
    add(path)
    return path
  }

  package func add(_ path: String) { paths.withLock { _ = $0.insert(path) } }

  /// Takes a file off the list without touching it.
  package func forget(_ path: String) { paths.withLock { _ = $0.remove(path) } }

  /// Renames a file of the list to its place. A signal finds it either on the list or in its place.
  package func rename(_ path: String, to target: String) throws(SystemError) {
    let failure = paths.withLock { paths -> SystemError? in
      do throws(SystemError) { try System.rename(path, to: target) } catch { return error }
      paths.remove(path)
      return nil
    }
    if let failure { throw failure }
  }

  /// Removes a file of the list.
  package func remove(_ path: String) {
    paths.withLock { paths in
      // Gone already, or on a disk that is gone: there is nothing left to do about it.
      do throws(SystemError) { try System.remove(path) } catch {}
      paths.remove(path)
    }
  }

  /// Removes them all and ends the process; nothing can be renamed in between.
  fileprivate func removeAll(thenExit code: Int32) -> Never {
    paths.withLock { paths in
      for path in paths { _ = unsafe withPath(path) { unsafe unlink($0) } }
      System.exitNow(code)
    }
  }
}

/// Signals that end a program. A thread of its own waits for them, removes the temporary files and exits with 128 + the
/// signal's number. For the command; a library has no business with the signals of its process.
package enum Signals {
  /// Starts to wait. Signals that the process was told to ignore (`nohup`) stay ignored. Writing to a closed pipe, or beyond the
  /// size that `ulimit -f` allows, becomes an error (EPIPE, EFBIG) instead of a signal.
  package static func watch(_ files: TemporaryFiles) {
    var waited = sigset_t()
    unsafe sigemptyset(&waited)
    for signal in [SIGINT, SIGTERM, SIGHUP] where !isIgnored(signal) { unsafe sigaddset(&waited, signal) }
    var blocked = waited
    unsafe sigaddset(&blocked, SIGPIPE)
    unsafe sigaddset(&blocked, SIGXFSZ)
    unsafe pthread_sigmask(SIG_BLOCK, &blocked, nil)
    let box = unsafe Unmanaged.passRetained(Watch(set: waited, files: files))
    var thread = pthread_t()
    let failed = unsafe pthread_create(&thread, nil, waitForever, box.toOpaque())
    if failed != 0 {
      // Without the thread nobody would take them: back to the default, which leaves a temporary file at worst.
      unsafe pthread_sigmask(SIG_UNBLOCK, &waited, nil)
      unsafe box.release()
    }
  }

  private static func isIgnored(_ signal: Int32) -> Bool {
    var action = sigaction()
    guard unsafe sigaction(signal, nil, &action) == 0 else { return false }
    return unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
      == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}

private final class Watch {
  var set: sigset_t
  let files: TemporaryFiles
  init(set: sigset_t, files: TemporaryFiles) {
    self.set = set
    self.files = files
  }
}

private func waitForever(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let context = unsafe context else { return nil }
  let watch = unsafe Unmanaged<Watch>.fromOpaque(context).takeRetainedValue()
  var signal: Int32 = 0
  repeat {
    while unsafe sigwait(&watch.set, &signal) != 0 {}
  } while signal == SIGINT && watch.files.ignoresInterrupts.load(ordering: .relaxed)
  watch.files.removeAll(thenExit: 128 + signal)
}
