internal import ProfileModel

/// The first line of a heap text: `heap profile: IO: IB [AO: AB] @ TAG/NUMBER`, anywhere in the line, as pprof looks for it.
/// What follows it is not read.
struct HeapTextHeader {
  /// What stands behind `@`, up to its number.
  enum Tag {
    /// Go's, and old servers' of C++.
    case heap
    /// Samples at the rate itself.
    case heapV2
    /// Every allocation: what gperftools dumps.
    case heapProfile
    case growth, fragmentation

    /// Whether only C++ writes it.
    var isCpp: Bool { self != .heap }
  }

  var tag: Tag
  /// The mean distance of two samples; 0 where the tag has no number.
  var period: Int64
  /// Whether the records are samples, to be scaled up.
  var isSampled: Bool
  /// Whether pprof reads the numbers in brackets: it does if they differ from the others and are not zero.
  var hasAlloc: Bool
  /// Whether there are no allocations apart from what is in use: stacks at which the heap grew.
  var hasTwoColumns = false
  /// Where in the line it begins.
  var start: Int
  /// How many objects the records have, as the line says: in use, and allocated at all.
  var objects: (inuse: Int64, alloc: Int64) = (0, 0)

  /// nil where the line is no header that pprof knows.
  init?(_ line: Span<UInt8>) {
    var from = 0
    while let start = Self.find(in: line, from..<line.count) {
      from = start + 1
      var cursor = HeapCursor(line, at: start + 13)
      guard let numbers = cursor.fourNumbers() else { continue }
      let afterNumbers = cursor.at
      if let header = Self(line, cursor, numbers, start: start) {
        self = header
        objects = (
          TextBytes.decimal(line, numbers.inuseObjects) ?? 0, TextBytes.decimal(line, numbers.allocObjects) ?? 0
        )
        return
      }
      for (words, tag) in [(" @ growth" as StaticString, Tag.growth), (" @ fragmentation", .fragmentation)]
      where TextBytes.has(words, line, at: afterNumbers) {
        self.init(tag: tag, period: 1, isSampled: false, hasAlloc: false, hasTwoColumns: true, start: start)
        return
      }
    }
    return nil
  }

  private init(tag: Tag, period: Int64, isSampled: Bool, hasAlloc: Bool, hasTwoColumns: Bool, start: Int) {
    self.tag = tag
    self.period = period
    self.isSampled = isSampled
    self.hasAlloc = hasAlloc
    self.hasTwoColumns = hasTwoColumns
    self.start = start
  }

  /// The tags that begin with `heap`.
  private init?(_ line: Span<UInt8>, _ cursor: consuming HeapCursor, _ numbers: HeapCursor.Numbers, start: Int) {
    var at = TextBytes.run(of: UInt8(ascii: " "), line, from: cursor.at, to: line.count)
    guard at < line.count, line[at] == UInt8(ascii: "@") else { return nil }
    at = TextBytes.run(of: UInt8(ascii: " "), line, from: at + 1, to: line.count)
    let tagStart = at
    guard TextBytes.has("heap", line, at: at) else { return nil }
    while at < line.count, Self.isTag(line[at]) { at += 1 }
    let tag = line.extracting(tagStart..<at)
    if at < line.count, line[at] == UInt8(ascii: "/") { at += 1 }
    let end = TextBytes.digits(line, from: at, to: line.count)
    var number: Int64 = 0
    if end > at {
      guard let value = TextBytes.decimal(line, at..<end) else { return nil }
      number = value
    }
    self.start = start
    hasAlloc = numbers.hasAlloc(line)
    if Self.equal(tag, "heap") {
      (self.tag, period, isSampled) = (.heap, number / 2, true)
    } else if Self.equal(tag, "heap_v2") || Self.equal(tag, "heapz_v2") {
      (self.tag, period, isSampled) = (.heapV2, number, true)
    } else if Self.equal(tag, "heapprofile") {
      (self.tag, period, isSampled) = (.heapProfile, 1, false)
    } else {
      return nil
    }
  }

  /// Where the words of a header stand.
  static func find(in bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
    TextBytes.find("heap profile:", in: bytes, range)
  }

