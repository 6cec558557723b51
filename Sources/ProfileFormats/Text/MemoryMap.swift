internal import ProfileModel

/// The memory map behind the records of a text, read as pprof reads it: lines of /proc/self/maps, or brief ones,
/// `START-LIMIT: FILE (@OFFSET) BUILDID`, with `$name` replaced as `name=value` lines say.
struct MemoryMap {
  struct Entry {
    var start: UInt64
    var limit: UInt64
    var offset: UInt64 = 0
    var file: [UInt8] = []
    var buildID: [UInt8] = []
  }

  private(set) var entries: [Entry] = []
  private var variables: [(name: [UInt8], value: [UInt8])] = []
  /// Lines that no profile has a place for: of data, and of nothing that is known.
  private var dataLines = 0
  private var otherLines = 0
  /// Bytes of all names and values.
  private var variableSize = 0
  /// Words compared with those of names.
  private var comparisons = 0

  // Values are stored after replacement, so that lines `b=$a$a` and `c=$b$b` double each other, and each `$` is held against
  // every name. Real maps have a few variables of a hundred bytes.
  private static let maxVariables = 200
  private static let maxVariableSize = 1 << 20
  /// Of a line in which something was replaced: pprof reads no longer ones.
  private static let maxReplaced = 1 << 16
  /// Enough for a hundred thousand lines of `$root/lib.so` with forty variables.
  private static let maxComparisons = 1 << 22

  /// Whether a line begins a map: it holds one of two phrases, anywhere.
  static func isSentinel(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    TextBytes.find("--- Memory map: ---", in: bytes, range) != nil
      || TextBytes.find("MAPPED_LIBRARIES:", in: bytes, range) != nil
  }

  /// The line of the map that `lines` gave last.
  mutating func add(_ lines: borrowing TextLines) throws(ProfileError) {
    try add(lines.bytes, lines.current, number: lines.number)
  }

  /// A line of the map, the `number`th of the text.
  mutating func add(_ bytes: Span<UInt8>, _ line: Range<Int>, number: Int) throws(ProfileError) {
    do { try add(bytes.extracting(line)) } catch {
      throw error.placed(TextBytes.place(bytes, line: number, line))
    }
  }

  /// A line of the map. What is no entry and no variable is ignored.
  ///
  /// - Throws: without a place, ``ProfileError/Code/limit`` where variables grow beyond all use, and
  ///   ``ProfileError/Code/malformed`` where a second profile begins.
  mutating func add(_ line: Span<UInt8>) throws(ProfileError) {
    if SecondProfile.begins(line, 0..<line.count) { throw SecondProfile.error(at: .none) }
    let text = try replaced(line, from: Self.logPrefix(line))
    let span = text.span
    if let found = MapLine(span) {
      if !found.isExecutable {
        dataLines += 1
        return
      }
      if let entry = entry(found, span) {
        entries.append(entry)
        return
      }
    }
    guard let equals = text.firstIndex(of: UInt8(ascii: "=")) else {
      if !TextBytes.trimmed(span, 0..<text.count).isEmpty { otherLines += 1 }
      return
    }
    let name = TextBytes.trimmed(span, 0..<equals)
    let value = TextBytes.trimmed(span, equals + 1..<text.count)
    variableSize += name.count + value.count
    if variables.count == Self.maxVariables || variableSize > Self.maxVariableSize {
      throw ProfileError(
        .limit, "the memory map defines over \(Self.maxVariables) variables or \(Self.maxVariableSize) bytes of them")
    }
    variables.append(([UInt8(ascii: "$")] + text[name], Array(text[value])))
  }

  private func entry(_ line: MapLine, _ text: Span<UInt8>) -> Entry? {
    guard let start = TextBytes.hexadecimal(text, line.start), let limit = TextBytes.hexadecimal(text, line.limit)
    else {
      return nil
    }
    var entry = Entry(start: start, limit: limit)
    if let range = line.offset {
      guard let offset = TextBytes.hexadecimal(text, range) else { return nil }
      entry.offset = offset
    }
    if let file = line.file { entry.file = TextBytes.copy(text, file) }
    if let id = line.buildID { entry.buildID = TextBytes.copy(text, id) }
    return entry
  }

  /// The end of what glog puts before a line, `…:NN] `.
  private static func logPrefix(_ line: Span<UInt8>) -> Int {
    var bracket = 0
    while bracket < line.count, line[bracket] != UInt8(ascii: "["), line[bracket] != UInt8(ascii: "]") { bracket += 1 }
    guard bracket + 1 < line.count, line[bracket] == UInt8(ascii: "]"), TextBytes.isBlank(line[bracket + 1]) else {
      return 0
    }
    var colon = bracket - 1
    while colon >= 0, TextBytes.isDigit(line[colon]) { colon -= 1 }
    guard colon > 0, colon < bracket - 1, line[colon] == UInt8(ascii: ":") else { return 0 }
    return bracket + 2
  }

  /// The line with variables replaced; of several that fit at a place the first defined.
  private mutating func replaced(_ line: Span<UInt8>, from start: Int) throws(ProfileError) -> [UInt8] {
    if variables.isEmpty { return TextBytes.copy(line, start..<line.count) }
    var result: [UInt8] = []
    var at = start
    next: while at < line.count {
      if line[at] == UInt8(ascii: "$") {
        for (name, value) in variables {
          comparisons += 1 + name.count / 8
          if comparisons > Self.maxComparisons {
            throw ProfileError(.limit, "the memory map has too many `$` for so many and so long names of variables")
          }
          guard TextBytes.equal(line, at, name.span, 0, name.count) else { continue }
          if result.count + value.count > Self.maxReplaced {
            throw ProfileError(
              .limit, "a line of the memory map is longer than \(Self.maxReplaced) bytes with its variables replaced")
          }
          result.append(contentsOf: value)
          at += name.count
          continue next
        }
      }
      result.append(line[at])
      at += 1
    }
    return result
  }

  /// Says which lines are not in the profile.
  func tell(_ diagnostics: inout Diagnostics) {
    if dataLines > 0 {
      diagnostics.add(
        kind: "data-mappings", "lines of the memory map that are of data, not code, are not kept: \(dataLines)")
    }
    tellOthers(&diagnostics)
  }

  /// Says how many lines are nothing that is known. A text that we wrote has none: somebody put something behind it.
  func tellOthers(_ diagnostics: inout Diagnostics) {
    if otherLines > 0 {
      diagnostics.addLoss(
        kind: "no-mappings", "lines of the memory map that are no entries are not kept: \(otherLines)")
    }
  }

  var lineCount: Int { entries.count }

  /// The lines as they stand.
  func mappings(interning strings: inout StringTable) -> [Mapping] {
    var interner = StringInterner(strings)
    return entries.map { entry in
      Mapping(
        start: entry.start, limit: entry.limit, offset: entry.offset,
        file: interner.intern(entry.file.span, in: &strings), buildID: interner.intern(entry.buildID.span, in: &strings)
      )
    }
  }
}
