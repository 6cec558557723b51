internal import ProfileModel

/// Makes stacks of locations from the two things that Go's text tells of a stack: the pcs of its record line and the
/// comments that name frames.
///
/// Location addresses are the call's: pc − 1.
struct TextStacks: ~Copyable {
  /// What the frame comments show.
  enum CommentPC {
    /// The pc − 1 (Go since 1.9), tried first.
    case call
    /// The pc itself (older Go, and bpprof), tried first.
    case returnAddress
  }

  /// Which pcs without a name are no part of the stack, where others have names.
  enum Hidden {
    /// Those at the leaf, and one at the root: of heaps.
    case leafAndRoot
    /// One at the root, goexit.
    case root
  }

  var builder = ProfileBuilder()
  var frames = FrameTable()
  let commentPC: CommentPC
  let hides: Hidden

  /// The record at hand: positions in `pcs`, and in `frames`.
  private(set) var currentPCs: [UInt32] = []
  private(set) var currentFrames: [UInt32] = []

  /// The addresses of a record line that are not looked up yet.
  private var found: [FoundPC] = []

  /// Distinct pcs, in the order of the record lines.
  private(set) var pcs: [PC] = []
  private var pcIndex = HashIndex()
  /// Pcs are the file's choice: nobody shall choose them so that they collide.
  private var seed = HashSeed.next()
  /// The location that was first made of each.
  private var pcLocations: [LocationIndex] = []
  /// For each comment the location that was last made of it and those behind it.
  private var groups: [Group] = []
  private var groupFrames: [UInt32] = []

  private struct FoundPC {
    var address: UInt64
    var hash: UInt64
    /// Where in `pcs` it may stand.
    var guess: UInt32 = .max
  }

  struct PC {
    var address: UInt64
    /// Where the comment stands in the arena of `frames` that its line had last, in steps of 8 bytes; 0: it had none.
    var text: UInt32
  }
  /// In `currentPCs`, the first one behind those whose comments were read.
  private var uncommented = 0
  /// How far behind that the pc of a comment is looked for. Go hides fewer frames.
  private static let maxHidden = 8

  private struct Group {
    var pc: UInt32
    /// In `groupFrames`.
    var start: Int
    var count: Int
    var location: LocationIndex
  }

  private var alignment = FrameAlignment()
  private var locations: [LocationIndex] = []
  private var lines: [Line] = []

  init(commentPC: CommentPC, hides: Hidden = .leafAndRoot) {
    self.commentPC = commentPC
    self.hides = hides
  }

  @inline(__always)
  mutating func beginRecord() {
    currentPCs.removeAll(keepingCapacity: true)
    currentFrames.removeAll(keepingCapacity: true)
    found.removeAll(keepingCapacity: true)
    uncommented = 0
  }

  /// Adds an address of the record line; ``endPCs()`` must follow the last one.
  @inline(__always)
  mutating func add(pc: UInt64) {
    let hash = HashIndex.mix(pc ^ seed)
    pcIndex.prefetch(hash)
    found.append(FoundPC(address: pc, hash: hash))
  }

  /// All addresses of the record line were added. They are looked up together, so that the waits for memory overlap: the
  /// tables are larger than the caches.
  mutating func endPCs() {
    for at in found.indices {
      let guess = UInt32(truncatingIfNeeded: pcIndex.peek(found[at].hash)) &- 1
      found[at].guess = guess
      prefetch(pcs.span, at: Int(guess))
    }
    for pc in found {
      let index =
        Int(pc.guess) < pcs.count && pcs[Int(pc.guess)].address == pc.address ? pc.guess : search(pc.address, pc.hash)
      frames.prefetch(Int(pcs[Int(index)].text) &* 8)
      currentPCs.append(index)
    }
    found.removeAll(keepingCapacity: true)
  }

  @inline(never)
  private mutating func search(_ pc: UInt64, _ hash: UInt64) -> UInt32 {
    var probe = pcIndex.probe(hash)
    while let at = pcIndex.next(&probe) {
      if pcs[Int(at)].address == pc { return at }
    }
    let new = UInt32(pcs.count)
    pcIndex.insert(hash, new)
    pcs.append(PC(address: pc, text: 0))
    return new
  }

  /// Adds the comment line at `at`, if it was read before; gives where the next line begins. Mostly it is the one that the
  /// next pc of the record line had in another record, and then nothing of it needs to be taken apart.
  @inline(__always)
  mutating func addKnownFrame(_ bytes: Span<UInt8>, at: Int) -> Int? {
    for i in uncommented..<min(currentPCs.count, uncommented &+ Self.maxHidden) {
      let text = Int(pcs[Int(currentPCs[i])].text) &* 8
      if text == 0 { continue }
      guard let (frame, next) = frames.expected(text, bytes, at: at) else { break }
      currentFrames.append(frame)
      uncommented = i &+ 1
      return next
    }
    return searchFrame(bytes, at: at)
  }

