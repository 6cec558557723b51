import CProfileProto
import CProtobufC

extension ProtobufC {
  /// A field as protoc-c describes it.
  public struct Field: Equatable {
    public var number: UInt64
    public var name: String
    public var isRepeated: Bool
    public var isDelimited: Bool

    public init(number: UInt64, name: String, isRepeated: Bool, isDelimited: Bool) {
      self.number = number
      self.name = name
      self.isRepeated = isRepeated
      self.isDelimited = isDelimited
    }
  }

  /// The fields of each message of profile.proto, by the message's name.
  public static var fields: [String: [Field]] {
    let messages = unsafe [
      "Profile": perftools__profiles__profile__descriptor,
      "ValueType": perftools__profiles__value_type__descriptor,
      "Sample": perftools__profiles__sample__descriptor,
      "Label": perftools__profiles__label__descriptor,
      "Mapping": perftools__profiles__mapping__descriptor,
      "Location": perftools__profiles__location__descriptor,
      "Line": perftools__profiles__line__descriptor,
      "Function": perftools__profiles__function__descriptor,
    ]
    return unsafe messages.mapValues { message in
      unsafe (0..<Int(message.n_fields)).map { i in
        let field = unsafe message.fields[i]
        let type = unsafe field.type
        return unsafe Field(
          number: UInt64(field.id), name: String(cString: field.name),
          isRepeated: field.label == PROTOBUF_C_LABEL_REPEATED,
          isDelimited: type == PROTOBUF_C_TYPE_STRING || type == PROTOBUF_C_TYPE_MESSAGE)
      }
    }
  }
}
