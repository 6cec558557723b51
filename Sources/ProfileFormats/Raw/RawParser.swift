import ProfileModel

/// Builds a profile from the lines of `pprof -raw`.
struct RawParser: ~Copyable {
  private enum Part { case header, types, samples, locations, mappings }

  var builder = ProfileBuilder()
  private var part = Part.header
  private var header = RawHeaderParser()
  /// Sample ids to locations, in the order in which they were first seen; entries are made for samples before the table
  /// that they point into is read.
  private var locationIDs = IDTable()
  /// Where in the table of locations an entry of `locationIDs` stands; nil: not there yet.
  private var locationPositions: [LocationIndex?] = []
  /// Of each location.
  private var mappingIDs: [UInt64?] = []
  /// The lines of the sample's labels.
  private var labelLines: [[UInt8]] = []
  private var labelTexts = StringTable()
  private var labelInterner = StringInterner()
  /// The set that was made of a text of `labelTexts`.
  private var labelSets: [LabelSetIndex] = [.empty]
  /// A frame that may go on behind a newline in a name, and the line where it began.
  private var frame: (text: [UInt8], line: Int)?
  private var ownLocationIDs: [UInt64] = []
  private var ownMappingIDs: [UInt64] = []

  mutating func take(_ line: Range<Int>, _ lines: borrowing TextLines, _ diagnostics: inout Diagnostics)
    throws(ProfileError)
  {
    let bytes = lines.bytes
    switch part {
    case .header:
      if try header.take(line, lines, &builder, &diagnostics) { part = .types }
    case .types:
      RawTypes.parse(TextBytes.copy(bytes, line), &builder)
      part = .samples
    case .samples:
      if TextBytes.isLine("Locations", bytes, line) {
        try endSample(lines, &diagnostics)
        part = .locations
      } else {
        try takeSampleLine(line, lines, &diagnostics)
      }
    case .locations:
      if TextBytes.isLine("Mappings", bytes, line) {
        try endLocation(lines)
        part = .mappings
      } else {
        try takeLocationLine(line, lines, &diagnostics)
      }
    case .mappings: try takeMapping(line, lines)
    }
  }

  // MARK: Samples

  private mutating func takeSampleLine(
    _ line: Range<Int>, _ lines: borrowing TextLines, _ diagnostics: inout Diagnostics
  )
    throws(ProfileError)
  {
    let bytes = lines.bytes
    let indent = TextBytes.run(of: UInt8(ascii: " "), bytes, from: line.lowerBound, to: line.upperBound)
    if builder.columns.sampleCount > 0, indent - line.lowerBound >= 16 {
      labelLines.append(TextBytes.copy(bytes, line.lowerBound + 16..<line.upperBound))
      return
    }
    if let colon = Self.samplePattern(line, bytes) {
      try endSample(lines, &diagnostics)
      return try addSample(line, colon, lines)
    }
    if line.isEmpty, labelLines.isEmpty { return }
    if !labelLines.isEmpty {
      diagnostics.add(kind: "label-newline", "a label's value goes on in the next line", at: lines.place())
      labelLines[labelLines.count - 1].append(UInt8(ascii: "\n"))
      labelLines[labelLines.count - 1].append(bytes.extracting(line))
      return
    }
    throw ProfileError(
      .malformed, "neither a sample (`VALUE: ID ID`) nor its labels", at: lines.place(at: indent))
  }

  /// `  12   345: 1 2 3 ` — where the colon stands, or nil where a line is something else.
  static func samplePattern(_ line: Range<Int>, _ bytes: Span<UInt8>) -> Int? {
    var colon: Int?
    for at in line {
      switch bytes[at] {
      case UInt8(ascii: ":") where colon == nil: colon = at
      case UInt8(ascii: "-") where colon == nil: continue
      case UInt8(ascii: " "), UInt8(ascii: "0")...UInt8(ascii: "9"): continue
      default: return nil
      }
    }
    guard let colon, colon > line.lowerBound, TextBytes.isDigit(bytes[colon - 1]) else { return nil }
    return colon
  }

