internal import ProfileModel

/// The numbers of a record line, `IO: IB [AO: AB] @`, and where its addresses begin.
struct HeapTextRecord {
  var values: HeapValues
  var addresses: Int
  /// Whether anything stands before the numbers.
  var hasJunkBefore = false

  /// The line as Go prints it, with four numbers of at most 18 digits; nil for any other, which ``init(odd:hasAlloc:isGrouped:)``
  /// looks at more closely.
  @inline(__always)
  init?(plain line: Span<UInt8>) {
    var at = 0
    guard let inuseObjects = Self.number(line, &at), Self.take(0x3a, 0x20, line, &at),
      let inuseBytes = Self.number(line, &at), Self.take(0x20, 0x5b, line, &at),
      let allocObjects = Self.number(line, &at), Self.take(0x3a, 0x20, line, &at),
      let allocBytes = Self.number(line, &at), Self.take(0x5d, 0x20, line, &at), at < line.count, line[at] == 0x40
    else { return nil }
    addresses = at + 1
    values = HeapValues(
      allocObjects: allocObjects, allocBytes: allocBytes, inuseObjects: inuseObjects, inuseBytes: inuseBytes)
    if (inuseObjects == 0 && inuseBytes != 0) || (allocObjects == 0 && allocBytes != 0) { return nil }
  }

  @inline(__always)
  private static func number(_ line: Span<UInt8>, _ at: inout Int) -> Int64? {
    let start = at
    var value: Int64 = 0
    while at < line.count, case let digit = line[at] &- 0x30, digit < 10 {
      value = value &* 10 &+ Int64(digit)
      at &+= 1
    }
    return at > start && at &- start <= 18 ? value : nil
  }

  @inline(__always)
  private static func take(_ a: UInt8, _ b: UInt8, _ line: Span<UInt8>, _ at: inout Int) -> Bool {
    guard at &+ 1 < line.count, line[at] == a, line[at &+ 1] == b else { return false }
    at &+= 2
    return true
  }

  /// What is wrong with a record, and where in the line.
  struct Fault: Error {
    var message: String
    var at: Int
  }

  /// The line as pprof reads it: the numbers may stand anywhere in it, in-use ones may be negative. nil: no record.
  ///
  /// - Parameter hasAlloc: whether pprof reads the numbers in brackets. Where it does not, they may be anything: what makes
  ///   no sense becomes 0.
  /// - Parameter isGrouped: our grouped text has numbers that pprof does not read: what is allocated may be negative, and
  ///   there may be bytes without objects, where profiles were subtracted.
  init?(odd line: Span<UInt8>, hasAlloc: Bool, isGrouped: Bool = false) throws(Fault) {
    var start = 0
    while start < line.count {
      let byte = line[start]
      guard byte == UInt8(ascii: "-") || TextBytes.isDigit(byte) else {
        start += 1
        continue
      }
      var cursor = HeapCursor(line, at: start)
      if let numbers = cursor.fourNumbers(allowsMinus: true, allowsMinusInAlloc: isGrouped),
        TextBytes.has(" @", line, at: cursor.at)
      {
        addresses = cursor.at + 2
        hasJunkBefore = start > 0
        let inuse = try Self.pair(line, numbers.inuseObjects, numbers.inuseBytes, "in-use", isGrouped)
        do {
          let alloc = try Self.pair(line, numbers.allocObjects, numbers.allocBytes, "allocated", isGrouped)
          values = HeapValues(
            allocObjects: alloc.0, allocBytes: alloc.1, inuseObjects: inuse.0, inuseBytes: inuse.1)
        } catch {
          if hasAlloc { throw error }
          values = HeapValues(allocObjects: 0, allocBytes: 0, inuseObjects: inuse.0, inuseBytes: inuse.1)
        }
        return
      }
      // The other digits of this number would do no better.
      start = max(start + 1, TextBytes.digits(line, from: start, to: line.count))
    }
    return nil
  }

  private static func pair(
    _ line: Span<UInt8>, _ objects: Range<Int>, _ bytes: Range<Int>, _ name: String, _ isGrouped: Bool
  ) throws(Fault) -> (Int64, Int64) {
    guard let count = TextBytes.decimal(line, objects) else {
      throw Fault(message: "the number of \(name) objects does not fit in 64 bits", at: objects.lowerBound)
    }
    guard let size = TextBytes.decimal(line, bytes) else {
      throw Fault(message: "the number of \(name) bytes does not fit in 64 bits", at: bytes.lowerBound)
    }
    if count == 0, size != 0, !isGrouped {
      throw Fault(message: "\(size) \(name) bytes in 0 objects", at: bytes.lowerBound)
    }
    return (count, size)
  }
}
