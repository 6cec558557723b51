import ProfileModel

/// Builds a profile from the lines of folded stacks.
struct FoldedParser: ~Copyable {
  private var builder = ProfileBuilder()
  private let isDifferential: Bool
  private var isFirstLine = true
  private var labels: [Label] = []
  /// Frames that were seen, as they stand in the text, and the locations that they are.
  private var frameTexts = StringTable()
  private var frameInterner = StringInterner()
  private var frameLocations: [LocationIndex?] = [nil]
  private var stack: [LocationIndex] = []
  /// How many frames with a name ended in `:NUMBER`, and how many did not.
  private var numbered = 0
  private var unnumbered = 0

  init(isDifferential: Bool) { self.isDifferential = isDifferential }

  /// Whether every line of the beginning of a text ends in two numbers, as difffolded.pl prints them, and there is no
  /// header that says otherwise.
  static func isDifferential(_ bytes: Span<UInt8>) -> Bool {
    var at = 0
    var count = 0
    while let end = TextBytes.newline(in: bytes, from: at) {
      let line = at..<end
      at = end + 1
      if TextBytes.trimmed(bytes, line).isEmpty || bytes[line.lowerBound] == UInt8(ascii: "#") { continue }
      if count == 0, FoldedHeader.types(bytes, line) != nil { return false }
      guard let (last, rest) = Folded.lastWord(bytes, Folded.trimmedEnd(bytes, line)), Folded.value(bytes, last) != nil,
        let (first, _) = Folded.lastWord(bytes, rest), Folded.value(bytes, first) != nil
      else { return false }
      count += 1
    }
    return count > 0
  }

  mutating func take(_ line: Range<Int>, _ lines: borrowing TextLines, _ diagnostics: inout Diagnostics)
    throws(ProfileError)
  {
    let bytes = lines.bytes
    if TextBytes.trimmed(bytes, line).isEmpty { return }
    if bytes[line.lowerBound] == UInt8(ascii: "#") { return takeComment(line, lines, &diagnostics) }
    if isFirstLine {
      isFirstLine = false
      if takeHeader(bytes, line) { return }
    }
    var rest = Folded.trimmedEnd(bytes, line)
    let count = builder.columns.sampleTypes.count
    var values: [Int64] = []
    while values.count < count {
      guard let (word, before) = Folded.lastWord(bytes, rest), let (value, isRounded) = Folded.value(bytes, word) else {
        // A line of a differential text that has one number had none before.
        if isDifferential, values.count == 1 {
          values.append(values[0])
          break
        }
        if values.isEmpty, FoldedStretch.isTraceback(bytes, rest) {
          throw SecondProfile.error(at: lines.place(at: line.lowerBound))
        }
        if let (word, _) = Folded.lastWord(bytes, rest), word.allSatisfy({ TextBytes.isDigit(bytes[$0]) }),
          !word.isEmpty
        {
          throw ProfileError(.malformed, "a number of more than 64 bits", at: lines.place(at: word.lowerBound))
        }
        throw ProfileError(
          .malformed, count == 1 ? "a stack without its number" : "a stack without its \(count) numbers",
          at: lines.place(at: rest.upperBound))
      }
      if isRounded {
        diagnostics.addLoss(kind: "decimal", "a value with a fraction is rounded", at: lines.place(at: word.lowerBound))
      }
      values.append(value)
      rest = before
    }
    try takeStack(bytes, rest)
    builder.add(stack: stack, values: values.reversed(), labels: labels)
    labels = []
  }

  private mutating func takeComment(_ line: Range<Int>, _ lines: borrowing TextLines, _ diagnostics: inout Diagnostics)
  {
    let bytes = lines.bytes
    let mark = GroupedText.labels
    if line.count > mark.utf8.count, zip(line, mark.utf8).allSatisfy({ bytes[$0] == $1 }) {
      if let found = LabelText.parse(bytes, line.lowerBound + mark.utf8.count..<line.upperBound, &builder) {
        labels = found
        return
      }
      diagnostics.add(kind: "labels", "labels that cannot be read are kept as a comment", at: lines.place())
    }
    builder.columns.comments.append(builder.string(bytes.extracting(line)))
  }

