/// Folded stacks to which goroutine tracebacks were joined. A log may have lines that end in a number before the goroutines
/// that it tells of; so all lines must be stacks, and most of them without a blank but the one before the number.
enum FoldedStretch {
  /// Fewer say nothing.
  private static let fewest = 3

  /// Where the tracebacks begin; nil where something else stands before them, or is not all there yet.
  static func end(_ bytes: Span<UInt8>) -> Int? {
    var at = 0
    var lines = 0
    var stacks = 0
    while at < bytes.count {
      guard let newline = TextBytes.newline(in: bytes, from: at) else { return nil }
      let start = at
      let line = start..<newline
      at = newline + 1
      let text = Folded.trimmedEnd(bytes, line)
      if TextBytes.trimmed(bytes, text).isEmpty || bytes[line.lowerBound] == UInt8(ascii: "#") { continue }
      if lines == 0, FoldedHeader.types(bytes, text) != nil { continue }
      guard var (word, stack) = Folded.lastWord(bytes, text), Folded.value(bytes, word) != nil else {
        return stacks >= fewest && stacks * 2 > lines && isTraceback(bytes, start..<text.upperBound) ? start : nil
      }
      // Of several sample types.
      while let (before, rest) = Folded.lastWord(bytes, stack), Folded.value(bytes, before) != nil {
        (word, stack) = (before, rest)
      }
      lines += 1
      if isStack(bytes, stack) { stacks += 1 }
    }
    return nil
  }

  /// Whether a line is of two frames or more, none of them empty, and has no blank.
  private static func isStack(_ bytes: Span<UInt8>, _ stack: Range<Int>) -> Bool {
    var start = stack.lowerBound
    var frames = 0
    for at in stack {
      if Folded.isBlank(bytes[at]) { return false }
      if bytes[at] != UInt8(ascii: ";") { continue }
      if at == start { return false }
      frames += 1
      start = at + 1
    }
    return frames > 0 && start < stack.upperBound
  }

  /// Whether a line is the first of tracebacks.
  static func isTraceback(_ bytes: Span<UInt8>, _ line: Range<Int>) -> Bool {
    TracebackHeader(bytes, line) != nil || TracebackSurroundings.opening(bytes, line) == line.lowerBound
  }
}
