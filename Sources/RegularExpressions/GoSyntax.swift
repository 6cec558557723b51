/// The two places where RE2 (before 2023) and Go's regexp, which pprof uses, do not read a pattern alike. Found by 300,000 random
/// patterns; in all else they agree.
enum GoSyntax {
  /// A pattern as RE2 must be given it.
  ///
  /// - Returns: the pattern with `(?P<name>…)` for `(?<name>…)`, and where `\C` stands (from 0), which Go refuses, since it
  ///   would match half a character.
  static func adapted(_ pattern: [UInt8]) -> (pattern: [UInt8], anyByte: Int?) {
    var adapted: [UInt8] = []
    adapted.reserveCapacity(pattern.count)
    var anyByte: Int?
    var at = 0
    func starts(with text: StaticString, at: Int) -> Bool {
      pattern[at...].starts(with: text.description.utf8)
    }
    while at < pattern.count {
      var end = at + 1
      if starts(with: "\\Q", at: at) {
        // Literal up to \E.
        while end < pattern.count, !starts(with: "\\E", at: end) { end += 1 }
      } else if pattern[at] == UInt8(ascii: "\\") {
        if anyByte == nil, starts(with: "\\C", at: at) { anyByte = at }
        end = at + 2
      } else if pattern[at] == UInt8(ascii: "[") {
        end = classEnd(pattern, from: at)
      } else if starts(with: "(?<", at: at) {
        adapted += Array("(?P<".utf8)
        at += 3
        continue
      }
      end = min(end, pattern.count)
      adapted += pattern[at..<end]
      at = end
    }
    return (adapted, anyByte)
  }

  /// Where the class that begins at `start` ends.
  private static func classEnd(_ pattern: [UInt8], from start: Int) -> Int {
    var at = start + 1
    if at < pattern.count, pattern[at] == UInt8(ascii: "^") { at += 1 }
    // A bracket at the beginning is a character.
    if at < pattern.count, pattern[at] == UInt8(ascii: "]") { at += 1 }
    while at < pattern.count {
      switch pattern[at] {
      case UInt8(ascii: "]"): return at + 1
      case UInt8(ascii: "\\"): at += 2
      case UInt8(ascii: "[") where at + 1 < pattern.count && pattern[at + 1] == UInt8(ascii: ":"):
        var close = at + 2
        while close + 1 < pattern.count, pattern[close] != UInt8(ascii: ":") || pattern[close + 1] != UInt8(ascii: "]")
        {
          close += 1
        }
        at = close + 1 < pattern.count ? close + 2 : at + 1
      default: at += 1
      }
    }
    return pattern.count
  }
}
