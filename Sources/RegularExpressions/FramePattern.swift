internal import ProfileModel

/// A regular expression over function names, as `drop_frames` and `keep_frames` hold it: the part of RE2's syntax that
/// names regular languages (https://github.com/google/re2/wiki/Syntax). pprof's own patterns need no more, and for this
/// part the answer is exact. What is beyond it (flags, `\b`, counted repetition, classes by name) is not guessed at.
package struct FramePattern {
  indirect enum Node {
    case empty
    case rune(UInt32)
    /// `.`: everything but a newline.
    case any
    case oneOf([ClosedRange<UInt32>], isNegated: Bool)
    case sequence([Node])
    case alternatives([Node])
    /// `*`, `+` and `?`. Greedy or not is the same where only yes or no is asked.
    case repeated(Node, atLeastOnce: Bool, atMostOnce: Bool)
    /// `^` and `$`, which without flags mean the whole text.
    case begin, end
  }

  package enum Problem: Error {
    /// RE2 refuses it, and pprof then drops nothing, without a word.
    case refused
    /// Valid or not, it is beyond this matcher.
    case unsupported
  }

  let states: [State]

  /// Compiles `^(text)$`, as pprof puts it: put together first, so that `a)|(b` means what it means to pprof.
  package init(wholeOf text: Span<UInt8>) throws(Problem) {
    var runes: [UInt32] = [UInt32(UInt8(ascii: "^")), UInt32(UInt8(ascii: "("))]
    for rune in Self.runes(text) {
      // Go's regexp takes no pattern that is not UTF-8. U+FFFD itself may stand in one, but never does.
      if rune == Self.invalid { throw .refused }
      runes.append(rune)
    }
    runes += [UInt32(UInt8(ascii: ")")), UInt32(UInt8(ascii: "$"))]
    // Beyond this RE2 has limits of its own.
    if runes.count > 1 << 16 { throw .unsupported }
    var parser = Parser(runes)
    states = Self.compile(try parser.parse())
  }

  static let invalid: UInt32 = 0xfffd

  /// The code points of UTF-8; every byte that is none of it is U+FFFD.
  static func runes(_ text: Span<UInt8>) -> [UInt32] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count)
    var isASCII = true
    for i in text.indices {
      bytes.append(text[i])
      if text[i] >= 0x80 { isASCII = false }
    }
    if isASCII { return bytes.map { UInt32($0) } }
    var runes: [UInt32] = []
    var decoder = UTF8Runes(bytes)
    while let rune = decoder.next() { runes.append(rune.value) }
    return runes
  }
}

extension FramePattern {
  private struct Parser {
    let runes: [UInt32]
    var at = 0
    var depth = 0

    init(_ runes: [UInt32]) { self.runes = runes }

    mutating func parse() throws(Problem) -> Node {
      let node = try alternatives()
      // A `)` without its `(`.
      if at < runes.count { throw .refused }
      return node
    }

    private func next(is character: Character) -> Bool {
      at < runes.count && runes[at] == character.unicodeScalars.first?.value
    }

    private mutating func skip(_ character: Character) -> Bool {
      if !next(is: character) { return false }
      at += 1
      return true
    }

    private mutating func alternatives() throws(Problem) -> Node {
      var branches = [try sequence()]
      while skip("|") { branches.append(try sequence()) }
      return branches.count == 1 ? branches[0] : .alternatives(branches)
    }

    private mutating func sequence() throws(Problem) -> Node {
      var parts: [Node] = []
      while at < runes.count, !next(is: "|"), !next(is: ")") { parts.append(try repetition()) }
      return parts.count == 1 ? parts[0] : parts.isEmpty ? .empty : .sequence(parts)
    }

    private mutating func repetition() throws(Problem) -> Node {
      let atom = try atom()
      guard next(is: "*") || next(is: "+") || next(is: "?") else { return atom }
      let node: Node =
        skip("*")
        ? .repeated(atom, atLeastOnce: false, atMostOnce: false)
        : skip("+")
          ? .repeated(atom, atLeastOnce: true, atMostOnce: false)
          : .repeated(atom, atLeastOnce: false, atMostOnce: true)
      if case .repeated(_, _, true) = node { at += 1 }
      _ = skip("?")
      if next(is: "*") || next(is: "+") || next(is: "?") { throw .refused }
      if next(is: "{") { throw .unsupported }
      return node
    }

