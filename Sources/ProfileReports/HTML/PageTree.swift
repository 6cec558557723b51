internal import ProfileAnalysis
internal import ProfileModel

/// The frames of a page: of a tree over all sample types as many of the widest as a file should carry, and what samples add
/// to them, by labels.
struct PageTree {
  /// Frames beyond this are cut, the narrowest ones first. A page of them opens in a second and has some megabytes.
  static let mostFrames = 150_000
  /// Bytes of functions' and files' names; what would go beyond is cut, too.
  static let mostNameBytes = 12 << 20
  /// Frames and labels told apart; beyond this labels are left out.
  static let mostEntries = 400_000

  struct Entry {
    var node: UInt32
    var set: UInt32
  }

  let tree: CallTree
  let totals: FunctionTotals
  /// The frames of the table that the page has, the root first: all that the tree has, and as many of the others as there is
  /// room for, those with the largest values.
  let frames: [Int]
  let sums: StackSums
  let labels: PageLabels
  /// In the order of their nodes and sets.
  private(set) var entries: [Entry] = []
  /// Entry-major, one for each sample type.
  private(set) var values: [Int64] = []
  /// The nodes behind which something was cut, in order; entry nodes from `tree.count` on stand for it.
  private(set) var cutNodes: [UInt32] = []
  /// How many entries there would have been with labels, where that was too many; 0 where it was not.
  private(set) var tooManyEntries = 0

  init(_ profile: Profile, _ report: ReportOptions) throws(ProfileError) {
    let columns = profile.columns
    let types = Array(columns.sampleTypes.indices)
    let table = FrameTable(columns, report.frameOptions())
    sums = try StackSums(columns, types)
    var options = CallTree.Options(sampleTypes: types)
    options.isReversed = report.picture.isReversed
    options.maximumDepth = FlameGraph.maximumDepth
    options.maximumCount = Self.mostFrames
    let frameCount = sums.stacks.reduce(0) { $0 + columns.stackRange(StackIndex(rawValue: $1)).count }
    // With millions a fiftieth of a pixel is where to begin: to rank them all would take longer than to read them.
    if frameCount > 4_000_000 { options.minimumShare = 2e-5 }
    let totals = FunctionTotals(columns, table, sums, typeCount: types.count)
    self.totals = totals
    let names = PageNames(profile, table, FrameSources(profile, table, report))
    var tree = CallTree(profile, table, sums, options)
    var used = names.frames(of: tree)
    while used.size > Self.mostNameBytes, tree.count > 1 {
      // About as many as there is room for.
      let guess = Double(tree.count) * Double(Self.mostNameBytes) / Double(used.size)
      options.maximumCount = max(1, min(Int(guess), tree.count * 7 / 8))
      tree = CallTree(profile, table, sums, options)
      used = names.frames(of: tree)
    }
    self.tree = tree
    frames = names.others(beside: used, totals, sums.totals)
    let cuts = CutNodes(tree)
    cutNodes = cuts.parents
    var labels = PageLabels(profile)
    var grouped = Self.entries(columns, tree, labels, cuts)
    if grouped.entries.count > Self.mostEntries {
      tooManyEntries = grouped.entries.count
      labels = PageLabels(profile, most: 0)
      grouped = Self.entries(columns, tree, labels, cuts)
    }
    self.labels = labels
    (entries, values) = (grouped.entries, grouped.values)
  }

  private static func entries(
    _ columns: ProfileColumns, _ tree: CallTree, _ labels: PageLabels, _ cuts: CutNodes
  ) -> (entries: [Entry], values: [Int64]) {
    let width = columns.sampleTypes.count
    var entries: [Entry] = []
    var values: [Int64] = []
    var index = HashIndex(minimumCapacity: tree.count)
    let seed = HashSeed.next()
    for sample in 0..<columns.sampleCount {
      let stack = columns.sampleStacks[sample].position
      guard let node = cuts.node(of: stack, in: tree) else { continue }
      let entry = Entry(
        node: UInt32(truncatingIfNeeded: node),
        set: labels.setOf[columns.sampleLabels[sample].position])
      let hash = HashIndex.mix(seed ^ (UInt64(entry.node) << 32 | UInt64(entry.set)))
      var probe = index.probe(hash)
      var found: Int?
      while found == nil, let candidate = index.next(&probe) {
        let other = entries[Int(candidate)]
        if other.node == entry.node, other.set == entry.set { found = Int(candidate) }
      }
      let at = found ?? entries.count
      if found == nil {
        index.insert(hash, UInt32(at))
        entries.append(entry)
        for _ in 0..<width { values.append(0) }
      }
      for type in 0..<width { values[at * width + type] &+= columns.values[sample * width + type] }
    }
    let order = entries.indices.sorted { a, b in
      (entries[a].node, entries[a].set) < (entries[b].node, entries[b].set)
    }
    return (
      order.map { entries[$0] }, order.flatMap { at in values[at * width..<(at + 1) * width] }
    )
  }
}
