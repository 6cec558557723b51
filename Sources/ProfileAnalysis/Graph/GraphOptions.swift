/// What a graph is made of, and what it tells apart.
package struct GraphOptions: Sendable {
  /// The position of the sample type whose values count.
  package var sampleType: Int
  /// The position of the one that they are divided by, where means are shown.
  package var divisor: Int?

  // What a frame keeps of its place.
  package var hasFunctions = true
  package var hasFiles = false
  package var hasLines = false
  package var hasColumns = false
  package var hasAddresses = false
  package var hasInlines = true
  /// Whether equal functions of two binaries are two.
  package var hasObjectFiles = false

  /// Whether a frame that is reached on two paths is two nodes.
  package var isTree = false
  /// Whether nodes with a negative value are left out.
  package var dropsNegative = false

  /// nil where file names stay as they are, without cleaning up what builds put before them.
  package var trimPath: String?
  package var sourcePath = ""

  /// nil: no tags.
  package var tags: TagOptions?

  package init(sampleType: Int) { self.sampleType = sampleType }
}

/// How labels become the tags of nodes.
package struct TagOptions: Sendable {
  /// The unit of numeric labels with the key `bytes`, the only ones that pprof shows in graphs.
  package var bytesUnit: String
  /// What they are shown in.
  package var shownUnit: String

  package init(bytesUnit: String, shownUnit: String) {
    self.bytesUnit = bytesUnit
    self.shownUnit = shownUnit
  }
}
