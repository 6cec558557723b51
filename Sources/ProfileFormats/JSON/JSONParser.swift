import ProfileModel

/// Builds a profile from JSON of the schema.
struct JSONParser: ~Copyable {
  var scanner: JSONScanner
  var builder = ProfileBuilder()
  /// How many values each sample has; nil before the first.
  private var valueCount: Int?
  private var hasVersion = false
  private var mappingIDs = IDs()
  private var locationIDs = IDs()
  private var functionIDs = IDs()
  var hasStrings = false
  private var seen: Set<String> = []
  private var stack: [LocationIndex] = []
  private var labels: [Label] = []
  private var lines: [Line] = []

  init(_ scanner: consuming JSONScanner) { self.scanner = scanner }

  /// The ids of a table: each entry's own, or its position + 1.
  private struct IDs {
    var ids: [UInt64] = []
    var hasOwn = false

    mutating func append(_ id: UInt64?) {
      if id != nil { hasOwn = true }
      ids.append(id ?? UInt64(ids.count) + 1)
    }
  }

  mutating func readProfile(_ diagnostics: inout Diagnostics) throws(ProfileError) {
    try scanner.beginObject()
    while try scanner.nextKey() {
      let key = self.key
      if !seen.insert(key).inserted {
        throw ProfileError(.malformed, "“\(key)” is there twice", at: scanner.place)
      }
      switch key {
      case "pprofconv":
        let version = try scanner.integer()
        if version != 1 {
          throw ProfileError(
            .unsupported, "version \(version) of the schema; this program knows 1", at: scanner.place)
        }
        hasVersion = true
      case "strings": try readStrings()
      case "sample_types":
        try scanner.beginArray()
        while try scanner.nextElement() {
          let type = try readType(.sampleType(builder.columns.sampleTypes.count), &diagnostics)
          builder.columns.sampleTypes.append(type)
        }
      case "default_sample_type": builder.columns.defaultSampleType = try string()
      case "period_type": builder.columns.periodType = try readType(.periodType, &diagnostics)
      case "period": builder.columns.period = try scanner.integer()
      case "time_nanos": builder.columns.timeNanos = try scanner.integer()
      case "duration_nanos": builder.columns.durationNanos = try scanner.integer()
      case "doc_url": builder.columns.docURL = try string()
      case "drop_frames": builder.columns.dropFrames = try string()
      case "keep_frames": builder.columns.keepFrames = try string()
      case "comments":
        try scanner.beginArray()
        while try scanner.nextElement() { builder.columns.comments.append(try string()) }
      case "samples":
        try scanner.beginArray()
        while try scanner.nextElement() { try readSample(&diagnostics) }
      case "locations":
        try scanner.beginArray()
        while try scanner.nextElement() { try readLocation(&diagnostics) }
      case "functions":
        try scanner.beginArray()
        while try scanner.nextElement() { try readFunction(&diagnostics) }
      case "mappings":
        try scanner.beginArray()
        while try scanner.nextElement() { try readMapping(&diagnostics) }
      case "unknown": try readUnknown(.profile, of: .profile)
      // JSON's own way to name a schema.
      case "$schema": try scanner.skip()
      default: try skip(key, &diagnostics)
      }
    }
    try scanner.end()
  }

  consuming func finish() throws(ProfileError) -> Profile {
    if !hasVersion {
      throw ProfileError(
        .unknownFormat, "JSON without the member “pprofconv”: not a profile of this program's schema",
        hint: "its schema is profile.schema.json of pprofconv")
    }
    let types = builder.columns.sampleTypes.count
    if let valueCount, valueCount != types {
      throw ProfileError(.invalid, "samples of \(valueCount) values, but \(types) sample types", path: "sample.value")
    }
    builder.columns.mappingIDs = mappingIDs.hasOwn ? mappingIDs.ids : nil
    builder.columns.locationIDs = locationIDs.hasOwn ? locationIDs.ids : nil
    builder.columns.functionIDs = functionIDs.hasOwn ? functionIDs.ids : nil
    return try builder.finish()
  }

  // MARK: Rows

  private mutating func readType(_ owner: UnknownFields.Owner, _ diagnostics: inout Diagnostics) throws(ProfileError)
    -> ValueType
  {
    var type = ValueType()
    try scanner.beginObject()
    while try scanner.nextKey() {
      switch key {
      case "type": type.type = try string()
      case "unit": type.unit = try string()
      case "unknown": try readUnknown(owner, of: .valueType)
      case let key: try skip(key, &diagnostics)
      }
    }
    return type
  }

  private mutating func readSample(_ diagnostics: inout Diagnostics) throws(ProfileError) {
    let sample = builder.columns.sampleCount
    let firstValue = builder.columns.values.count
    _ = try scanner.peek()
    let start = scanner.mark
    stack.removeAll(keepingCapacity: true)
    var set = LabelSetIndex.empty
    try scanner.beginObject()
    while try scanner.nextKey() {
      switch key {
      case "values":
        builder.columns.values.removeSubrange(firstValue...)
        try scanner.beginArray()
        while try scanner.nextElement() { builder.columns.values.append(try scanner.integer()) }
      case "stack":
        stack.removeAll(keepingCapacity: true)
        try scanner.beginArray()
        while try scanner.nextElement() { stack.append(LocationIndex(rawValue: try index())) }
      case "labels": set = try readLabels(&diagnostics)
      case "unknown": try readUnknown(.sample(sample), of: .sample)
      case let key: try skip(key, &diagnostics)
      }
    }
    let count = builder.columns.values.count - firstValue
    if let valueCount, valueCount != count {
      throw ProfileError(
        .invalid, "\(count) values where the samples before have \(valueCount)", at: scanner.place(start),
        path: "sample[\(sample)].value")
    }
    valueCount = count
    builder.columns.sampleStacks.append(builder.stack(stack))
    builder.columns.sampleLabels.append(set)
  }

