extension Gzip {
  /// Inflates a whole gzip file, all its members in a row.
  ///
  /// Memory: the result, and the room of the first guess where that was too small. A length that the file claims is believed
  /// as far as profiles go; before anything larger is taken, the data is inflated once without keeping it.
  ///
  /// - Parameters:
  ///   - data: The whole file.
  ///   - maximumSize: How many bytes may come out; one more is the error `limit`.
  ///   - extraCapacity: Room kept free behind the result, so that a reader can append without a copy.
  /// - Throws: What is wrong with the data. What stood before the damage can be had from ``InflateStream``.
  public static func inflate(
    _ data: Span<UInt8>, maximumSize: Int, extraCapacity: Int = 0
  ) throws(GzipError) -> [UInt8] {
    let room = InflateRoom(data, maximumSize: max(0, maximumSize), extra: max(0, extraCapacity))
    #if LIBDEFLATE
      if var inflater = DeflateWholeInflater() {
        if let result = try collect(data, room, &inflater) { return result }
      }
    #endif
    return try inflateWithZlib(data, room)
  }

  /// Inflates a whole gzip file; see ``inflate(_:maximumSize:extraCapacity:)-(Span<UInt8>,_,_)``.
  public static func inflate(
    _ data: [UInt8], maximumSize: Int, extraCapacity: Int = 0
  ) throws(GzipError) -> [UInt8] {
    try inflate(data.span, maximumSize: maximumSize, extraCapacity: extraCapacity)
  }

  /// The beginning of what was inflated.
  public struct Prefix: Sendable {
    public var bytes: [UInt8]
    /// Whether these bytes are all that the data given inflates to, and that ended behind a member.
    public var isWhole: Bool
    /// What was wrong behind these bytes. That the data ends in the middle is not wrong of a prefix.
    public var error: GzipError?
  }

  /// Inflates no more than the first `count` bytes of data that may itself be the beginning of a file. For detection.
  public static func inflatePrefix(_ data: Span<UInt8>, count: Int) -> Prefix {
    guard var inflater = MemberInflater() else {
      return Prefix(bytes: [], isWhole: false, error: GzipError(.noMemory, offset: 0))
    }
    var position = 0
    var outcome = MemberInflater.Outcome.full
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: max(0, count)) { buffer, filled in
      let room = unsafe UnsafeMutableBufferPointer(rebasing: buffer[..<max(0, count)])
      outcome = unsafe inflater.run(data, from: &position, into: room, count: &filled)
    }
    switch outcome {
    case .needInput: return Prefix(bytes: bytes, isWhole: inflater.isAtEnd, error: nil)
    case .full: return Prefix(bytes: bytes, isWhole: false, error: nil)
    case .failed(let error): return Prefix(bytes: bytes, isWhole: false, error: error)
    }
  }

  static func inflateWithZlib(_ data: Span<UInt8>, _ room: InflateRoom) throws(GzipError) -> [UInt8] {
    var inflater = try ZlibWholeInflater()
    guard let result = try collect(data, room, &inflater) else {
      throw GzipError(.damaged(.data), offset: inflater.consumed)
    }
    return result
  }

  /// Fills an array, as large as the guess and larger where it must be.
  ///
  /// - Returns: nil where libdeflate refuses, which says nothing yet of the data.
  private static func collect<Inflater: WholeInflater & ~Copyable>(
    _ data: Span<UInt8>, _ room: InflateRoom, _ inflater: inout Inflater
  ) throws(GzipError) -> [UInt8]? {
    var result: [UInt8] = []
    var capacity = try room.first(data)
    while true {
      try room.probe(capacity)
      var kept: [UInt8] = []
      swap(&kept, &result)
      var outcome = WholeOutcome.full
      result = unsafe [UInt8](unsafeUninitializedCapacity: capacity + room.extra) { buffer, count in
        count = kept.count
        _ = unsafe buffer.update(fromContentsOf: kept)
        kept = []
        let free = unsafe UnsafeMutableBufferPointer(rebasing: buffer[count..<capacity])
        var filled = 0
        outcome = unsafe inflater.fill(from: data, free, count: &filled)
        count += filled
      }
      switch outcome {
      case .end: return result
      case .failed(let error):
        if Inflater.self == ZlibWholeInflater.self { throw error }
        return nil
      case .full:
        guard let more = try room.next(data, after: capacity, consumed: inflater.consumed, produced: result.count)
        else {
          return nil
        }
        capacity = more
      }
    }
  }
}