  private mutating func addSample(_ line: Range<Int>, _ colon: Int, _ lines: borrowing TextLines) throws(ProfileError) {
    let bytes = lines.bytes
    let first = builder.columns.values.count
    var at = line.lowerBound
    while let word = nextWord(bytes, &at, colon) {
      guard let value = TextBytes.decimal(bytes, word) else {
        throw ProfileError(.malformed, "no number of 64 bits", at: lines.place(at: word.lowerBound))
      }
      builder.columns.values.append(value)
    }
    let count = builder.columns.values.count - first
    let types = builder.columns.sampleTypes.count
    if count != types {
      throw ProfileError(.invalid, "\(count) values for \(types) sample types", at: lines.place())
    }
    var stack: [LocationIndex] = []
    at = colon + 1
    while let word = nextWord(bytes, &at, line.upperBound) {
      guard let id = TextBytes.unsigned(bytes, word), id != 0 else {
        throw ProfileError(.malformed, "no location id", at: lines.place(at: word.lowerBound))
      }
      stack.append(LocationIndex(entry(of: id)))
    }
    builder.columns.sampleStacks.append(builder.stack(stack))
    builder.columns.sampleLabels.append(.empty)
  }

  private func nextWord(_ bytes: Span<UInt8>, _ at: inout Int, _ end: Int) -> Range<Int>? {
    let start = TextBytes.run(of: UInt8(ascii: " "), bytes, from: at, to: end)
    at = start
    while at < end, bytes[at] != UInt8(ascii: " ") { at += 1 }
    return start < at ? start..<at : nil
  }

  private mutating func entry(of id: UInt64) -> Int {
    let entry = locationIDs.entry(of: id)
    if entry == locationPositions.count { locationPositions.append(nil) }
    return entry
  }

  /// Reads the labels of the last sample, if it has any. Equal texts are read once.
  private mutating func endSample(_ lines: borrowing TextLines, _ diagnostics: inout Diagnostics) throws(ProfileError) {
    if labelLines.isEmpty { return }
    defer { labelLines.removeAll(keepingCapacity: true) }
    let text = Array(labelLines.joined(separator: [0]))
    let index = labelInterner.intern(text.span, in: &labelTexts)
    if index.position == labelSets.count { labelSets.append(try labelSet(lines, &diagnostics)) }
    builder.columns.sampleLabels[builder.columns.sampleCount - 1] = labelSets[index.position]
  }

  private mutating func labelSet(_ lines: borrowing TextLines, _ diagnostics: inout Diagnostics) throws(ProfileError)
    -> LabelSetIndex
  {
    guard labelLines.count <= 2, let text = RawLabelText(labelLines) else {
      throw ProfileError(
        .malformed, "labels that are not `key:[values]`",
        at: .line(lines.number - 1, column: nil, text: String(decoding: labelLines.joined(), as: UTF8.self)))
    }
    if text.hasBlanks {
      diagnostics.add(
        kind: "label-blank", "a label's value with a blank may be two values; it is read as one",
        at: .line(lines.number - 1, column: nil, text: nil))
    }
    if text.mayBeStrings {
      diagnostics.add(
        kind: "label-number", "a label's number may be a string; it is read as a number",
        at: .line(lines.number - 1, column: nil, text: nil))
    }
    var labels: [Label] = []
    for pair in text.pairs {
      let key = builder.string(pair.key.span)
      switch pair.value {
      case .string(let value): labels.append(Label(key: key, str: builder.string(value.span)))
      case .number(let number, let unit): labels.append(Label(key: key, num: number, unit: builder.string(unit.span)))
      }
    }
    return builder.labelSet(labels)
  }

  // MARK: Locations

  private mutating func takeLocationLine(
    _ line: Range<Int>, _ lines: borrowing TextLines, _ diagnostics: inout Diagnostics
  ) throws(ProfileError) {
    let bytes = lines.bytes
    let start = TextBytes.run(of: UInt8(ascii: " "), bytes, from: line.lowerBound, to: line.upperBound)
    let digits = TextBytes.digits(bytes, from: start, to: line.upperBound)
    if let id = TextBytes.unsigned(bytes, start..<digits), TextBytes.has(": 0x", bytes, at: digits) {
      try endLocation(lines)
      return try addLocation(id, from: digits + 4, to: line.upperBound, lines)
    }
    if start - line.lowerBound >= 13, frame != nil {
      try endFrame(lines)
      frame = (TextBytes.copy(bytes, line.lowerBound + 13..<line.upperBound), lines.number)
    } else if frame != nil {
      diagnostics.add(kind: "name-newline", "a name goes on in the next line", at: lines.place())
      frame?.text.append(UInt8(ascii: "\n"))
      frame?.text.append(bytes.extracting(line))
    } else {
      throw ProfileError(.malformed, "not a location (`ID: 0xADDRESS …`)", at: lines.place(at: start))
    }
  }

