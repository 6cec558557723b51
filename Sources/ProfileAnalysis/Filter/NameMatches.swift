internal import ProfileModel
internal import RegularExpressions

/// What a pattern says to the names of a profile, each asked once.
struct NameMatches {
  private let pattern: RegularExpression
  /// 0: not asked yet.
  private var answers: [UInt8]

  init(_ pattern: RegularExpression, _ columns: ProfileColumns) {
    self.pattern = pattern
    answers = [UInt8](repeating: 0, count: columns.strings.count)
  }

  mutating func matches(_ name: StringIndex, _ columns: ProfileColumns) -> Bool {
    if answers[name.position] == 0 { answers[name.position] = pattern.matches(columns.strings[name]) ? 1 : 2 }
    return answers[name.position] == 1
  }

  /// For every function whether its name or file matches.
  mutating func functions(_ columns: ProfileColumns) -> [Bool] {
    var matched: [Bool] = []
    matched.reserveCapacity(columns.functions.count)
    for function in columns.functions {
      matched.append(matches(function.name, columns) || matches(function.file, columns))
    }
    return matched
  }

  /// For every mapping whether its file matches.
  mutating func mappings(_ columns: ProfileColumns) -> [Bool] {
    var matched: [Bool] = []
    for mapping in columns.mappings { matched.append(matches(mapping.file, columns)) }
    return matched
  }
}

/// What a pattern says to the frames of a profile.
struct FrameMatches {
  /// For every line whether its function matches.
  private(set) var lines: [Bool] = []
  /// For every location whether its mapping does.
  private(set) var mappings: [Bool] = []

  init(_ pattern: RegularExpression, _ columns: ProfileColumns) {
    var names = NameMatches(pattern, columns)
    let functions = names.functions(columns)
    let files = names.mappings(columns)
    lines = columns.lines.map { functions[$0.function.position] }
    mappings = columns.locations.map { $0.mapping == .none ? false : files[$0.mapping.position] }
  }

  /// Whether a location matches with any of its frames.
  func matches(_ location: Int, _ columns: ProfileColumns) -> Bool {
    mappings[location] || lines[columns.lineRange(LocationIndex(location))].contains(true)
  }
}
