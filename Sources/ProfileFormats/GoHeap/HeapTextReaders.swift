public import ProfileModel

/// Go's own heap and allocs text, `/debug/pprof/heap?debug=1`, of every version; and C++ heap text under the same header.
public struct Debug1Reader: ProfileReader {
  public init() {}

  public var info: FormatInfo { GoHeapText.debug1 }

  public func detect(_ prefix: Span<UInt8>, isWhole: Bool) -> Detection {
    switch GoHeapText.kind(prefix, isWhole: isWhole) {
    case .go: .certain
    case .grouped, .cpp: .no
    case .other: GoTextHeader.detect(prefix, isWhole: isWhole)
    case .unclear: .needMore
    }
  }

  public func read(
    _ source: inout ByteSource, options: ReadOptions, diagnostics: inout Diagnostics
  ) throws(ProfileError) -> Profile {
    var count = 1 << 14
    while true {
      let isWhole = try source.fill(count)
      let isHeap = GoHeapText.kind(source.prefix, isWhole: isWhole) != .other
      let says = isHeap ? .no : GoTextHeader.detect(source.prefix, isWhole: isWhole)
      if says == .certain { return try Self.readOthers(&source, options, &diagnostics) }
      if says == .no || isWhole || count >= 1 << 20 { break }
      count *= 4
    }
    return try GoHeapText.read(&source, options: options, diagnostics: &diagnostics)
  }

  private static func readOthers(
    _ source: inout ByteSource, _ options: ReadOptions, _ diagnostics: inout Diagnostics
  ) throws(ProfileError) -> Profile {
    var input = TextInput(maxLine: options.maxLine, removesIndent: true)
    var parser = GoTextParser(options: options)
    while try input.advance(&source) {
      input.position = try parser.parse(input.buffer.span, from: input.position, diagnostics: &diagnostics)
    }
    return try parser.finish(&diagnostics)
  }
}

/// Grouped text: bpprof's, and ours.
public struct GroupedTextReader: ProfileReader {
  public init() {}

  public var info: FormatInfo { GroupedTextWriter().info }

  public func detect(_ prefix: Span<UInt8>, isWhole: Bool) -> Detection {
    switch GoHeapText.kind(prefix, isWhole: isWhole) {
    case .grouped: .certain
    case .go, .cpp: .no
    case .unclear: .needMore
    case .other:
      switch ValueText.isFirst(prefix, isWhole: isWhole) {
      case true?: .certain
      case false?: .no
      case nil: .needMore
      }
    }
  }

  public func read(
    _ source: inout ByteSource, options: ReadOptions, diagnostics: inout Diagnostics
  ) throws(ProfileError) -> Profile {
    let isWhole = try source.fill(4096)
    if ValueText.isFirst(source.prefix, isWhole: isWhole) == true {
      return try ValueText.read(&source, options: options, diagnostics: &diagnostics)
    }
    return try GoHeapText.read(&source, options: options, diagnostics: &diagnostics)
  }
}

/// What the two forms of heap text have in common. Whichever reader was asked, the second line tells the form.
enum GoHeapText {
  static let debug1 = FormatInfo(
    id: FormatID("debug1"), extensions: ["debug1.txt", "txt"],
    summary: "Go's own text (debug=1): heap, allocs, goroutine, threadcreate, block, mutex and user profiles",
    cannotExpress: [
      "without its # pprofconv block: labels, mapping flags, start lines, columns, system names, time, duration, ids, "
        + "unknown fields, comments that are no lines of a trailer",
      "several sample types, but a heap's and those of contentions",
    ])

  enum Kind {
    case go, grouped, cpp, other, unclear
  }

  private static let secondHeader: StaticString = "# heap profile:"
  /// No header is longer.
  private static let longestHeader = 1 << 12

