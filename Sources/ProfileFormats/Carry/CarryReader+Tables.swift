import ProfileModel

/// Functions, locations and lines.
extension CarryReader {
  // MARK: Functions

  mutating func readFunctions() throws(CarryFault) {
    // Those of the text, then the extra ones.
    var pool = textFunctions.map {
      Function(name: draft.functions[$0.position].name, file: draft.functions[$0.position].file)
    }
    if var cursor = layout[.extraFunctions] {
      while !cursor.isAtEnd { pool.append(Function(name: try string(&cursor), file: try string(&cursor))) }
    }
    newFunctions = [FunctionIndex](repeating: .none, count: pool.count)
    if var cursor = layout[.functionOrder] {
      try cursor.column(pool.count) { _, number throws(CarryFault) in
        guard number >= 1, number <= UInt64(pool.count), newFunctions[Int(number) - 1] == .none else {
          throw CarryFault("function-order: \(number) is out of range, or comes twice")
        }
        newFunctions[Int(number) - 1] = FunctionIndex(columns.functions.count)
        columns.functions.append(pool[Int(number) - 1])
      }
      try cursor.end()
    } else {
      for i in pool.indices { newFunctions[i] = FunctionIndex(i) }
      columns.functions = pool
    }
    let count = columns.functions.count
    try strings(.functionNames, count) { $0.functions[$1].name = $2 }
    try strings(.functionFiles, count) { $0.functions[$1].file = $2 }
    for i in 0..<count { columns.functions[i].systemName = columns.functions[i].name }
    try strings(.systemNames, count) { $0.functions[$1].systemName = $2 }
    if var cursor = layout[.startLines] {
      try cursor.column(count) { columns.functions[$0].startLine = Int64(bitPattern: $1) }
      try cursor.end()
    }
    columns.functionIDs = try ids(.functionIDs, count)
  }

  /// A column of strings.
  mutating func strings(
    _ section: CarryBlock.Section, _ count: Int, _ set: (inout ProfileColumns, Int, StringIndex) -> Void
  ) throws(CarryFault) {
    guard var cursor = layout[section] else { return }
    var entry = 0
    while !cursor.isAtEnd {
      if cursor.peek == UInt8(ascii: "=") {
        entry += try cursor.run(left: count - entry).count
      } else {
        let string = try partialString(&cursor)
        let times = try cursor.times(left: count - entry)
        for i in entry..<(entry + times) { set(&columns, i, string) }
        entry += times
      }
    }
  }

  // MARK: Locations

  mutating func readLocations() throws(CarryFault) {
    // Those of the text, then the extra ones.
    var pool: [(location: Location, lines: Range<Int>)] = []
    for (number, location) in textLocations.enumerated() {
      pool.append((Location(address: draft.locations[location.position].address), number..<number))
    }
    var extraLines: [Line] = []
    if var cursor = layout[.extraLocations] {
      while !cursor.isAtEnd {
        let address = try cursor.number()
        // Each line has two numbers to come, or the list ends in an error.
        let count = try cursor.number(in: 0...Int.max)
        let first = extraLines.count
        for _ in 0..<count {
          let function = FunctionIndex(try cursor.number(in: 1...max(1, columns.functions.count)) - 1)
          extraLines.append(Line(function: function, line: try cursor.signed()))
        }
        if count > 0, columns.functions.isEmpty { throw cursor.fault("a line without functions") }
        pool.append((Location(address: address), first..<extraLines.count))
      }
    }
    let order = try order(.locationOrder, pool.count)
    var places = [LocationIndex](repeating: .none, count: pool.count)
    for (place, number) in order.enumerated() {
      places[number] = LocationIndex(place)
      columns.locations.append(pool[number].location)
      if number < textLocations.count {
        for line in draft.lines[draft.lineRange(textLocations[number])] {
          let function = newFunctions[Int(functionNumbers[line.function.position])]
          columns.lines.append(Line(function: function, line: line.line))
        }
      } else {
        columns.lines.append(contentsOf: extraLines[pool[number].lines])
      }
      columns.lineOffsets.append(columns.lines.count)
    }
    newLocations = [LocationIndex](repeating: .none, count: draft.locations.count)
    for (number, location) in textLocations.enumerated() { newLocations[location.position] = places[number] }
    try readLocationColumns()
  }

  private mutating func readLocationColumns() throws(CarryFault) {
    let count = columns.locations.count
    if var cursor = layout[.addresses] {
      try cursor.column(count) { columns.locations[$0].address = $1 }
      try cursor.end()
    }
    let ranges = MappingRanges(columns.mappings)
    for i in 0..<count { columns.locations[i].mapping = ranges.mapping(holding: columns.locations[i].address) }
    if var cursor = layout[.locationMappings] {
      try cursor.column(count) { i, number throws(CarryFault) in
        guard number <= UInt64(columns.mappings.count) else {
          throw CarryFault("location-mappings: there is no mapping \(number)")
        }
        columns.locations[i].mapping = number == 0 ? .none : MappingIndex(Int(number) - 1)
      }
      try cursor.end()
    }
    if var cursor = layout[.folded] {
      try cursor.column(count) { columns.locations[$0].isFolded = $1 != 0 }
      try cursor.end()
    }
    columns.locationIDs = try ids(.locationIDs, count)
  }

  /// A permutation, counted from 0; the natural order where the section is not there.
  func order(_ section: CarryBlock.Section, _ count: Int) throws(CarryFault) -> [Int] {
    guard var cursor = layout[section] else { return Array(0..<count) }
    var order: [Int] = []
    var isTaken = [Bool](repeating: false, count: count)
    try cursor.column(count) { _, number throws(CarryFault) in
      guard number >= 1, number <= UInt64(count), !isTaken[Int(number) - 1] else {
        throw CarryFault("\(section.rawValue): \(number) is out of range, or comes twice")
      }
      isTaken[Int(number) - 1] = true
      order.append(Int(number) - 1)
    }
    try cursor.end()
    if order.count != count { throw cursor.fault("\(order.count) of \(count) entries") }
    return order
  }

  // MARK: Lines

  mutating func readLines() throws(CarryFault) {
    let count = columns.lines.count
    if var cursor = layout[.lineFunctions] {
      try cursor.column(count) { i, number throws(CarryFault) in
        guard number >= 1, number <= UInt64(columns.functions.count) else {
          throw CarryFault("line-functions: there is no function \(number)")
        }
        columns.lines[i].function = FunctionIndex(Int(number) - 1)
      }
      try cursor.end()
    }
    for line in columns.lines where line.function == .none { throw CarryFault("a line without a function") }
    if var cursor = layout[.lineNumbers] {
      try cursor.column(count) { columns.lines[$0].line = Int64(bitPattern: $1) }
      try cursor.end()
    }
    if var cursor = layout[.lineColumns] {
      try cursor.column(count) { columns.lines[$0].column = Int64(bitPattern: $1) }
      try cursor.end()
    }
  }
}
