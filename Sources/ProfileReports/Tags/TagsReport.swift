import ProfileAnalysis
public import ProfileModel

/// What the samples with each label have together.
public struct TagsReport: Report {
  public let info = ReportInfo(
    id: "tags", summary: "labels and what the samples with each have, as `go tool pprof -tags`")

  public init() {}

  public func write(_ profile: Profile, to sink: inout ReportSink, options: ReportOptions) throws(ProfileError) {
    let context = try ReportContext(profile, options)
    var table = ElasticTable()
    for key in Self.keys(context, byText: true) {
      let share = context.total > 0 ? " (\(context.share(key.total)))" : ""
      table.append(
        line: key.name
          + Array(":\t Total \(context.format(key.total)) of \(context.format(context.total))\(share)".utf8))
      for tag in key.tags {
        let share = context.total > 0 ? " (\(context.share(tag.flat)))" : ""
        table.append(line: Array(" \t\(context.format(tag.flat))\(share):\t ".utf8) + tag.name)
      }
      table.append(line: [])
    }
    sink.buffer.append(contentsOf: table.text)
  }

  /// A row a value: of numbers each by itself, with the text of it, which several may share.
  public func table(of profile: Profile, options: ReportOptions) throws(ProfileError) -> ReportTable? {
    let context = try ReportContext(profile, options)
    var table = ReportTable(facts: context.facts, columns: ["key", "value", "flat", "flat_percent", "num", "unit"])
    for key in Self.keys(context, byText: false) {
      for tag in key.tags {
        // As pprof tells numbers: a label with a key alone is nothing to it.
        let isNumber = tag.value != 0 || !tag.unit.isEmpty
        table.rows.append([
          .text(String(decoding: key.name, as: UTF8.self)), .text(String(decoding: tag.name, as: UTF8.self)),
          .integer(context.divided(tag.flat)), context.percent(tag.flat), isNumber ? .integer(tag.value) : .none,
          tag.unit.isEmpty ? .none : .text(tag.unit),
        ])
      }
    }
    return table
  }

  struct Key {
    var name: [UInt8]
    var total: Int64 = 0
    var tags: [GraphTags.Tag] = []
  }

  private struct Value: Hashable {
    var text: [UInt8]
    var number: Int64 = 0
    var unit: [UInt8] = []

    static func precedes(_ a: Value, _ b: Value) -> Bool {
      if a.text != b.text { return a.text.lexicographicallyPrecedes(b.text) }
      return a.number != b.number ? a.number < b.number : a.unit.lexicographicallyPrecedes(b.unit)
    }
  }

  /// By name; the tags of each by what they have.
  ///
  /// - Parameter byText: whether numbers that are printed alike are one.
  private static func keys(_ context: ReportContext, byText: Bool) -> [Key] {
    let columns = context.profile.columns
    var sums = [Int64](repeating: 0, count: columns.labelSetCount)
    var isUsed = [Bool](repeating: false, count: columns.labelSetCount)
    for sample in 0..<columns.sampleCount {
      let set = columns.sampleLabels[sample].position
      sums[set] &+= columns.values[columns.valueRange(sample).lowerBound + context.choice.index]
      isUsed[set] = true
    }
    var keys: [[UInt8]: [Value: Int64]] = [:]
    for set in 1..<max(1, columns.labelSetCount) where isUsed[set] {
      let labels = SampleLabels(LabelSetIndex(set), columns)
      for label in labels.strings {
        for value in label.values { keys[label.key, default: [:]][Value(text: value), default: 0] &+= sums[set] }
      }
      for label in labels.numbers {
        let unit = context.labelUnits.unit(of: label.key)
        for (number, ownUnit) in zip(label.values, label.units) {
          var value = Value(text: Array(Units.label(number, from: unit, to: context.unit).utf8))
          if !byText { (value.number, value.unit) = (number, ownUnit) }
          keys[label.key, default: [:]][value, default: 0] &+= sums[set]
        }
      }
    }
    return keys.keys.sorted { $0.lexicographicallyPrecedes($1) }.map { name in
      let values = keys[name] ?? [:]
      var tags: [GraphTags.Tag] = []
      for value in values.keys.sorted(by: Value.precedes) {
        var tag = GraphTags.Tag(name: value.text)
        tag.value = value.number
        tag.unit = String(decoding: value.unit, as: UTF8.self)
        tag.flat = values[value] ?? 0
        tags.append(tag)
      }
      return Key(
        name: name, total: tags.reduce(0) { $0 &+ $1.flat }, tags: GraphTags.sorted(tags, byFlat: true))
    }
  }
}
