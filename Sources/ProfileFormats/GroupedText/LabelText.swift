import ProfileModel

/// Labels as Go prints them in its count profiles, in the order of the profile:
///
///     # labels: {"user":"ann", "size":64, "limit":4 "kilobytes"}
///
/// Numbers, which Go does not print, stand without quotes, and a unit in quotes behind them. A label with only a key is
/// printed with an empty string, of which Go's runtime made it.
enum LabelText {
  static func append(_ labels: Span<Label>, of profile: Profile, to buffer: inout [UInt8]) {
    let start = buffer.count
    buffer.append(contentsOf: GroupedText.labels.utf8)
    let strings = profile.columns.strings
    for i in labels.indices {
      if i > 0 { buffer.append(contentsOf: ", ".utf8) }
      let label = labels[i]
      GoQuote.append(strings[label.key], to: &buffer)
      buffer.append(UInt8(ascii: ":"))
      if label.str != .empty || (label.num == 0 && label.unit == .empty) {
        GoQuote.append(strings[label.str], to: &buffer)
      } else {
        Units.append(label.num, to: &buffer)
        if label.unit != .empty {
          buffer.append(UInt8(ascii: " "))
          GoQuote.append(strings[label.unit], to: &buffer)
        }
      }
    }
    buffer.append(contentsOf: "}\n".utf8)
    if buffer.count - start > TextLosses.maxLine { buffer.removeLast(buffer.count - start) }
  }

  /// For each label set whether a reader gets it back as it is: it fits in a line, and no label has both a string and a
  /// number.
  static func told(_ profile: Profile) -> [Bool] {
    let columns = profile.columns
    return (0..<columns.labelSetCount).map { set in
      var bytes = 0
      for label in columns.labels[columns.labelRange(LabelSetIndex(set))] {
        if label.str != .empty, label.num != 0 || label.unit != .empty { return false }
        for string in [label.key, label.str, label.unit] { bytes += 4 * columns.strings.range(string).count + 30 }
      }
      return bytes < TextLosses.maxLine
    }
  }

  /// How many samples have labels that are not told.
  static func lost(_ profile: Profile) -> Int {
    let told = told(profile)
    return profile.columns.sampleLabels.reduce(0) { $0 + (told[$1.position] ? 0 : 1) }
  }
}
