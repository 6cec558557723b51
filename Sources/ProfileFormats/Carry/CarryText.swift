import ProfileModel

/// What a writer of text printed above the block, so that the block says only the rest.
///
///     var text = CarryText(frames: frames, heap: heap, printed: rawNumbers, period: 524_288)
///     text.comments = [0, 1, 2]
///     sink.buffer.append(contentsOf: CarryBlock.lines(text, checksum: crc))
///
/// (The text's CRC-32 is that of all bytes before the block.) The writer promises: a record line for each sample, with the pcs of ``FrameText/appendPCs(of:to:)``; all comment lines
/// of each stack, none hidden; and nothing but the block behind it.
struct CarryText {
  /// Printed with the same record order as ``records``.
  var frames: FrameText
  /// For each sample type which number of a record it is, from 1: of a heap's alloc objects, alloc bytes, in-use objects,
  /// in-use bytes; else of the sample types that a reader of the text finds. 0 for none.
  let textColumns: [Int]
  /// Whether a reader finds the profile's sample types, all of them in their order.
  let tellsTypes: Bool
  /// The period that a reader of the text finds in its header, and whether it finds the profile's period type.
  var period: Int64
  var tellsPeriodType: Bool
  /// Samples, ascending, of which the record line does not give the values: it shows 0 where Go's text cannot say it.
  var untold: [Int] = []
  var toldLabels = ToldLabels.sizes
  /// Whether ``MemoryMapText`` stands in the text.
  var hasMemoryMap = false
  /// Whether the text has the true addresses of invented pcs.
  var tellsAddresses = false
  /// The sample of each record line; nil: in the order of the samples.
  var records: [Int]?
  /// The comments that a reader finds in the text, in its order: each as its position in ``ProfileColumns/comments``, nil for
  /// one that is not the profile's.
  var comments: [Int?] = []

  /// Positions of comments that a reader makes anew of the records (``HeapSampling/factComment(record:sampled:values:)``): all that
  /// it makes, in its order; else none.
  var facts: [Int] = []

  var profile: Profile { frames.profile }

  /// A heap's numbers, four a sample (in the order of the samples).
  private let printed: [Int64]
  /// By label set, the number of its only label, `bytes`; nil where it has others. A heap's.
  private let plainSizes: [Int64?]

  /// Of a text whose records have the numbers `textColumns`, the labels in lines of their own.
  init(
    frames: FrameText, textColumns: [Int], tellsTypes: Bool, period: Int64, tellsPeriodType: Bool
  ) {
    self.frames = frames
    self.textColumns = textColumns
    self.tellsTypes = tellsTypes
    self.period = period
    self.tellsPeriodType = tellsPeriodType
    printed = []
    plainSizes = []
    toldLabels = .lines(LabelText.told(frames.profile))
  }

  /// Of a heap's text.
  ///
  /// - Parameter printed: the numbers of the record lines, four a sample (in the order of the samples): alloc objects,
  ///   alloc bytes, in-use objects, in-use bytes.
  init(frames: FrameText, heap: HeapColumns, printed: [Int64], period: Int64) {
    self.frames = frames
    self.printed = printed
    self.period = period
    let columns = frames.profile.columns
    let strings = columns.strings
    textColumns = columns.sampleTypes.indices.map { type in
      // Two types of one name are columns but once.
      let places = [heap.allocObjects, heap.allocSpace, heap.inuseObjects, heap.inuseSpace]
      return (places.firstIndex(of: type) ?? -1) + 1
    }
    tellsTypes =
      columns.sampleTypes.count == 4
      && zip(columns.sampleTypes, CarryBlock.heapTypes).allSatisfy { type, go in
        strings.equals(type.type, go.0) && strings.equals(type.unit, go.1)
      }
    tellsPeriodType =
      strings.equals(columns.periodType.type, "space") && strings.equals(columns.periodType.unit, "bytes")
    plainSizes = (0..<columns.labelSetCount).map { set in
      let range = columns.labelRange(LabelSetIndex(set))
      guard range.count == 1 else { return nil }
      let label = columns.labels[range.lowerBound]
      let isSize = label.str == .empty && label.unit == .empty && columns.strings.equals(label.key, "bytes")
      return isSize ? label.num : nil
    }
  }

  /// What a reader of this text makes of the labels of a record.
  enum ToldLabels {
    /// One label, `bytes`: its bytes ÷ objects, in use or else allocated; 0 where there are none.
    case sizes
    /// Those that stand in lines of their own. By label set: whether a reader gets it back as it is.
    case lines([Bool])
  }

  /// Whether a reader gives a sample this set of labels.
  func tellsLabels(_ set: LabelSetIndex, of sample: Int) -> Bool {
    switch toldLabels {
    case .lines(let isTold): return isTold[set.position]
    case .sizes: return plainSizes[set.position].map { $0 == size(of: sample) } ?? false
    }
  }

  /// The size of a record's objects: of those in use, as pprof does it, else of those allocated.
  private func size(of sample: Int) -> Int64 {
    let at = sample * 4 + (printed[sample * 4 + 2] != 0 ? 2 : 0)
    return printed[at] == 0 ? 0 : printed[at + 1].dividedReportingOverflow(by: printed[at]).partialValue
  }
}
