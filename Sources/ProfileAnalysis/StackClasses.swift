import ProfileModel

/// The distinct stacks that samples have, numbered in the order of the samples.
struct StackClasses {
  /// The class of each sample's stack.
  let classOfSample: [UInt32]
  /// Of each class the stack that was met first.
  let representatives: [StackIndex]
  /// The column of the stacks' locations, in which each location is the first of its equals.
  let stackLocations: [LocationIndex]

  /// - Parameter locations: for every location the first equal one, nil where no two are.
  init(_ columns: ProfileColumns, locations classes: [UInt32]?) {
    // Spans of whole columns: this loop sees every frame of every distinct stack.
    let classed = classes.map { classes in columns.stackLocations.map { LocationIndex(rawValue: classes[$0.position]) }
    }
    let frames = classed ?? columns.stackLocations
    let locations = frames.span
    let offsets = columns.stackOffsets.span
    let stacks = columns.sampleStacks.span

    var classOfStack = [UInt32](repeating: .max, count: columns.stackCount)
    var classOfSample = [UInt32](repeating: 0, count: stacks.count)
    var representatives: [StackIndex] = []
    representatives.reserveCapacity(min(stacks.count, columns.stackCount))
    var index = HashIndex(minimumCapacity: min(stacks.count, columns.stackCount))
    let seed = HashSeed.next()
    for sample in 0..<stacks.count {
      let stack = stacks[sample]
      if classOfStack[stack.position] != .max {
        classOfSample[sample] = classOfStack[stack.position]
        continue
      }
      let own = locations.extracting(offsets[stack.position]..<offsets[stack.position + 1])
      var hash = seed ^ UInt64(truncatingIfNeeded: own.count)
      for i in own.indices {
        hash = (hash ^ UInt64(own[i].rawValue)) &* 0xff51_afd7_ed55_8ccd
        hash ^= hash >> 29
      }
      hash = HashIndex.mix(hash)
      var found: UInt32?
      var probe = index.probe(hash)
      while found == nil, let candidate = index.next(&probe) {
        let other = representatives[Int(candidate)].position
        if equal(own, locations.extracting(offsets[other]..<offsets[other + 1])) { found = candidate }
      }
      let number = found ?? UInt32(truncatingIfNeeded: representatives.count)
      if found == nil {
        index.insert(hash, number)
        representatives.append(stack)
      }
      classOfStack[stack.position] = number
      classOfSample[sample] = number
    }
    self.classOfSample = classOfSample
    self.representatives = representatives
    stackLocations = frames
  }
}

private func equal(_ a: Span<LocationIndex>, _ b: Span<LocationIndex>) -> Bool {
  if a.count != b.count { return false }
  for i in a.indices where a[i] != b[i] { return false }
  return true
}
