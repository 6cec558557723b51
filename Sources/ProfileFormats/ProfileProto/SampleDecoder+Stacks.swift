import ProfileModel
import ProtobufWire

/// A stack's key is its field as google/pprof writes it: packed where it has more than two ids, else one by one, all
/// varints as short as can be. Two stacks then have one key if and only if they have the same ids. What is written otherwise
/// is decoded and its key made up, so that it finds its equal among the others.
extension SampleDecoder {
  /// The stack of fields that stand together.
  mutating func addStack(
    _ bytes: Span<UInt8>, _ range: Range<Int>, _ hash: UInt64
  ) throws(WireError) -> StackIndex {
    if let found = stackKeys.find(hash, range, of: bytes, input: bytes) { return StackIndex(rawValue: found) }
    if try appendPackedStack(bytes, range) {
      stackKeys.insert(hash, range)
      return endStack()
    }
    ids.removeAll(keepingCapacity: true)
    var reader = WireReader(bytes, range)
    while !reader.isAtEnd { try readIDs(try reader.tag(), &reader) }
    guard isKey(bytes, range) else { return addStackOfIDs(bytes) }
    stackKeys.insert(hash, range)
    appendIDs()
    return endStack()
  }

  /// Decodes a new stack that is written as most are: one packed run of more than two ids of up to four bytes, which is its
  /// own key. False, and nothing done, where it is not so.
  @inline(__always)
  private mutating func appendPackedStack(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(WireError) -> Bool {
    if range.count < 5 || bytes[range.lowerBound] != 0x0a { return false }
    var reader = WireReader(bytes, range)
    reader.seek(to: range.lowerBound &+ 1)
    let run = try reader.delimited()
    if run.upperBound != range.upperBound || bytes.count &- run.upperBound < 8 { return false }
    if run.lowerBound &- range.lowerBound != 1 &+ Varint.size(UInt64(run.count)) { return false }
    let before = stackLocations.count
    let isPlain = Self.decode(bytes, run, locations, into: &stackLocations)
    if isPlain, stackLocations.count &- before > 2 { return true }
    stackLocations.removeLast(stackLocations.count &- before)
    return false
  }

  /// Appends the locations of a packed run behind which eight bytes follow. False where an id has more than four bytes, or
  /// more than it needs, or is in no table.
  private static func decode(
    _ bytes: Span<UInt8>, _ run: Range<Int>, _ lookup: IDLookup, into locations: inout [LocationIndex]
  ) -> Bool {
    var isPlain = true
    locations.append(addingCapacity: run.count) { output in
      var at = run.lowerBound
      while at < run.upperBound {
        let word = loadWord(bytes, at: at)
        let stops = ~word & 0x8080_8080
        let size = (stops.trailingZeroBitCount &+ 1) &>> 3
        at &+= size
        let plain = word & (stops ^ (stops &- 1))
        let id =
          plain & 0x7f | plain &>> 1 & 0x3f80 | plain &>> 2 & 0x1f_c000 | plain &>> 3 & 0x0fe0_0000
        let position = lookup.position(id)
        // The last byte of a varint of two or more is not 0. No stop: then `size` is 8, and the run ends there too.
        let isShort = size == 1 || id &>> UInt64(7 &* (size &- 1)) != 0
        if stops == 0 || !isShort || at > run.upperBound || position == .max {
          isPlain = false
          return
        }
        output.append(LocationIndex(rawValue: position))
      }
    }
    return isPlain
  }

  /// Appends to `ids`. The tag has been read.
  @_lifetime(reader: copy reader)
  mutating func readIDs(_ tag: FieldTag, _ reader: inout WireReader) throws(WireError) {
    if tag.type == .varint {
      ids.append(try reader.varint())
    } else {
      var run = try reader.message()
      while !run.isAtEnd { ids.append(try run.varint()) }
    }
  }

  /// The stack of `ids`, in whatever form they were found.
  @inline(never)
  mutating func addStackOfIDs(_ bytes: Span<UInt8>) -> StackIndex {
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
    appendIDs()
    return endStack()
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

  private mutating func appendIDs() {
    for id in ids {
      let position = locations.position(id)
      if position == .max { isInvalid = true }
      stackLocations.append(LocationIndex(rawValue: position))
    }
  }

  /// What was appended since the last stack is one.
  private mutating func endStack() -> StackIndex {
    stackOffsets.append(stackLocations.count)
    return StackIndex(stackOffsets.count - 2)
  }
}
