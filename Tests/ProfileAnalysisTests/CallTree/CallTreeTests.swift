import ProfileAnalysis
import ProfileModel
import Testing

/// Against the plainest way to do the same: a dictionary from paths of names to sums.
@Suite struct CallTreeTests {
  struct Sums: Equatable {
    var value: Int64 = 0
    var width: Int64 = 0
    var isEverInlined = false
    var isAlwaysInlined = true
  }

  /// Root first.
  private func frames(_ profile: Profile, _ sample: Int) -> [(name: String, isInlined: Bool)] {
    let c = profile.columns
    var frames: [(String, Bool)] = []
    for at in c.stackRange(c.sampleStacks[sample]) {
      let location = c.stackLocations[at]
      let lines = c.lineRange(location)
      for line in lines {
        let name = profile.string(c.functions[c.lines[line].function.position].name)
        frames.append((name, line < lines.upperBound - 1))
      }
      if lines.isEmpty { frames.append(("0x" + String(c.locations[location.position].address, radix: 16), false)) }
    }
    return frames.reversed()
  }

  private func paths(_ profile: Profile, _ type: Int, isReversed: Bool) -> [[String]: Sums] {
    let width = profile.columns.sampleTypes.count
    var paths: [[String]: Sums] = [:]
    for sample in 0..<profile.sampleCount {
      let value = profile.columns.values[sample * width + type]
      if value == 0 { continue }
      var path: [String] = []
      let frames = frames(profile, sample)
      for frame in [("", false)] + (isReversed ? frames.reversed() : frames) {
        path.append(frame.0)
        var sums = paths[path] ?? Sums()
        sums.value += value
        sums.width += abs(value)
        if frame.1 { sums.isEverInlined = true } else { sums.isAlwaysInlined = false }
        paths[path] = sums
      }
    }
    return paths
  }

  private func tree(
    _ profile: Profile, _ types: [Int], isReversed: Bool = false, minimumShare: Double = 0
  ) throws -> CallTree {
    var options = CallTree.Options(sampleTypes: types)
    options.isReversed = isReversed
    options.minimumShare = minimumShare
    return CallTree(
      profile, FrameTable(profile.columns), try StackSums(profile.columns, types), options)
  }

  private func path(_ tree: CallTree, _ node: Int) -> [String] {
    var path: [String] = []
    var at = node
    while true {
      path.append(tree.table.names.string(StringIndex(Int(tree.frames[at]))))
      if at == 0 { return path.reversed() }
      at = Int(tree.parents[at])
    }
  }

  @Test(
    "every path is one node with the sums of its samples, from the root and from the leaf", arguments: [false, true])
  func sums(isReversed: Bool) throws {
    for seed in 0..<60 as Range<UInt64> {
      let profile = try randomProfile(seed, heap: false)
      let wanted = paths(profile, 1, isReversed: isReversed)
      let tree = try tree(profile, [1], isReversed: isReversed)
      #expect(tree.count == wanted.count, "seed \(seed)")
      for node in 0..<tree.count {
        let path = path(tree, node)
        let sums = Sums(
          value: tree.value(node), width: tree.width(node), isEverInlined: tree.inlining[node] != .never,
          isAlwaysInlined: tree.inlining[node] == .always)
        #expect(wanted[path] == sums, "seed \(seed), \(path)")
        #expect(Int(tree.depths[node]) == path.count - 1)
      }
    }
  }

  @Test("nodes stand in depth-first order, callees inside their callers and beside each other")
  func places() throws {
    for seed in 0..<60 as Range<UInt64> {
      let profile = try randomProfile(seed, heap: true)
      let tree = try tree(profile, [0])
      for node in 1..<tree.count {
        let parent = Int(tree.parents[node])
        #expect(parent < node && node < Int(tree.ends[parent]))
        #expect(tree.offsets[node] >= tree.offsets[parent])
        #expect(tree.offsets[node] + tree.width(node) <= tree.offsets[parent] + tree.width(parent))
        let next = Int(tree.ends[node])
        if next < tree.count, tree.parents[next] == tree.parents[node] {
          #expect(tree.offsets[next] == tree.offsets[node] + tree.width(node))
        }
      }
    }
  }

