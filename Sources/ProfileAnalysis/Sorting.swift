public import ProfileModel

extension Profile {
  /// Puts the samples in descending order of one sample type.
  ///
  /// Ties are decided by the other values in the order of the sample types (of a heap: allocated objects and bytes, objects
  /// and bytes in use, and other types only at the end), each descending; then by the stacks: leaf first, location by
  /// location, by address and then by the functions' names, files and lines (those first that have no address of their own),
  /// a shorter stack before a longer one that begins like it; then by the order that was. So equal profiles sort equally,
  /// whatever their ids, and what is read of a sorted text is in order.
  ///
  /// O(n log n), n samples.
  ///
  /// - Parameters:
  ///   - sampleType: a position in `sampleTypes`.
  ///   - sampledValues: four numbers a sample (allocated objects and bytes, objects and bytes in use) that a text shows in
  ///     place of the values. Where they are given and the sample type is one of these four, they decide first, so that
  ///     what is shown is in order.
  /// - Throws: ``ProfileError`` with code `unsupported` where there is no such sample type.
  public func sorted(by sampleType: Int, sampledValues: [Int64]? = nil) throws(ProfileError) -> Grouped {
    let width = columns.sampleTypes.count
    guard (0..<width).contains(sampleType) else {
      throw ProfileError(.unsupported, "no sample type \(sampleType) of \(width)")
    }
    try checkSampledValues(sampledValues)
    let order = SampleOrder(self, by: sampleType, sampledValues: sampledValues).permutation()
    var result = columns.withSamples(inOrder: order)
    let sampled = sampledValues.map { permuted($0, width: 4, by: order) }
    result.replaceSamplingFacts(sampled)
    return Grouped(
      profile: try Profile(result), sampledValues: sampled,
      report: GroupingReport(samplesBefore: sampleCount, samplesAfter: sampleCount))
  }
}

extension ProfileColumns {
  /// The same samples in another order, given by their positions.
  func withSamples(inOrder order: [UInt32]) -> ProfileColumns {
    var result = self
    result.sampleStacks = order.map { sampleStacks[Int($0)] }
    result.sampleLabels = order.map { sampleLabels[Int($0)] }
    result.values = permuted(values, width: sampleTypes.count, by: order)
    if !unknownFields.isEmpty { result.unknownFields = unknownFields.movingSamples(by: order) }
    return result
  }
}

private func permuted(_ values: [Int64], width: Int, by order: [UInt32]) -> [Int64] {
  var result: [Int64] = []
  result.reserveCapacity(values.count)
  let source = values.span
  for row in order {
    for column in 0..<width { result.append(source[Int(row) &* width &+ column]) }
  }
  return result
}

extension UnknownFields {
  fileprivate func movingSamples(by order: [UInt32]) -> UnknownFields {
    var newPosition = [Int](repeating: 0, count: order.count)
    for (new, old) in order.enumerated() { newPosition[Int(old)] = new }
    let moved = entries.map { entry in
      var entry = entry
      if case .sample(let sample) = entry.owner { entry.owner = .sample(newPosition[sample]) }
      return entry
    }
    var result = UnknownFields()
    for entry in moved.sorted(by: { $0.owner < $1.owner }) { result.append(entry.bytes, to: entry.owner) }
    return result
  }
}
