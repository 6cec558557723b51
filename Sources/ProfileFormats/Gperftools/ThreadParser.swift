import ProfileModel

/// Builds a profile from the lines of a thread text. See ``ThreadText``.
struct ThreadParser: ~Copyable {
  private enum Part {
    case beforeThreads, introduction, thread, behindThreads, map
  }

  private var part = Part.beforeThreads
  private var builder = ProfileBuilder(sampleTypes: [("thread", "count")])
  private var map = MemoryMap()
  private var names = LocationNames()

  // The thread at hand.
  private var addresses: [UInt64] = []
  private var isSame = false
  private var title: [UInt8] = []
  /// Functions of its addresses, where a line has just one: positions in `addresses`.
  private var functions: [(address: Int, function: FunctionIndex)] = []

  /// What threads have and no profile: lines without an address, and addresses beside those of the thread before.
  private var otherLines = 0
  private var otherAddresses = 0

  init() {
    builder.columns.periodType = builder.columns.sampleTypes[0]
    builder.columns.period = 1
  }

  mutating func take(
    _ line: Range<Int>, _ lines: borrowing TextLines, _ diagnostics: inout Diagnostics
  ) throws(ProfileError) {
    let bytes = lines.bytes
    let text = TextBytes.trimmed(bytes, line)
    if part == .map {
      try map.add(lines)
      return
    }
    if text.isEmpty { return }
    let isRuled = TextBytes.has("---", bytes, at: text.lowerBound)
    switch part {
    case .beforeThreads:
      if bytes[text.lowerBound] == UInt8(ascii: "#") { return keep(bytes, text) }
      if ThreadText.isFirst(bytes, text) {
        part = .introduction
      } else {
        try border(text, lines, &diagnostics)
      }
    case .introduction:
      if isRuled || MemoryMap.isSentinel(bytes, text) {
        try border(text, lines, &diagnostics)
      } else {
        keep(bytes, text)
      }
    case .thread:
      if isRuled || MemoryMap.isSentinel(bytes, text) {
        endThread(&diagnostics)
        try border(text, lines, &diagnostics)
      } else {
        try frame(text, lines)
      }
    case .behindThreads:
      if MemoryMap.isSentinel(bytes, text) { part = .map } else { keep(bytes, text) }
    case .map: break
    }
  }

  /// A line between two threads, or behind the last.
  private mutating func border(
    _ text: Range<Int>, _ lines: borrowing TextLines, _ diagnostics: inout Diagnostics
  ) throws(ProfileError) {
    let bytes = lines.bytes
    if MemoryMap.isSentinel(bytes, text) {
      part = .map
    } else if TextBytes.has("---- no stack trace for", bytes, at: text.lowerBound) {
      part = .behindThreads
      keep(bytes, text)
    } else if let header = ThreadText.Header(bytes, text) {
      part = .thread
      title = TextBytes.copy(bytes, header.id) + [0x20] + TextBytes.copy(bytes, header.name)
    } else {
      throw ProfileError(
        .malformed, "no thread: one begins with `--- Thread 7f01 (name: main/12) stack: ---`",
        at: lines.place(at: text.lowerBound))
    }
  }

  /// As a comment, which begins with a `#`.
  private mutating func keep(_ bytes: Span<UInt8>, _ text: Range<Int>) {
    let isComment = bytes[text.lowerBound] == UInt8(ascii: "#")
    let comment = Array((isComment ? "" : "# ").utf8) + TextBytes.copy(bytes, text)
    builder.columns.comments.append(builder.string(comment.span))
  }

  // MARK: Threads

