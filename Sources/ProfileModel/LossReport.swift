/// What a writer could not express in its format. Empty: reading the output back gives the same profile.
public struct LossReport: Sendable, Hashable {
  public struct Entry: Sendable, Hashable {
    /// What is lost, in the field's terms and the plural: `labels`, `mappings`, `start lines`. One entry a field.
    public var field: String
    /// How many were lost…
    public var count: Int
    /// …of how many there are. 1 of 1 for a scalar.
    public var total: Int
    /// Why, or what stands there instead; one sentence without a full stop.
    public var reason: String

    public init(field: String, count: Int, total: Int, reason: String) {
      self.field = field
      self.count = count
      self.total = total
      self.reason = reason
    }
  }

  /// In the order in which they were first met.
  public private(set) var entries: [Entry] = []
  /// What is not lost, but stands otherwise than people would expect; to be said, and no reason to refuse. One sentence
  /// each, without a full stop.
  public private(set) var notes: [String] = []

  public init() {}

  public var isEmpty: Bool { entries.isEmpty }

  /// Notes a loss; a second call for one field adds to its count. A count of 0 is no loss.
  public mutating func add(_ field: String, count: Int = 1, of total: Int = 1, reason: String) {
    if count == 0 { return }
    if let at = entries.firstIndex(where: { $0.field == field }) {
      entries[at].count += count
      entries[at].total = max(entries[at].total, total)
    } else {
      entries.append(Entry(field: field, count: count, total: total, reason: reason))
    }
  }

  public mutating func note(_ text: String) { if !notes.contains(text) { notes.append(text) } }

  public mutating func add(_ other: LossReport) {
    for text in other.notes { note(text) }
    for entry in other.entries { add(entry.field, count: entry.count, of: entry.total, reason: entry.reason) }
  }
}
