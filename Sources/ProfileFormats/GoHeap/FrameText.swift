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

  /// The cells' bytes, and some more for copies by words.
  private(set) var bytes: [UInt8] = []
  private(set) var locationCells: [LocationCell] = []
  private(set) var lineCells: [LineCell] = []

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
    let functions = printFunctions()
    printLines(functions)
    printLocations(commentPC == .call ? 1 : 0)
  }

  // MARK: Record lines

  /// The frames of a stack that stand in the text.
  func shown(_ stack: StackIndex) -> Range<Int> {
    let start = profile.columns.stackOffsets[stack.position]
    return start..<min(profile.columns.stackOffsets[stack.position + 1], start + FrameText.maxFrames)
  }

  /// ` 0x…` for each frame, leaf first.
  ///
  /// - Returns: what ``appendComments(of:hidingRuntime:measured:to:)`` would have to find out once more.
  @discardableResult
  func appendPCs(of stack: StackIndex, to buffer: inout [UInt8]) -> Measure {
    let frames = shown(stack)
    // The longest is ` 0xffffffffffffffff`; three words are stored at a time.
    let room = frames.count * 19 + 24
    var measure = Measure()
    // No closure: it would take a copy of all that is here, with a count of references for each array.
    let locations = profile.columns.stackLocations.span
    let cells = locationCells.span
    var at = buffer.count
    buffer.append(contentsOf: repeatElement(0, count: room))
    var target = buffer.mutableSpan
    for i in frames {
      let position = locations[i].position
      storeWord(cells[position].record.0, in: &target, at: at)
      storeWord(cells[position].record.1, in: &target, at: at &+ 8)
      storeWord(cells[position].record.2, in: &target, at: at &+ 16)
      at &+= Int(cells[position].recordLength)
      measure.add(cells[position])
    }
    buffer.removeLast(buffer.count - at)
    return measure
  }

  // MARK: Comments

  /// What aligning the comments of some frames takes to know.
  struct Measure {
    /// Of the widest pc and function, in runes.
    var pcWidth: Int32 = 0
    var functionWidth: Int32 = 0
    /// What the cells of all lines take.
    var bytes = 0
    var lines = 0
    /// Locations without lines: each ends a block of aligned lines.
    var bare = 0

    @inline(__always)
    mutating func add(_ cell: LocationCell) {
      if cell.lineCount == 0 {
        bare &+= 1
        return
      }
      pcWidth = max(pcWidth, cell.pcLength &- 2)
      functionWidth = max(functionWidth, cell.functionWidth)
      bytes &+= cell.lineBytes
      lines &+= Int(cell.lineCount)
    }
  }

  /// The comment lines of a stack, aligned as Go's tabwriter does it: a line for each line of each location, a bare pc for
  /// a location without lines. Of a stack without any name only `#\t0x0`, as Go prints it; and nothing at all in a profile
  /// that has no names.
  ///
  /// - Parameters:
  ///   - hidingRuntime: leave out the `runtime.` frames at the leaf, unless there are no others. What is left out does not
  ///     come back; a text with a carry-through block must not.
  ///   - measured: what ``appendPCs(of:to:)`` gave for this stack.
  func appendComments(
    of stack: StackIndex, hidingRuntime: Bool = false, measured: Measure? = nil, to buffer: inout [UInt8]
  ) {
    if !hasNames { return }
    let frames = shown(stack)
    let measure = measured ?? self.measure(frames)
    if measure.lines == 0 {
      // Beside a pc 0 it would name that one and hide the others.
      let hasZero = frames.contains { pcs[profile.columns.stackLocations[$0].position] == 0 }
      if !hasZero { buffer.append(contentsOf: StaticText.noPC) }
    } else if measure.bare == 0, !hidingRuntime {
      appendAligned(frames, measure, to: &buffer)
    } else {
      appendBlocks(frames, from: hidingRuntime ? firstShown(frames) : (frames.lowerBound, 0), to: &buffer)
    }
  }

  /// The comment lines of a stack as Go prints them for counts and contentions: none for a location without lines, unless
  /// there is one at the root, which a reader would take for goexit: then all have one. Of a stack without any name
  /// `#\t0x0`.
  func appendGoComments(of stack: StackIndex, measured: Measure, to buffer: inout [UInt8]) {
    if measured.lines == 0 {
      buffer.append(contentsOf: StaticText.noPC)
      return
    }
    let frames = shown(stack)
    // Behind goexit there may be 0s.
    let root = frames.last { pcs[profile.columns.stackLocations[$0].position] != 0 || cell($0).lineCount > 0 }
    if let root, cell(root).lineCount == 0 {
      appendBlocks(frames, from: (frames.lowerBound, 0), to: &buffer)
    } else {
      appendAligned(frames, measured, to: &buffer)
    }
  }

  private func measure(_ frames: Range<Int>) -> Measure {
    var measure = Measure()
    for i in frames { measure.add(locationCells[profile.columns.stackLocations[i].position]) }
    return measure
  }

  /// Consecutive lines that have all cells form a block in which columns are as wide as their widest cell. A bare pc has
  /// no third cell and ends the block.
  ///
  /// - Parameter first: the first frame, and how many of its lines are left out.
  private func appendBlocks(_ frames: Range<Int>, from first: (frame: Int, line: Int), to buffer: inout [UInt8]) {
    var start = first.frame
    var skip = first.line
    while start < frames.upperBound {
      var end = start
      while end < frames.upperBound, cell(end).lineCount > 0 { end += 1 }
      if end == start {
        buffer.append(contentsOf: bytes[cell(end).pcStart..<cell(end).pcStart + Int(cell(end).pcLength)])
        buffer.append(UInt8(ascii: "\n"))
        start += 1
        continue
      }
      var block = measure(start..<end)
      if skip > 0 {
        // Without the lines that are left out, whose cells may be the widest.
        block.functionWidth = cell(start).lines.dropFirst(skip).map { lineCells[$0].width }.max() ?? 0
        block.functionWidth = max(block.functionWidth, measure(start + 1..<end).functionWidth)
      }
      appendAligned(start..<end, skipping: skip, block, to: &buffer)
      skip = 0
      start = end
    }
  }

  private func cell(_ frame: Int) -> LocationCell { locationCells[profile.columns.stackLocations[frame].position] }

  /// - Parameters:
  ///   - frames: those without lines have none here.
  ///   - skipping: how many lines of the first frame are left out.
  private func appendAligned(
    _ frames: Range<Int>, skipping: Int = 0, _ measure: Measure, to buffer: inout [UInt8]
  ) {
    let pcColumn = FrameText.columnWidth(Int(measure.pcWidth))
    let functionColumn = FrameText.columnWidth(Int(measure.functionWidth))
    let room = measure.bytes + measure.lines * (pcColumn / 8 + functionColumn / 8 + 2) + FrameText.slack
    let stackLocations = profile.columns.stackLocations.span
    let locations = locationCells.span
    let lines = lineCells.span
    let source = bytes.span
    var skip = skipping
    var at = buffer.count
    buffer.append(contentsOf: repeatElement(0, count: room))
    var target = buffer.mutableSpan
    for frame in frames {
      let position = stackLocations[frame].position
      let pc = locations[position].pcStart
      let pcLength = Int(locations[position].pcLength)
      let tabs = FrameText.tabs(pcLength &- 2, in: pcColumn)
      for line in locations[position].lines.dropFirst(skip) {
        at = FrameText.copy(source, from: pc, count: pcLength, to: &target, at: at)
        at = FrameText.fill(tabs, to: &target, at: at)
        at = FrameText.copy(
          source, from: lines[line].function, count: Int(lines[line].functionLength), to: &target, at: at)
        at = FrameText.fill(FrameText.tabs(Int(lines[line].width), in: functionColumn), to: &target, at: at)
        at = FrameText.copy(source, from: lines[line].place, count: Int(lines[line].placeLength), to: &target, at: at)
      }
      skip = 0
    }
    buffer.removeLast(buffer.count - at)
  }

  private func firstShown(_ frames: Range<Int>) -> (frame: Int, line: Int) {
    for frame in frames {
      let lines = cell(frame).lines
      for line in lines where !isRuntime(lineCells[line]) { return (frame, line - lines.lowerBound) }
    }
    return (frames.lowerBound, 0)
  }

  private func isRuntime(_ line: LineCell) -> Bool {
    bytes[line.function..<line.function + Int(line.functionLength)].starts(with: StaticText.runtime)
  }

  /// Padding 1 and tabs of 8: a column ends at the first multiple of 8 beyond its widest cell.
  @inline(__always)
  private static func columnWidth(_ widest: Int) -> Int { (widest + 8) & ~7 }

  @inline(__always)
  private static func tabs(_ cell: Int, in width: Int) -> Int { (width &- cell &+ 7) / 8 }

  /// What copies by words may touch behind their last byte, in the source and in the target.
  static let slack = 8

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
}

