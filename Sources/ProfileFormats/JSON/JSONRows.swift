import ProfileModel

/// The objects of the schema. Fields that are 0, false or empty are left out.
struct JSONRows {
  private let columns: ProfileColumns
  private var text: [UInt8] = []
  /// Where the string table's order counts, strings that are not the first of their equals are named by position.
  private let firstOfEqual: [StringIndex]?
  private let hasUnknown: Bool
  /// Whether the object that is open has a field yet.
  private var hasField = false

  init(_ columns: ProfileColumns) {
    self.columns = columns
    firstOfEqual = columns.keepsStringOrder ? columns.strings.firstOfEqual() : nil
    hasUnknown = !columns.unknownFields.isEmpty
  }

  mutating func flush(to sink: inout ByteSink) throws(ProfileError) {
    sink.buffer.append(contentsOf: text)
    text.removeAll(keepingCapacity: true)
    try sink.flushIfLarge()
  }

  /// An array with an object a line.
  mutating func write(
    _ name: StaticString, _ count: Int, to sink: inout ByteSink, _ append: (inout JSONRows, Int) -> Void
  ) throws(ProfileError) {
    text.append(",\n  \"")
    text.append(name)
    text.append("\": [")
    for i in 0..<count {
      text.append(i == 0 ? "\n    {" : ",\n    {")
      hasField = false
      append(&self, i)
      text.append(UInt8(ascii: "}"))
      if text.count >= 1 << 16 { try flush(to: &sink) }
    }
    text.append(count == 0 ? "]" : "\n  ]")
  }

  mutating func appendHeader() {
    text.append("{\n  \"pprofconv\": 1")
    if columns.keepsStringOrder {
      text.append(",\n  \"strings\": [")
      let strings = columns.strings
      for i in 0..<strings.count {
        if i > 0 { text.append(", ") }
        JSONText.append(strings[StringIndex(i)], to: &text)
      }
      text.append("]")
    }
    text.append(",\n  \"sample_types\": [")
    for (i, type) in columns.sampleTypes.enumerated() {
      if i > 0 { text.append(", ") }
      append(type, .sampleType(i))
    }
    text.append("]")
    header("default_sample_type", columns.defaultSampleType)
    if !isAbsent(columns.periodType.type) || !isAbsent(columns.periodType.unit)
      || columns.unknownFields[.periodType] != nil
    {
      text.append(",\n  \"period_type\": ")
      append(columns.periodType, .periodType)
    }
    header("period", columns.period)
    header("time_nanos", columns.timeNanos)
    header("duration_nanos", columns.durationNanos)
    header("doc_url", columns.docURL)
    header("drop_frames", columns.dropFrames)
    header("keep_frames", columns.keepFrames)
    if columns.comments.isEmpty { return }
    text.append(",\n  \"comments\": [")
    for (i, comment) in columns.comments.enumerated() {
      text.append(i == 0 ? "\n    " : ",\n    ")
      append(comment)
    }
    text.append("\n  ]")
  }

  mutating func appendEnd() {
    if let bytes = columns.unknownFields[.profile] {
      text.append(",\n  \"unknown\": \"")
      text.append(contentsOf: JSONText.base64(bytes))
      text.append("\"")
    }
    text.append("\n}\n")
  }

  mutating func appendSample(_ sample: Int) {
    text.append("\"values\": [")
    var isFirst = true
    for value in columns.values[columns.valueRange(sample)] {
      if !isFirst { text.append(", ") }
      isFirst = false
      Units.append(value, to: &text)
    }
    text.append("], \"stack\": [")
    let stack = columns.stackRange(columns.sampleStacks[sample])
    for at in stack {
      if at > stack.lowerBound { text.append(", ") }
      Units.append(UInt64(columns.stackLocations[at].rawValue), to: &text)
    }
    text.append(UInt8(ascii: "]"))
    hasField = true
    let labels = columns.labelRange(columns.sampleLabels[sample])
    if !labels.isEmpty {
      text.append(", \"labels\": [")
      for at in labels {
        if at > labels.lowerBound { text.append(", ") }
        appendLabel(at)
      }
      text.append(UInt8(ascii: "]"))
    }
    hasField = true
    unknown(.sample(sample))
  }

  private mutating func appendLabel(_ at: Int) {
    let label = columns.labels[at]
    text.append("{\"key\": ")
    append(label.key)
    hasField = true
    field("str", label.str)
    field("num", label.num)
    field("unit", label.unit)
    unknown(.label(at))
    text.append(UInt8(ascii: "}"))
  }

