import ProfileModel

/// What a sample's label lines say. The text cannot tell `k:[a b]`, one value with a blank, from two values (the first is
/// common, the second rare: it is one), nor the string "5" from the number (a number, where no line of
/// numbers follows).
struct RawLabelText {
  enum Value: Hashable {
    case string([UInt8])
    case number(Int64, unit: [UInt8])
  }
  struct Pair: Hashable {
    var key: [UInt8]
    var value: Value
  }

  private(set) var pairs: [Pair] = []
  /// A value holds a blank.
  private(set) var hasBlanks = false
  /// Numbers without a unit that may be strings.
  private(set) var mayBeStrings = false

  private static let bytes = Array("bytes".utf8)

  /// - Parameter lines: without their indentation; at most one of strings and one of numbers.
  /// - Returns: nil where a line is not `key:[values] key:[values]`.
  init?(_ lines: [[UInt8]]) {
    for (i, line) in lines.enumerated() {
      guard let groups = Self.groups(line) else { return nil }
      let numbers = groups.compactMap { Self.numbers($0.values) }
      // A plain 0 is no number that pprof reads from a protobuf, so that a string it must be; `bytes:[0]` comes from Go's text.
      let hasZero = zip(groups, numbers).contains { $0.key != Self.bytes && $1.contains(.number(0, unit: [])) }
      let isNumeric = numbers.count == groups.count && (i > 0 || lines.count == 1 && !hasZero)
      for (at, group) in groups.enumerated() {
        if isNumeric {
          pairs += numbers[at].map { Pair(key: group.key, value: $0) }
          let isPlain = numbers[at].contains { if case .number(_, let unit) = $0 { unit.isEmpty } else { false } }
          if lines.count == 1, isPlain, group.key != Self.bytes { mayBeStrings = true }
        } else {
          if group.values.contains(UInt8(ascii: " ")) { hasBlanks = true }
          pairs.append(Pair(key: group.key, value: .string(group.values)))
        }
      }
    }
  }

  private struct Group {
    var key: [UInt8]
    var values: [UInt8]
  }

  private static func groups(_ line: [UInt8]) -> [Group]? {
    var groups: [Group] = []
    var at = 0
    let bytes = line.span
    let last = line.indices.dropLast().last { TextBytes.has(":[", bytes, at: $0) } ?? 0
    while at < line.count {
      guard let colon = TextBytes.find(":[", in: bytes, at..<line.count) else { return nil }
      let start = colon + 2
      // It ends at a bracket behind which the next key begins, or the line ends.
      var end = start
      while end < line.count {
        if line[end] == UInt8(ascii: "]") {
          if end + 1 == line.count { break }
          if line[end + 1] == UInt8(ascii: " "), end < last { break }
        }
        end += 1
      }
      if end == line.count { return nil }
      groups.append(Group(key: Array(line[at..<colon]), values: Array(line[start..<end])))
      at = end + 2
    }
    return groups.isEmpty ? nil : groups
  }

  /// `16`, `16 32`, `16 bytes`, `64  128 kilobytes`; nil where it is something else.
  private static func numbers(_ text: [UInt8]) -> [Value]? {
    let words = text.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false).map(Array.init)
    let values = words.map { TextBytes.decimal($0.span, 0..<$0.count) }
    if !values.contains(nil) { return values.map { .number($0 ?? 0, unit: []) } }
    if words.count % 2 != 0 { return nil }
    var pairs: [Value] = []
    for i in stride(from: 0, to: words.count, by: 2) {
      guard let value = values[i], values[i + 1] == nil else { return nil }
      pairs.append(.number(value, unit: words[i + 1]))
    }
    return pairs
  }
}
