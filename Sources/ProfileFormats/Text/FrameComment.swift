internal import ProfileModel

/// A comment line that names a frame: `#` TAB `0xPC` TAB `FUNC+0xOFF` TAB `FILE:LINE`, or `#` TAB `0xPC` alone.
///
/// READMEs, chats and editors turn the tabs into blanks; both are read. In the form with tabs no part is ever cut at a blank.
struct FrameComment {
  var pc: UInt64
  /// Where its `#` stands.
  var start: Int
  /// nil: the line tells an address only.
  var symbol: Symbol?

  struct Symbol {
    var name: Range<Int>
    /// Of the pc, from the function's entry.
    var offset: UInt64
    var end: Int
    /// Where the file begins, behind the tabs.
    var file: Range<Int>
    var line: Int64
  }

  /// nil where `range`, which begins with `#`, is another comment.
  init?(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    let start = Self.skipSeparators(bytes, range.lowerBound + 1, range.upperBound)
    guard start > range.lowerBound + 1, start + 2 < range.upperBound, bytes[start] == 0x30, bytes[start + 1] == 0x78
    else { return nil }
    let end = TextBytes.hexDigits(bytes, from: start + 2, to: range.upperBound)
    guard let value = TextBytes.hexadecimal(bytes, start + 2..<end) else { return nil }
    pc = value
    self.start = range.lowerBound
    let name = Self.skipSeparators(bytes, end, range.upperBound)
    if name == range.upperBound { return }
    guard name > end else { return nil }
    guard let found = Self.tabbed(bytes, end, name, range.upperBound) ?? Self.spaced(bytes, name, range.upperBound)
    else { return nil }
    symbol = found
  }

  /// The function ends at the next tab.
  private static func tabbed(_ bytes: Span<UInt8>, _ pcEnd: Int, _ name: Int, _ end: Int) -> Symbol? {
    guard bytes[pcEnd] == 0x09 else { return nil }
    // Exactly the tabs: a name may begin with a blank.
    let name = TextBytes.run(of: 0x09, bytes, from: pcEnd, to: end)
    var tab = name
    while tab < end, bytes[tab] != 0x09 { tab += 1 }
    guard tab < end else { return nil }
    let file = TextBytes.run(of: 0x09, bytes, from: tab, to: end)
    var plus = tab - 3
    while plus >= name {
      if bytes[plus] == 0x2b, bytes[plus + 1] == 0x30, bytes[plus + 2] == 0x78,
        let offset = TextBytes.hexadecimal(bytes, plus + 3..<tab)
      {
        return symbol(bytes, name..<plus, offset, tab, file..<end)
      }
      plus -= 1
    }
    return nil
  }

  /// The function ends at the last `+0x`, its digits and blanks.
  private static func spaced(_ bytes: Span<UInt8>, _ name: Int, _ end: Int) -> Symbol? {
    // Once, and not for each `+0x`: a line may have any number of these.
    guard let place = linePlace(bytes, name..<end) else { return nil }
    var plus = end - 4
    while plus >= name {
      if bytes[plus] == 0x2b, bytes[plus + 1] == 0x30, bytes[plus + 2] == 0x78 {
        let digits = TextBytes.hexDigits(bytes, from: plus + 3, to: end)
        let file = skipSeparators(bytes, digits, end)
        if file > digits, file <= place.colon, let offset = TextBytes.hexadecimal(bytes, plus + 3..<digits) {
          return Symbol(name: name..<plus, offset: offset, end: digits, file: file..<place.colon, line: place.line)
        }
      }
      plus -= 1
    }
    return nil
  }

  private static func symbol(
    _ bytes: Span<UInt8>, _ name: Range<Int>, _ offset: UInt64, _ end: Int, _ place: Range<Int>
  ) -> Symbol? {
    guard let (colon, line) = linePlace(bytes, place) else { return nil }
    return Symbol(name: name, offset: offset, end: end, file: place.lowerBound..<colon, line: line)
  }

  /// The line number stands behind the last colon.
  private static func linePlace(_ bytes: Span<UInt8>, _ range: Range<Int>) -> (colon: Int, line: Int64)? {
    var colon = range.upperBound - 1
    while colon >= range.lowerBound, bytes[colon] != UInt8(ascii: ":") { colon -= 1 }
    guard colon >= range.lowerBound, let line = TextBytes.decimal(bytes, colon + 1..<range.upperBound) else {
      return nil
    }
    return (colon, line)
  }

  private static func skipSeparators(_ bytes: Span<UInt8>, _ at: Int, _ end: Int) -> Int {
    var at = at
    while at < end, bytes[at] == 0x09 || bytes[at] == 0x20 { at += 1 }
    return at
  }
}
