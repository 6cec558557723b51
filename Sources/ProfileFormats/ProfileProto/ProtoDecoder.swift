import ProfileModel
import ProtobufWire

/// Reads profile.proto in two passes, as fields come in any order and everything is referred to before it is known: the
/// first reads all but the samples, and counts those; the second reads the samples.
///
/// What is no protobuf throws. What is no profile (an id that is not there, a value too many) only sets ``isInvalid``: the
/// caller then looks for the place with ``ProtoFault``, at leisure.
struct ProtoDecoder {
  var columns = ProfileColumns()
  var isInvalid = false
  /// Where a second time_nanos begins: two profiles were glued together.
  var secondTime: Int?

  var sampleCount = 0
  /// Where the first sample's tag stands.
  var firstSample = 0
  /// Bytes of all samples' contents.
  var sampleBytes = 0

  var mappingIDs = IDColumn()
  var locationIDs = IDColumn()
  var functionIDs = IDColumn()
  /// As on the wire, until the tables are complete. One a location, one a line.
  var locationMappings: [UInt64] = []
  var lineFunctions: [UInt64] = []
  var hasStrings = false

  var unknown = PendingUnknown()
  /// Locations whose mapping is not there.
  var orphans: [Int] = []

  /// Pass 1.
  mutating func readTables(_ bytes: Span<UInt8>) throws(WireError) {
    var reader = WireReader(bytes)
    while !reader.isAtEnd {
      let start = reader.offset
      let tag = try reader.tag()
      switch tag.rawValue {
      case 0x12:  // sample
        if sampleCount == 0 { firstSample = start }
        sampleCount &+= 1
        sampleBytes &+= try reader.delimited().count
      case 0x22: try readLocation(try reader.message())
      case 0x2a: try readFunction(try reader.message())
      case 0x32: readString(bytes, try reader.delimited())
      default: try readHeader(tag, from: start, &reader)
      }
    }
  }

  private mutating func readString(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    if !hasStrings {
      // The model's table has its empty string from the start.
      hasStrings = true
      if !range.isEmpty { isInvalid = true }
    } else {
      columns.strings.append(bytes.extracting(range))
    }
  }

  /// Everything of the profile that comes once or a few times.
  private mutating func readHeader(_ tag: FieldTag, from start: Int, _ reader: inout WireReader) throws(WireError) {
    switch tag.rawValue {
    case 0x0a:
      let type = try readValueType(try reader.message(), .sampleType, columns.sampleTypes.count)
      columns.sampleTypes.append(type)
    case 0x1a: try readMapping(try reader.message())
    case 0x38: columns.dropFrames = try readStringIndex(&reader)
    case 0x40: columns.keepFrames = try readStringIndex(&reader)
    case 0x48:
      // google/pprof takes any time behind one that is not 0 for the beginning of a second profile.
      if columns.timeNanos != 0, secondTime == nil { secondTime = start }
      columns.timeNanos = try reader.signed()
    case 0x50: columns.durationNanos = try reader.signed()
    case 0x5a:
      // The last one replaces the others, as in google/pprof; protobuf would merge them.
      unknown.removeAll(.periodType)
      columns.periodType = try readValueType(try reader.message(), .periodType, 0)
    case 0x60: columns.period = try reader.signed()
    case 0x68: columns.comments.append(try readStringIndex(&reader))
    case 0x6a:
      var run = try reader.message()
      while !run.isAtEnd { columns.comments.append(try readStringIndex(&run)) }
    case 0x70: columns.defaultSampleType = try readStringIndex(&reader)
    case 0x78: columns.docURL = try readStringIndex(&reader)
    default: try readUnknown(tag, from: start, known: 15, .profile, 0, &reader)
    }
  }

  private mutating func readValueType(_ message: WireReader, _ kind: PendingUnknown.Kind, _ owner: Int)
    throws(WireError)
    -> ValueType
  {
    var reader = message
    var type = ValueType()
    while !reader.isAtEnd {
      let start = reader.offset
      let tag = try reader.tag()
      switch tag.rawValue {
      case 0x08: type.type = try readStringIndex(&reader)
      case 0x10: type.unit = try readStringIndex(&reader)
      default: try readUnknown(tag, from: start, known: 2, kind, owner, &reader)
      }
    }
    return type
  }

