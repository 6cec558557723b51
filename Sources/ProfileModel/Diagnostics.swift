/// Something odd that was read all the same.
public struct Diagnostic: Hashable, Sendable {
  /// What is odd, for programs: `unknown-mapping`, `edited-block`. One kind, one wording.
  public var kind: String
  /// One sentence, in lower case, without a full stop.
  public var message: String
  public var place: ProfileError.Place
  /// Whether something was in the input that is not in the profile, and need not be missing of every input of its format:
  /// who refuses losses refuses it.
  public var isLoss: Bool

  public init(kind: String, _ message: String, at place: ProfileError.Place = .none, isLoss: Bool = false) {
    self.kind = kind
    self.message = message
    self.place = place
    self.isLoss = isLoss
  }
}

/// What a reader had to say. Of each kind the first few are kept whole and all are counted, so that a file with a million
/// odd lines costs no more than one with three.
public struct Diagnostics: Sendable {
  public private(set) var items: [Diagnostic] = []
  /// How often each kind came, in the order of the first.
  public private(set) var counts: [(kind: String, count: Int)] = []
  private let keptOfAKind = 3

  public init() {}

  /// What was said elsewhere: the first of each kind, and how many there were.
  package init(_ kinds: [(first: Diagnostic, count: Int)]) {
    items = kinds.map(\.first)
    counts = kinds.map { ($0.first.kind, $0.count) }
  }

  public var isEmpty: Bool { items.isEmpty }

  /// The first of each kind that tells a loss.
  public var losses: [Diagnostic] {
    counts.compactMap { kind, _ in items.first { $0.kind == kind && $0.isLoss } }
  }

  public mutating func add(_ diagnostic: Diagnostic) {
    if let at = counts.firstIndex(where: { $0.kind == diagnostic.kind }) {
      counts[at].count += 1
      if counts[at].count > keptOfAKind { return }
    } else {
      counts.append((diagnostic.kind, 1))
    }
    items.append(diagnostic)
  }

  public mutating func add(kind: String, _ message: String, at place: ProfileError.Place = .none) {
    add(Diagnostic(kind: kind, message, at: place))
  }

  /// Notes something that the profile does not have; see ``Diagnostic/isLoss``.
  public mutating func addLoss(kind: String, _ message: String, at place: ProfileError.Place = .none) {
    add(Diagnostic(kind: kind, message, at: place, isLoss: true))
  }

  /// The same in other words: a command calls options otherwise than the library does.
  public func rewording(_ change: (String) -> String) -> Diagnostics {
    var reworded = self
    for i in reworded.items.indices { reworded.items[i].message = change(items[i].message) }
    return reworded
  }

  public func count(of kind: String) -> Int { counts.first { $0.kind == kind }?.count ?? 0 }
}
