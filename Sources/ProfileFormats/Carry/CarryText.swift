import ProfileModel

/// What a writer of heap text printed above the block, so that the block says only the rest.
///
///     var text = CarryText(frames: frames, heap: heap, printed: rawNumbers, period: 524_288)
///     text.comments = [0, 1, 2]
///     sink.buffer.append(contentsOf: CarryBlock.lines(text, checksum: crc))
///
/// The writer promises: a record line for each sample, with the pcs of ``FrameText/appendPCs(of:to:)``; all comment lines
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
  /// Whether a reader of this text makes a `bytes` label of each record: bytes ÷ objects, in use or else allocated.
  var labelsSizes = true
  /// The sample of each record line; nil: in the order of the samples.
  var records: [Int]?
  /// Which of the profile's comments a reader finds in the text, as positions in ``ProfileColumns/comments``, in the order
  /// in which it finds them.
  var comments: [Int] = []

  var profile: Profile { frames.profile }

  init(frames: FrameText, heap: HeapColumns, printed: [Int64], period: Int64) {
    self.frames = frames
    self.heap = heap
    self.printed = printed
    self.period = period
  }

  /// The number in the `bytes` label that a reader derives from a sample's record line; nil for none.
  func derivedSize(_ sample: Int) -> Int64? {
    if !labelsSizes { return nil }
    let at = sample * 4
    // In use first, as pprof does it.
    let inuse = CarryText.size(printed[at + 2], printed[at + 3])
    let size = printed[at + 2] != 0 ? inuse : CarryText.size(printed[at], printed[at + 1])
    return size > 0 ? size : nil
  }

  private static func size(_ objects: Int64, _ bytes: Int64) -> Int64 {
    if objects == 0 { return 0 }
    let (size, overflow) = bytes.dividedReportingOverflow(by: objects)
    return overflow ? 0 : size
  }
}
