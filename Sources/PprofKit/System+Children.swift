// Other programs: the rest of System.swift's, which says how system calls are wrapped.

#if canImport(Glibc)
  internal import CLinux
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// A program that was started, with a pipe to its input, and perhaps one from its output. Errors go to ours.
package final class ChildProcess {
  private let id: pid_t
  private var input: OpenFile?
  private let output: OpenFile?

  /// Starts a program, which is searched as the shell does.
  ///
  /// - Parameter capturesOutput: whether ``finish()`` gives its output; it goes to ours otherwise.
  package init(_ words: [String], capturesOutput: Bool = false) throws(SystemError) {
    let toChild = try OpenFile.pipe()
    let fromChild = capturesOutput ? try OpenFile.pipe() : nil
    id = try Self.spawn(words, input: toChild.reading, output: fromChild?.writing)
    input = toChild.writing
    output = fromChild?.reading
  }

  private static func spawn(_ words: [String], input: OpenFile, output: OpenFile?) throws(SystemError) -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    // The others close by themselves when the program begins.
    unsafe posix_spawn_file_actions_adddup2(&actions, input.descriptor, STDIN_FILENO)
    if let output { unsafe posix_spawn_file_actions_adddup2(&actions, output.descriptor, STDOUT_FILENO) }
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    // Signals that we wait for ourselves are its own again.
    var none = sigset_t()
    unsafe sigemptyset(&none)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    var arguments = unsafe words.map { unsafe strdup($0) } + [nil]
    defer { for i in unsafe arguments.indices { unsafe free(arguments[i]) } }
    var id = pid_t()
    let code = unsafe posix_spawnp(&id, words[0], &actions, &attributes, &arguments, environ)
    if code != 0 { throw SystemError(code: code) }
    return id
  }

  /// - Throws: `brokenPipe`, where it reads no more.
  package func write(_ bytes: [UInt8]) throws(SystemError) { try input?.write(bytes) }

  /// Tells it that there is no more, and waits for its end.
  ///
  /// - Returns: what it wrote, where that is captured, and its exit code; 128 and more where a signal ended it.
  package func finish() throws(SystemError) -> (output: [UInt8], code: Int32) {
    try input?.close()
    input = nil
    var bytes: [UInt8] = []
    while let output {
      let piece = try output.readFully(1 << 16)
      if piece.isEmpty { break }
      bytes += piece
    }
    var status: Int32 = 0
    while unsafe waitpid(id, &status, 0) < 0 {
      if errno != EINTR { throw .last }
    }
    return (bytes, status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f)
  }
}

extension OpenFile {
  /// Both ends are closed when another program begins.
  fileprivate static func pipe() throws(SystemError) -> (reading: OpenFile, writing: OpenFile) {
    var ends: [Int32] = [0, 0]
    if unsafe pipe2(&ends, O_CLOEXEC) != 0 { throw .last }
    return (OpenFile(taking: ends[0]), OpenFile(taking: ends[1]))
  }

  /// How many lines the terminal has; nil where it is none, or does not tell.
  package var terminalLines: Int? {
    var size = winsize()
    guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 0 else { return nil }
    return Int(size.ws_row)
  }
}

extension System {
  /// The folder that relative names begin at.
  package static var workingDirectory: String? {
    guard let path = unsafe getcwd(nil, 0) else { return nil }
    defer { unsafe free(path) }
    return unsafe String(cString: path)
  }
}
