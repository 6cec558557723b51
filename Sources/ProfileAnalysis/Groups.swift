import ProfileModel

/// Which sample went into which group. Groups are numbered in the order of their first samples.
struct Groups {
  private(set) var groupOfSample: [UInt32]
  /// The class of each group's stack.
  private(set) var stacks: [UInt32]
  /// The class of each group's labels.
  private(set) var labels: [UInt32]

  var count: Int { stacks.count }

  /// Stacks alone decide; labels become what all samples agree on.
  init(byStack classes: StackClasses, labels sets: inout LabelClasses, of columns: ProfileColumns) {
    groupOfSample = classes.classOfSample
    stacks = (0..<UInt32(classes.representatives.count)).map { $0 }
    labels = [UInt32](repeating: .max, count: classes.representatives.count)
    for (sample, group) in groupOfSample.enumerated() {
      let own = sets.classOfSet[columns.sampleLabels[sample].position]
      let before = labels[Int(group)]
      if before == own { continue }
      labels[Int(group)] = before == .max ? own : sets.agreement(before, own)
    }
  }

  /// Stacks and labels decide.
  init(byStack classes: StackClasses, andLabels sets: LabelClasses, of columns: ProfileColumns) {
    groupOfSample = [UInt32](repeating: 0, count: columns.sampleCount)
    stacks = []
    labels = []
    var index = HashIndex(minimumCapacity: classes.representatives.count)
    let seed = HashSeed.next()
    for (sample, stack) in classes.classOfSample.enumerated() {
      let set = sets.classOfSet[columns.sampleLabels[sample].position]
      let hash = HashIndex.mix(seed ^ (UInt64(stack) << 32 | UInt64(set)))
      var found: UInt32?
      var probe = index.probe(hash)
      while found == nil, let candidate = index.next(&probe) {
        if stacks[Int(candidate)] == stack, labels[Int(candidate)] == set { found = candidate }
      }
      if found == nil {
        index.insert(hash, UInt32(stacks.count))
        stacks.append(stack)
        labels.append(set)
      }
      groupOfSample[sample] = found ?? UInt32(stacks.count - 1)
    }
  }

  /// How many samples each group has.
  var sizes: [Int] {
    var sizes = [Int](repeating: 0, count: count)
    for group in groupOfSample { sizes[Int(group)] += 1 }
    return sizes
  }

  /// The sums of each group, column by column.
  ///
  /// - Parameter width: how many values a sample has.
  func sums(of values: [Int64], width: Int, name: (Int) -> String) throws(ProfileError) -> [Int64] {
    var sums = [Int64](repeating: 0, count: count * width)
    var overflow = false
    let source = values.span
    for (sample, group) in groupOfSample.enumerated() {
      let from = sample &* width
      let to = Int(group) &* width
      for column in 0..<width {
        let (sum, over) = sums[to &+ column].addingReportingOverflow(source[from &+ column])
        sums[to &+ column] = sum
        overflow = overflow || over
      }
    }
    // Rare: positive and negative values whose sum fits all the same, or a real overflow.
    return overflow ? try wideSums(of: values, width: width, name: name) : sums
  }

  private func wideSums(of values: [Int64], width: Int, name: (Int) -> String) throws(ProfileError) -> [Int64] {
    var sums = [Int128](repeating: 0, count: count * width)
    for (sample, group) in groupOfSample.enumerated() {
      for column in 0..<width { sums[Int(group) * width + column] += Int128(values[sample * width + column]) }
    }
    var narrow: [Int64] = []
    narrow.reserveCapacity(sums.count)
    for (at, sum) in sums.enumerated() {
      guard let value = Int64(exactly: sum) else {
        let name = name(at % width)
        throw ProfileError(
          .unsupported, "the sum of \(name) over the samples of one stack does not fit in 64 bits",
          path: "sample_type[\(at % width)]", hint: "do not group: `grouping` none")
      }
      narrow.append(value)
    }
    return narrow
  }
}
