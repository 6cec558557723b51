internal import ProfileModel
internal import ProfileReports

/// What an earlier run left: its manifest, or its part of the journal of runs that did not end. Of the entries only their
/// places are held.
final class ManifestRecord: Sendable {
  let header: ManifestHeader
  /// How many lines are no entries, and say nothing.
  let damagedLines: Int
  /// The first of them, from 1.
  let firstDamaged: Int?
  let file: String
  /// By the hash of the path; whether it is of that path shows when the line is read.
  private let places: [Int: Place]
  /// Where the lines behind the header begin, and where they end.
  private let range: Range<Int>
  /// The number of the header's line.
  private let firstLine: Int

  struct Place {
    var offset: Int
    var count: Int
  }

  /// Outputs that were about to get their places, as they stand in the whole system: of a run that did not end.
  let announced: Set<[UInt8]>
  /// Places that were announced, and somebody else's file took them.
  let released: Set<[UInt8]>

  private static let beginning = Array(#"{"path":"#.utf8)
  static let announcement = Array(#"{"outputs":"#.utf8)
  static let release = Array(#"{"released":"#.utf8)
  private static let headline = Array(#"{"schema":"#.utf8)

  /// The records in a file, the oldest first: one, or in a journal one for each run that had other options than the one before.
  /// None where nothing is in it; nil where there is no file.
  ///
  /// - Throws: where the file is something else.
  static func read(_ path: String) throws(ProfileError) -> [ManifestRecord]? {
    let scan: Scan
    let isRegular: Bool
    do throws(SystemError) {
      isRegular = try System.status(path).kind == .regular
      // Reading a device or a pipe may never end.
      scan = isRegular ? try Scan(try OpenFile.reading(path)) : Scan()
    } catch  where error == .noEntry {
      return nil
    } catch {
      throw ProfileError(.unreadable, "cannot read: \(error.words)", file: path)
    }
    if !isRegular { throw ProfileError(.option, "a manifest is a regular file", hint: "name another one", file: path) }
    var records: [ManifestRecord] = []
    for part in scan.parts { records.append(ManifestRecord(try ManifestHeader(part.first, of: path), path, part)) }
    return records
  }

  private init(_ header: ManifestHeader, _ file: String, _ part: Scan.Part) {
    self.header = header
    self.file = file
    places = part.places
    damagedLines = part.damagedLines
    firstDamaged = part.firstDamaged
    announced = part.announced
    released = part.released
    range = part.range
    firstLine = part.firstLine
  }

  /// One pass over the file.
  fileprivate struct Scan {
    struct Part {
      var first: [UInt8]
      var firstLine: Int
      var range: Range<Int>
      var places: [Int: Place] = [:]
      var damagedLines = 0
      var firstDamaged: Int?
      var announced: Set<[UInt8]> = []
      var released: Set<[UInt8]> = []
    }

    var parts: [Part] = []

    init() {}

    init(_ file: OpenFile) throws(SystemError) {
      if try file.status().kind == .directory { throw .isDirectory }
      var lines = JournalLines(file)
      while let (offset, line) = try lines.next() {
        let end = offset + line.count
        // A run that was killed may leave half a header at a journal's end: a damaged line like any other.
        if parts.isEmpty || line.starts(with: ManifestRecord.headline) && JSONValue(parsing: line) != nil {
          parts.append(Part(first: line, firstLine: lines.number, range: end..<end))
        } else {
          parts[parts.count - 1].add(line, Place(offset: offset, count: line.count), lines.number)
        }
      }
    }
  }

  /// Names that Unicode calls equal are different files.
  static func key(_ path: String) -> Int { Array(path.utf8).hashValue }

  /// The path that a line is about, without a look at the rest of it.
  static func path(in line: [UInt8]) -> String? {
    guard line.starts(with: beginning), line.last == UInt8(ascii: "}") else { return nil }
    var end = beginning.count + 1
    while end < line.count, line[end] != UInt8(ascii: "\"") { end += line[end] == UInt8(ascii: "\\") ? 2 : 1 }
    guard end < line.count else { return nil }
    return JSONValue(parsing: Array(line[beginning.count...end]))?.string
  }

  /// What the record says of an input that was converted; nil where it says nothing, or nothing that can be understood.
  func entry(of path: String, below folder: String) -> BatchFile? {
    guard let place = places[Self.key(path)], let json = json(at: place),
      let entry = BatchFile(converted: json, below: folder)
    else { return nil }
    return entry.path.utf8.elementsEqual(path.utf8) ? entry : nil
  }

  /// Whether the line about an input lists an output, of its own run or of one before.
  func lists(_ output: String, of input: String) -> Bool {
    guard let place = places[Self.key(input)], let json = json(at: place),
      json["path"]?.string?.utf8.elementsEqual(input.utf8) == true
    else { return false }
    return json.recordedOutputs.contains { $0.path.utf8.elementsEqual(output.utf8) }
  }

  /// The line at a place; nil where it is damaged.
  func json(at place: Place) -> JSONValue? {
    do throws(SystemError) {
      return JSONValue(parsing: try OpenFile.reading(file).read(place.count, at: place.offset))
    } catch {
      // What cannot be read proves nothing.
      return nil
    }
  }

  /// Reads all entries in order, superseded ones too, until `body` has enough: what it says is false. An entry that is damaged
  /// is nil.
  ///
  /// - Parameter body: gets the number of the line in its file, from 1.
  func readEntries(_ body: (_ line: Int, Place, JSONValue?) -> Bool) {
    do throws(SystemError) {
      // The range begins at the end of the header's line.
      var lines = JournalLines(try OpenFile.reading(file), from: range.lowerBound, line: firstLine)
      while let (offset, line) = try lines.next(), offset < range.upperBound {
        if !line.starts(with: Self.beginning) { continue }
        if !body(lines.number, Place(offset: offset, count: line.count), JSONValue(parsing: line)) { return }
      }
    } catch {
      // What cannot be read proves nothing.
    }
  }
}

extension ManifestRecord.Scan.Part {
  fileprivate mutating func add(_ line: [UInt8], _ place: ManifestRecord.Place, _ number: Int) {
    range = range.lowerBound..<place.offset + place.count
    if let path = ManifestRecord.path(in: line) {
      // The last one counts.
      places[ManifestRecord.key(path)] = place
    } else if line.starts(with: ManifestRecord.announcement),
      let outputs = JSONValue(parsing: line)?["outputs"]?.array
    {
      for path in outputs.compactMap(\.string).map({ Array($0.utf8) }) {
        announced.insert(path)
        released.remove(path)
      }
    } else if line.starts(with: ManifestRecord.release), let outputs = JSONValue(parsing: line)?["released"]?.array {
      for path in outputs.compactMap(\.string).map({ Array($0.utf8) }) {
        released.insert(path)
        announced.remove(path)
      }
    } else {
      damagedLines += 1
      firstDamaged = firstDamaged ?? number
    }
  }
}

/// The lines of a file that are not empty.
struct JournalLines {
  /// The number of the line that was given last, empty ones counted.
  private(set) var number = 0
  /// That of the next one.
  private var nextNumber: Int
  private let file: OpenFile
  private var rest: [UInt8] = []
  /// Where `rest` begins in the file.
  private var offset = 0
  private var at = 0
  private var isAtEnd = false
  private static let chunk = 1 << 20
  /// Longer lines are none of ours, and are given in pieces.
  private static let maxLine = 16 << 20

  /// - Parameter line: the number of the line in which `offset` is.
  init(_ file: OpenFile, from offset: Int = 0, line: Int = 1) {
    self.file = file
    self.offset = offset
    nextNumber = line
  }

  mutating func next() throws(SystemError) -> (offset: Int, bytes: [UInt8])? {
    while true {
      if let end = rest[at...].firstIndex(of: UInt8(ascii: "\n")) {
        defer { at = end + 1 }
        number = nextNumber
        nextNumber += 1
        if end > at { return (offset + at, Array(rest[at..<end])) }
        continue
      }
      if isAtEnd || rest.count - at > Self.maxLine {
        defer { at = rest.count }
        number = nextNumber
        if at < rest.count { return (offset + at, Array(rest[at...])) }
        if isAtEnd { return nil }
      }
      rest.removeFirst(at)
      offset += at
      at = 0
      let more = try file.read(Self.chunk, at: offset + rest.count)
      isAtEnd = more.count < Self.chunk
      rest += more
    }
  }
}
