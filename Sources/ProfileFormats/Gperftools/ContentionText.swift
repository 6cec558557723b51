public import ProfileModel

/// The lock contention of a C++ server (`/pprof/contentionz`) as text:
///
///     --- contentionz 1 ---
///     cycles/second = 3201000000
///     sampling period = 100                 what both numbers are multiplied by
///     ms since reset = 16502830
///     discarded samples = 0
///       19490304       27 @ 0xbccc97 0xc61202          cycles, how often, leaf first
///     --- Memory map: ---
///       00400000-00fcb000: /bin/srv
///
/// Java's begins alike: what stands before the samples tells them apart, as in pprof.
enum ContentionText {
  static func detect(_ prefix: Span<UInt8>, isWhole: Bool, isJava: Bool) -> Detection {
    let text = TextDecoder.prefix(prefix)
    if text.count < 16, !isWhole {
      for (i, byte) in "--- contentionz ".utf8.enumerated() where i < text.count && text[i] != byte { return .no }
      return .needMore
    }
    guard TextBytes.has("--- contentionz ", text.span, at: 0) else { return .no }
    guard let found = Self.isJava(text.span, isWhole: isWhole) else { return .needMore }
    return found == isJava ? .certain : .no
  }

  /// Reads a profile of either language.
  static func read(
    _ source: inout ByteSource, options: ReadOptions, diagnostics: inout Diagnostics
  ) throws(ProfileError) -> Profile {
    // Attributes are a handful: in a text of which so much tells nothing there are none.
    let isWhole = try source.fill(1 << 16)
    let head = TextDecoder.prefix(source.prefix)
    var lines = TextLines(maxLine: options.maxLine)
    guard let first = try lines.next(&source), TextBytes.has("--- contentionz ", lines.bytes, at: first.lowerBound)
    else {
      throw ProfileError(.malformed, "a contention profile begins with `--- contentionz 1 ---`", at: lines.place())
    }
    if isJava(head.span, isWhole: isWhole) == true {
      return try JavaText.read(.contention, &lines, &source, &diagnostics)
    }
    var parser = ContentionParser()
    while let line = try lines.next(&source) { try parser.take(line, lines, &diagnostics) }
    return try parser.finish(&diagnostics)
  }

  /// Whether an attribute before the samples is one that only Java has; nil: the text has to be longer to tell.
  private static func isJava(_ text: Span<UInt8>, isWhole: Bool) -> Bool? {
    guard let first = TextBytes.newline(in: text, from: 0) else { return isWhole ? false : nil }
    guard JavaText.kind(text, 0..<first) != nil else { return false }
    var at = first + 1
    while at < text.count {
      guard let end = TextBytes.newline(in: text, from: at) ?? (isWhole ? text.count : nil) else { return nil }
      let line = TextBytes.trimmed(text, at..<end)
      at = end + 1
      if line.isEmpty || text[line.lowerBound] == UInt8(ascii: "#") { continue }
      if TextBytes.has("---", text, at: line.lowerBound) { return false }
      guard let equals = line.first(where: { text[$0] == UInt8(ascii: "=") }) else { return false }
      let name = TextBytes.trimmed(text, line.lowerBound..<equals)
      for words: StaticString in ["format", "resolution"]
      where name.count == words.utf8CodeUnitCount && TextBytes.has(words, text, at: name.lowerBound) {
        return true
      }
    }
    return isWhole ? false : nil
  }
}

/// The contention profile of a C++ server. See ``ContentionText``.
public struct GperftoolsContentionReader: ProfileReader {
  public let info = FormatInfo(
    id: FormatID("gperftools-contention"), aliases: ["contentionz"], extensions: ["txt"],
    summary: "lock contention of a C++ server (`--- contentionz 1 ---`)")

  public init() {}

  public func detect(_ prefix: Span<UInt8>, isWhole: Bool) -> Detection {
    ContentionText.detect(prefix, isWhole: isWhole, isJava: false)
  }

  public func read(
    _ source: inout ByteSource, options: ReadOptions, diagnostics: inout Diagnostics
  ) throws(ProfileError) -> Profile {
    try ContentionText.read(&source, options: options, diagnostics: &diagnostics)
  }
}
