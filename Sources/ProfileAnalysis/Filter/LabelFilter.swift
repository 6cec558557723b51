internal import ProfileModel
internal import RegularExpressions

/// What `tagfocus` and `tagignore` say (pprof's compileTagFilter).
struct LabelFilter: Sendable {
  enum Condition: Sendable {
    /// One number of the sample is in it.
    case range(NumberRange)
    /// Without a key all patterns must match, each some `key:value`; with a key one of them must match one value.
    case patterns([RegularExpression])
  }

  /// nil and empty: any.
  let key: [UInt8]?
  let condition: Condition

  var isRange: Bool { if case .range = condition { true } else { false } }

  /// nil for an empty text.
  init?(_ text: String, name: String) throws(ProfileError) {
    if text.isEmpty { return nil }
    var value = text[...]
    if let equals = text.firstIndex(of: "=") {
      key = Array(text[..<equals].utf8)
      value = text[text.index(after: equals)...]
    } else {
      key = nil
    }
    if let range = try NumberRange(String(value), name: name) {
      condition = .range(range)
      return
    }
    var patterns: [RegularExpression] = []
    for part in value.split(separator: ",", omittingEmptySubsequences: false) {
      patterns.append(try RegularExpression(String(part), name: name))
    }
    condition = .patterns(patterns)
  }
}

extension LabelFilter {
  /// Whether each label set passes.
  func matches(_ columns: ProfileColumns, _ units: LabelUnits) -> [Bool] {
    let hasKey = key.map { !$0.isEmpty } ?? false
    switch condition {
    case .range(let range):
      var unitOfKey: [StringIndex: String] = [:]
      let passes = columns.labels.map { label in
        if !label.isNumber || hasKey && !isKey(label.key, columns) { return false }
        let key = columns.strings.range(label.key)
        let unit = unitOfKey[label.key] ?? units.unit(of: Array(columns.strings.bytes[key]))
        unitOfKey[label.key] = unit
        return range.contains(label.num, unit: unit)
      }
      return (0..<columns.labelSetCount).map { passes[columns.labelRange(LabelSetIndex($0))].contains(true) }
    case .patterns(let patterns):
      // Of each pattern which labels match.
      let passes = patterns.map { labels(matching: $0, columns, hasKey: hasKey) }
      return (0..<columns.labelSetCount).map { set in
        let range = columns.labelRange(LabelSetIndex(set))
        return hasKey
          ? passes.contains { $0[range].contains(true) } : passes.allSatisfy { $0[range].contains(true) }
      }
    }
  }

  private func labels(matching pattern: RegularExpression, _ columns: ProfileColumns, hasKey: Bool) -> [Bool] {
    var known: [UInt64: Bool] = [:]
    let strings = columns.strings
    return columns.labels.map { label in
      if !label.isString || hasKey && !isKey(label.key, columns) { return false }
      let pair = UInt64(label.key.rawValue) << 32 | UInt64(label.str.rawValue)
      if let answer = known[pair] { return answer }
      let answer: Bool
      if hasKey {
        answer = pattern.matches(strings[label.str])
      } else {
        var text = Array(strings.bytes[strings.range(label.key)])
        text.append(UInt8(ascii: ":"))
        text.append(contentsOf: strings.bytes[strings.range(label.str)])
        answer = pattern.matches(text.span)
      }
      known[pair] = answer
      return answer
    }
  }

  private func isKey(_ index: StringIndex, _ columns: ProfileColumns) -> Bool {
    guard let key else { return true }
    return columns.strings.equals(index, key.span)
  }
}
