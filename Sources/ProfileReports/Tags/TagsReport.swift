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
    for key in Self.keys(context) {
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

  public func table(of profile: Profile, options: ReportOptions) throws(ProfileError) -> ReportTable? {
    let context = try ReportContext(profile, options)
    var table = ReportTable(facts: context.facts, columns: ["key", "value", "flat", "flat_percent"])
    for key in Self.keys(context) {
      for tag in key.tags {
        table.rows.append([
          .text(String(decoding: key.name, as: UTF8.self)), .text(String(decoding: tag.name, as: UTF8.self)),
          .integer(context.divided(tag.flat)), context.percent(tag.flat),
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

  /// By name; the tags of each by what they have.
  static func keys(_ context: ReportContext) -> [Key] {
    let columns = context.profile.columns
    var sums = [Int64](repeating: 0, count: columns.labelSetCount)
    var isUsed = [Bool](repeating: false, count: columns.labelSetCount)
    for sample in 0..<columns.sampleCount {
      let set = columns.sampleLabels[sample].position
      sums[set] &+= columns.values[columns.valueRange(sample).lowerBound + context.choice.index]
      isUsed[set] = true
    }
    var keys: [[UInt8]: [[UInt8]: Int64]] = [:]
    for set in 1..<max(1, columns.labelSetCount) where isUsed[set] {
      let labels = SampleLabels(LabelSetIndex(set), columns)
      for label in labels.strings {
        for value in label.values { keys[label.key, default: [:]][value, default: 0] &+= sums[set] }
      }
      for label in labels.numbers {
        let unit = context.labelUnits.unit(of: label.key)
        for value in label.values {
          let text = Array(Units.label(value, from: unit, to: context.unit).utf8)
          keys[label.key, default: [:]][text, default: 0] &+= sums[set]
        }
      }
    }
    return keys.keys.sorted { $0.lexicographicallyPrecedes($1) }.map { name in
      let values = keys[name] ?? [:]
      var tags: [GraphTags.Tag] = []
      for value in values.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
        var tag = GraphTags.Tag(name: value)
        tag.flat = values[value] ?? 0
        tags.append(tag)
      }
      return Key(
        name: name, total: tags.reduce(0) { $0 &+ $1.flat }, tags: GraphTags.sorted(tags, byFlat: true))
    }
  }
}
