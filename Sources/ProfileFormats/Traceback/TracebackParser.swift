internal import ProfileModel

/// Reads tracebacks line by line. See ``Traceback`` for what becomes of them.
///
/// A frame is two lines, and counts only when both are there: between the lines of a dump a log may have others.
struct TracebackParser: ~Copyable {
  var builder = ProfileBuilder(sampleTypes: [("goroutine", Traceback.count)])
  var frames = TracebackFrames()
  var surroundings = TracebackSurroundings()
  /// The lines of one prefix; at first those without any.
  var strand: TracebackStrand
  /// Of other programs, whose lines stand between.
  var parked: [TracebackStrand] = []
  static let mostParked = 16

  /// The number of the line at hand, from 1.
  var line = 1
  var tally = TracebackTally()
  private let maxLine: Int
  /// Where the line at hand begins in what ``parse(_:from:)`` was given.
  var lineStart = 0
  /// Whether the line at hand has the prefix of ``strand``.
  var hasPrefix = false

  /// Lines that may be what a program panicked with.
  var held: [Held] = []
  var heldSize = 0
  var isReplaying = false
  static let mostHeld = 1 << 20

  /// Whether there were nothing but whole goroutines so far: no log, which may have the text of another profile in it.
  private var isDump: Bool {
    let isWhole =
      strand.section == .none ? builder.columns.sampleCount > 0 : strand.pending == .none && strand.stack.frameCount > 0
    return isWhole && builder.columns.comments.isEmpty && strand.prefix.isEmpty && parked.isEmpty && tally.isClean
  }

  init(maxLine: Int) {
    self.maxLine = maxLine
    strand = TracebackStrand(keys: TracebackKeys(&builder))
  }

  /// Reads whole lines; gives where the first line begins that is not wholly there.
  mutating func parse(_ bytes: Span<UInt8>, from start: Int) throws(ProfileError) -> Int {
    var at = start
    while at < bytes.count {
      guard let end = TextBytes.newline(in: bytes, from: at) else { break }
      if end &- at > maxLine { throw TextInput.tooLong(maxLine, at: TextBytes.place(bytes, line: line, at..<end)) }
      if SecondProfile.beginsText(bytes, at..<end), isDump, Self.isHeader(bytes, at..<end) {
        throw SecondProfile.error(at: TextBytes.place(bytes, line: line, at..<end, at: at))
      }
      lineStart = at
      take(bytes, at..<end)
      at = end &+ 1
      line &+= 1
    }
    return at
  }

  /// Whether a line that begins as another profile's first one goes on as one, and not as a log's words do.
  private static func isHeader(_ bytes: Span<UInt8>, _ line: Range<Int>) -> Bool {
    let text = TextBytes.trimmed(bytes, line)
    for words: StaticString in ["--- contention:", "--- mutex:"]
    where TextBytes.has(words, bytes, at: text.lowerBound) {
      return text.count == words.utf8CodeUnitCount
    }
    let words: StaticString = "heap profile:"
    guard TextBytes.has(words, bytes, at: text.lowerBound) else { return true }
    let at = TextBytes.run(of: 0x20, bytes, from: text.lowerBound + words.utf8CodeUnitCount, to: text.upperBound)
    return at < text.upperBound && TextBytes.isDigit(bytes[at])
  }

  mutating func take(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    var text = TracebackColour.without(bytes, range)
    if !text.isEmpty, bytes[text.lowerBound] == UInt8(ascii: "{"), let inner = DockerLine.text(bytes, text) {
      let span = inner.span
      text = TracebackColour.without(span, 0..<span.count)
      if text.isEmpty { blank() } else { takeText(span, text) }
    } else if text.isEmpty {
      blank()
    } else {
      takeText(bytes, text)
    }
  }

  // MARK: Lines that begin with a tab

  mutating func indented(_ bytes: Span<UInt8>, _ content: Range<Int>, _ text: Range<Int>) {
    if strand.pending != .none {
      if let place = TracebackPlace(bytes, content) {
        strand.isIndented = true
        settle(bytes, place)
        return
      }
      tally.oddLine = line
    }
    settlePending()
    if !unavailable(bytes, content) { other(bytes, text) }
  }

  private mutating func unavailable(_ bytes: Span<UInt8>, _ text: Range<Int>) -> Bool {
    let words: StaticString = "goroutine running on other thread; stack unavailable"
    guard strand.section == .stack, TextBytes.has(words, bytes, at: text.lowerBound) else { return false }
    strand.goroutine.isUnavailable = true
    return true
  }

