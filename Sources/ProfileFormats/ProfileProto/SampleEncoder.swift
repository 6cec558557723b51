import ProfileModel
import ProtobufWire

/// Writes the samples. A stack and a label set are encoded where they come first; each later sample copies them from there,
/// in the output itself, so that no second copy is held.
struct SampleEncoder {
  /// A run of fields that many samples have in common.
  private struct Shared {
    /// Where it stands in the output; −1 until it does.
    var at = -1
    var size = 0
  }

  private let columns: ProfileColumns
  private let order: StringOrder
  private var stacks: [Shared]
  private var labelSets: [Shared]
  /// Where in the unknown fields those of the samples begin.
  private var unknownAt = 0
  private let hasUnknownLabels: Bool

  init(_ columns: ProfileColumns, _ order: StringOrder) {
    self.columns = columns
    self.order = order
    stacks = [Shared](repeating: Shared(), count: columns.stackCount)
    labelSets = [Shared](repeating: Shared(), count: columns.labelSetCount)
    var hasUnknownLabels = false
    for entry in columns.unknownFields.entries {
      if case .label = entry.owner { hasUnknownLabels = true }
    }
    self.hasUnknownLabels = hasUnknownLabels
    for i in 0..<columns.stackCount { stacks[i].size = stackSize(StackIndex(i)) }
    for i in 0..<columns.labelSetCount { labelSets[i].size = labelSetSize(LabelSetIndex(i)) }
  }

  /// All samples, behind `head`; room is reserved for `more` bytes to be appended.
  mutating func encode(behind head: [UInt8], reserving more: Int) -> [UInt8] {
    let count = columns.sampleCount
    var total = head.count
    skipToSamples()
    for i in 0..<count {
      let size = sampleSize(i)
      total += 1 + Varint.size(UInt64(size)) + size
      if unknownOfSample(i) != nil { unknownAt += 1 }
    }
    skipToSamples()

    // What the stores by word may touch behind the last byte.
    let slack = 28
    // Bytes are made in pieces that stay in the cache until they are overwritten.
    let window = min(1 << 16, total + slack)
    var output = head
    output.reserveCapacity(total + more + window + slack)
    var at = output.count
    var next = 0
    while next < count {
      let need = sampleSize(next) + slack
      let end = max(output.count, at + max(window, need))
      output.append(contentsOf: repeatElement(0, count: end - output.count))
      write(&next, until: count, to: &output, at: &at)
    }
    output.removeLast(output.count - at)
    return output
  }

  /// Writes samples as long as there is room.
  private mutating func write(_ next: inout Int, until count: Int, to output: inout [UInt8], at: inout Int) {
    var bytes = output.mutableSpan
    while next < count {
      let size = sampleSize(next)
      if bytes.count &- at < size &+ 28 { return }
      bytes[at] = 0x12
      at = storeVarint(UInt64(size), in: &bytes, at: at &+ 1)
      let stack = columns.sampleStacks[next].position
      if stacks[stack].at >= 0 {
        at = copyWords(from: stacks[stack].at, count: stacks[stack].size, in: &bytes, to: at)
      } else {
        stacks[stack].at = at
        at = writeStack(StackIndex(stack), to: &bytes, at: at)
      }
      at = writeValues(next, to: &bytes, at: at)
      let set = columns.sampleLabels[next].position
      if set != 0 {
        if labelSets[set].at >= 0 {
          at = copyWords(from: labelSets[set].at, count: labelSets[set].size, in: &bytes, to: at)
        } else {
          labelSets[set].at = at
          at = writeLabels(LabelSetIndex(set), to: &bytes, at: at)
        }
      }
      if let unknown = unknownOfSample(next) {
        for byte in unknown {
          bytes[at] = byte
          at &+= 1
        }
        unknownAt += 1
      }
      next &+= 1
    }
  }
}

// How many bytes things take.
extension SampleEncoder {
  private mutating func skipToSamples() {
    unknownAt = 0
    let entries = columns.unknownFields.entries
    while unknownAt < entries.count, entries[unknownAt].owner < .sample(0) { unknownAt += 1 }
  }

  /// The unknown fields of the sample that is at hand.
  @inline(__always)
  private func unknownOfSample(_ sample: Int) -> [UInt8]? {
    let entries = columns.unknownFields.entries
    guard unknownAt < entries.count, entries[unknownAt].owner == .sample(sample) else { return nil }
    return entries[unknownAt].bytes
  }