  @Test("siblings are in the order of sorted folded stacks")
  func order() throws {
    var builder = ProfileBuilder(sampleTypes: [("samples", "count")])
    for stack in ["f", "f.g;x", "f;x", "f g", "a;f.g", "a;f", "a;f:h;x", "é", "z"].reversed() {
      let locations = stack.split(separator: ";").map { builder.location(function: String($0)) }
      builder.add(stack: locations.reversed(), values: [1])
    }
    let tree = try tree(try builder.finish(), [0])
    let names = (1..<tree.count).map { path(tree, $0).dropFirst().joined(separator: ";") }
    // `f.g;` is before `f;`, since a dot is before a semicolon; `f ` of a leaf is before both.
    #expect(names == ["a", "a;f", "a;f.g", "a;f:h", "a;f:h;x", "f g", "f.g", "f.g;x", "f", "f;x", "z", "é"])
  }

  @Test("what is narrow is cut with all that it calls, and counted; several types keep what is wide in any of them")
  func cut() throws {
    for seed in 0..<40 as Range<UInt64> {
      let profile = try randomProfile(seed, heap: false)
      let whole = try tree(profile, [0, 1])
      let tree = try tree(profile, [0, 1], minimumShare: 0.05)
      let totals = [Double(whole.width(0, 0)), Double(whole.width(0, 1))]
      var wanted = Set<[String]>()
      for node in 0..<whole.count
      where (0..<2).contains(where: { Double(whole.width(node, $0)) >= 0.05 * totals[$0] }) {
        wanted.insert(path(whole, node))
      }
      #expect(Set((0..<tree.count).map { path(tree, $0) }) == wanted, "seed \(seed)")
      var topmost = (count: 0, width: Int64(0))
      for node in 1..<whole.count
      where !wanted.contains(path(whole, node)) && wanted.contains(path(whole, Int(whole.parents[node]))) {
        topmost.count += 1
        topmost.width += whole.width(node, 0)
      }
      #expect(tree.cut.frames == topmost.count)
      #expect(tree.cut.widths[0] == topmost.width)
    }
  }

  @Test(
    "of more nodes than are wanted the widest are kept, of equal ones those nearest to the root, and what is left of each stack",
    arguments: [[0], [1], [0, 1]], [1, 2, 5, 20, 50])
  func maximum(types: [Int], most: Int) throws {
    for seed in 0..<40 as Range<UInt64> {
      let profile = try randomProfile(seed, heap: false)
      let whole = try tree(profile, types)
      var options = CallTree.Options(sampleTypes: types)
      options.maximumCount = most
      let sums = try StackSums(profile.columns, types)
      let tree = CallTree(profile, FrameTable(profile.columns), sums, options)
      let shares = (0..<whole.count).map { node in
        types.indices.map { Double(whole.width(node, $0)) / Double(max(1, whole.width(0, $0))) }.max() ?? 0
      }
      let ranked = (0..<whole.count).sorted {
        (shares[$1], whole.depths[$0], $0) < (shares[$0], whole.depths[$1], $1)
      }.prefix(most).sorted()
      #expect((0..<tree.count).map { path(tree, $0) } == ranked.map { path(whole, $0) }, "seed \(seed)")
      for (node, old) in zip(0..<tree.count, ranked) {
        #expect(tree.width(node) == whole.width(old) && tree.value(node) == whole.value(old))
        #expect(tree.offsets[node] == whole.offsets[old] && tree.inlining[node] == whole.inlining[old])
        #expect(tree.ends[node] > node && tree.ends[node] <= tree.count)
      }
      let kept = Set(ranked)
      let first = (0..<whole.count).filter { !kept.contains($0) && kept.contains(Int(whole.parents[$0])) }
      #expect(tree.cut.frames == first.count)
      #expect(tree.cut.widths == types.indices.map { type in first.reduce(0) { $0 + whole.width($1, type) } })
      for stack in 0..<profile.columns.stackCount where whole.nodeOfStack[stack] != .max {
        var wanted = Int(whole.nodeOfStack[stack])
        let isCut = !kept.contains(wanted)
        while !kept.contains(wanted) { wanted = Int(whole.parents[wanted]) }
        #expect(path(tree, Int(tree.nodeOfStack[stack])) == path(whole, wanted))
        #expect(tree.isStackCut[stack] == isCut)
      }
    }
  }