  private mutating func settle(_ bytes: Span<UInt8>, _ place: TracebackPlace) {
    if !strand.isPrefixSure, !strand.prefix.isEmpty {
      // A frame without the header's prefix: that was log.Print's.
      if strand.isPendingPlain { strand.prefix = LogPrefix() } else if hasPrefix { trustPrefix() }
    }
    if strand.pending == .creator { created(bytes, place) } else { frame(bytes, place) }
    strand.pending = .none
  }

  /// The second line of a frame.
  private mutating func frame(_ bytes: Span<UInt8>, _ place: TracebackPlace) {
    // Out of the parser, so that it can be looked at while tables are filled.
    var text: [UInt8] = []
    swap(&text, &strand.pendingText)
    defer { swap(&text, &strand.pendingText) }
    let function = TracebackFunction(text.span)
    if !function.isNamed(text.span, at: place) {
      tally.addOther(line: strand.pendingLine)
      return tally.addOther(line: line)
    }
    if place.hasOffset { tally.offsets += 1 }
    if place.hasPointers { tally.pointers += 1 }
    if function.hasArguments { tally.arguments += 1 }
    if strand.section == .ancestor {
      strand.goroutine.addAncestor(text.span.extracting(function.name), bytes, place, &builder)
      return
    }
    if !function.hasParentheses, let pc = place.pc, !place.hasPointers {
      if place.file.isEmpty, TextBytes.has("non-Go function", text.span, at: 0), function.name.count == 15 {
        strand.stack.addForeign(pc: pc, &builder)
      } else {
        let entry = frames.entry(text.span, name: function.name, bytes, place, &builder)
        strand.stack.addForeign(frames.entries[entry].line, pc: pc, &builder)
      }
      return
    }
    let entry = frames.entry(text.span, name: function.name, bytes, place, &builder)
    if function.isElided, !place.hasOffset, place.pc == nil {
      strand.stack.addInlined(frames.entries[entry].line, &builder)
    } else {
      strand.stack.add(entry, place, trapPC: surroundings.trapPC, &frames, &builder)
    }
  }

  /// The second line of `created by`.
  private mutating func created(_ bytes: Span<UInt8>, _ place: TracebackPlace) {
    if place.hasOffset { tally.offsets += 1 }
    var text: [UInt8] = []
    swap(&text, &strand.pendingText)
    defer { swap(&text, &strand.pendingText) }
    strand.goroutine.setCreator(
      text.span, at: bytes.extracting(place.text), isKnown: !place.file.isEmpty || place.line != 0,
      isAncestor: strand.section == .ancestor, &builder)
  }

  // MARK: Other lines

  mutating func word(_ bytes: Span<UInt8>, _ text: Range<Int>) {
    // What shows a log may cut off the blanks in front. Where there are some, a line without is another program's.
    if strand.pending != .none, !strand.isIndented, let place = TracebackPlace(plain: bytes, text) {
      return settle(bytes, place)
    }
    if strand.pending != .none, standsBetween(bytes, text) { return tally.addOther(line: line) }
    settlePending()
    if strand.section == .none { return other(bytes, text) }
    if unavailable(bytes, text) { return }
    let first = bytes[text.lowerBound]
    if first == UInt8(ascii: "."), let elided = TracebackElision(bytes, text) {
      if strand.section == .ancestor {
        strand.goroutine.addAncestorNote(bytes.extracting(text), &builder)
      } else {
        strand.stack.end(&builder)
        if !strand.goroutine.elide(elided, after: strand.stack.frameCount, &builder) { tally.addOther(line: line) }
      }
    } else if first == UInt8(ascii: "["), let id = TracebackAncestor.id(bytes, text) {
      strand.stack.end(&builder)
      strand.section = .ancestor
      strand.goroutine.beginAncestor(id, &builder)
    } else if first == UInt8(ascii: "n"), strand.section == .stack,
      TextBytes.has(Traceback.nonGo, bytes, at: text.lowerBound),
      let pc = TextBytes.hexadecimal(
        bytes, text.lowerBound + Traceback.nonGo.utf8CodeUnitCount..<text.upperBound)
    {
      strand.stack.addForeign(pc: pc, &builder)
    } else {
      if TracebackHeader.isBegun(bytes, text) { return other(bytes, text) }
      // It is a function if the next line says where.
      strand.pending =
        first == UInt8(ascii: "c") && text.count > 11 && TextBytes.has("created by ", bytes, at: text.lowerBound)
        ? .creator : .function
      strand.pendingText.removeAll(keepingCapacity: true)
      strand.pendingText.append(bytes.extracting(text))
      strand.pendingLine = line
      strand.pendingStart = lineStart
      strand.pendingRank = nil
      strand.isPendingPlain = !hasPrefix
    }
  }

