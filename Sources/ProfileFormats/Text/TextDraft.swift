package import ProfileModel

/// What a reader of text has made of the text proper, before the `# pprofconv` block at its end has its say.
///
/// Nothing is dropped in it yet: hidden pcs of Go's text have locations like all others, since in a text of ours they are
/// locations without a name.
package struct TextDraft {
  /// A pc of the record lines, and the location that was first made of it.
  package struct PCLocation: Hashable, Sendable {
    package var pc: UInt64
    package var location: LocationIndex
  }

  package var columns = ProfileColumns()
  /// Whether the records are a heap's, with four numbers or two.
  package var isHeap = true
  /// Each distinct pc that a location begins with, in the order in which the record lines name them first. (A pc that Go
  /// prints for an inlined caller begins no location.)
  package var pcLocations: [PCLocation] = []
  /// The lines of the memory map, one mapping each, before anything is merged or moved; only where there is a block.
  package var memoryMap: [Mapping] = []
  /// Comments that a reader makes of records whose values do not give back their numbers; not among the columns' yet. Only
  /// where there is a block.
  package var facts: [String] = []
  /// The lines that begin with `# pprofconv`: what follows that, blank included, in their order.
  package var blockLines: [[UInt8]] = []
  /// Whether the text goes on behind the block, which counts only at the end.
  package var hasTextBehindBlock = false
  /// Gzip.crc32 over the bytes of all lines before the first block line, each ended by LF. Meaningless without a block.
  package var checksum: UInt32 = 0
  /// The number of that line, from 1; 0 where there is none.
  package var firstBlockLine = 0

  package init() {}
}
