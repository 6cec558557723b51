public import ProfileModel
import ProtobufWire

/// google/pprof's profile.proto, not compressed.
public enum ProfileProto {
  /// Reads a profile. Takes what google/pprof takes: fields in any order, packed or not, fields that it does not know
  /// (kept, and written back by ``encode(_:)``), any ids. O(size): once over the tables, once over the samples.
  ///
  /// - Throws: ``ProfileError`` with the byte and the path of what is wrong: `malformed` or `truncated` where the bytes are no
  ///   protobuf, `invalid` where they are no profile, `limit` where a table would need more than 32 bits.
  public static func decode(_ bytes: consuming [UInt8], diagnostics: inout Diagnostics) throws(ProfileError) -> Profile
  {
    try decode(bytes.span, diagnostics: &diagnostics)
  }

  /// Reads a profile from bytes that the caller keeps.
  public static func decode(_ bytes: Span<UInt8>, diagnostics: inout Diagnostics) throws(ProfileError) -> Profile {
    if bytes.isEmpty { throw ProfileError(.empty, "there is nothing to read") }
    var tables = ProtoDecoder()
    try explaining(bytes) { () throws(WireError) in try tables.readTables(bytes) }
    if let second = tables.secondTime { throw concatenated(at: second) }
    if tables.isInvalid || !tables.hasStrings { throw ProtoFault.find(bytes) }
    try tables.checkLimits()

    var samples = SampleDecoder(tables)
    try explaining(bytes) { () throws(WireError) in
      try samples.readSamples(bytes, from: tables.firstSample)
    }
    if samples.isInvalid { throw ProtoFault.find(bytes) }
    tables.resolve(&samples, bytes)
    do throws(ProfileError) {
      let profile = try Profile(tables.columns)
      tables.report(samples, bytes, to: &diagnostics)
      return profile
    } catch {
      throw ProtoFault.find(bytes)
    }
  }

  /// Runs a step that knows bytes only and puts its error into the profile's terms.
  private static func explaining(_ bytes: Span<UInt8>, _ step: () throws(WireError) -> Void) throws(ProfileError) {
    do throws(WireError) {
      try step()
    } catch {
      throw explain(error, bytes)
    }
  }

  static func explain(_ error: WireError, _ bytes: Span<UInt8>) -> ProfileError {
    let path = ProtoFault.path(to: error.offset, in: bytes)
    let isAtTop = path.map { !$0.contains(".") } ?? true
    let (code, message): (ProfileError.Code, String) =
      switch error.kind {
      case .truncated where isAtTop, .lengthPastEnd where isAtTop: (.truncated, "the protobuf ends within a field")
      case .truncated: (.malformed, "the field runs past the end of its message")
      case .lengthPastEnd: (.malformed, "the length runs past the end of the message")
      case .overlongVarint: (.malformed, "a varint of more than ten bytes")
      case .wireType: (.malformed, "a wire type that does not exist, or is a group")
      case .typeMismatch: (.malformed, "the field has the wrong wire type")
      }
    return ProfileError(code, message, at: .byte(error.offset), path: path)
  }

  private static func concatenated(at offset: Int) -> ProfileError {
    ProfileError(
      .malformed, "a second profile begins here: two files were joined into one", at: .byte(offset), path: "time_nanos",
      hint: "convert them one by one, or make one of the files with `pprofconv merge`")
  }
}

extension ProtoDecoder {
  /// Indices have 32 bits.
  func checkLimits() throws(ProfileError) {
    let tables = [
      ("sample", sampleCount), ("mapping", columns.mappings.count), ("location", columns.locations.count),
      ("line", columns.lines.count), ("function", columns.functions.count), ("string_table", columns.strings.count),
    ]
    for (name, count) in tables where count >= Int(UInt32.max) - 1 {
      throw ProfileError(.limit, "\(count) entries are more than a table can hold", path: name)
    }
  }

  /// Puts positions in place of ids and the samples into the columns.
  mutating func resolve(_ samples: inout SampleDecoder, _ bytes: Span<UInt8>) {
    let mappings = mappingIDs.lookup()
    for (i, id) in locationMappings.enumerated() where id != 0 {
      let position = mappings.position(id)
      columns.locations[i].mapping = MappingIndex(rawValue: position)
      if position == .max { orphans.append(i) }
    }
    locationMappings = []
    let functions = functionIDs.lookup()
    for (i, id) in lineFunctions.enumerated() {
      columns.lines[i].function = FunctionIndex(rawValue: functions.position(id))
    }
    lineFunctions = []
    columns.mappingIDs = mappingIDs.ids
    columns.locationIDs = locationIDs.ids
    columns.functionIDs = functionIDs.ids
    columns.unknownFields = samples.unknown.collect(from: bytes)
    samples.give(to: &columns)
  }

  func report(_ samples: borrowing SampleDecoder, _ bytes: Span<UInt8>, to diagnostics: inout Diagnostics) {
    for (i, location) in orphans.enumerated() {
      let offset = i < 3 ? ProtoFault.offset(ofLocation: location, in: bytes) : 0
      diagnostics.addLoss(
        kind: "unknown-mapping", "location[\(location)] names a mapping that is not there, and now has none",
        at: .byte(offset))
    }
    for _ in 0..<samples.badUnits {
      diagnostics.addLoss(kind: "unknown-unit", "a label has a string and, in no table, a unit: the unit is dropped")
    }
  }
}
