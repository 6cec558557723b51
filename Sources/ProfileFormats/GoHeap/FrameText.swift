import ProfileModel
import ProtobufWire

/// How the locations, functions and lines of a profile stand in Go's text: the pc of each location, and the cells of the
/// frame comments, printed once and copied from then on.
///
///     let frames = FrameText(profile)
///     frames.appendPCs(of: stack, to: &buffer)       // " 0x48581a 0x489d07 …"
///     frames.appendComments(of: stack, to: &buffer)  // "#\t0x532354\tmain.f+0x0\tf.go:12\n" …
///
/// One pc stands for one location, so that a reader can tell them apart: its address + 1, wrapping. Only a location
/// without an address, or with one that another location has already, gets an invented pc.
struct FrameText {
  /// What stands behind `#` in a comment. Go prints the address of the call, bpprof the return address.
  enum CommentPC { case call, returnAddress }

  /// More frames than this do not fit in a line of 65535 bytes, which is all that pprof reads: the frames nearer the root
  /// are left out, and carried. 19 bytes a pc at most, and 5 numbers in front.
  static let maxFrames = 3400
  /// A name or file that is longer is cut, for the same reason.
  static let maxName = 30000

  let profile: Profile
  /// Locations in the order in which their pcs first stand in record lines.
  private(set) var appearance: [LocationIndex] = []
  /// The pc of each location that stands in a record line. Others have 0.
  private(set) var pcs: [UInt64]
  /// How many pcs are invented.
  private(set) var inventedPCs = 0
  /// How many samples have more than ``maxFrames``.
  private(set) var cutStacks = 0
  /// Whether any location that stands in a record line has a function.
  private(set) var hasNames = false

  // Cells. Of location, function and line i: `bytes[offsets[i] ..< offsets[i + 1]]`.
  private var bytes: [UInt8] = []
  private var recordCells: [Int] = []
  private var commentCells: [Int] = []
  private var functionCells: [Int] = []
  private var lineCells: [Int] = []
  /// Width of a function's cell, in runes.
  private var functionWidths: [Int32] = []
  private var isRuntime: [Bool] = []

  /// - Parameters:
  ///   - records: the samples in the order of their record lines; nil: in their own.
  ///   - commentPC: what the frame comments show.
  /// - Complexity: O(distinct stacks + locations + functions), and O(samples).
  init(_ profile: Profile, records: [Int]? = nil, commentPC: CommentPC = .call) {
    self.profile = profile
    let columns = profile.columns
    pcs = [UInt64](repeating: 0, count: columns.locations.count)
    collectAppearance(records)
    assignPCs()
    printLocations(commentPC == .call ? 1 : 0)
    printFunctions()
    printLines()
  }

  // MARK: Record lines and comments

  /// The frames of a stack that stand in the text.
  func shown(_ stack: StackIndex) -> Range<Int> {
    let start = profile.columns.stackOffsets[stack.position]
    return start..<min(profile.columns.stackOffsets[stack.position + 1], start + FrameText.maxFrames)
  }

  /// ` 0x…` for each frame, leaf first.
  func appendPCs(of stack: StackIndex, to buffer: inout [UInt8]) {
    let frames = shown(stack)
    // The longest is ` 0xffffffffffffffff`.
    let room = frames.count * 19 + FrameText.slack
    buffer.append(addingCapacity: room) { output in
      output.append(repeating: 0, count: room)
      var target = output.mutableSpan
      let locations = profile.columns.stackLocations.span
      let cells = recordCells.span
      let source = bytes.span
      var at = 0
      for i in frames {
        let location = locations[i].position
        let start = cells[location]
        at = FrameText.copy(source, from: start, count: cells[location &+ 1] &- start, to: &target, at: at)
      }
      output.removeLast(room - at)
    }
  }

  /// The comment lines of a stack, aligned as Go's tabwriter does it: a line for each line of each location, a bare pc for
  /// a location without lines. Of a stack without any name only `#\t0x0`, as Go prints it; and nothing at all in a profile
  /// that has no names.
  ///
  /// - Parameter hidingRuntime: leave out the `runtime.` frames at the leaf, unless there are no others. What is left out
  ///   does not come back; a text with a carry-through block must not.
  func appendComments(of stack: StackIndex, hidingRuntime: Bool = false, to buffer: inout [UInt8]) {
    if !hasNames { return }
    let frames = shown(stack)
    var hasLine = false
    for i in frames {
      let location = profile.columns.stackLocations[i].position
      if profile.columns.lineOffsets[location] < profile.columns.lineOffsets[location + 1] {
        hasLine = true
        break
      }
    }
    if !hasLine {
      buffer.append(contentsOf: StaticText.noPC)
      return
    }
    var at = hidingRuntime ? firstShown(frames) : Cursor(frame: frames.lowerBound, line: 0)
    while at.frame < frames.upperBound { appendAligned(&at, end: frames.upperBound, to: &buffer) }
  }

