import ProfileModel

/// `goroutine 7 gp=0xc0001 m=nil [chan receive, 2 minutes] {url: "a b"}:`
struct TracebackHeader {
  var id: Int64
  var gp: Range<Int>?
  var m: Range<Int>?
  var mp: Range<Int>?
  /// What stands in the brackets.
  var status: Range<Int>
  /// What stands in the braces.
  var labels: Range<Int>?

  static let word: StaticString = "goroutine "
  /// Bytes in the brackets. Go prints some dozens; a line of many headers' beginnings is not to be searched to its end for
  /// each of them.
  private static let maxStatus = 4096

  /// nil where `range` is no header from its first byte to its last.
  init?(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    let end = range.upperBound
    guard range.count > 14, bytes[end - 1] == UInt8(ascii: ":"), TextBytes.has(Self.word, bytes, at: range.lowerBound)
    else { return nil }
    var at = range.lowerBound + Self.word.utf8CodeUnitCount
    let digits = TextBytes.digits(bytes, from: at, to: end)
    guard let id = TextBytes.decimal(bytes, at..<digits) else { return nil }
    self.id = id
    at = digits
    while at + 1 < end, bytes[at] == 0x20, bytes[at + 1] != UInt8(ascii: "[") {
      let start = at + 1
      guard let (name, value) = Self.assignment(bytes, start..<end) else { return nil }
      switch name {
      case .gp: gp = value
      case .m: m = value
      case .mp: mp = value
      }
      at = value.upperBound
    }
    guard at + 1 < end, bytes[at] == 0x20, bytes[at + 1] == UInt8(ascii: "[") else { return nil }
    let open = at + 2
    at = open
    let limit = min(end, open + Self.maxStatus)
    while at < limit, bytes[at] != UInt8(ascii: "]") { at += 1 }
    guard at < limit, at + 1 < end, at > open else { return nil }
    status = open..<at
    at += 1
    if at == end - 1 { return }
    guard at + 3 < end, bytes[at] == 0x20, bytes[at + 1] == UInt8(ascii: "{"), bytes[end - 2] == UInt8(ascii: "}")
    else {
      return nil
    }
    labels = at + 2..<end - 2
  }

  private enum Name { case gp, m, mp }

  /// `gp=0xc0001`, up to the next blank.
  private static func assignment(_ bytes: Span<UInt8>, _ range: Range<Int>) -> (Name, Range<Int>)? {
    let names: [(StaticString, Name)] = [("gp=", .gp), ("m=", .m), ("mp=", .mp)]
    for (text, name) in names where TextBytes.has(text, bytes, at: range.lowerBound) {
      let start = range.lowerBound + text.utf8CodeUnitCount
      var end = start
      while end < range.upperBound, bytes[end] != 0x20 { end += 1 }
      return end > start && end < range.upperBound ? (name, start..<end) : nil
    }
    return nil
  }

  /// Where a header begins in a line, whatever stands before it; nil where there is none.
  static func find(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
    if range.isEmpty || bytes[range.upperBound - 1] != UInt8(ascii: ":") { return nil }
    var from = range.lowerBound
    while let at = TextBytes.find(word, in: bytes, from..<range.upperBound) {
      // A word of its own: not `[originating from goroutine 1]:`, and not `mygoroutine `.
      if at == range.lowerBound || !isWord(bytes[at - 1]) {
        if TracebackHeader(bytes, at..<range.upperBound) != nil { return at }
      }
      from = at + 1
    }
    return nil
  }

  /// Whether a line begins like a header; of one that is none the end is missing, or damaged.
  static func isBegun(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard bytes[range.lowerBound] == UInt8(ascii: "g"), TextBytes.has(word, bytes, at: range.lowerBound) else {
      return false
    }
    let digit = range.lowerBound + word.utf8CodeUnitCount
    return digit < range.upperBound && TextBytes.isDigit(bytes[digit])
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    TextBytes.isDigit(byte) || (byte | 0x20) &- 0x61 < 26 || byte == UInt8(ascii: "_") || byte >= 0x80
  }
}

/// What stands in the brackets of a header, piece by piece: pieces are separated by `, ` outside of parentheses.
struct TracebackStatus {
  /// `chan send (nil chan)`
  var state: Range<Int>
  /// Marks behind the state, in their order.
  var marks: [String] = []
  var minutes: Int64?
  var isLocked = false
  var bubble: Int64?
  /// Pieces that this version has no name for.
  var others: [Range<Int>] = []

  init(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    var pieces: [Range<Int>] = []
    var depth = 0
    var start = range.lowerBound
    var at = start
    while at < range.upperBound {
      switch bytes[at] {
      case UInt8(ascii: "("): depth += 1
      case UInt8(ascii: ")"): depth -= 1
      case UInt8(ascii: ",") where depth <= 0 && at + 1 < range.upperBound && bytes[at + 1] == 0x20:
        pieces.append(start..<at)
        start = at + 2
        at += 1
      default: break
      }
      at += 1
    }
    state = pieces.first ?? start..<range.upperBound
    if !pieces.isEmpty { pieces.append(start..<range.upperBound) }
    stripMarks(bytes)
    for piece in pieces.dropFirst() { take(bytes, piece) }
  }

  private mutating func stripMarks(_ bytes: Span<UInt8>) {
    let known: [(StaticString, String)] = [
      (" (leaked)", Traceback.leaked), (" (scan)", Traceback.scan), (" (durable)", Traceback.durable),
    ]
    while bytes[state.upperBound - 1] == UInt8(ascii: ")") {
      let found = known.first { text, _ in
        state.count > text.utf8CodeUnitCount
          && TextBytes.has(text, bytes, at: state.upperBound - text.utf8CodeUnitCount)
      }
      guard let found else { return }
      marks.insert(found.1, at: 0)
      state = state.lowerBound..<state.upperBound - found.0.utf8CodeUnitCount
    }
  }

  private mutating func take(_ bytes: Span<UInt8>, _ piece: Range<Int>) {
    let bubbleText: StaticString = "synctest bubble "
    let minutesText: StaticString = " minutes"
    let digits = TextBytes.digits(bytes, from: piece.lowerBound, to: piece.upperBound)
    let isExactly = { (text: StaticString, bytes: Span<UInt8>, at: Int) in
      TextBytes.has(text, bytes, at: at) && at + text.utf8CodeUnitCount == piece.upperBound
    }
    if minutes == nil, isExactly(minutesText, bytes, digits),
      let value = TextBytes.decimal(bytes, piece.lowerBound..<digits)
    {
      minutes = value
    } else if !isLocked, isExactly("locked to thread", bytes, piece.lowerBound) {
      isLocked = true
    } else if bubble == nil, TextBytes.has(bubbleText, bytes, at: piece.lowerBound),
      let value = TextBytes.decimal(bytes, piece.lowerBound + bubbleText.utf8CodeUnitCount..<piece.upperBound)
    {
      bubble = value
    } else {
      others.append(piece)
    }
  }
}
