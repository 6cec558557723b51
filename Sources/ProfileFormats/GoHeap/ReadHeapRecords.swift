internal import ProfileModel

/// Records of a heap text that were read, and not yet made samples.
struct ReadHeapRecords {
  /// A record's numbers and its stack: one that there is, or from ``firstNew`` on one of those that were read.
  var samples: [(values: HeapValues, stack: StackIndex)] = []
  /// The pcs and comments of new stacks, one after another, and where each ends.
  private var pcs: [UInt32] = []
  private var frames: [UInt32] = []
  private var ends: [(pcs: Int, frames: Int)] = []
  /// How many new stacks there were before.
  private var before = 0

  /// No profile has so many stacks.
  static let firstNew = 1 << 31

  mutating func newStack(_ pcs: [UInt32], _ frames: [UInt32]) -> StackIndex {
    self.pcs.append(contentsOf: pcs)
    self.frames.append(contentsOf: frames)
    ends.append((self.pcs.count, self.frames.count))
    return StackIndex(Self.firstNew + before + ends.count - 1)
  }

  /// Gives away what there is; new stacks are numbered on.
  mutating func take() -> ReadHeapRecords {
    var taken = ReadHeapRecords()
    swap(&taken, &self)
    before = taken.before + taken.ends.count
    return taken
  }

  /// The stacks, in the order in which they were read.
  func addStacks(to found: inout [StackIndex], of stacks: inout TextStacks) {
    var start = (pcs: 0, frames: 0)
    for end in ends {
      found.append(
        stacks.endRecord(pcs: pcs[start.pcs..<end.pcs], frames: frames[start.frames..<end.frames]))
      start = end
    }
  }
}
