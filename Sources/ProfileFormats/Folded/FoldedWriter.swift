public import ProfileModel

/// Writes folded stacks; see ``Folded`` for the two forms and their escapes. Samples keep their order, and none are merged.
public struct FoldedWriter: ProfileWriter {
  public let info = FormatInfo(
    id: FormatID("folded"), aliases: ["collapsed"], extensions: ["folded", "collapsed"],
    summary: "`a;b;c 12`: stacks of names; with --sample-type as flamegraph.pl and inferno draw them",
    cannotExpress: NamedStackLosses.fields, choosesSampleType: true)

  public init() {}

  public func write(_ profile: Profile, to sink: inout ByteSink, options: WriteOptions) throws(ProfileError)
    -> LossReport
  {
    let columns = profile.columns
    let types = try options.sampleTypes(of: columns)
    let isPlain = options.sampleType != nil
    if !isPlain, !columns.sampleTypes.isEmpty { Self.appendHeader(columns, to: &sink.buffer) }
    var frames = FoldedFrames(columns)
    var labelLines = [[UInt8]?](repeating: nil, count: columns.labelSetCount)
    for sample in 0..<columns.sampleCount {
      let set = columns.sampleLabels[sample]
      if !isPlain, set != .empty {
        if labelLines[set.position] == nil {
          var line: [UInt8] = []
          LabelText.append(profile.labels(of: set), of: profile, to: &line)
          labelLines[set.position] = line
        }
        sink.buffer.append(contentsOf: labelLines[set.position] ?? [])
      }
      frames.append(columns.sampleStacks[sample], to: &sink.buffer)
      let first = columns.valueRange(sample).lowerBound
      for type in types {
        sink.buffer.append(UInt8(ascii: " "))
        Units.append(columns.values[first + type], to: &sink.buffer)
      }
      sink.buffer.append(UInt8(ascii: "\n"))
      try sink.flushIfLarge()
    }
    return losses(profile, plain: options.sampleType)
  }

  private static func appendHeader(_ columns: ProfileColumns, to buffer: inout [UInt8]) {
    let strings = columns.strings
    func append(_ index: StringIndex, isType: Bool, isAtStart: Bool = false) {
      let range = strings.range(index)
      let bytes = strings.bytes.span
      let mark = isAtStart ? Folded.markLength(bytes, range) : 0
      for at in range {
        let byte = bytes[at]
        let isOdd =
          byte <= 0x20 || byte == 0x7f || at < range.lowerBound + mark || (!isType && byte == UInt8(ascii: "/"))
          || (isAtStart && at == range.lowerBound && byte == UInt8(ascii: "#"))
          || Folded.escape(bytes, at, range.upperBound) != nil
        if isOdd { Folded.appendEscape(byte, to: &buffer) } else { buffer.append(byte) }
      }
    }
    for (i, type) in columns.sampleTypes.enumerated() {
      if i > 0 { buffer.append(UInt8(ascii: " ")) }
      append(type.type, isType: true, isAtStart: i == 0)
      buffer.append(UInt8(ascii: "/"))
      append(type.unit, isType: false)
    }
    buffer.append(UInt8(ascii: "\n"))
  }

  private func losses(_ profile: Profile, plain: Int?) -> LossReport {
    let columns = profile.columns
    var losses = NamedStackLosses.of(columns) { FoldedFrames.suffix($0, columns) != nil }
    let told = LabelText.told(profile)
    let isLost = columns.sampleLabels.reduce(0) { $0 + ($1 != .empty && (plain != nil || !told[$1.position]) ? 1 : 0) }
    losses.add(
      "labels", count: isLost, of: columns.sampleCount,
      reason: plain != nil ? "the plain form has none" : "a string and a number in one, or longer than a line may be")
    if let plain { addNotes(columns, plain, to: &losses) }
    // That the others are left out was asked for.
    if let type = plain.map({ columns.sampleTypes[$0] }),
      !columns.strings.equals(type.type, "samples") || !columns.strings.equals(type.unit, "count")
    {
      losses.add("sample types", reason: "the plain form does not name the one that it has")
    }
    return losses
  }
}

extension FoldedWriter {
  /// What readers of the plain form pass over without an error.
  private func addNotes(_ columns: ProfileColumns, _ type: Int, to losses: inout LossReport) {
    let width = columns.sampleTypes.count
    let negative = stride(from: type, to: columns.values.count, by: max(1, width)).reduce(0) {
      $0 + (columns.values[$1] < 0 ? 1 : 0)
    }
    if negative > 0 { losses.note("flamegraph.pl and inferno pass over the \(negative) samples with a negative value") }
    let empty = columns.sampleStacks.reduce(0) { $0 + (columns.stackRange($1).isEmpty ? 1 : 0) }
    if empty > 0 { losses.note("inferno passes over the \(empty) samples without a stack") }
  }
}

/// Frames as folded stacks name them.
struct FoldedFrames {
  private let columns: ProfileColumns
  /// Every name ends in `:123`: they would all be taken for lines of functions.
  private let escapesLineNumbers: Bool
  /// The locations that were printed so far, in `text`: where they are a stack's root, and elsewhere.
  private var roots: [Range<Int>?]
  private var others: [Range<Int>?]
  private var text: [UInt8] = []

