internal import ProfileAnalysis
import ProfileModel

/// What `pprof -raw` does not say, or says so that it cannot be told from something else. Found by reading back what was
/// printed, each distinct piece once, so that no rule has to be guessed.
enum RawLosses {
  static let fields = [
    "drop and keep frames, and what they drop", "function ids", "key-only labels", "labels with blanks",
    "durations beyond four characters", "unknown fields",
  ]

  static func of(_ columns: ProfileColumns, _ pruning: FramePruning, _ zone: (Int64) -> ZoneOffset) -> LossReport {
    var losses = LossReport()
    addPruning(columns, pruning, to: &losses)
    addHeader(columns, zone, to: &losses)
    addLabels(columns, to: &losses)
    addFrames(columns, pruning, to: &losses)
    addMappings(columns, to: &losses)
    losses.add(
      "unknown fields", count: columns.unknownFields.entries.count, of: columns.unknownFields.entries.count,
      reason: "pprof knows nothing of them")
    return losses
  }

  private static func addPruning(_ columns: ProfileColumns, _ pruning: FramePruning, to losses: inout LossReport) {
    let cut = columns.sampleStacks.reduce(0) { count, stack in
      count + (pruning.dropsNothing || pruning.droppedLocations[stack.position] == 0 ? 0 : 1)
    }
    losses.add(
      "frames", count: cut, of: columns.sampleCount, reason: "pprof drops them, as the profile's drop_frames asks")
    losses.add(
      "lines", count: pruning.droppedLines.reduce(0, +), of: columns.lines.count,
      reason: "pprof drops them, as the profile's drop_frames asks")
    losses.add(
      "drop frames", count: columns.strings.isEmpty(columns.dropFrames) ? 0 : 1,
      reason: pruning.isUnsupported
        ? "not printed, and not applied, as pprof would: we cannot read the expression"
        : "it is applied, not printed")
    losses.add(
      "keep frames", count: columns.strings.isEmpty(columns.keepFrames) ? 0 : 1, reason: "it is applied, not printed")
  }

  private static func addHeader(_ columns: ProfileColumns, _ zone: (Int64) -> ZoneOffset, to losses: inout LossReport) {
    var text: [UInt8] = []
    RawHeader.append(columns, zone, to: &text)
    let read = parsed(text)
    func differs(_ a: StringIndex, _ b: StringIndex) -> Bool { !columns.strings.equals(a, read.strings[b]) }
    func differs(_ a: ValueType, _ b: ValueType) -> Bool { differs(a.type, b.type) || differs(a.unit, b.unit) }
    let shown = ShownSampleTypes(columns)
    let types = zip(shown.shown, read.sampleTypes).reduce(0) {
      $0 + (differs(columns.sampleTypes[$1.0], $1.1) ? 1 : 0)
    }
    let gone = columns.sampleTypes.count - shown.shown.count
    losses.add(
      "sample types", count: gone + types + max(0, shown.shown.count - read.sampleTypes.count),
      of: columns.sampleTypes.count,
      reason: gone > 0
        ? "pprof drops those of one name, with their values" : "a name with a blank or a slash reads back otherwise")
    losses.add(
      "default sample type", count: differs(columns.defaultSampleType, read.defaultSampleType) ? 1 : 0,
      reason: "not the name of a sample type that is shown")
    let comments = zip(columns.comments, read.comments).reduce(0) { $0 + (differs($1.0, $1.1) ? 1 : 0) }
    losses.add(
      "comments", count: comments + max(0, columns.comments.count - read.comments.count), of: columns.comments.count,
      reason: "a line of its own would be one of the header")
    losses.add(
      "period type", count: differs(columns.periodType, read.periodType) ? 1 : 0,
      reason: "a unit with a blank reads back otherwise")
    losses.add("doc url", count: differs(columns.docURL, read.docURL) ? 1 : 0, reason: "it has more than one line")
    losses.add(
      "time", count: columns.timeNanos == read.timeNanos ? 0 : 1, reason: "the zone is told in whole minutes")
    losses.add(
      "duration", count: columns.durationNanos == read.durationNanos ? 0 : 1,
      reason: "pprof prints its first four characters")
  }

  /// What reading a header gives.
  private static func parsed(_ text: [UInt8]) -> ProfileColumns {
    var lines = TextLines(maxLine: .max)
    var source = ByteSource(text)
    var builder = ProfileBuilder()
    var header = RawHeaderParser()
    var diagnostics = Diagnostics()
    var isHeader = true
    do throws(ProfileError) {
      while let line = try lines.next(&source) {
        if !isHeader {
          RawTypes.parse(TextBytes.copy(lines.bytes, line), &builder)
          break
        }
        if try header.take(line, lines, &builder, &diagnostics) { isHeader = false }
      }
    } catch {
      // What is missing shows in the comparison.
      return builder.columns
    }
    return builder.columns
  }

  private static func addLabels(_ columns: ProfileColumns, to losses: inout LossReport) {
    if columns.labels.isEmpty { return }
    var labels = RawLabels(columns)
    var isLost = [Bool?](repeating: nil, count: columns.labelSetCount)
    isLost[0] = false
    var lost = 0
    for set in columns.sampleLabels {
      let known = isLost[set.position] ?? !readsBack(set, columns, &labels)
      isLost[set.position] = known
      lost += known ? 1 : 0
    }
    losses.add(
      "labels", count: lost, of: columns.sampleCount,
      reason: "sorted by key; without a value they are not printed, and a blank or a number in a string is ambiguous")
  }

