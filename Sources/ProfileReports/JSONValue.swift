/// JSON as it is written here: keys in the order in which they were put, whole numbers of any size, no escapes but the ones
/// that must be.
package indirect enum JSONValue: Sendable {
  case null
  case bool(Bool)
  case integer(Int128)
  case double(Double)
  case string(String)
  case array([JSONValue])
  case object([(key: String, value: JSONValue)])

  package static func int(_ value: some BinaryInteger) -> JSONValue { .integer(Int128(value)) }

  /// null where there is nothing.
  package static func optional(_ value: String?) -> JSONValue { value.map(JSONValue.string) ?? .null }

  /// On one line.
  package var line: String {
    var text = ""
    append(to: &text, indent: nil)
    return text
  }

  /// Indented by two blanks, with a line end.
  package var pretty: String {
    var text = ""
    append(to: &text, indent: 0)
    return text + "\n"
  }

  private func append(to text: inout String, indent: Int?) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .integer(let value): text += String(value)
    case .double(let value): text += value.isFinite ? "\(value)" : "null"
    case .string(let value): Self.append(quoted: value, to: &text)
    case .array(let values):
      Self.append("[", "]", values.count, to: &text, indent) { values[$0].append(to: &$1, indent: $2) }
    case .object(let fields):
      Self.append("{", "}", fields.count, to: &text, indent) {
        Self.append(quoted: fields[$0].key, to: &$1)
        $1 += $2 == nil ? ":" : ": "
        fields[$0].value.append(to: &$1, indent: $2)
      }
    }
  }

  private static func append(
    _ open: String, _ close: String, _ count: Int, to text: inout String, _ indent: Int?,
    _ item: (Int, inout String, Int?) -> Void
  ) {
    text += open
    let inner = indent.map { $0 + 2 }
    for i in 0..<count {
      if i > 0 { text += "," }
      if let inner { text += "\n" + String(repeating: " ", count: inner) }
      item(i, &text, inner)
    }
    if count > 0, let indent { text += "\n" + String(repeating: " ", count: indent) }
    text += close
  }

  private static func append(quoted string: String, to text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      default:
        if scalar.value < 32 || (127..<160).contains(scalar.value) {
          let digits = String(scalar.value, radix: 16)
          text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        } else {
          text.unicodeScalars.append(scalar)
        }
      }
    }
    text += "\""
  }
}
