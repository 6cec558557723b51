extension TracebackParser {
  /// A line that may be of what a program panicked with.
  struct Held {
    /// Empty for an empty line.
    var text: [UInt8]
    /// Behind the prefix.
    var start: Int
    var line: Int
    var offset: Int
  }

  /// Go indents the further lines of a panic's value, in which a whole dump may stand: `panic(fmt.Sprintf("%v\n%s", r,
  /// debug.Stack()))`. They wait for the first line that is not indented: if it is a header, they were the value.
  mutating func holds(_ bytes: Span<UInt8>, _ text: Range<Int>, _ whole: Range<Int>) -> Bool {
    if isReplaying { return false }
    let isIndented = TracebackIndent.end(bytes, text) != nil
    if held.isEmpty {
      guard isIndented, bytes[text.upperBound - 1] == UInt8(ascii: ":"), TracebackHeader.find(bytes, text) != nil else {
        return false
      }
      if strand.pending == .function, surroundings.isStart(strand.pendingText.span, 0..<strand.pendingText.count) {
        settlePending()
      }
      guard strand.section == .none, surroundings.hasValue else { return false }
    } else if !isIndented {
      if TracebackHeader(bytes, text) != nil || TextBytes.has("[", bytes, at: text.lowerBound) {
        for line in held { surroundings.add(line.text.span, line.start..<line.text.count) }
        held.removeAll()
        heldSize = 0
        return false
      }
      replay()
      takeText(bytes, whole)
      return true
    }
    hold(TextBytes.copy(bytes, whole), from: text.lowerBound - whole.lowerBound)
    return true
  }

  mutating func hold(_ text: [UInt8], from start: Int) {
    held.append(Held(text: text, start: start, line: line, offset: lineStart))
    // Empty lines take memory, too.
    heldSize += text.count + MemoryLayout<Held>.stride
    if heldSize > Self.mostHeld { replay() }
  }

  /// The lines were no value.
  mutating func replay() {
    var lines: [Held] = []
    swap(&lines, &held)
    heldSize = 0
    let (atLine, atStart) = (line, lineStart)
    isReplaying = true
    for held in lines {
      (line, lineStart) = (held.line, held.offset)
      if held.text.isEmpty { blank() } else { takeText(held.text.span, 0..<held.text.count) }
    }
    isReplaying = false
    (line, lineStart) = (atLine, atStart)
  }
}