  private mutating func readLabels(_ diagnostics: inout Diagnostics) throws(ProfileError) -> LabelSetIndex {
    labels.removeAll(keepingCapacity: true)
    var unknown: [(Int, [UInt8])] = []
    try scanner.beginArray()
    while try scanner.nextElement() {
      var label = Label(key: .empty)
      try scanner.beginObject()
      while try scanner.nextKey() {
        switch key {
        case "key": label.key = try string()
        case "str": label.str = try string()
        case "num": label.num = try scanner.integer()
        case "unit": label.unit = try string()
        case "unknown": unknown.append((labels.count, try unknownFields(of: .label)))
        case let key: try skip(key, &diagnostics)
        }
      }
      labels.append(label)
    }
    if unknown.isEmpty { return builder.labelSet(labels) }
    // No other sample may share what hangs on these.
    let first = builder.columns.labels.count
    builder.columns.labels += labels
    builder.columns.labelOffsets.append(builder.columns.labels.count)
    for (at, bytes) in unknown { builder.columns.unknownFields.append(bytes, to: .label(first + at)) }
    return LabelSetIndex(builder.columns.labelSetCount - 1)
  }

  private mutating func readLocation(_ diagnostics: inout Diagnostics) throws(ProfileError) {
    let position = builder.columns.locations.count
    var location = Location()
    var id: UInt64?
    var unknown: [(Int, [UInt8])] = []
    lines.removeAll(keepingCapacity: true)
    try scanner.beginObject()
    while try scanner.nextKey() {
      switch key {
      case "id": id = try self.id()
      case "address": location.address = try number()
      case "mapping": location.mapping = MappingIndex(rawValue: try index())
      case "folded": location.isFolded = try scanner.bool()
      case "lines":
        lines.removeAll(keepingCapacity: true)
        try scanner.beginArray()
        while try scanner.nextElement() { try readLine(&unknown, &diagnostics) }
      case "unknown": try readUnknown(.location(position), of: .location)
      case let key: try skip(key, &diagnostics)
      }
    }
    let first = builder.columns.lines.count
    for (at, bytes) in unknown { builder.columns.unknownFields.append(bytes, to: .line(first + at)) }
    builder.columns.locations.append(location)
    builder.columns.lines += lines
    builder.columns.lineOffsets.append(builder.columns.lines.count)
    locationIDs.append(id)
  }

  private mutating func readLine(_ unknown: inout [(Int, [UInt8])], _ diagnostics: inout Diagnostics)
    throws(ProfileError)
  {
    var line = Line(function: .none)
    _ = try scanner.peek()
    let start = scanner.mark
    try scanner.beginObject()
    while try scanner.nextKey() {
      switch key {
      case "function": line.function = FunctionIndex(rawValue: try index())
      case "line": line.line = try scanner.integer()
      case "column": line.column = try scanner.integer()
      case "unknown": unknown.append((lines.count, try unknownFields(of: .line)))
      case let key: try skip(key, &diagnostics)
      }
    }
    if line.function == .none { throw ProfileError(.invalid, "a line without its function", at: scanner.place(start)) }
    lines.append(line)
  }

  private mutating func readFunction(_ diagnostics: inout Diagnostics) throws(ProfileError) {
    let position = builder.columns.functions.count
    var function = Function(name: .empty)
    var id: UInt64?
    var systemName: StringIndex?
    try scanner.beginObject()
    while try scanner.nextKey() {
      switch key {
      case "id": id = try self.id()
      case "name": function.name = try string()
      case "system_name": systemName = try string()
      case "file": function.file = try string()
      case "start_line": function.startLine = try scanner.integer()
      case "unknown": try readUnknown(.function(position), of: .function)
      case let key: try skip(key, &diagnostics)
      }
    }
    function.systemName = systemName ?? function.name
    builder.columns.functions.append(function)
    functionIDs.append(id)
  }

  private mutating func readMapping(_ diagnostics: inout Diagnostics) throws(ProfileError) {
    let position = builder.columns.mappings.count
    var mapping = Mapping()
    var id: UInt64?
    try scanner.beginObject()
    while try scanner.nextKey() {
      switch key {
      case "id": id = try self.id()
      case "start": mapping.start = try number()
      case "limit": mapping.limit = try number()
      case "offset": mapping.offset = try number()
      case "file": mapping.file = try string()
      case "build_id": mapping.buildID = try string()
      case "has_functions": mapping.hasFunctions = try scanner.bool()
      case "has_filenames": mapping.hasFilenames = try scanner.bool()
      case "has_line_numbers": mapping.hasLineNumbers = try scanner.bool()
      case "has_inline_frames": mapping.hasInlineFrames = try scanner.bool()
      case "unknown": try readUnknown(.mapping(position), of: .mapping)
      case let key: try skip(key, &diagnostics)
      }
    }
    builder.columns.mappings.append(mapping)
    mappingIDs.append(id)
  }
}
