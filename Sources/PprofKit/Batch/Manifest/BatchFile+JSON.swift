internal import ProfileFormats
internal import ProfileModel
internal import ProfileReports

/// A line of a manifest; `batch.schema.json` explains each key.
extension BatchFile {
  /// - Parameters:
  ///   - folder: what the outputs' paths begin with, which is left out: a tree and its manifest may be moved.
  ///   - wording: puts options into the words of who asked.
  package func json(below folder: String, wording: (String) -> String = { $0 }) -> JSONValue {
    var fields: [(key: String, value: JSONValue)] = [
      ("path", .string(path)), ("status", .string(statusWord)), ("format", .optional(format?.id.rawValue)),
      ("kind", .optional(kind)), ("sha256", .optional(sha256)), ("size", .int(size)), ("samples", .int(sampleCount)),
      (
        "totals",
        .array(
          totals.map {
            .object([("type", .string($0.type)), ("unit", .string($0.unit)), ("total", .int($0.value))])
          })
      ),
      ("outputs", .array(outputs.map { $0.json(below: folder, wording) })),
      ("warnings", .array(diagnostics.json(wording))),
    ]
    switch status {
    case .failed(let error): fields.append(("error", error.json(wording)))
    case .skipped(.noProfile(let error)): fields.append(("skipped", .string(wording(error.message))))
    case .skipped(.outputExists): fields.append(("skipped", .string("its outputs are there")))
    default: break
    }
    // Last, so that it is easily cut off: all else depends on the inputs and the options alone.
    fields.append(("seconds", .double((seconds * 1e6).rounded() / 1e6)))
    return .object(fields)
  }

  /// What the outputs are, whether this run or an earlier one has written them.
  package var statusWord: String {
    switch status {
    case .converted, .current: "converted"
    case .stale: "stale"
    case .skipped: "skipped"
    case .failed: "failed"
    case .notRun: "not-run"
    }
  }

  /// Of one sort, in what a file's line says. There are fewer kinds of them, and each is compared to all others.
  fileprivate static let mostRemarks = 1000

  /// A file that was converted, as its line in a manifest says; nil where the line says anything else, or is damaged.
  init?(converted json: JSONValue, below folder: String) {
    guard json["status"]?.string == "converted", let path = json["path"]?.string, let seconds = json["seconds"]?.number,
      let format = json["format"]?.string.flatMap(FormatInfo.init(id:)), let kind = json["kind"]?.string,
      let sha256 = json["sha256"]?.string, let size = json["size"]?.int, let samples = json["samples"]?.int,
      let totals = json["totals"]?.array, let outputs = json["outputs"]?.array, let warnings = json["warnings"]?.array,
      size >= 0, samples >= 0
    else { return nil }
    self.init(path, .current)
    self.format = format
    self.kind = kind
    self.sha256 = sha256
    self.size = size
    sampleCount = samples
    self.seconds = seconds
    for total in totals {
      guard let total = Total(total) else { return nil }
      self.totals.append(total)
    }
    for output in outputs {
      guard let output = Output(output, below: folder) else { return nil }
      self.outputs.append(output)
    }
    guard warnings.count <= Self.mostRemarks, let diagnostics = Diagnostics(warnings) else { return nil }
    self.diagnostics = diagnostics
  }
}

extension BatchFile.Total {
  fileprivate init?(_ json: JSONValue) {
    guard let type = json["type"]?.string, let unit = json["unit"]?.string, let total = json["total"]?.integer else {
      return nil
    }
    self.init(type: type, unit: unit, value: total)
  }
}

