import ProfileModel

/// Makes the carried profile of what a reader found in the text and what the block adds; see ``CarryBlock``.
///
/// Everything in the block is hostile: each number is looked at before it is used, and no table grows beyond what the
/// text and the block themselves are long.
struct CarryReader {
  let layout: CarryLayout
  let draft: ProfileColumns
  let isHeap: Bool
  private let memoryMap: [Mapping]
  private let facts: [String]
  /// What is made.
  var columns = ProfileColumns()
  private var interner: StringInterner
  /// The quoted strings so far, by number − 1.
  private var quoted: [StringIndex] = []

  /// The text's functions, in the block's order.
  var textFunctions: [FunctionIndex] = []
  /// For each function of the draft its number in ``textFunctions``; `.max` for none.
  var functionNumbers: [UInt32] = []
  /// The text's locations, in the block's order.
  let textLocations: [LocationIndex]
  /// For each location of the draft its place in the new table.
  var newLocations: [LocationIndex] = []

  /// For each function of the pool (the text's, then the extra ones) its place in the new table.
  var newFunctions: [FunctionIndex] = []
  /// The record of each sample.
  var records: [Int] = []

  init(_ layout: CarryLayout, _ draft: TextDraft) {
    self.layout = layout
    self.draft = draft.columns
    isHeap = draft.isHeap
    memoryMap = draft.memoryMap
    facts = draft.facts
    textLocations = draft.pcLocations.map(\.location)
    columns.strings = draft.columns.strings
    interner = StringInterner(columns.strings)
  }

  mutating func read() throws(CarryFault) -> ProfileColumns {
    try checkDraft()
    findTextFunctions()
    try readHeader()
    try readMappings()
    try readFunctions()
    try readLocations()
    try readLines()
    try readSamples()
    try readLabels()
    try readUnknown()
    return columns
  }

  /// A text of ours has one location for each pc.
  private func checkDraft() throws(CarryFault) {
    guard textLocations.count == draft.locations.count else {
      throw CarryFault("the text has \(draft.locations.count) locations for \(textLocations.count) addresses")
    }
    var isNamed = [Bool](repeating: false, count: draft.locations.count)
    for location in textLocations {
      if isNamed[location.position] { throw CarryFault("two addresses of the text have one location") }
      isNamed[location.position] = true
    }
  }

  private mutating func findTextFunctions() {
    functionNumbers = [UInt32](repeating: .max, count: draft.functions.count)
    for location in textLocations {
      for line in draft.lines[draft.lineRange(location)] where functionNumbers[line.function.position] == .max {
        functionNumbers[line.function.position] = UInt32(truncatingIfNeeded: textFunctions.count)
        textFunctions.append(line.function)
      }
    }
  }

  // MARK: Strings

  mutating func string(_ cursor: inout CarryCursor) throws(CarryFault) -> StringIndex {
    let index = try partialString(&cursor)
    try cursor.expectEnd()
    return index
  }

  /// A string that something else may follow at once.
  mutating func partialString(_ cursor: inout CarryCursor) throws(CarryFault) -> StringIndex {
    if cursor.isAtEnd { throw cursor.fault("no string where one must be") }
    if cursor.take("$") {
      let number = try cursor.digits()
      guard number >= 1, number <= UInt64(quoted.count) else { throw cursor.fault("there is no string $\(number)") }
      return quoted[Int(number) - 1]
    }
    if cursor.take("n") { return draft.functions[try textFunction(&cursor)].name }
    if cursor.take("f") { return draft.functions[try textFunction(&cursor)].file }
    let bytes = try cursor.quoted()
    if bytes.isEmpty { return .empty }
    let index = interner.intern(bytes.span, in: &columns.strings)
    quoted.append(index)
    return index
  }

  private func textFunction(_ cursor: inout CarryCursor) throws(CarryFault) -> Int {
    let number = try cursor.digits()
    guard number >= 1, number <= UInt64(textFunctions.count) else {
      throw cursor.fault("the text has no function \(number)")
    }
    return textFunctions[Int(number) - 1].position
  }

  mutating func intern(_ text: String) -> StringIndex { interner.intern(text, in: &columns.strings) }

  // MARK: Header

  private mutating func readHeader() throws(CarryFault) {
    columns.timeNanos = try scalar(.time) ?? 0
    columns.durationNanos = try scalar(.duration) ?? 0
    columns.period = try scalar(.period) ?? draft.period
    if var cursor = layout[.periodType] {
      columns.periodType = ValueType(type: try string(&cursor), unit: try string(&cursor))
      try cursor.end()
    } else if isHeap {
      columns.periodType = ValueType(type: intern("space"), unit: intern("bytes"))
    } else {
      columns.periodType = draft.periodType
    }
    columns.defaultSampleType = try scalar(.defaultType)
    columns.docURL = try scalar(.docURL)
    columns.dropFrames = try scalar(.dropFrames)
    columns.keepFrames = try scalar(.keepFrames)
    try readTypes()
    try readComments()
  }

