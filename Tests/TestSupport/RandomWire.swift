/// Writes a profile in any of the ways that protobuf allows: fields in any order, lists packed, in parts or one by one,
/// varints longer than they need be, scalars twice, zeros or not, a string table with strings that are unused, twice there or
/// out of order. Shares no code with what it tests.
public struct RandomWire {
  private var random: SeededRandom
  private var strings: [[UInt8]] = [[]]
  private typealias Fields = [UInt64: [[UInt8]]]

  public init(seed: UInt64) { random = SeededRandom(seed) }

  public mutating func bytes(_ profile: PlainProfile) -> [UInt8] {
    var fields: Fields = [:]
    fields[1] = profile.sampleTypes.map { delimited(1, valueType($0)) }
    fields[2] = profile.samples.map { delimited(2, sample($0)) }
    fields[3] = profile.mappings.map { delimited(3, mapping($0)) }
    fields[4] = profile.locations.map { delimited(4, location($0)) }
    fields[5] = profile.functions.map { delimited(5, function($0)) }
    fields[7] = scalar(7, index(profile.dropFrames))
    fields[8] = scalar(8, index(profile.keepFrames))
    // Not twice: that is how google/pprof tells two profiles in one file.
    fields[9] = profile.timeNanos == 0 ? [] : [tag(9, 0) + varint(UInt64(bitPattern: profile.timeNanos))]
    fields[10] = scalar(10, UInt64(bitPattern: profile.durationNanos))
    fields[11] = [delimited(11, valueType(profile.periodType))]
    fields[12] = scalar(12, UInt64(bitPattern: profile.period))
    fields[13] = list(13, profile.comments.map { index($0) })
    fields[14] = scalar(14, index(profile.defaultSampleType))
    fields[15] = scalar(15, index(profile.docURL))
    fields[6] = strings.map { delimited(6, $0) }
    return message(fields, profile.unknown)
  }

