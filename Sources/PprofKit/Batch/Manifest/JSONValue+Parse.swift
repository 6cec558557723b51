internal import ProfileReports

extension JSONValue {
  /// One value of JSON (RFC 8259) that was written on a line; nil where it is none. Keys stay in their order, whole numbers
  /// whole.
  init?(parsing bytes: [UInt8]) {
    var parser = Parser(bytes: bytes)
    guard let value = parser.value(depth: 0), parser.isAtEnd else { return nil }
    self = value
  }

  /// The value of a key of an object.
  subscript(_ key: String) -> JSONValue? {
    guard case .object(let fields) = self else { return nil }
    return fields.first { $0.key == key }?.value
  }

  var string: String? { if case .string(let value) = self { value } else { nil } }
  var integer: Int128? { if case .integer(let value) = self { value } else { nil } }
  var int: Int? { integer.flatMap { Int(exactly: $0) } }
  var array: [JSONValue]? { if case .array(let values) = self { values } else { nil } }
  var bool: Bool? { if case .bool(let value) = self { value } else { nil } }

  var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .double(let value): value
    default: nil
    }
  }
}

private struct Parser {
  let bytes: [UInt8]
  var at = 0

  /// Deeper than anything that we write, and not so deep that it would exhaust the stack.
  private let maxDepth = 32

  init(bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool {
    mutating get { peek() == nil }
  }

  private mutating func peek() -> UInt8? {
    while at < bytes.count {
      switch bytes[at] {
      case 0x20, 0x09, 0x0a, 0x0d: at += 1
      default: return bytes[at]
      }
    }
    return nil
  }

  private mutating func take(_ byte: Unicode.Scalar) -> Bool {
    guard peek() == UInt8(ascii: byte) else { return false }
    at += 1
    return true
  }

  private mutating func word(_ text: String, _ value: JSONValue) -> JSONValue? {
    guard bytes[at...].starts(with: text.utf8) else { return nil }
    at += text.utf8.count
    return value
  }

  mutating func value(depth: Int) -> JSONValue? {
    guard depth < maxDepth, let byte = peek() else { return nil }
    switch byte {
    case UInt8(ascii: "n"): return word("null", .null)
    case UInt8(ascii: "t"): return word("true", .bool(true))
    case UInt8(ascii: "f"): return word("false", .bool(false))
    case UInt8(ascii: "\""): return string().map(JSONValue.string)
    case UInt8(ascii: "["): return array(depth)
    case UInt8(ascii: "{"): return object(depth)
    default: return number()
    }
  }

  private mutating func array(_ depth: Int) -> JSONValue? {
    at += 1
    var values: [JSONValue] = []
    if take("]") { return .array(values) }
    while let next = value(depth: depth + 1) {
      values.append(next)
      if take("]") { return .array(values) }
      if !take(",") { return nil }
    }
    return nil
  }

  private mutating func object(_ depth: Int) -> JSONValue? {
    at += 1
    var fields: [(key: String, value: JSONValue)] = []
    if take("}") { return .object(fields) }
    while peek() == UInt8(ascii: "\""), let key = string(), take(":"), let next = value(depth: depth + 1) {
      fields.append((key, next))
      if take("}") { return .object(fields) }
      if !take(",") { return nil }
    }
    return nil
  }

  private mutating func number() -> JSONValue? {
    let start = at
    while at < bytes.count, "+-.0123456789eE".utf8.contains(bytes[at]) { at += 1 }
    let text = String(decoding: bytes[start..<at], as: UTF8.self)
    let digits = text.drop { $0 == "-" }
    guard text.count - digits.count <= 1, let first = digits.utf8.first, first >= 0x30, first <= 0x39,
      first != 0x30 || !(digits.utf8.dropFirst().first.map { $0 >= 0x30 && $0 <= 0x39 } ?? false)
    else { return nil }
    if let integer = Int128(text) { return .integer(integer) }
    return Double(text).flatMap { $0.isFinite ? .double($0) : nil }
  }

  private mutating func string() -> String? {
    at += 1
    var text: [UInt8] = []
    while at < bytes.count {
      let byte = bytes[at]
      at += 1
      switch byte {
      case UInt8(ascii: "\""): return String(validating: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        guard let scalar = escape() else { return nil }
        text += UTF8.encode(scalar).map(Array.init) ?? []
      case 0..<0x20: return nil
      default: text.append(byte)
      }
    }
    return nil
  }

  private mutating func escape() -> Unicode.Scalar? {
    guard at < bytes.count else { return nil }
    let byte = bytes[at]
    at += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      guard let high = unit() else { return nil }
      if high & 0xfc00 != 0xd800 { return Unicode.Scalar(high) }
      guard bytes[at...].starts(with: [0x5c, 0x75]) else { return nil }
      at += 2
      guard let low = unit(), low & 0xfc00 == 0xdc00 else { return nil }
      return Unicode.Scalar(0x10000 + (high & 0x3ff) << 10 + low & 0x3ff)
    default: return nil
    }
  }

  private mutating func unit() -> UInt32? {
    let digits = bytes[at...].prefix(4)
    guard digits.count == 4, digits.allSatisfy({ Unicode.Scalar($0).properties.isASCIIHexDigit }) else { return nil }
    at += 4
    return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
  }
}