  init(_ columns: ProfileColumns) {
    self.columns = columns
    roots = [Range<Int>?](repeating: nil, count: columns.locations.count)
    others = roots
    let strings = columns.strings
    let used = UsedEntries(columns)
    let named = columns.functions.indices.filter { used.functions[$0] && !strings.isEmpty(columns.functions[$0].name) }
    escapesLineNumbers = named.allSatisfy { i in
      Folded.lineNumber(strings.bytes.span, strings.range(columns.functions[i].name)) != nil
    }
  }

  /// The annotation of a mapping that is nothing but one; nil for all others.
  static func suffix(_ mapping: Mapping, _ columns: ProfileColumns) -> [UInt8]? {
    guard mapping == Mapping(file: mapping.file) else { return nil }
    return Folded.annotations.first { columns.strings.equals(mapping.file, $0.file) }?.suffix
  }

  mutating func append(_ stack: StackIndex, to buffer: inout [UInt8]) {
    let start = buffer.count
    let frames = columns.stackRange(stack)
    for at in frames.reversed() {
      let isRoot = at == frames.upperBound - 1
      if !isRoot { buffer.append(UInt8(ascii: ";")) }
      let location = columns.stackLocations[at]
      let known = isRoot ? roots[location.position] : others[location.position]
      let range = known ?? print(location, isRoot: isRoot)
      buffer.append(contentsOf: text[range])
    }
    // A name may end as if values followed: `f 12`.
    protectEnd(of: &buffer, from: start)
  }

  private mutating func print(_ index: LocationIndex, isRoot: Bool) -> Range<Int> {
    let start = text.count
    let location = columns.locations[index.position]
    let suffix =
      location.mapping == .none ? nil : Self.suffix(columns.mappings[location.mapping.position], columns)
    let lines = columns.lineRange(index)
    if lines.isEmpty { appendAddress(location.address) }
    for at in lines.reversed() {
      let isFirst = at == lines.upperBound - 1
      if !isFirst { text.append(UInt8(ascii: ";")) }
      let name = columns.functions[columns.lines[at].function.position].name
      if columns.strings.isEmpty(name) {
        appendAddress(location.address)
      } else {
        append(name, isAtStart: isRoot && isFirst, hasSuffix: suffix != nil)
        // Inlined frames have no annotation but this one; where it comes from no folded stacks it would change names.
        if let suffix { text.append(contentsOf: isFirst ? suffix : Folded.inlined) }
      }
    }
    if isRoot { roots[index.position] = start..<text.count } else { others[index.position] = start..<text.count }
    return start..<text.count
  }

  private mutating func appendAddress(_ address: UInt64) {
    text.append("0x")
    text.appendHex(address)
  }

  private mutating func append(_ name: StringIndex, isAtStart: Bool, hasSuffix: Bool) {
    let strings = columns.strings
    let range = strings.range(name)
    let bytes = strings.bytes.span
    // Positions of bytes that are harmless elsewhere.
    let zero = Folded.isAddress(bytes, range) ? range.lowerBound : -1
    var bracket = -1
    if !hasSuffix, range.count >= 4 {
      let end = range.upperBound - 4..<range.upperBound
      let isAnnotation = (Folded.annotations.map(\.suffix) + [Folded.inlined]).contains { suffix in
        zip(end, suffix).allSatisfy { bytes[$0] == $1 }
      }
      if isAnnotation { bracket = range.upperBound - 3 }
    }
    let colon = escapesLineNumbers ? Folded.lineNumber(bytes, range) ?? -1 : -1
    let mark = isAtStart ? Folded.markLength(bytes, range) : 0
    for at in range {
      let byte = bytes[at]
      let isStart = isAtStart && at == range.lowerBound
      let isOdd =
        byte < 0x20 || byte == 0x7f || byte == UInt8(ascii: ";") || at == zero || at == bracket || at == colon
        || (isStart && (byte == UInt8(ascii: "#") || byte == UInt8(ascii: " ")))
        || (isAtStart && at < range.lowerBound + mark)
        || (byte == UInt8(ascii: "\\") && Folded.escape(bytes, at, range.upperBound) != nil)
      if isOdd, Folded.isEscapable(byte) { Folded.appendEscape(byte, to: &text) } else { text.append(byte) }
    }
  }

  /// Escapes the last blank of a stack that ends in one, or in one and a number.
  private func protectEnd(of buffer: inout [UInt8], from start: Int) {
    // Nearly all end in a letter, and then the search for a blank, which they may not have, is saved.
    var end = buffer.count
    while end > start, Folded.mayBeInValue(buffer[end - 1]) { end -= 1 }
    guard end > start, Folded.isBlank(buffer[end - 1]) else { return }
    guard let (word, _) = Folded.lastWord(buffer.span, start..<buffer.count) else { return }
    // Also a number that has too many digits for us: flamegraph.pl takes it.
    let isNumber = TextBytes.digits(buffer.span, from: word.lowerBound, to: word.upperBound) == word.upperBound
    if !word.isEmpty, !isNumber, Folded.value(buffer.span, word) == nil { return }
    let blank = buffer[word.lowerBound - 1]
    if Folded.isEscapable(blank) {
      buffer.remove(at: word.lowerBound - 1)
      var escape: [UInt8] = []
      Folded.appendEscape(blank, to: &escape)
      buffer.insert(contentsOf: escape, at: word.lowerBound - 1)
    }
  }
}
