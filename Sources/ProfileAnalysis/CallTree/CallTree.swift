package import ProfileModel

/// All stacks of a profile merged from the root (or from the leaf), a node for each path of function names: what a flame
/// graph draws. Inlined functions are nodes of their own, and marked.
///
/// Nodes stand in the order in which they are drawn: a node before its callees, callees in the order of their names' bytes,
/// as if each name went on with a blank where nothing is called from there and with a `;` elsewhere. That is the order of
/// sorted folded stacks, and so of flamegraph.pl. Node 0 is the root, above all stacks.
package struct CallTree: Sendable {
  /// Whether a node's function was inlined into its caller.
  package enum Inlining: UInt8, Sendable {
    case never, partly, always
  }

  /// What was left out.
  package struct Cut: Hashable, Sendable {
    /// Frames that were too narrow, or too many. What they call is left out too, and not counted.
    package var frames = 0
    /// What those frames sum to, for each sample type, as magnitudes.
    package var widths: [Int64] = []
    /// Of `frames` those that stood too deep.
    package var tooDeep = 0
    /// Of `frames` those that had less than nothing.
    package var negative = 0
    /// Whether there were more nodes than are kept. What is counted is less then: with a node goes what was cut behind it.
    package var isCrowded = false
  }

  package struct Options: Sendable {
    /// Positions in the profile's sample types.
    package var sampleTypes: [Int]
    /// Whether to merge from the leaf, so that callers stand above what they call.
    package var isReversed = false
    /// A node is cut where it has less than this share of the total in every sample type.
    package var minimumShare = 0.0
    /// With more nodes the narrowest are cut, by the sample type in which they have the largest share; of nodes as wide as
    /// each other the deepest, and of those the last in order. The root is one of them.
    package var maximumCount = Int.max
    /// Nodes deeper than this are cut. The root has depth 0.
    package var maximumDepth = Int.max
    /// Whether a node is cut that has less than nothing in every sample type, as differences do.
    package var dropsNegative = false

    package init(sampleTypes: [Int]) { self.sampleTypes = sampleTypes }
  }

  package let options: Options
  package let table: FrameTable

  /// Columns, an entry a node.
  package internal(set) var parents: [UInt32] = []
  package internal(set) var depths: [UInt32] = []
  package internal(set) var frames: [UInt32] = []
  package internal(set) var inlining: [Inlining] = []
  /// One past a node's last descendant.
  package internal(set) var ends: [UInt32] = []
  /// Node-major, one for each sample type: what the stacks through the node sum to.
  package internal(set) var values: [Int64] = []
  /// The same of the values' magnitudes, which decide how wide a node is drawn. They differ from `values` only in profiles
  /// with negative values: differences.
  package internal(set) var widths: [Int64] = []
  /// Where a node begins, of the first sample type: the stacks that end in a caller come first, then its callees, with the
  /// room of those that were cut left empty. Also as flamegraph.pl has it.
  package internal(set) var offsets: [Int64] = []

  /// For each stack of the profile's table the last of its nodes; `UInt32.max` where no sample has a value for it.
  package internal(set) var nodeOfStack: [UInt32] = []
  /// Whether nodes were cut behind that one.
  package internal(set) var isStackCut: [Bool] = []
  package internal(set) var cut = Cut()
  /// How many callees of each node were cut.
  var cutCallees: [Callees] = []

  struct Callees {
    var count: UInt32 = 0
    var tooDeep: UInt32 = 0
    var negative: UInt32 = 0
  }

  package var count: Int { parents.count }
  package var typeCount: Int { options.sampleTypes.count }

  package func value(_ node: Int, _ type: Int = 0) -> Int64 { values[node * typeCount + type] }
  package func width(_ node: Int, _ type: Int = 0) -> Int64 { widths[node * typeCount + type] }

  /// O(frames of the distinct stacks that are not cut), and a sort of each node's callees. With a maximum count the memory
  /// is that of the stacks and of at most one and a half times as many nodes.
  ///
  /// - Parameter sums: of the options' sample types.
  package init(_ profile: Profile, _ table: FrameTable, _ sums: StackSums, _ options: Options) {
    self.options = options
    self.table = table
    var builder = CallTreeBuilder(profile.columns, table, sums, options)
    builder.run(into: &self)
    for callees in cutCallees {
      cut.frames += Int(callees.count)
      cut.tooDeep += Int(callees.tooDeep)
      cut.negative += Int(callees.negative)
    }
    // Of each stack that was cut one frame is the first that was.
    cut.widths = [Int64](repeating: 0, count: typeCount)
    for stack in isStackCut.indices where isStackCut[stack] {
      for type in 0..<typeCount { cut.widths[type] &+= sums.widths[stack * typeCount + type] }
    }
    setEnds()
  }

  private mutating func setEnds() {
    ends = [UInt32](repeating: 0, count: count)
    for node in stride(from: count - 1, through: 0, by: -1) {
      ends[node] = max(ends[node], UInt32(node + 1))
      let parent = Int(parents[node])
      if node > 0 { ends[parent] = max(ends[parent], ends[node]) }
    }
  }
}
