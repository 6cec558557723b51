import ProfileModel

/// The records of a CPU profile, as they stand in the file. Memory grows with the addresses, eight bytes each.
struct CPURecords {
  private(set) var counts: [UInt64] = []
  /// Addresses of all records, leaf first.
  var addresses: [UInt64] = []
  /// Where the addresses of each record end.
  var ends: [Int] = []
  /// Where in the file the text behind the records begins.
  private(set) var textOffset = 0

  func range(_ record: Int) -> Range<Int> { (record == 0 ? 0 : ends[record - 1])..<ends[record] }

  /// Reads the records up to the end marker, or the end of the file where there is none; the text behind them is what
  /// `source` has next.
  init(_ header: CPUBinary.Header, _ source: inout ByteSource, _ diagnostics: inout Diagnostics) throws(ProfileError) {
    var words = CPUWords(header.layout)
    try words.skip(header.size, &source)
    while true {
      let start = words.offset
      guard let count = try words.next(&source) else {
        if words.rest > 0 { throw Self.cut(at: start) }
        diagnostics.addLoss(
          kind: "no-end-marker",
          "the profile ends without its end marker and memory map: its program did not finish it",
          at: .byte(start))
        break
      }
      guard let depth = try words.next(&source) else { throw Self.cut(at: start) }
      let first = addresses.count
      let offset = words.offset
      var missing = depth
      while missing > 0, let address = try words.next(&source) {
        addresses.append(address)
        missing -= 1
      }
      if missing > 0 {
        // pprof looks for four bytes an address and takes what is not there for 0.
        guard depth <= UInt64(words.offset - offset + words.rest) / 4 else { throw Self.cut(at: start) }
        diagnostics.addLoss(
          kind: "cut-record",
          "the file ends in the last stack: \(missing) of its \(depth) addresses are missing and read as 0",
          at: .byte(start))
        addresses.append(contentsOf: repeatElement(0, count: Int(missing)))
        words.dropRest()
      }
      if count == 0, depth == 1, addresses[first] == 0 {
        addresses.removeLast()
        break
      }
      counts.append(count)
      ends.append(addresses.count)
    }
    textOffset = words.offset
    source.giveBack(words.remaining)
  }

  private static func cut(at offset: Int) -> ProfileError {
    ProfileError(
      .truncated, "the CPU profile ends in the middle of a record", at: .byte(offset),
      hint: "the copy was cut off, or the program is still writing it: fetch it again")
  }
}

/// Words from the chunks of a source.
private struct CPUWords {
  private let layout: CPUBinary.Layout
  private var buffer: [UInt8] = []
  private var at = 0
  /// Of `buffer` in the file.
  private var base = 0

  init(_ layout: CPUBinary.Layout) { self.layout = layout }

  /// Where in the file the next word begins.
  var offset: Int { base + at }
  /// Bytes at the end that make no word.
  var rest: Int { buffer.count - at }
  /// What was taken from the source and not read.
  var remaining: ArraySlice<UInt8> { buffer[at...] }

  mutating func dropRest() { at = buffer.count }

  /// nil: fewer bytes are left than a word has.
  mutating func next(_ source: inout ByteSource) throws(ProfileError) -> UInt64? {
    if at + layout.width > buffer.count, try !more(&source) { return nil }
    let word = layout.word(buffer.span, at: at)
    at += layout.width
    return word
  }

  mutating func skip(_ count: Int, _ source: inout ByteSource) throws(ProfileError) {
    while buffer.count < count, try more(&source, atLeast: count) {}
    at = min(count, buffer.count)
  }

  private mutating func more(_ source: inout ByteSource, atLeast count: Int? = nil) throws(ProfileError) -> Bool {
    while buffer.count - at < count ?? layout.width {
      let chunk = try source.next()
      if chunk.isEmpty { return false }
      base += at
      buffer = at == buffer.count ? chunk : Array(buffer[at...]) + chunk
      at = 0
    }
    return true
  }
}
