internal import ProfileAnalysis
public import ProfileModel

/// The file format of speedscope.app: a sampled profile for each sample type, inlined functions as frames of their own.
///
/// A stack stands in it once, with the sum of its samples, and not at all for a type in which that is 0. Labels have no place
/// there. Where a type has stacks of more than ``mostFrames`` frames, the widest that have room are kept, and the others
/// stand together as `(cut)`.
///
/// Stacks with a negative sum, as differences have, are refused by speedscope: they are left out, and the profile's
/// name says so.
public struct SpeedscopeReport: Report {
  public let info = ReportInfo(
    id: "speedscope", extensions: ["speedscope.json", "speedscope"],
    summary: "for speedscope.app: all sample types, each distinct stack once")

  /// With more, all types together are more than a browser's tab has room for.
  private static let mostFrames = 1_500_000

  public init() {}

  public func write(_ profile: Profile, to sink: inout ReportSink, options: ReportOptions) throws(ProfileError) {
    try options.check(for: .viewerFile)
    let columns = profile.columns
    let shown = columns.sampleTypes.isEmpty ? 0 : try FlameGraph.sampleType(of: profile, options)
    let types = Array(columns.sampleTypes.indices)
    let table = FrameTable(columns, options.frameOptions())
    let sources = FrameSources(profile, table, options)
    let sums = try StackSums(columns, types)
    sink.buffer.append(
      "{\"$schema\":\"https://www.speedscope.app/file-format-schema.json\",\n\"exporter\":\"pprofconv\",\n")
    sink.buffer.append("\"name\":\(Self.quoted(PictureTitle.of(profile, options.picture))),\n")
    sink.buffer.append("\"activeProfileIndex\":\(shown),\n\"shared\":{\"frames\":[\n")
    for frame in 1..<max(1, table.count) {
      sink.buffer.append(frame > 1 ? ",\n" : "")
      sink.buffer.append(Self.frame(frame, table, sources).line)
      try sink.flushIfLarge()
    }
    if sums.stacks.reduce(0, { $0 + Self.frames(of: $1, columns, table) }) > Self.mostFrames {
      sink.buffer.append((table.count > 1 ? ",\n" : "") + JSONValue.object([("name", .string(CutNodes.name))]).line)
    }
    sink.buffer.append("]},\n\"profiles\":[\n")
    for type in types {
      sink.buffer.append(type > 0 ? ",\n" : "")
      try write(type, of: profile, table, sums, options, to: &sink)
    }
    sink.buffer.append("]}\n")
  }

  private static func quoted(_ text: String) -> String { JSONValue.string(text).line }

  private static func frame(_ frame: Int, _ table: FrameTable, _ sources: FrameSources) -> JSONValue {
    var fields: [(key: String, value: JSONValue)] = [("name", .string(table.names.string(StringIndex(frame))))]
    let place = sources.place(of: frame)
    if place.file != .empty { fields.append(("file", .string(sources.text(place.file)))) }
    if place.line > 0 { fields.append(("line", .int(place.line))) }
    return .object(fields)
  }

