public import ProfileModel
import ProtobufWire

extension ProfileProto {
  /// Writes a profile as google/pprof does: its order of fields, its packing, its order of strings (see
  /// ``ProfileColumns/keepsStringOrder`` for when not). A file that google/pprof wrote comes back byte for byte. Labels stay in the
  /// order that they have. O(size); takes the memory of what it returns and a few bytes a stack.
  public static func encode(_ profile: Profile) -> [UInt8] {
    let encoder = ProtoEncoder(profile)
    return encoder.encode()
  }
}

/// Writes profile.proto: the samples sized first and stored word by word, the rest, which is small beside them, appended.
struct ProtoEncoder {
  let columns: ProfileColumns
  let order: StringOrder

  init(_ profile: Profile) {
    columns = profile.columns
    order = StringOrder(profile)
  }

  func encode() -> [UInt8] {
    var head = WireWriter()
    for (i, type) in columns.sampleTypes.enumerated() {
      head.message(1) { writer in
        write(type, to: &writer)
        writeUnknown(.sampleType(i), to: &writer)
      }
    }
    let samples = SampleEncoder(columns, order)
    var writer = WireWriter(samples.encode(behind: head.bytes, reserving: tableBytes))
    writeTables(to: &writer)
    writeTail(to: &writer)
    writeUnknown(.profile, to: &writer)
    return writer.bytes
  }

  /// Not less than all but the samples take: the most that each message can have. It is reserved, not touched.
  private var tableBytes: Int {
    var bytes = columns.mappings.count * 90 + columns.locations.count * 42 + columns.lines.count * 36
    bytes += columns.functions.count * 48 + order.strings.count * 7 + columns.strings.bytes.count
    bytes += columns.comments.count * 6 + 128
    for entry in columns.unknownFields.entries { bytes += entry.bytes.count + 16 }
    return bytes
  }

  private func string(_ index: StringIndex) -> UInt64 { order.position(index) }

  private func writeUnknown(_ owner: UnknownFields.Owner, to writer: inout WireWriter) {
    if let fields = columns.unknownFields[owner] { writer.raw(fields) }
  }

  private func write(_ type: ValueType, to writer: inout WireWriter) {
    writer.fieldUnlessZero(1, string(type.type))
    writer.fieldUnlessZero(2, string(type.unit))
  }

  private func writeTables(to writer: inout WireWriter) {
    for (i, mapping) in columns.mappings.enumerated() {
      writer.message(3) { writer in
        writer.fieldUnlessZero(1, columns.id(of: MappingIndex(i)))
        writer.fieldUnlessZero(2, mapping.start)
        writer.fieldUnlessZero(3, mapping.limit)
        writer.fieldUnlessZero(4, mapping.offset)
        writer.fieldUnlessZero(5, string(mapping.file))
        writer.fieldUnlessZero(6, string(mapping.buildID))
        writer.fieldIfTrue(7, mapping.hasFunctions)
        writer.fieldIfTrue(8, mapping.hasFilenames)
        writer.fieldIfTrue(9, mapping.hasLineNumbers)
        writer.fieldIfTrue(10, mapping.hasInlineFrames)
        writeUnknown(.mapping(i), to: &writer)
      }
    }
    for (i, location) in columns.locations.enumerated() {
      writer.message(4) { writer in
        writer.fieldUnlessZero(1, columns.id(of: LocationIndex(i)))
        if location.mapping != .none { writer.fieldUnlessZero(2, columns.id(of: location.mapping)) }
        writer.fieldUnlessZero(3, location.address)
        for line in columns.lineRange(LocationIndex(i)) { writeLine(line, to: &writer) }
        writer.fieldIfTrue(5, location.isFolded)
        writeUnknown(.location(i), to: &writer)
      }
    }
    for (i, function) in columns.functions.enumerated() {
      writer.message(5) { writer in
        writer.fieldUnlessZero(1, columns.id(of: FunctionIndex(i)))
        writer.fieldUnlessZero(2, string(function.name))
        writer.fieldUnlessZero(3, string(function.systemName))
        writer.fieldUnlessZero(4, string(function.file))
        writer.fieldUnlessZero(5, function.startLine)
        writeUnknown(.function(i), to: &writer)
      }
    }
    for index in order.strings { writer.field(6, columns.strings[index]) }
  }

  private func writeLine(_ index: Int, to writer: inout WireWriter) {
    let line = columns.lines[index]
    writer.message(4) { writer in
      writer.fieldUnlessZero(1, columns.id(of: line.function))
      writer.fieldUnlessZero(2, line.line)
      writer.fieldUnlessZero(3, line.column)
      writeUnknown(.line(index), to: &writer)
    }
  }

  private func writeTail(to writer: inout WireWriter) {
    writer.fieldUnlessZero(7, string(columns.dropFrames))
    writer.fieldUnlessZero(8, string(columns.keepFrames))
    writer.fieldUnlessZero(9, columns.timeNanos)
    writer.fieldUnlessZero(10, columns.durationNanos)
    let type = columns.periodType
    let unknown = columns.unknownFields[.periodType]
    if string(type.type) != 0 || string(type.unit) != 0 || unknown != nil {
      writer.message(11) { writer in
        write(type, to: &writer)
        if let unknown { writer.raw(unknown) }
      }
    }
    writer.fieldUnlessZero(12, columns.period)
    if columns.comments.count > 2 {
      writer.message(13) { writer in
        for comment in columns.comments { writer.varint(string(comment)) }
      }
    } else {
      for comment in columns.comments { writer.field(13, string(comment)) }
    }
    // google/pprof writes this one even where it is 0.
    writer.field(14, string(columns.defaultSampleType))
    writer.fieldUnlessZero(15, string(columns.docURL))
  }
}
