import ProfileModel

/// The numbers of the record lines: what the sampler counted, so that a reader who scales them finds the values again.
struct HeapNumbers {
  /// Four a sample: alloc objects, alloc bytes, in-use objects, in-use bytes.
  private(set) var printed: [Int64]
  /// What the header says, and a reader scales by.
  let period: Int64
  /// Behind `heap/`.
  let headerNumber: Int64
  /// The values are scaled estimates that nobody can trace back to counts: they stand as they are, for a reader that does
  /// not scale.
  let isUnscaled: Bool
  /// Samples whose values Go's text cannot say: bytes without objects or the reverse, less than nothing allocated. There
  /// stands 0.
  private(set) var untold: [Int] = []
  /// Wrapping sums of ``printed``.
  private(set) var totals = HeapValues.zero

  /// - Parameter known: what the sampler counted, from somebody who knows; used only if it fits the values.
  init(_ profile: Profile, _ heap: HeapColumns, known: [Int64]?) {
    let columns = profile.columns
    let period = columns.period
    // pprof reads N as an Int64, and takes half of it.
    if period > 1, period <= Int64.max / 2,
      let counts = Self.fitting(known, columns, heap) ?? Self.counts(of: profile, heap)
    {
      printed = counts
      isUnscaled = false
      (self.period, headerNumber) = (period, period * 2)
    } else {
      printed = []
      printed.reserveCapacity(columns.sampleCount * 4)
      for sample in 0..<columns.sampleCount {
        let values = heap.values(columns, sample: sample)
        printed.append(values.allocObjects)
        printed.append(values.allocBytes)
        printed.append(values.inuseObjects)
        printed.append(values.inuseBytes)
      }
      isUnscaled = period > 1
      (self.period, headerNumber) = period == 0 ? (0, 0) : (1, 2)
    }
    clean(hasAlloc: heap.hasAlloc)
  }

  private static func counts(of profile: Profile, _ heap: HeapColumns) -> [Int64]? {
    let counts = HeapSampling.sampledValues(of: profile)
    let columns = profile.columns
    // What a comment says of a sample may be made up; what is worked out from its size is not.
    let hasFacts = columns.comments.contains { HeapSampling.isFactComment(columns.strings[$0]) }
    return hasFacts ? fitting(counts, columns, heap) : counts
  }

  /// `counts` if each of them, scaled, gives the values of its sample.
  private static func fitting(_ counts: [Int64]?, _ columns: ProfileColumns, _ heap: HeapColumns) -> [Int64]? {
    guard let counts, counts.count == columns.sampleCount * 4 else { return nil }
    for sample in 0..<columns.sampleCount {
      let at = sample * 4
      let count = HeapValues(
        allocObjects: counts[at], allocBytes: counts[at + 1], inuseObjects: counts[at + 2], inuseBytes: counts[at + 3])
      if count.unsampled(rate: columns.period) != heap.values(columns, sample: sample) { return nil }
    }
    return counts
  }

  private mutating func clean(hasAlloc: Bool) {
    for at in stride(from: 0, to: printed.count, by: 4) {
      let values = sampled(at / 4)
      var clean = values.printable
      if !hasAlloc {
        // Nothing is known of what was freed: as pprof has it, all that was allocated is in use.
        clean.allocObjects = clean.inuseObjects
        clean.allocBytes = clean.inuseBytes
        clean = clean.printable
      }
      if (clean.inuseObjects, clean.inuseBytes) != (values.inuseObjects, values.inuseBytes)
        || (hasAlloc && (clean.allocObjects, clean.allocBytes) != (values.allocObjects, values.allocBytes))
      {
        untold.append(at / 4)
      }
      printed[at] = clean.allocObjects
      printed[at + 1] = clean.allocBytes
      printed[at + 2] = clean.inuseObjects
      printed[at + 3] = clean.inuseBytes
      totals.allocObjects &+= clean.allocObjects
      totals.allocBytes &+= clean.allocBytes
      totals.inuseObjects &+= clean.inuseObjects
      totals.inuseBytes &+= clean.inuseBytes
    }
  }
}

extension HeapNumbers {
  func sampled(_ sample: Int) -> HeapValues {
    let at = sample * 4
    return HeapValues(
      allocObjects: printed[at], allocBytes: printed[at + 1], inuseObjects: printed[at + 2],
      inuseBytes: printed[at + 3])
  }
}

extension HeapValues {
  /// What a record line can say of these: bytes without objects, objects without bytes and negative allocations, which
  /// pprof refuses or reads as something else, become 0.
  var printable: HeapValues {
    var values = self
    if (inuseObjects == 0) != (inuseBytes == 0) { (values.inuseObjects, values.inuseBytes) = (0, 0) }
    if (allocObjects == 0) != (allocBytes == 0) || allocObjects < 0 || allocBytes < 0 {
      (values.allocObjects, values.allocBytes) = (0, 0)
    }
    return values
  }

  /// Whether a record's values, scaled by `rate`, together with the size that is worked out from the record, give back the
  /// record's numbers. Where they do not, a reader of Go's text keeps them in a comment; see ``HeapSampling``.
  func isGivenBack(rate: Int64) -> Bool {
    if self == .zero || rate <= 1 { return true }
    return isGivenBack(by: unsampled(rate: rate), size: objectSize, rate: rate)
  }

  /// The same, of values and a size that are known already.
  func isGivenBack(by values: HeapValues, size: Int64, rate: Int64) -> Bool {
    // Objects of one size: the scale is the same both ways. Up to 2^50 of them no rounding moves the number.
    if size > 0, allocObjects.magnitude < 1 << 50, inuseObjects.magnitude < 1 << 50,
      isProduct(allocObjects, size, allocBytes), isProduct(inuseObjects, size, inuseBytes),
      values.allocObjects != .min, values.inuseObjects != .min
    {
      return true
    }
    return values.sampled(size: size, rate: rate) == self
  }

  /// Wraps: such sums only tell whether a header is the plain one, or promises more.
  mutating func add(_ other: HeapValues) {
    allocObjects &+= other.allocObjects
    allocBytes &+= other.allocBytes
    inuseObjects &+= other.inuseObjects
    inuseBytes &+= other.inuseBytes
  }

  /// The size of the objects: of those in use, as pprof has it, else of those allocated; 0 where there are none.
  var objectSize: Int64 {
    if inuseObjects != 0 { return inuseBytes.dividedReportingOverflow(by: inuseObjects).partialValue }
    if allocObjects != 0 { return allocBytes.dividedReportingOverflow(by: allocObjects).partialValue }
    return 0
  }

  private func isProduct(_ count: Int64, _ size: Int64, _ bytes: Int64) -> Bool {
    let (product, overflow) = count.multipliedReportingOverflow(by: size)
    return !overflow && product == bytes
  }
}
