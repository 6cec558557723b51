import ProfileModel
import ProtobufWire

/// Writes the samples. Stacks and label sets are encoded once, each table into bytes of its own, which each sample copies:
/// these stay in the cache where the samples themselves do not.
struct SampleEncoder {
  private let columns: ProfileColumns
  private let order: StringOrder
  private var stacks = Runs()
  private var labelSets = Runs()
  private let typeCount: Int

  /// Fields on the wire, one run behind the other.
  private struct Runs {
    var bytes: [UInt8] = []
    var ends: [Int] = []

    @inline(__always)
    func range(_ index: Int) -> Range<Int> { (index == 0 ? 0 : ends[index &- 1])..<ends[index] }
  }

  init(_ columns: ProfileColumns, _ order: StringOrder) {
    self.columns = columns
    self.order = order
    typeCount = columns.sampleTypes.count
    encodeStacks()
    encodeLabelSets()
  }

  /// All samples, behind `head`; room is reserved for `more` bytes to be appended.
  func encode(behind head: [UInt8], reserving more: Int) -> [UInt8] {
    var output = StoreBuffer(head, reserving: head.count + bound + more)
    let unknown = columns.unknownFields.entries
    // Where in the unknown fields those of the samples begin.
    var unknownAt = unknown.firstIndex { $0.owner >= .sample(0) } ?? unknown.count
    var next = 0
    while next < columns.sampleCount {
      var fields: [UInt8] = []
      if unknownAt < unknown.count, unknown[unknownAt].owner == .sample(next) {
        fields = unknown[unknownAt].bytes
        unknownAt += 1
      }
      if fields.isEmpty {
        let stop = unknownAt < unknown.count ? stop(before: unknown[unknownAt].owner) : columns.sampleCount
        write(&next, until: stop, to: &output)
      } else {
        writeSample(next, fields, to: &output)
        next += 1
      }
    }
    return output.finish()
  }

  private func stop(before owner: UnknownFields.Owner) -> Int {
    if case .sample(let index) = owner { return index }
    return columns.sampleCount
  }

  /// The most bytes that the samples take, but for unknown fields. Reserved, not touched.
  private var bound: Int {
    var size = columns.sampleCount &* 16
    for stack in columns.sampleStacks { size &+= stacks.range(stack.position).count }
    for set in columns.sampleLabels { size &+= labelSets.range(set.position).count }
    for value in columns.values { size &+= Varint.size(value) }
    return typeCount > 2 ? size : size &+ columns.values.count
  }

  /// Writes samples that have no unknown fields.
  private func write(_ next: inout Int, until end: Int, to output: inout StoreBuffer) {
    while next < end {
      // The most that a sample takes beside what it copies: its own tag and length, those of the values, the values.
      let least = 2 &* (1 &+ Varint.longest) &+ typeCount &* (1 &+ Varint.longest)
      output.makeRoom(least &+ copied(next))
      var at = output.count
      let room = output.capacity
      output.store { bytes in
        while next < end {
          let stack = stacks.range(columns.sampleStacks[next].position)
          let labels = labelSets.range(columns.sampleLabels[next].position)
          if room &- at < least &+ stack.count &+ labels.count { break }
          let payload = valuesPayload(next)
          let size = stack.count &+ labels.count &+ valuesSize(payload)
          bytes[at] = 0x12
          at = storeVarint(UInt64(size), in: &bytes, at: at &+ 1)
          at = copyWords(stacks.bytes.span, stack, in: &bytes, to: at)
          at = storeValues(next, payload, in: &bytes, at: at)
          at = copyWords(labelSets.bytes.span, labels, in: &bytes, to: at)
          next &+= 1
        }
      }
      output.count = at
    }
  }

  private func copied(_ sample: Int) -> Int {
    stacks.range(columns.sampleStacks[sample].position).count
      &+ labelSets.range(columns.sampleLabels[sample].position).count
  }

  /// Writes a sample with unknown fields.
  private func writeSample(_ sample: Int, _ unknown: [UInt8], to output: inout StoreBuffer) {
    var writer = WireWriter()
    writer.message(2) { writer in
      writer.raw(Array(stacks.bytes[stacks.range(columns.sampleStacks[sample].position)]))
      let values = columns.values[columns.valueRange(sample)]
      if typeCount > 2 {
        writer.message(2) { for value in values { $0.varint(UInt64(bitPattern: value)) } }
      } else {
        for value in values { writer.field(2, UInt64(bitPattern: value)) }
      }
      writer.raw(Array(labelSets.bytes[labelSets.range(columns.sampleLabels[sample].position)]))
      writer.raw(unknown)
    }
    output.append(writer.bytes)
  }
}

