internal import ProfileModel

/// Makes stacks of locations from the two things that Go's text tells of a stack: the pcs of its record line and the
/// comments that name frames. Equal records are made into a stack once.
///
/// Location addresses are the call's: pc − 1, always.
struct TextStacks: ~Copyable {
  /// What the frame comments show.
  enum CommentPC {
    /// The pc − 1 (Go since 1.9), tried first.
    case call
    /// The pc itself (older Go, and bpprof), tried first.
    case returnAddress
  }

  var builder = ProfileBuilder()
  var frames = FrameTable()
  let commentPC: CommentPC

  /// The record at hand: positions in `pcs`, and in `frames`.
  private(set) var currentPCs: [UInt32] = []
  private(set) var currentFrames: [UInt32] = []

  /// Distinct pcs, in the order of the record lines, and the location that was first made of each.
  private var pcs: [UInt64] = []
  private var pcIndex = HashIndex()
  private var pcLocations: [LocationIndex] = []
  /// The location of a comment that stands alone at its pc.
  private var frameLocations: [(pc: UInt32, location: LocationIndex)] = []

  /// Records as they were read: the pcs' positions, then the comments'.
  private var rawWords: [UInt32] = []
  private var rawEnds: [(pcs: Int, frames: Int)] = [(0, 0)]
  private var rawStacks: [StackIndex] = []
  private var rawIndex = HashIndex()

  private var alignment = FrameAlignment()
  private var locations: [LocationIndex] = []
  private var lines: [Line] = []

  init(commentPC: CommentPC) { self.commentPC = commentPC }

  @inline(__always)
  mutating func beginRecord() {
    currentPCs.removeAll(keepingCapacity: true)
    currentFrames.removeAll(keepingCapacity: true)
  }

  @inline(__always)
  mutating func add(pc: UInt64) {
    let hash = HashIndex.mix(pc)
    var probe = pcIndex.probe(hash)
    while let at = pcIndex.next(&probe) {
      if pcs[Int(at)] == pc {
        currentPCs.append(at)
        return
      }
    }
    let new = UInt32(pcs.count)
    pcIndex.insert(hash, new)
    pcs.append(pc)
    pcLocations.append(.none)
    currentPCs.append(new)
  }

  @inline(__always)
  mutating func add(frame: UInt32) { currentFrames.append(frame) }

  mutating func add(_ comment: FrameComment, _ bytes: Span<UInt8>, end: Int) {
    let entry = frames.intern(comment, bytes, end: end, builder: &builder)
    while frameLocations.count < frames.entries.count { frameLocations.append((.max, .none)) }
    currentFrames.append(entry)
  }

  /// The stack of the record at hand.
  mutating func endRecord() -> StackIndex {
    var hash = UInt64(currentPCs.count)
    for word in currentPCs {
      hash = (hash ^ UInt64(word)) &* 0xff51_afd7_ed55_8ccd
      hash ^= hash &>> 29
    }
    for word in currentFrames {
      hash = (hash ^ UInt64(word)) &* 0xc4ce_b9fe_1a85_ec53
      hash ^= hash &>> 29
    }
    hash = HashIndex.mix(hash)
    var probe = rawIndex.probe(hash)
    while let at = rawIndex.next(&probe) {
      if isRaw(Int(at)) { return rawStacks[Int(at)] }
    }
    let stack = makeStack()
    rawIndex.insert(hash, UInt32(rawStacks.count))
    rawStacks.append(stack)
    rawWords.append(contentsOf: currentPCs)
    let middle = rawWords.count
    rawWords.append(contentsOf: currentFrames)
    rawEnds.append((middle, rawWords.count))
    return stack
  }

  private func isRaw(_ at: Int) -> Bool {
    let start = rawEnds[at].frames
    let (middle, end) = rawEnds[at + 1]
    guard middle - start == currentPCs.count, end - middle == currentFrames.count else { return false }
    for i in 0..<currentPCs.count where rawWords[start &+ i] != currentPCs[i] { return false }
    for i in 0..<currentFrames.count where rawWords[middle &+ i] != currentFrames[i] { return false }
    return true
  }

  /// Each distinct pc that a location begins with, in the order of the record lines.
  func locationsOfPCs() -> [TextDraft.PCLocation] {
    var result: [TextDraft.PCLocation] = []
    for i in pcs.indices where pcLocations[i] != .none {
      result.append(TextDraft.PCLocation(pc: pcs[i], location: pcLocations[i]))
    }
    return result
  }

  private mutating func makeStack() -> StackIndex {
    alignment.align(currentPCs, pcs, currentFrames, frames.entries, commentPC)
    locations.removeAll(keepingCapacity: true)
    var at = alignment.shown.lowerBound
    while at < alignment.shown.upperBound {
      let end = alignment.groupEnd(at, currentFrames, frames.entries)
      locations.append(location(at..<end))
      at = end
    }
    return builder.stack(locations)
  }

  /// The location of a group of pcs of one inline group, at the innermost one's address.
  private mutating func location(_ group: Range<Int>) -> LocationIndex {
    let pc = currentPCs[group.lowerBound]
    let comments = alignment.comments(group)
    let isAlone = comments.count == 1
    if isAlone, case let known = frameLocations[Int(currentFrames[comments.lowerBound])], known.pc == pc {
      return known.location
    }
    lines.removeAll(keepingCapacity: true)
    for i in comments {
      let entry = frames.entries[Int(currentFrames[i])]
      if !entry.hasSymbol { continue }
      // One function for each name; two if one name comes with two files.
      let function = builder.function(Function(name: entry.name, systemName: entry.name, file: entry.file))
      lines.append(Line(function: function, line: entry.line))
    }
    let location = builder.location(Location(address: pcs[Int(pc)] &- 1), lines: lines)
    if isAlone { frameLocations[Int(currentFrames[comments.lowerBound])] = (pc, location) }
    if pcLocations[Int(pc)] == .none { pcLocations[Int(pc)] = location }
    return location
  }
}