  /// Whether a line is less of a function than the one before it, whose place is still to come: a log's.
  private mutating func standsBetween(_ bytes: Span<UInt8>, _ text: Range<Int>) -> Bool {
    let first = bytes[text.lowerBound]
    if first == UInt8(ascii: ".") || first == UInt8(ascii: "[") { return false }
    let pending =
      strand.pendingRank ?? TracebackFunction.rank(strand.pendingText.span, 0..<strand.pendingText.count)
    strand.pendingRank = pending
    return TracebackFunction.rank(bytes, text) < pending && !surroundings.isStart(bytes, text)
      && !TracebackHeader.isBegun(bytes, text) && !TextBytes.has(Traceback.nonGo, bytes, at: text.lowerBound)
  }

  /// The line before was followed by none that says its place.
  mutating func settlePending() {
    if strand.pending == .none { return }
    var text: [UInt8] = []
    swap(&text, &strand.pendingText)
    defer { swap(&text, &strand.pendingText) }
    if strand.pending == .creator {
      strand.goroutine.setCreator(
        text.span, at: text.span.extracting(0..<0), isKnown: false, isAncestor: strand.section == .ancestor,
        &builder)
    } else if surroundings.isStart(text.span, 0..<text.count) {
      end()
      surroundings.begin(text.span, 0..<text.count)
    } else {
      tally.addOther(line: strand.pendingLine)
    }
    strand.pending = .none
  }

  /// A line outside of a goroutine, or one that has no place in it.
  mutating func other(_ bytes: Span<UInt8>, _ text: Range<Int>) {
    if TracebackHeader.isBegun(bytes, text) {
      end()
      tally.addHeader(bytes, text, line: line)
    } else if strand.section == .none {
      switch surroundings.take(bytes, text) {
      case .from(let start):
        if start > text.lowerBound, !hasPrefix { expectPrefix(bytes, text.lowerBound..<start) }
      case .no: tally.addOther(line: line)
      }
    } else if surroundings.isStart(bytes, text) {
      end()
      surroundings.begin(bytes, text)
    } else {
      tally.addOther(line: line)
    }
  }

  mutating func blank() {
    if !held.isEmpty { return hold([], from: 0) }
    settlePending()
    if strand.section == .none { surroundings.blank() } else { end() }
  }

  // MARK: Goroutines

  mutating func begin(_ header: TracebackHeader, _ bytes: Span<UInt8>) {
    settlePending()
    end()
    surroundings.commit(&builder)
    strand.section = .stack
    strand.isIndented = false
    strand.start = lineStart
    strand.previous.removeAll(keepingCapacity: true)
    strand.stack.begin()
    strand.goroutine.begin(header, bytes, &builder)
  }

  /// Turns the goroutine at hand into a sample.
  mutating func end() {
    if strand.section == .none { return }
    strand.section = .none
    strand.stack.end(&builder)
    let labels = strand.goroutine.finish(&builder)
    builder.add(stack: builder.stack(strand.stack.locations), values: CollectionOfOne(1), labels: labels)
  }

  // MARK: The end

  consuming func finish(_ diagnostics: inout Diagnostics) throws(ProfileError) -> Profile {
    if !held.isEmpty { replay() }
    if strand.pending != .none, !surroundings.isStart(strand.pendingText.span, 0..<strand.pendingText.count) {
      tally.oddLine = line - 1
      if strand.pending == .function { strand.pending = .none }
    }
    settlePending()
    end()
    for other in parked {
      strand = other
      settlePending()
      end()
    }
    if builder.columns.sampleCount == 0 {
      throw ProfileError(
        .malformed, "no goroutine in it: each begins with a line like `goroutine 1 [running]:`",
        hint: "a crash prints goroutines unless GOTRACEBACK=none")
    }
    surroundings.finish(&builder, &tally)
    builder.columns.periodType = builder.columns.sampleTypes[0]
    builder.columns.period = 1
    tally.report(builder.columns, idKey: strand.goroutine.keys.id, lastLine: line - 1, &diagnostics)
    return try builder.finish()
  }
}
