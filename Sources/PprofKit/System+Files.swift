// System calls for files that are read here and there or grow at their end, and for terminals: the rest of System.swift's,
// which says how they are wrapped.

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

// At file scope, since members of OpenFile hide the C functions' names.
private func readFile(_ fd: Int32, _ to: UnsafeMutableRawPointer, _ count: Int, at offset: Int) -> Int {
  unsafe pread(fd, to, count, offset)
}

extension OpenFile {
  /// A file that grows: everything is written behind what is there, also by another process. Made if need be.
  static func appending(_ path: String) throws(SystemError) -> OpenFile {
    try open(path, O_RDWR | O_CREAT | O_APPEND, 0o666)
  }

  /// Leaves nothing in the file.
  func truncate() throws(SystemError) {
    if ftruncate(descriptor, 0) != 0 { throw .last }
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
