import ProfileModel

/// Names that a text gives locations behind the samples that have them.
struct LocationNames {
  /// By location; nil: it has none.
  private var lines: [Line?] = []

  func has(_ location: LocationIndex) -> Bool { location.position < lines.count && lines[location.position] != nil }

  /// The one line of a location. A later one replaces it.
  mutating func set(_ line: Line, of location: LocationIndex) {
    while lines.count <= location.position { lines.append(nil) }
    lines[location.position] = line
  }

  /// Gives locations, which have no lines yet, those that were set; says how many have none.
  func apply(to columns: inout ProfileColumns) -> Int {
    columns.lines = []
    columns.lineOffsets = [0]
    var unnamed = 0
    for i in columns.locations.indices {
      if i < lines.count, let line = lines[i] { columns.lines.append(line) } else { unnamed += 1 }
      columns.lineOffsets.append(columns.lines.count)
    }
    return unnamed
  }
}
