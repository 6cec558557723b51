import ProfileModel

/// For every location the first one that is equal to it by google/pprof's key; nil where no two are equal.
///
/// - Parameter strings: for every string the first equal one, nil where no two are.
func locationClasses(_ columns: ProfileColumns, strings: [StringIndex]?) -> [UInt32]? {
  let functions = functionClasses(columns, strings: strings)
  let mappings = mappingClasses(columns, strings: strings)
  let locations = columns.locations
  let lines = columns.lines
  var classes = [UInt32](repeating: 0, count: locations.count)
  var index = HashIndex(minimumCapacity: locations.count)
  // Addresses, lines and the order of all that has a number are the file's choice.
  let seed = HashSeed.next()
  var anyEqual = false

  func start(_ location: Location) -> UInt64 {
    location.mapping == .none ? 0 : columns.mappings[location.mapping.position].start
  }
  func equal(_ a: Int, _ b: Int) -> Bool {
    let (x, y) = (locations[a], locations[b])
    let (linesOfX, linesOfY) = (columns.lineRange(LocationIndex(a)), columns.lineRange(LocationIndex(b)))
    guard x.isFolded == y.isFolded, x.address &- start(x) == y.address &- start(y), linesOfX.count == linesOfY.count,
      mappingClass(x.mapping) == mappingClass(y.mapping)
    else { return false }
    for (i, j) in zip(linesOfX, linesOfY) {
      guard lines[i].line == lines[j].line, lines[i].column == lines[j].column,
        functions[lines[i].function.position] == functions[lines[j].function.position]
      else { return false }
    }
    return true
  }
  func mappingClass(_ mapping: MappingIndex) -> UInt32 {
    mapping == .none ? mapping.rawValue : mappings[mapping.position]
  }

  for i in locations.indices {
    let location = locations[i]
    var hash = HashIndex.mix(seed ^ (location.address &- start(location)))
    hash = HashIndex.mix(hash ^ UInt64(mappingClass(location.mapping)))
    for j in columns.lineRange(LocationIndex(i)) {
      hash = HashIndex.mix(hash ^ UInt64(functions[lines[j].function.position]))
      hash = HashIndex.mix(hash ^ UInt64(bitPattern: lines[j].line))
      hash = HashIndex.mix(hash ^ UInt64(bitPattern: lines[j].column))
    }
    if let first = find(hash, in: index, where: { equal($0, i) }) {
      classes[i] = first
      anyEqual = true
    } else {
      classes[i] = UInt32(i)
      index.insert(hash, UInt32(i))
    }
  }
  return anyEqual ? classes : nil
}

/// For every function the first one with the same names, file and start line.
private func functionClasses(_ columns: ProfileColumns, strings: [StringIndex]?) -> [UInt32] {
  let functions = columns.functions.map { function in
    Function(
      name: canonical(function.name, strings), systemName: canonical(function.systemName, strings),
      file: canonical(function.file, strings), startLine: function.startLine)
  }
  var index = HashIndex(minimumCapacity: functions.count)
  let seed = HashSeed.next()
  var classes = [UInt32](repeating: 0, count: functions.count)
  for (i, function) in functions.enumerated() {
    var hash = HashIndex.mix(seed ^ (UInt64(function.name.rawValue) << 32 | UInt64(function.file.rawValue)))
    hash = HashIndex.mix(hash ^ UInt64(function.systemName.rawValue))
    hash = HashIndex.mix(hash ^ UInt64(bitPattern: function.startLine))
    if let first = find(hash, in: index, where: { functions[$0] == function }) {
      classes[i] = first
    } else {
      classes[i] = UInt32(i)
      index.insert(hash, UInt32(i))
    }
  }
  return classes
}

/// For every mapping the first one of the same size (in pages of 4 KiB), offset, and build id or else file: one library,
/// wherever it was loaded.
private func mappingClasses(_ columns: ProfileColumns, strings: [StringIndex]?) -> [UInt32] {
  struct Key: Hashable {
    var pages: UInt64
    var offset: UInt64
    var name: StringIndex
  }
  var first: [Key: UInt32] = [:]
  return columns.mappings.enumerated().map { i, mapping in
    let size = mapping.limit &- mapping.start
    let name = columns.strings.isEmpty(mapping.buildID) ? mapping.file : mapping.buildID
    let key = Key(pages: (size &+ 0xfff) >> 12, offset: mapping.offset, name: canonical(name, strings))
    if let known = first[key] { return known }
    first[key] = UInt32(i)
    return UInt32(i)
  }
}

func canonical(_ string: StringIndex, _ strings: [StringIndex]?) -> StringIndex {
  if let strings { strings[string.position] } else { string }
}

/// The first position under `hash` that is equal.
func find(_ hash: UInt64, in index: HashIndex, where equal: (Int) -> Bool) -> UInt32? {
  var probe = index.probe(hash)
  while let candidate = index.next(&probe) {
    if equal(Int(candidate)) { return candidate }
  }
  return nil
}
