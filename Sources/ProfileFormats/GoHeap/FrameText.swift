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
  let appearance: [LocationIndex]
  /// The pc of each location that stands in a record line. Others have 0.
  let pcs: [UInt64]
  /// How many pcs are invented.
  let inventedPCs: Int
  /// How many samples have more than ``maxFrames``.
  let cutStacks: Int
  /// Whether any location that stands in a record line has a function.
  let hasNames: Bool

  private let cells: FrameCells
  /// What is taken from a pc of a record line for a comment.
  private let subtrahend: UInt64

  /// - Parameters:
  ///   - records: the samples in the order of their record lines; nil: in their own.
  ///   - commentPC: what the frame comments show.
  /// - Complexity: O(distinct stacks + locations + functions), and O(samples).
  init(_ profile: Profile, records: [Int]? = nil, commentPC: CommentPC = .call) {
    self.profile = profile
    subtrahend = commentPC == .call ? 1 : 0
    (appearance, cutStacks) = Self.appearance(profile.columns, records)
    (pcs, inventedPCs) = Self.pcs(profile.columns, appearance)
    hasNames = appearance.contains { !profile.columns.lineRange($0).isEmpty }
    cells = FrameCells(profile.columns, appearance, pcs: pcs, subtrahend: subtrahend)
  }

  // MARK: Record lines

  /// The frames of a stack that stand in the text.
  func shown(_ stack: StackIndex) -> Range<Int> { Self.shown(stack, profile.columns) }

  private static func shown(_ stack: StackIndex, _ columns: ProfileColumns) -> Range<Int> {
    let start = columns.stackOffsets[stack.position]
    return start..<min(columns.stackOffsets[stack.position + 1], start + maxFrames)
  }

  /// Asks memory for what the records behind that of `sample` take, where records are in the order of the samples.
  func lookAhead(from sample: Int) {
    let columns = profile.columns
    columns.lookAhead(from: sample)
    guard sample + 2 < columns.sampleCount else { return }
    let locations = columns.stackLocations.span
    let heads = cells.heads.span
    for i in shown(columns.sampleStacks[sample + 2]) { prefetch(heads, at: locations[i].position) }
  }

  /// ` 0x…` for each frame, leaf first.
  ///
  /// - Returns: what ``appendComments(of:hidingRuntime:measured:to:)`` would have to find out once more.
  @discardableResult
  func appendPCs(of stack: StackIndex, to buffer: inout [UInt8]) -> Measure {
    let frames = shown(stack)
    var measure = Measure()
    // No closure: it would take a copy of all that is here, with a count of references for each array.
    let locations = profile.columns.stackLocations.span
    let heads = cells.heads.span
    let lines = cells.lines.span
    var at = buffer.count
    // The longest is ` 0xffffffffffffffff`.
    Self.makeRoom(frames.count * 19 + Self.slack, in: &buffer)
    var target = buffer.mutableSpan
    for i in frames {
      let head = heads[locations[i].position]
      storeBlock((head.record.0, head.record.1, head.record.2, 0), in: &target, at: at)
      at &+= Int(head.recordLength)
      measure.add(head, lines)
    }
    buffer.removeLast(buffer.count - at)
    return measure
  }

  // MARK: Comments

  /// What aligning the comments of some frames takes to know.
  struct Measure {
    /// Of the widest pc and function, in runes.
    var pcWidth = 0
    var functionWidth = 0
    /// What the cells of all lines take.
    var bytes = 0
    var lines = 0
    /// Locations without lines: each ends a block of aligned lines.
    var bare = 0
    fileprivate var isOdd = false

    /// Asks memory for the lines too, which are needed soon: so the waits for those of many locations overlap.
    @inline(__always)
    fileprivate mutating func add(_ head: FrameCells.Head, _ cells: Span<UInt8>) {
      if head.lineCount == 0 {
        bare &+= 1
        return
      }
      pcWidth = max(pcWidth, Int(head.pcWidth))
      functionWidth = max(functionWidth, Int(head.functionWidth))
      lines &+= Int(head.lineCount)
      bytes &+= Int(head.cellBytes)
      if head.cellBytes == FrameCells.Head.notKept { isOdd = true }
      let start = Int(head.firstLine)
      prefetch(cells, at: start)
      prefetch(cells, at: start &+ 64)
      prefetch(cells, at: start &+ 128)
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
      let hasZero = frames.contains { pcs[location($0).position] == 0 }
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
    let root = frames.last { pcs[location($0).position] != 0 || !lines($0).isEmpty }
    if let root, lines(root).isEmpty {
      appendBlocks(frames, from: (frames.lowerBound, 0), to: &buffer)
    } else {
      appendAligned(frames, measured, to: &buffer)
    }
  }

  private func location(_ frame: Int) -> LocationIndex { profile.columns.stackLocations[frame] }

  private func lines(_ frame: Int) -> Range<Int> { profile.columns.lineRange(location(frame)) }

  private func measure(_ frames: Range<Int>) -> Measure {
    var measure = Measure()
    for i in frames { measure.add(cells.heads[location(i).position], cells.lines.span) }
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
      while end < frames.upperBound, !lines(end).isEmpty { end += 1 }
      if end == start {
        buffer.append(contentsOf: FrameCells.commentPC(pcs[location(end).position] &- subtrahend))
        buffer.append(UInt8(ascii: "\n"))
        start += 1
        continue
      }
      let block = measure(start..<end)
      if skip > 0 {
        appendOdd(start..<end, skipping: skip, to: &buffer)
      } else {
        appendAligned(start..<end, block, to: &buffer)
      }
      skip = 0
      start = end
    }
  }

  /// - Parameter frames: those without lines have none here.
  private func appendAligned(_ frames: Range<Int>, _ measure: Measure, to buffer: inout [UInt8]) {
    if measure.isOdd { return appendOdd(frames, skipping: 0, to: &buffer) }
    let pcColumn = Self.columnWidth(measure.pcWidth)
    let functionColumn = Self.columnWidth(measure.functionWidth)
    let stackLocations = profile.columns.stackLocations.span
    let heads = cells.heads.span
    let source = cells.lines.span
    var at = buffer.count
    Self.makeRoom(
      measure.bytes + measure.lines * (pcColumn / 8 + functionColumn / 8) + Self.slack, in: &buffer)
    var target = buffer.mutableSpan
    for frame in frames {
      let head = heads[stackLocations[frame].position]
      let pcLength = Int(head.pcWidth) &+ 2
      let pcTabs = Self.tabs(Int(head.pcWidth), in: pcColumn)
      var next = Int(head.firstLine)
      for _ in 0..<head.lineCount {
        let line = FrameCells.Line(source, at: next)
        var text = next &+ FrameCells.Line.size
        var rest = line.headLength
        if pcTabs != 1 {
          // One tab comes with the function.
          at = Self.copy(source, from: text, count: pcLength, to: &target, at: at)
          at = Self.fill(pcTabs &- 1, to: &target, at: at)
          text &+= pcLength
          rest &-= pcLength
        }
        at = Self.copy(source, from: text, count: rest, to: &target, at: at)
        at = Self.fill(Self.tabs(line.functionWidth, in: functionColumn), to: &target, at: at)
        at = Self.copy(source, from: line.place(at: next), count: line.placeLength, to: &target, at: at)
        next &+= line.size
      }
    }
    buffer.removeLast(buffer.count - at)
  }

  /// The same where lines are left out, or are not kept.
  ///
  /// - Parameter skipping: how many lines of the first frame are left out.
  private func appendOdd(_ frames: Range<Int>, skipping: Int, to buffer: inout [UInt8]) {
    var printed: [(bytes: [UInt8], line: FrameCells.Line, pcWidth: Int)] = []
    for frame in frames {
      let pc = pcs[location(frame).position] &- subtrahend
      let pcWidth = FrameCells.commentPC(pc).count - 2
      for line in lines(frame).dropFirst(frame == frames.lowerBound ? skipping : 0) {
        let (bytes, cell) = FrameCells.line(profile.columns, profile.columns.lines[line], pc)
        printed.append((bytes, cell, pcWidth))
      }
    }
    let pcColumn = Self.columnWidth(printed.map(\.pcWidth).max() ?? 0)
    let functionColumn = Self.columnWidth(printed.map(\.line.functionWidth).max() ?? 0)
    for (bytes, line, pcWidth) in printed {
      let start = FrameCells.Line.size
      buffer.append(contentsOf: bytes[start..<start + pcWidth + 2])
      buffer.append(contentsOf: repeatElement(UInt8(ascii: "\t"), count: Self.tabs(pcWidth, in: pcColumn) - 1))
      buffer.append(contentsOf: bytes[start + pcWidth + 2..<start + line.headLength])
      buffer.append(
        contentsOf: repeatElement(UInt8(ascii: "\t"), count: Self.tabs(line.functionWidth, in: functionColumn)))
      buffer.append(contentsOf: bytes[line.place(at: 0)..<line.place(at: 0) + line.placeLength])
    }
  }

  private func firstShown(_ frames: Range<Int>) -> (frame: Int, line: Int) {
    for frame in frames {
      for (number, line) in lines(frame).enumerated() where !isRuntime(line) { return (frame, number) }
    }
    return (frames.lowerBound, 0)
  }

  private func isRuntime(_ line: Int) -> Bool {
    let function = profile.columns.functions[profile.columns.lines[line].function.position]
    return TextBytes.has("runtime.", profile.columns.strings[function.name], at: 0)
  }

  /// Padding 1 and tabs of 8: a column ends at the first multiple of 8 beyond its widest cell.
  @inline(__always)
  private static func columnWidth(_ widest: Int) -> Int { (widest + 8) & ~7 }

  @inline(__always)
  private static func tabs(_ cell: Int, in width: Int) -> Int { (width &- cell &+ 7) / 8 }

  /// What copies by blocks may touch behind their last byte.
  private static let slack = 32

  @inline(__always)
  private static func makeRoom(_ count: Int, in buffer: inout [UInt8]) {
    buffer.append(addingCapacity: count) { $0.append(repeating: 0, count: count) }
  }

  /// Copies a cell by blocks, which is several times faster than by slices of an array; gives where the next one goes.
  @inline(__always)
  private static func copy(
    _ source: Span<UInt8>, from start: Int, count: Int, to target: inout MutableSpan<UInt8>, at: Int
  ) -> Int {
    var done = 0
    repeat {
      copyBlock(source, at: start &+ done, to: &target, at: at &+ done)
      done &+= 32
    } while done < count
    return at &+ count
  }

  @inline(__always)
  private static func fill(_ tabs: Int, to target: inout MutableSpan<UInt8>, at: Int) -> Int {
    var done = 0
    repeat {
      storeWord(0x0909_0909_0909_0909, in: &target, at: at &+ done)
      done &+= 8
    } while done < tabs
    return at &+ tabs
  }

  private enum StaticText {
    static let noPC = Array("#\t0x0\n".utf8)
  }
}