  /// The next line to print.
  private struct Cursor {
    var frame: Int
    /// Counted in the location.
    var line: Int
  }

  /// Consecutive lines that have all cells form a block in which columns are as wide as their widest cell. A bare pc has
  /// no third cell and ends the block.
  private func appendAligned(_ at: inout Cursor, end: Int, to buffer: inout [UInt8]) {
    var stop = at.frame
    var pcWidth = 0
    var functionWidth: Int32 = 0
    // Bytes of the cells, and how many lines they are.
    var room = (bytes: 0, lines: 0)
    var skip = at.line
    let stackLocations = profile.columns.stackLocations.span
    let offsets = profile.columns.lineOffsets.span
    let lines = profile.columns.lines.span
    let pcCells = commentCells.span
    let functions = functionCells.span
    let widths = functionWidths.span
    let places = lineCells.span
    while stop < end {
      let location = stackLocations[stop].position
      let first = offsets[location]
      let last = offsets[location &+ 1]
      if first == last { break }
      let pcCell = pcCells[location &+ 1] &- pcCells[location]
      pcWidth = max(pcWidth, pcCell)
      for line in first &+ skip..<last {
        let function = lines[line].function.position
        functionWidth = max(functionWidth, widths[function])
        room.bytes &+= pcCell &+ functions[function &+ 1] &- functions[function]
      }
      room.bytes &+= places[last] &- places[first &+ skip]
      room.lines &+= last &- first &- skip
      skip = 0
      stop += 1
    }
    if stop > at.frame {
      print(
        at.frame..<stop, skipping: at.line, pcWidth: pcWidth - 2, functionWidth: Int(functionWidth), room, to: &buffer)
    }
    while stop < end {
      let location = stackLocations[stop].position
      if offsets[location] < offsets[location &+ 1] { break }
      buffer.append(contentsOf: bytes[commentCells[location]..<commentCells[location + 1]])
      buffer.append(UInt8(ascii: "\n"))
      stop += 1
    }
    at = Cursor(frame: stop, line: 0)
  }

  /// The lines of some frames, all cells of which are there.
  ///
  /// - Parameters:
  ///   - pcWidth: of the widest pc, without the `#` and the tab that stand before it in its cell.
  ///   - functionWidth: of the widest function.
  ///   - room: what the cells take, and how many lines they are.
  private func print(
    _ frames: Range<Int>, skipping: Int, pcWidth: Int, functionWidth: Int, _ room: (bytes: Int, lines: Int),
    to buffer: inout [UInt8]
  ) {
    let pcColumn = FrameText.cellWidth(pcWidth)
    let functionColumn = FrameText.cellWidth(functionWidth)
    let room = room.bytes + room.lines * (pcColumn / 8 + functionColumn / 8 + 2) + FrameText.slack
    buffer.append(addingCapacity: room) { output in
      output.append(repeating: 0, count: room)
      var target = output.mutableSpan
      let stackLocations = profile.columns.stackLocations.span
      let offsets = profile.columns.lineOffsets.span
      let lines = profile.columns.lines.span
      let pcCells = commentCells.span
      let functions = functionCells.span
      let widths = functionWidths.span
      let places = lineCells.span
      let source = bytes.span
      var skip = skipping
      var at = 0
      for frame in frames {
        let location = stackLocations[frame].position
        let pc = pcCells[location]
        let pcLength = pcCells[location &+ 1] &- pc
        let tabs = FrameText.tabs(pcLength &- 2, in: pcColumn)
        for line in offsets[location] &+ skip..<offsets[location &+ 1] {
          let function = lines[line].function.position
          let name = functions[function]
          at = FrameText.copy(source, from: pc, count: pcLength, to: &target, at: at)
          at = FrameText.fill(tabs, to: &target, at: at)
          at = FrameText.copy(source, from: name, count: functions[function &+ 1] &- name, to: &target, at: at)
          at = FrameText.fill(FrameText.tabs(Int(widths[function]), in: functionColumn), to: &target, at: at)
          let place = places[line]
          at = FrameText.copy(source, from: place, count: places[line &+ 1] &- place, to: &target, at: at)
        }
        skip = 0
      }
      output.removeLast(room - at)
    }
  }

  /// What copies by words may touch behind their last byte, in the source and in the target.
  private static let slack = 8

  /// Copies a cell by words, which is several times faster than by slices of an array; gives where the next one goes.
  @inline(__always)
  private static func copy(
    _ source: Span<UInt8>, from start: Int, count: Int, to target: inout MutableSpan<UInt8>, at: Int
  ) -> Int {
    var done = 0
    while done < count {
      storeWord(loadWord(source, at: start &+ done), in: &target, at: at &+ done)
      done &+= 8
    }
    return at &+ count
  }

