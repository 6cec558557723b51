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
  private let sources: FrameSources
  /// What shares are of, for each sample type.
  private let bases: [Int64]
  /// Whether it is a difference of which is known what was before.
  private let isCompared: Bool
  /// The sample type to show first.
  let shown: Int

  init(_ profile: Profile, _ options: ReportOptions) throws(ProfileError) {
    self.profile = profile
    self.options = options
    try options.check(for: .page)
    palette = try Palette(options.picture.colors)
    shown = try FlameGraph.sampleType(of: profile, options)
    page = try PageTree(profile, options)
    sources = FrameSources(profile, page.tree.table, options)
    var bases = page.sums.totals
    for type in bases.indices {
      if let basis = try options.basis?.total(of: type, in: profile, options) { bases[type] = basis }
    }
    self.bases = bases
    isCompared =
      page.sums.values != page.sums.widths && page.tooManyEntries == 0
      && Comparison.isKnown(in: profile.columns, Array(profile.columns.sampleTypes.indices))
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
      return (frame == 0 ? "(no stack)" : name(of: frame), cell(flat[frame]), cell(cum))
    }
  }

  private func figures(of type: Int) -> Figures {
    Figures(profile, type: type, total: bases[type], options)
  }

  private func name(of frame: Int) -> String {
    frame == 0 ? "all" : ShownText.name(page.tree.table.name(of: frame))
  }

  func encoded() -> [UInt8] {
    let table = page.tree.table
    var blob = PageBlob()
    var colors = Numbering<UInt32>()
    var files = Numbering<StringIndex>()
    var frames = PageBlob()
    frames.append(page.frames.count)
    for frame in page.frames {
      let place = sources.place(of: frame)
      frames.append(files.number(of: place.file))
      frames.append(Int(min(place.line, Int64(Int32.max))))
      frames.append(colors.number(of: palette.color(of: frame, in: table, profile)))
    }
    blob.append(text: facts(colors: colors.values, files: files.values).line)
    appendRest(to: &frames)
    return blob.bytes + frames.bytes
  }

  private func appendRest(to blob: inout PageBlob) {
    let tree = page.tree
    let types = tree.typeCount
    var numbers = [Int](repeating: 0, count: tree.table.count)
    for (number, frame) in page.frames.enumerated() {
      numbers[frame] = number
      for at in frame * types..<(frame + 1) * types {
        blob.append(signed: page.totals.flat[at])
        blob.append(signed: page.totals.cum[at])
      }
    }
    blob.append(tree.count)
    for node in 1..<tree.count {
      blob.append(node - Int(tree.parents[node]))
      blob.append(numbers[Int(tree.frames[node])] << 2 | Int(tree.inlining[node].rawValue))
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
      let word =
        figures.countName
        ?? (figures.unit == "count" || figures.unit.isEmpty
          ? ShownText.name(figures.type) : ShownText.name(figures.unit))
      return .object([
        ("name", .string(ShownText.name(figures.type, limit: 60))), ("unit", .string(word)),
        ("total", .double(Double(sum(of: type)))), ("difference", .bool(sum(of: type) != page.sums.totals[type])),
        ("basis", .double(Double(bases[type]))),
        (
          "scales",
          figures.scales.map { .array($0.map { .array([.string($0.name), .double($0.factor)]) }) } ?? .null
        ),
      ])
    }
    return .object([
      ("title", .string(title)), ("lines", .array(describing.map(JSONValue.string))),
      ("notes", .array(notes.map(JSONValue.string))), ("types", .array(types)), ("shown", .int(shown)),
      ("inverted", .bool(options.picture.isInverted)), ("reversed", .bool(options.picture.isReversed)),
      ("divisor", .double(options.divisor)),
      ("compared", .bool(isCompared)),
      ("names", .array(page.frames.map { .string(name(of: $0)) })),
      ("files", .array(files.map { .string(file($0)) })),
      ("colors", .array(colors.map { .string(Palette.css($0)) })),
      (
        "labels",
        .array(page.labels.values.map { .array([.string($0.key), .string($0.value)]) })
      ),
    ])
  }

  /// With signs: of a difference what the root shows.
  private func sum(of type: Int) -> Int64 {
    stride(from: type, to: page.sums.values.count, by: page.tree.typeCount).reduce(0) { $0 &+ page.sums.values[$1] }
  }

  private func file(_ index: StringIndex) -> String { ShownText.name(sources.text(index)) }

  /// What is told of the profile under its title.
  private var describing: [String] {
    let columns = profile.columns
    var lines: [String] = []
    if columns.timeNanos != 0 {
      let second: Int64 = 1_000_000_000
      lines.append("taken " + Units.time(nanos: columns.timeNanos / second * second))
    }
    if columns.durationNanos != 0 { lines.append("over " + Units.duration(nanos: columns.durationNanos)) }
    if let binary = columns.mappings.first, binary.file != .empty {
      lines.append(ShownText.name(profile.string(binary.file)))
    }
    lines.append("\(Figures.grouped(Int64(profile.sampleCount))) \(profile.sampleCount == 1 ? "sample" : "samples")")
    lines += options.activeFilters.map { ShownText.name($0, limit: 60) }
    if options.picture.isReversed { lines.append("merged from the leaf") }
    if options.divisor != 1 { lines.append("values divided by \(options.divisor.asTyped)") }
    return lines
  }

  /// Why labels are not offered as filters.
  private var labelNotes: [String] {
    if page.labels.dropped.isEmpty, page.labels.crowdedOut.isEmpty { return [] }
    let instead = "The filter `tagfocus` makes a page of the samples with one value."
    if page.tooManyEntries > 0 {
      let dropped = page.labels.dropped
      let keys = dropped.prefix(5).map(\.key).joined(separator: ", ") + (dropped.count > 5 ? " …" : "")
      return [
        "No filter by labels (\(keys)), so that the file stays small: frames and labels make "
          + "\(Figures.grouped(Int64(page.tooManyEntries))) combinations, and a page carries "
          + "\(Figures.grouped(Int64(PageTree.mostEntries))). \(instead)"
      ]
    }
    var notes = page.labels.dropped.prefix(5).map { key, count in
      "No filter by \(key): it has \(Figures.grouped(Int64(count))) values, more than the \(PageLabels.mostValues) that a "
        + "list takes. \(instead)"
    }
    let reasons = [
      (page.labels.dropped.dropFirst(5).map(\.key), "more than \(PageLabels.mostValues) values of each"),
      (page.labels.crowdedOut, "a page has \(Figures.grouped(Int64(PageLabels.mostOfAll))) values to choose from"),
    ]
    for (others, reason) in reasons where !others.isEmpty {
      let keys = others.prefix(5).joined(separator: ", ") + (others.count > 5 ? " …" : "")
      notes.append(
        "No filter by \(Figures.grouped(Int64(others.count))) more \(others.count == 1 ? "key" : "keys") (\(keys)): "
          + "\(reason). \(instead)")
    }
    return notes
  }

  /// What was cut, and why.
  private var cutNotes: [String] {
    let cut = page.tree.cut
    func frames(_ count: Int, _ kind: String) -> String? {
      count == 0 ? nil : "\(Figures.grouped(Int64(count))) \(kind)\(count == 1 ? "frame" : "frames")"
    }
    let deep = frames(cut.tooDeep, "").map { $0 + " below the depth of \(FlameGraph.maximumDepth)" }
    var notes: [String] = []
    if let what = frames(cut.frames - cut.tooDeep, "narrow ") ?? deep {
      let also = cut.frames > cut.tooDeep ? deep.map { " and \($0)" } ?? "" : ""
      let most = cut.widths.indices.map { (Figures.share(cut.widths[$0], of: page.sums.totals[$0]), $0) }
        .map { "\($0.0) of \(ShownText.name(profile.string(profile.columns.sampleTypes[$0.1].type), limit: 60))" }
      notes.append(
        "Cut, so that the file stays small: \(what)\(also) with all that \(cut.frames == 1 ? "it calls" : "they call"), "
          + "shown as “(cut)”: \(most.joined(separator: ", ")).")
    }
    let (kept, all) = (page.frames.count, page.tree.table.count)
    if kept < all {
      notes.append(
        "The table has the \(Figures.grouped(Int64(kept - 1))) largest of \(Figures.grouped(Int64(all - 1))) functions: the "
          + "names of all would take too much room.")
    } else if !notes.isEmpty {
      notes[0] += " The table of functions counts them all the same."
    }
    return notes
  }

  private var notes: [String] {
    var notes = bases.indices.compactMap { figures(of: $0).unitNote }
    notes += cutNotes
    notes += labelNotes
    if page.sums.values != page.sums.widths {
      notes.append(Comparison.note(isKnown: isCompared))
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
