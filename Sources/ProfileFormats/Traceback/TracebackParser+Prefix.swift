/// Lines, without what a log puts before them.
extension TracebackParser {
  mutating func takeText(_ bytes: Span<UInt8>, _ whole: Range<Int>) {
    var text = whole
    if !strand.prefix.isEmpty {
      if let start = behindPrefix(bytes, text) {
        if strand.section == .none { trustPrefix() }
        if start == text.upperBound { return blank() }
        text = start..<text.upperBound
      } else if strand.isPrefixSure || strand.prefix.end(in: bytes, text) != nil,
        TracebackHeader.find(bytes, text) == nil
      {
        guard TracebackSurroundings.opening(bytes, text) != nil else {
          // Another program's, or another thread's: it may stand between the two lines of a frame.
          return tally.addOther(line: line)
        }
        leave()
      }
    }
    hasPrefix = text.lowerBound > whole.lowerBound
    if holds(bytes, text, whole) { return }
    if bytes[text.upperBound &- 1] == UInt8(ascii: ":"), let at = TracebackHeader.find(bytes, text),
      let header = TracebackHeader(bytes, at..<text.upperBound)
    {
      if at > text.lowerBound {
        if !hasPrefix { park() }
        expectPrefix(bytes, whole.lowerBound..<at)
      } else if !hasPrefix {
        strand.prefix = LogPrefix()
      }
      // What stands before it stands before the lines that follow too; or, if it was log.Print, before this one only.
      strand.isPrefixSure = false
      begin(header, bytes)
      return
    }
    if !hasPrefix { strand.hasPlainLines = true }
    if strand.section == .stack, !strand.isPrefixSure, awaitsMargin(bytes, text, whole) { return }
    if let content = TracebackIndent.end(bytes, text) { indented(bytes, content, text) } else { word(bytes, text) }
  }

  mutating func expectPrefix(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    if let new = LogPrefix(bytes, range) { strand.prefix = new }
    strand.isPrefixSure = false
  }

  mutating func trustPrefix() {
    strand.isPrefixSure = true
    strand.hasPlainLines = false
  }

  // MARK: What the lines below a header begin with

  /// Until the first frame: whether the line and the one before it are that frame behind another prefix than the header's,
  /// as of `t.Log`, which indents all lines but the first.
  private mutating func awaitsMargin(_ bytes: Span<UInt8>, _ text: Range<Int>, _ whole: Range<Int>) -> Bool {
    guard strand.stack.frameCount == 0 else { return false }
    guard let (prefix, start) = TracebackMargin.find(bytes, whole, behind: strand.previous.span),
      let end = prefix.end(in: bytes, whole), end < whole.upperBound
    else {
      strand.previous.removeAll(keepingCapacity: true)
      strand.previous.append(bytes.extracting(whole))
      return false
    }
    strand.prefix = prefix
    trustPrefix()
    hasPrefix = true
    // It was a line of nothing.
    if strand.pending == .none { tally.takeBackOther(line: line - 1) }
    strand.pending = .none
    var function: [UInt8] = []
    swap(&function, &strand.previous)
    word(function.span, start..<function.count)
    if let content = TracebackIndent.end(bytes, end..<whole.upperBound) {
      indented(bytes, content, end..<whole.upperBound)
    }
    return true
  }

  // MARK: Programs whose lines stand in turn

  /// Where the text behind a known prefix begins, and from now on the program that prints with it.
  private mutating func behindPrefix(_ bytes: Span<UInt8>, _ text: Range<Int>) -> Int? {
    if let start = strand.prefix.end(in: bytes, text), strand.prefix.isOwn(bytes, text) { return start }
    for i in parked.indices {
      guard let start = parked[i].prefix.end(in: bytes, text), parked[i].prefix.isOwn(bytes, text) else { continue }
      swap(&strand, &parked[i])
      return start
    }
    return nil
  }

  /// Another program begins a goroutine: the one at hand may go on behind it. Not where it is told by its indentation
  /// alone, which lines of any other have.
  private mutating func park() {
    if strand.prefix.isBlank || strand.hasPlainLines { return }
    if parked.count == Self.mostParked {
      swap(&strand, &parked[0])
      settlePending()
      end()
      strand = parked.remove(at: 0)
    }
    parked.append(strand)
    strand = TracebackStrand(keys: strand.goroutine.keys)
  }

  /// Another program crashes.
  private mutating func leave() {
    park()
    settlePending()
    end()
    strand.prefix = LogPrefix()
    strand.isPrefixSure = false
  }
}