    private mutating func atom() throws(Problem) -> Node {
      let rune = runes[at]
      at += 1
      switch Unicode.Scalar(rune) {
      case ".": return .any
      case "^": return .begin
      case "$": return .end
      case "(": return try group()
      case "[": return try set()
      case "\\": return try escape()
      case "*", "+", "?": throw .refused
      // As a repetition unsupported, else a character like others.
      case "{": throw .unsupported
      default:
        if next(is: "{") { throw .unsupported }
        return .rune(rune)
      }
    }

    private mutating func group() throws(Problem) -> Node {
      if skip("?") {
        if !skip(":") { throw .unsupported }
      }
      depth += 1
      if depth > 100 { throw .unsupported }
      let node = try alternatives()
      depth -= 1
      if !skip(")") { throw .refused }
      if next(is: "{") { throw .unsupported }
      return node
    }

    private mutating func escape() throws(Problem) -> Node {
      if at == runes.count { throw .refused }
      if let (ranges, isNegated) = classEscape() { return .oneOf(ranges, isNegated: isNegated) }
      return .rune(try literalEscape())
    }

    /// `\d`, `\s`, `\w` and their opposites.
    private mutating func classEscape() -> ([ClosedRange<UInt32>], Bool)? {
      guard at < runes.count, let scalar = Unicode.Scalar(runes[at]) else { return nil }
      let ranges: [ClosedRange<Unicode.Scalar>]
      switch scalar {
      case "d", "D": ranges = ["0"..."9"]
      case "s", "S": ranges = ["\t"..."\n", "\u{c}"..."\r", " "..." "]
      case "w", "W": ranges = ["0"..."9", "A"..."Z", "_"..."_", "a"..."z"]
      default: return nil
      }
      at += 1
      return (ranges.map { $0.lowerBound.value...$0.upperBound.value }, scalar.properties.isUppercase)
    }

    private mutating func literalEscape() throws(Problem) -> UInt32 {
      let rune = runes[at]
      at += 1
      switch Unicode.Scalar(rune) {
      case "a": return 7
      case "f": return 12
      case "n": return 10
      case "r": return 13
      case "t": return 9
      case "v": return 11
      default:
        let isLetterOrDigit = (48...57).contains(rune) || (65...90).contains(rune) || (97...122).contains(rune)
        // Punctuation stands for itself; of the rest nobody has needed any.
        if rune >= 0x80 || isLetterOrDigit { throw .unsupported }
        return rune
      }
    }

    /// What stands behind `[`.
    private mutating func set() throws(Problem) -> Node {
      let isNegated = skip("^")
      var ranges: [ClosedRange<UInt32>] = []
      var isFirst = true
      while isFirst || !next(is: "]") {
        if at == runes.count { throw .refused }
        isFirst = false
        if next(is: "["), at + 1 < runes.count, runes[at + 1] == UInt32(UInt8(ascii: ":")) { throw .unsupported }
        if next(is: "\\") {
          at += 1
          if at == runes.count { throw .refused }
          if let (members, isOpposite) = classEscape() {
            if isOpposite { throw .unsupported }
            ranges += members
            continue
          }
          at -= 1
        }
        let low = try member()
        var high = low
        if next(is: "-"), at + 1 < runes.count, runes[at + 1] != UInt32(UInt8(ascii: "]")) {
          at += 1
          high = try member()
        }
        if high < low { throw .refused }
        ranges.append(low...high)
      }
      at += 1
      if next(is: "{") { throw .unsupported }
      return .oneOf(ranges, isNegated: isNegated)
    }

    private mutating func member() throws(Problem) -> UInt32 {
      if at == runes.count { throw .refused }
      if skip("\\") {
        if at == runes.count { throw .refused }
        return try literalEscape()
      }
      at += 1
      return runes[at - 1]
    }
  }
}
