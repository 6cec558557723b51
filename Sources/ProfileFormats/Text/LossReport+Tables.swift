import ProfileModel

/// The rows that every text of named frames has in its report.
extension LossReport {
  /// What of the tables no line of `NAME FILE:LINE` says: flags, columns, start lines, system names, ids, fields without a
  /// name; and names and numbers that would break such a line.
  mutating func addTables(_ columns: ProfileColumns) {
    let strings = columns.strings
    let noPlace = "a text has no place for them"
    add(
      "folded flags", count: columns.locations.count(where: \.isFolded), of: columns.locations.count, reason: noPlace)
    add(
      "columns", count: columns.lines.count { $0.column != 0 }, of: columns.lines.count,
      reason: "lines are printed without")
    add(
      "line numbers", count: columns.lines.count { $0.line < 0 }, of: columns.lines.count,
      reason: "negative ones are printed as 0")
    add(
      "start lines", count: columns.functions.count { $0.startLine != 0 }, of: columns.functions.count, reason: noPlace)
    add(
      "system names",
      count: columns.functions.count {
        $0.systemName != $0.name && !strings.equals($0.systemName, strings[$0.name])
      },
      of: columns.functions.count, reason: "only the readable name is printed")
    add(
      "function names",
      count: columns.functions.count {
        !PrintableName.isExact(strings[$0.name]) || !PrintableName.isExactFile(strings[$0.file])
      },
      of: columns.functions.count, reason: "what would break a line is printed as ?")
    for (field, ids) in [
      ("mapping ids", columns.mappingIDs), ("location ids", columns.locationIDs), ("function ids", columns.functionIDs),
    ] {
      add(field, count: ids?.count ?? 0, of: ids?.count ?? 0, reason: "numbered anew")
    }
    let unknown = columns.unknownFields.entries.count
    add("unknown fields", count: unknown, of: unknown, reason: "nobody knows what they say")
  }

  /// Entries that stand in no printed stack: a text has nothing but stacks.
  mutating func addUnused(_ columns: ProfileColumns, besides used: UsedEntries) {
    add(
      "unused locations", count: used.locations.count { !$0 }, of: columns.locations.count, reason: "in no sample")
    add(
      "unused functions", count: used.functions.count { !$0 }, of: columns.functions.count, reason: "in no sample")
  }
}
