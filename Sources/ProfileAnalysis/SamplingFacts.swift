public import ProfileModel

extension ProfileColumns {
  /// Comments that say what was sampled, record by record, fit no longer once the records are others: they are made anew
  /// of `sampled`, in the place of the first of them, or dropped where it is nil. See ``HeapSampling``.
  mutating func replaceSamplingFacts(_ sampled: [Int64]?) {
    let isFact = comments.map { HeapSampling.isFactComment(strings[$0]) }
    guard let first = isFact.firstIndex(of: true) else { return }
    var kept = zip(comments, isFact).filter { !$1 }.map(\.0)
    if let sampled, let heap = HeapColumns(self), sampled.count == 4 * sampleCount {
      var facts: [StringIndex] = []
      for record in 0..<sampleCount {
        let values = heap.values(self, sample: record)
        if values == .zero { continue }
        let at = 4 * record
        let counted = HeapValues(
          allocObjects: sampled[at], allocBytes: sampled[at + 1], inuseObjects: sampled[at + 2],
          inuseBytes: sampled[at + 3])
        facts.append(strings.append(HeapSampling.factComment(record: record, sampled: counted, values: values)))
      }
      kept.insert(contentsOf: facts, at: first)
    }
    comments = kept
  }
}

extension Profile {
  /// Whether comments of this profile say what was sampled, record by record. Grouping and sorting keep them only where
  /// they are given the sampled values.
  public var hasSamplingFacts: Bool {
    columns.comments.contains { HeapSampling.isFactComment(columns.strings[$0]) }
  }
}
