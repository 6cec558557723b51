internal import ProfileAnalysis
internal import ProfileModel

/// What a page's script reads (`page-data.js` is the other half): facts as JSON, then columns.
///
///     facts                    length, JSON
///     frames                   count; of each: file, line, colour (positions in the facts' lists)
///     functions' totals        of each frame and sample type: flat, cum
///     nodes                    count; of each but the root: number less the caller's, frame × 4 + inlining
///     cut nodes                count; of each: number of the caller less the last one's
///     label sets               count; of each: how many, positions in the facts' labels
///     entries                  count; of each: node less the last one's, set, a value for each sample type
struct PageData {
  private let profile: Profile
  private let page: PageTree
  private let options: ReportOptions
  private let palette: Palette
  /// The sample type to show first.
  let shown: Int

  init(_ profile: Profile, _ options: ReportOptions) throws(ProfileError) {
    self.profile = profile
    self.options = options
    palette = try Palette(options.picture.colors)
    shown = try FlameGraph.sampleType(of: profile, options)
    page = try PageTree(profile)
  }

  var title: String { PictureTitle.of(profile, options.picture) }

  /// The functions with the most of their own of the first shown sample type, for those without scripts.
  func top(_ count: Int) -> [(name: String, flat: String, cum: String)] {
    let width = profile.columns.sampleTypes.count
    let figures = figures(of: shown)
    let flat = stride(from: shown, to: page.totals.flat.count, by: width).map { page.totals.flat[$0] }
    let order = flat.indices.filter { flat[$0] != 0 }.sorted { (flat[$0].magnitude, $1) > (flat[$1].magnitude, $0) }
    return order.prefix(count).map { frame in
      let cum = page.totals.cum[frame * width + shown]
      func cell(_ value: Int64) -> String { "\(figures.value(value)) (\(figures.share(value)))" }
      return (name(of: frame), cell(flat[frame]), cell(cum))
    }
  }

  private func figures(of type: Int) -> Figures {
    let row = profile.columns.sampleTypes[type]
    return Figures(
      type: profile.string(row.type), unit: profile.string(row.unit), total: page.sums.totals[type],
      countName: options.picture.countName)
  }

  private func name(of frame: Int) -> String {
    frame == 0 ? "all" : ShownText.name(page.tree.table.name(of: frame))
  }

  func encoded() -> [UInt8] {
    let table = page.tree.table
    let columns = profile.columns
    var blob = PageBlob()
    var colors = Numbering<UInt32>()
    var files = Numbering<StringIndex>()
    var frames = PageBlob()
    frames.append(table.count)
    for frame in 0..<table.count {
      let function = table.functions[frame]
      let row = function == .none ? Function(name: .empty) : columns.functions[function.position]
      frames.append(files.number(of: row.file))
      frames.append(Int(max(0, min(row.startLine, Int64(Int32.max)))))
      frames.append(colors.number(of: frame == 0 ? Palette.root : palette.color(of: table.name(of: frame))))
    }
    blob.append(text: facts(colors: colors.values, files: files.values).line)
    appendRest(to: &frames)
    return blob.bytes + frames.bytes
  }

  private func appendRest(to blob: inout PageBlob) {
    let tree = page.tree
    for at in page.totals.flat.indices {
      blob.append(signed: page.totals.flat[at])
      blob.append(signed: page.totals.cum[at])
    }
    blob.append(tree.count)
    for node in 1..<tree.count {
      blob.append(node - Int(tree.parents[node]))
      blob.append(Int(tree.frames[node]) << 2 | Int(tree.inlining[node].rawValue))
    }
    blob.append(page.cutNodes.count)
    var last = 0
    for node in page.cutNodes {
      blob.append(Int(node) - last)
      last = Int(node)
    }
    blob.append(page.labels.sets.count)
    for set in page.labels.sets {
      blob.append(set.count)
      for label in set { blob.append(label) }
    }
    blob.append(page.entries.count)
    let width = tree.typeCount
    last = 0
    for (i, entry) in page.entries.enumerated() {
      blob.append(Int(entry.node) - last)
      last = Int(entry.node)
      blob.append(Int(entry.set))
      for type in 0..<width { blob.append(signed: page.values[i * width + type]) }
    }
  }