extension BatchFile.Output {
  fileprivate func json(below folder: String, _ wording: (String) -> String) -> JSONValue {
    .object([
      ("path", .string(Self.below(folder, path))),
      ("format", .string(format.id.rawValue)), ("sha256", .optional(sha256)), ("size", .int(bytes)),
      ("samples", .int(sampleCount)),
      (
        "losses",
        .array(
          losses.entries.map {
            .object([
              ("field", .string($0.field)), ("count", .int($0.count)), ("total", .int($0.total)),
              ("reason", .string(wording($0.reason))),
            ])
          })
      ),
      ("notes", .array((losses.notes).map { .string(wording($0)) })),
      ("grouping", .array(messages.map { .string(wording($0)) })),
    ])
  }

  static func below(_ folder: String, _ path: String) -> String {
    PathParts.dropping(start(folder), from: path) ?? path
  }

  static func start(_ folder: String) -> String {
    folder.utf8.last == UInt8(ascii: "/") ? folder : folder + "/"
  }

  init?(_ json: JSONValue, below folder: String) {
    guard let path = json["path"]?.string, let format = json["format"]?.string.flatMap(FormatInfo.init(id:)),
      let sha256 = json["sha256"]?.string, let size = json["size"]?.int, let samples = json["samples"]?.int,
      let losses = json["losses"]?.array, let notes = json["notes"]?.array, let grouping = json["grouping"]?.array,
      size >= 0, samples >= 0, max(losses.count, notes.count) <= BatchFile.mostRemarks
    else { return nil }
    self.init(path: Self.start(folder) + path, format: format)
    self.sha256 = sha256
    bytes = size
    sampleCount = samples
    for loss in losses {
      guard let field = loss["field"]?.string, let count = loss["count"]?.int, let total = loss["total"]?.int,
        let reason = loss["reason"]?.string, count >= 0, total >= 0,
        !self.losses.entries.contains(where: { $0.field == field })
      else { return nil }
      self.losses.add(field, count: count, of: total, reason: reason)
    }
    for note in notes {
      guard let text = note.string else { return nil }
      self.losses.note(text)
    }
    for message in grouping {
      guard let text = message.string else { return nil }
      messages.append(text)
    }
  }
}

extension Diagnostics {
  /// Of each kind one, with how often it came.
  fileprivate func json(_ wording: (String) -> String) -> [JSONValue] {
    counts.compactMap { kind, count in
      guard let first = items.first(where: { $0.kind == kind }) else { return nil }
      return .object(
        [("kind", .string(kind)), ("message", .string(wording(first.message)))] + first.place.json
          + [("count", .int(count))])
    }
  }

  fileprivate init?(_ json: [JSONValue]) {
    var found: [(first: Diagnostic, count: Int)] = []
    for warning in json {
      guard let kind = warning["kind"]?.string, let message = warning["message"]?.string,
        let count = warning["count"]?.int, count > 0
      else { return nil }
      found.append((Diagnostic(kind: kind, message, at: ProfileError.Place(warning)), count))
    }
    self.init(found)
  }
}

extension ProfileError.Place {
  fileprivate var json: [(key: String, value: JSONValue)] {
    switch self {
    // Something that was asked for is in no file.
    case .none, .text: []
    case .byte(let offset): [("byte", .int(offset))]
    case .line(let line, let column, _): [("line", .int(line))] + (column.map { [("column", .int($0))] } ?? [])
    }
  }

  fileprivate init(_ json: JSONValue) {
    if let offset = json["byte"]?.int {
      self = .byte(offset)
    } else if let line = json["line"]?.int {
      self = .line(line, column: json["column"]?.int, text: nil)
    } else {
      self = .none
    }
  }
}

extension ProfileError {
  fileprivate func json(_ wording: (String) -> String) -> JSONValue {
    .object(
      [("code", .string(code.rawValue)), ("message", .string(wording(message)))] + place.json
        + [("path", .optional(path)), ("hint", .optional(hint.map(wording)))])
  }
}

extension FormatInfo {
  /// The format that the catalogue has under an id.
  init?(id: String) {
    guard let found = Catalogue.formats.first(where: { $0.info.id.rawValue == id }) else { return nil }
    self = found.info
  }
}