  /// A text whose header is damaged, or not in its first line, is Go's too: reading it says what is wrong.
  static func kind(_ prefix: Span<UInt8>, isWhole: Bool) -> Kind {
    let text = TextDecoder.prefix(prefix, removesIndent: true)
    // `pprof -raw` prints comments first, and a heap's header may be one.
    if TextBytes.has("Comment: ", text.span, at: 0) { return .other }
    guard let end = TextBytes.newline(in: text.span, from: 0) else {
      if !isWhole { return text.count < longestHeader ? .unclear : .other }
      if let header = HeapTextHeader(text.span) { return header.tag.isCpp ? .cpp : .go }
      return HeapTextHeader.find(in: text.span, 0..<text.count) == nil ? .other : .go
    }
    guard let header = HeapTextHeader(text.span.extracting(0..<end)) else {
      // A user profile may be named heap.
      if GoTextHeader(text.span, 0..<end) != nil { return .other }
      return HeapTextHeader.find(in: text.span, 0..<end) == nil && lateHeader(text.span) == nil ? .other : .go
    }
    if TextBytes.has(secondHeader, text.span, at: end + 1) { return .grouped }
    if !isWhole, text.count <= end + secondHeader.utf8CodeUnitCount { return .unclear }
    return header.tag.isCpp ? .cpp : .go
  }

  /// The line of a header, from 1, that only empty lines and comments stand before.
  private static func lateHeader(_ text: Span<UInt8>) -> (line: Int, range: Range<Int>)? {
    var at = 0
    var line = 1
    while let end = TextBytes.newline(in: text, from: at), at < longestHeader {
      let content = TextBytes.trimmed(text, at..<end)
      if GoTextHeader(text, content) != nil { return nil }
      if TextBytes.has("heap profile:", text, at: content.lowerBound) { return (line, content) }
      guard content.isEmpty || text[content.lowerBound] == UInt8(ascii: "#") else { return nil }
      at = end + 1
      line += 1
    }
    return nil
  }

  private static func headerError(_ text: Span<UInt8>, _ end: Int) -> ProfileError {
    if let (line, range) = lateHeader(text), line > 1 {
      return ProfileError(
        .malformed, "the header must be the first line: pprof reads no text that has anything before it",
        at: TextBytes.place(text, line: line, range, at: range.lowerBound), hint: "delete the lines before it")
    }
    let (message, at) = HeapTextHeader.fault(text, 0..<end)
    return ProfileError(.malformed, message, at: TextBytes.place(text, line: 1, 0..<end, at: at))
  }

  static func read(
    _ source: inout ByteSource, options: ReadOptions, diagnostics: inout Diagnostics
  ) throws(ProfileError) -> Profile {
    var input = TextInput(maxLine: options.maxLine, removesIndent: true)
    guard try input.advance(&source), let end = TextBytes.newline(in: input.buffer.span, from: 0) else {
      throw ProfileError(.empty, "the text is empty")
    }
    let headerLine = TextBytes.copy(input.buffer.span, TextBytes.trimmed(input.buffer.span, 0..<end))
    guard let header = HeapTextHeader(headerLine.span) else {
      throw headerError(input.buffer.span, end)
    }
    let firstLine = TextBytes.copy(input.buffer.span, 0..<end + 1)
    input.position = end + 1
    // The second line may be in the next buffer.
    while TextBytes.newline(in: input.buffer.span, from: input.position) == nil {
      if try !input.advance(&source) { break }
    }
    var parser = HeapTextParser(
      header, headerLine: headerLine, firstLine: firstLine.span,
      isGrouped: TextBytes.has(secondHeader, input.buffer.span, at: input.position),
      maxLine: options.maxLine)
    var size = 0
    repeat {
      size += input.buffer.count
      input.position = try parser.parse(input.buffer.span, from: input.position, diagnostics: &diagnostics)
      if size >= options.sharedBehind, parser.mayBeShared {
        size = .min
        try HeapTextHelper.share(&parser, &input, &source, &diagnostics)
        input.position = try parser.parse(input.buffer.span, from: input.position, diagnostics: &diagnostics)
      }
    } while try input.advance(&source)
    return try parser.finish(&diagnostics)
  }
}
