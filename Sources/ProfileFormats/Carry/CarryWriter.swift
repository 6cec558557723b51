import ProfileModel

/// Says of a profile what a text does not; see ``CarryBlock``.
struct CarryWriter {
  let text: CarryText
  let columns: ProfileColumns
  var lines = CarryLines()

  // Functions of the text, by number − 1.

  /// The function of the profile that each stands for: the first that prints so.
  var textFunctions: [FunctionIndex] = []
  /// For each function of the profile the function of the text that prints like it; `.max` where none does.
  var printedAs: [UInt32] = []

  /// Whether each location of the profile stands in the text.
  private(set) var isOfText: [Bool]
  /// The run of a column of strings that is open; a nil string is the default.
  var pendingString: (string: StringIndex?, count: Int)?

  /// How each string of the profile is written from now on; 0: quoted.
  private var references: [StringReference]
  private var quoted: UInt32 = 0

  enum StringReference {
    case none
    case quoted(UInt32)
    case functionName(UInt32)
    case functionFile(UInt32)
  }

  init(_ text: CarryText) {
    self.text = text
    columns = text.profile.columns
    references = [StringReference](repeating: .none, count: columns.strings.count)
    isOfText = [Bool](repeating: false, count: columns.locations.count)
    for location in text.frames.appearance { isOfText[location.position] = true }
    findTextFunctions()
  }

  mutating func writeAll() {
    writeHeader()
    writeMappings()
    writeFunctions()
    writeLocations()
    writeLines()
    writeSamples()
    writeLabels()
    writeUnknown()
  }

  mutating func finish(checksum: UInt32) -> [UInt8] { lines.finish(checksum: checksum) }

  // MARK: Strings

  mutating func string(_ index: StringIndex) {
    appendString(index)
    lines.endItem()
  }

  /// As a part of the item that is being made.
  mutating func appendString(_ index: StringIndex) {
    switch references[index.position] {
    case .quoted(let number):
      lines.append("$")
      lines.appendDecimal(UInt64(number))
    case .functionName(let number):
      lines.append("n")
      lines.appendDecimal(UInt64(number))
    case .functionFile(let number):
      lines.append("f")
      lines.appendDecimal(UInt64(number))
    case .none:
      if !columns.strings.isEmpty(index) {
        quoted += 1
        references[index.position] = .quoted(quoted)
      }
      let strings = columns.strings
      lines.appendQuoted(strings[index])
    }
  }

  /// Walks the comment lines as a reader does, and numbers what they name.
  private mutating func findTextFunctions() {
    printedAs = [UInt32](repeating: .max, count: columns.functions.count)
    var printed = StringTable()
    var interner = StringInterner()
    var byCells = HashIndex()
    let seed = HashSeed.next()
    var cells: [(name: StringIndex, file: StringIndex)] = []
    var buffer: [UInt8] = []
    for location in text.frames.appearance {
      for line in columns.lineRange(location) {
        let index = columns.lines[line].function
        if printedAs[index.position] != .max { continue }
        let function = columns.functions[index.position]
        buffer.removeAll(keepingCapacity: true)
        PrintableName.append(columns.strings[function.name], to: &buffer)
        let name = interner.intern(buffer.span, in: &printed)
        buffer.removeAll(keepingCapacity: true)
        PrintableName.appendFile(columns.strings[function.file], to: &buffer)
        let file = interner.intern(buffer.span, in: &printed)
        let hash = HashIndex.mix(seed ^ (UInt64(name.rawValue) << 32 | UInt64(file.rawValue)))
        var probe = byCells.probe(hash)
        var found: UInt32?
        while let candidate = byCells.next(&probe) {
          if cells[Int(candidate)] == (name, file) { found = candidate }
        }
        if found == nil {
          byCells.insert(hash, UInt32(cells.count))
          cells.append((name, file))
          textFunctions.append(index)
          let number = UInt32(cells.count)
          if tellsName(function) { references[function.name.position] = .functionName(number) }
          if tellsFile(function), !columns.strings.isEmpty(function.file) {
            references[function.file.position] = .functionFile(number)
          }
        }
        printedAs[index.position] = found ?? UInt32(cells.count - 1)
      }
    }
  }

  func tellsName(_ function: Function) -> Bool { PrintableName.isExact(columns.strings[function.name]) }
  func tellsFile(_ function: Function) -> Bool { PrintableName.isExactFile(columns.strings[function.file]) }

