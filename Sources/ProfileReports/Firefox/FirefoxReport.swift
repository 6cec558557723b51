internal import ProfileAnalysis
public import ProfileModel

/// The processed profile format of profiler.firefox.com, version 60: a thread for each sample type, which share one table of
/// stacks. Newer versions of the profiler bring it up to date when they load it.
///
/// Of more than ``mostFrames`` frames the narrow ones are cut: what they have stands as a frame `(cut)`, and the name says so.
///
/// The times of samples are made up, one millisecond after another: a profile has none. Labels have no place there.
public struct FirefoxReport: Report {
  public let info = ReportInfo(
    id: "firefox", aliases: ["gecko"], extensions: ["firefox.json"],
    summary: "for profiler.firefox.com: a thread for each sample type")

  /// With a few hundred thousand the profiler answers at once; with millions it takes minutes and gigabytes.
  private static let mostFrames = 400_000

  /// The version that stacks in `shared` came with.
  private static let version = 60

  public init() {}

  public func write(_ profile: Profile, to sink: inout ReportSink, options: ReportOptions) throws(ProfileError) {
    try options.check(for: .viewerFile)
    let columns = profile.columns
    let types = Array(columns.sampleTypes.indices)
    let table = FrameTable(columns, options.frameOptions())
    let sources = FrameSources(profile, table, options)
    let sums = try StackSums(columns, types)
    var shape = CallTree.Options(sampleTypes: types)
    shape.maximumCount = Self.mostFrames
    let tree = CallTree(profile, table, sums, shape)
    let cuts = CutNodes(tree)
    let shown = types.isEmpty ? 0 : try FlameGraph.sampleType(of: profile, options)
    sink.buffer.append(
      "{\"meta\":\(Self.meta(profile, options, tree.cut, shown: shown).line),\n\"libs\":[],\n\"shared\":{\n")
    try writeShared(sources, tree, cuts, to: &sink)
    sink.buffer.append("},\n\"threads\":[\n")
    for type in types {
      sink.buffer.append(type > 0 ? ",\n" : "")
      try writeThread(type, profile, tree, cuts, sums, options, isShown: type == shown, to: &sink)
    }
    sink.buffer.append("]}\n")
  }

  private static func meta(
    _ profile: Profile, _ options: ReportOptions, _ cut: CallTree.Cut, shown: Int
  ) -> JSONValue {
    let columns = profile.columns
    var name = PictureTitle.of(profile, options.picture)
    if cut.frames > 0 { name += ", without \(Figures.grouped(Int64(cut.frames))) narrow frames: (cut)" }
    return .object([
      ("interval", .int(1)), ("startTime", .int(columns.timeNanos / 1_000_000)), ("processType", .int(0)),
      ("product", .string(name)), ("importedFrom", .string("pprofconv")),
      ("stackwalk", .int(1)), ("debug", .bool(false)), ("version", .int(33)),
      ("preprocessedProfileVersion", .int(version)), ("symbolicated", .bool(true)),
      ("sourceCodeIsNotOnSearchfox", .bool(true)), ("usesOnlyOneStackType", .bool(true)),
      ("initialSelectedThreads", .array([.int(shown)])), ("markerSchema", .array([])),
      (
        "categories",
        .array([
          .object([
            ("name", .string("Other")), ("color", .string("grey")), ("subcategories", .array([.string("Other")])),
          ])
        ])
      ),
    ])
  }

