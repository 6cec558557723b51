public import ProfileModel

/// Go's own heap and allocs text, `/debug/pprof/heap?debug=1`, of every version; and C++ heap text under the same header.
public struct Debug1Reader: ProfileReader {
  public init() {}

  public var info: FormatInfo { GoHeapText.debug1 }

  public func detect(_ prefix: Span<UInt8>, isWhole: Bool) -> Detection {
    switch GoHeapText.kind(prefix, isWhole: isWhole) {
    case .go: .certain
    case .grouped, .other: .no
    case .unclear: .needMore
    }
  }

  public func read(
    _ source: inout ByteSource, options: ReadOptions, diagnostics: inout Diagnostics
  ) throws(ProfileError) -> Profile {
    try GoHeapText.read(&source, options: options, diagnostics: &diagnostics)
  }
}

/// Grouped text: bpprof's, and ours.
public struct GroupedTextReader: ProfileReader {
  public init() {}

  public var info: FormatInfo { GroupedTextWriter().info }

  public func detect(_ prefix: Span<UInt8>, isWhole: Bool) -> Detection {
    switch GoHeapText.kind(prefix, isWhole: isWhole) {
    case .grouped: .certain
    case .go, .other: .no
    case .unclear: .needMore
    }
  }

  public func read(
    _ source: inout ByteSource, options: ReadOptions, diagnostics: inout Diagnostics
  ) throws(ProfileError) -> Profile {
    try GoHeapText.read(&source, options: options, diagnostics: &diagnostics)
  }
}

/// What the two forms of heap text have in common. Whichever reader was asked, the second line tells the form.
enum GoHeapText {
  static let debug1 = FormatInfo(
    id: FormatID("debug1"), extensions: ["debug1.txt", "txt"],
    summary: "Go's own text (debug=1) of heap and allocs profiles",
    cannotExpress: [
      "without its # pprofconv block: labels, mapping flags, start lines, columns, system names, time, duration, ids, "
        + "unknown fields, comments that are no lines of a trailer"
    ])
  enum Kind {
    case go, grouped, other, unclear
  }

  private static let secondHeader: StaticString = "# heap profile:"
  /// No header is longer.
  private static let longestHeader = 1 << 12

  static func kind(_ prefix: Span<UInt8>, isWhole: Bool) -> Kind {
    let text = TextDecoder.prefix(prefix)
    guard let end = TextBytes.newline(in: text.span, from: 0) else {
      if !isWhole { return text.count < longestHeader ? .unclear : .other }
      return HeapTextHeader(text.span) == nil ? .other : .go
    }
    if HeapTextHeader(text.span.extracting(0..<end)) == nil { return .other }
    if TextBytes.has(secondHeader, text.span, at: end + 1) { return .grouped }
    return isWhole || text.count > end + secondHeader.utf8CodeUnitCount ? .go : .unclear
  }

  static func read(
    _ source: inout ByteSource, options: ReadOptions, diagnostics: inout Diagnostics
  ) throws(ProfileError) -> Profile {
    var input = TextInput(maxLine: options.maxLine)
    guard try input.advance(&source), let end = TextBytes.newline(in: input.buffer.span, from: 0) else {
      throw ProfileError(.empty, "the text is empty")
    }
    let headerLine = TextBytes.copy(input.buffer.span, TextBytes.trimmed(input.buffer.span, 0..<end))
    guard let header = HeapTextHeader(headerLine.span) else {
      throw ProfileError(
        .malformed, "no heap profile header: it is `heap profile: 1: 16 [2: 32] @ heap/1048576`",
        at: TextBytes.place(input.buffer.span, line: 1, 0..<end, at: 0))
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
    repeat {
      input.position = try parser.parse(input.buffer.span, from: input.position, diagnostics: &diagnostics)
    } while try input.advance(&source)
    return try parser.finish(&diagnostics)
  }
}
