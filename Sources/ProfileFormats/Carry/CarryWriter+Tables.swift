import ProfileModel

/// Functions, locations and lines.
extension CarryWriter {
  // MARK: Functions

  /// Whether the text names this function, so that it is no extra one.
  private func isOfText(function index: Int) -> Bool {
    let number = printedAs[index]
    return number != .max && textFunctions[Int(number)].position == index
  }

  mutating func writeFunctions() {
    let functions = columns.functions
    lines.begin(.extraFunctions)
    // Number in the pool − 1 of each function: those of the text, then the extra ones.
    var pool = [Int](repeating: 0, count: functions.count)
    var extra = textFunctions.count
    for (i, function) in functions.enumerated() {
      if isOfText(function: i) {
        pool[i] = Int(printedAs[i])
      } else {
        pool[i] = extra
        extra += 1
        string(function.name)
        string(function.file)
      }
    }
    writeOrder(.functionOrder, pool)

    lines.begin(.functionNames)
    for (i, function) in functions.enumerated() {
      override(isOfText(function: i) && !tellsName(function) ? function.name : nil)
    }
    endOverrides()
    lines.begin(.functionFiles)
    for (i, function) in functions.enumerated() {
      override(isOfText(function: i) && !tellsFile(function) ? function.file : nil)
    }
    endOverrides()
    lines.begin(.systemNames)
    for function in functions {
      let isSame =
        function.name == function.systemName
        || columns.strings.equals(function.systemName, columns.strings[function.name])
      override(isSame ? nil : function.systemName)
    }
    endOverrides()

    lines.begin(.startLines)
    var starts = CarryColumn(.signed)
    for function in functions {
      if function.startLine == 0 { starts.addDefault(to: &lines) } else { starts.add(function.startLine, to: &lines) }
    }
    starts.finish(to: &lines)
    write(.functionIDs, ids: columns.functionIDs)
  }

  /// A column of strings, of which runs can only be of defaults or of one string.
  mutating func override(_ string: StringIndex?) {
    if let run = pendingString, run.string == string {
      pendingString = (run.string, run.count + 1)
      return
    }
    flushString()
    pendingString = (string, 1)
  }

  mutating func endOverrides() {
    if pendingString?.string != nil { flushString() }
    pendingString = nil
  }

  private mutating func flushString() {
    guard let run = pendingString else { return }
    if let string = run.string { appendString(string) } else { lines.append("=") }
    if run.count > 1 {
      lines.append("*")
      lines.appendDecimal(UInt64(run.count))
    }
    lines.endItem()
  }

  /// - Parameter pool: for each entry of the table its position in the pool, of which the natural order is 0, 1, 2 …
  private mutating func writeOrder(_ section: CarryBlock.Section, _ pool: [Int]) {
    if pool == Array(pool.indices) { return }
    lines.begin(section)
    var column = CarryColumn()
    for at in pool { column.add(at + 1, to: &lines) }
    column.finish(to: &lines)
  }

  // MARK: Locations

  mutating func writeLocations() {
    let locations = columns.locations
    var pool = [Int](repeating: -1, count: locations.count)
    for (number, location) in text.frames.appearance.enumerated() { pool[location.position] = number }
    lines.begin(.extraLocations)
    var extra = text.frames.appearance.count
    for i in locations.indices where pool[i] < 0 {
      pool[i] = extra
      extra += 1
      lines.hex(locations[i].address)
      let range = columns.lineRange(LocationIndex(i))
      lines.number(range.count)
      for line in columns.lines[range] {
        lines.number(line.function.position + 1)
        lines.number(line.line)
      }
    }
    writeOrder(.locationOrder, pool)

    lines.begin(.addresses)
    var addresses = CarryColumn(.hex)
    for (i, location) in locations.enumerated() {
      // An extra location's address stands in its row.
      let pc = text.frames.pcs[i]
      let isTold = !isOfText[i] || text.tellsAddresses || pc &- 1 == location.address
      if isTold { addresses.addDefault(to: &lines) } else { addresses.add(location.address, to: &lines) }
    }
    addresses.finish(to: &lines)

    lines.begin(.locationMappings)
    var mappings = CarryColumn()
    let ranges = MappingRanges(columns.mappings)
    for location in locations {
      if location.mapping == ranges.mapping(holding: location.address) {
        mappings.addDefault(to: &lines)
      } else {
        mappings.add(location.mapping == .none ? 0 : location.mapping.position + 1, to: &lines)
      }
    }
    mappings.finish(to: &lines)

    lines.begin(.folded)
    var folded = CarryColumn()
    for location in locations {
      if location.isFolded { folded.add(1, to: &lines) } else { folded.addDefault(to: &lines) }
    }
    folded.finish(to: &lines)
    write(.locationIDs, ids: columns.locationIDs)
  }

  // MARK: Lines

  mutating func writeLines() {
    // An extra location's lines stand in its row.
    var isTold = [Bool](repeating: true, count: columns.lines.count)
    for (i, isOfText) in isOfText.enumerated() where isOfText {
      for line in columns.lineRange(LocationIndex(i)) {
        isTold[line] = self.isOfText(function: columns.lines[line].function.position)
      }
    }
    lines.begin(.lineFunctions)
    var functions = CarryColumn()
    for (i, line) in columns.lines.enumerated() {
      if isTold[i] { functions.addDefault(to: &lines) } else { functions.add(line.function.position + 1, to: &lines) }
    }
    functions.finish(to: &lines)
    lines.begin(.lineNumbers)
    var numbers = CarryColumn(.signed)
    for line in columns.lines {
      if line.line >= 0 { numbers.addDefault(to: &lines) } else { numbers.add(line.line, to: &lines) }
    }
    numbers.finish(to: &lines)
    lines.begin(.lineColumns)
    var lineColumns = CarryColumn(.signed)
    for line in columns.lines {
      if line.column == 0 { lineColumns.addDefault(to: &lines) } else { lineColumns.add(line.column, to: &lines) }
    }
    lineColumns.finish(to: &lines)
  }
}