  private func writeShared(_ sources: FrameSources, _ tree: CallTree, _ cuts: CutNodes, to sink: inout ReportSink)
    throws(ProfileError)
  {
    let functions = FirefoxFunctions(sources, tree, hasCut: !cuts.parents.isEmpty)
    let nodes = tree.count - 1 + cuts.parents.count
    func column(
      _ name: String, _ count: Int, isLast: Bool = false, to sink: inout ReportSink, _ value: (Int) -> Int?
    ) throws(ProfileError) {
      sink.buffer.append("\"\(name)\":[")
      for i in 0..<count {
        if i > 0 { sink.buffer.append(UInt8(ascii: ",")) }
        if let value = value(i) { Units.append(Int64(value), to: &sink.buffer) } else { sink.buffer.append("null") }
        try sink.flushIfLarge()
      }
      sink.buffer.append(isLast ? "]" : "],")
    }
    // A node's number in the table is one less: the root is no frame.
    sink.buffer.append("\"stackTable\":{\"length\":\(nodes),")
    try column("frame", nodes, to: &sink) { functions.frame(of: $0 + 1) }
    try column("prefix", nodes, isLast: true, to: &sink) {
      let parent = $0 + 1 < tree.count ? tree.parents[$0 + 1] : cuts.parents[$0 + 1 - tree.count]
      return parent == 0 ? nil : Int(parent) - 1
    }
    let count = functions.frames.count
    sink.buffer.append("},\n\"frameTable\":{\"length\":\(count),")
    try column("func", count, to: &sink) { functions.frames[$0].function }
    try column("inlineDepth", count, to: &sink) { functions.frames[$0].isInlined ? 1 : 0 }
    try column("address", count, to: &sink) { _ in -1 }
    try column("category", count, to: &sink) { _ in 0 }
    try column("subcategory", count, to: &sink) { _ in 0 }
    for name in ["nativeSymbol", "innerWindowID", "line"] { try column(name, count, to: &sink) { _ in nil } }
    try column("column", count, isLast: true, to: &sink) { _ in nil }
    let names = functions.lines.count
    sink.buffer.append("},\n\"funcTable\":{\"length\":\(names),")
    try column("name", names, to: &sink) { $0 }
    try column("resource", names, to: &sink) { _ in -1 }
    try column("source", names, to: &sink) { functions.sources[$0] }
    try column("lineNumber", names, to: &sink) { functions.lines[$0] }
    try column("columnNumber", names, to: &sink) { _ in nil }
    let no = JSONValue.array(Array(repeating: .bool(false), count: names)).line
    sink.buffer.append("\"isJS\":\(no),\"relevantForJS\":\(no)},\n\"sources\":{\"length\":\(functions.files.count),")
    try column("filename", functions.files.count, to: &sink) { names + $0 }
    try column("uuid", functions.files.count, isLast: true, to: &sink) { _ in nil }
    sink.buffer.append("},\n\"resourceTable\":{\"length\":0,\"type\":[],\"lib\":[],\"name\":[],\"host\":[]},\n")
    sink.buffer.append(
      "\"nativeSymbols\":{\"length\":0,\"libIndex\":[],\"address\":[],\"name\":[],\"functionSize\":[]},\n\"stringArray\":[\n"
    )
    for i in 0..<names + functions.files.count {
      sink.buffer.append(i > 0 ? ",\n" : "")
      let text =
        i >= names
        ? sources.text(functions.files[i - names])
        : i + 1 < tree.table.count ? tree.table.names.string(StringIndex(i + 1)) : CutNodes.name
      sink.buffer.append(JSONValue.string(text).line)
      try sink.flushIfLarge()
    }
    sink.buffer.append("]")
  }

