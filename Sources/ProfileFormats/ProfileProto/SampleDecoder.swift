import ProfileModel
import ProtobufWire

/// Pass 2: the samples. Stacks and label sets are told apart by their bytes on the wire; only new ones are decoded.
///
/// Samples are scanned in batches: first where each has its stack and its labels, and its values; then the stacks of all
/// are looked up together (see ``WireKeys/findAll(_:count:in:)``).
struct SampleDecoder: ~Copyable {
  var stackKeys = WireKeys()
  var labelKeys = WireKeys()
  var stacks: [StackIndex]
  var labelSets: [LabelSetIndex]
  var values: [Int64] = []
  var stackOffsets: [Int] = [0]
  var stackLocations: [LocationIndex] = []
  var labelOffsets: [Int] = [0, 0]
  var labels: [Label] = []

  var unknown: PendingUnknown
  var isInvalid = false
  /// Labels whose unit is in no table; google/pprof does not look at it where there is a string.
  var badUnits = 0

  let locations: IDLookup
  let stringCount: Int
  private let typeCount: Int
  private let sampleBytes: Int
  // Of the sample at hand; kept for their memory.
  var ids: [UInt64] = []
  var labelFields: [Range<Int>] = []

  private static let batch = 64

  init(_ tables: borrowing ProtoDecoder) {
    locations = tables.locationIDs.lookup()
    typeCount = tables.columns.sampleTypes.count
    stringCount = tables.columns.strings.count
    sampleBytes = tables.sampleBytes
    unknown = tables.unknown
    stacks = [StackIndex](repeating: .none, count: tables.sampleCount)
    labelSets = [LabelSetIndex](repeating: .empty, count: tables.sampleCount)
    // A value takes a byte at least: no more than that is reserved, whatever the number of types.
    let valueCount = tables.sampleCount.multipliedReportingOverflow(by: typeCount)
    values.reserveCapacity(valueCount.overflow ? sampleBytes : min(valueCount.partialValue, sampleBytes))
    // An id takes a byte at least. Pages that are not touched cost nothing, but there is a bound to that too.
    stackLocations.reserveCapacity(min(sampleBytes, 1 << 24))
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

  /// Reads all samples, of which the first one's tag stands at `first`.
  mutating func readSamples(_ bytes: Span<UInt8>, from first: Int) throws(WireError) {
    labelKeys.insert(labelKeys.hash(bytes, 0..<0), 0..<0)
    var reader = WireReader(bytes)
    reader.seek(to: first)
    var stackBatch = [WireKeys.Wanted](repeating: WireKeys.Wanted(), count: Self.batch)
    var labelBatch = stackBatch
    var stacksWanted = stackBatch.mutableSpan
    var labelsWanted = labelBatch.mutableSpan
    var done = 0
    while done < stacks.count, !isInvalid {
      let count = try scanBatch(&reader, from: done, &stacksWanted, &labelsWanted)
      stackKeys.findAll(&stacksWanted, count: count, in: bytes)
      for i in 0..<count {
        let key = stacksWanted[i].key
        stacks[done &+ i] =
          key != .max
          ? StackIndex(rawValue: key) : try addStack(bytes, stacksWanted[i].range, stacksWanted[i].hash)
      }
      labelKeys.findAll(&labelsWanted, count: count, in: bytes)
      for i in 0..<count {
        let key = labelsWanted[i].key
        labelSets[done &+ i] =
          key != .max
          ? LabelSetIndex(rawValue: key) : try addLabels(bytes, labelsWanted[i].range, labelsWanted[i].hash)
      }
      done &+= count
      if count < Self.batch, done < stacks.count, !isInvalid {
        try readUnusual(&reader, done)
        done &+= 1
      }
    }
  }

  /// Scans samples up to the end of a batch, or to one that ``scan(_:_:_:_:)`` leaves to ``readUnusual(_:_:)``, before
  /// which the reader then stands. Returns how many.
  @_lifetime(reader: copy reader) @_lifetime(stackBatch: copy stackBatch) @_lifetime(labelBatch: copy labelBatch)
  private mutating func scanBatch(
    _ reader: inout WireReader, from done: Int, _ stackBatch: inout MutableSpan<WireKeys.Wanted>,
    _ labelBatch: inout MutableSpan<WireKeys.Wanted>
  ) throws(WireError) -> Int {
    let bytes = reader.bytes
    let typeCount = typeCount
    let most = min(Self.batch, stacks.count &- done)
    let room = most.multipliedReportingOverflow(by: typeCount)
    var values: [Int64] = []
    swap(&values, &self.values)
    defer { swap(&values, &self.values) }
    var count = 0
    try values.append(addingCapacity: room.overflow ? sampleBytes : min(room.partialValue, sampleBytes)) {
      (output: inout OutputSpan<Int64>) throws(WireError) in
      while count < most {
        let start = reader.offset
        let tag = try reader.tag()
        guard tag.rawValue == 0x12 else {
          try reader.skip(tag.type)
          continue
        }
        let range = try reader.delimited()
        let before = output.count
        guard let parts = try Self.scan(WireReader(bytes, range), upTo: typeCount, &output) else {
          output.removeLast(output.count &- before)
          reader.seek(to: start)
          return
        }
        if output.count &- before != typeCount {
          isInvalid = true
          return
        }
        stackBatch[count].start = parts.stack.lowerBound
        stackBatch[count].count = parts.stack.count
        stackBatch[count].hash = stackKeys.hash(bytes, parts.stack)
        labelBatch[count].start = parts.labels.lowerBound
        labelBatch[count].count = parts.labels.count
        labelBatch[count].hash = labelKeys.hash(bytes, parts.labels)
        count &+= 1
      }
    }
    return count
  }

  private struct Parts {
    /// The fields that are the stack, tags included.
    var stack: Range<Int>
    /// The fields that are labels, tags included.
    var labels: Range<Int>
  }

  /// Reads the values of a sample whose ids stand together and whose labels stand together, and tells where. nil for any
  /// other sample, and for one with a field that we do not know, or with more than `most` values.
  @inline(__always) @_lifetime(values: copy values)
  private static func scan(
    _ message: WireReader, upTo most: Int, _ values: inout OutputSpan<Int64>
  ) throws(WireError) -> Parts? {
    var reader = message
    let bytes = reader.bytes
    var stack = reader.offset..<reader.offset
    var labels = stack
    var left = most
    while !reader.isAtEnd {
      let start = reader.offset
      let tag = bytes[start]
      reader.seek(to: start &+ 1)
      switch tag {
      case 0x0a, 0x08:
        if stack.isEmpty { stack = start..<start }
        if stack.upperBound != start { return nil }
        if tag == 0x0a { _ = try reader.delimited() } else { _ = try reader.varint() }
        stack = stack.lowerBound..<reader.offset
      case 0x12:
        var run = try reader.message()
        while !run.isAtEnd {
          if left == 0 { return nil }
          left &-= 1
          values.append(try run.signed())
        }
      case 0x10:
        if left == 0 { return nil }
        left &-= 1
        values.append(try reader.signed())
      case 0x1a:
        if labels.isEmpty { labels = start..<start }
        if labels.upperBound != start { return nil }
        _ = try reader.delimited()
        labels = labels.lowerBound..<reader.offset
      default: return nil
      }
    }
    return Parts(stack: stack, labels: labels)
  }

  /// Reads any sample: the next one, which becomes number `index`.
  @inline(never) @_lifetime(outer: copy outer)
  private mutating func readUnusual(_ outer: inout WireReader, _ index: Int) throws(WireError) {
    let tag = try outer.tag()
    guard tag.rawValue == 0x12 else { return try outer.skip(tag.type) }
    var reader = try outer.message()
    let before = values.count
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
        unknown.append(start..<reader.offset, to: .sample, index)
      }
    }
    stacks[index] = addStackOfIDs(outer.bytes)
    labelSets[index] = try addLabelFields(outer.bytes)
    if values.count &- before != typeCount { isInvalid = true }
  }
}
