internal import ProfileModel
internal import ProfileReports

/// What an earlier run left: its manifest, or the journal of one that did not end. Of the entries only their places are
/// held.
final class ManifestRecord: Sendable {
  let header: ManifestHeader
  /// How many lines are no entries, and say nothing.
  let damagedLines: Int
  private let file: String
  /// By the hash of the path; whether it is of that path shows when the line is read.
  private let places: [Int: Place]

  private struct Place {
    var offset: Int
    var count: Int
  }

  /// Outputs that were about to get their places, as they stand in the whole system: of a run that did not end.
  let announced: Set<[UInt8]>

  private static let beginning = Array(#"{"path":"#.utf8)
  static let announcement = Array(#"{"outputs":"#.utf8)

  /// The record in a file; nil where there is none, or nothing in it.
  ///
  /// - Throws: where the file is something else.
  static func read(_ path: String) throws(ProfileError) -> ManifestRecord? {
    let scan: Scan?
    let isRegular: Bool
    do throws(SystemError) {
      isRegular = try System.status(path).kind == .regular
      // Reading a device or a pipe may never end.
      scan = isRegular ? try Scan(try OpenFile.reading(path)) : nil
    } catch  where error == .noEntry {
      return nil
    } catch {
      throw ProfileError(.unreadable, "cannot read: \(error.words)", file: path)
    }
    if !isRegular { throw ProfileError(.option, "a manifest is a regular file", hint: "name another one", file: path) }
    guard let scan else { return nil }
    return ManifestRecord(try ManifestHeader(scan.first, of: path), path, scan)
  }

  private init(_ header: ManifestHeader, _ file: String, _ scan: Scan) {
    self.header = header
    self.file = file
    places = scan.places
    damagedLines = scan.damagedLines
    announced = scan.announced
  }

  /// One pass over the file.
  private struct Scan {
    var first: [UInt8]
    var places: [Int: Place] = [:]
    var damagedLines = 0
    var announced: Set<[UInt8]> = []

    init?(_ file: OpenFile) throws(SystemError) {
      if try file.status().kind == .directory { throw .isDirectory }
      var lines = JournalLines(file)
      guard let header = try lines.next() else { return nil }
      first = header.bytes
      while let line = try lines.next() {
        if let path = ManifestRecord.path(in: line.bytes) {
          // The last one counts.
          places[ManifestRecord.key(path)] = Place(offset: line.offset, count: line.bytes.count)
        } else if line.bytes.starts(with: ManifestRecord.announcement),
          let outputs = JSONValue(parsing: line.bytes)?["outputs"]?.array
        {
          for output in outputs { if let path = output.string { announced.insert(Array(path.utf8)) } }
        } else {
          damagedLines += 1
        }
      }
    }
  }

  /// Names that Unicode calls equal are different files.
  private static func key(_ path: String) -> Int { Array(path.utf8).hashValue }

  /// The path that a line is about, without a look at the rest of it.
  private static func path(in line: [UInt8]) -> String? {
    guard line.starts(with: beginning), line.last == UInt8(ascii: "}") else { return nil }
    var end = beginning.count + 1
    while end < line.count, line[end] != UInt8(ascii: "\"") { end += line[end] == UInt8(ascii: "\\") ? 2 : 1 }
    guard end < line.count else { return nil }
    return JSONValue(parsing: Array(line[beginning.count...end]))?.string
  }

  /// What the record says of an input that was converted; nil where it says nothing, or nothing that can be understood.
  func entry(of path: String, below folder: String) -> BatchFile? {
    guard let place = places[Self.key(path)] else { return nil }
    let line: [UInt8]
    do throws(SystemError) {
      line = try OpenFile.reading(file).read(place.count, at: place.offset)
    } catch {
      // What cannot be read proves nothing.
      return nil
    }
    guard let json = JSONValue(parsing: line), let entry = BatchFile(converted: json, below: folder) else { return nil }
    return entry.path.utf8.elementsEqual(path.utf8) ? entry : nil
  }
}

/// The lines of a file, read from its beginning.
struct JournalLines {
  private let file: OpenFile
  private var rest: [UInt8] = []
  /// Where `rest` begins in the file.
  private var offset = 0
  private var at = 0
  private var isAtEnd = false
  private static let chunk = 1 << 20
  /// Longer lines are none of ours, and are given in pieces.
  private static let maxLine = 16 << 20

  init(_ file: OpenFile, from offset: Int = 0) {
    self.file = file
    self.offset = offset
  }

  mutating func next() throws(SystemError) -> (offset: Int, bytes: [UInt8])? {
    while true {
      if let end = rest[at...].firstIndex(of: UInt8(ascii: "\n")) {
        defer { at = end + 1 }
        if end > at { return (offset + at, Array(rest[at..<end])) }
        continue
      }
      if isAtEnd || rest.count - at > Self.maxLine {
        defer { at = rest.count }
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
