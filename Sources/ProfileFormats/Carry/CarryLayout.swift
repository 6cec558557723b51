import Gzip
import ProfileModel

/// A block, taken apart into its sections.
struct CarryLayout {
  /// What the first line says of the bytes before it.
  var checksum: UInt32 = 0
  /// The items of each section, as they stand; none for a section that is not there.
  private var contents = [[UInt8]](repeating: [], count: CarryBlock.Section.allCases.count)

  enum Outcome {
    case whole(CarryLayout)
    /// Written by a later version than this.
    case newer(String)
    case damaged(String)
  }

  /// - Parameter lines: what follows `# pprofconv` in each line.
  static func parse(_ lines: [[UInt8]]) -> Outcome {
    do throws(CarryFault) {
      return try parseWhole(lines)
    } catch {
      return .damaged(error.message)
    }
  }

  private static func parseWhole(_ lines: [[UInt8]]) throws(CarryFault) -> Outcome {
    guard let first = lines.first.map(words), first.count >= 1 else { throw CarryFault("there is no first line") }
    guard let version = Int(first[0]) else {
      // Digits alone that are no Int are a number beyond it.
      if first[0].utf8.allSatisfy({ TextBytes.isDigit($0) }) { return .newer(first[0]) }
      throw CarryFault("the first line names no version")
    }
    guard version >= 1 else { throw CarryFault("the first line names no version") }
    if version > CarryBlock.version { return .newer(first[0]) }
    guard first.count == 2, let text = checksum(first[1]) else { throw CarryFault("the first line has no checksum") }
    guard lines.count > 1, let last = lines.last.map(words), last.count == 2, last[0] == "end",
      let block = checksum(last[1])
    else { throw CarryFault("its end is missing") }

    var layout = CarryLayout()
    layout.checksum = text
    var sum: UInt32 = 0
    var current = -1
    let all = CarryBlock.Section.allCases
    for line in lines[1..<(lines.count - 1)] {
      let payload = trimmed(line)
      sum = Gzip.crc32(sum, payload.span)
      sum = Gzip.crc32(sum, newline.span)
      let end = payload.firstIndex(of: UInt8(ascii: " ")) ?? payload.count
      let name = String(decoding: payload[..<end], as: UTF8.self)
      guard let section = CarryBlock.Section(rawValue: name), let at = all.firstIndex(of: section), at >= current else {
        throw CarryFault("a section that is unknown or out of its order")
      }
      current = at
      // The blank before the items comes along and keeps two lines apart.
      layout.contents[at].append(contentsOf: payload[end...])
    }
    if sum != block { throw CarryFault("its checksum does not fit") }
    return .whole(layout)
  }

  private static let newline: [UInt8] = [0x0a]

  /// Without the blank behind `# pprofconv`.
  private static func trimmed(_ line: [UInt8]) -> [UInt8] {
    line.first == UInt8(ascii: " ") ? Array(line.dropFirst()) : line
  }

  private static func words(_ line: [UInt8]) -> [String] {
    // A first or last line is short; one that is not is none.
    line.prefix(80).split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
  }

  private static func checksum(_ word: String) -> UInt32? {
    guard word.hasPrefix("crc32=") else { return nil }
    return UInt32(word.dropFirst(6), radix: 16)
  }

  subscript(section: CarryBlock.Section) -> CarryCursor? {
    guard let at = CarryBlock.Section.allCases.firstIndex(of: section), !contents[at].isEmpty else { return nil }
    return CarryCursor(section, contents[at])
  }
}
