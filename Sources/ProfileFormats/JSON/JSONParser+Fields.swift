import ProfileModel

extension JSONParser {
  var key: String { String(decoding: scanner.token, as: UTF8.self) }

  mutating func skip(_ key: String, _ diagnostics: inout Diagnostics) throws(ProfileError) {
    diagnostics.addLoss(
      kind: "unknown-member", "“\(key)” is no member of the schema and is left out", at: scanner.place)
    try scanner.skip()
  }

  /// A string, or `{"index": 3}`: a position in `strings`, which must stand before.
  mutating func string() throws(ProfileError) -> StringIndex {
    if try scanner.peek() != UInt8(ascii: "{") {
      try scanner.string()
      let token = scanner.token
      return builder.string(token.span)
    }
    let start = scanner.mark
    var index: UInt32?
    try scanner.beginObject()
    while try scanner.nextKey() {
      if key != "index" {
        throw ProfileError(.malformed, "expected a string or {\"index\": N}", at: scanner.place(start))
      }
      index = try self.index()
    }
    guard let index, hasStrings, index < builder.columns.strings.count else {
      throw ProfileError(.invalid, "no such entry in “strings”, which must stand before", at: scanner.place(start))
    }
    return StringIndex(rawValue: index)
  }

  /// The whole string table in its order, which unknown fields may need.
  mutating func readStrings() throws(ProfileError) {
    let start = scanner.mark
    if builder.columns.strings.count > 1 {
      throw ProfileError(.malformed, "“strings” must stand before all that names a string", at: scanner.place(start))
    }
    var table = StringTable()
    var isFirst = true
    try scanner.beginArray()
    while try scanner.nextElement() {
      try scanner.string()
      if isFirst {
        if !scanner.token.isEmpty {
          throw ProfileError(.invalid, "the first string is not empty", at: scanner.place(start))
        }
      } else {
        table.append(scanner.token)
      }
      isFirst = false
      if table.count >= Int(UInt32.max) - 1 { throw ProfileError(.limit, "too many strings", at: scanner.place(start)) }
    }
    builder.begin(with: table)
    hasStrings = true
  }

  /// A position in a table.
  mutating func index() throws(ProfileError) -> UInt32 {
    _ = try scanner.peek()
    let start = scanner.mark
    guard let index = UInt32(exactly: try scanner.integer()), index < .max - 1 else {
      throw ProfileError(.invalid, "no position in a table", at: scanner.place(start))
    }
    return index
  }

  mutating func id() throws(ProfileError) -> UInt64 { try number() }

  /// A number of 64 bits without a sign: in a string, decimal or `0x…`, since numbers of JSON end at 2^53 for many readers.
  /// A plain number is taken too.
  mutating func number() throws(ProfileError) -> UInt64 {
    let first = try scanner.peek()
    let start = scanner.mark
    var value: UInt64?
    if first == UInt8(ascii: "\"") {
      try scanner.string()
      let token = scanner.token.span
      value =
        TextBytes.has("0x", token, at: 0)
        ? TextBytes.hexadecimal(token, 2..<token.count) : TextBytes.unsigned(token, 0..<token.count)
    } else {
      value = UInt64(exactly: try scanner.integer())
    }
    guard let value else {
      throw ProfileError(.malformed, "not a number of 64 bits (\"0x1f\" or \"31\")", at: scanner.place(start))
    }
    return value
  }

  /// Fields that this program has no name for: whole ones, and none of those that it does have a name for.
  mutating func unknownFields(of message: ProtoSchema.Message) throws(ProfileError) -> [UInt8] {
    _ = try scanner.peek()
    let start = scanner.mark
    try scanner.string()
    guard let bytes = JSONText.bytes(ofBase64: scanner.token) else {
      throw ProfileError(.malformed, "not base64", at: scanner.place(start))
    }
    guard ProtoSchema.areUnknown(bytes, in: message) else {
      throw ProfileError(
        .invalid, "not whole fields of a protobuf that have no name in profile.proto", at: scanner.place(start))
    }
    return bytes
  }

  mutating func readUnknown(_ owner: UnknownFields.Owner, of message: ProtoSchema.Message) throws(ProfileError) {
    let bytes = try unknownFields(of: message)
    if !bytes.isEmpty { builder.columns.unknownFields.append(bytes, to: owner) }
  }
}
