internal import ProfileModel

/// Standard output when somebody looks at it: what is longer than the terminal goes to `$PAGER`, or else to `less -FRX`.
package final class Pager {
  private let lines: Int
  private let temporaries: TemporaryFiles
  private var waiting: [UInt8] = []
  private var waitingLines = 0
  private var child: ChildProcess?
  private var isDirect = false

  /// nil where standard output is no terminal, or one that does not tell its height.
  package init?(_ temporaries: TemporaryFiles) {
    guard let lines = OpenFile.output.terminalLines else { return nil }
    self.lines = lines
    self.temporaries = temporaries
  }

  package func write(_ bytes: [UInt8]) throws(ProfileError) {
    if isDirect { return try Self.write(bytes, to: OpenFile.output.write) }
    if let child { return try Self.write(bytes, to: child.write) }
    waiting += bytes
    waitingLines += bytes.count { $0 == UInt8(ascii: "\n") }
    if waitingLines >= lines { try start() }
  }

  /// Shows what is left, and waits until it has been looked at.
  package func finish() throws(ProfileError) {
    if child == nil { return try Self.write(waiting, to: OpenFile.output.write) }
    // Whoever leaves the pager early has seen enough, and its exit code says nothing of the report.
    do throws(SystemError) { _ = try child?.finish() } catch { throw Self.failure(error) }
  }

  private func start() throws(ProfileError) {
    let words = System.environment("PAGER").flatMap { $0.isEmpty ? nil : ["sh", "-c", $0] } ?? ["less", "-FRX"]
    // What the keys mean is the pager's business.
    temporaries.ignoreInterrupts()
    do throws(SystemError) { child = try ChildProcess(words) } catch { isDirect = true }
    let bytes = waiting
    waiting = []
    try write(bytes)
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