// Values.
extension SampleEncoder {
  @inline(__always)
  private func valuesPayload(_ sample: Int) -> Int {
    var size = 0
    for i in sample &* typeCount..<(sample &+ 1) &* typeCount { size &+= Varint.size(columns.values[i]) }
    return size
  }

  @inline(__always)
  private func valuesSize(_ payload: Int) -> Int {
    typeCount > 2 ? 1 &+ Varint.size(UInt64(payload)) &+ payload : payload &+ typeCount
  }

  /// Returns where the next byte goes.
  @inline(__always) @_lifetime(bytes: copy bytes)
  private func storeValues(_ sample: Int, _ payload: Int, in bytes: inout MutableSpan<UInt8>, at start: Int) -> Int {
    let range = sample &* typeCount..<(sample &+ 1) &* typeCount
    var at = start
    if typeCount > 2 {
      bytes[at] = 0x12
      at = storeVarint(UInt64(payload), in: &bytes, at: at &+ 1)
      for i in range { at = storeVarint(UInt64(bitPattern: columns.values[i]), in: &bytes, at: at) }
    } else {
      for i in range {
        bytes[at] = 0x10
        at = storeVarint(UInt64(bitPattern: columns.values[i]), in: &bytes, at: at &+ 1)
      }
    }
    return at
  }
}

// What samples share.
extension SampleEncoder {
  private mutating func encodeStacks() {
    // Packed and unpacked, an id takes at most its varint and a tag.
    let largest = columns.locationIDs?.max() ?? UInt64(columns.locations.count)
    var output = StoreBuffer(
      [], reserving: columns.stackLocations.count * Varint.size(largest) + columns.stackCount * 8)
    stacks.ends.reserveCapacity(columns.stackCount)
    for i in 0..<columns.stackCount {
      let range = columns.stackRange(StackIndex(i))
      output.makeRoom((range.count &+ 1) &* (1 &+ Varint.longest))
      var at = output.count
      output.store { bytes in
        if range.count > 2 {
          var payload = 0
          for j in range { payload &+= Varint.size(columns.id(of: columns.stackLocations[j])) }
          bytes[at] = 0x0a
          at = storeVarint(UInt64(payload), in: &bytes, at: at &+ 1)
          for j in range { at = storeVarint(columns.id(of: columns.stackLocations[j]), in: &bytes, at: at) }
        } else {
          for j in range {
            bytes[at] = 0x08
            at = storeVarint(columns.id(of: columns.stackLocations[j]), in: &bytes, at: at &+ 1)
          }
        }
      }
      output.count = at
      stacks.ends.append(at)
    }
    stacks.bytes = output.finish()
  }

  private mutating func encodeLabelSets() {
    let hasUnknown = columns.unknownFields.entries.contains { if case .label = $0.owner { true } else { false } }
    var writer = WireWriter()
    for i in 0..<columns.labelSetCount {
      for j in columns.labelRange(LabelSetIndex(i)) {
        let label = columns.labels[j]
        writer.message(3) { writer in
          writer.fieldUnlessZero(1, order.position(label.key))
          writer.fieldUnlessZero(2, order.position(label.str))
          writer.fieldUnlessZero(3, label.num)
          writer.fieldUnlessZero(4, order.position(label.unit))
          if hasUnknown, let unknown = columns.unknownFields[.label(j)] { writer.raw(unknown) }
        }
      }
      labelSets.ends.append(writer.bytes.count)
    }
    labelSets.bytes = writer.bytes
  }
}

/// Bytes that are stored word by word: room is made in pieces that stay in the cache until they are overwritten.
private struct StoreBuffer {
  private var bytes: [UInt8]
  /// How many bytes are written; behind them is room.
  var count: Int

  /// What the stores by word may touch behind the last byte.
  private static let slack = 16
  private let piece: Int

  init(_ head: [UInt8], reserving capacity: Int) {
    bytes = head
    count = head.count
    piece = min(1 << 16, capacity)
    bytes.reserveCapacity(capacity + piece + Self.slack)
  }

  /// Where the room ends.
  var capacity: Int { bytes.count - Self.slack }

  /// Makes room for `size` bytes.
  @inline(__always)
  mutating func makeRoom(_ size: Int) {
    if capacity &- count < size { grow(size) }
  }

  @inline(never)
  private mutating func grow(_ size: Int) {
    let end = count + max(size, piece) + Self.slack
    bytes.append(contentsOf: repeatElement(0, count: end - bytes.count))
  }

  @inline(__always)
  mutating func store(_ body: (inout MutableSpan<UInt8>) -> Void) {
    var span = bytes.mutableSpan
    body(&span)
  }

  mutating func append(_ more: [UInt8]) {
    bytes.removeLast(bytes.count - count)
    bytes.append(contentsOf: more)
    count = bytes.count
  }

  consuming func finish() -> [UInt8] {
    bytes.removeLast(bytes.count - count)
    return bytes
  }
}
