/// What a line is indented by: a tab, or what editors, chats and syslog make of it.
enum TracebackIndent {
  /// What stands behind the tab; nil where a line has none.
  @inline(__always)
  static func end(_ bytes: Span<UInt8>, _ text: Range<Int>) -> Range<Int>? {
    let first = bytes[text.lowerBound]
    if first == 0x09 || first == 0x20 {
      var at = text.lowerBound
      while at < text.upperBound, bytes[at] == 0x09 || bytes[at] == 0x20 { at &+= 1 }
      return at..<text.upperBound
    }
    if first == UInt8(ascii: "#"), TextBytes.has("#011", bytes, at: text.lowerBound), text.count > 4 {
      return text.lowerBound + 4..<text.upperBound
    }
    return nil
  }
}

/// The line of a function: `main.(*T).f(0x1, {0x2, ...})`.
struct TracebackFunction {
  var name: Range<Int>
  var hasParentheses = false
  /// `(...)`: inlined, where there is no offset either.
  var isElided = false
  /// Whether anything else stands in the parentheses.
  var hasArguments = false

  /// Cuts off the last parentheses, which names have in front: receivers, and the types of generic functions. A line
  /// without any is gccgo's, or a function in C.
  init(_ text: Span<UInt8>) {
    name = 0..<text.count
    guard text.count > 2, text[text.count - 1] == UInt8(ascii: ")") else { return }
    var depth = 0
    var at = text.count
    while at > 0 {
      at -= 1
      if text[at] == UInt8(ascii: ")") {
        depth += 1
      } else if text[at] == UInt8(ascii: "(") {
        depth -= 1
        if depth == 0 { break }
      }
    }
    // A line that is all parentheses has no name before them.
    guard depth == 0, at > 0 else { return }
    name = 0..<at
    hasParentheses = true
    isElided = text.count - at == 5 && text[at + 1] == 0x2e && text[at + 2] == 0x2e && text[at + 3] == 0x2e
    hasArguments = text.count - at > 2 && !isElided
  }

  // MARK: What is no function

  /// How much a line looks like a function's.
  enum Rank: Comparable {
    /// Words with blanks between them: a log's line, or the name of a function in C++.
    case words
    /// No blank, as gccgo prints functions; or arguments that were cut off, or that follow words.
    case word
    /// `main.f(0x1)`, or `created by main.f`.
    case function
  }

  static func rank(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Rank {
    if TextBytes.has("created by ", bytes, at: range.lowerBound) { return .function }
    let text = bytes.extracting(range)
    let function = TracebackFunction(text)
    let blank = firstBlank(text, function.name)
    if function.hasParentheses {
      if text[function.name.upperBound - 1] == 0x20 { return .words }
      return blank == nil ? .function : .word
    }
    guard let blank else { return .word }
    for at in 0..<blank where text[at] == UInt8(ascii: "(") { return .word }
    return .words
  }

  /// The first blank in a name that is not in brackets, as types may have them: `main.F[func() int]`,
  /// `type:.eq.struct { F uintptr }`.
  private static func firstBlank(_ text: Span<UInt8>, _ name: Range<Int>) -> Int? {
    var depth = 0
    for at in name {
      switch text[at] {
      case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
      case 0x20, 0x09:
        if depth <= 0, at + 1 >= name.upperBound || text[at + 1] != UInt8(ascii: "{") { return at }
      default: break
      }
    }
    return nil
  }

  /// Whether a line can be the function of a place: one with blanks and without arguments is only where the place is C's.
  func isNamed(_ text: Span<UInt8>, at place: TracebackPlace) -> Bool {
    if place.pc != nil, !place.hasOffset, !place.hasPointers { return true }
    if hasParentheses { return text[name.upperBound - 1] != 0x20 }
    guard let blank = Self.firstBlank(text, name) else { return true }
    for at in 0..<blank where text[at] == UInt8(ascii: "(") { return true }
    return false
  }
}

/// What the lines of a frame are indented by, or have before them, where their goroutine's header has something else.
enum TracebackMargin {
  /// - Parameters:
  ///   - range: a line that may be a frame's second one.
  ///   - previous: the line before.
  /// - Returns: what both have in front, and where the function begins in `previous`; nil where they are no frame, or have
  ///   nothing in front.
  static func find(_ bytes: Span<UInt8>, _ range: Range<Int>, behind previous: Span<UInt8>) -> (
    prefix: LogPrefix, start: Int
  )? {
    if previous.isEmpty { return nil }
    var tab = range.upperBound
    while tab > range.lowerBound, bytes[tab - 1] != 0x09 { tab -= 1 }
    // `\t/src/main.go:12` is indented by nothing but its own tab; without one it stands further in than its function.
    var margin = range.lowerBound..<max(range.lowerBound, tab - 1)
    var place = tab..<range.upperBound
    if tab == range.lowerBound {
      let blanks = TextBytes.run(of: 0x20, previous, from: 0, to: previous.count)
      let indented = TextBytes.run(of: 0x20, bytes, from: range.lowerBound, to: range.upperBound)
      guard indented - range.lowerBound > blanks else { return nil }
      margin = range.lowerBound..<range.lowerBound + blanks
      place = indented..<range.upperBound
    }
    guard !margin.isEmpty, !place.isEmpty, TracebackPlace(bytes, place) != nil, let prefix = LogPrefix(bytes, margin),
      let start = prefix.end(in: previous, 0..<previous.count), start < previous.count,
      previous[start] != 0x20, previous[start] != 0x09,
      TracebackFunction.rank(previous, start..<previous.count) == .function
    else { return nil }
    return (prefix, start)
  }
}

/// `...62 frames elided...`, or until Go 1.20 `...additional frames elided...`.
struct TracebackElision {
  /// nil where Go does not say how many.
  var count: Int64?

  static let unknown: StaticString = "...additional frames elided..."

  init?(_ bytes: Span<UInt8>, _ text: Range<Int>) {
    let end: StaticString = " frames elided..."
    if TextBytes.has(Self.unknown, bytes, at: text.lowerBound), text.count == Self.unknown.utf8CodeUnitCount { return }
    guard text.count > 3, TextBytes.has("...", bytes, at: text.lowerBound) else { return nil }
    let digits = TextBytes.digits(bytes, from: text.lowerBound + 3, to: text.upperBound)
    guard let count = TextBytes.decimal(bytes, text.lowerBound + 3..<digits), TextBytes.has(end, bytes, at: digits),
      digits + end.utf8CodeUnitCount == text.upperBound
    else { return nil }
    self.count = count
  }
}

/// `[originating from goroutine 1]:`
enum TracebackAncestor {
  private static let start: StaticString = "[originating from goroutine "

  static func id(_ bytes: Span<UInt8>, _ text: Range<Int>) -> Int64? {
    guard TextBytes.has(start, bytes, at: text.lowerBound), TextBytes.has("]:", bytes, at: text.upperBound - 2) else {
      return nil
    }
    return TextBytes.decimal(
      bytes,
      text.lowerBound
        + start.utf8CodeUnitCount..<max(
          text.lowerBound + start.utf8CodeUnitCount, text.upperBound - 2))
  }
}