  private mutating func addLocation(_ id: UInt64, from start: Int, to end: Int, _ lines: borrowing TextLines)
    throws(ProfileError)
  {
    let bytes = lines.bytes
    var at = TextBytes.hexDigits(bytes, from: start, to: end)
    guard let address = TextBytes.hexadecimal(bytes, start..<at) else {
      throw ProfileError(.malformed, "no address of 64 bits", at: lines.place(at: start))
    }
    var location = Location(address: address)
    var mapping: UInt64?
    if at < end { at += 1 }
    if TextBytes.has("M=", bytes, at: at) {
      let digits = TextBytes.digits(bytes, from: at + 2, to: end)
      if let value = TextBytes.unsigned(bytes, at + 2..<digits), digits == end || bytes[digits] == UInt8(ascii: " ") {
        mapping = value
        at = min(digits + 1, end)
      }
    }
    if TextBytes.has("[F]", bytes, at: at), at + 3 == end || bytes[at + 3] == UInt8(ascii: " ") {
      location.isFolded = true
      at = min(at + 4, end)
    }
    let entry = entry(of: id)
    if locationPositions[entry] != nil {
      throw ProfileError(.invalid, "location \(id) is there twice", at: lines.place())
    }
    locationPositions[entry] = LocationIndex(builder.columns.locations.count)
    ownLocationIDs.append(id)
    mappingIDs.append(mapping)
    builder.columns.locations.append(location)
    frame = (TextBytes.copy(bytes, at..<end), lines.number)
  }

  private mutating func endLocation(_ lines: borrowing TextLines) throws(ProfileError) {
    if frame == nil { return }
    try endFrame(lines)
    builder.columns.lineOffsets.append(builder.columns.lines.count)
  }

  private mutating func endFrame(_ lines: borrowing TextLines) throws(ProfileError) {
    guard let frame else { return }
    self.frame = nil
    // A location without a line.
    if frame.text.isEmpty { return }
    let text = frame.text.span
    guard let parts = RawFrame.parse(text, 0..<frame.text.count) else {
      throw ProfileError(
        .malformed, "a frame without `file:line:column s=start`",
        at: .line(frame.line, column: nil, text: String(decoding: frame.text.prefix(200), as: UTF8.self)))
    }
    let name = builder.string(text.extracting(parts.name))
    let function = builder.function(
      Function(
        name: name, systemName: parts.systemName.map { builder.string(text.extracting($0)) } ?? name,
        file: builder.string(text.extracting(parts.file)), startLine: parts.startLine))
    builder.columns.lines.append(Line(function: function, line: parts.line, column: parts.column))
  }

  // MARK: Mappings

  private mutating func takeMapping(_ line: Range<Int>, _ lines: borrowing TextLines) throws(ProfileError) {
    if line.isEmpty { return }
    let bytes = lines.bytes
    guard let row = RawMapping(bytes, line) else {
      throw ProfileError(.malformed, "not a mapping (`ID: 0xSTART/0xLIMIT/0xOFFSET FILE BUILD_ID`)", at: lines.place())
    }
    ownMappingIDs.append(row.id)
    var mapping = row.mapping
    mapping.file = builder.string(bytes.extracting(row.file))
    mapping.buildID = builder.string(bytes.extracting(row.buildID))
    builder.columns.mappings.append(mapping)
  }

  // MARK: The end

  consuming func finish(_ lines: borrowing TextLines, _ diagnostics: inout Diagnostics) throws(ProfileError) -> Profile
  {
    if part == .samples { try endSample(lines, &diagnostics) }
    if part != .mappings {
      throw ProfileError(
        .truncated, "the text ends before its mappings", at: .line(lines.number, column: nil, text: nil))
    }
    try resolveLocations()
    var mappings = IDTable()
    for id in ownMappingIDs { _ = mappings.entry(of: id) }
    for (i, id) in mappingIDs.enumerated() {
      guard let id else { continue }
      if let position = mappings.find(id) {
        builder.columns.locations[i].mapping = MappingIndex(position)
      } else {
        diagnostics.addLoss(kind: "unknown-mapping", "location \(ownLocationIDs[i]) names a mapping that is not there")
      }
    }
    builder.columns.locationIDs = IDTable.unlessCounting(ownLocationIDs)
    builder.columns.mappingIDs = IDTable.unlessCounting(ownMappingIDs)
    return try builder.finish()
  }

  /// Puts positions in the place of entries.
  private mutating func resolveLocations() throws(ProfileError) {
    var positions: [LocationIndex] = []
    positions.reserveCapacity(locationPositions.count)
    for (i, position) in locationPositions.enumerated() {
      guard let position else {
        throw ProfileError(.invalid, "a sample names location \(locationIDs.ids[i]), which is not there")
      }
      positions.append(position)
    }
    for i in builder.columns.stackLocations.indices {
      builder.columns.stackLocations[i] = positions[builder.columns.stackLocations[i].position]
    }
  }
}
