internal import ProfileAnalysis
public import ProfileModel

/// The file format of speedscope.app: a sampled profile for each sample type, inlined functions as frames of their own.
///
/// A stack stands in it once, with the sum of its samples, and not at all for a type in which that is 0. Labels have no place
/// there. Stacks with a negative sum, as differences have, are refused by speedscope: they are left out, and the profile's
/// name says so.
public struct SpeedscopeReport: Report {
  public let info = ReportInfo(
    id: "speedscope", extensions: ["speedscope.json", "speedscope"],
    summary: "for speedscope.app: all sample types, each distinct stack once")

  public init() {}

  public func write(_ profile: Profile, to sink: inout ReportSink, options: ReportOptions) throws(ProfileError) {
    let columns = profile.columns
    let shown = columns.sampleTypes.isEmpty ? 0 : try FlameGraph.sampleType(of: profile, options)
    let types = Array(columns.sampleTypes.indices)
    let table = FrameTable(columns)
    let sums = try StackSums(columns, types)
    sink.buffer.append(
      "{\"$schema\":\"https://www.speedscope.app/file-format-schema.json\",\n\"exporter\":\"pprofconv\",\n")
    sink.buffer.append("\"name\":\(Self.quoted(PictureTitle.of(profile, options.picture))),\n")
    sink.buffer.append("\"activeProfileIndex\":\(shown),\n\"shared\":{\"frames\":[\n")
    for frame in 1..<table.count {
      sink.buffer.append(frame > 1 ? ",\n" : "")
      sink.buffer.append(Self.frame(frame, table, profile).line)
      try sink.flushIfLarge()
    }
    sink.buffer.append("]},\n\"profiles\":[\n")
    for type in types {
      sink.buffer.append(type > 0 ? ",\n" : "")
      try write(type, of: profile, table, sums, to: &sink)
    }
    sink.buffer.append("]}\n")
  }

  private static func quoted(_ text: String) -> String { JSONValue.string(text).line }

  private static func frame(_ frame: Int, _ table: FrameTable, _ profile: Profile) -> JSONValue {
    var fields: [(key: String, value: JSONValue)] = [("name", .string(table.names.string(StringIndex(frame))))]
    if table.functions[frame] != .none {
      let function = profile.columns.functions[table.functions[frame].position]
      if function.file != .empty { fields.append(("file", .string(profile.string(function.file)))) }
      if function.startLine > 0 { fields.append(("line", .int(function.startLine))) }
    }
    return .object(fields)
  }

  private func write(
    _ type: Int, of profile: Profile, _ table: FrameTable, _ sums: StackSums, to sink: inout ReportSink
  ) throws(ProfileError) {
    let columns = profile.columns
    let count = columns.sampleTypes.count
    let unit = SpeedscopeUnit(profile.string(columns.sampleTypes[type].unit))
    let stacks = sums.stacks.filter { sums.values[Int($0) * count + type] > 0 }
    let negative = sums.stacks.reduce(0) { $0 + (sums.values[Int($1) * count + type] < 0 ? 1 : 0) }
    var name = profile.string(columns.sampleTypes[type].type)
    if negative > 0 { name += " (without \(negative) stacks that sum to less than 0)" }
    let total = stacks.reduce(Int128(0)) { $0 + Int128(sums.values[Int($1) * count + type]) * unit.factor }
    sink.buffer.append("{\"type\":\"sampled\",\"name\":\(Self.quoted(name)),\"unit\":\"\(unit.name)\",")
    sink.buffer.append("\"startValue\":0,\"endValue\":\(total),\n\"samples\":[\n")
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
    sink.buffer.append("],\n\"weights\":[")
    for (i, stack) in stacks.enumerated() {
      if i > 0 { sink.buffer.append(UInt8(ascii: ",")) }
      let value = sums.values[Int(stack) * count + type]
      if unit.factor == 1 {
        Units.append(value, to: &sink.buffer)
      } else {
        sink.buffer.append(String(Int128(value) * unit.factor))
      }
      try sink.flushIfLarge()
    }
    sink.buffer.append("]}")
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
