internal import ProfileModel

/// Which comments of a record belong to which of its pcs: by address and in order, since comments are fewer than pcs (Go
/// hides the runtime's frames at the leaf, and goexit) or more (ours name inlined frames).
struct FrameAlignment {
  /// The pcs that the text shows, as a range of the record line.
  private(set) var shown = 0..<0
  /// One among them that it hides.
  private(set) var hidden: Int?
  /// For each pc the range of its comments; empty where it has none.
  private var ranges: [Range<Int>] = []
  /// Whether a comment may show a pc that is its function's entry, which no call returns to.
  private var hasEntries = false
  /// Whether neighbouring pcs may be an inline group.
  private var joinsNeighbours = false
  /// The end of the run of pcs with one entry that ``groupEnd(_:_:_:)`` is in, and the name of its last.
  private var runEnd = 0
  private var outer = StringIndex.empty

  private enum Match {
    /// A comment shows pc − 1.
    case call
    /// …or the pc itself, if that is the function's entry.
    case callOrEntry
    /// A comment shows the pc.
    case returnAddress
    case either
  }

  /// Inlined callers' pcs are often neighbours, so that one rule must fit the whole record before the next is tried.
  mutating func align(
    _ pcs: [UInt32], _ addresses: [TextStacks.PC], _ comments: [UInt32], _ entries: [FrameTable.Entry],
    _ expected: TextStacks.CommentPC, hides: TextStacks.Hidden
  ) {
    joinsNeighbours = false
    hasEntries = false
    hidden = nil
    if comments.isEmpty {
      reset(pcs.count)
      shown = 0..<pcs.count
      return
    }
    let order: [Match] =
      expected == .call
      ? [.call, .callOrEntry, .returnAddress, .either] : [.returnAddress, .call, .callOrEntry, .either]
    for match in order where align(match, pcs, addresses, comments, entries) {
      joinsNeighbours = match != .returnAddress
      hasEntries = match == .callOrEntry
      break
    }
    runEnd = 0
    hide(pcs.count)
    if hides == .root { hideRoot(pcs, addresses) }
  }

  /// False where a comment found no pc. The last rule goes on without that comment.
  private mutating func align(
    _ match: Match, _ pcs: [UInt32], _ addresses: [TextStacks.PC], _ comments: [UInt32], _ entries: [FrameTable.Entry]
  ) -> Bool {
    reset(pcs.count)
    var nextPC = 0
    var comment = 0
    // A damaged record may have thousands of comments that fit nowhere.
    var steps = 16 * (pcs.count + comments.count) + 4096
    while comment < comments.count {
      let entry = entries[Int(comments[comment])]
      var commentEnd = comment + 1
      while commentEnd < comments.count, entries[Int(comments[commentEnd])].pc == entry.pc { commentEnd += 1 }
      var at = nextPC
      while at < pcs.count, !Self.fits(match, addresses[Int(pcs[at])].address, entry) { at += 1 }
      steps -= at - nextPC
      if steps < 0 { return match == .either }
      if at < pcs.count {
        var end = at + 1
        while end < pcs.count, pcs[end] == pcs[at] { end += 1 }
        var repeats: [Int] = []
        if commentEnd - comment > end - at {
          // Frames without a comment may stand between two that have the same.
          let next = commentEnd < comments.count ? entries[Int(comments[commentEnd])] : nil
          var later = end
          while later < pcs.count, next.map({ !Self.fits(match, addresses[Int(pcs[later])].address, $0) }) ?? true {
            if pcs[later] == pcs[at] { repeats.append(later) }
            later += 1
          }
          steps -= later - end
          if (commentEnd - comment) % (end - at + repeats.count) != 0 { repeats = [] }
        }
        if let last = repeats.last {
          deal(comment..<commentEnd, evenlyTo: Array(at..<end) + repeats)
          nextPC = last + 1
        } else {
          deal(comment..<commentEnd, to: at..<end)
          nextPC = end
        }
      } else if match != .either, entry.hasSymbol || entry.pc != 0 {
        return false
      }
      // (Go prints `#\t0x0` for a stack that it cannot name at all.)
      comment = commentEnd
    }
    return true
  }

