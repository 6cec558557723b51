import ProfileAnalysis
public import ProfileModel

/// Every sample: its labels, its value, its stack from the leaf.
public struct TracesReport: Report {
  public let info = ReportInfo(id: "traces", summary: "every sample with its stack, as `go tool pprof -traces`")

  public init() {}

  private static let separator = "-----------+-------------------------------------------------------\n"

  public func write(_ profile: Profile, to sink: inout ReportSink, options: ReportOptions) throws(ProfileError) {
    let context = try ReportContext(profile, options)
    let columns = profile.columns
    var graphOptions = context.graphOptions()
    // File names stay as they are here.
    graphOptions.trimPath = nil
    let table = GraphFrames(columns, graphOptions)
    let names = table.frames.map { table.strings.printableName($0) }
    var labels = [[UInt8]?](repeating: nil, count: columns.labelSetCount)
    sink.buffer.append(ReportHeader(describing: context).text)
    for sample in 0..<columns.sampleCount {
      let stack = columns.sampleStacks[sample]
      if columns.stackRange(stack).isEmpty { continue }
      sink.buffer.append(Self.separator)
      let set = columns.sampleLabels[sample]
      let lines = labels[set.position] ?? Self.lines(of: set, context)
      labels[set.position] = lines
      sink.buffer.append(contentsOf: lines)
      var start = context.format(context.choice.value(of: sample, columns)).right(10)
      for at in columns.stackRange(stack) {
        let frames = table.range(columns.stackLocations[at])
        for i in frames {
          sink.buffer.append(start)
          start = "          "
          sink.buffer.append("   ")
          sink.buffer.append(contentsOf: names[Int(table.of[i])])
          sink.buffer.append(i == frames.upperBound - 1 ? "\n" : " (inline)\n")
        }
      }
      try sink.flushIfLarge()
    }
    sink.buffer.append(Self.separator)
  }

  /// A row a sample; the stack from the root, with `;` between, as folded text has it. Labels twice: as they are printed, and
  /// one by one with their numbers.
  public func table(of profile: Profile, options: ReportOptions) throws(ProfileError) -> ReportTable? {
    let context = try ReportContext(profile, options)
    let columns = profile.columns
    let frames = GraphFrames(columns, context.graphOptions())
    let names = frames.frames.map { String(decoding: frames.strings.printableName($0), as: UTF8.self) }
    var table = ReportTable(facts: context.facts, columns: ["value", "labels", "stack", "label_set"])
    table.hidden = ["label_set"]
    for sample in 0..<columns.sampleCount {
      let stack = columns.stackRange(columns.sampleStacks[sample]).reversed().flatMap { at in
        frames.range(columns.stackLocations[at]).reversed().map { names[Int(frames.of[$0])] }
      }
      if stack.isEmpty { continue }
      let labels = Self.lines(of: columns.sampleLabels[sample], context).split(separator: UInt8(ascii: "\n"))
      table.rows.append([
        .integer(context.divided(context.choice.value(of: sample, columns))),
        .text(
          labels.map { String(decoding: $0.drop { $0 == UInt8(ascii: " ") }, as: UTF8.self) }.joined(separator: "; ")),
        .text(stack.joined(separator: ";")), .labels(Self.labels(columns.sampleLabels[sample], columns)),
      ])
    }
    return table
  }

  private static func labels(_ set: LabelSetIndex, _ columns: ProfileColumns) -> [ReportTable.Label] {
    func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
    let labels = SampleLabels(set, columns)
    return labels.strings.flatMap { label in
      label.values.map { ReportTable.Label(key: text(label.key), value: .text(text($0))) }
    }
      + labels.numbers.flatMap { label in
        zip(label.values, label.units).map { value, unit in
          ReportTable.Label(key: text(label.key), value: .integer(value), unit: unit.isEmpty ? nil : text(unit))
        }
      }
  }

  /// Strings first, then numbers, each in the order of the lines.
  private static func lines(of set: LabelSetIndex, _ context: ReportContext) -> [UInt8] {
    if set == .empty { return [] }
    let labels = SampleLabels(set, context.profile.columns)
    let strings = labels.strings.map { label in
      line(label.key, Array(label.values.joined(separator: [UInt8(ascii: " ")])))
    }
    let numbers = labels.numbers.map { label in
      let unit = context.labelUnits.unit(of: label.key)
      let values = label.values.map { Units.label($0, from: unit, to: "auto") }
      return line(label.key, Array(values.joined(separator: " ").utf8))
    }
    return [strings, numbers].flatMap { $0.sorted { $0.lexicographicallyPrecedes($1) } }.flatMap { $0 }
  }

  private static func line(_ key: [UInt8], _ values: [UInt8]) -> [UInt8] {
    var line = [UInt8](
      repeating: UInt8(ascii: " "), count: max(0, 10 - String(decoding: key, as: UTF8.self).unicodeScalars.count))
    line += key
    line.append(":  ")
    line += values
    line.append(UInt8(ascii: "\n"))
    return line
  }
}

extension SampleChoice {
  /// The mean, where there is something to divide by.
  func value(of sample: Int, _ columns: ProfileColumns) -> Int64 {
    let first = columns.valueRange(sample).lowerBound
    let value = columns.values[first + index]
    guard let divisor, columns.values[first + divisor] != 0 else { return value }
    return value.dividedLikeGo(by: columns.values[first + divisor])
  }
}
