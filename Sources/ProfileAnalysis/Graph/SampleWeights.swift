import ProfileModel

/// What the samples of each stack have together. Samples with neither value nor divisor count for nothing, and a stack that
/// has no others is not walked.
struct SampleWeights {
  var values: [Int64]
  /// Empty where no means are shown.
  var divisors: [Int64] = []
  var isUsed: [Bool]

  init(_ columns: ProfileColumns, _ options: GraphOptions) {
    values = .init(repeating: 0, count: columns.stackCount)
    isUsed = .init(repeating: false, count: columns.stackCount)
    if options.divisor != nil { divisors = values }
    let width = columns.sampleTypes.count
    for sample in 0..<columns.sampleCount {
      let value = columns.values[sample &* width &+ options.sampleType]
      let stack = columns.sampleStacks[sample].position
      if let divisor = options.divisor {
        let count = columns.values[sample &* width &+ divisor]
        if count == 0, value == 0 { continue }
        divisors[stack] &+= count
      } else if value == 0 {
        continue
      }
      values[stack] &+= value
      isUsed[stack] = true
    }
  }
}
