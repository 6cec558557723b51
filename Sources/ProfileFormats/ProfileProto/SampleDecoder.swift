import ProfileModel
import ProtobufWire

/// Pass 2: the samples. Stacks and label sets are told apart by their bytes on the wire; only new ones are decoded.
///
/// A stack's key is its field as google/pprof writes it: packed where it has more than two ids, else one by one, all
/// varints as short as can be. Two stacks then have one key if and only if they have the same ids. What is written otherwise
/// is decoded and its key made up, so that it finds its equal among the others.
struct SampleDecoder {
  var stackKeys = WireKeys()
  var labelKeys = WireKeys()
  var stacks: [StackIndex] = []
  var labelSets: [LabelSetIndex] = []
  var values: [Int64] = []
  var stackOffsets: [Int] = [0]
  var stackLocations: [LocationIndex] = []
  var labelOffsets: [Int] = [0, 0]
  var labels: [Label] = []

  var unknown: PendingUnknown
  var isInvalid = false
  /// Labels whose unit is in no table; google/pprof does not look at it where there is a string.
  var badUnits = 0

  private let locations: IDLookup
  private let typeCount: Int
  private let stringCount: Int
  // Of the sample at hand; kept for their memory.
  private var ids: [UInt64] = []
  /// The stacks of the last samples read, which are looked up together.
  private var wanted: [WireKeys.Wanted] = []
  private static let batch = 64
  private var labelFields: [Range<Int>] = []

  init(_ tables: borrowing ProtoDecoder) {
    locations = tables.locationIDs.lookup()
    typeCount = tables.columns.sampleTypes.count
    stringCount = tables.columns.strings.count
    unknown = tables.unknown
    stacks.reserveCapacity(tables.sampleCount)
    labelSets.reserveCapacity(tables.sampleCount)
    // A value takes a byte at least: no more than that is reserved, whatever the number of types.
    let valueCount = tables.sampleCount.multipliedReportingOverflow(by: typeCount)
    values.reserveCapacity(valueCount.overflow ? tables.sampleBytes : min(valueCount.partialValue, tables.sampleBytes))
    // An id takes a byte at least. Pages that are not touched cost nothing, but there is a bound to that too.
    stackLocations.reserveCapacity(min(tables.sampleBytes, 1 << 24))
  }

  mutating func readSamples(_ bytes: Span<UInt8>, from first: Int, count: Int) throws(WireError) {
    labelKeys.insert(labelKeys.hash(bytes, 0..<0), 0..<0)
    var reader = WireReader(bytes)
    reader.seek(to: first)
    do throws(WireError) {
      try readSamples(&reader, count: count)
    } catch {
      // What is wrong with an earlier stack goes before.
      try addStacks(bytes)
      throw error
    }
    if !isInvalid { try addStacks(bytes) }
  }

  @_lifetime(reader: copy reader)
  private mutating func readSamples(_ reader: inout WireReader, count: Int) throws(WireError) {
    let bytes = reader.bytes
    wanted.reserveCapacity(Self.batch)
    while labelSets.count < count {
      let tag = try reader.tag()
      guard tag.rawValue == 0x12 else {
        try reader.skip(tag.type)
        continue
      }
      let range = try reader.delimited()
      let before = values.count
      if try !readUsual(bytes, range) {
        values.removeLast(values.count - before)
        try addStacks(bytes)
        try readUnusual(bytes, range)
      }
      if values.count &- before != typeCount {
        isInvalid = true
        return
      }
    }
  }

  /// Hands over the columns.
  mutating func give(to columns: inout ProfileColumns) {
    columns.sampleStacks = stacks
    columns.sampleLabels = labelSets
    columns.values = values
    columns.stackOffsets = stackOffsets
    columns.stackLocations = stackLocations
    columns.labelOffsets = labelOffsets
    columns.labels = labels
    stacks = []
    labelSets = []
    values = []
    stackOffsets = []
    stackLocations = []
    labelOffsets = []
    labels = []
  }

