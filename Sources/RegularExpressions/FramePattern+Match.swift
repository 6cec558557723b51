extension FramePattern {
  /// A step of the automaton; numbers are positions in ``states``.
  enum State {
    case rune(UInt32, Int)
    case any(Int)
    case oneOf([ClosedRange<UInt32>], isNegated: Bool, Int)
    case split(Int, Int)
    case begin(Int)
    case end(Int)
    case match
  }

  /// Thompson's construction, from the end: every part knows what follows it. The start is the last state.
  static func compile(_ node: Node) -> [State] {
    var states: [State] = [.match]
    let start = add(node, to: &states, before: 0)
    if start != states.count - 1 { states.append(.split(start, start)) }
    return states
  }

  /// - Returns: where the part begins.
  private static func add(_ node: Node, to states: inout [State], before next: Int) -> Int {
    switch node {
    case .empty: return next
    case .rune(let rune): states.append(.rune(rune, next))
    case .any: states.append(.any(next))
    case .oneOf(let ranges, let isNegated): states.append(.oneOf(ranges, isNegated: isNegated, next))
    case .begin: states.append(.begin(next))
    case .end: states.append(.end(next))
    case .sequence(let parts):
      var next = next
      for part in parts.reversed() { next = add(part, to: &states, before: next) }
      return next
    case .alternatives(let branches):
      var start = add(branches[branches.count - 1], to: &states, before: next)
      for branch in branches.dropLast().reversed() {
        let other = add(branch, to: &states, before: next)
        states.append(.split(other, start))
        start = states.count - 1
      }
      return start
    case .repeated(let part, _, true):
      let start = add(part, to: &states, before: next)
      states.append(.split(start, next))
    case .repeated(let part, let atLeastOnce, false):
      let loop = states.count
      states.append(.split(next, next))
      let start = add(part, to: &states, before: loop)
      states[loop] = .split(start, next)
      return atLeastOnce ? start : loop
    }
    return states.count - 1
  }

  /// Whether the expression matches somewhere in `text`. O(length × size of the expression), whatever both are.
  package func matches(_ text: Span<UInt8>) -> Bool {
    let runes = Self.runes(text)
    var current = Threads(states.count)
    var next = Threads(states.count)
    for at in 0...runes.count {
      if add(states.count - 1, to: &current, at: at, of: runes.count) { return true }
      if at == runes.count { return false }
      next.clear()
      for state in current.members {
        guard let target = step(states[state], runes[at]) else { continue }
        if add(target, to: &next, at: at + 1, of: runes.count) { return true }
      }
      swap(&current, &next)
    }
    return false
  }

  private func step(_ state: State, _ rune: UInt32) -> Int? {
    switch state {
    case .rune(let wanted, let next): wanted == rune ? next : nil
    case .any(let next): rune == 10 ? nil : next
    case .oneOf(let ranges, let isNegated, let next):
      ranges.contains { $0.contains(rune) } != isNegated ? next : nil
    case .split, .begin, .end, .match: nil
    }
  }

  /// Adds a state and all that can be reached from it without a character; says whether `match` is among them.
  private func add(_ state: Int, to threads: inout Threads, at position: Int, of count: Int) -> Bool {
    var open = [state]
    while let state = open.popLast() {
      if !threads.insert(state) { continue }
      switch states[state] {
      case .match: return true
      case .split(let a, let b):
        open.append(b)
        open.append(a)
      case .begin(let next): if position == 0 { open.append(next) }
      case .end(let next): if position == count { open.append(next) }
      case .rune, .any, .oneOf: break
      }
    }
    return false
  }

  /// A set of states in the order of their coming.
  private struct Threads {
    private(set) var members: [Int] = []
    private var isMember: [Bool]

    init(_ count: Int) { isMember = [Bool](repeating: false, count: count) }

    mutating func insert(_ state: Int) -> Bool {
      if isMember[state] { return false }
      isMember[state] = true
      members.append(state)
      return true
    }

    mutating func clear() {
      for member in members { isMember[member] = false }
      members.removeAll(keepingCapacity: true)
    }
  }
}
