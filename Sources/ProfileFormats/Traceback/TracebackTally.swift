import ProfileModel

/// What a profile has no place for, and what is odd about a dump, counted.
struct TracebackTally {
  var arguments = 0
  var offsets = 0
  var pointers = 0
  /// Lines of a crash's preamble that were not kept.
  var surroundings = 0
  /// The last line that could not be what it should have been.
  var oddLine = 0

  private var others = 0
  private var firstOther = 0
  private var headers = 0
  private var firstHeader = ProfileError.Place.none

  /// Whether all lines were of goroutines.
  var isClean: Bool { others == 0 && headers == 0 }

  mutating func addOther(line: Int) {
    if others == 0 { firstOther = line }
    others += 1
  }

  /// A line that was counted is a frame's after all.
  mutating func takeBackOther(line: Int) {
    others -= 1
    // Those that were counted since are of other programs.
    if firstOther == line { firstOther += 1 }
  }

  mutating func addHeader(_ bytes: Span<UInt8>, _ text: Range<Int>, line: Int) {
    if headers == 0 { firstHeader = TextBytes.place(bytes, line: line, text, at: text.lowerBound) }
    headers += 1
    oddLine = line
  }

  func report(_ columns: ProfileColumns, idKey: StringIndex, lastLine: Int, _ diagnostics: inout Diagnostics) {
    if oddLine > 0, oddLine == lastLine {
      diagnostics.addLoss(
        kind: "cut-traceback", "the text ends in the middle of a goroutine, and is read up to there",
        at: .line(oddLine, column: nil, text: nil))
    } else if headers > 0 {
      diagnostics.addLoss(
        kind: "damaged-header",
        "\(plural(headers, "line")) that should begin a goroutine \(headers == 1 ? "is" : "are") damaged: "
          + "what stands below is left out", at: firstHeader)
    }
    if others > 0 {
      diagnostics.addLoss(
        kind: "other-lines", "\(plural(others, "line")) of no goroutine left out",
        at: .line(firstOther, column: nil, text: nil))
    }
    if surroundings > 0 {
      diagnostics.addLoss(
        kind: "preamble-dropped", "\(plural(surroundings, "line")) about a crash left out: too long, or of another one")
    }
    let kept = [
      arguments > 0 ? "arguments of \(plural(arguments, "frame"))" : nil,
      offsets > 0 ? "offsets (+0x…) of \(plural(offsets, "frame"))" : nil,
      pointers > 0 ? "stack pointers of \(plural(pointers, "frame"))" : nil,
    ].compactMap(\.self)
    if !kept.isEmpty {
      diagnostics.add(
        kind: "traceback-details", kept.joined(separator: ", ") + " left out: a profile has no place for them")
    }
    let again = repeatedIDs(columns, idKey)
    if again > 0 {
      diagnostics.add(
        kind: "repeated-goroutines",
        "\(plural(again, "goroutine")) stand in the text more than once, as in a log of several dumps, and count each time"
      )
    }
  }

  private func plural(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

  private func repeatedIDs(_ columns: ProfileColumns, _ key: StringIndex) -> Int {
    var ids: [Int64] = []
    ids.reserveCapacity(columns.sampleCount)
    for set in columns.sampleLabels {
      for label in columns.labels[columns.labelRange(set)] where label.key == key {
        ids.append(label.num)
        break
      }
    }
    ids.sort()
    var again = 0
    var at = 1
    while at < ids.count {
      if ids[at] == ids[at - 1], at == 1 || ids[at - 1] != ids[at - 2] { again += 1 }
      at += 1
    }
    return again
  }
}
