import ProfileModel

/// What pprof does to the addresses of a C++ profile. All but the leaf are return addresses.
extension CPURecords {
  /// Makes addresses of calls of all but the leaves, and takes frames out that only the profiler saw: the signal handler's,
  /// and a leaf that stands twice since the profiler has it from the interrupted context and from the stack.
  mutating func removeProfilerFrames(_ diagnostics: inout Diagnostics) {
    for record in ends.indices {
      for at in range(record).dropFirst() { addresses[at] &-= 1 }
    }
    for _ in 0..<2 {
      guard let (address, count) = commonCaller() else { break }
      removeSecond { $1 == address }
      diagnostics.add(
        kind: "signal-frame",
        "0x\(String(address, radix: 16)) is the second frame of \(count) of \(ends.count) stacks, so it is the profiler's "
          + "signal handler: it is taken out, as pprof does")
    }
    let removed = removeSecond { $0 == $1 &+ 1 }
    if removed > 0 {
      diagnostics.add(
        kind: "leaf-twice", "the leaf of \(removed) stacks stands twice: the second one is taken out, as pprof does")
    }
  }

  /// The address of the second frame of all stacks but one in 32, and of how many it is.
  private func commonCaller() -> (address: UInt64, count: Int)? {
    var counts: [UInt64: Int] = [:]
    for record in ends.indices {
      let range = range(record)
      if range.count > 1 { counts[addresses[range.lowerBound + 1], default: 0] += 1 }
    }
    let enough = ends.count - ends.count / 32
    // More than half of all: there is only one.
    guard let found = counts.first(where: { $0.value >= enough }) else { return nil }
    return (found.key, found.value)
  }

  /// Removes the second frame of the stacks of which it fits with the leaf; says of how many.
  @discardableResult
  private mutating func removeSecond(where fits: (_ leaf: UInt64, _ second: UInt64) -> Bool) -> Int {
    var to = 0
    var from = 0
    var removed = 0
    for record in ends.indices {
      let end = ends[record]
      let hasSecond = end - from > 1 && fits(addresses[from], addresses[from + 1])
      for at in from..<end where !(hasSecond && at == from + 1) {
        addresses[to] = addresses[at]
        to += 1
      }
      if hasSecond { removed += 1 }
      ends[record] = to
      from = end
    }
    addresses.removeLast(addresses.count - to)
    return removed
  }
}
