// Signals, and the files that must go when one ends the process: the rest of System.swift's, which says how system calls are
// wrapped.

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif
internal import Synchronization

/// The files that are being written beside their places, so that an interrupted process leaves none behind.
package final class TemporaryFiles: Sendable {
  private let paths = Mutex<Set<String>>([])

  /// How the names of all of them begin.
  static let prefix = ".pprofconv-"
  /// What tells the files of one run from all others.
  let run = hexadecimal(TemporaryFiles.first &+ TemporaryFiles.made.wrappingAdd(1, ordering: .relaxed).newValue)
  /// Drawn once: every conversion makes one of these, and a draw is a system call.
  private static let first = UInt64.random(in: .min ... .max)
  /// How many were made. Nothing that is written depends on it but the names of files that are renamed.
  private static let made = Atomic<UInt64>(0)
  private let count = Atomic(0)
  fileprivate let ignoresInterrupts = Atomic(false)

  package init() {}

  /// Whether an interrupt from the keyboard is none of ours: a program that was started takes it.
  package func ignoreInterrupts(_ ignores: Bool) { ignoresInterrupts.store(ignores, ordering: .relaxed) }

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
  ///
  /// - Parameter replaces: else an error says that something is there.
  package func rename(_ path: String, to target: String, replaces: Bool = true) throws(SystemError) {
    let failure = paths.withLock { paths -> SystemError? in
      do throws(SystemError) {
        if replaces { try System.rename(path, to: target) } else { try System.rename(path, toNew: target) }
      } catch {
        return error
      }
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
