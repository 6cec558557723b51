public import ProfileModel

/// Reads folded stacks: our own, pprofutils' with and without its header, with or without line numbers, FlameGraph's with
/// its annotations, decimal values and the two columns of difffolded.pl.
public struct FoldedReader: ProfileReader {
  public let info = FormatInfo(
    id: FormatID("folded"), aliases: ["collapsed"], extensions: ["folded", "collapsed"],
    summary: "`a;b;c 12`: stacks of names", cannotExpress: NamedStackLosses.fields)

  public init() {}

  /// Never certain: many a text has numbers at the ends of its lines. Possible where all of the first lines have one behind
  /// a stack, or where a first line that is longer than what is looked at is a stack as far as it goes.
  public func detect(_ prefix: Span<UInt8>, isWhole: Bool) -> Detection {
    let text = TextDecoder.prefix(prefix)
    let bytes = text.span
    var at = 0
    var stacks = 0
    var semicolons = 0
    var isPlainHeader = false
    while at < text.count, stacks < 100 {
      let newline = TextBytes.newline(in: bytes, from: at)
      guard let end = newline ?? (isWhole ? text.count : nil) else { break }
      let start = at
      let line = start..<end
      at = end + 1
      if TextBytes.trimmed(bytes, line).isEmpty || bytes[line.lowerBound] == UInt8(ascii: "#") { continue }
      for i in line where bytes[i] < 0x20 && bytes[i] != 0x09 { return .no }
      if stacks == 0, semicolons == 0, let types = FoldedHeader.types(bytes, line) {
        isPlainHeader = types.allSatisfy { FoldedHeader.hasPlainUnit(bytes, $0) }
        semicolons += 1
        continue
      }
      guard let (word, rest) = Folded.lastWord(bytes, Folded.trimmedEnd(bytes, line)), Folded.value(bytes, word) != nil
      else {
        // A last line that was cut says nothing against those before it.
        if newline == nil { break }
        // Nor do goroutines that were joined to them.
        return FoldedStretch.end(bytes) == start ? .possible : .no
      }
      stacks += 1
      for i in rest where bytes[i] == UInt8(ascii: ";") {
        semicolons += 1
        break
      }
    }
    // An empty profile is its header alone.
    if stacks == 0 {
      if !isWhole, text.count - at >= Self.longLine {
        return Self.isLongStack(bytes, at..<text.count) ? .possible : .no
      }
      return !isWhole ? .needMore : isPlainHeader ? .possible : .no
    }
    // Without a stack of two frames or a header it is any list of counted words.
    return semicolons > 0 ? .possible : .no
  }

  /// A line that is longer is told by what there is of it: the catalogue's users look at a megabyte, and one deep stack of a
  /// program without an end has more.
  private static let longLine = 1 << 19

  /// Whether the beginning of a line can be that of a stack: names with a `;` between them and no blank behind it, none of
  /// them empty. In code and style sheets, which are made one line too, braces are open across a `;`; in names they are not.
  private static func isLongStack(_ bytes: Span<UInt8>, _ line: Range<Int>) -> Bool {
    guard let first = line.first, !Array("<{[(\"".utf8).contains(bytes[first]) else { return false }
    var start = first
    var names = 0
    var braces = 0
    for at in line {
      if bytes[at] == UInt8(ascii: "{") { braces += 1 }
      if bytes[at] == UInt8(ascii: "}") { braces -= 1 }
      if bytes[at] < 0x20 && bytes[at] != 0x09 { return false }
      // Names of C++ and Rust have thousands of bytes, not tens of thousands.
      if at - start > 1 << 16 { return false }
      if bytes[at] != UInt8(ascii: ";") { continue }
      if at == start || braces != 0 || Folded.isBlank(bytes[start]) { return false }
      names += 1
      start = at + 1
    }
    return names > 1
  }

  public func read(_ source: inout ByteSource, options: ReadOptions, diagnostics: inout Diagnostics)
    throws(ProfileError) -> Profile
  {
    _ = try source.fill(1 << 16)
    let isDifferential = FoldedParser.isDifferential(TextDecoder.prefix(source.prefix).span)
    var lines = TextLines(maxLine: options.maxLine)
    var parser = FoldedParser(isDifferential: isDifferential)
    while let line = try lines.next(&source) { try parser.take(line, lines, &diagnostics) }
    return try parser.finish(&diagnostics)
  }
}

/// The first line of folded stacks that have several values: `type/unit type/unit`, each word with a slash.
enum FoldedHeader {
  /// The words; nil where it is another line.
  static func types(_ bytes: Span<UInt8>, _ line: Range<Int>) -> [Range<Int>]? {
    var words: [Range<Int>] = []
    var at = line.lowerBound
    while at < line.upperBound {
      if Folded.isBlank(bytes[at]) {
        at += 1
        continue
      }
      let start = at
      var hasSlash = false
      while at < line.upperBound, !Folded.isBlank(bytes[at]) {
        if bytes[at] == UInt8(ascii: "/") { hasSlash = true }
        at += 1
      }
      if !hasSlash { return nil }
      words.append(start..<at)
    }
    return words.isEmpty ? nil : words
  }

  /// Whether a word ends in a unit that profilers have, so that it is no path.
  static func hasPlainUnit(_ bytes: Span<UInt8>, _ word: Range<Int>) -> Bool {
    let units: [StaticString] = ["/count", "/bytes", "/nanoseconds", "/microseconds", "/milliseconds", "/seconds"]
    return units.contains { unit in
      let start = word.upperBound - unit.utf8CodeUnitCount
      return start > word.lowerBound && TextBytes.has(unit, bytes, at: start)
    }
  }
}