  private func write(
    _ type: Int, of profile: Profile, _ table: FrameTable, _ sums: StackSums, _ options: ReportOptions,
    to sink: inout ReportSink
  ) throws(ProfileError) {
    let columns = profile.columns
    let count = columns.sampleTypes.count
    let unit = SpeedscopeUnit(profile.string(columns.sampleTypes[type].unit))
    let (stacks, cut) = Self.widest(
      sums.stacks.filter { sums.values[Int($0) * count + type] > 0 }, columns, table,
      by: { sums.values[Int($0) * count + type] })
    let negative = sums.stacks.reduce(0) { $0 + (sums.values[Int($1) * count + type] < 0 ? 1 : 0) }
    var name = profile.string(columns.sampleTypes[type].type)
    if negative > 0 { name += " (without \(negative) stacks that sum to less than 0)" }
    let total = sums.stacks.reduce(Int128(0)) { $0 + Int128(max(0, sums.values[Int($1) * count + type])) * unit.factor }
    if cut.stacks > 0 {
      name += " (without \(Figures.grouped(Int64(cut.stacks))) stacks that there is no room for: (cut))"
    }
    sink.buffer.append("{\"type\":\"sampled\",\"name\":\(Self.quoted(name)),\"unit\":\"\(unit.name)\",")
    let end = options.divisor == 1 ? "\(total)" : JSONValue.double(Double(total) / options.divisor).line
    sink.buffer.append("\"startValue\":0,\"endValue\":\(end),\n\"samples\":[\n")
    for (i, stack) in stacks.enumerated() {
      sink.buffer.append(i > 0 ? ",\n[" : "[")
      var isFirst = true
      for at in columns.stackRange(StackIndex(rawValue: stack)).reversed() {
        let location = columns.stackLocations[at].position
        for entry in (table.offsets[location]..<table.offsets[location + 1]).reversed() {
          if !isFirst { sink.buffer.append(UInt8(ascii: ",")) }
          isFirst = false
          // Frame 0 is the root, which speedscope has no use for.
          Units.append(Int64(table.entries[entry].frame - 1), to: &sink.buffer)
        }
      }
      sink.buffer.append(UInt8(ascii: "]"))
      try sink.flushIfLarge()
    }
    if cut.stacks > 0 { sink.buffer.append("\(stacks.isEmpty ? "" : ",\n")[\(max(1, table.count) - 1)]") }
    sink.buffer.append("],\n\"weights\":[")
    let values = stacks.map { sums.values[Int($0) * count + type] } + (cut.stacks > 0 ? [cut.sum] : [])
    for (i, value) in values.enumerated() {
      if i > 0 { sink.buffer.append(UInt8(ascii: ",")) }
      if options.divisor != 1 {
        sink.buffer.append(JSONValue.double(Double(Int128(value) * unit.factor) / options.divisor).line)
      } else if unit.factor == 1 {
        Units.append(value, to: &sink.buffer)
      } else {
        sink.buffer.append(String(Int128(value) * unit.factor))
      }
      try sink.flushIfLarge()
    }
    sink.buffer.append("]}")
  }

  private static func frames(of stack: UInt32, _ columns: ProfileColumns, _ table: FrameTable) -> Int {
    columns.stackRange(StackIndex(rawValue: stack)).reduce(0) { sum, at in
      let location = columns.stackLocations[at].position
      return sum + table.offsets[location + 1] - table.offsets[location]
    }
  }

  /// The stacks with most, in their order, as many as have room in a file; and what the others are.
  private static func widest(
    _ stacks: [UInt32], _ columns: ProfileColumns, _ table: FrameTable, by value: (UInt32) -> Int64
  ) -> (kept: [UInt32], cut: (stacks: Int, sum: Int64)) {
    var room = mostFrames
    if stacks.allSatisfy({
      room -= frames(of: $0, columns, table)
      return room >= 0
    }) {
      return (stacks, (0, 0))
    }
    room = mostFrames
    let order = stacks.sorted { (value($0), $1) > (value($1), $0) }
    var kept: [UInt32] = []
    var cut = (stacks: 0, sum: Int64(0))
    // A stack that has no room leaves it to the narrower ones behind it.
    for stack in order {
      let count = frames(of: stack, columns, table)
      if count <= room {
        room -= count
        kept.append(stack)
      } else {
        cut.stacks += 1
        // The sum of all is one of 64 bits: see StackSums.
        cut.sum &+= value(stack)
      }
    }
    return (kept.sorted(), cut)
  }
}

/// A unit in speedscope's words, and how many of it one of the profile's is worth.
private struct SpeedscopeUnit {
  var name = "none"
  var factor: Int128 = 1

  init(_ unit: String) {
    guard let smallest = Units.scales(of: unit)?.first else { return }
    name = smallest.name == "B" ? "bytes" : "nanoseconds"
    factor = Int128((1 / smallest.factor).rounded())
  }
}
