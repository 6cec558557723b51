internal import ProfileAnalysis
public import ProfileModel

/// Writes what `go tool pprof -raw` prints of the profile, character for character: pprof of Go 1.27.3, which drops frames
/// first as the profile asks for.
public struct RawWriter: ProfileWriter {
  public let info = FormatInfo(
    id: FormatID("raw"), extensions: ["raw"], summary: "what `go tool pprof -raw` prints",
    cannotExpress: RawLosses.fields)

  public init() {}

  public func write(_ profile: Profile, to sink: inout ByteSink, options: WriteOptions) throws(ProfileError)
    -> LossReport
  {
    let columns = profile.columns
    let pruning = FramePruning(columns)
    RawHeader.append(columns, options.zone, to: &sink.buffer)
    try Self.writeSamples(columns, pruning, to: &sink)
    try Self.writeLocations(columns, pruning, to: &sink)
    Self.appendMappings(columns, to: &sink.buffer)
    return RawLosses.of(columns, pruning, options.zone)
  }

  private static func writeSamples(_ columns: ProfileColumns, _ pruning: FramePruning, to sink: inout ByteSink)
    throws(ProfileError)
  {
    var labels = RawLabels(columns)
    let types = ShownSampleTypes(columns).shown
    for sample in 0..<columns.sampleCount {
      let first = columns.valueRange(sample).lowerBound
      for type in types {
        sink.buffer.append(UInt8(ascii: " "))
        appendPadded(columns.values[first + type], 10, to: &sink.buffer)
      }
      sink.buffer.append(UInt8(ascii: ":"))
      sink.buffer.append(UInt8(ascii: " "))
      for at in pruning.locations(columns.sampleStacks[sample], columns) {
        Units.append(columns.id(of: columns.stackLocations[at]), to: &sink.buffer)
        sink.buffer.append(UInt8(ascii: " "))
      }
      labels.append(columns.sampleLabels[sample], to: &sink.buffer)
      sink.buffer.append(UInt8(ascii: "\n"))
      try sink.flushIfLarge()
    }
  }

  private static func writeLocations(_ columns: ProfileColumns, _ pruning: FramePruning, to sink: inout ByteSink)
    throws(ProfileError)
  {
    sink.buffer.append("Locations\n")
    for i in columns.locations.indices {
      let index = LocationIndex(i)
      let location = columns.locations[i]
      appendPadded(columns.id(of: index), 6, to: &sink.buffer)
      sink.buffer.append(": 0x")
      sink.buffer.appendHex(location.address)
      sink.buffer.append(UInt8(ascii: " "))
      // Where there are no mappings, pprof makes one up.
      if location.mapping != .none || columns.mappings.isEmpty {
        sink.buffer.append("M=")
        Units.append(columns.mappings.isEmpty ? 1 : columns.id(of: location.mapping), to: &sink.buffer)
        sink.buffer.append(UInt8(ascii: " "))
      }
      if location.isFolded { sink.buffer.append("[F] ") }
      let lines = pruning.lines(index, columns)
      for at in lines {
        if at > lines.lowerBound { sink.buffer.append("\n             ") }
        RawFrame.append(columns.lines[at], columns, to: &sink.buffer)
      }
      sink.buffer.append(UInt8(ascii: "\n"))
      try sink.flushIfLarge()
    }
  }

  private static func appendMappings(_ columns: ProfileColumns, to buffer: inout [UInt8]) {
    buffer.append("Mappings\n")
    if columns.mappings.isEmpty { buffer.append("1: 0x0/0x0/0x0   \n") }
    for i in columns.mappings.indices { append(MappingIndex(i), columns, to: &buffer) }
  }

  static func append(_ index: MappingIndex, _ columns: ProfileColumns, to buffer: inout [UInt8]) {
    let mapping = columns.mappings[index.position]
    Units.append(columns.id(of: index), to: &buffer)
    buffer.append(": 0x")
    buffer.appendHex(mapping.start)
    buffer.append("/0x")
    buffer.appendHex(mapping.limit)
    buffer.append("/0x")
    buffer.appendHex(mapping.offset)
    buffer.append(UInt8(ascii: " "))
    if !losesFile(mapping, columns) { buffer.append(columns.strings[mapping.file]) }
    buffer.append(UInt8(ascii: " "))
    buffer.append(columns.strings[mapping.buildID])
    buffer.append(UInt8(ascii: " "))
    if mapping.hasFunctions { buffer.append("[FN]") }
    if mapping.hasFilenames { buffer.append("[FL]") }
    if mapping.hasLineNumbers { buffer.append("[LN]") }
    if mapping.hasInlineFrames { buffer.append("[IN]") }
    buffer.append(UInt8(ascii: "\n"))
  }

  private static func losesFile(_ mapping: Mapping, _ columns: ProfileColumns) -> Bool {
    columns.strings.isEmpty(mapping.buildID)
      && AbsoluteURL.isOne(Array(columns.strings.bytes[columns.strings.range(mapping.file)]))
  }

  /// Right-aligned in `width` columns, as `%*d`.
  private static func appendPadded(_ value: Int64, _ width: Int, to buffer: inout [UInt8]) {
    pad(value.magnitude, value < 0 ? width - 1 : width, to: &buffer)
    Units.append(value, to: &buffer)
  }

  private static func appendPadded(_ value: UInt64, _ width: Int, to buffer: inout [UInt8]) {
    pad(value, width, to: &buffer)
    Units.append(value, to: &buffer)
  }

  private static func pad(_ value: UInt64, _ width: Int, to buffer: inout [UInt8]) {
    var digits = 1
    var power: UInt64 = 10
    while digits < width, value >= power {
      digits += 1
      power *= 10
    }
    for _ in digits..<max(digits, width) { buffer.append(UInt8(ascii: " ")) }
  }
}