  /// Why the line in `range` is no header, and where.
  static func fault(_ bytes: Span<UInt8>, _ range: Range<Int>) -> (message: String, at: Int) {
    guard let start = find(in: bytes, range) else {
      return ("no heap profile header: it is `heap profile: 1: 16 [2: 32] @ heap/1048576`", range.lowerBound)
    }
    var cursor = HeapCursor(bytes.extracting(0..<range.upperBound), at: start + 13)
    guard let numbers = cursor.fourNumbers(allowsMinus: true, allowsMinusInAlloc: true) else {
      return ("a heap header has four numbers, as in `heap profile: 1: 16 [2: 32] @ heap/1048576`", cursor.at)
    }
    for number in [numbers.inuseObjects, numbers.inuseBytes, numbers.allocObjects, numbers.allocBytes]
    where bytes[number.lowerBound] == UInt8(ascii: "-") {
      return ("a total of a heap header cannot be negative: pprof does not read it", number.lowerBound)
    }
    return ("the header's end names no kind of heap profile: Go's is `@ heap/1048576`", cursor.at)
  }

  private static func isTag(_ byte: UInt8) -> Bool {
    TextBytes.isDigit(byte) || byte == UInt8(ascii: "_") || (byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z"))
  }

  private static func equal(_ tag: Span<UInt8>, _ name: StaticString) -> Bool {
    tag.count == name.utf8CodeUnitCount && TextBytes.has(name, tag, at: 0)
  }
}

/// The four numbers that headers and records have in common.
struct HeapCursor: ~Escapable {
  /// Where the digits of each number stand.
  struct Numbers {
    var inuseObjects: Range<Int>
    var inuseBytes: Range<Int>
    var allocObjects: Range<Int>
    var allocBytes: Range<Int>

    func hasAlloc(_ line: Span<UInt8>) -> Bool {
      func differs(_ alloc: Range<Int>, _ inuse: Range<Int>) -> Bool {
        let isSame =
          alloc.count == inuse.count
          && TextBytes.equal(line, alloc.lowerBound, line, inuse.lowerBound, alloc.count)
        let isZero = alloc.count == 1 && line[alloc.lowerBound] == UInt8(ascii: "0")
        return !isSame && !isZero
      }
      return differs(allocObjects, inuseObjects) || differs(allocBytes, inuseBytes)
    }
  }

  private let line: Span<UInt8>
  var at: Int

  @_lifetime(copy line)
  init(_ line: Span<UInt8>, at: Int) {
    self.line = line
    self.at = at
  }

  /// `IO: IB [AO: AB]`; `at` is then behind the bracket.
  mutating func fourNumbers(allowsMinus: Bool = false, allowsMinusInAlloc: Bool = false) -> Numbers? {
    skipBlanks()
    guard let inuseObjects = number(allowsMinus), take(UInt8(ascii: ":")) else { return nil }
    skipBlanks()
    guard let inuseBytes = number(allowsMinus) else { return nil }
    skipBlanks()
    guard take(UInt8(ascii: "[")) else { return nil }
    skipBlanks()
    guard let allocObjects = number(allowsMinusInAlloc), take(UInt8(ascii: ":")) else { return nil }
    skipBlanks()
    guard let allocBytes = number(allowsMinusInAlloc) else { return nil }
    skipBlanks()
    guard take(UInt8(ascii: "]")) else { return nil }
    return Numbers(
      inuseObjects: inuseObjects, inuseBytes: inuseBytes, allocObjects: allocObjects, allocBytes: allocBytes)
  }

  private mutating func number(_ allowsMinus: Bool) -> Range<Int>? {
    let start = at
    if allowsMinus, at < line.count, line[at] == UInt8(ascii: "-") { at += 1 }
    let first = at
    at = TextBytes.digits(line, from: at, to: line.count)
    return at > first ? start..<at : nil
  }

  private mutating func skipBlanks() { at = TextBytes.run(of: UInt8(ascii: " "), line, from: at, to: line.count) }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard at < line.count, line[at] == byte else { return false }
    at += 1
    return true
  }
}
