import ProfileModel

/// What is whole of a text that was cut.
extension TracebackParser {
  /// Where what is whole ends, of a text of which ``parse(_:from:)`` got all whole lines: before the goroutine at hand, if
  /// more frames may have followed.
  ///
  /// - Parameter rest: the line that was cut.
  mutating func wholeEnd(lines: Int, rest: Span<UInt8>) -> Int {
    if !held.isEmpty { replay() }
    if strand.section == .none { return lines }
    // A line of whole goroutines only, so that what is no function is none of gccgo's either.
    if strand.pending == .function, strand.stack.frameCount > 0,
      TracebackFunction.rank(strand.pendingText.span, 0..<strand.pendingText.count) < .function,
      !TracebackFunction(strand.pendingText.span).hasParentheses
    {
      return strand.pendingStart
    }
    if strand.pending == .none, endsGoroutine(rest) { return lines }
    // The only one is read as far as it goes.
    return builder.columns.sampleCount == 0 ? lines : strand.start
  }

  /// What no name of a function has.
  private static let noLetters = Array("{}<>#=\"".utf8)

  /// Whether a line behind a frame, or the beginning of one, says that the goroutine's frames are all there.
  private func endsGoroutine(_ rest: Span<UInt8>) -> Bool {
    var text = 0..<rest.count
    if !strand.prefix.isEmpty, strand.isPrefixSure {
      guard let start = strand.prefix.end(in: rest, text) else { return false }
      text = start..<rest.count
    }
    let first = text.isEmpty ? 0x20 : rest[text.lowerBound]
    // `[originating from goroutine 1]:`
    if first == UInt8(ascii: "[") { return false }
    if strand.section == .stack, strand.goroutine.hasCreator { return true }
    switch first {
    case 0x09, 0x20, UInt8(ascii: "."): return false
    case ..<0x20, 0x7f: return true
    default: break
    }
    for word: StaticString in ["created by", "non-Go function"] where TextBytes.has(word, rest, at: text.lowerBound) {
      return false
    }
    for at in text {
      if rest[at] == UInt8(ascii: "(") { return false }
      // `rax    0x0`, `exit status 2`
      if rest[at] == 0x20 || Self.noLetters.contains(rest[at]) { return true }
    }
    return false
  }
}
