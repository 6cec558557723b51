/// profile.proto as Go's runtime writes it: locations and functions just before the sample that first needs them, a
/// sample's values before its locations, the string table last. Its own few lines of wire format, so that the data owes
/// nothing to the codec that it measures.
struct RuntimeProto {
  private(set) var bytes: [UInt8] = []
  private var scratch: [UInt8] = []
  private var strings: [[UInt8]] = [[]]
  private var stringIndex: [[UInt8]: Int] = [[]: 0]
  private let program: Program
  private var locationID: [Int]
  private var functionID: [Int]
  private var fileString: [Int]
  private(set) var locationCount = 0
  private(set) var functionCount = 0

  private init(_ program: Program) {
    self.program = program
    locationID = Array(repeating: 0, count: program.sites.count)
    functionID = Array(repeating: 0, count: program.functions.count)
    fileString = Array(repeating: 0, count: program.files.count)
  }

  /// A heap profile of four sample types, scaled up, with the numeric label `bytes`.
  static func heap(_ workload: Workload) -> RuntimeProto {
    var proto = RuntimeProto(workload.program)
    proto.valueType(11, "space", "bytes")
    proto.integer(12, UInt64(workload.rate))
    for (type, unit) in [
      ("alloc_objects", "count"), ("alloc_space", "bytes"), ("inuse_objects", "count"), ("inuse_space", "bytes"),
    ] {
      proto.valueType(1, type, unit)
    }
    let key = proto.string("bytes")
    for record in workload.records {
      let allocated = Workload.scaled(record.allocated, record.size, workload.rate)
      let inUse = Workload.scaled(record.inUse, record.size, workload.rate)
      proto.sample(
        workload.stacks[record.stack], [allocated.count, allocated.bytes, inUse.count, inUse.bytes],
        labels: [(key, 0, record.size)])
    }
    proto.integer(9, 1_795_233_603_760_507_281)
    proto.finish()
    return proto
  }

  /// A CPU profile of two sample types, with up to three string labels a sample.
  static func cpu(_ workload: Workload, random: inout Random) -> RuntimeProto {
    var proto = RuntimeProto(workload.program)
    proto.integer(9, 1_795_233_603_760_507_281)
    proto.valueType(1, "samples", "count")
    proto.valueType(1, "cpu", "nanoseconds")
    proto.integer(10, 30_000_000_000)
    proto.valueType(11, "cpu", "nanoseconds")
    proto.integer(12, 10_000_000)
    let keys = ["route", "stage", "tenant"].map { proto.string($0) }
    let values = keys.map { key in (0..<400).map { proto.string("value-\(key)/\($0 * 7919 % 1000)") } }
    for record in workload.records {
      var labels: [(Int, Int, Int64)] = []
      if random.chance(60) {
        for (i, key) in keys.enumerated() where random.chance(60) {
          labels.append((key, values[i][random.skewed(400)], 0))
        }
      }
      proto.sample(
        workload.stacks[record.stack], [record.allocated, record.allocated * 10_000_000], labels: labels)
    }
    proto.finish()
    return proto
  }

  private mutating func sample(_ stack: [Int32], _ values: [Int64], labels: [(key: Int, string: Int, number: Int64)]) {
    var ids: [Int] = []
    ids.reserveCapacity(stack.count)
    for site in stack {
      if locationID[Int(site)] == 0 { location(Int(site)) }
      ids.append(locationID[Int(site)])
    }
    message(2) { sample in
      sample.packed(2, values.map { UInt64(bitPattern: $0) })
      sample.packed(1, ids.map { UInt64($0) })
      for label in labels {
        sample.message(3) { message in
          message.integer(1, UInt64(label.key))
          message.optional(2, UInt64(label.string))
          message.optional(3, UInt64(bitPattern: label.number))
        }
      }
    }
  }

  private mutating func location(_ site: Int) {
    locationCount += 1
    locationID[site] = locationCount
    let lines = program.sites[site].lines
    var fresh: [Int] = []
    for line in lines where functionID[line.function] == 0 {
      functionCount += 1
      functionID[line.function] = functionCount
      fresh.append(line.function)
    }
    let ids = lines.map { functionID[$0.function] }
    let id = locationCount
    message(4) { location in
      location.integer(1, UInt64(id))
      location.integer(3, lines[0].address)
      for (line, function) in zip(lines, ids) {
        location.message(4) { message in
          message.integer(1, UInt64(function))
          message.integer(2, UInt64(line.line))
        }
      }
      location.integer(2, 1)
    }
    for index in fresh {
      let function = program.functions[index]
      let name = string(function.name)
      if fileString[function.file] == 0 { fileString[function.file] = string(program.files[function.file]) }
      let (id, file) = (functionID[index], fileString[function.file])
      message(5) { message in
        message.integer(1, UInt64(id))
        message.integer(2, UInt64(name))
        message.integer(3, UInt64(name))
        message.integer(4, UInt64(file))
        message.integer(5, UInt64(function.startLine))
      }
    }
  }

  private mutating func finish() {
    let file = string("/opt/demo/bin/server")
    let build = string("5a1f0c9d3be24c7c8f6e0b3a9d1c2e4f5a6b7c8d")
    let (start, end) = (program.textStart, program.textEnd)
    message(3) { mapping in
      mapping.integer(1, 1)
      mapping.integer(2, start)
      mapping.integer(3, end)
      mapping.integer(5, UInt64(file))
      mapping.integer(6, UInt64(build))
      mapping.integer(7, 1)
    }
    for string in strings {
      tag(6, 2)
      varint(UInt64(string.count))
      bytes += string
    }
  }

  private mutating func string(_ text: String) -> Int { string(Array(text.utf8)) }

  private mutating func string(_ text: [UInt8]) -> Int {
    if let known = stringIndex[text] { return known }
    strings.append(text)
    stringIndex[text] = strings.count - 1
    return strings.count - 1
  }

  private mutating func valueType(_ field: UInt64, _ type: String, _ unit: String) {
    let (type, unit) = (string(type), string(unit))
    message(field) { message in
      message.integer(1, UInt64(type))
      message.integer(2, UInt64(unit))
    }
  }

  // The wire.

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  private mutating func tag(_ field: UInt64, _ type: UInt64) { varint(field << 3 | type) }

  private mutating func integer(_ field: UInt64, _ value: UInt64) {
    tag(field, 0)
    varint(value)
  }

  private mutating func optional(_ field: UInt64, _ value: UInt64) {
    if value != 0 { integer(field, value) }
  }

  /// Packed where there are more than two, as the runtime does.
  private mutating func packed(_ field: UInt64, _ values: [UInt64]) {
    if values.count <= 2 {
      for value in values { integer(field, value) }
      return
    }
    message(field) { list in
      for value in values { list.varint(value) }
    }
  }

  /// Writes `body`, then moves it behind its length, which is known only then.
  private mutating func message(_ field: UInt64, _ body: (inout RuntimeProto) -> Void) {
    let start = bytes.count
    body(&self)
    scratch.removeAll(keepingCapacity: true)
    scratch += bytes[start...]
    let moved = scratch
    scratch = []
    bytes.removeLast(bytes.count - start)
    tag(field, 2)
    varint(UInt64(moved.count))
    bytes += moved
    scratch = moved
  }
}
