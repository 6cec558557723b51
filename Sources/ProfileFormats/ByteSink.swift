public import ProfileModel

/// Where a writer's bytes go: collected in ``buffer`` and handed on in large pieces.
///
/// A writer appends to ``buffer`` and calls ``flushIfLarge()`` now and then (once a record), and leaves the last flush to
/// the caller.
public struct ByteSink: ~Copyable {
  public typealias Push = ([UInt8]) throws(ProfileError) -> Void

  public var buffer: [UInt8] = []
  private let push: Push?
  /// Small enough for the cache: what is written here is read once more, by the system.
  private let threshold = 1 << 18

  /// Keeps everything in ``buffer``.
  public init() { push = nil }

  /// Hands pieces on.
  ///
  /// - Parameter push: called with each, none of them empty; what it throws ends the writing.
  public init(push: @escaping Push) { self.push = push }

  /// Where pieces go; nil where everything is kept.
  package var destination: Push? { push }

  /// Hands on what is there if it is a quarter of a megabyte. Costs a comparison where it is not.
  @inline(__always)
  public mutating func flushIfLarge() throws(ProfileError) {
    if buffer.count >= threshold, push != nil { try flush() }
  }

  /// Hands on what is there; ``buffer`` keeps its room. Does nothing where everything is kept.
  public mutating func flush() throws(ProfileError) {
    guard let push, !buffer.isEmpty else { return }
    try push(buffer)
    buffer.removeAll(keepingCapacity: true)
  }
}
