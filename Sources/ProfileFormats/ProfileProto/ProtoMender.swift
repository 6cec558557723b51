import ProfileModel
import ProtobufWire

/// Makes a profile of the fields of a damaged protobuf that are whole: those before the damage, less the messages that hold
/// nonsense. What they refer to and is gone is put behind them under names that say so.
struct ProtoMender: ~Escapable {
  private let bytes: Span<UInt8>
  private var kept = WireWriter()
  private var end = 0
  private var notes: [String] = []

  private var types = 0
  private var strings = 0
  private var lastString = 0
  private var samples: [(range: Range<Int>, values: Int)] = []
  private var dropped = 0
  /// Ids that are there, and that are referred to: of locations, of functions, of mappings.
  private var known: [Set<UInt64>] = [[], [], []]
  private var named: [Set<UInt64>] = [[], [], []]

  @_lifetime(copy bytes)
  private init(_ bytes: Span<UInt8>) { self.bytes = bytes }

  static func mend(_ input: [UInt8]) -> Mended {
    if let second = GluedProto.second(input) {
      var mended = Mended(Array(input[..<second]), kept: second)
      mended.second = second
      return mended
    }
    var mender = ProtoMender(input.span)
    mender.take()
    mender.complete()
    var mended = Mended(mender.kept.bytes, kept: mender.end)
    mended.notes = mender.notes
    return mended
  }

  /// Keeps the fields up to the first that is none.
  private mutating func take() {
    var reader = WireReader(bytes)
    while !reader.isAtEnd {
      let start = reader.offset
      guard let tag = try? reader.tag() else { break }
      let content = reader
      guard (try? reader.skip(tag.type)) != nil, let field = ProtoSchema.field(tag.number, of: .profile) else { break }
      guard take(field, tag, content, start..<reader.offset) else { break }
      end = reader.offset
    }
  }

  /// Keeps a field, or drops it where it is nonsense in itself; false where it shows that the fields have ended.
  private mutating func take(_ field: ProtoSchema.Field, _ tag: FieldTag, _ content: WireReader, _ range: Range<Int>)
    -> Bool
  {
    var reader = content
    switch field.role {
    case .string:
      guard tag.type == .lengthDelimited else { return false }
      strings += 1
    case .message(let message):
      guard tag.type == .lengthDelimited, let inner = try? reader.message() else { return false }
      var facts = Facts()
      guard isWhole(inner, message, &facts), keep(facts, message) else {
        dropped += 1
        return true
      }
      if message == .sample {
        samples.append((range, facts.values))
        return true
      }
      if message == .valueType, tag.number == 1 { types += 1 }
    default:
      guard tag.type == .varint || field.isRepeated && tag.type == .lengthDelimited else { return false }
      if case .stringIndex = field.role {
        var facts = Facts()
        guard isWhole(WireReader(bytes, range), .profile, &facts), keep(facts, .profile) else {
          dropped += 1
          return true
        }
      }
    }
    kept.raw(TextBytes.copy(bytes, range))
    return true
  }

  /// What a message says of others.
  private struct Facts {
    var id: UInt64 = 0
    var values = 0
    var lastString = 0
    var named: [(table: Int, id: UInt64)] = []
  }

  /// Takes over what a message says; false where it cannot be: an id twice, or none.
  private mutating func keep(_ facts: Facts, _ message: ProtoSchema.Message) -> Bool {
    let table: Int? =
      switch message {
      case .location: 0
      case .function: 1
      case .mapping: 2
      default: nil
      }
    if let table {
      guard facts.id != 0, known[table].insert(facts.id).inserted else { return false }
    }
    lastString = max(lastString, facts.lastString)
    for (table, id) in facts.named { named[table].insert(id) }
    return true
  }

  /// Whether a message is fields to its end, and none of its indices is beyond what a file of this size can hold.
  private func isWhole(_ message: WireReader, _ kind: ProtoSchema.Message, _ facts: inout Facts) -> Bool {
    var reader = message
    while !reader.isAtEnd {
      guard let tag = try? reader.tag() else { return false }
      var content = reader
      guard (try? reader.skip(tag.type)) != nil else { return false }
      guard let field = ProtoSchema.field(tag.number, of: kind) else { continue }
      if case .message(let nested) = field.role {
        guard tag.type == .lengthDelimited, let inner = try? content.message(), isWhole(inner, nested, &facts) else {
          return false
        }
        continue
      }
      if case .string = field.role { continue }
      guard tag.type == .varint || (tag.type == .lengthDelimited && field.isRepeated) else { return false }
      var run = WireReader(bytes, content.offset..<reader.offset)
      if tag.type == .lengthDelimited {
        guard let inner = try? content.message() else { return false }
        run = inner
      }
      while !run.isAtEnd {
        guard let value = try? run.varint(), take(value, field.role, &facts) else { return false }
      }
    }
    return true
  }

  private func take(_ value: UInt64, _ role: ProtoSchema.Role, _ facts: inout Facts) -> Bool {
    switch role {
    case .stringIndex:
      // Every string takes two bytes at least; twice as many bytes may be gone as are here.
      guard value < UInt64(bytes.count) else { return false }
      facts.lastString = max(facts.lastString, Int(value))
    case .id: facts.id = value
    case .reference(let table):
      guard value != 0 else { return false }
      if table == .location { facts.named.append((0, value)) } else { facts.named.append((1, value)) }
    case .value: facts.values += 1
    default: break
    }
    return true
  }

  // MARK: What is gone

  private mutating func complete() {
    if types == 0, let first = samples.first {
      types = max(1, first.values)
      let strings = newStrings(types)
      for string in strings { kept.message(1) { $0.field(1, UInt64(string)) } }
      notes.append("the names of the sample types are lost")
    }
    // Their ids were noted when they were read; those of samples that are dropped now name at worst one location too many.
    for sample in samples {
      if sample.values == types { kept.raw(TextBytes.copy(bytes, sample.range)) } else { dropped += 1 }
    }
    if dropped > 0 { notes.append("\(dropped) messages were nonsense, and are left out") }
    addFunctions()
    addLocations()
    addStrings()
  }

  private mutating func addLocations() {
    let lost = named[0].subtracting(known[0]).sorted()
    for id in lost { kept.message(4) { $0.field(1, id) } }
    if !lost.isEmpty { notes.append("\(lost.count) locations are lost, and stand in stacks without a name") }
  }

  private mutating func addFunctions() {
    let lost = named[1].subtracting(known[1]).sorted()
    if lost.isEmpty { return }
    for (id, string) in zip(lost, newStrings(lost.count)) {
      kept.message(5) {
        $0.field(1, id)
        $0.field(2, UInt64(string))
      }
    }
    notes.append("\(lost.count) functions are lost, and have names made up")
  }

  /// Indices of strings that neither stand in the table nor are named.
  private mutating func newStrings(_ count: Int) -> Range<Int> {
    // The first string is the empty one.
    let start = max(strings, lastString + 1, 1)
    lastString = start + count - 1
    return start..<start + count
  }

  /// Strings come last in most files, and so are the first to go.
  private mutating func addStrings() {
    if strings == 0 {
      let empty: [UInt8] = []
      kept.field(6, empty.span)
      strings = 1
    }
    let lost = lastString + 1 - strings
    if lost <= 0 { return }
    for i in strings...lastString {
      let name = Array("lost string \(i)".utf8)
      kept.field(6, name.span)
    }
    notes.append("\(lost) strings are lost: “lost string \(lastString)” and its like stand for them")
  }
}
