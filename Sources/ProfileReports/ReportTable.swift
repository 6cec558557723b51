/// A report's facts for machines: what `--json` and `--csv` print.
public struct ReportTable: Sendable {
  public enum Cell: Hashable, Sendable {
    case text(String)
    case integer(Int64)
    case number(Double)
    /// In JSON a list of objects, in CSV the text of it.
    case labels([Label])
    case none
  }

  /// A label of a sample, as format `json` has it: `{"key": "bytes", "num": 1536, "unit": "bytes"}`.
  public struct Label: Hashable, Sendable {
    public var key: String
    /// Text or an integer.
    public var value: Cell
    public var unit: String?

    public init(key: String, value: Cell, unit: String? = nil) {
      self.key = key
      self.value = value
      self.unit = unit
    }
  }

  /// Facts about the whole: sample type, unit, total.
  public var facts: [(name: String, value: Cell)]
  public var columns: [String]
  /// Each as wide as `columns`.
  public var rows: [[Cell]]
  /// Columns that only programs read; a table for people leaves them out.
  public var hidden: Set<String> = []

  public init(facts: [(name: String, value: Cell)] = [], columns: [String], rows: [[Cell]] = []) {
    self.facts = facts
    self.columns = columns
    self.rows = rows
  }
}
