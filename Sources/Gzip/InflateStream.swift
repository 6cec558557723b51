/// Inflates gzip data that comes in pieces, member after member, in memory that does not grow with it.
///
///     var stream = try InflateStream(maximumSize: limit)
///     while let chunk = read() {
///       stream.feed(chunk)
///       while let piece = try stream.next() { use(piece) }
///     }
///     try stream.finish()
///
/// What was inflated before a damaged place is given out before the error is thrown, so whoever keeps the pieces has
/// recovered it.
public struct InflateStream: ~Copyable {
  private var inflater: MemberInflater
  private let maximumSize: Int
  private let pieceSize: Int
  private var input: [UInt8] = []
  private var position = 0
  private var failure: GzipError?

  /// - Parameters:
  ///   - maximumSize: How many bytes may come out altogether; one more is the error `limit`.
  ///   - pieceSize: The largest piece that ``next()`` gives.
  /// - Throws: `noMemory`.
  public init(maximumSize: Int, pieceSize: Int = 1 << 20) throws(GzipError) {
    guard let inflater = MemberInflater() else { throw GzipError(.noMemory, offset: 0) }
    self.inflater = inflater
    self.maximumSize = max(0, maximumSize)
    self.pieceSize = max(1, pieceSize)
  }

  /// Compressed bytes taken so far.
  public var consumed: Int { inflater.consumed }

  /// Inflated bytes given out so far.
  public var produced: Int { min(inflater.produced, maximumSize) }

  /// Where the members ended that are whole.
  public var ends: [Gzip.MemberEnd] { inflater.ends }

  /// Whether the data may end here: behind a whole member, with nothing left of what was fed.
  public var isAtEnd: Bool { failure == nil && inflater.isAtEnd && position == input.count }

  /// Gives the next compressed bytes. Cheap once ``next()`` has returned nil.
  public mutating func feed(_ chunk: [UInt8]) {
    if position == input.count {
      input = chunk
    } else {
      input.removeFirst(position)
      input.append(contentsOf: chunk)
    }
    position = 0
  }

  /// The next inflated bytes, at least one and at most `pieceSize`; nil where what was fed is used up.
  ///
  /// - Throws: What is wrong with the data, again on every later call.
  public mutating func next() throws(GzipError) -> [UInt8]? {
    if let failure { throw failure }
    // One byte over the limit tells data that reaches it from data that goes beyond.
    let left = maximumSize - inflater.produced
    let room = left < pieceSize ? left + 1 : pieceSize
    let (outcome, piece) = fill(room)
    switch outcome {
    case .failed(let error): failure = error
    case .needInput:
      input = []
      position = 0
    case .full: break
    }
    return try give(piece)
  }

  /// Says that no more comes.
  ///
  /// - Throws: `truncated` where the data ended inside a member or there was none; else what ``next()`` threw.
  public mutating func finish() throws(GzipError) {
    if let failure { throw failure }
    if isAtEnd { return }
    let error = inflater.truncated()
    failure = error
    throw error
  }

  private mutating func give(_ piece: consuming [UInt8]) throws(GzipError) -> [UInt8]? {
    if inflater.produced > maximumSize {
      failure = GzipError(.limit(maximumSize), offset: consumed, inflated: maximumSize)
      piece.removeLast()
    }
    if piece.isEmpty {
      if let failure { throw failure }
      return nil
    }
    return piece
  }

  private mutating func fill(_ room: Int) -> (MemberInflater.Outcome, [UInt8]) {
    let input = self.input
    var position = self.position
    var outcome = MemberInflater.Outcome.needInput
    // Deflate makes at most 1032 bytes of one; what zlib holds back is less than 64 KiB.
    let capacity = min(room, (input.count - position) * 1032 + 65_536)
    let piece = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
      outcome = unsafe inflater.run(
        input.span, from: &position, into: UnsafeMutableBufferPointer(rebasing: buffer[..<capacity]), count: &count)
    }
    self.position = position
    return (outcome, piece)
  }
}
