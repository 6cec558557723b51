/// The line behind a function's: `/src/main.go:34 +0x5f fp=0x1 sp=0x2 pc=0x4f6a56`, without what it is indented by.
struct TracebackPlace {
  /// `/src/main.go`; empty where Go has no name for it.
  var file: Range<Int>
  var line: Int64
  /// `FILE:LINE`
  var text: Range<Int>
  var pc: UInt64?
  var hasOffset = false
  /// fp= or sp=.
  var hasPointers = false

  /// nil where it is none. The file may have blanks and colons: numbers are cut off from the end.
  init?(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    let start = range.lowerBound
    var end = range.upperBound
    while true {
      var digits = end
      while digits > start, TextBytes.isDigit(bytes[digits - 1]) { digits -= 1 }
      if digits < end, digits > start, bytes[digits - 1] == UInt8(ascii: ":") {
        guard let number = TextBytes.decimal(bytes, digits..<end) else { return nil }
        line = number
        text = start..<end
        file = start..<digits - 1
        if Self.isUnknown(bytes, file) { file = start..<start }
        return
      }
      // No digits behind a colon: then a number behind a blank.
      var blank = end
      while blank > start, bytes[blank - 1] != 0x20 { blank -= 1 }
      guard let (name, value) = Self.number(bytes, blank..<end) else { return nil }
      switch name {
      case .offset: hasOffset = true
      case .pointer: hasPointers = true
      case .pc: pc = value
      }
      if blank == start {
        // The symbolizer of C code may know nothing but the pc.
        guard pc != nil, !hasOffset, !hasPointers else { return nil }
        line = 0
        text = start..<start
        file = text
        return
      }
      end = blank - 1
    }
  }

  private enum Name { case offset, pointer, pc }

  /// `+0x5f`, `fp=0x1`, `sp=0x2`, `pc=0x3`.
  private static func number(_ bytes: Span<UInt8>, _ range: Range<Int>) -> (Name, UInt64)? {
    guard range.count > 3 else { return nil }
    let start = range.lowerBound
    let name: Name
    let digits: Int
    switch (bytes[start], bytes[start + 1], bytes[start + 2]) {
    case (0x2b, 0x30, 0x78): (name, digits) = (.offset, start + 3)
    case (0x66, 0x70, 0x3d), (0x73, 0x70, 0x3d): (name, digits) = (.pointer, start + 5)
    case (0x70, 0x63, 0x3d): (name, digits) = (.pc, start + 5)
    default: return nil
    }
    guard digits < range.upperBound, bytes[digits - 2] == 0x30, bytes[digits - 1] == 0x78,
      let value = TextBytes.hexadecimal(bytes, digits..<range.upperBound)
    else { return nil }
    return (name, value)
  }

  /// What stands where there is no file: Go has `?`, tools for C have `??`.
  static func isUnknown(_ bytes: Span<UInt8>, _ file: Range<Int>) -> Bool {
    file.count == 2 && bytes[file.lowerBound] == UInt8(ascii: "?") && bytes[file.lowerBound + 1] == UInt8(ascii: "?")
  }
}
