import ProfileModel

/// A line of a location: `name file:line:column s=start`, and the linker's name behind it where it is another.
enum RawFrame {
  static func append(_ line: Line, _ columns: ProfileColumns, to buffer: inout [UInt8]) {
    let function = columns.functions[line.function.position]
    let strings = columns.strings
    buffer.append(strings[function.name])
    buffer.append(UInt8(ascii: " "))
    buffer.append(strings[function.file])
    buffer.append(UInt8(ascii: ":"))
    Units.append(line.line, to: &buffer)
    buffer.append(UInt8(ascii: ":"))
    Units.append(line.column, to: &buffer)
    buffer.append(" s=")
    Units.append(function.startLine, to: &buffer)
    if function.systemName == function.name || strings.equals(function.systemName, strings[function.name]) { return }
    buffer.append(UInt8(ascii: "("))
    buffer.append(strings[function.systemName])
    buffer.append(UInt8(ascii: ")"))
  }

  /// What a line says: ranges of its bytes and numbers.
  struct Parts {
    var name: Range<Int>
    var file: Range<Int>
    /// nil: as `name`.
    var systemName: Range<Int>?
    var line: Int64 = 0
    var column: Int64 = 0
    var startLine: Int64 = 0
  }

  /// Takes a line apart, from its right end: names and files may hold blanks and colons. nil where there is no
  /// `:line:column s=start`; pprof before 2023 wrote no column.
  static func parse(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Parts? {
    var parts = Parts(name: range, file: range)
    var at = range.upperBound
    while let mark = lastMark(bytes, range.lowerBound..<at) {
      if let head = numbers(bytes, range, mark, &parts) {
        let split = fileStart(bytes, head)
        parts.name = head.lowerBound..<max(head.lowerBound, split - 1)
        parts.file = split..<head.upperBound
        return parts
      }
      at = mark + 2
    }
    return nil
  }

  /// Where the last ` s=` stands.
  private static func lastMark(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
    var at = range.upperBound - 3
    while at >= range.lowerBound {
      if bytes[at] == UInt8(ascii: " "), bytes[at + 1] == UInt8(ascii: "s"), bytes[at + 2] == UInt8(ascii: "=") {
        return at
      }
      at -= 1
    }
    return nil
  }

  /// Reads what stands around the mark; gives what is left of it: name and file.
  private static func numbers(_ bytes: Span<UInt8>, _ range: Range<Int>, _ mark: Int, _ parts: inout Parts) -> Range<
    Int
  >? {
    let end = number(bytes, from: mark + 3, to: range.upperBound)
    guard let start = TextBytes.decimal(bytes, mark + 3..<end) else { return nil }
    parts.startLine = start
    parts.systemName = nil
    if end < range.upperBound {
      guard bytes[end] == UInt8(ascii: "("), bytes[range.upperBound - 1] == UInt8(ascii: ")"),
        end + 1 < range.upperBound
      else { return nil }
      parts.systemName = end + 1..<range.upperBound - 1
    }
    guard let (last, colon) = numberBehindColon(bytes, range.lowerBound..<mark) else { return nil }
    guard let (first, otherColon) = numberBehindColon(bytes, range.lowerBound..<colon) else {
      parts.line = last
      parts.column = 0
      return range.lowerBound..<colon
    }
    parts.line = first
    parts.column = last
    return range.lowerBound..<otherColon
  }

  private static func number(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Int {
    let digits = start < end && bytes[start] == UInt8(ascii: "-") ? start + 1 : start
    return TextBytes.digits(bytes, from: digits, to: end)
  }

  /// The number that ends a range, and where the colon before it stands.
  private static func numberBehindColon(_ bytes: Span<UInt8>, _ range: Range<Int>) -> (Int64, Int)? {
    var at = range.upperBound
    while at > range.lowerBound, TextBytes.isDigit(bytes[at - 1]) { at -= 1 }
    if at > range.lowerBound, bytes[at - 1] == UInt8(ascii: "-") { at -= 1 }
    guard at > range.lowerBound, bytes[at - 1] == UInt8(ascii: ":"),
      let value = TextBytes.decimal(bytes, at..<range.upperBound)
    else { return nil }
    return (value, at - 1)
  }

  /// Where the file begins in `name file`: behind the last blank, unless there is no path there and one stands before, as in
  /// `main.main /home/a user/main.go`.
  private static func fileStart(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int {
    var last = range.upperBound
    while last > range.lowerBound, bytes[last - 1] != UInt8(ascii: " ") { last -= 1 }
    if last == range.lowerBound { return last }
    if last == range.upperBound || isAbsolute(bytes, last..<range.upperBound) { return last }
    for at in range where at + 1 < last && bytes[at] == UInt8(ascii: " ") {
      if isAbsolute(bytes, at + 1..<range.upperBound) { return at + 1 }
    }
    return last
  }

  /// `/x`, `C:\x`, `C:/x`.
  private static func isAbsolute(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    if range.count > 1, bytes[range.lowerBound] == UInt8(ascii: "/"), bytes[range.lowerBound + 1] != UInt8(ascii: " ") {
      return true
    }
    guard range.count > 2 else { return false }
    let (drive, colon, slash) = (
      bytes[range.lowerBound] | 0x20, bytes[range.lowerBound + 1], bytes[range.lowerBound + 2]
    )
    return drive >= UInt8(ascii: "a") && drive <= UInt8(ascii: "z") && colon == UInt8(ascii: ":")
      && (slash == UInt8(ascii: "/") || slash == UInt8(ascii: "\\"))
  }
}
