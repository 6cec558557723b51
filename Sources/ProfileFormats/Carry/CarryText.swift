import ProfileModel

/// What a writer of heap text printed above the block, so that the block says only the rest.
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
  var heap: HeapColumns
  /// The numbers of the record lines, four a sample (in the order of the samples): alloc objects, alloc bytes, in-use
  /// objects, in-use bytes.
  var printed: [Int64]
  /// The period that a reader of the text finds in its header.
  var period: Int64
  /// Samples, ascending, of which the record line does not give the values: it shows 0 where Go's text cannot say it.
  var untold: [Int] = []
  var toldLabels = ToldLabels.sizes
  /// Whether ``MemoryMapText`` stands in the text.
  var hasMemoryMap = false
  /// The sample of each record line; nil: in the order of the samples.
  var records: [Int]?
  /// The comments that a reader finds in the text, in its order: each as its position in ``ProfileColumns/comments``, nil for
  /// one that is not the profile's.
  var comments: [Int?] = []

  /// Positions of comments that a reader makes anew of the records (``HeapSampling/factComment(record:sampled:values:)``): all that
  /// it makes, in its order; else none.
  var facts: [Int] = []

  var profile: Profile { frames.profile }

  /// By label set, the number of its only label, `bytes`; nil where it has others.
  private let plainSizes: [Int64?]

  init(frames: FrameText, heap: HeapColumns, printed: [Int64], period: Int64) {
    self.frames = frames
    self.heap = heap
    self.printed = printed
    self.period = period
    let columns = frames.profile.columns
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