  @Test("many stacks that share nearly all of their frames are not many nodes: nothing is cut")
  func shared() throws {
    var builder = ProfileBuilder(sampleTypes: [("samples", "count")])
    let trunk = (0..<51).map { builder.location(function: "f\($0)") }
    for i in 0..<8000 { builder.add(stack: [builder.location(function: "leaf\(i)")] + trunk.reversed(), values: [1]) }
    builder.add(stack: [builder.location(function: "wide")], values: [1_000_000_000])
    let profile = try builder.finish()
    var options = CallTree.Options(sampleTypes: [0])
    options.maximumCount = 1 + 51 + 8000 + 1
    let sums = try StackSums(profile.columns, [0])
    let tree = CallTree(profile, FrameTable(profile.columns), sums, options)
    #expect(tree.count == options.maximumCount && tree.cut.frames == 0 && tree.cut.widths == [0])
  }

  @Test("of many nodes that are all as narrow as many are kept as there is room for")
  func equal() throws {
    var builder = ProfileBuilder(sampleTypes: [("samples", "count")])
    let main = builder.location(function: "main")
    for i in 0..<4100 { builder.add(stack: [builder.location(function: "f\(i)"), main], values: [1]) }
    let profile = try builder.finish()
    var options = CallTree.Options(sampleTypes: [0])
    options.maximumCount = 1000
    let sums = try StackSums(profile.columns, [0])
    let tree = CallTree(profile, FrameTable(profile.columns), sums, options)
    #expect(tree.count == 1000 && tree.cut.frames == 3102 && tree.cut.widths == [3102])
    #expect((0..<3).map { path(tree, $0).last } == ["", "main", "f0"])
    #expect(tree.isStackCut.count { $0 } == 3102)
  }

  @Test("a function's own and whole values count each stack once, however deep a recursion")
  func totals() throws {
    let profile = try randomProfile(3, heap: false)
    let table = FrameTable(profile.columns)
    let totals = FunctionTotals(profile.columns, table, try StackSums(profile.columns, [1]), typeCount: 1)
    var flat: [String: Int64] = [:]
    var cum = flat
    for sample in 0..<profile.sampleCount {
      let names = frames(profile, sample).map(\.name)
      let value = profile.columns.values[2 * sample + 1]
      if let leaf = names.last { flat[leaf, default: 0] += value }
      for name in Set(names) { cum[name, default: 0] += value }
    }
    for frame in 1..<table.count {
      let name = table.names.string(StringIndex(frame))
      #expect(totals.flat[frame] == flat[name] ?? 0)
      #expect(totals.cum[frame] == cum[name] ?? 0)
    }
  }

  @Test(
    "sums beyond 64 bits are refused by name, and so is the value that has no magnitude", arguments: [Int64.max, .min])
  func overflow(value: Int64) throws {
    var builder = ProfileBuilder(sampleTypes: [("samples", "count"), ("size", "bytes")])
    builder.add(stack: [builder.location(function: "f")], values: [1, value])
    builder.add(stack: [builder.location(function: "g")], values: [1, value])
    let profile = try builder.finish()
    #expect(throws: ProfileError.self) { try StackSums(profile.columns, [1]) }
    #expect(try StackSums(profile.columns, [0]).totals == [2])
  }
}