// MARK: - Printing once

extension FrameText {
  /// What the text of a record needs of a location, in one place of memory.
  struct LocationCell {
    /// ` 0x…` of the record line.
    var record: (UInt64, UInt64, UInt64)
    var recordLength: Int32
    /// `#` and a tab and `0x…` of a comment.
    var pcLength: Int32
    var pcStart: Int
    /// What its lines take in ``FrameText/bytes``, each with the pc.
    var lineBytes: Int
    var firstLine: UInt32
    var lineCount: UInt32
    /// Of its widest function.
    var functionWidth: Int32

    var lines: Range<Int> { Int(firstLine)..<Int(firstLine) &+ Int(lineCount) }
  }

  /// The cells of a line of a location: function, and file and line with the LF.
  struct LineCell {
    var function: Int
    var place: Int
    var functionLength: Int32
    var placeLength: Int32
    /// Of the function, in runes.
    var width: Int32
  }

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

  private mutating func printFunctions() -> [LineCell] {
    let columns = profile.columns
    bytes.reserveCapacity(columns.locations.count * 80)
    return columns.functions.map { function in
      let start = bytes.count
      PrintableName.append(columns.strings[function.name], to: &bytes)
      bytes.append(contentsOf: StaticText.zeroOffset)
      return LineCell(
        function: start, place: 0, functionLength: Int32(truncatingIfNeeded: bytes.count - start), placeLength: 0,
        width: Int32(truncatingIfNeeded: PrintableName.runes(bytes.span.extracting(start..<bytes.count))))
    }
  }

