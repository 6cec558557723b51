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