  mutating func appendLocation(_ i: Int) {
    let location = columns.locations[i]
    if columns.locationIDs != nil { field("id", decimal: columns.id(of: LocationIndex(i))) }
    field("address", hex: location.address)
    if location.mapping != .none { field("mapping", index: location.mapping.position) }
    field("folded", location.isFolded)
    let lines = columns.lineRange(LocationIndex(i))
    if !lines.isEmpty {
      name("lines")
      text.append(UInt8(ascii: "["))
      for at in lines {
        if at > lines.lowerBound { text.append(", ") }
        let line = columns.lines[at]
        text.append(UInt8(ascii: "{"))
        hasField = false
        field("function", index: line.function.position)
        field("line", line.line)
        field("column", line.column)
        unknown(.line(at))
        text.append(UInt8(ascii: "}"))
      }
      text.append(UInt8(ascii: "]"))
      hasField = true
    }
    unknown(.location(i))
  }

  mutating func appendFunction(_ i: Int) {
    let function = columns.functions[i]
    if columns.functionIDs != nil { field("id", decimal: columns.id(of: FunctionIndex(i))) }
    field("name", function.name)
    // Mostly equal to the name; then it is left out, and where it is empty it is not.
    let isSame =
      function.systemName == function.name
      || (!columns.keepsStringOrder && columns.strings.equals(function.systemName, columns.strings[function.name]))
    if !isSame {
      name("system_name")
      append(function.systemName)
    }
    field("file", function.file)
    field("start_line", function.startLine)
    unknown(.function(i))
  }

  mutating func appendMapping(_ i: Int) {
    let mapping = columns.mappings[i]
    if columns.mappingIDs != nil { field("id", decimal: columns.id(of: MappingIndex(i))) }
    field("start", hex: mapping.start)
    field("limit", hex: mapping.limit)
    field("offset", hex: mapping.offset)
    field("file", mapping.file)
    field("build_id", mapping.buildID)
    field("has_functions", mapping.hasFunctions)
    field("has_filenames", mapping.hasFilenames)
    field("has_line_numbers", mapping.hasLineNumbers)
    field("has_inline_frames", mapping.hasInlineFrames)
    unknown(.mapping(i))
  }

  // MARK: Fields

  private mutating func append(_ type: ValueType, _ owner: UnknownFields.Owner) {
    text.append(UInt8(ascii: "{"))
    hasField = false
    field("type", type.type)
    field("unit", type.unit)
    unknown(owner)
    text.append(UInt8(ascii: "}"))
  }

  private func isAbsent(_ string: StringIndex) -> Bool {
    string == .empty || (!columns.keepsStringOrder && columns.strings.isEmpty(string))
  }

  private mutating func append(_ string: StringIndex) {
    if let firstOfEqual, firstOfEqual[string.position] != string {
      text.append("{\"index\": ")
      Units.append(UInt64(string.rawValue), to: &text)
      text.append(UInt8(ascii: "}"))
    } else {
      let strings = columns.strings
      JSONText.append(strings[string], to: &text)
    }
  }

  private mutating func name(_ name: StaticString) {
    text.append(hasField ? ", \"" : "\"")
    hasField = true
    text.append(name)
    text.append("\": ")
  }

  private mutating func field(_ name: StaticString, _ string: StringIndex) {
    if isAbsent(string) { return }
    self.name(name)
    append(string)
  }

  private mutating func field(_ name: StaticString, _ value: Int64) {
    if value == 0 { return }
    self.name(name)
    Units.append(value, to: &text)
  }

  private mutating func field(_ name: StaticString, index: Int) {
    self.name(name)
    Units.append(UInt64(index), to: &text)
  }

  private mutating func field(_ name: StaticString, _ value: Bool) {
    if !value { return }
    self.name(name)
    text.append("true")
  }

  private mutating func field(_ name: StaticString, hex value: UInt64) {
    if value == 0 { return }
    self.name(name)
    text.append("\"0x")
    text.appendHex(value)
    text.append(UInt8(ascii: "\""))
  }

  private mutating func field(_ name: StaticString, decimal value: UInt64) {
    self.name(name)
    text.append(UInt8(ascii: "\""))
    Units.append(value, to: &text)
    text.append(UInt8(ascii: "\""))
  }

  private mutating func unknown(_ owner: UnknownFields.Owner) {
    guard hasUnknown, let bytes = columns.unknownFields[owner] else { return }
    name("unknown")
    text.append(UInt8(ascii: "\""))
    text.append(contentsOf: JSONText.base64(bytes))
    text.append(UInt8(ascii: "\""))
  }

  private mutating func header(_ name: StaticString, _ string: StringIndex) {
    if isAbsent(string) { return }
    text.append(",\n  \"")
    text.append(name)
    text.append("\": ")
    append(string)
  }

  private mutating func header(_ name: StaticString, _ value: Int64) {
    if value == 0 { return }
    text.append(",\n  \"")
    text.append(name)
    text.append("\": ")
    Units.append(value, to: &text)
  }
}