  // MARK: Header

  private mutating func writeHeader() {
    scalar(.time, columns.timeNanos, unless: 0)
    scalar(.duration, columns.durationNanos, unless: 0)
    scalar(.period, columns.period, unless: text.period)
    if !text.tellsPeriodType {
      lines.begin(.periodType)
      string(columns.periodType.type)
      string(columns.periodType.unit)
    }
    scalar(.defaultType, columns.defaultSampleType)
    scalar(.docURL, columns.docURL)
    scalar(.dropFrames, columns.dropFrames)
    scalar(.keepFrames, columns.keepFrames)
    writeTypes()
    writeComments()
  }

  private mutating func scalar(_ section: CarryBlock.Section, _ value: Int64, unless told: Int64) {
    if value == told { return }
    lines.begin(section)
    lines.number(value)
  }

  private mutating func scalar(_ section: CarryBlock.Section, _ value: StringIndex) {
    if columns.strings.isEmpty(value) { return }
    lines.begin(section)
    string(value)
  }

  private mutating func writeTypes() {
    if text.tellsTypes { return }
    lines.begin(.types)
    for (i, type) in columns.sampleTypes.enumerated() {
      string(type.type)
      string(type.unit)
      lines.number(text.textColumns[i])
    }
  }

  private mutating func writeComments() {
    let facts = text.facts
    if facts.isEmpty, text.comments.elementsEqual(columns.comments.indices, by: { $0 == $1 }) { return }
    var numbers = [Int?](repeating: nil, count: columns.comments.count)
    for (number, comment) in text.comments.enumerated() {
      if let comment { numbers[comment] = number + 1 }
    }
    // Only where they stand together do they go into one item.
    let isRun = facts.indices.dropFirst().allSatisfy { facts[$0] == facts[$0 - 1] + 1 }
    lines.begin(.comments)
    if columns.comments.isEmpty { lines.word("-") }
    var run = CarryColumn()
    var skipped = 0
    for (i, comment) in columns.comments.enumerated() {
      if let number = numbers[i] {
        run.add(number, to: &lines)
        continue
      }
      if skipped > 0 {
        skipped -= 1
        continue
      }
      run.finish(to: &lines)
      if isRun, i == facts.first {
        lines.word("+")
        skipped = facts.count - 1
      } else {
        string(comment)
      }
    }
    run.finish(to: &lines)
  }

  private mutating func writeMappings() {
    if text.hasMemoryMap {
      lines.begin(.mappingOffsets)
      var offsets = CarryColumn(.hex)
      for mapping in columns.mappings {
        if MemoryMapText.tellsOffset(mapping, columns.strings) {
          offsets.addDefault(to: &lines)
        } else {
          offsets.add(mapping.offset, to: &lines)
        }
      }
      offsets.finish(to: &lines)
      lines.begin(.mappingFiles)
      for mapping in columns.mappings {
        override(MemoryMapText.tellsFile(mapping, columns.strings) ? nil : mapping.file)
      }
      endOverrides()
      lines.begin(.mappingBuildIDs)
      for mapping in columns.mappings {
        override(MemoryMapText.tellsBuildID(mapping, columns.strings) ? nil : mapping.buildID)
      }
      endOverrides()
    } else {
      for mapping in columns.mappings {
        lines.begin(.mappings)
        lines.hex(mapping.start)
        lines.hex(mapping.limit)
        lines.hex(mapping.offset)
        string(mapping.file)
        string(mapping.buildID)
      }
    }
    lines.begin(.mappingFlags)
    var flags = CarryColumn()
    for mapping in columns.mappings {
      let value = CarryBlock.flags(mapping)
      if value == 0 { flags.addDefault(to: &lines) } else { flags.add(value, to: &lines) }
    }
    flags.finish(to: &lines)
    write(.mappingIDs, ids: columns.mappingIDs)
  }

  mutating func write(_ section: CarryBlock.Section, ids: [UInt64]?) {
    guard let ids else { return }
    lines.begin(section)
    var column = CarryColumn()
    for (i, id) in ids.enumerated() {
      if id == UInt64(i) + 1 { column.addDefault(to: &lines) } else { column.add(id, to: &lines) }
    }
    column.finish(to: &lines)
  }
}
