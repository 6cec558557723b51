internal import ProfileAnalysis
internal import ProfileModel

/// What a flame graph shows: one sample type's tree of frames, and what is said around it.
struct FlameGraph {
  let tree: CallTree
  /// Of all samples, also of what is too narrow for the tree.
  let totals: FunctionTotals
  let figures: Figures
  let title: String
  /// Which sample type, and how much there is of it.
  let subtitle: String
  /// Of each frame that is drawn, as it is shown.
  private let names: [String]
  private let colors: [UInt32]
  /// In pixels.
  let width: Int
  let minWidth: Double
  let isInverted: Bool
  /// Whether values are negative too, and colours say which way they went.
  let isDifference: Bool
  /// Whether it is known what was before.
  private let isCompared: Bool
  /// What the picture does not show, a sentence each.
  let notes: [String]

  /// At the left and at the right, in pixels.
  static let margin = 10
  /// Frames narrower than this are left out, where nothing else was asked for, in pixels.
  private static let narrowest = 0.1
  /// Deeper stacks are cut: a picture of a million pixels serves nobody.
  static let maximumDepth = 2000
  /// Of more the narrowest are cut: each takes some 220 bytes, and a viewer a while. Width alone bounds no file, as deep as
  /// stacks may be.
  static let mostFrames = 100_000

  init(_ profile: Profile, _ options: ReportOptions) throws(ProfileError) {
    let picture = options.picture
    let columns = profile.columns
    try options.check(for: .drawing)
    let type = try Self.sampleType(of: profile, options)
    let palette = try Palette(picture.colors)
    width = picture.width ?? 1200
    guard (200...100_000).contains(width) else {
      throw ProfileError(.option, "a picture \(width) pixels wide", hint: "from 200 to 100000")
    }
    // False for what is not a number, too.
    minWidth = picture.minWidth ?? Self.narrowest
    guard (0...Double(width)).contains(minWidth) else {
      throw ProfileError(
        .option, "frames of at least \(minWidth.asTyped) pixels",
        hint: "from 0, which leaves none out for its width, to the picture's \(width)")
    }
    isInverted = picture.isInverted
    var tree = CallTree.Options(sampleTypes: [type])
    tree.isReversed = picture.isReversed
    tree.minimumShare = minWidth / Double(width - 2 * Self.margin)
    tree.maximumDepth = Self.maximumDepth
    tree.maximumCount = Self.mostFrames
    tree.dropsNegative = options.dropsNegative
    let table = FrameTable(columns, options.frameOptions())
    let sums = try StackSums(columns, [type])
    self.tree = CallTree(profile, table, sums, tree)
    (names, colors) = Self.looks(of: self.tree, palette, profile)
    totals = FunctionTotals(columns, table, sums, typeCount: 1)
    let total = self.tree.width(0)
    figures = Figures(profile, type: type, total: options.basis.flatMap(\.total) ?? total, options)
    isDifference = self.tree.values != self.tree.widths
    isCompared = isDifference && Comparison.isKnown(in: columns, [type])
    title = PictureTitle.of(profile, picture)
    subtitle = Self.subtitle(figures, self.tree, isDifference: isDifference, options)
    notes = Self.notes(
      profile, type, figures, self.tree, minWidth: minWidth,
      difference: isDifference ? Comparison.note(isKnown: isCompared) : nil)
  }

  /// Many nodes have one frame.
  private static func looks(of tree: CallTree, _ palette: Palette, _ profile: Profile) -> ([String], [UInt32]) {
    var names = [String](repeating: "", count: tree.table.count)
    var colors = [UInt32](repeating: 0, count: tree.table.count)
    names[0] = "all"
    for frame in tree.frames.lazy.map(Int.init) where colors[frame] == 0 {
      if frame != 0 { names[frame] = ShownText.name(tree.table.name(of: frame)) }
      colors[frame] = palette.color(of: frame, in: tree.table, profile)
    }
    return (names, colors)
  }

  static func sampleType(of profile: Profile, _ options: ReportOptions) throws(ProfileError) -> Int {
    try SampleChoice(profile, options).index
  }

