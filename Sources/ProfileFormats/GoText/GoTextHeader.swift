import ProfileModel

/// The line by which Go's text of a profile that is no heap is known:
///
///     goroutine profile: total 26
///     --- contention:
///     --- mutex:
enum GoTextHeader: Equatable {
  /// The records have one number, and this is its sample type.
  case count(name: [UInt8], total: UInt64)
  case contention(ContentionHeader.Kind)

  private static let total: StaticString = " profile: total "

  /// nil where the line is neither. A name may have blanks, and begin as a comment does: Go prints it as it is, although pprof
  /// reads no such text.
  ///
  /// - Parameter isFirst: of the text, where a `#` in a word of its own is a name's.
  init?(_ bytes: Span<UInt8>, _ line: Range<Int>, isFirst: Bool = false) {
    if let kind = ContentionHeader.Kind.allCases.first(where: { $0.begins(bytes, at: line.lowerBound, line.upperBound) }
    ) {
      self = .contention(kind)
      return
    }
    guard let (name, number) = Self.parts(bytes, line, isFirst: isFirst) else { return nil }
    self = .count(name: TextBytes.copy(bytes, name), total: TextBytes.unsigned(bytes, number) ?? .max)
  }

  /// The name and the digits of the total.
  private static func parts(
    _ bytes: Span<UInt8>, _ line: Range<Int>, isFirst: Bool
  ) -> (name: Range<Int>, total: Range<Int>)? {
    var digits = line.upperBound
    while digits > line.lowerBound, TextBytes.isDigit(bytes[digits - 1]) { digits -= 1 }
    let end = digits - total.utf8CodeUnitCount
    guard digits < line.upperBound, end > line.lowerBound, TextBytes.has(total, bytes, at: end),
      bytes[line.lowerBound] != UInt8(ascii: "#")
        || (isFirst && end > line.lowerBound + 1 && !(line.lowerBound..<end).contains { TextBytes.isBlank(bytes[$0]) })
    else { return nil }
    return (line.lowerBound..<end, digits..<line.upperBound)
  }

  /// Whether a text is one of these. Empty lines and comments may stand before the header. What has the form of grouped text
  /// belongs to that.
  static func detect(_ prefix: Span<UInt8>, isWhole: Bool) -> Detection {
    let text = TextDecoder.prefix(prefix, removesIndent: true)
    switch ValueText.isFirst(prefix, isWhole: isWhole) {
    case true?: return .no
    case nil: return .needMore
    case false?: break
    }
    var at = 0
    var isFirst = true
    while at < text.count {
      let newline = TextBytes.newline(in: text.span, from: at)
      guard let end = newline ?? (isWhole ? text.count : nil) else { return .needMore }
      let line = TextBytes.trimmed(text.span, at..<end)
      at = end + 1
      if isFirst, !line.isEmpty, GoTextHeader(text.span, line, isFirst: true) != nil { return .certain }
      isFirst = false
      if line.isEmpty || text[line.lowerBound] == UInt8(ascii: "#") { continue }
      return GoTextHeader(text.span, line) == nil ? .no : .certain
    }
    return isWhole ? .no : .needMore
  }
}
