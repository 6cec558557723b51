import ProfileModel

/// Why a block cannot be. The text above it then stands alone.
struct CarryFault: Error {
  var message: String
  init(_ message: String) { self.message = message }
}

/// Reads the items of one section. All of it is hostile input.
struct CarryCursor {
  let section: CarryBlock.Section
  private let bytes: [UInt8]
  private var at = 0

  init(_ section: CarryBlock.Section, _ bytes: [UInt8]) {
    self.section = section
    self.bytes = bytes
  }

  func fault(_ message: String) -> CarryFault { CarryFault("\(section.rawValue): \(message)") }

  var isAtEnd: Bool {
    mutating get {
      skipBlanks()
      return at >= bytes.count
    }
  }

  private mutating func skipBlanks() { while at < bytes.count, bytes[at] == UInt8(ascii: " ") { at += 1 } }

  /// The byte at hand, without taking it; 0 at the end.
  var peek: UInt8 { at < bytes.count ? bytes[at] : 0 }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard at < bytes.count, bytes[at] == UInt8(ascii: character) else { return false }
    at += 1
    return true
  }

  /// An item must end here.
  func expectEnd() throws(CarryFault) {
    if at < bytes.count, bytes[at] != UInt8(ascii: " ") { throw fault("an item does not end where it should") }
  }

  mutating func end() throws(CarryFault) { if !isAtEnd { throw fault("too many items") } }

  // MARK: Numbers

  /// Digits, perhaps behind a minus or `0x`. A negative number is given as its two's complement.
  mutating func digits() throws(CarryFault) -> UInt64 {
    let isNegative = take("-")
    if !isNegative, at + 1 < bytes.count, bytes[at] == 0x30, bytes[at + 1] == UInt8(ascii: "x") {
      return try hexadecimal()
    }
    let start = at
    var value: UInt64 = 0
    while at < bytes.count, case let digit = bytes[at] &- 0x30, digit < 10 {
      let (tens, tooMany) = value.multipliedReportingOverflow(by: 10)
      let (next, tooLarge) = tens.addingReportingOverflow(UInt64(digit))
      if tooMany || tooLarge { throw fault("a number beyond 64 bits") }
      value = next
      at += 1
    }
    if at == start { throw fault("no number where one must be") }
    if !isNegative { return value }
    if value > Int64.min.magnitude { throw fault("a number beyond 64 bits") }
    return 0 &- value
  }

  private mutating func hexadecimal() throws(CarryFault) -> UInt64 {
    at += 2
    let start = at
    var value: UInt64 = 0
    while at < bytes.count, let digit = Self.hexDigit(bytes[at]) {
      if value >> 60 != 0 { throw fault("a number beyond 64 bits") }
      value = value << 4 | UInt64(digit)
      at += 1
    }
    if at == start { throw fault("no number where one must be") }
    return value
  }

  static func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    default: nil
    }
  }

  mutating func number() throws(CarryFault) -> UInt64 {
    skipBlanks()
    let value = try digits()
    try expectEnd()
    return value
  }

  mutating func signed() throws(CarryFault) -> Int64 { Int64(bitPattern: try number()) }

  /// A number from `low` to `high`.
  mutating func number(in range: ClosedRange<Int>) throws(CarryFault) -> Int {
    let value = try number()
    guard value <= UInt64(Int.max), range.contains(Int(value)) else { throw fault("\(value) is out of range") }
    return Int(value)
  }

  // MARK: Runs

  /// `count` times the same, or rising by 1; no value for the default.
  struct Run {
    var first: UInt64?
    var count: Int
    var isRising: Bool
  }

  /// The next run of a column of which `left` entries are open.
  mutating func run(left: Int) throws(CarryFault) -> Run {
    skipBlanks()
    if take("=") {
      let count = try times(left: left)
      return Run(first: nil, count: count, isRising: false)
    }
    let first = try digits()
    if take(".") {
      guard take(".") else { throw fault("a single dot") }
      let last = try digits()
      // Signed and unsigned runs are one thing in two's complement.
      let more = last &- first
      guard more < UInt64(Int.max), Int(more) < left else { throw fault("more entries than the table has") }
      try expectEnd()
      return Run(first: first, count: Int(more) + 1, isRising: true)
    }
    return Run(first: first, count: try times(left: left), isRising: false)
  }

  /// `*30` behind an item; 1 where nothing stands.
  mutating func times(left: Int) throws(CarryFault) -> Int {
    var count = 1
    if take("*") {
      let value = try digits()
      guard value <= UInt64(Int.max) else { throw fault("more entries than the table has") }
      count = Int(value)
    }
    try expectEnd()
    guard count > 0, count <= left else { throw fault("more entries than the table has") }
    return count
  }

  /// Walks a column of `count` entries: `body` gets the entries that have a number.
  mutating func column(_ count: Int, _ body: (Int, UInt64) throws(CarryFault) -> Void) throws(CarryFault) {
    var entry = 0
    while !isAtEnd, peek != UInt8(ascii: ";") {
      let run = try run(left: count - entry)
      if let first = run.first {
        for i in 0..<run.count { try body(entry + i, run.isRising ? first &+ UInt64(i) : first) }
      }
      entry += run.count
    }
  }

  // MARK: Strings

  /// The bytes of a quoted string, continuations included.
  mutating func quoted() throws(CarryFault) -> [UInt8] {
    var string: [UInt8] = []
    repeat {
      skipBlanks()
      guard take("\"") else { throw fault("no string where one must be") }
      while true {
        guard at < bytes.count else { throw fault("a string without an end") }
        let byte = bytes[at]
        at += 1
        if byte == UInt8(ascii: "\"") { break }
        string.append(byte == UInt8(ascii: "\\") ? try escaped() : byte)
      }
    } while take("+")
    return string
  }

  private mutating func escaped() throws(CarryFault) -> UInt8 {
    let byte = peek
    at += 1
    switch byte {
    case UInt8(ascii: "n"): return 0x0a
    case UInt8(ascii: "t"): return 0x09
    case UInt8(ascii: "r"): return 0x0d
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): return byte
    case UInt8(ascii: "x"):
      guard at + 1 < bytes.count, let high = Self.hexDigit(bytes[at]), let low = Self.hexDigit(bytes[at + 1]) else {
        throw fault("an escape that is none")
      }
      at += 2
      return high << 4 | low
    default: throw fault("an escape that is none")
    }
  }

  /// Bytes in hex, continuations included.
  mutating func hexBytes() throws(CarryFault) -> [UInt8] {
    var data: [UInt8] = []
    repeat {
      skipBlanks()
      while at + 1 < bytes.count, let high = Self.hexDigit(bytes[at]), let low = Self.hexDigit(bytes[at + 1]) {
        data.append(high << 4 | low)
        at += 2
      }
    } while take("+")
    try expectEnd()
    return data
  }

  /// Letters, digits and dashes, up to a blank.
  mutating func word() throws(CarryFault) -> String {
    skipBlanks()
    let start = at
    while at < bytes.count, bytes[at] != UInt8(ascii: " ") { at += 1 }
    if at == start { throw fault("no word where one must be") }
    return String(decoding: bytes[start..<at], as: UTF8.self)
  }
}