  private mutating func readMapping(_ message: WireReader) throws(WireError) {
    var reader = message
    var id: UInt64 = 0
    var mapping = Mapping()
    while !reader.isAtEnd {
      let start = reader.offset
      let tag = try reader.tag()
      switch tag.rawValue {
      case 0x08: id = try reader.varint()
      case 0x10: mapping.start = try reader.varint()
      case 0x18: mapping.limit = try reader.varint()
      case 0x20: mapping.offset = try reader.varint()
      case 0x28: mapping.file = try readStringIndex(&reader)
      case 0x30: mapping.buildID = try readStringIndex(&reader)
      case 0x38: mapping.hasFunctions = try reader.bool()
      case 0x40: mapping.hasFilenames = try reader.bool()
      case 0x48: mapping.hasLineNumbers = try reader.bool()
      case 0x50: mapping.hasInlineFrames = try reader.bool()
      default: try readUnknown(tag, from: start, known: 10, .mapping, columns.mappings.count, &reader)
      }
    }
    mappingIDs.append(id)
    columns.mappings.append(mapping)
  }

  private mutating func readLocation(_ message: WireReader) throws(WireError) {
    var reader = message
    var id: UInt64 = 0
    var mapping: UInt64 = 0
    var location = Location()
    while !reader.isAtEnd {
      let start = reader.offset
      let tag = try reader.tag()
      switch tag.rawValue {
      case 0x08: id = try reader.varint()
      case 0x10: mapping = try reader.varint()
      case 0x18: location.address = try reader.varint()
      case 0x22: try readLine(try reader.message())
      case 0x28: location.isFolded = try reader.bool()
      default: try readUnknown(tag, from: start, known: 5, .location, columns.locations.count, &reader)
      }
    }
    locationIDs.append(id)
    locationMappings.append(mapping)
    columns.locations.append(location)
    columns.lineOffsets.append(columns.lines.count)
  }

  private mutating func readLine(_ message: WireReader) throws(WireError) {
    var reader = message
    var function: UInt64 = 0
    var line = Line(function: .none)
    while !reader.isAtEnd {
      let start = reader.offset
      let tag = try reader.tag()
      switch tag.rawValue {
      case 0x08: function = try reader.varint()
      case 0x10: line.line = try reader.signed()
      case 0x18: line.column = try reader.signed()
      default: try readUnknown(tag, from: start, known: 3, .line, columns.lines.count, &reader)
      }
    }
    lineFunctions.append(function)
    columns.lines.append(line)
  }

  private mutating func readFunction(_ message: WireReader) throws(WireError) {
    var reader = message
    var id: UInt64 = 0
    var function = Function(name: .empty)
    while !reader.isAtEnd {
      let start = reader.offset
      let tag = try reader.tag()
      switch tag.rawValue {
      case 0x08: id = try reader.varint()
      case 0x10: function.name = try readStringIndex(&reader)
      case 0x18: function.systemName = try readStringIndex(&reader)
      case 0x20: function.file = try readStringIndex(&reader)
      case 0x28: function.startLine = try reader.signed()
      default: try readUnknown(tag, from: start, known: 5, .function, columns.functions.count, &reader)
      }
    }
    functionIDs.append(id)
    columns.functions.append(function)
  }

  /// An index into a table that is not read yet. What can be in no table becomes ``TableIndex/none``, which no table has.
  @inline(__always)
  func readStringIndex(_ reader: inout WireReader) throws(WireError) -> StringIndex {
    StringIndex(rawValue: UInt32(clamping: try reader.varint()))
  }

  /// Notes a field that profile.proto does not have. A known number arrives here only in a wire type that it cannot have.
  mutating func readUnknown(
    _ tag: FieldTag, from start: Int, known: UInt64, _ kind: PendingUnknown.Kind, _ owner: Int,
    _ reader: inout WireReader
  ) throws(WireError) {
    if tag.number >= 1, tag.number <= known { throw WireError(.typeMismatch, at: start) }
    try reader.skip(tag.type)
    unknown.append(start..<reader.offset, to: kind, owner)
  }
}
