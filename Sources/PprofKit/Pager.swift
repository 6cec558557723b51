internal import ProfileModel

/// Standard output when somebody looks at it: what is longer than the terminal goes to `$PAGER`, or else to `less -FRX`. An
/// empty `$PAGER` is none.
package final class Pager {
  private let lines: Int
  private let words: [String]
  private let temporaries: TemporaryFiles
  private var waiting: [UInt8] = []
  private var waitingLines = 0
  private var child: ChildProcess?
  /// Whether there is none after all.
  private var isDirect = false {
    didSet { temporaries.ignoreInterrupts(!isDirect) }
  }
  /// What the pager was given, until it must have read some of it: one that cannot be started has read nothing.
  private var passed: [UInt8]? = []
  /// Whether the pager was left before it had everything.
  package private(set) var isLeft = false

  /// nil where standard output is no terminal, or one that does not tell its height.
  package init?(_ temporaries: TemporaryFiles) {
    guard let lines = OpenFile.output.terminalLines else { return nil }
    let named = System.environment("PAGER")
    if named?.isEmpty == true { return nil }
    words = named.map { ["sh", "-c", $0] } ?? ["less", "-FRX"]
    self.lines = lines
    self.temporaries = temporaries
  }

  package func write(_ bytes: [UInt8]) throws(ProfileError) {
    if isDirect { return try Self.write(bytes, to: OpenFile.output.write) }
    if let child { return try pass(bytes, to: child) }
    waiting += bytes
    waitingLines += bytes.count { $0 == UInt8(ascii: "\n") }
    if waitingLines >= lines { try start() }
  }

  /// Shows what is left, and waits until it has been looked at.
  package func finish() throws(ProfileError) {
    guard let child else { return try Self.write(waiting, to: OpenFile.output.write) }
    _ = try wasStarted(child)
  }

  private func start() throws(ProfileError) {
    // What the keys mean is the pager's business.
    temporaries.ignoreInterrupts(true)
    do throws(SystemError) { child = try ChildProcess(words) } catch { isDirect = true }
    let bytes = waiting
    waiting = []
    try write(bytes)
  }

  private func pass(_ bytes: [UInt8], to child: ChildProcess) throws(ProfileError) {
    // A pipe holds 64 KiB that nobody has read.
    if let before = passed { passed = before.count <= 1 << 16 ? before + bytes : nil }
    do throws(SystemError) { try child.write(bytes) } catch {
      if error != .brokenPipe { throw Self.failure(error) }
      if try !wasStarted(child) { return }
      isLeft = true
      throw Self.failure(error)
    }
  }

  /// Waits for the pager's end. Where the shell could not start it, which it has said itself, the report is shown without.
  /// Whoever leaves a pager early has seen enough, and any other exit code of its says nothing of the report.
  private func wasStarted(_ child: ChildProcess) throws(ProfileError) -> Bool {
    let code: Int32
    do throws(SystemError) { code = try child.finish().code } catch { throw Self.failure(error) }
    self.child = nil
    guard let passed, code == 126 || code == 127 else { return true }
    isDirect = true
    try Self.write(passed, to: OpenFile.output.write)
    return false
  }

  private static func write(_ bytes: [UInt8], to push: ([UInt8]) throws(SystemError) -> Void) throws(ProfileError) {
    do throws(SystemError) { try push(bytes) } catch { throw failure(error) }
  }

  private static func failure(_ error: SystemError) -> ProfileError {
    error == .brokenPipe
      ? ProfileError(.closedPipe, "nobody reads it any more", file: "<stdout>")
      : ProfileError(.unwritable, "cannot write: " + error.words, file: "<stdout>")
  }
}