  @inline(__always)
  private static func fits(_ match: Match, _ pc: UInt64, _ entry: FrameTable.Entry) -> Bool {
    switch match {
    case .call: pc &- 1 == entry.pc
    case .callOrEntry: pc &- 1 == entry.pc || (pc == entry.pc && entry.hasSymbol && entry.pc == entry.entry)
    case .returnAddress: pc == entry.pc
    case .either: pc &- 1 == entry.pc || pc == entry.pc
    }
  }

  /// Recursion repeats a pc, and each time its comments: every pc gets as many. Where that does not come out even, the pcs
  /// nearest the root get one each, and the last of them the rest.
  private mutating func deal(_ comments: Range<Int>, to pcs: Range<Int>) {
    let isEven = comments.count % pcs.count == 0
    let share = isEven ? comments.count / pcs.count : 1
    let first = max(pcs.lowerBound, pcs.upperBound - comments.count)
    var next = comments.lowerBound
    for pc in first..<pcs.upperBound {
      let end = pc == pcs.upperBound - 1 ? comments.upperBound : next + share
      ranges[pc] = next..<end
      next = end
    }
  }

  private mutating func deal(_ comments: Range<Int>, evenlyTo pcs: [Int]) {
    let share = comments.count / pcs.count
    for (i, pc) in pcs.enumerated() {
      ranges[pc] = comments.lowerBound + i * share..<comments.lowerBound + (i + 1) * share
    }
  }

  private mutating func reset(_ count: Int) {
    ranges.removeAll(keepingCapacity: true)
    for _ in 0..<count { ranges.append(0..<0) }
  }

  /// What Go's text names no frame of is not in the protobuf of that instant either: leading pcs in the runtime, and one
  /// at the root, goexit. A record without comments keeps all its pcs.
  private mutating func hide(_ count: Int) {
    guard let first = ranges.firstIndex(where: { !$0.isEmpty }) else {
      shown = 0..<count
      return
    }
    shown = first..<(ranges[count - 1].isEmpty ? count - 1 : count)
  }

  /// Count profiles hide the names of leading runtime frames, which the protobuf has: there their addresses stay. Threads
  /// of Go 1.27 have stacks that are filled up with 0, behind goexit.
  private mutating func hideRoot(_ pcs: [UInt32], _ addresses: [TextStacks.PC]) {
    guard var root = ranges.lastIndex(where: { !$0.isEmpty }) else { return }
    let named = root
    for at in ranges.indices where at > named && addresses[Int(pcs[at])].address != 0 { root = at }
    shown = ranges.indices
    if root > named { hidden = root }
  }

  /// The address of a pc: of the call before it. The entry of a function that somebody names without having called it
  /// (`lostProfileEvent` of a user profile) is its own, there and in Go's protobuf.
  func address(_ pc: UInt64, _ comment: FrameTable.Entry?) -> UInt64 {
    if hasEntries, let comment, comment.pc == pc, comment.entry == pc { return pc }
    return pc &- 1
  }

  /// The comments of a group of neighbouring pcs.
  func comments(_ group: Range<Int>) -> Range<Int> {
    ranges[group.lowerBound].lowerBound..<ranges[group.upperBound - 1].upperBound
  }

  /// Where the inline group ends that begins at pc `at`: Go gives each inlined caller a pc of its own, with an offset from
  /// the entry of the function that all of them were inlined into. The root-most of such neighbours is that function, and
  /// wherever its name stands, a group ends.
  mutating func groupEnd(_ at: Int, _ comments: [UInt32], _ entries: [FrameTable.Entry]) -> Int {
    guard joinsNeighbours, let first = alone(at, comments, entries) else { return at + 1 }
    if at >= runEnd {
      outer = first.name
      runEnd = at + 1
      while runEnd < shown.upperBound, let next = alone(runEnd, comments, entries), next.entry == first.entry {
        outer = next.name
        runEnd += 1
      }
    }
    var end = at
    while end < runEnd - 1, let entry = alone(end, comments, entries), entry.name != outer { end += 1 }
    return end + 1
  }

  /// The comment of a pc that has just one, with a symbol.
  private func alone(_ pc: Int, _ comments: [UInt32], _ entries: [FrameTable.Entry]) -> FrameTable.Entry? {
    let range = ranges[pc]
    guard range.count == 1 else { return nil }
    let entry = entries[Int(comments[range.lowerBound])]
    return entry.hasSymbol ? entry : nil
  }
}
