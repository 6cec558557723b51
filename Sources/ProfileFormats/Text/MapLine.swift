/// One line of a memory map, taken apart as pprof's two patterns do it: that of /proc first, then the brief one. Both want
/// only a range of addresses and take of the rest what they know, wherever they have to stop.
struct MapLine {
  var start: Range<Int>
  var limit: Range<Int>
  var permissions: Range<Int>?
  var offset: Range<Int>?
  var file: Range<Int>?
  var buildID: Range<Int>?
  private var isPermitted = true

  /// A line without permissions counts as executable.
  var isExecutable: Bool { isPermitted }

  init?(_ line: Span<UInt8>) {
    for splitsDigits in [false, true] {
      if let (start, limit, end) = Self.addresses(line, splitsDigits: splitsDigits) {
        self.start = start
        self.limit = limit
        if readProc(line, from: end) {
          notePermissions(line)
          return
        }
      }
    }
    for splitsDigits in [false, true] {
      if let (start, limit, end) = Self.addresses(line, splitsDigits: splitsDigits) {
        self.start = start
        self.limit = limit
        readBrief(line, from: end)
        notePermissions(line)
        return
      }
    }
    return nil
  }

  /// Two hexadecimal numbers with `-` or a blank between them, or none: then the last digit is the second number.
  private static func addresses(_ line: Span<UInt8>, splitsDigits: Bool) -> (Range<Int>, Range<Int>, Int)? {
    let first = number(line, skipBlanks(line, 0))
    guard var start = first else { return nil }
    var at = start.upperBound
    if splitsDigits {
      guard start.count > 1 else { return nil }
      at -= 1
      start = start.lowerBound..<at
    } else if at < line.count, line[at] == UInt8(ascii: "-") || TextBytes.isBlank(line[at]) {
      at += 1
    }
    guard let limit = number(line, skipBlanks(line, at)) else { return nil }
    at = limit.upperBound
    if at < line.count, line[at] == UInt8(ascii: ":") { at += 1 }
    return (start, limit, at)
  }

  /// `PERM OFFSET DEV INODE PATH`, of which device and inode must be there.
  private mutating func readProc(_ line: Span<UInt8>, from at: Int) -> Bool {
    let permissions = Self.token(line, at, Self.isPermission)
    let afterPermissions = permissions?.upperBound ?? at
    let offset = Self.token(line, afterPermissions, Self.isHex)
    var found: (Range<Int>?, Int)?
    if let offset, let end = Self.deviceAndInode(line, offset.upperBound) {
      found = (offset, end)
    } else if let end = Self.deviceAndInode(line, afterPermissions) {
      found = (nil, end)
    }
    guard let found else { return false }
    self.permissions = permissions
    self.offset = found.0
    file = Self.token(line, found.1) { !TextBytes.isBlank($0) }
    return true
  }

  private mutating func readBrief(_ line: Span<UInt8>, from at: Int) {
    var at = at
    permissions = Self.token(line, at, Self.isPermission)
    at = permissions?.upperBound ?? at
    file = Self.token(line, at) { !TextBytes.isBlank($0) }
    at = file?.upperBound ?? at
    let open = Self.skipBlanks(line, at)
    if open > at, TextBytes.has("(@", line, at: open) {
      let end = TextBytes.hexDigits(line, from: open + 2, to: line.count)
      if end > open + 2, end < line.count, line[end] == UInt8(ascii: ")") {
        offset = open + 2..<end
        at = end + 1
      }
    }
    buildID = Self.token(line, at, Self.isHex)
  }

  private mutating func notePermissions(_ line: Span<UInt8>) {
    guard let permissions else { return }
    isPermitted = false
    for at in permissions where line[at] == UInt8(ascii: "x") { isPermitted = true }
  }

  /// Blanks and a run of what fits; nil where one of the two is missing.
  private static func token(_ line: Span<UInt8>, _ at: Int, _ fits: (UInt8) -> Bool) -> Range<Int>? {
    let start = skipBlanks(line, at)
    guard start > at else { return nil }
    var end = start
    while end < line.count, fits(line[end]) { end += 1 }
    return end > start ? start..<end : nil
  }

  /// `08:01 1234`.
  private static func deviceAndInode(_ line: Span<UInt8>, _ at: Int) -> Int? {
    guard let major = token(line, at, isHex), major.upperBound < line.count,
      line[major.upperBound] == UInt8(ascii: ":")
    else { return nil }
    let minor = TextBytes.hexDigits(line, from: major.upperBound + 1, to: line.count)
    guard minor > major.upperBound + 1, let inode = token(line, minor, TextBytes.isDigit) else { return nil }
    return inode.upperBound
  }

  /// Hexadecimal digits, perhaps behind `0x`.
  private static func number(_ line: Span<UInt8>, _ at: Int) -> Range<Int>? {
    if TextBytes.has("0x", line, at: at) {
      let end = TextBytes.hexDigits(line, from: at + 2, to: line.count)
      if end > at + 2 { return at + 2..<end }
    }
    let end = TextBytes.hexDigits(line, from: at, to: line.count)
    return end > at ? at..<end : nil
  }

  private static func skipBlanks(_ line: Span<UInt8>, _ at: Int) -> Int {
    var at = at
    while at < line.count, TextBytes.isBlank(line[at]) { at += 1 }
    return at
  }

  private static func isHex(_ byte: UInt8) -> Bool { TextBytes.hex(byte) < 16 }

  private static func isPermission(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "-"), UInt8(ascii: "r"), UInt8(ascii: "w"), UInt8(ascii: "x"), UInt8(ascii: "p"): true
    default: false
    }
  }
}
