/// Words as Go's flag package reads them, which reads those of `go tool pprof`.
enum GoFlags {
  /// `-name`, `--name`, `-name=value`: the name with underscores between its words, and the value. nil: no option.
  static func option(_ argument: String) -> (name: String, value: String?)? {
    let bytes = argument.utf8
    let dash = UInt8(ascii: "-")
    let dashes = bytes.prefix { $0 == dash }.count
    guard (1...2).contains(dashes), bytes.count > dashes else { return nil }
    let rest = bytes.dropFirst(dashes)
    let name = rest.prefix { $0 != UInt8(ascii: "=") }
    let value = name.count < rest.count ? rest.dropFirst(name.count + 1) : nil
    let spelled = name.map { $0 == dash ? UInt8(ascii: "_") : $0 }
    return (String(decoding: spelled, as: UTF8.self), value.map { String(decoding: $0, as: UTF8.self) })
  }

  static func truth(_ word: String) -> Bool? {
    switch word {
    case "1", "t", "T", "true", "TRUE", "True": true
    case "0", "f", "F", "false", "FALSE", "False": false
    default: nil
    }
  }

  /// Decimal, or `0x1f`, `0b11`, `0o17` and `017`; `1_000` as in Go's own source (`strconv.ParseInt` of base 0).
  static func integer(_ word: String) -> Int? {
    let (sign, bytes) = signed(word)
    guard separatesDigits(bytes) else { return nil }
    var digits = bytes
    var radix = 10
    if digits.first == UInt8(ascii: "0"), digits.count > 1 {
      let mark = digits.dropFirst().first.flatMap(radix(ofMark:))
      radix = mark ?? 8
      digits = digits.dropFirst(mark == nil ? 1 : 2)
    }
    digits.removeAll { $0 == underscore }
    guard digits.allSatisfy(isAlphanumeric) else { return nil }
    return Int(sign + String(decoding: digits, as: UTF8.self), radix: radix)
  }

  /// As `strconv.ParseFloat`: also `inf` and `nan`, and `0x1p-4`, whose exponent must be there. What is too large for any
  /// other is refused.
  static func number(_ word: String) -> Double? {
    let (sign, bytes) = signed(word)
    switch String(decoding: bytes.map { $0 | 0x20 }, as: UTF8.self) {
    case "inf", "infinity": return sign == "-" ? -.infinity : .infinity
    case "nan": return bytes.count == word.utf8.count ? .nan : nil
    default: break
    }
    guard let first = bytes.first, isDigit(first) || first == UInt8(ascii: "."), separatesDigits(bytes) else {
      return nil
    }
    let isHexadecimal = bytes.count > 1 && first == UInt8(ascii: "0") && isMark(bytes.dropFirst().first, "x")
    if isHexadecimal, !bytes.contains(where: { isMark($0, "p") }) { return nil }
    let plain = sign + String(decoding: bytes.filter { $0 != underscore }, as: UTF8.self)
    guard let value = Double(plain), value.isFinite else { return nil }
    return value
  }

  private static let underscore = UInt8(ascii: "_")

  private static func signed(_ word: String) -> (sign: String, rest: ArraySlice<UInt8>) {
    let bytes = Array(word.utf8)
    switch bytes.first {
    case UInt8(ascii: "-"): return ("-", bytes.dropFirst())
    case UInt8(ascii: "+"): return ("", bytes.dropFirst())
    default: return ("", bytes[...])
    }
  }

  /// Whether each underscore stands between two digits, of which `0x` may be the first.
  private static func separatesDigits(_ bytes: ArraySlice<UInt8>) -> Bool {
    var rest = bytes
    var isBehindDigit = false
    var isHexadecimal = false
    if rest.first == UInt8(ascii: "0"), let mark = rest.dropFirst().first, let radix = radix(ofMark: mark) {
      rest = rest.dropFirst(2)
      isBehindDigit = true
      isHexadecimal = radix == 16
    }
    var isBehindUnderscore = false
    for byte in rest {
      if byte == underscore {
        guard isBehindDigit else { return false }
        (isBehindDigit, isBehindUnderscore) = (false, true)
      } else {
        isBehindDigit = isDigit(byte) || isHexadecimal && (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
        if isBehindUnderscore, !isBehindDigit { return false }
        isBehindUnderscore = false
      }
    }
    return !isBehindUnderscore
  }

  private static func radix(ofMark mark: UInt8) -> Int? {
    switch mark | 0x20 {
    case UInt8(ascii: "x"): 16
    case UInt8(ascii: "b"): 2
    case UInt8(ascii: "o"): 8
    default: nil
    }
  }

  /// In either case.
  private static func isMark(_ byte: UInt8?, _ letter: Unicode.Scalar) -> Bool {
    byte.map { $0 | 0x20 == UInt8(ascii: letter) } ?? false
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    default: isDigit(byte)
    }
  }
}