  private mutating func printLines(_ functions: [LineCell]) {
    let columns = profile.columns
    lineCells.reserveCapacity(columns.lines.count)
    for line in columns.lines {
      var cell = functions[line.function.position]
      cell.place = bytes.count
      PrintableName.appendFile(columns.strings[columns.functions[line.function.position].file], to: &bytes)
      bytes.append(UInt8(ascii: ":"))
      bytes.appendDecimal(max(0, line.line))
      bytes.append(UInt8(ascii: "\n"))
      cell.placeLength = Int32(truncatingIfNeeded: bytes.count - cell.place)
      lineCells.append(cell)
    }
  }

  private mutating func printLocations(_ subtrahend: UInt64) {
    locationCells.reserveCapacity(pcs.count)
    var record: [UInt8] = []
    for (location, pc) in pcs.enumerated() {
      record.removeAll(keepingCapacity: true)
      record.append(contentsOf: StaticText.hexPrefix)
      record.appendHex(pc)
      let length = record.count
      record.append(contentsOf: repeatElement(0, count: 24 - length))
      let pcStart = bytes.count
      bytes.append(contentsOf: StaticText.commentPrefix)
      bytes.appendHex(pc &- subtrahend)
      let pcLength = bytes.count - pcStart
      let lines = profile.columns.lineRange(LocationIndex(location))
      var lineBytes = 0
      var width: Int32 = 0
      for line in lines {
        lineBytes += pcLength + Int(lineCells[line].functionLength) + Int(lineCells[line].placeLength)
        width = max(width, lineCells[line].width)
      }
      locationCells.append(
        LocationCell(
          record: (loadWord(record.span, at: 0), loadWord(record.span, at: 8), loadWord(record.span, at: 16)),
          recordLength: Int32(length), pcLength: Int32(pcLength), pcStart: pcStart, lineBytes: lineBytes,
          firstLine: UInt32(lines.lowerBound), lineCount: UInt32(lines.count), functionWidth: width))
    }
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
