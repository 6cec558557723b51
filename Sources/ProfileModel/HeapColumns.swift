/// Which sample types of a profile are the columns of a heap profile: Go's four (alloc_objects/count, alloc_space/bytes,
/// inuse_objects/count, inuse_space/bytes), or the two of a heap that tells only what is in use (objects/count,
/// space/bytes). In any order, perhaps among other types.
public struct HeapColumns: Hashable, Sendable {
  /// Positions in ``ProfileColumns/sampleTypes``; nil for a heap of two columns.
  public var allocObjects: Int?
  public var allocSpace: Int?
  public var inuseObjects: Int
  public var inuseSpace: Int

  public var hasAlloc: Bool { allocObjects != nil }
  /// How many columns there are.
  public var count: Int { hasAlloc ? 4 : 2 }

  /// nil where the profile is no heap profile.
  public init?(_ profile: Profile) { self.init(profile.columns) }

  public init?(_ columns: ProfileColumns) {
    func position(_ type: String, _ unit: String) -> Int? {
      columns.sampleTypes.firstIndex {
        columns.strings.equals($0.type, type) && columns.strings.equals($0.unit, unit)
      }
    }
    if let allocObjects = position("alloc_objects", "count"), let allocSpace = position("alloc_space", "bytes"),
      let inuseObjects = position("inuse_objects", "count"), let inuseSpace = position("inuse_space", "bytes")
    {
      self.allocObjects = allocObjects
      self.allocSpace = allocSpace
      self.inuseObjects = inuseObjects
      self.inuseSpace = inuseSpace
    } else if let objects = position("objects", "count"), let space = position("space", "bytes") {
      inuseObjects = objects
      inuseSpace = space
    } else {
      return nil
    }
  }

  /// The values of a sample in the order alloc objects, alloc bytes, in-use objects, in-use bytes; 0 for what is not there.
  public func values(_ columns: ProfileColumns, sample: Int) -> HeapValues {
    let base = sample * columns.sampleTypes.count
    return HeapValues(
      allocObjects: allocObjects.map { columns.values[base + $0] } ?? 0,
      allocBytes: allocSpace.map { columns.values[base + $0] } ?? 0,
      inuseObjects: columns.values[base + inuseObjects], inuseBytes: columns.values[base + inuseSpace])
  }
}

/// The four numbers of a heap record.
public struct HeapValues: Hashable, Sendable {
  public var allocObjects: Int64
  public var allocBytes: Int64
  public var inuseObjects: Int64
  public var inuseBytes: Int64

  public init(allocObjects: Int64, allocBytes: Int64, inuseObjects: Int64, inuseBytes: Int64) {
    self.allocObjects = allocObjects
    self.allocBytes = allocBytes
    self.inuseObjects = inuseObjects
    self.inuseBytes = inuseBytes
  }

  public static var zero: HeapValues { HeapValues(allocObjects: 0, allocBytes: 0, inuseObjects: 0, inuseBytes: 0) }

  /// What there was, of which these numbers were sampled; see ``HeapSampling/unsampled(count:bytes:rate:)``.
  public func unsampled(rate: Int64) -> HeapValues {
    let alloc = HeapSampling.unsampled(count: allocObjects, bytes: allocBytes, rate: rate)
    let inuse = HeapSampling.unsampled(count: inuseObjects, bytes: inuseBytes, rate: rate)
    return HeapValues(
      allocObjects: alloc.count, allocBytes: alloc.bytes, inuseObjects: inuse.count, inuseBytes: inuse.bytes)
  }

  /// What was sampled, of objects of `size` bytes, where these numbers are the estimate; nil where nothing fits.
  public func sampled(size: Int64, rate: Int64) -> HeapValues? {
    sampled(HeapSampling.Inverse(size: size, rate: rate))
  }

  func sampled(_ inverse: HeapSampling.Inverse) -> HeapValues? {
    guard let alloc = inverse.sampled(count: allocObjects, bytes: allocBytes),
      let inuse = inverse.sampled(count: inuseObjects, bytes: inuseBytes)
    else { return nil }
    return HeapValues(
      allocObjects: alloc.count, allocBytes: alloc.bytes, inuseObjects: inuse.count, inuseBytes: inuse.bytes)
  }
}