  private func scalar(_ section: CarryBlock.Section) throws(CarryFault) -> Int64? {
    guard var cursor = layout[section] else { return nil }
    let value = try cursor.signed()
    try cursor.end()
    return value
  }

  private mutating func scalar(_ section: CarryBlock.Section) throws(CarryFault) -> StringIndex {
    guard var cursor = layout[section] else { return .empty }
    let value = try string(&cursor)
    try cursor.end()
    return value
  }

  /// Which number of a record each sample type is, from 1, or 0.
  private(set) var textColumns: [Int] = []

  private mutating func readTypes() throws(CarryFault) {
    guard var cursor = layout[.types] else {
      if !isHeap {
        columns.sampleTypes = draft.sampleTypes
        textColumns = draft.sampleTypes.indices.map { $0 + 1 }
        return
      }
      for type in CarryBlock.heapTypes {
        columns.sampleTypes.append(ValueType(type: intern(type.0), unit: intern(type.1)))
      }
      textColumns = [1, 2, 3, 4]
      return
    }
    while !cursor.isAtEnd {
      columns.sampleTypes.append(ValueType(type: try string(&cursor), unit: try string(&cursor)))
      textColumns.append(try cursor.number(in: 0...(isHeap ? 4 : draft.sampleTypes.count)))
    }
  }

  private mutating func readComments() throws(CarryFault) {
    guard var cursor = layout[.comments] else {
      columns.comments = draft.comments
      return
    }
    var isTaken = [Bool](repeating: false, count: draft.comments.count)
    var areFactsTaken = false
    while !cursor.isAtEnd {
      if cursor.peek &- 0x30 < 10 {
        let run = try cursor.run(left: draft.comments.count)
        guard let first = run.first, first >= 1, first <= UInt64(draft.comments.count),
          Int(first) - 1 + run.count <= draft.comments.count, run.isRising || run.count == 1
        else { throw cursor.fault("the text has no such comment") }
        for i in (Int(first) - 1)..<(Int(first) - 1 + run.count) {
          if isTaken[i] { throw cursor.fault("comment \(i + 1) comes twice") }
          isTaken[i] = true
          columns.comments.append(draft.comments[i])
        }
      } else if cursor.take("-") {
        try cursor.end()
      } else if cursor.take("+") {
        try cursor.expectEnd()
        if areFactsTaken { throw cursor.fault("facts come twice") }
        areFactsTaken = true
        for fact in facts { columns.comments.append(intern(fact)) }
      } else {
        columns.comments.append(try string(&cursor))
      }
    }
  }

  private mutating func readMappings() throws(CarryFault) {
    if var cursor = layout[.mappings] {
      while !cursor.isAtEnd {
        var mapping = Mapping(start: try cursor.number(), limit: try cursor.number(), offset: try cursor.number())
        mapping.file = try string(&cursor)
        mapping.buildID = try string(&cursor)
        columns.mappings.append(mapping)
      }
    } else {
      columns.mappings = memoryMap
    }
    let count = columns.mappings.count
    if var cursor = layout[.mappingOffsets] {
      try cursor.column(count) { columns.mappings[$0].offset = $1 }
      try cursor.end()
    }
    try strings(.mappingFiles, count) { $0.mappings[$1].file = $2 }
    try strings(.mappingBuildIDs, count) { $0.mappings[$1].buildID = $2 }
    if var cursor = layout[.mappingFlags] {
      try cursor.column(count) { CarryBlock.setFlags($1, of: &columns.mappings[$0]) }
      try cursor.end()
    }
    columns.mappingIDs = try ids(.mappingIDs, count)
  }

  /// Ids of a table: none of them 0, none twice.
  func ids(_ section: CarryBlock.Section, _ count: Int) throws(CarryFault) -> [UInt64]? {
    guard var cursor = layout[section] else { return nil }
    var ids = (0..<count).map { UInt64($0) + 1 }
    try cursor.column(count) { i, id in ids[i] = id }
    try cursor.end()
    let sorted = ids.sorted()
    if sorted.first == 0 { throw cursor.fault("id 0 is reserved") }
    for i in sorted.indices.dropFirst() where sorted[i] == sorted[i - 1] {
      throw cursor.fault("id \(sorted[i]) comes twice")
    }
    return ids
  }
}
