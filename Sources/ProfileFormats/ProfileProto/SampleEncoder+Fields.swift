import ProfileModel
import ProtobufWire

// How many bytes the parts of a sample take, and their bytes. What writes returns where the next byte goes.
extension SampleEncoder {
  @inline(__always)
  func valuesPayload(_ sample: Int) -> Int {
    let count = columns.sampleTypes.count
    var size = 0
    for i in sample &* count..<(sample &+ 1) &* count { size &+= Varint.size(columns.values[i]) }
    return size
  }

  func stackSize(_ stack: Int) -> Int {
    let range = columns.stackOffsets[stack]..<columns.stackOffsets[stack &+ 1]
    let payload = stackPayload(range)
    return range.count > 2 ? 1 &+ Varint.size(UInt64(payload)) &+ payload : payload &+ range.count
  }

  private func stackPayload(_ range: Range<Int>) -> Int {
    var size = 0
    if let ids = columns.locationIDs {
      for i in range { size &+= Varint.size(ids[columns.stackLocations[i].position]) }
    } else {
      for i in range { size &+= Varint.size(UInt64(columns.stackLocations[i].rawValue) &+ 1) }
    }
    return size
  }

  func labelSetSize(_ set: Int) -> Int {
    var size = 0
    for i in columns.labelOffsets[set]..<columns.labelOffsets[set &+ 1] {
      let content = labelSize(i)
      size &+= 1 &+ Varint.size(UInt64(content)) &+ content
    }
    return size
  }

  private func labelSize(_ index: Int) -> Int {
    let label = columns.labels[index]
    var size = fieldSize(order.position(label.key)) &+ fieldSize(order.position(label.str))
    size &+= fieldSize(UInt64(bitPattern: label.num)) &+ fieldSize(order.position(label.unit))
    if hasUnknownLabels, let unknown = columns.unknownFields[.label(index)] { size &+= unknown.count }
    return size
  }

  @inline(__always)
  private func fieldSize(_ value: UInt64) -> Int { value == 0 ? 0 : 1 &+ Varint.size(value) }

  @_lifetime(bytes: copy bytes)
  func encodeStack(_ stack: Int, to bytes: inout MutableSpan<UInt8>, at start: Int) -> Int {
    let range = columns.stackOffsets[stack]..<columns.stackOffsets[stack &+ 1]
    let isPacked = range.count > 2
    var at = start
    if isPacked {
      bytes[at] = 0x0a
      at = storeVarint(UInt64(stackPayload(range)), in: &bytes, at: at &+ 1)
    }
    for i in range {
      let position = columns.stackLocations[i].position
      let id = columns.locationIDs?[position] ?? UInt64(position) &+ 1
      if !isPacked {
        bytes[at] = 0x08
        at &+= 1
      }
      at = id < 1 << 28 ? storeShortVarint(id, in: &bytes, at: at) : storeVarint(id, in: &bytes, at: at)
    }
    return at
  }

  @inline(__always) @_lifetime(bytes: copy bytes)
  func writeValues(_ sample: Int, payload: Int, to bytes: inout MutableSpan<UInt8>, at start: Int) -> Int {
    let count = columns.sampleTypes.count
    let range = sample &* count..<(sample &+ 1) &* count
    var at = start
    if count > 2 {
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

  @_lifetime(bytes: copy bytes)
  func encodeLabels(_ set: Int, to bytes: inout MutableSpan<UInt8>, at start: Int) -> Int {
    var at = start
    for i in columns.labelOffsets[set]..<columns.labelOffsets[set &+ 1] {
      let label = columns.labels[i]
      bytes[at] = 0x1a
      at = storeVarint(UInt64(labelSize(i)), in: &bytes, at: at &+ 1)
      at = writeField(0x08, order.position(label.key), to: &bytes, at: at)
      at = writeField(0x10, order.position(label.str), to: &bytes, at: at)
      at = writeField(0x18, UInt64(bitPattern: label.num), to: &bytes, at: at)
      at = writeField(0x20, order.position(label.unit), to: &bytes, at: at)
      if hasUnknownLabels, let unknown = columns.unknownFields[.label(i)] {
        at = store(unknown, in: &bytes, at: at)
      }
    }
    return at
  }

  @inline(__always) @_lifetime(bytes: copy bytes)
  private func writeField(_ tag: UInt8, _ value: UInt64, to bytes: inout MutableSpan<UInt8>, at: Int) -> Int {
    if value == 0 { return at }
    bytes[at] = tag
    return storeVarint(value, in: &bytes, at: at &+ 1)
  }

  @_lifetime(bytes: copy bytes)
  func store(_ fields: [UInt8], in bytes: inout MutableSpan<UInt8>, at start: Int) -> Int {
    var at = start
    for byte in fields {
      bytes[at] = byte
      at &+= 1
    }
    return at
  }
}
