public import ProfileModel

/// Where a reader's bytes come from: chunk by chunk, so that a text of any size needs no more memory than a chunk.
///
/// Inflated already, if it was gzip; decoded already, if it was UTF-16.
public struct ByteSource: ~Copyable {
  /// Gives the next bytes, an empty array at the end.
  public typealias Pull = () throws(ProfileError) -> [UInt8]

  /// What was read ahead and not yet given out.
  private var ahead: [UInt8]
  private let pull: Pull?
  private var atEnd: Bool
  /// The size of the whole input, where known; a hint for reservations and no promise.
  public let sizeHint: Int?

  /// All of the input.
  public init(_ bytes: [UInt8]) {
    ahead = bytes
    pull = nil
    atEnd = true
    sizeHint = bytes.count
  }

  /// - Parameter pull: called until it gives nothing, each time when what it gave before is used up.
  public init(sizeHint: Int? = nil, pull: @escaping Pull) {
    ahead = []
    self.pull = pull
    atEnd = false
    self.sizeHint = sizeHint
  }

  /// Reads ahead until `count` bytes are there or the input ends; says whether it ended, which makes ``prefix`` the whole.
  public mutating func fill(_ count: Int) throws(ProfileError) -> Bool {
    while ahead.count < count, !atEnd, let pull {
      let chunk = try pull()
      if chunk.isEmpty { atEnd = true } else if ahead.isEmpty { ahead = chunk } else { ahead.append(contentsOf: chunk) }
    }
    return atEnd
  }

  /// What has been read ahead.
  public var prefix: Span<UInt8> {
    @_lifetime(borrow self)
    get { ahead.span }
  }

  /// Puts bytes that were taken, and not used, before what comes next.
  mutating func giveBack(_ bytes: some Sequence<UInt8>) { ahead = Array(bytes) + ahead }

  /// The next bytes, as many as come at once; empty at the end.
  public mutating func next() throws(ProfileError) -> [UInt8] {
    if !ahead.isEmpty {
      var chunk: [UInt8] = []
      swap(&chunk, &ahead)
      return chunk
    }
    guard !atEnd, let pull else { return [] }
    let chunk = try pull()
    if chunk.isEmpty { atEnd = true }
    return chunk
  }

  /// All that is left, in one piece.
  public mutating func readAll() throws(ProfileError) -> [UInt8] {
    var all = try next()
    while true {
      let chunk = try next()
      if chunk.isEmpty { return all }
      all.append(contentsOf: chunk)
    }
  }
}
