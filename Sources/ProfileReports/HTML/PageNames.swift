internal import ProfileAnalysis
internal import ProfileModel

/// Which functions a page names: a tree has as many frames as it has room for, but their names may be of any length.
struct PageNames {
  private let table: FrameTable
  /// What the names of a frame take: of its function, and of its file.
  private let sizes: [Int]

  init(_ profile: Profile, _ table: FrameTable, _ sources: FrameSources) {
    self.table = table
    sizes = (0..<table.count).map { frame in
      // Nothing is shown of what is longer.
      let name = min(table.name(of: frame).count, 4 * ShownText.limit)
      return name + min(profile.columns.strings[sources.place(of: frame).file].count, 4 * ShownText.limit)
    }
  }

  /// The frames of a tree in their order, the root among them; nil where their names take more than a page should.
  func used(by tree: CallTree) -> [Int]? {
    var isUsed = [Bool](repeating: false, count: table.count)
    isUsed[0] = true
    for frame in tree.frames { isUsed[Int(frame)] = true }
    let used = isUsed.indices.filter { isUsed[$0] }
    return room(beside: used) < 0 ? nil : used
  }

  private func room(beside used: [Int]) -> Int { used.reduce(PageTree.mostNameBytes) { $0 - sizes[$1] } }

  /// With the others for which there is room, those with the largest share of any sample type first.
  func frames(_ used: [Int], _ totals: FunctionTotals, _ wholes: [Int64]) -> [Int] {
    var room = room(beside: used)
    var isKept = [Bool](repeating: false, count: table.count)
    for frame in used { isKept[frame] = true }
    let others = isKept.indices.filter { !isKept[$0] }
    if others.reduce(0, { $0 + sizes[$1] }) <= room { return Array(isKept.indices) }
    let width = wholes.count
    let shares = isKept.indices.map { frame in
      (0..<width).reduce(0.0) { most, type in
        wholes[type] == 0 ? most : max(most, Double(totals.cum[frame * width + type].magnitude) / Double(wholes[type]))
      }
    }
    for frame in others.sorted(by: { (shares[$0], $1) > (shares[$1], $0) }) {
      room -= sizes[frame]
      if room < 0 { break }
      isKept[frame] = true
    }
    return isKept.indices.filter { isKept[$0] }
  }
}
