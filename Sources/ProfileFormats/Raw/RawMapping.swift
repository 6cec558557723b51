import ProfileModel

/// A line under `Mappings`: `1: 0x400000/0x500000/0x1000 /bin/app deadbeef [FN][FL][LN][IN]`.
struct RawMapping {
  var id: UInt64
  /// Without its strings.
  var mapping = Mapping()
  var file: Range<Int>
  var buildID: Range<Int>

  /// From the right, since a file's name may hold blanks; nil where a line is something else.
  init?(_ bytes: Span<UInt8>, _ line: Range<Int>) {
    let digits = TextBytes.digits(bytes, from: line.lowerBound, to: line.upperBound)
    guard let id = TextBytes.unsigned(bytes, line.lowerBound..<digits), TextBytes.has(": ", bytes, at: digits) else {
      return nil
    }
    self.id = id
    var at = digits + 2
    var numbers: [UInt64] = []
    while numbers.count < 3 {
      guard TextBytes.has("0x", bytes, at: at) else { return nil }
      let end = TextBytes.hexDigits(bytes, from: at + 2, to: line.upperBound)
      guard let number = TextBytes.hexadecimal(bytes, at + 2..<end) else { return nil }
      numbers.append(number)
      at = end
      if numbers.count == 3 { break }
      guard at < line.upperBound, bytes[at] == UInt8(ascii: "/") else { return nil }
      at += 1
    }
    (mapping.start, mapping.limit, mapping.offset) = (numbers[0], numbers[1], numbers[2])
    guard at == line.upperBound || bytes[at] == UInt8(ascii: " ") else { return nil }
    var rest = min(at + 1, line.upperBound)..<line.upperBound
    // The last word is the flags, perhaps none; without its blank an editor has cut it off.
    if let blank = Self.lastBlank(bytes, rest), Self.takeFlags(bytes, blank + 1..<rest.upperBound, &mapping) {
      rest = rest.lowerBound..<blank
    }
    if let blank = Self.lastBlank(bytes, rest) {
      file = rest.lowerBound..<blank
      buildID = blank + 1..<rest.upperBound
    } else {
      file = rest
      buildID = rest.upperBound..<rest.upperBound
    }
  }

  private static func lastBlank(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
    var at = range.upperBound
    while at > range.lowerBound {
      at -= 1
      if bytes[at] == UInt8(ascii: " ") { return at }
    }
    return nil
  }

  private static func takeFlags(_ bytes: Span<UInt8>, _ range: Range<Int>, _ mapping: inout Mapping) -> Bool {
    var flags: [Bool] = []
    var at = range.lowerBound
    for flag in ["[FN]", "[FL]", "[LN]", "[IN]"] as [StaticString] {
      let isSet = at < range.upperBound && TextBytes.has(flag, bytes, at: at)
      flags.append(isSet)
      if isSet { at += 4 }
    }
    if at != range.upperBound { return false }
    mapping.hasFunctions = flags[0]
    mapping.hasFilenames = flags[1]
    mapping.hasLineNumbers = flags[2]
    mapping.hasInlineFrames = flags[3]
    return true
  }
}

/// Ids in the order in which they were first seen.
struct IDTable {
  private(set) var ids: [UInt64] = []
  private var index = HashIndex()
  /// Ids are the file's choice: nobody shall choose them so that they collide.
  private let seed = HashSeed.next()

  /// The position of an id, which is added where it is new.
  mutating func entry(of id: UInt64) -> Int {
    if let found = find(id) { return found }
    index.insert(HashIndex.mix(id ^ seed), UInt32(truncatingIfNeeded: ids.count))
    ids.append(id)
    return ids.count - 1
  }

  func find(_ id: UInt64) -> Int? {
    var probe = index.probe(HashIndex.mix(id ^ seed))
    while let at = index.next(&probe) {
      if ids[Int(at)] == id { return Int(at) }
    }
    return nil
  }

  /// The ids as the model has them: nil where they are 1…n.
  static func unlessCounting(_ ids: [UInt64]) -> [UInt64]? {
    for (i, id) in ids.enumerated() where id != UInt64(i) + 1 { return ids }
    return nil
  }
}
