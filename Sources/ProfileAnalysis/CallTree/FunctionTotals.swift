package import ProfileModel

/// What each frame of a table sums to: of all samples, whatever a tree leaves out.
package struct FunctionTotals: Sendable {
  /// Frame-major, one for each sample type: the stacks that end in the frame; of frame 0 those that have none.
  package private(set) var flat: [Int64]
  /// The stacks that the frame is in, each once however often it is called again.
  package private(set) var cum: [Int64]

  /// O(frames of the distinct stacks).
  package init(_ columns: ProfileColumns, _ table: FrameTable, _ sums: StackSums, typeCount: Int) {
    var flat = [Int64](repeating: 0, count: table.count * typeCount)
    var cum = flat
    var seen = [UInt32](repeating: .max, count: table.count)
    let locations = columns.stackLocations.span
    let offsets = table.offsets.span
    let entries = table.entries.span
    let values = sums.values.span
    for stack in sums.stacks {
      let range = columns.stackRange(StackIndex(rawValue: stack))
      let row = Int(stack) &* typeCount
      var isLeaf = true
      for at in range {
        let location = locations[at].position
        for entry in offsets[location]..<offsets[location &+ 1] {
          let frame = entries[entry].frame
          if isLeaf {
            isLeaf = false
            for type in 0..<typeCount { flat[frame &* typeCount &+ type] &+= values[row &+ type] }
          }
          if seen[frame] == stack { continue }
          seen[frame] = stack
          for type in 0..<typeCount { cum[frame &* typeCount &+ type] &+= values[row &+ type] }
        }
      }
      if isLeaf {
        for type in 0..<typeCount {
          flat[type] &+= values[row &+ type]
          cum[type] &+= values[row &+ type]
        }
      }
    }
    self.flat = flat
    self.cum = cum
  }
}
