import ProfileModel

/// Goes along stacks frame by frame, from the root or from the leaf.
struct StackWalk {
  /// A stack, and how far it is passed. What is needed of it at each step travels with it: a look into a table for each
  /// took twice as long.
  struct Cursor {
    var stack: UInt32
    /// How many of its locations are left.
    var left: UInt32
    /// The next of them, in the column of the stacks' locations.
    var at: Int
    /// How many frames of that one are passed.
    var passed: UInt32
  }

  private let locations: [LocationIndex]
  private let offsets: [Int]
  private let entries: [FrameTable.Entry]
  private let isReversed: Bool

  init(_ columns: ProfileColumns, _ table: FrameTable, isReversed: Bool) {
    locations = columns.stackLocations
    offsets = table.offsets
    entries = table.entries
    self.isReversed = isReversed
  }

  func begin(_ stack: UInt32, of columns: ProfileColumns) -> Cursor {
    let range = columns.stackRange(StackIndex(rawValue: stack))
    return Cursor(
      stack: stack, left: UInt32(truncatingIfNeeded: range.count),
      at: isReversed ? range.lowerBound : range.upperBound - 1, passed: 0)
  }

  /// The next frame of a stack, which then is passed; nil at its end.
  func advance(_ cursor: inout Cursor) -> FrameTable.Entry? {
    if cursor.left == 0 { return nil }
    let location = locations[cursor.at].position
    let (start, end) = (offsets[location], offsets[location &+ 1])
    let passed = Int(cursor.passed)
    let entry = entries[isReversed ? start &+ passed : end &- 1 &- passed]
    if passed &+ 1 == end &- start {
      cursor.left &-= 1
      cursor.at &+= isReversed ? 1 : -1
      cursor.passed = 0
    } else {
      cursor.passed &+= 1
    }
    return entry
  }
}
