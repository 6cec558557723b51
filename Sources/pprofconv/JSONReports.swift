internal import PprofKit

/// What `--json` prints. Each document names its schema, which changes its number when a key changes its meaning.
enum JSONReports {
  static func error(_ error: ProfileError, status: Int32) -> String {
    JSONValue.object([("schema", .string("pprofconv-error/1")), ("error", value(of: error, status: status))]).line
  }

  static func value(of error: ProfileError, status: Int32) -> JSONValue {
    .object(
      [("code", .string(error.code.rawValue)), ("message", .string(error.message)), ("file", .optional(error.file))]
        + fields(of: error.place) + [
          ("path", .optional(error.path)), ("hint", .optional(error.namingFlags.hint)), ("exit_code", .int(status)),
        ])
  }

  static func warning(_ message: String, kind: String, file: String, place: ProfileError.Place) -> String {
    JSONValue.object([
      ("schema", .string("pprofconv-warning/1")),
      (
        "warning",
        .object([("kind", .string(kind)), ("message", .string(message)), ("file", .string(file))] + fields(of: place))
      ),
    ]).line
  }

  private static func fields(of place: ProfileError.Place) -> [(key: String, value: JSONValue)] {
    switch place {
    case .none: []
    case .byte(let offset): [("byte", .int(offset))]
    case .line(let line, let column, _): [("line", .int(line)), ("column", column.map { .int($0) } ?? .null)]
    case .text(let text, let column): [("text", .string(text)), ("column", .int(column))]
    }
  }

  static func info(_ files: [JSONValue]) -> String {
    JSONValue.object([("schema", .string("pprofconv-info/1")), ("files", .array(files))]).pretty
  }

  static func formats(_ formats: [(info: FormatInfo, reads: Bool, writes: Bool)]) -> String {
    let list = formats.map { format -> JSONValue in
      .object([
        ("id", .string(format.info.id.rawValue)), ("aliases", .array(format.info.aliases.map(JSONValue.string))),
        ("reads", .bool(format.reads)), ("writes", .bool(format.writes)),
        ("extensions", .array(format.info.extensions.map(JSONValue.string))),
        ("summary", .string(format.info.summary)), ("binary", .bool(format.info.isBinary)),
        ("cannot_express", .array(format.info.cannotExpress.map(JSONValue.string))),
      ])
    }
    return JSONValue.object([("schema", .string("pprofconv-formats/1")), ("formats", .array(list))]).pretty
  }
}
