import ProfileAnalysis
import ProfileModel

/// What all reports know of a profile: which values count, what they are shares of, and how they are printed.
struct ReportContext {
  let profile: Profile
  let options: ReportOptions
  let choice: SampleChoice
  let total: Int64
  let labelUnits: LabelUnits
  /// The unit that values are printed in; the report may settle what `minimum` means.
  var unit: String

  init(_ profile: Profile, _ options: ReportOptions) throws(ProfileError) {
    self.profile = profile
    self.options = options
    choice = try SampleChoice(profile, options)
    total = options.basis?.total ?? choice.total(profile)
    labelUnits = options.basis?.labelUnits ?? LabelUnits(profile.columns)
    unit = options.unit
    if options.divisor == 0 { throw ProfileError(.unsupported, "nothing can be divided by 0") }
  }

  /// `mean_` before it, where it is one.
  var typeName: String { (options.isMean ? "mean_" : "") + profile.string(choice.type.type) }
  var sampleUnit: String { profile.string(choice.type.unit) }

  /// What a table for machines says of the whole.
  var facts: [(name: String, value: ReportTable.Cell)] {
    [("type", .text(typeName)), ("unit", .text(sampleUnit)), ("total", .integer(total))]
  }

  /// A share in hundredths, for tables; with its sign, which reports leave out.
  func percent(_ value: Int64) -> ReportTable.Cell {
    total == 0 ? .none : .number((Double(value) / Double(total) * 1_000_000).rounded() / 10_000)
  }

  func divided(_ value: Int64) -> Int64 { options.divided(value) }

  func format(_ value: Int64) -> String { Units.label(divided(value), from: sampleUnit, to: unit) }
  func share(_ value: Int64) -> String { Units.percentage(value, of: total) }
  /// Without the blanks before it.
  func trimmedShare(_ value: Int64) -> String { String(share(value).drop { $0 == " " }) }

  /// A value as the unit has it, cut to a whole number.
  func scaled(_ value: Int64) -> Int64 {
    Int64(likeGo: Units.scale(value, from: sampleUnit, to: unit).value)
  }

  /// What a graph tells apart, at the granularity of the options.
  ///
  /// - Parameter granularity: the report's own, where it has no choice.
  func graphOptions(_ granularity: ReportOptions.Granularity? = nil) -> GraphOptions {
    var graph = options.frameOptions(granularity)
    graph.sampleType = choice.index
    graph.divisor = choice.divisor
    return graph
  }

  /// How much of a graph is shown.
  ///
  /// - Parameter nodeCount: the report's own limit, where the options name none.
  func trimming(nodeCount: Int) -> CallGraph.Trimming {
    var trimming = CallGraph.Trimming()
    trimming.order = options.sort == .cum ? .cum : .flat
    if !options.trims { return trimming }
    trimming.nodeCount = options.nodeCount ?? nodeCount
    trimming.nodeFraction = options.nodeFraction
    trimming.edgeFraction = options.edgeFraction
    return trimming
  }

  /// Settles what the unit `minimum` is: the one of the smallest value that is shown, or, where that is far from the total's,
  /// the one of a hundred times it. pprof's selectOutputUnit.
  ///
  /// - Parameter isExact: whether only whole numbers can be written, which must not become 0.
  mutating func settleUnit(_ graph: CallGraph, isExact: Bool = false) {
    if unit != "minimum" || graph.nodes.isEmpty { return }
    var smallest: Int64 = 0
    for node in graph.nodes {
      var value = graph.flatValue(node).absolute
      if value == 0 { value = graph.cumValue(node).absolute }
      if value > 0, smallest == 0 || value < smallest { smallest = value }
    }
    if smallest == 0 { smallest = total }
    smallest = divided(smallest)
    let largest = divided(total)
    func fitting(_ value: Int64) -> String { Units.scale(value, from: sampleUnit, to: "minimum").unit }
    var best = fitting(smallest)
    if best != fitting(largest), smallest &* 100 < largest, !isExact { best = fitting(100 &* smallest) }
    unit = best.isEmpty ? sampleUnit : best
  }
}
