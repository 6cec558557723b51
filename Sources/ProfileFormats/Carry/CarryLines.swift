import Gzip
import ProfileModel

/// Lines of a block: items are put one behind the other and broken into lines of a readable length, far below the 64 KiB
/// that pprof reads.
struct CarryLines {
  private static let maxLine = 4000
  /// A string longer than this is broken.
  private static let maxPiece = 2000

  private(set) var bytes: [UInt8] = []
  private var section = CarryBlock.Section.time
  /// Where the current line begins; nil where the next item opens one.
  private var lineStart: Int?
  private var checksum: UInt32 = 0
  /// The item that is being made.
  private var item: [UInt8] = []

  /// What follows is data of `section`, on a line of its own.
  mutating func begin(_ section: CarryBlock.Section) {
    endLine()
    self.section = section
  }

  mutating func finish(checksum text: UInt32) -> [UInt8] {
    endLine()
    var block: [UInt8] = []
    block.append(contentsOf: "\(CarryBlock.prefix)\(CarryBlock.version) crc32=\(Self.hex(text))\n".utf8)
    block.append(contentsOf: bytes)
    block.append(contentsOf: "\(CarryBlock.prefix)end crc32=\(Self.hex(checksum))\n".utf8)
    return block
  }

  private static func hex(_ value: UInt32) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }

  // MARK: Items

  mutating func word(_ text: String) {
    item.append(contentsOf: text.utf8)
    endItem()
  }

  mutating func number(_ value: Int) {
    item.appendDecimal(Int64(value))
    endItem()
  }

  mutating func number(_ value: Int64) {
    item.appendDecimal(value)
    endItem()
  }

  mutating func hex(_ value: UInt64) {
    appendHex(value)
    endItem()
  }

  /// An item made piece by piece: `append…`, then ``endItem()``.
  mutating func append(_ byte: Character) { if let ascii = byte.asciiValue { item.append(ascii) } }
  mutating func append(_ text: String) { item.append(contentsOf: text.utf8) }
  mutating func appendDecimal(_ value: Int64) { item.appendDecimal(value) }
  mutating func appendDecimal(_ value: UInt64) { item.appendDecimal(value) }
  mutating func appendHex(_ value: UInt64) {
    if value > 9 { append("0x") }
    item.appendHex(value)
  }

  /// A quoted string, broken into several items where it is long.
  mutating func appendQuoted(_ string: Span<UInt8>) {
    append("\"")
    var at = 0
    while at < string.count {
      if item.count > Self.maxPiece {
        append("\"+")
        endItem()
        append("\"")
      }
      let length = PrintableName.validLength(string, at)
      if length > 1 {
        for i in 0..<length { item.append(string[at + i]) }
      } else {
        appendEscaped(string[at], after: at == 0 ? 0 : string[at - 1])
      }
      at += max(1, length)
    }
    append("\"")
  }

  private mutating func appendEscaped(_ byte: UInt8, after previous: UInt8) {
    switch byte {
    case UInt8(ascii: "\""): append("\\\"")
    case UInt8(ascii: "\\"): append("\\\\")
    case 0x0a: append("\\n")
    case 0x09: append("\\t")
    case 0x0d: append("\\r")
    // A line that begins `…:12] `, without a bracket before, looks like a log line's to pprof, which drops that and reads
    // the rest as a mapping.
    case UInt8(ascii: "]") where previous &- 0x30 < 10 && !item.contains(UInt8(ascii: "[")): append("\\x5d")
    case 0x20..<0x7f: item.append(byte)
    default:
      append("\\x")
      for digit in [byte >> 4, byte & 15] { item.append(digit < 10 ? 0x30 + digit : 0x57 + digit) }
    }
  }

  /// Bytes in hex, broken like a string.
  mutating func hexBytes(_ data: [UInt8]) {
    for byte in data {
      if item.count > Self.maxPiece {
        append("+")
        endItem()
      }
      for digit in [byte >> 4, byte & 15] { item.append(digit < 10 ? 0x30 + digit : 0x57 + digit) }
    }
    endItem()
  }

  mutating func endItem() {
    if let start = lineStart, bytes.count - start + item.count > Self.maxLine { endLine() }
    if lineStart == nil {
      lineStart = bytes.count
      bytes.append(contentsOf: CarryBlock.prefix.utf8)
      bytes.append(contentsOf: section.rawValue.utf8)
    }
    bytes.append(UInt8(ascii: " "))
    bytes.append(contentsOf: item)
    item.removeAll(keepingCapacity: true)
  }

  private mutating func endLine() {
    guard let start = lineStart else { return }
    bytes.append(UInt8(ascii: "\n"))
    checksum = Gzip.crc32(checksum, bytes.span.extracting((start + CarryBlock.prefix.utf8.count)..<bytes.count))
    lineStart = nil
  }
}

/// Writes a column as runs. Nothing at all is written where every entry has its default.
struct CarryColumn {
  enum Notation { case decimal, signed, hex }

  private let notation: Notation
  /// The run that is open: `count` of `first`, or rising by 1 from it.
  private var first: UInt64 = 0
  private var count = 0
  private var isRising = false
  /// Defaults that are written only if something follows.
  private var defaults = 0

  init(_ notation: Notation = .decimal) { self.notation = notation }

  mutating func addDefault(to lines: inout CarryLines) {
    if count > 0 { flush(to: &lines) }
    defaults += 1
  }

  mutating func add(_ value: UInt64, to lines: inout CarryLines) {
    if count == 1, value == first || value == first &+ 1 {
      isRising = value != first
      count = 2
      return
    }
    if count > 1, value == (isRising ? first &+ UInt64(count) : first) {
      count += 1
      return
    }
    if count > 0 { flush(to: &lines) }
    if defaults > 0 {
      lines.append("=")
      if defaults > 1 {
        lines.append("*")
        lines.appendDecimal(UInt64(defaults))
      }
      lines.endItem()
      defaults = 0
    }
    first = value
    count = 1
    isRising = false
  }

  mutating func add(_ value: Int64, to lines: inout CarryLines) { add(UInt64(bitPattern: value), to: &lines) }
  mutating func add(_ value: Int, to lines: inout CarryLines) { add(UInt64(bitPattern: Int64(value)), to: &lines) }

  mutating func finish(to lines: inout CarryLines) {
    if count > 0 { flush(to: &lines) }
    defaults = 0
  }

  private mutating func flush(to lines: inout CarryLines) {
    // Across the border of its range a run is not what a reader counts: there the two are separate.
    let last = first &+ UInt64(count - 1)
    let wraps = notation == .signed ? Int64(bitPattern: last) < Int64(bitPattern: first) : last < first
    if isRising, count == 2 || wraps {
      for i in 0..<count {
        append(first &+ UInt64(i), to: &lines)
        lines.endItem()
      }
    } else {
      append(first, to: &lines)
      if count > 1 {
        lines.append(isRising ? ".." : "*")
        if isRising { append(last, to: &lines) } else { lines.appendDecimal(UInt64(count)) }
      }
      lines.endItem()
    }
    count = 0
    isRising = false
  }

  private func append(_ value: UInt64, to lines: inout CarryLines) {
    switch notation {
    case .decimal: lines.appendDecimal(value)
    case .signed: lines.appendDecimal(Int64(bitPattern: value))
    case .hex: lines.appendHex(value)
    }
  }
}
