internal import Dispatch
internal import ProfileModel

/// Makes the pieces of a long input on a thread of its own, one ahead of whoever takes them: a large text is read (and
/// inflated) while the piece before is parsed. A short one never starts a thread.
///
/// Sendable by turns: between a start and the wait for it only the queue touches what is here, and what `produce` captured;
/// at all other times only the taker does.
final class ReadAhead: @unchecked Sendable {
  typealias Produce = () throws(ProfileError) -> [UInt8]

  private let produce: Produce
  private let queue = DispatchQueue(label: "pprofconv.read-ahead")
  private let ready = DispatchSemaphore(value: 0)
  private var ahead: Result<[UInt8], ProfileError>?
  private var isAhead = false
  private var given = 0

  /// A text of fewer bytes is read on the taker's own thread: it is done before another one has started.
  static let longText = 32 << 20

  private let threshold: Int

  init(behind threshold: Int = longText, _ produce: @escaping Produce) {
    self.produce = produce
    self.threshold = threshold
  }

  /// The next piece, empty at the end. After that, or after an error, it must not be called again.
  func next() throws(ProfileError) -> [UInt8] {
    guard isAhead else {
      let piece = try produce()
      given += piece.count
      if given >= threshold, !piece.isEmpty { start() }
      return piece
    }
    ready.wait()
    isAhead = false
    guard let result = ahead else { return [] }
    ahead = nil
    let piece = try result.get()
    if !piece.isEmpty { start() }
    return piece
  }

  private func start() {
    isAhead = true
    queue.async { [self] in
      do throws(ProfileError) { ahead = .success(try produce()) } catch { ahead = .failure(error) }
      ready.signal()
    }
  }
}