  private static func readsBack(_ set: LabelSetIndex, _ columns: ProfileColumns, _ labels: inout RawLabels) -> Bool {
    let strings = columns.strings
    func bytes(_ index: StringIndex) -> [UInt8] { Array(strings.bytes[strings.range(index)]) }
    var text: [UInt8] = []
    labels.append(set, to: &text)
    var wanted: [RawLabelText.Pair] = []
    for label in columns.labels[columns.labelRange(set)] {
      let isString = !strings.isEmpty(label.str)
      if isString, label.num != 0 || !strings.isEmpty(label.unit) { return false }
      wanted.append(
        .init(
          key: bytes(label.key),
          value: isString ? .string(bytes(label.str)) : .number(label.num, unit: bytes(label.unit))))
    }
    if text.contains(UInt8(ascii: "\r")) { return false }
    // As the parser puts lines together; one that looks like the next sample would be taken for it.
    let indent = [UInt8](repeating: UInt8(ascii: " "), count: 16)
    var lines: [[UInt8]] = []
    for line in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropFirst() {
      let bytes = Array(line)
      if line.starts(with: indent) {
        lines.append(Array(line.dropFirst(16)))
      } else if RawParser.samplePattern(0..<bytes.count, bytes.span) != nil
        || line.starts(with: Array("Locations".utf8))
      {
        return false
      } else {
        lines[lines.count - 1] += [UInt8(ascii: "\n")] + bytes
      }
    }
    if lines.count > 2 { return false }
    return (RawLabelText(lines)?.pairs ?? []) == wanted
  }

  private static func addFrames(_ columns: ProfileColumns, _ pruning: FramePruning, to losses: inout LossReport) {
    var ambiguous = 0
    var position = [Int?](repeating: nil, count: columns.functions.count)
    var seen = 0
    var text: [UInt8] = []
    for i in columns.locations.indices {
      let lines = pruning.lines(LocationIndex(i), columns)
      for at in lines {
        let line = columns.lines[at]
        if position[line.function.position] == nil {
          position[line.function.position] = seen
          seen += 1
        }
        text.removeAll(keepingCapacity: true)
        RawFrame.append(line, columns, to: &text)
        if !readsBack(line, columns, text, isFirst: at == lines.lowerBound) { ambiguous += 1 }
      }
    }
    losses.add(
      "function names", count: ambiguous, of: columns.lines.count,
      reason: "where a name or a file holds blanks, its end is guessed")
    let moved = position.enumerated().reduce(0) { $0 + ($1.element == $1.offset ? 0 : 1) }
    let unused = columns.functions.count - seen
    losses.add(
      "function ids", count: columns.functionIDs == nil ? moved - unused : seen, of: columns.functions.count,
      reason: "not printed; they are numbered by first use")
    losses.add("unused functions", count: unused, of: columns.functions.count, reason: "in no location")
    var equal = HashIndex(minimumCapacity: columns.functions.count)
    losses.add(
      "equal functions", count: twins(columns, &equal), of: columns.functions.count, reason: "they become one")
  }

  private static func readsBack(_ line: Line, _ columns: ProfileColumns, _ text: [UInt8], isFirst: Bool) -> Bool {
    let bytes = text.span
    if text.contains(where: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) { return false }
    if isFirst, TextBytes.has("M=", bytes, at: 0) || TextBytes.has("[F]", bytes, at: 0) { return false }
    guard let parts = RawFrame.parse(bytes, 0..<text.count) else { return false }
    let function = columns.functions[line.function.position]
    return columns.strings.equals(function.name, bytes.extracting(parts.name))
      && columns.strings.equals(function.file, bytes.extracting(parts.file))
      && columns.strings.equals(function.systemName, bytes.extracting(parts.systemName ?? parts.name))
      && parts.line == line.line && parts.column == line.column && parts.startLine == function.startLine
  }

  /// How many functions are equal to an earlier one.
  private static func twins(_ columns: ProfileColumns, _ index: inout HashIndex) -> Int {
    let first = columns.strings.firstOfEqual()
    func text(_ string: StringIndex) -> UInt64 { UInt64((first?[string.position] ?? string).rawValue) }
    func same(_ a: Function, _ b: Function) -> Bool {
      text(a.name) == text(b.name) && text(a.systemName) == text(b.systemName) && text(a.file) == text(b.file)
        && a.startLine == b.startLine
    }
    // Names and lines are the file's choice.
    let seed = HashSeed.next()
    var count = 0
    for (i, function) in columns.functions.enumerated() {
      var hash = HashIndex.mix(seed ^ (text(function.name) << 32 | text(function.file)))
      hash = HashIndex.mix(hash ^ text(function.systemName))
      hash = HashIndex.mix(hash ^ UInt64(bitPattern: function.startLine))
      var probe = index.probe(hash)
      var isTwin = false
      while !isTwin, let other = index.next(&probe) { isTwin = same(columns.functions[Int(other)], function) }
      if isTwin { count += 1 } else { index.insert(hash, UInt32(i)) }
    }
    return count
  }

  private static func addMappings(_ columns: ProfileColumns, to losses: inout LossReport) {
    if columns.mappings.isEmpty {
      losses.add("mappings", reason: "there is none, and pprof makes up an empty one that all locations belong to")
      return
    }
    var lost = 0
    for i in columns.mappings.indices {
      let mapping = columns.mappings[i]
      var text: [UInt8] = []
      RawWriter.append(MappingIndex(i), columns, to: &text)
      text.removeLast()
      let bytes = text.span
      let row =
        text.contains { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") } ? nil : RawMapping(bytes, 0..<text.count)
      let isSame =
        row.map {
          columns.strings.equals(mapping.file, bytes.extracting($0.file))
            && columns.strings.equals(mapping.buildID, bytes.extracting($0.buildID))
        } ?? false
      if !isSame { lost += 1 }
    }
    losses.add(
      "mappings", count: lost, of: columns.mappings.count,
      reason: "a file that looks like a URL is not printed, and a build id with blanks reads back otherwise")
  }
}
