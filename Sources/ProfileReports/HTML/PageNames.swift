internal import ProfileAnalysis
internal import ProfileModel

/// Which functions a page names: a tree has as many frames as it has room for, but their names may be of any length.
struct PageNames {
  /// Frames of the table in their order, and the bytes of their names and, each once, of the names of their files.
  struct Chosen {
    fileprivate(set) var isChosen: [Bool]
    fileprivate(set) var size = 0
    fileprivate var hasFile: [Bool]

    var frames: [Int] { isChosen.indices.filter { isChosen[$0] } }
  }

  private let profile: Profile
  private let table: FrameTable
  private let sources: FrameSources

  init(_ profile: Profile, _ table: FrameTable, _ sources: FrameSources) {
    self.profile = profile
    self.table = table
    self.sources = sources
  }

  /// The frames of a tree, the root among them.
  func frames(of tree: CallTree) -> Chosen {
    var chosen = Chosen(
      isChosen: [Bool](repeating: false, count: table.count),
      hasFile: [Bool](repeating: false, count: profile.columns.strings.count))
    choose(0, &chosen)
    for frame in tree.frames { choose(Int(frame), &chosen) }
    return chosen
  }

  private func choose(_ frame: Int, _ chosen: inout Chosen) {
    if chosen.isChosen[frame] { return }
    chosen.isChosen[frame] = true
    // Nothing is shown of what is longer.
    let longest = 4 * ShownText.limit
    chosen.size += min(table.name(of: frame).count, longest)
    let file = sources.place(of: frame).file
    if chosen.hasFile[file.position] { return }
    chosen.hasFile[file.position] = true
    chosen.size += min(profile.columns.strings[file].count, longest)
  }

  /// With as many others as there is room for, those with the largest share of any sample type first.
  func others(beside used: Chosen, _ totals: FunctionTotals, _ wholes: [Int64]) -> [Int] {
    var chosen = used
    let width = wholes.count
    let shares = used.isChosen.indices.map { frame in
      (0..<width).reduce(0.0) { most, type in
        wholes[type] == 0 ? most : max(most, Double(totals.cum[frame * width + type].magnitude) / Double(wholes[type]))
      }
    }
    let others = shares.indices.filter { !used.isChosen[$0] }
    for frame in others.sorted(by: { (shares[$0], $1) > (shares[$1], $0) }) {
      choose(frame, &chosen)
      if chosen.size > PageTree.mostNameBytes {
        chosen.isChosen[frame] = false
        break
      }
    }
    return chosen.frames
  }
}
