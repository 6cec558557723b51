import ProfileModel
import ProtobufWire

/// The pcs of the record lines and the cells of the frame comments, printed once and copied from then on.
///
/// Of a large profile they are more than a cache holds, and to print a stack is to wait for them. So what all frames of a
/// stack need first, ``heads``, is small; it says where the rest is, which then is on its way for all of them at once.
struct FrameCells {
  /// Of each location.
  private(set) var heads: [Head]
  /// Of each line:
  ///
  ///     8 bytes  ``Line``
  ///     `#` TAB `0x…` TAB `FUNC+0x0`, padded to 8 bytes
  ///     `FILE:LINE` LF, padded to 8 bytes
  private(set) var lines: [UInt8] = []

  /// A line that takes more is printed whenever it is needed: kept for each location, long names could take any memory.
  private static let maxKept = 1024
  /// …and one that would stand further behind than 32 bits tell.
  private static let maxLines = 1 << 31
  /// What copies by blocks, and looks ahead, may touch behind the last byte.
  private static let slack = 192

  /// - Parameters:
  ///   - locations: those that stand in the text.
  ///   - subtrahend: what a comment's pc is less than the record line's.
  init(_ columns: ProfileColumns, _ locations: [LocationIndex], pcs: [UInt64], subtrahend: UInt64) {
    heads = [Head](repeating: Head(), count: columns.locations.count)
    lines.reserveCapacity(locations.count * 144)
    for location in locations {
      let pc = pcs[location.position] &- subtrahend
      var head = Head(record: pcs[location.position])
      head.pcWidth = UInt8(Self.commentPC(pc).count - 2)
      head.firstLine = UInt32(truncatingIfNeeded: lines.count)
      for index in columns.lineRange(location) {
        let start = lines.count
        let line = Self.append(columns, columns.lines[index], pc, to: &lines)
        head.add(line)
        if lines.count - start > Self.maxKept || lines.count > Self.maxLines {
          lines.removeLast(lines.count - start)
          head.cellBytes = Head.notKept
        } else {
          Self.store(line.word(size: lines.count - start), in: &lines, at: start)
        }
      }
      heads[location.position] = head
    }
    lines.append(contentsOf: repeatElement(0, count: Self.slack))
  }

  /// A line as it would stand in ``lines``, and its numbers.
  static func line(_ columns: ProfileColumns, _ line: ProfileModel.Line, _ pc: UInt64) -> ([UInt8], Line) {
    var bytes: [UInt8] = []
    let printed = append(columns, line, pc, to: &bytes)
    return (bytes, printed)
  }

  /// Appends a line, with room for its numbers.
  private static func append(
    _ columns: ProfileColumns, _ line: ProfileModel.Line, _ pc: UInt64, to bytes: inout [UInt8]
  ) -> Line {
    let function = columns.functions[line.function.position]
    bytes.append(contentsOf: repeatElement(0, count: Line.size))
    let start = bytes.count
    bytes.append(contentsOf: commentPC(pc))
    bytes.append(UInt8(ascii: "\t"))
    let name = bytes.count
    PrintableName.append(columns.strings[function.name], to: &bytes)
    bytes.append(contentsOf: StaticText.zeroOffset)
    let headLength = bytes.count - start
    let width = PrintableName.runes(bytes.span.extracting(name..<bytes.count))
    pad(&bytes)
    let place = bytes.count
    PrintableName.appendFile(columns.strings[function.file], to: &bytes)
    bytes.append(UInt8(ascii: ":"))
    bytes.appendDecimal(max(0, line.line))
    bytes.append(UInt8(ascii: "\n"))
    let placeLength = bytes.count - place
    pad(&bytes)
    return Line(headLength: headLength, placeLength: placeLength, functionWidth: width)
  }

  /// `#` TAB `0x…` of a comment.
  static func commentPC(_ pc: UInt64) -> [UInt8] {
    var bytes = StaticText.commentPrefix
    bytes.appendHex(pc)
    return bytes
  }

  private static func pad(_ bytes: inout [UInt8]) {
    while bytes.count % 8 != 0 { bytes.append(0) }
  }

  private static func store(_ word: UInt64, in bytes: inout [UInt8], at: Int) {
    var span = bytes.mutableSpan
    storeWord(word, in: &span, at: at)
  }

  private enum StaticText {
    static let hexPrefix = Array(" 0x".utf8)
    static let commentPrefix = Array("#\t0x".utf8)
    static let zeroOffset = Array("+0x0".utf8)
  }
}

// Widths are in runes, as tabwriter has them. Nothing here takes more bits than it has: names are cut.
extension FrameCells {
  struct Head {
    /// ` 0x…` of the record line.
    private(set) var record: (UInt64, UInt64, UInt64) = (0, 0, 0)
    private(set) var recordLength: UInt8 = 0
    /// Of `0x…` in a comment.
    fileprivate(set) var pcWidth: UInt8 = 0
    /// Of the widest function.
    private(set) var functionWidth: UInt16 = 0
    private(set) var lineCount: UInt32 = 0
    /// Where in ``FrameCells/lines`` the first line stands.
    fileprivate(set) var firstLine: UInt32 = 0
    /// What the cells of its lines take; ``notKept`` where not all of them are kept.
    fileprivate(set) var cellBytes: UInt32 = 0

    static let notKept = UInt32.max

    fileprivate init() {}

    fileprivate init(record pc: UInt64) {
      var text = StaticText.hexPrefix
      text.appendHex(pc)
      recordLength = UInt8(text.count)
      text.append(contentsOf: repeatElement(0, count: 24 - text.count))
      record = (loadWord(text.span, at: 0), loadWord(text.span, at: 8), loadWord(text.span, at: 16))
    }

    fileprivate mutating func add(_ line: Line) {
      lineCount += 1
      functionWidth = max(functionWidth, UInt16(line.functionWidth))
      let (sum, isTooLarge) = cellBytes.addingReportingOverflow(UInt32(line.headLength + line.placeLength))
      cellBytes = isTooLarge ? Self.notKept : sum
    }
  }

  struct Line {
    /// Of `#`, pc and function, with a tab between them.
    var headLength: Int
    /// Of file and line.
    var placeLength: Int
    var functionWidth: Int
    /// How far the next line is.
    var size = 0

    /// Of what stands here.
    static let size = 8

    init(headLength: Int, placeLength: Int, functionWidth: Int) {
      self.headLength = headLength
      self.placeLength = placeLength
      self.functionWidth = functionWidth
    }

    @inline(__always)
    init(_ bytes: Span<UInt8>, at start: Int) {
      let word = loadWord(bytes, at: start)
      headLength = Int(word & 0xffff)
      placeLength = Int(word &>> 16 & 0xffff)
      functionWidth = Int(word &>> 32 & 0xffff)
      size = Int(word &>> 48)
    }

    /// Where the place stands of a line that stands at `start`.
    @inline(__always)
    func place(at start: Int) -> Int { start &+ (Self.size &+ headLength &+ 7) & ~7 }

    fileprivate func word(size: Int) -> UInt64 {
      UInt64(headLength) | UInt64(placeLength) << 16 | UInt64(functionWidth) << 32 | UInt64(size) << 48
    }
  }
}
