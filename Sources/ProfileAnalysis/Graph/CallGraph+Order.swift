import ProfileModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension CallGraph {
  package enum Order: Sendable {
    case flat
    case cum
    /// What is most worth to be drawn first: nodes that only pass on what they get come late.
    case entropy
  }

  /// Puts the nodes in order: the largest first, by name where they are equal.
  package mutating func sort(by order: Order) {
    var keys = [Int64](repeating: 0, count: flat.count)
    for node in nodes {
      keys[node] =
        switch order {
        case .flat: flat[node].absolute
        case .cum: cum[node].absolute
        case .entropy: entropyScore(node).absolute
        }
      _ = name(node)
    }
    // In a tree several nodes have one frame: then what is not yet looked at decides.
    let others = order == .flat ? cum : flat
    nodes = nodes.sorted { a, b in
      if keys[a] != keys[b] { return keys[a] > keys[b] }
      if nodeFrames[a] != nodeFrames[b] { return name(of: a).lexicographicallyPrecedes(name(of: b)) }
      return others[a].absolute > others[b].absolute
    }
  }

  /// The edges in the order in which reports print them: the heaviest first, by the names at their ends where they are equal.
  package func sorted(_ edges: [Edge]) -> [Edge] {
    edges.sorted { a, b in
      if a.weight != b.weight { return a.weight.absolute > b.weight.absolute }
      if a.source != b.source {
        let (first, second) = (name(of: Int(a.source)), name(of: Int(b.source)))
        if first != second { return first.lexicographicallyPrecedes(second) }
      }
      return name(of: Int(a.target)).lexicographicallyPrecedes(name(of: Int(b.target)))
    }
  }

  /// pprof's entropyScore: a node's share, weighted by how much information its edges carry.
  private func entropyScore(_ node: Int) -> Int64 {
    let incoming = incoming(node)
    let outgoing = outgoing(node)
    var score = 0.0
    score += incoming.isEmpty ? 1 : Self.entropy(incoming, own: 0)
    score += outgoing.isEmpty ? 1 : Self.entropy(outgoing, own: flat[node])
    return Int64(likeGo: score * Double(cum[node])) &+ flat[node]
  }

  private static func entropy(_ edges: [Edge], own: Int64) -> Double {
    var total = own
    for edge in edges where edge.weight > 0 { total &+= edge.weight }
    if total == 0 { return 0 }
    var score = 0.0
    func add(_ value: Int64) {
      let share = Double(value.absolute) / Double(total)
      score += -share * log2(share)
    }
    for edge in edges { add(edge.weight) }
    if own > 0 { add(own) }
    return score
  }

  /// Go's math.Log2, which is exact for powers of two and computes all else by the natural logarithm.
  private static func log2(_ value: Double) -> Double {
    if value <= 0 || !value.isFinite { return log(value) }
    // Go's Frexp gives a fraction from 0.5 up to 1.
    let exponent = Double(value.exponent) + 1
    let fraction = value.significand / 2
    return fraction == 0.5 ? exponent - 1 : log(fraction) * (1 / 0.693147180559945309417232121458176568) + exponent
  }
}