  /// Bytes that are probably no profile any more, but nearly.
  public mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...3, using: &random) where !bytes.isEmpty {
      let at = Int.random(in: 0..<bytes.count, using: &random)
      switch Int.random(in: 0..<7, using: &random) {
      case 0: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 1: bytes[at] = UInt8.random(in: 0...255, using: &random)
      case 2: bytes.remove(at: at)
      case 3: bytes.insert(UInt8.random(in: 0...255, using: &random), at: at)
      case 4: bytes.removeLast(bytes.count - at)
      case 5: bytes[at] |= 0x80
      default:
        let piece = Array(bytes[at..<min(bytes.count, at + Int.random(in: 1...20, using: &random))])
        bytes.insert(contentsOf: piece, at: Int.random(in: 0...bytes.count, using: &random))
      }
    }
    return bytes
  }

  private mutating func valueType(_ type: PlainProfile.ValueType) -> [UInt8] {
    message([1: scalar(1, index(type.type)), 2: scalar(2, index(type.unit))], type.unknown)
  }

  private mutating func sample(_ sample: PlainProfile.Sample) -> [UInt8] {
    let labels = sample.labels.map { label in
      delimited(
        3,
        message(
          [
            1: scalar(1, index(label.key)), 2: scalar(2, index(label.str, orZero: true)),
            3: scalar(3, UInt64(bitPattern: label.num)), 4: scalar(4, index(label.unit)),
          ], label.unknown))
    }
    return message(
      [1: list(1, sample.locations), 2: list(2, sample.values.map { UInt64(bitPattern: $0) }), 3: labels],
      sample.unknown)
  }

  private mutating func mapping(_ mapping: PlainProfile.Mapping) -> [UInt8] {
    var fields: Fields = [
      1: scalar(1, mapping.id), 2: scalar(2, mapping.start), 3: scalar(3, mapping.limit), 4: scalar(4, mapping.offset),
      5: scalar(5, index(mapping.file)), 6: scalar(6, index(mapping.buildID)),
    ]
    for (i, has) in mapping.has.enumerated() { fields[UInt64(7 + i)] = scalar(UInt64(7 + i), has ? 1 : 0) }
    return message(fields, mapping.unknown)
  }

  private mutating func location(_ location: PlainProfile.Location) -> [UInt8] {
    let lines = location.lines.map { line in
      delimited(
        4,
        message(
          [
            1: scalar(1, line.function), 2: scalar(2, UInt64(bitPattern: line.line)),
            3: scalar(3, UInt64(bitPattern: line.column)),
          ], line.unknown))
    }
    return message(
      [
        1: scalar(1, location.id), 2: scalar(2, location.mapping), 3: scalar(3, location.address), 4: lines,
        5: scalar(5, location.isFolded ? 1 : 0),
      ], location.unknown)
  }

  private mutating func function(_ function: PlainProfile.Function) -> [UInt8] {
    message(
      [
        1: scalar(1, function.id), 2: scalar(2, index(function.name)), 3: scalar(3, index(function.systemName)),
        4: scalar(4, index(function.file)), 5: scalar(5, UInt64(bitPattern: function.startLine)),
      ], function.unknown)
  }

  /// A string's index: an old one, a new one, or one of a few that nobody needs.
  private mutating func index(_ string: [UInt8], orZero: Bool = false) -> UInt64 {
    if string.isEmpty, orZero || random.chance(90) { return 0 }
    if random.chance(10) { strings.append(Array("unused".utf8)) }
    if random.chance(80), let at = strings.firstIndex(of: string) { return UInt64(at) }
    strings.append(string)
    return UInt64(strings.count - 1)
  }

  /// Fields of one number keep their order; so do those that have no name among themselves.
  private mutating func message(_ fields: Fields, _ unknown: [PlainProfile.Unknown]) -> [UInt8] {
    var queues = fields.sorted { $0.key < $1.key }.map(\.value)
    queues.append(unknown.map { tag($0.number, UInt64($0.type)) + $0.content })
    var bytes: [UInt8] = []
    let isShuffled = random.chance(30)
    while true {
      let open = queues.indices.filter { !queues[$0].isEmpty }
      guard let first = open.first else { return bytes }
      let next = isShuffled ? open.randomElement(using: &random) ?? first : first
      bytes += queues[next].removeFirst()
    }
  }

  private mutating func scalar(_ number: UInt64, _ value: UInt64) -> [[UInt8]] {
    var fields: [[UInt8]] = []
    // The last one counts.
    if random.chance(3) { fields.append(tag(number, 0) + varint(0)) }
    if value != 0 || random.chance(10) || !fields.isEmpty { fields.append(tag(number, 0) + varint(value)) }
    return fields
  }

  private mutating func list(_ number: UInt64, _ values: [UInt64]) -> [[UInt8]] {
    switch Int.random(in: 0..<6, using: &random) {
    case 0: return values.map { tag(number, 0) + varint($0) }
    case 1:
      let cut = Int.random(in: 0...values.count, using: &random)
      return [packed(number, values[..<cut]), packed(number, values[cut...])]
    case 2:
      guard let last = values.last else { return [packed(number, [])] }
      return [packed(number, values.dropLast()), tag(number, 0) + varint(last)]
    case 3: return values.isEmpty ? [] : [packed(number, values[...])]
    default: return values.count > 2 ? [packed(number, values[...])] : values.map { tag(number, 0) + varint($0) }
    }
  }

  private mutating func packed(_ number: UInt64, _ values: ArraySlice<UInt64>) -> [UInt8] {
    delimited(number, values.flatMap { varint($0) })
  }

  private mutating func delimited(_ number: UInt64, _ content: [UInt8]) -> [UInt8] {
    tag(number, 2) + varint(UInt64(content.count)) + content
  }

  private mutating func tag(_ number: UInt64, _ type: UInt64) -> [UInt8] { plainVarint(number << 3 | type) }

  /// Now and then with zeros behind the highest bits.
  private mutating func varint(_ value: UInt64) -> [UInt8] {
    var bytes = plainVarint(value)
    if random.chance(3) {
      for _ in 0..<Int.random(in: 0..<3, using: &random) where bytes.count < 10 {
        bytes[bytes.count - 1] |= 0x80
        bytes.append(0)
      }
    }
    return bytes
  }

  private func plainVarint(_ value: UInt64) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = value
    repeat {
      bytes.append(UInt8(rest & 0x7f) | (rest > 0x7f ? 0x80 : 0))
      rest >>= 7
    } while rest > 0
    return bytes
  }
}
