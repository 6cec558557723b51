package import ProfileModel

/// What the samples of each distinct stack sum to.
package struct StackSums: Sendable {
  /// Stack-major, one for each sample type.
  package private(set) var values: [Int64]
  /// The same of magnitudes.
  package private(set) var widths: [Int64]
  /// Stacks for which there is a value other than 0, in order.
  package private(set) var stacks: [UInt32] = []
  /// What all magnitudes sum to, for each sample type.
  package private(set) var totals: [Int64]

  /// - Throws: `invalid` where a sum of magnitudes leaves 64 bits.
  package init(_ columns: ProfileColumns, _ types: [Int]) throws(ProfileError) {
    let count = types.count
    let stride = columns.sampleTypes.count
    var sums = [Int64](repeating: 0, count: columns.stackCount * count)
    var magnitudes: [Int64]?
    totals = [Int64](repeating: 0, count: count)
    let source = columns.values.span
    let stackOfSample = columns.sampleStacks.span
    var overflowed: Int?
    for sample in stackOfSample.indices {
      let row = stackOfSample[sample].position &* count
      for (i, type) in types.enumerated() {
        let value = source[sample &* stride &+ type]
        if value == 0 { continue }
        let (total, isOver) = totals[i].addingReportingOverflow(value == .min ? .max : abs(value))
        if isOver || value == .min { overflowed = overflowed ?? type }
        totals[i] = total
        if value < 0, magnitudes == nil { magnitudes = sums }
        // Neither can overflow where the total of the magnitudes does not.
        sums[row &+ i] &+= value
        if magnitudes != nil { magnitudes?[row &+ i] &+= abs(value == .min ? 0 : value) }
      }
    }
    if let overflowed {
      throw ProfileError(
        .invalid, "the sum of \(columns.strings.string(columns.sampleTypes[overflowed].type)) leaves 64 bits")
    }
    values = sums
    widths = magnitudes ?? sums
    for stack in 0..<columns.stackCount {
      for i in 0..<count where widths[stack &* count &+ i] != 0 {
        stacks.append(UInt32(truncatingIfNeeded: stack))
        break
      }
    }
  }
}