  @inline(__always)
  private static func fill(_ tabs: Int, to target: inout MutableSpan<UInt8>, at: Int) -> Int {
    var done = 0
    while done < tabs {
      storeWord(0x0909_0909_0909_0909, in: &target, at: at &+ done)
      done &+= 8
    }
    return at &+ tabs
  }

  private func firstShown(_ frames: Range<Int>) -> Cursor {
    let columns = profile.columns
    for frame in frames {
      let lines = columns.lineRange(columns.stackLocations[frame])
      for line in lines where !isRuntime[columns.lines[line].function.position] {
        return Cursor(frame: frame, line: line - lines.lowerBound)
      }
    }
    return Cursor(frame: frames.lowerBound, line: 0)
  }

  /// Padding 1 and tabs of 8: a column ends at the first multiple of 8 beyond its widest cell.
  @inline(__always)
  private static func cellWidth(_ widest: Int) -> Int { (widest + 8) & ~7 }

  @inline(__always)
  private static func tabs(_ cell: Int, in width: Int) -> Int { (width - cell + 7) / 8 }
}

// MARK: - Printing once

extension FrameText {
  private mutating func collectAppearance(_ records: [Int]?) {
    let columns = profile.columns
    var seenStacks = [Bool](repeating: false, count: columns.stackCount)
    var seen = [Bool](repeating: false, count: columns.locations.count)
    for record in 0..<columns.sampleCount {
      let stack = columns.sampleStacks[records?[record] ?? record]
      let frames = shown(stack)
      if frames.upperBound < columns.stackRange(stack).upperBound { cutStacks += 1 }
      if seenStacks[stack.position] { continue }
      seenStacks[stack.position] = true
      for i in frames {
        let location = columns.stackLocations[i]
        if seen[location.position] { continue }
        seen[location.position] = true
        appearance.append(location)
      }
    }
  }

  private mutating func assignPCs() {
    let columns = profile.columns
    var taken = Set<UInt64>(minimumCapacity: appearance.count)
    var without: [LocationIndex] = []
    for location in appearance {
      let address = columns.locations[location.position].address
      if address != 0, taken.insert(address).inserted {
        pcs[location.position] = address &+ 1
      } else {
        without.append(location)
      }
      if !columns.lineRange(location).isEmpty { hasNames = true }
    }
    inventedPCs = without.count
    // Apart, so that none is a neighbour's address − 1.
    var next: UInt64 = 0
    for location in without {
      repeat { next &+= 16 } while taken.contains(next)
      pcs[location.position] = next &+ 1
    }
  }

  private mutating func printLocations(_ subtrahend: UInt64) {
    let count = profile.columns.locations.count
    recordCells.reserveCapacity(count + 1)
    commentCells.reserveCapacity(count + 1)
    bytes.reserveCapacity(count * 80)
    for pc in pcs {
      recordCells.append(bytes.count)
      bytes.append(contentsOf: StaticText.hexPrefix)
      bytes.appendHex(pc)
    }
    recordCells.append(bytes.count)
    for pc in pcs {
      commentCells.append(bytes.count)
      bytes.append(contentsOf: StaticText.commentPrefix)
      bytes.appendHex(pc &- subtrahend)
    }
    commentCells.append(bytes.count)
  }

  private mutating func printFunctions() {
    let columns = profile.columns
    functionCells.reserveCapacity(columns.functions.count + 1)
    functionWidths.reserveCapacity(columns.functions.count)
    for function in columns.functions {
      functionCells.append(bytes.count)
      PrintableName.append(columns.strings[function.name], to: &bytes)
      bytes.append(contentsOf: StaticText.zeroOffset)
      let start = functionCells[functionCells.count - 1]
      functionWidths.append(Int32(truncatingIfNeeded: PrintableName.runes(bytes.span.extracting(start..<bytes.count))))
      isRuntime.append(bytes[start...].starts(with: StaticText.runtime))
    }
    functionCells.append(bytes.count)
  }

  private mutating func printLines() {
    let columns = profile.columns
    // Of each function's file only the place: most lines of a profile share a few hundred files.
    lineCells.reserveCapacity(columns.lines.count + 1)
    for line in columns.lines {
      lineCells.append(bytes.count)
      PrintableName.appendFile(columns.strings[columns.functions[line.function.position].file], to: &bytes)
      bytes.append(UInt8(ascii: ":"))
      bytes.appendDecimal(max(0, line.line))
      bytes.append(UInt8(ascii: "\n"))
    }
    lineCells.append(bytes.count)
    // For copies by words.
    bytes.append(contentsOf: repeatElement(0, count: FrameText.slack))
  }

  private enum StaticText {
    static let noPC = Array("#\t0x0\n".utf8)
    static let hexPrefix = Array(" 0x".utf8)
    static let commentPrefix = Array("#\t0x".utf8)
    static let zeroOffset = Array("+0x0".utf8)
    static let runtime = Array("runtime.".utf8)
  }
}