  /// Reads a sample whose ids stand together and whose labels stand together, and which has no field that we do not know.
  /// Says false where it is not so.
  @inline(__always)
  private mutating func readUsual(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(WireError) -> Bool {
    var reader = WireReader(bytes, range)
    var stack = range.lowerBound..<range.lowerBound
    var labels = stack
    while !reader.isAtEnd {
      let start = reader.offset
      let tag = try reader.varint()
      switch tag {
      case 0x0a, 0x08:
        if stack.isEmpty { stack = start..<start }
        if stack.upperBound != start { return false }
        if tag == 0x0a { _ = try reader.delimited() } else { _ = try reader.varint() }
        stack = stack.lowerBound..<reader.offset
      case 0x12:
        var run = try reader.message()
        while !run.isAtEnd { values.append(try run.signed()) }
      case 0x10: values.append(try reader.signed())
      case 0x1a:
        if labels.isEmpty { labels = start..<start }
        if labels.upperBound != start { return false }
        _ = try reader.delimited()
        labels = labels.lowerBound..<reader.offset
      default: return false
      }
    }
    wanted.append(WireKeys.Wanted(stack, hash: stackKeys.hash(bytes, stack)))
    labelSets.append(try addLabels(bytes, labels))
    if wanted.count == Self.batch { try addStacks(bytes) }
    return true
  }

  /// Reads any sample.
  @inline(never)
  private mutating func readUnusual(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(WireError) {
    var reader = WireReader(bytes, range)
    ids.removeAll(keepingCapacity: true)
    labelFields.removeAll(keepingCapacity: true)
    while !reader.isAtEnd {
      let start = reader.offset
      let tag = try reader.tag()
      switch tag.rawValue {
      case 0x08, 0x0a: try readIDs(tag, &reader)
      case 0x10: values.append(try reader.signed())
      case 0x12:
        var run = try reader.message()
        while !run.isAtEnd { values.append(try run.signed()) }
      case 0x1a:
        _ = try reader.delimited()
        labelFields.append(start..<reader.offset)
      default:
        if tag.number >= 1, tag.number <= 3 { throw WireError(.typeMismatch, at: start) }
        try reader.skip(tag.type)
        unknown.append(start..<reader.offset, to: .sample, stacks.count)
      }
    }
    stacks.append(addStackOfIDs(bytes))
    labelSets.append(try addLabelFields(bytes))
  }

  /// Appends to `ids`. The tag has been read.
  private mutating func readIDs(_ tag: FieldTag, _ reader: inout WireReader) throws(WireError) {
    if tag.type == .varint {
      ids.append(try reader.varint())
    } else {
      var run = try reader.message()
      while !run.isAtEnd { ids.append(try run.varint()) }
    }
  }

  /// Gives the samples that wait for it their stack.
  @inline(never)
  private mutating func addStacks(_ bytes: Span<UInt8>) throws(WireError) {
    stackKeys.findAll(&wanted, in: bytes)
    for i in wanted.indices {
      let key = wanted[i].key
      if key != .max {
        stacks.append(StackIndex(rawValue: key))
      } else {
        stacks.append(try addStack(bytes, wanted[i].range, wanted[i].hash))
      }
    }
    wanted.removeAll(keepingCapacity: true)
  }

  private mutating func addStack(
    _ bytes: Span<UInt8>, _ range: Range<Int>, _ hash: UInt64
  ) throws(WireError) -> StackIndex {
    if let found = stackKeys.find(hash, range, of: bytes, input: bytes) { return StackIndex(rawValue: found) }
    return try newStack(bytes, range, hash)
  }

  @inline(never)
  private mutating func newStack(_ bytes: Span<UInt8>, _ range: Range<Int>, _ hash: UInt64) throws(WireError)
    -> StackIndex
  {
    ids.removeAll(keepingCapacity: true)
    var reader = WireReader(bytes, range)
    while !reader.isAtEnd { try readIDs(try reader.tag(), &reader) }
    guard isKey(bytes, range) else { return addStackOfIDs(bytes) }
    stackKeys.insert(hash, range)
    return appendStack()
  }

  /// The stack of `ids`, in whatever form they were found.
  @inline(never)
  private mutating func addStackOfIDs(_ bytes: Span<UInt8>) -> StackIndex {
    var key = WireWriter()
    if ids.count > 2 {
      key.message(1) { for id in ids { $0.varint(id) } }
    } else {
      for id in ids { key.field(1, id) }
    }
    let hash = stackKeys.hash(key.bytes.span, 0..<key.bytes.count)
    if let found = stackKeys.find(hash, 0..<key.bytes.count, of: key.bytes.span, input: bytes) {
      return StackIndex(rawValue: found)
    }
    stackKeys.insert(hash, copying: key.bytes)
    return appendStack()
  }

  /// Whether `range`, which was read into `ids`, is their key. Whatever differs from a key is longer, but for two ids packed
  /// and for bits above the 64th.
  private func isKey(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    if ids.isEmpty { return range.isEmpty }
    var size = 0
    for id in ids {
      if id >> 63 != 0 { return false }
      size += Varint.size(id)
    }
    let isPacked = bytes[range.lowerBound] == 0x0a
    if ids.count > 2 { return isPacked && range.count == 1 + Varint.size(UInt64(size)) + size }
    return !isPacked && range.count == ids.count + size
  }

  private mutating func appendStack() -> StackIndex {
    for id in ids {
      let position = locations.position(id)
      if position == .max { isInvalid = true }
      stackLocations.append(LocationIndex(rawValue: position))
    }
    stackOffsets.append(stackLocations.count)
    return StackIndex(stackOffsets.count - 2)
  }

  @inline(__always)
  private mutating func addLabels(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(WireError) -> LabelSetIndex {
    if range.isEmpty { return .empty }
    let hash = labelKeys.hash(bytes, range)
    if let found = labelKeys.find(hash, range, of: bytes, input: bytes) { return LabelSetIndex(rawValue: found) }
    try readLabels(WireReader(bytes, range))
    labelKeys.insert(hash, range)
    return appendLabelSet()
  }

  /// The set of `labelFields`, which do not stand together.
  @inline(never)
  private mutating func addLabelFields(_ bytes: Span<UInt8>) throws(WireError) -> LabelSetIndex {
    if labelFields.isEmpty { return .empty }
    var key: [UInt8] = []
    for field in labelFields {
      for i in field { key.append(bytes[i]) }
    }
    let hash = labelKeys.hash(key.span, 0..<key.count)
    if let found = labelKeys.find(hash, 0..<key.count, of: key.span, input: bytes) {
      return LabelSetIndex(rawValue: found)
    }
    for field in labelFields { try readLabels(WireReader(bytes, field)) }
    labelKeys.insert(hash, copying: key)
    return appendLabelSet()
  }

  private mutating func appendLabelSet() -> LabelSetIndex {
    labelOffsets.append(labels.count)
    return LabelSetIndex(labelOffsets.count - 2)
  }

  /// Reads label fields, tags included.
  private mutating func readLabels(_ fields: WireReader) throws(WireError) {
    var reader = fields
    while !reader.isAtEnd {
      _ = try reader.tag()
      try readLabel(try reader.message())
    }
  }

  private mutating func readLabel(_ message: WireReader) throws(WireError) {
    var reader = message
    var label = Label(key: .empty)
    while !reader.isAtEnd {
      let start = reader.offset
      let tag = try reader.tag()
      switch tag.rawValue {
      case 0x08: label.key = StringIndex(rawValue: UInt32(clamping: try reader.varint()))
      case 0x10: label.str = StringIndex(rawValue: UInt32(clamping: try reader.varint()))
      case 0x18: label.num = try reader.signed()
      case 0x20: label.unit = StringIndex(rawValue: UInt32(clamping: try reader.varint()))
      default:
        if tag.number >= 1, tag.number <= 4 { throw WireError(.typeMismatch, at: start) }
        try reader.skip(tag.type)
        unknown.append(start..<reader.offset, to: .label, labels.count)
      }
    }
    if label.str != .empty, label.unit.position >= stringCount {
      label.unit = .empty
      badUnits += 1
    }
    labels.append(label)
  }
}
