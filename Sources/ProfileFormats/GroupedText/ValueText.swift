import ProfileModel

/// Grouped text of a profile that is no heap: ``GroupedText``'s idea for every other kind. Go never had one for CPU
/// profiles. Every line:
///
///     samples profile: total 303                        the sum of the shown type, unsigned (0 for a negative one)
///     # samples profile: 303 samples, 3.03s cpu in 57 records
///     (empty)
///     # types: samples/count cpu/nanoseconds            quoted where a name has a slash or blank: "a b"/"c"
///     # time: …                                         as in a heap's: time, duration, period, default, doc, binary
///     # addresses: none                                 where all pcs of the records are invented …
///     # addresses: 0x11=0x0 0x21=0x48581a               … or some: the true addresses
///     # comment: "Go-quoted"
///     (empty)
///     120 @ 0x48581a 0x489d07                           the value of the shown type
///     # 120 samples (39.60%), 1.2s cpu (39.60%)         for people
///     # values: 120 1200000000                          all of them, exactly; only where there are others
///     # goroutines: 6 chan receive, 2 select; …         for people: what is known of goroutines that stand here
///     # labels: {"k":"v", "n":64 "bytes"}
///     #	0x…	func+0x0	file:line
///     (empty)
///
///     (empty)
///     # …                                               comments, where they can stand as they are
///
/// The type that is shown is the first that counts (unit `count`), else the first. So pprof reads the text as a count
/// profile of that name, with the stacks and values of that type: unless a value is negative or a stack empty, which its
/// grammar does not have. The second line tells the form from Go's own text.
enum ValueText {
  static let header = " profile: total "
  static let types = "# types: "
  static let addresses = "# addresses: "
  static let noAddresses = "none"
  static let values = "# values: "
  static let goroutines = "# goroutines: "
  /// So many addresses stand in a line.
  static let addressesInLine = 200

  /// Whether the first two lines are those of this form; nil where the bytes end before that can be told. Empty lines and
  /// comments may stand before them, as before Go's own text.
  static func isFirst(_ bytes: Span<UInt8>, isWhole: Bool) -> Bool? {
    let text = TextDecoder.prefix(bytes, removesIndent: true)
    var start = 0
    while let end = TextBytes.newline(in: text.span, from: start) {
      if let name = name(text.span, start..<end) {
        let second = end + 3
        guard second + name.count + 10 <= text.count else { return isWhole ? false : nil }
        return TextBytes.has("# ", text.span, at: end + 1)
          && TextBytes.equal(text.span, second, text.span, start, name.count)
          && TextBytes.has(" profile: ", text.span, at: second + name.count)
      }
      let line = TextBytes.trimmed(text.span, start..<end)
      if !line.isEmpty, text[line.lowerBound] != UInt8(ascii: "#") { return false }
      start = end + 1
    }
    return isWhole || text.count - start > 4096 ? false : nil
  }

  /// `samples` of `samples profile: total 303`; nil where a line is no header.
  static func name(_ bytes: Span<UInt8>, _ line: Range<Int>) -> Range<Int>? {
    var end = line.lowerBound
    while end < line.upperBound, bytes[end] != 0x20 { end += 1 }
    return end > line.lowerBound && TextBytes.has(" profile: total ", bytes, at: end) ? line.lowerBound..<end : nil
  }

  /// How many records there are, as the second line says behind all else: `in 57 records`.
  static func records(_ bytes: Span<UInt8>, _ line: Range<Int>) -> Int? {
    for word: StaticString in [" records", " record"] {
      let end = line.upperBound - word.utf8CodeUnitCount
      guard end > line.lowerBound, TextBytes.has(word, bytes, at: end) else { continue }
      var start = end
      while start > line.lowerBound, TextBytes.isDigit(bytes[start - 1]) { start -= 1 }
      return TextBytes.decimal(bytes, start..<end).map { Int(clamping: $0) }
    }
    return nil
  }

  static func read(
    _ source: inout ByteSource, options: ReadOptions, diagnostics: inout Diagnostics
  ) throws(ProfileError) -> Profile {
    var input = TextInput(maxLine: options.maxLine, removesIndent: true)
    var parser = ValueTextParser(maxLine: options.maxLine)
    while try input.advance(&source) {
      input.position = try parser.parse(input.buffer.span, from: input.position)
    }
    return try parser.finish(&diagnostics)
  }
}
