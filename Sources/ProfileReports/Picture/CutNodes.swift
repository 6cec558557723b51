internal import ProfileAnalysis

/// The nodes of a tree behind which something was cut, with one more node each that stands for it: `(cut)`.
struct CutNodes {
  static let name = "(cut)"

  /// What calls them, in order. Node `i` of these has the number `tree.count + i`.
  private(set) var parents: [UInt32] = []
  private var numbers: [UInt32]

  init(_ tree: CallTree) {
    var isCut = [Bool](repeating: false, count: tree.count)
    for (stack, node) in tree.nodeOfStack.enumerated() where tree.isStackCut[stack] { isCut[Int(node)] = true }
    numbers = [UInt32](repeating: 0, count: tree.count)
    for node in isCut.indices where isCut[node] {
      numbers[node] = UInt32(truncatingIfNeeded: tree.count + parents.count)
      parents.append(UInt32(truncatingIfNeeded: node))
    }
  }

  /// Where a stack ends; nil where it has no value.
  func node(of stack: Int, in tree: CallTree) -> Int? {
    let end = tree.nodeOfStack[stack]
    if end == .max { return nil }
    return Int(tree.isStackCut[stack] ? numbers[Int(end)] : end)
  }
}