  private mutating func frame(_ text: Range<Int>, _ lines: borrowing TextLines) throws(ProfileError) {
    let bytes = lines.bytes
    if TextBytes.find("same as previous thread", in: bytes, text) != nil {
      isSame = true
      if TextBytes.find("0x", in: bytes, text) != nil { otherLines += 1 }
      return
    }
    let first = addresses.count
    do {
      _ = try AddressRun(bytes, text, into: &addresses, skipsText: true)
    } catch {
      throw error.error(lines)
    }
    if addresses.count == first {
      // pprof takes addresses out of comments, too; one without any is kept.
      if bytes[text.lowerBound] == UInt8(ascii: "#") { keep(bytes, text) } else { otherLines += 1 }
      return
    }
    guard addresses.count == first + 1, let name = Self.name(bytes, text) else { return }
    let string = builder.string(bytes.extracting(name))
    functions.append((first, builder.function(Function(name: string, systemName: string))))
  }

  /// What stands behind the one address of a line: `: main`.
  private static func name(_ bytes: Span<UInt8>, _ text: Range<Int>) -> Range<Int>? {
    guard var at = TextBytes.find("0x", in: bytes, text) else { return nil }
    at = TextBytes.hexDigits(bytes, from: at + 2, to: text.upperBound)
    if at < text.upperBound, bytes[at] == UInt8(ascii: ":") { at += 1 }
    guard at < text.upperBound, TextBytes.isBlank(bytes[at]) else { return nil }
    let name = TextBytes.trimmed(bytes, at..<text.upperBound)
    return name.isEmpty || bytes[name.lowerBound] == UInt8(ascii: "(") ? nil : name
  }

  private mutating func endThread(_ diagnostics: inout Diagnostics) {
    let count = builder.columns.sampleCount
    if isSame, count > 0 {
      builder.columns.values[count - 1] += 1
      otherAddresses += addresses.count
    } else {
      if addresses.isEmpty {
        diagnostics.add(
          kind: "empty-thread", "a thread without a stack is a sample of its own: pprof counts it with the one before")
      }
      addStack()
    }
    let comment = Array("# thread ".utf8) + title + Array(": sample \(builder.columns.sampleCount - 1)".utf8)
    builder.columns.comments.append(builder.string(comment.span))
    addresses.removeAll(keepingCapacity: true)
    functions.removeAll(keepingCapacity: true)
    isSame = false
  }

  private mutating func addStack() {
    if addresses.count > 1, addresses[0] == addresses[1] {
      // The leaf stands twice, as interrupted and as called. Both are named alike.
      addresses.remove(at: 1)
      functions = functions.compactMap { $0.address == 1 ? nil : (max($0.address - 1, 0), $0.function) }
    }
    var locations: [LocationIndex] = []
    for (i, address) in addresses.enumerated() {
      // All but the leaf are return addresses.
      locations.append(builder.location(Location(address: i == 0 ? address : address &- 1), lines: []))
    }
    for (at, function) in functions where !names.has(locations[at]) {
      names.set(Line(function: function), of: locations[at])
    }
    builder.add(stack: locations, values: [1])
  }

  consuming func finish(_ diagnostics: inout Diagnostics) throws(ProfileError) -> Profile {
    switch part {
    case .beforeThreads, .introduction: throw ProfileError(.truncated, "there is no thread")
    case .thread:
      endThread(&diagnostics)
      diagnostics.addLoss(
        kind: "no-memory-map", "no memory map stands behind the threads: the text was cut, and pprof does not read it")
    case .behindThreads, .map: break
    }
    var columns = ProfileColumns()
    swap(&columns, &builder.columns)
    _ = names.apply(to: &columns)
    map.apply(to: &columns)
    map.tell(&diagnostics)
    if otherLines + otherAddresses > 0 {
      diagnostics.add(
        kind: "thread-text-not-kept",
        "of the threads \(otherLines) lines without an address and \(otherAddresses) addresses beside `[same as previous "
          + "thread]` are not kept, as in pprof")
    }
    // pprof reads no names here: it hides nothing of a text that has them.
    if columns.lines.isEmpty { LegacyFrames.cpu.set(on: &columns) }
    return try Profile(columns)
  }
}
