import ProfileModel

extension ReportTable {
  /// One document of schema pprofconv-report/1.
  package func json(report: String) -> String {
    JSONValue.object(
      [("schema", .string("pprofconv-report/1")), ("report", .string(report))]
        + facts.map { (key: $0.name, value: $0.value.json) } + [
          ("columns", .array(columns.map(JSONValue.string))),
          (
            "rows",
            .array(
              rows.map { row in
                .object(zip(columns, row).map { (key: $0, value: $1.json) })
              })
          ),
        ]
    ).pretty
  }

  /// RFC 4180 with LF ends: a head, then a line a row. What a spreadsheet would take for a formula has a ' before it.
  package var csv: String {
    ([columns.map(Cell.text)] + rows).map { $0.map(\.csv).joined(separator: ",") + "\n" }.joined()
  }

  /// A table as GitHub and others show it.
  ///
  /// - Parameter isNumber: which columns stand to the right.
  func markdown(_ isNumber: (Int) -> Bool) -> String {
    func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |\n" }
    return line(columns) + line(columns.indices.map { isNumber($0) ? "---:" : "---" })
      + rows.map { line($0.map(\.markdown)) }.joined()
  }

  /// The facts in a line, and the table.
  package var markdown: String {
    if !hidden.isEmpty { return withoutHidden.markdown }
    let told = facts.filter { $0.value != .none }.map { "\($0.name): \($0.value.markdown)" }.joined(separator: ", ")
    return (told.isEmpty ? "" : told + "\n\n")
      + markdown { column in
        !rows.isEmpty
          && rows.allSatisfy {
            if case .text = $0[column] { return false }
            return true
          }
      }
  }
}

extension ReportTable {
  private var withoutHidden: ReportTable {
    let shown = columns.indices.filter { !hidden.contains(columns[$0]) }
    return ReportTable(
      facts: facts, columns: shown.map { columns[$0] }, rows: rows.map { row in shown.map { row[$0] } })
  }
}

extension ReportTable.Label {
  fileprivate var json: JSONValue {
    var fields = [(key: "key", value: JSONValue.string(key))]
    if case .text = value { fields.append(("str", value.json)) } else { fields.append(("num", value.json)) }
    if let unit { fields.append(("unit", .string(unit))) }
    return .object(fields)
  }
}

extension ReportTable.Cell {
  var json: JSONValue {
    switch self {
    case .text(let text): .string(text)
    case .integer(let value): .int(value)
    case .number(let value): .double(value)
    case .labels(let labels): .array(labels.map(\.json))
    case .none: .null
    }
  }

  private var plain: String {
    switch self {
    case .text(let text): text
    case .integer(let value): String(value)
    case .number(let value): "\(value)"
    case .labels(let labels): labels.isEmpty ? "" : JSONValue.array(labels.map(\.json)).line
    case .none: ""
    }
  }

  fileprivate var csv: String {
    var text = plain
    if case .integer = self { return text }
    if case .number = self { return text }
    // What a spreadsheet would compute; a tab or line end before it does not keep it from that.
    if let first = text.unicodeScalars.first, "=+-@\t\r".unicodeScalars.contains(first) { text = "'" + text }
    if !text.unicodeScalars.contains(where: { ",\"\n\r".unicodeScalars.contains($0) }) { return text }
    return "\"" + text.replacingBytes("\"", with: "\"\"") + "\""
  }

  var markdown: String {
    guard case .text(let text) = self else { return plain }
    return MarkdownText.escaped(text)
  }
}
