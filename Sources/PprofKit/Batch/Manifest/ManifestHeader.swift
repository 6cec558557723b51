internal import ProfileModel
internal import ProfileReports

/// The first line of a manifest: of which schema it is, and what made it. Entries below it say something of this run only
/// where all of it is the same.
struct ManifestHeader: Hashable {
  static let schema = "pprofconv-manifest/1"
  /// What the schemas of all versions begin with.
  private static let family = "pprofconv-manifest/"

  /// The line, without its end.
  let line: String

  /// What a run of `batch` writes.
  init(_ batch: Batch) {
    line =
      JSONValue.object([
        ("schema", .string(Self.schema)), ("tool", .string("pprofconv " + Release.version)),
        ("options", batch.recipe),
      ]).line
  }

  /// What stands in a file.
  ///
  /// - Throws: where it is no manifest, or one that a newer version wrote.
  init(_ bytes: [UInt8], of path: String) throws(ProfileError) {
    guard let json = JSONValue(parsing: bytes), let schema = json["schema"]?.string, schema.hasPrefix(Self.family)
    else {
      throw ProfileError(
        .malformed, "it is no manifest of pprofconv, and would be replaced", at: .line(1, column: nil, text: nil),
        hint: "name another file for `manifest`, or remove this one", file: path)
    }
    if schema != Self.schema {
      throw ProfileError(
        .unsupported, "its schema is \(schema); this program knows \(Self.schema)",
        at: .line(1, column: nil, text: nil),
        hint: "remove it, and `existing` replaces what is there: everything is converted again", file: path)
    }
    line = String(decoding: bytes, as: UTF8.self)
  }
}

extension Batch {
  /// All that the outputs depend on beside the inputs and the version: options, as they were given.
  var recipe: JSONValue {
    var fields: [(key: String, value: JSONValue)] = [
      ("to", .array(formats.map { .string($0.rawValue) })), ("layout", .string(layout.rawValue)),
      ("name", .string(nameTemplate)), ("from", .optional(inputOptions.format?.rawValue)),
      ("recover", .bool(inputOptions.recovers)), ("hidden_frames", .string(inputOptions.hiddenFrames.rawValue)),
      ("mutex_records", .string(inputOptions.mutexRecords.rawValue)),
      ("group", .optional(outputOptions.grouping?.rawValue)), ("sort", .optional(outputOptions.sort)),
      ("sample_type", .optional(outputOptions.sampleType)),
      ("carry", outputOptions.carry.map(JSONValue.bool) ?? .null), ("strict", .bool(outputOptions.isStrict)),
      ("level", .int(outputOptions.level)), ("members", .bool(outputOptions.members)),
    ]
    if let counted = outputOptions.countedType { fields.append(("counted_type", .string(counted))) }
    // The one format that follows the zone of who looks.
    if formats.contains(where: { $0.rawValue == "raw" }) {
      fields.append(("zone", .optional(System.environment("TZ"))))
    }
    return .object(fields)
  }
}
