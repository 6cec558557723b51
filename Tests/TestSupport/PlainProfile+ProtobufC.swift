import CProfileProto
import CProtobufC
import ProfileModel

// protobuf-c's reading of the same bytes, and its writing. Unsafe as C is; the messages live only within these functions.

/// What protobuf-c makes of bytes.
public struct ProtobufC {
  /// Strings in place of indices. An index without its string gives no string, and ``hasBadIndex``.
  public private(set) var profile = PlainProfile()
  public private(set) var hasBadIndex = false
  public private(set) var strings: [[UInt8]] = []
  /// The message as protobuf-c writes it.
  public private(set) var packed: [UInt8] = []

  /// nil where protobuf-c refuses the bytes.
  public init?(_ bytes: [UInt8]) {
    // An empty message is one, but protobuf-c takes no null pointer for it.
    let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: bytes.count + 1)
    unsafe copy.update(repeating: 0, count: bytes.count + 1)
    defer { unsafe copy.deallocate() }
    for i in bytes.indices { unsafe copy[i] = bytes[i] }
    guard let message = unsafe perftools__profiles__profile__unpack(nil, bytes.count, copy) else { return nil }
    defer { unsafe perftools__profiles__profile__free_unpacked(message, nil) }
    let size = unsafe perftools__profiles__profile__get_packed_size(message)
    packed = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      count = unsafe perftools__profiles__profile__pack(message, buffer.baseAddress)
    }
    unsafe read(message)
  }

  private mutating func text(_ index: Int64) -> [UInt8] {
    guard index >= 0, index < strings.count else {
      hasBadIndex = true
      return []
    }
    return strings[Int(index)]
  }

  private func unknown(_ base: ProtobufCMessage) -> [PlainProfile.Unknown] {
    unsafe (0..<Int(base.n_unknown_fields)).map { i in
      let field = unsafe base.unknown_fields[i]
      let content = unsafe Array(UnsafeBufferPointer(start: field.data, count: field.len))
      return unsafe PlainProfile.Unknown(
        number: UInt64(field.tag), type: UInt8(field.wire_type.rawValue), content: content)
    }
  }

  private mutating func type(_ message: Perftools__Profiles__ValueType) -> PlainProfile.ValueType {
    unsafe PlainProfile.ValueType(
      type: text(message.type), unit: text(message.unit), unknown: unknown(message.base))
  }

  private mutating func read(_ pointer: UnsafeMutablePointer<Perftools__Profiles__Profile>) {
    let message = unsafe pointer.pointee
    for i in 0..<(unsafe message.n_string_table) {
      var string: [UInt8] = []
      if var at = unsafe message.string_table[i] {
        while unsafe at.pointee != 0 {
          unsafe string.append(UInt8(bitPattern: at.pointee))
          unsafe at += 1
        }
      }
      strings.append(string)
    }
    for i in 0..<(unsafe message.n_sample_type) {
      if let one = unsafe message.sample_type[i]?.pointee { unsafe profile.sampleTypes.append(type(one)) }
    }
    for i in 0..<(unsafe message.n_mapping) {
      if let one = unsafe message.mapping[i]?.pointee { unsafe profile.mappings.append(mapping(one)) }
    }
    let mappings = Set(profile.mappings.map(\.id))
    for i in 0..<(unsafe message.n_location) {
      guard let one = unsafe message.location[i]?.pointee else { continue }
      var location = unsafe location(one)
      // As google/pprof has it: a mapping that is not there is none.
      if !mappings.contains(location.mapping) { location.mapping = 0 }
      profile.locations.append(location)
    }
    for i in 0..<(unsafe message.n_function) {
      if let one = unsafe message.function[i]?.pointee { unsafe profile.functions.append(function(one)) }
    }
    for i in 0..<(unsafe message.n_sample) {
      if let one = unsafe message.sample[i]?.pointee { unsafe profile.samples.append(sample(one)) }
    }
    unsafe readHeader(message)
  }

  private mutating func readHeader(_ message: Perftools__Profiles__Profile) {
    profile.dropFrames = unsafe text(message.drop_frames)
    profile.keepFrames = unsafe text(message.keep_frames)
    profile.timeNanos = unsafe message.time_nanos
    profile.durationNanos = unsafe message.duration_nanos
    if let one = unsafe message.period_type?.pointee { profile.periodType = unsafe type(one) }
    profile.period = unsafe message.period
    for i in 0..<(unsafe message.n_comment) { unsafe profile.comments.append(text(message.comment[i])) }
    profile.defaultSampleType = unsafe text(message.default_sample_type)
    profile.docURL = unsafe text(message.doc_url)
    profile.unknown = unsafe unknown(message.base)
  }

  private mutating func mapping(_ message: Perftools__Profiles__Mapping) -> PlainProfile.Mapping {
    unsafe PlainProfile.Mapping(
      id: message.id, start: message.memory_start, limit: message.memory_limit, offset: message.file_offset,
      file: text(message.filename), buildID: text(message.build_id),
      has: [
        message.has_functions != 0, message.has_filenames != 0, message.has_line_numbers != 0,
        message.has_inline_frames != 0,
      ], unknown: unknown(message.base))
  }

  private mutating func location(_ message: Perftools__Profiles__Location) -> PlainProfile.Location {
    var location = unsafe PlainProfile.Location(
      id: message.id, mapping: message.mapping_id, address: message.address, isFolded: message.is_folded != 0,
      unknown: unknown(message.base))
    for i in 0..<(unsafe message.n_line) {
      guard let one = unsafe message.line[i]?.pointee else { continue }
      unsafe location.lines.append(
        PlainProfile.Line(
          function: one.function_id, line: one.line, column: one.column, unknown: unknown(one.base)))
    }
    return location
  }

  private mutating func function(_ message: Perftools__Profiles__Function) -> PlainProfile.Function {
    unsafe PlainProfile.Function(
      id: message.id, name: text(message.name), systemName: text(message.system_name), file: text(message.filename),
      startLine: message.start_line, unknown: unknown(message.base))
  }

  private mutating func sample(_ message: Perftools__Profiles__Sample) -> PlainProfile.Sample {
    var sample = unsafe PlainProfile.Sample(unknown: unknown(message.base))
    sample.locations = unsafe Array(UnsafeBufferPointer(start: message.location_id, count: message.n_location_id))
    sample.values = unsafe Array(UnsafeBufferPointer(start: message.value, count: message.n_value))
    for i in 0..<(unsafe message.n_label) {
      guard let one = unsafe message.label[i]?.pointee else { continue }
      // google/pprof does not look at the unit where there is a string.
      let unit = unsafe one.num_unit
      let isLost = unsafe one.str != 0 && (unit < 0 || unit >= strings.count)
      unsafe sample.labels.append(
        PlainProfile.Label(
          key: text(one.key), str: text(one.str), num: one.num, unit: isLost ? [] : text(unit),
          unknown: unknown(one.base)))
    }
    return sample
  }
}
