import ProfileModel
import ProtobufWire

/// Finds what is wrong with a profile and where: byte and path. Walks the whole input once more, slowly, so that the reader
/// need not carry along what only an error wants to know.
struct ProtoFault: ~Escapable {
  private let bytes: Span<UInt8>
  private var stringCount = 0
  private var endsInStrings = false
  private var typeCount = 0
  private var locations: Set<UInt64> = []
  private var functions: Set<UInt64> = []
  /// Ids that the walk has come by, for telling the second of two.
  private var seen: [Set<UInt64>] = [[], [], []]
  private var error: ProfileError?

  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>) { self.bytes = bytes }

  /// The first thing, in the order of the bytes, that google/pprof's CheckValid would reject.
  static func find(_ bytes: Span<UInt8>) -> ProfileError {
    var fault = ProtoFault(bytes)
    fault.survey()
    if fault.stringCount == 0 {
      return ProfileError(
        .invalid, "there is no string table; its first entry must be \"\"", at: .byte(bytes.count),
        path: "string_table",
        hint: cutShort)
    }
    fault.walk(0..<bytes.count, .profile, "")
    return fault.error ?? ProfileError(.invalid, "no valid profile")
  }

  /// What stands at `offset`, in profile.proto's terms; nil at the top.
  static func path(to offset: Int, in bytes: Span<UInt8>) -> String? {
    let path = ProtoFault(bytes).path(to: offset, 0..<bytes.count, .profile)
    return path.isEmpty ? nil : path
  }

  /// Where the `index`th location begins.
  static func offset(ofLocation index: Int, in bytes: Span<UInt8>) -> Int {
    var reader = WireReader(bytes)
    var left = index
    while !reader.isAtEnd {
      let start = reader.offset
      guard let tag = try? reader.tag(), (try? reader.skip(tag.type)) != nil else { break }
      if tag.rawValue == 0x22 {
        if left == 0 { return start }
        left -= 1
      }
    }
    return 0
  }

  private static let cutShort = "most files have the string table last: this one may be cut short"

  /// Counts what is referred to.
  private mutating func survey() {
    var reader = WireReader(bytes)
    while !reader.isAtEnd {
      guard let tag = try? reader.tag() else { return }
      endsInStrings = tag.rawValue == 0x32
      switch tag.rawValue {
      case 0x0a: typeCount += 1
      case 0x32: stringCount += 1
      case 0x22, 0x2a:
        var copy = reader
        guard let message = try? copy.message() else { return }
        let id = Self.id(of: message)
        if tag.rawValue == 0x22 { locations.insert(id) } else { functions.insert(id) }
      default: break
      }
      guard (try? reader.skip(tag.type)) != nil else { return }
    }
  }

  private static func id(of message: WireReader) -> UInt64 {
    var reader = message
    var id: UInt64 = 0
    while !reader.isAtEnd {
      guard let tag = try? reader.tag() else { break }
      if tag.rawValue == 0x08, let found = try? reader.varint() {
        id = found
      } else if (try? reader.skip(tag.type)) == nil {
        break
      }
    }
    return id
  }

  private mutating func walk(_ range: Range<Int>, _ message: ProtoSchema.Message, _ path: String) {
    var reader = WireReader(bytes, range)
    var counts: [UInt64: Int] = [:]
    var id: UInt64 = 0
    var hasString = false
    while !reader.isAtEnd, error == nil {
      let start = reader.offset
      guard let tag = try? reader.tag() else { return }
      let from = reader.offset
      guard (try? reader.skip(tag.type)) != nil, let field = ProtoSchema.field(tag.number, of: message) else {
        continue
      }
      var run = WireReader(bytes, from..<reader.offset)
      if tag.type == .lengthDelimited, let content = try? run.message() { run = content }
      if case .message(let nested) = field.role {
        let name = name(path, field, counts[tag.number, default: 0])
        counts[tag.number, default: 0] += 1
        walk(run.offset..<run.end, nested, name)
        continue
      }
      if case .string = field.role {
        if counts[tag.number] == nil, run.offset != run.end {
          fail("the first string is not empty", at: start, "string_table[0]")
        }
        counts[tag.number, default: 0] += 1
        continue
      }
      while !run.isAtEnd, error == nil {
        let at = tag.type == .lengthDelimited ? run.offset : start
        guard let value = try? run.varint() else { return }
        let path = name(path, field, counts[tag.number, default: 0])
        counts[tag.number, default: 0] += 1
        if message == .label, tag.number == 2 { hasString = value != 0 }
        if message == .label, tag.number == 4, hasString { continue }
        if case .id = field.role { id = value } else { check(value, field.role, at: at, path) }
      }
    }
    if error == nil { checkEnd(message, range, path, id: id, values: counts[2] ?? 0) }
  }

  /// What can be told only of a whole message.
  private mutating func checkEnd(
    _ message: ProtoSchema.Message, _ range: Range<Int>, _ path: String, id: UInt64, values: Int
  ) {
    switch message {
    case .sample:
      if typeCount == 0 {
        fail("there are samples, but no sample type", at: range.lowerBound, path)
      } else if values != typeCount {
        fail("\(values) values for \(typeCount) sample types", at: range.lowerBound, path + ".value")
      }
    case .mapping: checkID(id, 0, at: range.lowerBound, path)
    case .location: checkID(id, 1, at: range.lowerBound, path)
    case .function: checkID(id, 2, at: range.lowerBound, path)
    case .line:
      if !hasField(1, range) {
        fail("the line has no function", at: range.lowerBound, path + ".function_id")
      }
    case .profile, .valueType, .label: break
    }
  }

  private func hasField(_ number: UInt64, _ range: Range<Int>) -> Bool {
    var reader = WireReader(bytes, range)
    while !reader.isAtEnd {
      guard let tag = try? reader.tag() else { return false }
      if tag.number == number { return true }
      guard (try? reader.skip(tag.type)) != nil else { return false }
    }
    return false
  }

  private mutating func checkID(_ id: UInt64, _ table: Int, at offset: Int, _ path: String) {
    if id == 0 {
      fail("id 0 is reserved", at: offset, path + ".id")
    } else if !seen[table].insert(id).inserted {
      fail("id \(id) is there twice", at: offset, path + ".id")
    }
  }

  private mutating func check(_ value: UInt64, _ role: ProtoSchema.Role, at offset: Int, _ path: String) {
    switch role {
    case .stringIndex:
      if value >= UInt64(stringCount) {
        fail("string \(Int64(bitPattern: value)) of a table of \(stringCount)", at: offset, path)
        if endsInStrings, value <= UInt64(UInt32.max) { error?.hint = Self.cutShort }
      }
    case .reference(.location):
      if value == 0 || !locations.contains(value) { fail("there is no location \(value)", at: offset, path) }
    case .reference(.function):
      if value == 0 || !functions.contains(value) { fail("there is no function \(value)", at: offset, path) }
    default: break
    }
  }

  private mutating func fail(_ message: String, at offset: Int, _ path: String) {
    if error == nil { error = ProfileError(.invalid, message, at: .byte(offset), path: path) }
  }

  private func name(_ path: String, _ field: ProtoSchema.Field, _ index: Int) -> String {
    (path.isEmpty ? "" : path + ".") + field.name + (field.isRepeated ? "[\(index)]" : "")
  }

  private func path(to offset: Int, _ range: Range<Int>, _ message: ProtoSchema.Message) -> String {
    var reader = WireReader(bytes, range)
    var counts: [UInt64: Int] = [:]
    while !reader.isAtEnd {
      guard let tag = try? reader.tag() else { return "" }
      let from = reader.offset
      let isWhole = (try? reader.skip(tag.type)) != nil
      let field = ProtoSchema.field(tag.number, of: message)
      if isWhole, reader.offset <= offset {
        counts[tag.number, default: 0] += elements(tag, field, from..<reader.offset, before: offset)
        continue
      }
      guard let field else { return "field \(tag.number)" }
      var index = counts[tag.number, default: 0]
      var run = WireReader(bytes, from..<range.upperBound)
      guard tag.type == .lengthDelimited, let content = try? run.delimited(), offset >= content.lowerBound else {
        return name("", field, index)
      }
      if case .message(let nested) = field.role {
        let rest = path(to: offset, content, nested)
        return name("", field, index) + (rest.isEmpty ? "" : "." + rest)
      }
      index += elements(tag, field, from..<content.upperBound, before: offset)
      return name("", field, index)
    }
    return ""
  }

  /// How many elements of a field begin before `offset`: several where it is packed.
  private func elements(_ tag: FieldTag, _ field: ProtoSchema.Field?, _ range: Range<Int>, before offset: Int) -> Int {
    guard tag.type == .lengthDelimited, let field, !field.isDelimited else { return 1 }
    var run = WireReader(bytes, range)
    guard let content = try? run.delimited() else { return 1 }
    run = WireReader(bytes, content)
    var count = 0
    while !run.isAtEnd, run.offset < offset {
      guard (try? run.varint()) != nil else { return count }
      count += 1
    }
    return count
  }
}