  private mutating func takeHeader(_ bytes: Span<UInt8>, _ line: Range<Int>) -> Bool {
    guard let words = FoldedHeader.types(bytes, line) else {
      let names = isDifferential ? ["before", "after"] : ["samples"]
      for name in names {
        builder.columns.sampleTypes.append(ValueType(type: builder.string(name), unit: builder.string("count")))
      }
      return false
    }
    for word in words {
      var slash = word.upperBound - 1
      while bytes[slash] != UInt8(ascii: "/") { slash -= 1 }
      let type = builder.string(Folded.unescaped(bytes, word.lowerBound..<slash).span)
      let unit = builder.string(Folded.unescaped(bytes, slash + 1..<word.upperBound).span)
      builder.columns.sampleTypes.append(ValueType(type: type, unit: unit))
    }
    return true
  }

  // MARK: Frames

  /// Puts a stack's locations into `stack`, leaf first.
  private mutating func takeStack(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(ProfileError) {
    stack.removeAll(keepingCapacity: true)
    if range.isEmpty { return }
    var at = range.lowerBound
    while true {
      var end = at
      while end < range.upperBound, bytes[end] != UInt8(ascii: ";") { end += 1 }
      takeFrame(bytes, at..<end)
      if end == range.upperBound { break }
      at = end + 1
    }
    stack.reverse()
  }

  private mutating func takeFrame(_ bytes: Span<UInt8>, _ frame: Range<Int>) {
    if ends(bytes, frame, Folded.inlined), let caller = stack.last,
      !builder.columns.lineRange(caller).isEmpty
    {
      // Inlined into the frame before: another line of its location, innermost first.
      let line = line(bytes, frame.lowerBound..<frame.upperBound - 4)
      let lines = [line] + builder.columns.lines[builder.columns.lineRange(caller)]
      stack[stack.count - 1] = builder.location(builder.columns.locations[caller.position], lines: lines)
      return
    }
    // An empty frame (`a;;b`) is the empty text, and location nil until it is met.
    let text = frameInterner.intern(bytes.extracting(frame), in: &frameTexts)
    if text.position == frameLocations.count { frameLocations.append(nil) }
    if let known = frameLocations[text.position] { return stack.append(known) }
    let location = location(bytes, frame)
    frameLocations[text.position] = location
    stack.append(location)
  }

  private mutating func location(_ bytes: Span<UInt8>, _ frame: Range<Int>) -> LocationIndex {
    if Folded.isAddress(bytes, frame),
      let address = TextBytes.hexadecimal(bytes, frame.lowerBound + 2..<frame.upperBound)
    {
      return builder.location(Location(address: address), lines: EmptyCollection())
    }
    var location = Location()
    var name = frame
    for (suffix, file) in Folded.annotations where ends(bytes, frame, suffix) {
      location.mapping = builder.mapping(Mapping(file: builder.string(file)))
      name = frame.lowerBound..<frame.upperBound - suffix.count
    }
    if ends(bytes, name, Folded.inlined) { name = name.lowerBound..<name.upperBound - Folded.inlined.count }
    let line = line(bytes, name)
    return builder.location(location, lines: CollectionOfOne(line))
  }

  private mutating func line(_ bytes: Span<UInt8>, _ name: Range<Int>) -> Line {
    if Folded.lineNumber(bytes, name) == nil { unnumbered += 1 } else { numbered += 1 }
    let text = builder.string(Folded.unescaped(bytes, name).span)
    return Line(function: builder.function(Function(name: text, systemName: text)))
  }

  private func ends(_ bytes: Span<UInt8>, _ range: Range<Int>, _ suffix: [UInt8]) -> Bool {
    // Alone it is a name.
    range.count > suffix.count
      && zip(range.upperBound - suffix.count..<range.upperBound, suffix).allSatisfy { bytes[$0] == $1 }
  }

  // MARK: The end

  consuming func finish(_ diagnostics: inout Diagnostics) throws(ProfileError) -> Profile {
    if isFirstLine { throw ProfileError(.empty, "there is no stack") }
    // A single name that ends in a colon and digits may mean anything; all of them mean lines.
    if numbered > 0, unnumbered == 0 {
      diagnostics.add(kind: "line-numbers", "all frames end in `:NUMBER`; they are read as lines of functions")
      return try Profile(FoldedLineNumbers.applied(to: builder.columns))
    }
    return try builder.finish()
  }
}