// MARK: - What stands where

extension FrameText {
  /// Locations by where they first stand in record lines, and how many samples have more than ``maxFrames``.
  private static func appearance(_ columns: ProfileColumns, _ records: [Int]?) -> ([LocationIndex], Int) {
    var appearance: [LocationIndex] = []
    var cutStacks = 0
    var seenStacks = [Bool](repeating: false, count: columns.stackCount)
    var seen = [Bool](repeating: false, count: columns.locations.count)
    for record in 0..<columns.sampleCount {
      let stack = columns.sampleStacks[records?[record] ?? record]
      if records == nil { columns.lookAhead(from: record) }
      let frames = shown(stack, columns)
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
    return (appearance, cutStacks)
  }

  /// The pcs, and how many are invented. Of locations with one address the first has it, in an order that does not depend on
  /// their ids; in that order, too, the others have theirs: what was sorted by it stays in order when it is read.
  private static func pcs(_ columns: ProfileColumns, _ appearance: [LocationIndex]) -> ([UInt64], Int) {
    var pcs = [UInt64](repeating: 0, count: columns.locations.count)
    var taken = Set<UInt64>(minimumCapacity: appearance.count)
    var contested: Set<UInt64> = []
    for location in appearance {
      let address = columns.locations[location.position].address
      if address != 0, taken.insert(address).inserted {
        pcs[location.position] = address &+ 1
      } else {
        contested.insert(address)
      }
    }
    if contested.isEmpty { return (pcs, 0) }
    let order = LocationOrder(columns)
    let candidates = appearance.filter { contested.contains(columns.locations[$0.position].address) }.enumerated()
      .sorted { a, b in
        let comparison = order.compare(a.element, b.element)
        return comparison == 0 ? a.offset < b.offset : comparison < 0
      }
    // Apart, so that none is a neighbour's address − 1.
    var next: UInt64 = 0
    var last: UInt64 = 0
    var invented = 0
    for (_, location) in candidates {
      let address = columns.locations[location.position].address
      if address != last {
        last = address
        pcs[location.position] = address &+ 1
        continue
      }
      repeat { next &+= 16 } while taken.contains(next)
      pcs[location.position] = next &+ 1
      invented += 1
    }
    return (pcs, invented)
  }
}