  @inline(__always)
  private func sampleSize(_ sample: Int) -> Int {
    var size = stacks[columns.sampleStacks[sample].position].size
    size &+= labelSets[columns.sampleLabels[sample].position].size
    size &+= valuesSize(sample)
    if let unknown = unknownOfSample(sample) { size &+= unknown.count }
    return size
  }

  @inline(__always)
  private func valuesSize(_ sample: Int) -> Int {
    let payload = valuesPayload(sample)
    let count = columns.sampleTypes.count
    return count > 2 ? 1 &+ Varint.size(UInt64(payload)) &+ payload : payload &+ count
  }

  @inline(__always)
  private func valuesPayload(_ sample: Int) -> Int {
    var size = 0
    for i in columns.valueRange(sample) { size &+= Varint.size(columns.values[i]) }
    return size
  }

  private func stackSize(_ stack: StackIndex) -> Int {
    let range = columns.stackRange(stack)
    let payload = stackPayload(range)
    return range.count > 2 ? 1 + Varint.size(UInt64(payload)) + payload : payload + range.count
  }

  private func stackPayload(_ range: Range<Int>) -> Int {
    var size = 0
    for i in range { size &+= Varint.size(columns.id(of: columns.stackLocations[i])) }
    return size
  }

  private func labelSetSize(_ set: LabelSetIndex) -> Int {
    var size = 0
    for i in columns.labelRange(set) {
      let content = labelSize(i)
      size += 1 + Varint.size(UInt64(content)) + content
    }
    return size
  }

  private func labelSize(_ index: Int) -> Int {
    let label = columns.labels[index]
    var size = 0
    for field in [
      order.position(label.key), order.position(label.str), UInt64(bitPattern: label.num), order.position(label.unit),
    ] where field != 0 {
      size += 1 + Varint.size(field)
    }
    if hasUnknownLabels, let unknown = columns.unknownFields[.label(index)] { size += unknown.count }
    return size
  }
}

// The parts of a sample. Each returns where the next byte goes.
extension SampleEncoder {
  @_lifetime(bytes: copy bytes)
  private func writeStack(_ stack: StackIndex, to bytes: inout MutableSpan<UInt8>, at start: Int) -> Int {
    let range = columns.stackRange(stack)
    var at = start
    if range.count > 2 {
      bytes[at] = 0x0a
      at = storeVarint(UInt64(stackPayload(range)), in: &bytes, at: at &+ 1)
      for i in range { at = storeVarint(columns.id(of: columns.stackLocations[i]), in: &bytes, at: at) }
    } else {
      for i in range {
        bytes[at] = 0x08
        at = storeVarint(columns.id(of: columns.stackLocations[i]), in: &bytes, at: at &+ 1)
      }
    }
    return at
  }

  @inline(__always) @_lifetime(bytes: copy bytes)
  private func writeValues(_ sample: Int, to bytes: inout MutableSpan<UInt8>, at start: Int) -> Int {
    let range = columns.valueRange(sample)
    var at = start
    if range.count > 2 {
      bytes[at] = 0x12
      at = storeVarint(UInt64(valuesPayload(sample)), in: &bytes, at: at &+ 1)
      for i in range { at = storeVarint(UInt64(bitPattern: columns.values[i]), in: &bytes, at: at) }
    } else {
      for i in range {
        bytes[at] = 0x10
        at = storeVarint(UInt64(bitPattern: columns.values[i]), in: &bytes, at: at &+ 1)
      }
    }
    return at
  }

  @_lifetime(bytes: copy bytes)
  private func writeLabels(_ set: LabelSetIndex, to bytes: inout MutableSpan<UInt8>, at start: Int) -> Int {
    var at = start
    for i in columns.labelRange(set) {
      let label = columns.labels[i]
      bytes[at] = 0x1a
      at = storeVarint(UInt64(labelSize(i)), in: &bytes, at: at &+ 1)
      at = writeField(0x08, order.position(label.key), to: &bytes, at: at)
      at = writeField(0x10, order.position(label.str), to: &bytes, at: at)
      at = writeField(0x18, UInt64(bitPattern: label.num), to: &bytes, at: at)
      at = writeField(0x20, order.position(label.unit), to: &bytes, at: at)
      if hasUnknownLabels, let unknown = columns.unknownFields[.label(i)] {
        for byte in unknown {
          bytes[at] = byte
          at &+= 1
        }
      }
    }
    return at
  }

  @_lifetime(bytes: copy bytes)
  private func writeField(_ tag: UInt8, _ value: UInt64, to bytes: inout MutableSpan<UInt8>, at: Int) -> Int {
    if value == 0 { return at }
    bytes[at] = tag
    return storeVarint(value, in: &bytes, at: at &+ 1)
  }
}
