/// A pattern for paths: `*` and `?` within a name, `[a-z]`, `[!a-z]`, `**` for any directories, `{a,b}`, and `\` before what
/// is meant as it is.
///
/// Matching takes time in proportion to the pattern times the path, whatever they hold.
package struct Glob {
  /// One of them must match: what the braces make of the pattern.
  private let alternatives: [[Segment]]

  private enum Segment {
    /// `**`
    case anyDepth
    case name([Token])
  }

  private enum Token: Equatable {
    case byte(UInt8)
    case anyCharacter
    case anyCharacters
    case oneOf([ClosedRange<UInt32>], negated: Bool)
  }

  /// Whether a word looks like a pattern.
  package static func isPattern(_ word: String) -> Bool { word.utf8.contains { "*?[{".utf8.contains($0) } }

  /// nil where its braces make more than a thousand patterns.
  package init?(_ pattern: String) {
    guard let expanded = Self.expanded(Array(pattern.utf8)) else { return nil }
    alternatives = expanded.map { pattern in
      pattern.split(separator: UInt8(ascii: "/")).map { name in
        name.elementsEqual("**".utf8) ? .anyDepth : .name(Self.tokens(name))
      }
    }
  }

  /// Whether it has a single name, which then is looked for in any directory.
  var isName: Bool { alternatives.allSatisfy { $0.count == 1 } }

  // MARK: Matching

  /// How far the alternatives have come on the way down a path: for each the segments that may be next.
  struct Progress {
    fileprivate var next: [[Bool]]
  }

  var start: Progress {
    var progress = Progress(next: alternatives.map { [true] + [Bool](repeating: false, count: $0.count) })
    for i in alternatives.indices { skipAnyDepth(alternatives[i], &progress.next[i]) }
    return progress
  }

  /// Goes down by one name. Those that begin with a dot are only found if the pattern has that dot, or `hidden`.
  func step(_ progress: Progress, _ name: String, hidden: Bool) -> Progress {
    let name = Array(name.utf8)
    let isHidden = name.first == UInt8(ascii: ".") && !hidden
    var result = progress
    for (i, segments) in alternatives.enumerated() {
      var next = [Bool](repeating: false, count: segments.count + 1)
      for (at, segment) in segments.enumerated() where progress.next[i][at] {
        switch segment {
        case .anyDepth: if !isHidden { next[at] = true }
        case .name(let tokens):
          if isHidden, tokens.first != .byte(UInt8(ascii: ".")) { continue }
          if Self.matches(tokens, name) { next[at + 1] = true }
        }
      }
      skipAnyDepth(segments, &next)
      result.next[i] = next
    }
    return result
  }

  /// Whether a path that ends here matches.
  func accepts(_ progress: Progress) -> Bool { progress.next.contains { $0.last == true } }

  /// Whether a longer path may match.
  func mayGoOn(_ progress: Progress) -> Bool { progress.next.contains { $0.dropLast().contains(true) } }

  /// Whether it matches all of a path.
  package func matches(_ path: String) -> Bool {
    var progress = start
    for name in PathParts.names(path) { progress = step(progress, name, hidden: true) }
    return accepts(progress)
  }

  /// `**` may stand for no directory at all.
  private func skipAnyDepth(_ segments: [Segment], _ next: inout [Bool]) {
    for (at, segment) in segments.enumerated() where next[at] {
      if case .anyDepth = segment { next[at + 1] = true }
    }
  }

  /// With one way back, to the last star: where a later one matches, an earlier one need not grow.
  private static func matches(_ tokens: [Token], _ name: [UInt8]) -> Bool {
    var (token, at) = (0, 0)
    var back: (token: Int, at: Int)?
    while at < name.count {
      if token < tokens.count, tokens[token] == .anyCharacters {
        back = (token, at)
        token += 1
      } else if token < tokens.count, let length = length(of: tokens[token], in: name[at...]) {
        token += 1
        at += length
      } else if let last = back {
        back = (last.token, last.at + 1)
        (token, at) = (last.token + 1, last.at + 1)
      } else {
        return false
      }
    }
    return tokens[token...].allSatisfy { $0 == .anyCharacters }
  }

  /// How many bytes a token takes at the beginning of `name`; nil where it does not match.
  private static func length(of token: Token, in name: ArraySlice<UInt8>) -> Int? {
    switch token {
    case .byte(let byte): return name.first == byte ? 1 : nil
    case .anyCharacter: return character(name).length
    case .oneOf(let ranges, let negated):
      let (value, length) = character(name)
      return ranges.contains { $0.contains(value) } != negated ? length : nil
    case .anyCharacters: return nil
    }
  }

  /// The first character. Names are strings, and so their bytes are UTF-8.
  private static func character(_ bytes: ArraySlice<UInt8>) -> (value: UInt32, length: Int) {
    let first = bytes.first ?? 0
    let length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
    let character = String(decoding: bytes.prefix(length), as: UTF8.self)
    return (character.unicodeScalars.first?.value ?? 0, min(length, bytes.count))
  }

  // MARK: Reading the pattern

  private static func tokens(_ pattern: ArraySlice<UInt8>) -> [Token] {
    var tokens: [Token] = []
    var rest = pattern
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "*"): if tokens.last != .anyCharacters { tokens.append(.anyCharacters) }
      case UInt8(ascii: "?"): tokens.append(.anyCharacter)
      case UInt8(ascii: "\\"): tokens.append(.byte(rest.popFirst() ?? byte))
      case UInt8(ascii: "["):
        if let (token, behind) = set(rest) {
          tokens.append(token)
          rest = behind
        } else {
          tokens.append(.byte(byte))
        }
      default: tokens.append(.byte(byte))
      }
    }
    return tokens
  }

  /// What stands behind `[`; nil where no `]` ends it. One that comes first is a member.
  private static func set(_ pattern: ArraySlice<UInt8>) -> (Token, ArraySlice<UInt8>)? {
    var rest = pattern
    let negated = rest.first == UInt8(ascii: "!") || rest.first == UInt8(ascii: "^")
    if negated { rest.removeFirst() }
    var ranges: [ClosedRange<UInt32>] = []
    while let byte = rest.first, byte != UInt8(ascii: "]") || ranges.isEmpty {
      let (low, length) = character(rest)
      rest = rest.dropFirst(length)
      var high = low
      if rest.first == UInt8(ascii: "-"), let next = rest.dropFirst().first, next != UInt8(ascii: "]") {
        let (end, length) = character(rest.dropFirst())
        high = end
        rest = rest.dropFirst(1 + length)
      }
      if low <= high { ranges.append(low...high) }
    }
    return rest.first == UInt8(ascii: "]") ? (.oneOf(ranges, negated: negated), rest.dropFirst()) : nil
  }

  /// The patterns without braces that one with them stands for, in order. A brace without a comma or an end is no brace.
  private static func expanded(_ pattern: [UInt8]) -> [[UInt8]]? {
    var done: [[UInt8]] = []
    var open = [pattern]
    while let next = open.popLast() {
      guard done.count + open.count <= 1000 else { return nil }
      if let alternatives = firstBraces(next) {
        // The last one is taken first.
        open += alternatives.reversed()
      } else {
        done.append(next)
      }
    }
    return done
  }

  private static func firstBraces(_ pattern: [UInt8]) -> [[UInt8]]? {
    var start = 0
    while let open = pattern[start...].firstIndex(of: UInt8(ascii: "{")) {
      start = open + 1
      if open > 0, pattern[open - 1] == UInt8(ascii: "\\") { continue }
      var depth = 0
      var commas: [Int] = []
      for i in open..<pattern.count where i == open || pattern[i - 1] != UInt8(ascii: "\\") {
        switch pattern[i] {
        case UInt8(ascii: "{"): depth += 1
        case UInt8(ascii: ","): if depth == 1 { commas.append(i) }
        case UInt8(ascii: "}"): depth -= 1
        default: break
        }
        if depth > 0 { continue }
        if commas.isEmpty { break }
        let bounds = [open] + commas + [i]
        return zip(bounds, bounds.dropFirst()).map { start, end in
          var alternative = Array(pattern[..<open])
          alternative += pattern[(start + 1)..<end]
          alternative += pattern[(i + 1)...]
          return alternative
        }
      }
    }
    return nil
  }
}