  @inline(never)
  private mutating func searchFrame(_ bytes: Span<UInt8>, at: Int) -> Int? {
    guard let (frame, next) = frames.known(bytes, at: at) else { return nil }
    currentFrames.append(frame)
    let pc = frames.entries[Int(frame)].pc
    for i in uncommented..<min(currentPCs.count, uncommented &+ Self.maxHidden) {
      let address = pcs[Int(currentPCs[i])].address
      guard address &- 1 == pc || address == pc else { continue }
      pcs[Int(currentPCs[i])].text = UInt32(truncatingIfNeeded: frames.last / 8)
      uncommented = i + 1
      break
    }
    return next
  }

  mutating func add(_ comment: FrameComment, _ bytes: Span<UInt8>, end: Int) {
    currentFrames.append(frames.intern(comment, bytes, end: end, builder: &builder))
  }

  /// Distinct pcs of the record lines.
  var addressCount: Int { pcs.count }

  /// Each distinct pc that a location begins with, in the order of the record lines.
  func locationsOfPCs() -> [TextDraft.PCLocation] {
    var result: [TextDraft.PCLocation] = []
    for i in pcLocations.indices where pcLocations[i] != .none {
      result.append(TextDraft.PCLocation(pc: pcs[i].address, location: pcLocations[i]))
    }
    return result
  }

  /// The stack of the record at hand.
  mutating func endRecord() -> StackIndex {
    while groups.count < frames.entries.count {
      groups.append(Group(pc: .max, start: 0, count: 0, location: .none))
    }
    for frame in currentFrames {
      prefetch(groups.span, at: Int(frame))
      prefetch(frames.entries.span, at: Int(frame))
    }
    for pc in currentPCs { prefetch(pcs.span, at: Int(pc)) }
    alignment.align(currentPCs, pcs, currentFrames, frames.entries, commentPC, hides: hides)
    locations.removeAll(keepingCapacity: true)
    var at = alignment.shown.lowerBound
    while at < alignment.shown.upperBound {
      if at == alignment.hidden {
        at += 1
        continue
      }
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
    let key = comments.isEmpty ? -1 : Int(currentFrames[comments.lowerBound])
    if key >= 0, isKnown(groups[key], pc, comments) { return groups[key].location }
    lines.removeAll(keepingCapacity: true)
    for i in comments {
      let entry = frames.entries[Int(currentFrames[i])]
      if !entry.hasSymbol { continue }
      // One function for each name; two if one name comes with two files.
      let function = builder.function(Function(name: entry.name, systemName: entry.name, file: entry.file))
      lines.append(Line(function: function, line: entry.line))
    }
    let address = alignment.address(pcs[Int(pc)].address, key < 0 ? nil : frames.entries[key])
    let location = builder.location(Location(address: address), lines: lines)
    if key >= 0 {
      groups[key] = Group(pc: pc, start: groupFrames.count, count: comments.count, location: location)
      groupFrames.append(contentsOf: currentFrames[comments])
    }
    while pcLocations.count < pcs.count { pcLocations.append(.none) }
    if pcLocations[Int(pc)] == .none { pcLocations[Int(pc)] = location }
    return location
  }

  private func isKnown(_ group: Group, _ pc: UInt32, _ comments: Range<Int>) -> Bool {
    guard group.pc == pc, group.count == comments.count else { return false }
    // The first one is how the group was found.
    for i in 1..<max(1, group.count) where groupFrames[group.start &+ i] != currentFrames[comments.lowerBound &+ i] {
      return false
    }
    return true
  }
}

// MARK: - Two threads

extension TextStacks {
  /// Gives what reading takes to `reader`, which so goes on where this one is. What is left can make stacks of what the
  /// other reads: ``learn(_:_:)`` and ``endRecord(pcs:frames:)``.
  mutating func lendReading(to reader: inout TextStacks) {
    swapReading(with: &reader)
    pcs = reader.pcs
    frames = FrameTable(entries: reader.frames.entries)
  }

  /// Takes it back.
  mutating func takeReading(from reader: inout TextStacks) { swapReading(with: &reader) }

  private mutating func swapReading(with other: inout TextStacks) {
    builder.swapStrings(with: &other.builder)
    swap(&frames, &other.frames)
    swap(&pcs, &other.pcs)
    swap(&pcIndex, &other.pcIndex)
    swap(&seed, &other.seed)
  }

  /// Pcs and comments that the reader has met since.
  mutating func learn(_ newPCs: [PC], _ entries: [FrameTable.Entry]) {
    pcs.append(contentsOf: newPCs)
    frames.append(entries)
  }

  /// The stack of a record that the reader has read.
  mutating func endRecord(pcs: ArraySlice<UInt32>, frames: ArraySlice<UInt32>) -> StackIndex {
    currentPCs.replaceSubrange(currentPCs.indices, with: pcs)
    currentFrames.replaceSubrange(currentFrames.indices, with: frames)
    return endRecord()
  }
}