  private func facts(colors: [UInt32], files: [StringIndex]) -> JSONValue {
    let columns = profile.columns
    let types = columns.sampleTypes.indices.map { type -> JSONValue in
      let figures = figures(of: type)
      let scales = options.picture.countName == nil ? Units.scales(of: figures.unit) : nil
      let word =
        options.picture.countName.map { ShownText.name($0) }
        ?? (figures.unit == "count" || figures.unit.isEmpty
          ? ShownText.name(figures.type) : ShownText.name(figures.unit))
      return .object([
        ("name", .string(ShownText.name(figures.type, limit: 60))), ("unit", .string(word)),
        ("total", .double(Double(page.sums.totals[type]))),
        (
          "scales",
          scales.map { .array($0.map { .array([.string($0.name), .double($0.factor)]) }) } ?? .null
        ),
      ])
    }
    return .object([
      ("title", .string(title)), ("lines", .array(describing.map(JSONValue.string))),
      ("notes", .array(notes.map(JSONValue.string))), ("types", .array(types)), ("shown", .int(shown)),
      ("inverted", .bool(options.picture.isInverted)),
      ("names", .array((0..<page.tree.table.count).map { .string(name(of: $0)) })),
      ("files", .array(files.map { .string(file($0)) })),
      ("colors", .array(colors.map { .string(Palette.css($0)) })),
      (
        "labels",
        .array(page.labels.values.map { .array([.string($0.key), .string($0.value)]) })
      ),
    ])
  }

  private func file(_ index: StringIndex) -> String { ShownText.name(profile.string(index)) }

  /// What is told of the profile under its title.
  private var describing: [String] {
    let columns = profile.columns
    var lines: [String] = []
    if columns.timeNanos != 0 {
      let second: Int64 = 1_000_000_000
      lines.append("taken " + Units.time(nanos: columns.timeNanos / second * second))
    }
    if columns.durationNanos != 0 { lines.append("over " + Units.duration(nanos: columns.durationNanos)) }
    if let binary = columns.mappings.first, binary.file != .empty { lines.append(file(binary.file)) }
    lines.append("\(Figures.grouped(Int64(profile.sampleCount))) samples")
    lines += options.activeFilters.map { ShownText.name($0, limit: 60) }
    return lines
  }

  private var notes: [String] {
    var notes: [String] = []
    let cut = page.tree.cut
    if cut.frames > 0 {
      let most = cut.widths.indices.map { (Figures.share(cut.widths[$0], of: page.sums.totals[$0]), $0) }
        .map { "\($0.0) of \(ShownText.name(profile.string(profile.columns.sampleTypes[$0.1].type), limit: 60))" }
      notes.append(
        "Cut, so that the file stays small: \(Figures.grouped(Int64(cut.frames))) narrow frames with all that they call, "
          + "shown as “(cut)”: \(most.joined(separator: ", ")). The table of functions counts them all the same.")
    }
    for (key, count) in page.labels.dropped {
      notes.append("No filter by \(key): \(Figures.grouped(Int64(count))) values.")
    }
    if page.sums.values != page.sums.widths {
      notes.append("A difference: red is more than before, blue is less. Widths are of values with their signs aside.")
    }
    return notes
  }
}

/// Different values, numbered as they are met.
private struct Numbering<Value: Hashable> {
  private(set) var values: [Value] = []
  private var numbers: [Value: Int] = [:]

  mutating func number(of value: Value) -> Int {
    if let known = numbers[value] { return known }
    numbers[value] = values.count
    values.append(value)
    return values.count - 1
  }
}
