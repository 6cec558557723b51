/// A report's facts for machines: what `--json` and `--csv` print.
public struct ReportTable: Sendable {
  public enum Cell: Hashable, Sendable {
    case text(String)
    case integer(Int64)
    case number(Double)
    case none
  }

  /// Facts about the whole: sample type, unit, total.
  public var facts: [(name: String, value: Cell)]
  public var columns: [String]
  /// Each as wide as `columns`.
  public var rows: [[Cell]]

  public init(facts: [(name: String, value: Cell)] = [], columns: [String], rows: [[Cell]] = []) {
    self.facts = facts
    self.columns = columns
    self.rows = rows
  }
}
