public import ProfileModel

/// Goroutine tracebacks: one sample a goroutine. See ``Traceback``.
public struct TracebackReader: ProfileReader {
  public init() {}

  public var info: FormatInfo { Traceback.info }

  /// Certain where the text begins with a goroutine or with what crashes print before one; possible where one stands
  /// further on, with its first frame below it: in a log, perhaps with a prefix on each line.
  public func detect(_ prefix: Span<UInt8>, isWhole: Bool) -> Detection {
    TracebackDetection.detect(TextDecoder.prefix(prefix).span, isWhole: isWhole)
  }

  public func read(
    _ source: inout ByteSource, options: ReadOptions, diagnostics: inout Diagnostics
  ) throws(ProfileError) -> Profile {
    var input = TextInput(maxLine: options.maxLine)
    var parser = TracebackParser(maxLine: options.maxLine)
    while try input.advance(&source) {
      input.position = try parser.parse(input.buffer.span, from: input.position)
    }
    return try parser.finish(&diagnostics)
  }

  /// Whole goroutines: those that something stands behind.
  public func mend(_ input: [UInt8], _ damage: Damage) -> Mended {
    var limit = input.count
    if case .from(let offset) = damage { limit = min(offset, limit) }
    let lines = TextRecords.lineStart(input, limit)
    var parser = TracebackParser(maxLine: .max)
    // No line is too long.
    guard (try? parser.parse(input.span.extracting(0..<lines), from: 0)) != nil else { return Mended([], kept: 0) }
    let end = parser.wholeEnd(lines: lines, rest: input.span.extracting(lines..<input.count))
    return Mended(Array(input[..<end]), kept: end)
  }
}

enum TracebackDetection {
  static func detect(_ bytes: Span<UInt8>, isWhole: Bool) -> Detection {
    let surroundings = TracebackSurroundings()
    var prefix = LogPrefix()
    var isFirst = true
    var isCrash = false
    var hasHint = false
    // Another profile stands before them.
    if FoldedStretch.end(bytes) != nil { return .no }
    // How many lines ago a header stood.
    var sinceHeader = Int.max
    var isFunction = false
    var at = 0
    while at < bytes.count {
      let newline = TextBytes.newline(in: bytes, from: at)
      // With a tab in front, which says that a line is a frame's second one.
      let whole = TracebackColour.without(bytes, at..<(newline ?? bytes.count))
      at = (newline ?? bytes.count) + 1
      let line = TextBytes.trimmed(bytes, whole)
      if line.isEmpty { continue }
      let start = whole.lowerBound
      let inner = DockerLine.text(bytes, line)
      let found = inner.map { TracebackHeader.find($0.span, trimmed($0)) != nil } ?? false
      if found || TracebackHeader.find(bytes, whole) != nil {
        if isCrash || (isFirst && !found && TracebackHeader(bytes, whole) != nil) { return .certain }
        if let header = TracebackHeader.find(bytes, whole) { prefix = LogPrefix(bytes, start..<header) ?? LogPrefix() }
        hasHint = true
        sinceHeader = 0
        isFunction = false
        isFirst = false
        continue
      }
      if newline == nil, !isWhole { break }
      if isFirst || isCrash {
        isCrash = inner == nil && (isCrash || surroundings.isStart(bytes, whole))
        if isCrash { hasHint = true }
      }
      isFirst = false
      if sinceHeader < 8 {
        sinceHeader += 1
        if let inner {
          if isPlace(inner.span, trimmed(inner)), isFunction { return .possible }
        } else {
          let content = (prefix.end(in: bytes, whole) ?? start)..<line.upperBound
          if !content.isEmpty, isPlace(bytes, content), isFunction { return .possible }
        }
        isFunction = true
      }
    }
    // A cut prefix may hide the frame that is missing.
    return hasHint && !isWhole ? .needMore : .no
  }

  private static func isPlace(_ bytes: Span<UInt8>, _ line: Range<Int>) -> Bool {
    if line.isEmpty { return false }
    guard let content = TracebackIndent.end(bytes, line) else {
      // Behind another prefix than the header's it has its tab.
      guard let tab = line.last(where: { bytes[$0] == 0x09 }) else { return TracebackPlace(plain: bytes, line) != nil }
      return tab + 1 < line.upperBound && TracebackPlace(bytes, tab + 1..<line.upperBound) != nil
    }
    return !content.isEmpty && TracebackPlace(bytes, content) != nil
  }

  /// Without the newline at its end, and colours.
  private static func trimmed(_ text: [UInt8]) -> Range<Int> { TracebackColour.without(text.span, 0..<text.count) }
}
