extension HeapSampling {
  /// What the sampler counted, four numbers a sample in the order alloc objects, alloc bytes, in-use objects, in-use bytes.
  ///
  /// With a period of 1 or less nothing was sampled: the values as they are. Else each sample is inverted with the size in
  /// its `bytes` label. A comment that ``factComment(record:sampled:values:)`` made goes before both, if it still fits.
  /// O(values).
  ///
  /// - Returns: nil where the profile is no heap profile, or where a sample cannot be inverted: it was merged, filtered or
  ///   written by somebody else. Then nobody knows, and a part of the answer would mix two scales.
  public static func sampledValues(of profile: Profile) -> [Int64]? {
    let columns = profile.columns
    guard let heap = HeapColumns(columns) else { return nil }
    var facts = Facts(columns)
    let inverses = columns.period > 1 ? inverses(columns) : []
    var result: [Int64] = []
    result.reserveCapacity(columns.sampleCount * 4)
    for sample in 0..<columns.sampleCount {
      var values = heap.values(columns, sample: sample)
      if let known = facts.sampled(record: sample, values: values) {
        values = known
      } else if columns.period > 1, values != .zero {
        if let inverse = inverses[columns.sampleLabels[sample].position], let found = values.sampled(inverse) {
          values = found
        } else {
          return nil
        }
      }
      result.append(values.allocObjects)
      result.append(values.allocBytes)
      result.append(values.inuseObjects)
      result.append(values.inuseBytes)
    }
    return result
  }

  /// For each label set, where it has a size.
  private static func inverses(_ columns: ProfileColumns) -> [Inverse?] {
    objectSizes(columns).map { size in size.map { Inverse(size: $0, rate: columns.period) } }
  }

  /// The number of the one label `bytes` of each label set; nil where there is none, or more than one.
  private static func objectSizes(_ columns: ProfileColumns) -> [Int64?] {
    (0..<columns.labelSetCount).map { set in
      var size: Int64?
      for label in columns.labels[columns.labelRange(LabelSetIndex(set))]
      where label.str == .empty && columns.strings.equals(label.key, "bytes") {
        if size != nil { return nil }
        size = label.num
      }
      return size
    }
  }

  /// The comment by which a reader of text keeps the numbers of a record that its values do not give back:
  ///
  ///     # sampled 17: 2: 48 [3: 80] = 65537: 1572888 [98305: 2621480]
  ///
  /// `record` counts samples from 0; in-use stands before alloc, as in the record. The values on the right tell whether
  /// the sample is still the one that was read.
  public static func factComment(record: Int, sampled: HeapValues, values: HeapValues) -> String {
    "\(factPrefix)\(record): \(text(sampled)) = \(text(values))"
  }

  /// Whether a comment of a profile is one that ``factComment(record:sampled:values:)`` made. Writers that print what it says
  /// do not print it again.
  public static func isFactComment(_ comment: Span<UInt8>) -> Bool {
    let prefix = factPrefix.utf8
    guard comment.count > prefix.count else { return false }
    for (i, byte) in prefix.enumerated() where comment[i] != byte { return false }
    return comment[prefix.count] >= 0x30 && comment[prefix.count] <= 0x39
  }

  private static let factPrefix = "# sampled "

  private static func text(_ values: HeapValues) -> String {
    "\(values.inuseObjects): \(values.inuseBytes) [\(values.allocObjects): \(values.allocBytes)]"
  }

  /// The facts among a profile's comments, found again record by record.
  private struct Facts {
    /// In the order of the records, as a reader leaves them; one out of order is not found, and thus not believed.
    private var numbers: [(record: Int64, sampled: HeapValues, values: HeapValues)] = []
    private var at = 0

    init(_ columns: ProfileColumns) {
      for comment in columns.comments where isFactComment(columns.strings[comment]) {
        let found = integers(columns.strings[comment])
        guard found.count == 9 else { continue }
        numbers.append((found[0], values(found[1...4]), values(found[5...8])))
      }
    }

    mutating func sampled(record: Int, values: HeapValues) -> HeapValues? {
      while at < numbers.count, numbers[at].record < Int64(record) { at += 1 }
      guard at < numbers.count, numbers[at].record == Int64(record), numbers[at].values == values else { return nil }
      return numbers[at].sampled
    }

    private func values(_ numbers: ArraySlice<Int64>) -> HeapValues {
      let at = numbers.startIndex
      return HeapValues(
        allocObjects: numbers[at + 2], allocBytes: numbers[at + 3], inuseObjects: numbers[at],
        inuseBytes: numbers[at + 1])
    }

    /// The decimal integers of a line, whatever stands between them; empty where one does not fit.
    private func integers(_ line: Span<UInt8>) -> [Int64] {
      var result: [Int64] = []
      var at = 0
      while at < line.count {
        let isNegative = line[at] == 0x2d
        var end = at + (isNegative ? 1 : 0)
        var value: Int64 = 0
        let first = end
        while end < line.count, case let digit = line[end] &- 0x30, digit < 10 {
          let (shifted, tooLarge) = value.multipliedReportingOverflow(by: 10)
          let (next, tooLow) = shifted.subtractingReportingOverflow(Int64(digit))
          if tooLarge || tooLow { return [] }
          value = next
          end += 1
        }
        if end == first {
          at += 1
          continue
        }
        if !isNegative, value == .min { return [] }
        result.append(isNegative ? value : -value)
        at = end
      }
      return result
    }
  }
}
