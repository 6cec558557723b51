import ProtobufWire

/// What profile.proto has, for code that explains rather than reads: errors that say where.
enum ProtoSchema {
  /// What a field's value means.
  enum Role {
    case number, string, stringIndex, value
    case id(Table)
    case reference(Table)
    case message(Message)
  }

  enum Table { case mapping, location, function }

  enum Message {
    case profile, valueType, sample, label, mapping, location, line, function
  }

  struct Field {
    var name: String
    var role: Role
    var isRepeated = false

    /// Whether the content has a length before it.
    var isDelimited: Bool {
      switch role {
      case .string, .message: true
      default: false
      }
    }
  }

  /// nil where profile.proto has no such field.
  static func field(_ number: UInt64, of message: Message) -> Field? {
    let fields = fields(of: message)
    return number >= 1 && number <= UInt64(fields.count) ? fields[Int(number) - 1] : nil
  }

  /// Whether these are whole fields, none of which profile.proto has: what may stand as unknown in such a message.
  static func areUnknown(_ bytes: [UInt8], in message: Message) -> Bool {
    let known = UInt64(fields(of: message).count)
    var reader = WireReader(bytes.span)
    do throws(WireError) {
      while !reader.isAtEnd {
        let tag = try reader.tag()
        // Number 0, which no protobuf should have, is skipped by google/pprof like all that it does not know.
        if tag.number >= 1, tag.number <= known { return false }
        try reader.skip(tag.type)
      }
      return true
    } catch {
      return false
    }
  }

  private static func fields(of message: Message) -> [Field] {
    switch message {
    case .profile:
      [
        Field(name: "sample_type", role: .message(.valueType), isRepeated: true),
        Field(name: "sample", role: .message(.sample), isRepeated: true),
        Field(name: "mapping", role: .message(.mapping), isRepeated: true),
        Field(name: "location", role: .message(.location), isRepeated: true),
        Field(name: "function", role: .message(.function), isRepeated: true),
        Field(name: "string_table", role: .string, isRepeated: true),
        Field(name: "drop_frames", role: .stringIndex), Field(name: "keep_frames", role: .stringIndex),
        Field(name: "time_nanos", role: .number), Field(name: "duration_nanos", role: .number),
        Field(name: "period_type", role: .message(.valueType)), Field(name: "period", role: .number),
        Field(name: "comment", role: .stringIndex, isRepeated: true),
        Field(name: "default_sample_type", role: .stringIndex), Field(name: "doc_url", role: .stringIndex),
      ]
    case .valueType: [Field(name: "type", role: .stringIndex), Field(name: "unit", role: .stringIndex)]
    case .sample:
      [
        Field(name: "location_id", role: .reference(.location), isRepeated: true),
        Field(name: "value", role: .value, isRepeated: true),
        Field(name: "label", role: .message(.label), isRepeated: true),
      ]
    case .label:
      [
        Field(name: "key", role: .stringIndex), Field(name: "str", role: .stringIndex),
        Field(name: "num", role: .number), Field(name: "num_unit", role: .stringIndex),
      ]
    case .mapping:
      [
        Field(name: "id", role: .id(.mapping)), Field(name: "memory_start", role: .number),
        Field(name: "memory_limit", role: .number), Field(name: "file_offset", role: .number),
        Field(name: "filename", role: .stringIndex), Field(name: "build_id", role: .stringIndex),
        Field(name: "has_functions", role: .number), Field(name: "has_filenames", role: .number),
        Field(name: "has_line_numbers", role: .number), Field(name: "has_inline_frames", role: .number),
      ]
    case .location:
      [
        Field(name: "id", role: .id(.location)), Field(name: "mapping_id", role: .number),
        Field(name: "address", role: .number), Field(name: "line", role: .message(.line), isRepeated: true),
        Field(name: "is_folded", role: .number),
      ]
    case .line:
      [
        Field(name: "function_id", role: .reference(.function)), Field(name: "line", role: .number),
        Field(name: "column", role: .number),
      ]
    case .function:
      [
        Field(name: "id", role: .id(.function)), Field(name: "name", role: .stringIndex),
        Field(name: "system_name", role: .stringIndex), Field(name: "filename", role: .stringIndex),
        Field(name: "start_line", role: .number),
      ]
    }
  }
}
