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

  /// Decimal, or `0x1f`, `0b11`, `0o17` and `017`.
  static func integer(_ word: String) -> Int? {
    var digits = Array(word.utf8)
    var sign = ""
    if let first = digits.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
      sign = first == UInt8(ascii: "-") ? "-" : ""
      digits.removeFirst()
    }
    guard let first = digits.first, isAlphanumeric(first) else { return nil }
    var radix = 10
    if first == UInt8(ascii: "0"), digits.count > 1 {
      radix =
        switch digits[1] | 0x20 {
        case UInt8(ascii: "x"): 16
        case UInt8(ascii: "b"): 2
        case UInt8(ascii: "o"): 8
        default: 8
        }
      digits.removeFirst(isAlphanumeric(digits[1]) && digits[1] > UInt8(ascii: "9") ? 2 : 1)
      guard let next = digits.first, isAlphanumeric(next) else { return nil }
    }
    return Int(sign + String(decoding: digits, as: UTF8.self), radix: radix)
  }

  /// Also `inf` and `nan`; what is too large for any other is refused.
  static func number(_ word: String) -> Double? {
    guard let value = Double(word) else { return nil }
    return value.isInfinite && word.utf8.contains { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? nil : value
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"):
      true
    default: false
    }
  }
}
