public import ProfileModel

/// What all samples sum to.
public struct Totals: Sendable, Hashable {
  /// One sum for each sample type; 128 bits, so that none overflows.
  public let values: [Int128]
  /// Samples whose values are all 0.
  public let zeroSamples: Int
  /// Samples with a negative value, as a difference of two profiles has.
  public let negativeSamples: Int
}

extension Profile {
  /// O(values).
  public var totals: Totals {
    let width = columns.sampleTypes.count
    // 64 bits as long as they last: a sum of 128 at every step costs three times as much.
    var wide = [Int128](repeating: 0, count: width)
    var narrow = [Int64](repeating: 0, count: width)
    var zero = 0
    var negative = 0
    let values = columns.values.span
    for sample in 0..<sampleCount {
      var bits: Int64 = 0
      for column in 0..<width {
        let value = values[sample &* width &+ column]
        bits |= value
        let (sum, overflow) = narrow[column].addingReportingOverflow(value)
        if overflow {
          wide[column] += Int128(narrow[column])
          narrow[column] = value
        } else {
          narrow[column] = sum
        }
      }
      if bits == 0 { zero += 1 }
      if bits < 0 { negative += 1 }
    }
    for column in 0..<width { wide[column] += Int128(narrow[column]) }
    return Totals(values: wide, zeroSamples: zero, negativeSamples: negative)
  }

  /// The stacks with the largest values of one sample type, each once, in descending order: a profile of at most `count`
  /// samples.
  ///
  /// - Throws: as ``grouped(by:sampledValues:)`` does.
  public func topStacks(_ count: Int, by sampleType: Int) throws(ProfileError) -> Profile {
    var top = try grouped(by: .stack).profile.sorted(by: sampleType).profile.columns
    let kept = min(max(0, count), top.sampleCount)
    top.sampleStacks.removeLast(top.sampleCount - kept)
    top.sampleLabels.removeLast(top.sampleLabels.count - kept)
    top.values.removeLast(top.values.count - kept * top.sampleTypes.count)
    top.unknownFields = UnknownFields()
    return try Profile(top)
  }
}
