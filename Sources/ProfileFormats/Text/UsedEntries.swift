import ProfileModel

/// Which locations and functions stand in a sample.
struct UsedEntries {
  private(set) var locations: [Bool]
  private(set) var functions: [Bool]

  init(_ columns: ProfileColumns) {
    locations = [Bool](repeating: false, count: columns.locations.count)
    functions = [Bool](repeating: false, count: columns.functions.count)
    var isStackUsed = [Bool](repeating: false, count: columns.stackCount)
    for stack in columns.sampleStacks where !isStackUsed[stack.position] {
      isStackUsed[stack.position] = true
      for at in columns.stackRange(stack) { locations[columns.stackLocations[at].position] = true }
    }
    addFunctions(columns)
  }

  /// Of a text that printed just these locations: it may have cut a stack.
  init(_ columns: ProfileColumns, printed: [LocationIndex]) {
    locations = [Bool](repeating: false, count: columns.locations.count)
    functions = [Bool](repeating: false, count: columns.functions.count)
    for location in printed { locations[location.position] = true }
    addFunctions(columns)
  }

  private mutating func addFunctions(_ columns: ProfileColumns) {
    for i in locations.indices where locations[i] {
      for line in columns.lines[columns.lineRange(LocationIndex(i))] { functions[line.function.position] = true }
    }
  }
}