  private func writeThread(
    _ type: Int, _ profile: Profile, _ tree: CallTree, _ cuts: CutNodes, _ sums: StackSums, _ options: ReportOptions,
    isShown: Bool,
    to sink: inout ReportSink
  ) throws(ProfileError) {
    let columns = profile.columns
    let count = columns.sampleTypes.count
    let name = profile.string(columns.sampleTypes[type].type)
    var values = [Int64](repeating: 0, count: tree.count + cuts.parents.count)
    for stack in sums.stacks {
      if let node = cuts.node(of: Int(stack), in: tree) { values[node] &+= sums.values[Int(stack) * count + type] }
    }
    let nodes = values.indices.filter { values[$0] != 0 }
    let weight = FirefoxWeight(profile.string(columns.sampleTypes[type].unit), divisor: options.divisor)
    sink.buffer.append(
      """
      {"name":\(JSONValue.string(name).line),"isMainThread":\(isShown),"processType":"default","processName":"pprof",\
      "processStartupTime":0,"processShutdownTime":null,"registerTime":0,"unregisterTime":null,"pausedRanges":[],\
      "pid":"1","tid":\(type + 1),"markers":{"length":0,"data":[],"name":[],"startTime":[],"endTime":[],"phase":[],\
      "category":[]},
      "samples":{"length":\(nodes.count),"weightType":"\(weight.name)","stack":[
      """)
    for (i, node) in nodes.enumerated() {
      if i > 0 { sink.buffer.append(UInt8(ascii: ",")) }
      if node == 0 { sink.buffer.append("null") } else { Units.append(Int64(node) - 1, to: &sink.buffer) }
      try sink.flushIfLarge()
    }
    sink.buffer.append("],\"weight\":[")
    for (i, node) in nodes.enumerated() {
      if i > 0 { sink.buffer.append(UInt8(ascii: ",")) }
      weight.append(values[node], to: &sink.buffer)
      try sink.flushIfLarge()
    }
    sink.buffer.append("],\"time\":[")
    for i in nodes.indices {
      if i > 0 { sink.buffer.append(UInt8(ascii: ",")) }
      Units.append(Int64(i), to: &sink.buffer)
      try sink.flushIfLarge()
    }
    sink.buffer.append("]}}")
  }
}

/// The profiler's tables: a function for each name, and of each a frame that was inlined and one that was not.
private struct FirefoxFunctions {
  struct Frame {
    var function: Int
    var isInlined: Bool
  }

  private(set) var frames: [Frame] = []
  /// Of each function the position in `files`, and where it begins.
  private(set) var sources: [Int?] = []
  private(set) var lines: [Int?] = []
  private(set) var files: [StringIndex] = []
  private let frameOfNode: [UInt32]

  init(_ places: FrameSources, _ tree: CallTree, hasCut: Bool) {
    var numbers = [Int](repeating: -1, count: 2 * tree.table.count)
    var ofNode = [UInt32](repeating: 0, count: tree.count)
    for node in 1..<max(1, tree.count) {
      let isInlined = tree.inlining[node] != .never
      let slot = 2 * Int(tree.frames[node]) + (isInlined ? 1 : 0)
      if numbers[slot] < 0 {
        numbers[slot] = frames.count
        frames.append(Frame(function: Int(tree.frames[node]) - 1, isInlined: isInlined))
      }
      ofNode[node] = UInt32(numbers[slot])
    }
    frameOfNode = ofNode
    var fileNumbers: [StringIndex: Int] = [:]
    for frame in 1..<max(1, tree.table.count) {
      let row = places.place(of: frame)
      lines.append(row.line > 0 ? Int(row.line) : nil)
      if row.file == .empty {
        sources.append(nil)
        continue
      }
      if fileNumbers[row.file] == nil {
        fileNumbers[row.file] = files.count
        files.append(row.file)
      }
      sources.append(fileNumbers[row.file])
    }
    guard hasCut else { return }
    frames.append(Frame(function: lines.count, isInlined: false))
    lines.append(nil)
    sources.append(nil)
  }

  /// The last one stands for what was cut.
  func frame(of node: Int) -> Int { node < frameOfNode.count ? Int(frameOfNode[node]) : frames.count - 1 }
}

/// What the profiler knows as weights: bytes, milliseconds, and plain numbers.
private struct FirefoxWeight {
  var name = "samples"
  /// What a value is multiplied by.
  private var factor = 1.0

  init(_ unit: String, divisor: Double) {
    factor = 1 / divisor
    guard let scales = Units.scales(of: unit) else { return }
    name = scales.first?.name == "B" ? "bytes" : "tracing-ms"
    let target = scales.first { $0.name == "B" || $0.name == "ms" }
    factor = 1 / (target?.factor ?? 1) / divisor
  }

  func append(_ value: Int64, to buffer: inout [UInt8]) {
    if factor == 1 {
      Units.append(value, to: &buffer)
    } else {
      buffer.append(JSONValue.double(Double(value) * factor).line)
    }
  }
}