  private static func subtitle(
    _ figures: Figures, _ tree: CallTree, isDifference: Bool, _ options: ReportOptions
  ) -> String {
    var parts = [
      isDifference
        ? "\(figures.value(tree.value(0))) in sum, \(figures.value(tree.width(0))) with signs aside"
        : figures.valueOfType(tree.width(0))
    ]
    if !isDifference, figures.total != tree.width(0) {
      parts.append("\(figures.share(tree.width(0))) of \(figures.value(figures.total))")
    }
    parts += options.activeFilters.map { ShownText.name($0, limit: 60) }
    if options.picture.isReversed { parts.append("merged from the leaf") }
    if options.divisor != 1 { parts.append("values divided by \(ShownText.name(options.divisor.asTyped))") }
    return parts.joined(separator: " · ")
  }

  private static func notes(
    _ profile: Profile, _ type: Int, _ figures: Figures, _ tree: CallTree, minWidth: Double,
    difference: String?
  ) -> [String] {
    var notes: [String] = []
    if tree.width(0) == 0 {
      let totals = profile.totals.values
      let others = profile.columns.sampleTypes.indices.filter { totals[$0] != 0 }
        .map { ShownText.name(profile.string(profile.columns.sampleTypes[$0].type)) }
      notes.append(
        "Nothing to draw: every value of \(ShownText.name(figures.type)) is 0"
          + (others.isEmpty ? ", and of the other sample types too." : "; not so of \(others.joined(separator: ", ")).")
      )
    }
    if let note = figures.unitNote { notes.append(note) }
    let narrow = tree.cut.frames - tree.cut.tooDeep - tree.cut.negative
    let share =
      tree.cut.tooDeep + tree.cut.negative > 0
      ? "." : "; \(Figures.share(tree.cut.widths[0], of: tree.width(0))) of the width."
    if tree.cut.isCrowded {
      notes.append(
        "Not drawn, so that the file stays small: all frames but the \(Figures.grouped(Int64(mostFrames))) widest"
          + share)
    } else if narrow > 0 {
      let pixels = Figures.decimal(UInt128((minWidth * 1000).rounded()), places: 3)
      notes.append("Not drawn: " + frames(narrow, "narrower than \(pixels) pixels") + share)
    }
    if tree.cut.tooDeep > 0 {
      notes.append("Not drawn: what is called deeper than \(Figures.grouped(Int64(maximumDepth))) frames.")
    }
    if tree.cut.negative > 0 {
      let less = "that \(tree.cut.negative == 1 ? "has" : "have") less than before"
      notes.append("Not drawn: " + frames(tree.cut.negative, less) + ".")
    }
    if let difference { notes.append(difference) }
    if tree.inlining.contains(where: { $0 != .never }) {
      notes.append("In italics, with a dashed line: inlined into the frame that calls it.")
    }
    return notes
  }

  /// So many frames of a kind, and with them what stands upon them.
  private static func frames(_ count: Int, _ kind: String) -> String {
    count == 1
      ? "1 frame \(kind), and what it calls" : "\(Figures.grouped(Int64(count))) frames \(kind), and what they call"
  }
}

extension FlameGraph {
  func name(of node: Int) -> String {
    names[Int(tree.frames[node])]
  }

  /// What a tooltip says: the name, and on the next line the value and its share.
  func label(of node: Int) -> String {
    let mark: String
    switch tree.inlining[node] {
    case .always: mark = " (inline)"
    case .partly: mark = " (partial-inline)"
    case .never: mark = ""
    }
    let (value, width) = (tree.value(node), tree.width(node))
    let sign = isDifference && value > 0 ? "+" : ""
    let label = "\(name(of: node))\(mark)\n\(sign)\(figures.exact(value)), \(sign)\(figures.share(value))"
    if !isCompared { return label }
    // A width is the magnitudes of both: each of them has room in 64 bits, but not twice of it.
    let before = Int64(truncatingIfNeeded: (Int128(width) - Int128(value)) / 2)
    return label + "; \(figures.value(before)) before, \(figures.value(width - before)) now"
  }

  /// About as long as the second line of any label is, in its words, too.
  var longestFigures: String {
    let widest = tree.width(0)
    let text = "\(isDifference ? "+" : "")\(figures.exact(widest)), -\(figures.share(max(widest, figures.total)))"
    return isCompared ? text + "; \(figures.value(widest)) before, \(figures.value(widest)) now" : text
  }

  func color(of node: Int) -> UInt32 {
    if isDifference { return Palette.difference(tree.value(node), of: tree.width(node)) }
    return colors[Int(tree.frames[node])]
  }
}
