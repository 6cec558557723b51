// System calls on open files: the rest of System.swift's, which says how they are wrapped.

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

// At file scope, since members of OpenFile hide the C functions' names.
private func openFile(_ path: String, _ flags: Int32, _ mode: UInt32) -> Int32 {
  unsafe withPath(path) { unsafe open($0, flags, mode) }
}
private func readFile(_ fd: Int32, _ to: UnsafeMutableRawPointer, _ count: Int) -> Int { unsafe read(fd, to, count) }
private func writeFile(_ fd: Int32, _ from: UnsafeRawPointer, _ count: Int) -> Int { unsafe write(fd, from, count) }
private func closeFile(_ fd: Int32) -> Int32 { close(fd) }
private func readFile(_ fd: Int32, _ to: UnsafeMutableRawPointer, _ count: Int, at offset: Int) -> Int {
  unsafe pread(fd, to, count, offset)
}

extension System {
  /// Takes the places of standard descriptors that are closed, before a file is opened and gets one: words for standard error
  /// would end up in it. Reading and writing them fails as it did.
  package static func fillStandardDescriptors() {
    for fd: Int32 in 0...2 where fcntl(fd, F_GETFD) == -1 && errno == EBADF {
      // The lowest free number is given. Where there is no /dev/null, nothing can be done.
      _ = openFile("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY, 0)
    }
  }
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
    modified = Self.nanoseconds(raw.st_mtim)
    changed = Self.nanoseconds(raw.st_ctim)
  }

  /// A file may be of the year 2262, or later, where 64 bits end.
  private static func nanoseconds(_ time: timespec) -> Int64 {
    Int64(clamping: Int128(time.tv_sec) * 1_000_000_000 + Int128(time.tv_nsec))
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

extension OpenFile {
  /// A file that grows: everything is written behind what is there, also by another process. Made if need be.
  static func appending(_ path: String) throws(SystemError) -> OpenFile {
    try open(path, O_RDWR | O_CREAT | O_APPEND, 0o666)
  }

  /// `count` bytes from `offset` on, fewer only at the end of the file. Where reading stands does not change.
  func read(_ count: Int, at offset: Int) throws(SystemError) -> [UInt8] {
    var failure: SystemError?
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count, let base = buffer.baseAddress {
        let got = unsafe readFile(descriptor, base + filled, count - filled, at: offset + filled)
        if got < 0, errno == EINTR { continue }
        if got < 0 { failure = .last }
        if got <= 0 { break }
        filled += got
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// How many characters a line of the terminal has; nil where it is none, or does not tell.
  package var columns: Int? {
    var size = winsize()
    guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }
}
