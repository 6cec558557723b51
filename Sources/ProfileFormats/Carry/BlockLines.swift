import Gzip
import ProfileModel

/// The `# pprofconv` lines of a text, gathered while it is read, and the checksum of what stands before them.
///
///     var block = BlockLines()
///     if block.begins(bytes, at: line) { block.begin(bytes, start..<line, line: number) }
///     if block.take(bytes, text, found: [samples, comments]) { … }
///     block.sum(bytes, start..<end)   // each buffer
///     block.finish(&draft, found: [samples, comments])
struct BlockLines {
  private var lines: [[UInt8]] = []
  private var checksum: UInt32 = 0
  private var firstLine = 0
  /// Whether all lines before the block are counted.
  private var isSummed = false
  /// How much had been found before the block.
  private var before: [Int]?

  /// Counts bytes that are read, up to the first block line. A text that has frames with offsets is none of ours: then no
  /// block can fit, and its sum needs not be told.
  mutating func sum(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    if !isSummed { checksum = Gzip.crc32(checksum, bytes.extracting(range)) }
  }

  /// Whether the line at `at` is the first of a block.
  func begins(_ bytes: Span<UInt8>, at: Int) -> Bool { !isSummed && TextBytes.has("# pprofconv", bytes, at: at) }

  /// Counts the bytes before the first block line, which is line `number`.
  mutating func begin(_ bytes: Span<UInt8>, _ range: Range<Int>, line number: Int) {
    sum(bytes, range)
    isSummed = true
    firstLine = number
  }

  /// Keeps a block line, and before the first one what was found of the text until then; false where it is none.
  mutating func take(_ bytes: Span<UInt8>, _ text: Range<Int>, found: [Int]) -> Bool {
    guard TextBytes.has("# pprofconv", bytes, at: text.lowerBound) else { return false }
    if before == nil { before = found }
    lines.append(TextBytes.copy(bytes, text.lowerBound + 11..<text.upperBound))
    return true
  }

  /// - Parameter found: as in ``take(_:_:found:)``; more than before the block means that the text goes on behind it.
  func finish(_ draft: inout TextDraft, found: [Int]) {
    draft.blockLines = lines
    draft.checksum = checksum
    draft.firstBlockLine = firstLine
    if let before, before != found { draft.hasTextBehindBlock = true }
  }
}
