extension ProfileColumns {
  /// What google/pprof's CheckValid asks for, and that every index and offset is inside its table.
  func validate() throws(ProfileError) {
    try validateStrings()
    try validateSamples()
    try validateTables()
    try validateIDs(mappingIDs, count: mappings.count, "mapping")
    try validateIDs(locationIDs, count: locations.count, "location")
    try validateIDs(functionIDs, count: functions.count, "function")
  }

  private func validateStrings() throws(ProfileError) {
    if !strings.isEmpty(.empty) { throw invalid("the first string is not empty", "string_table[0]") }
    for (i, type) in sampleTypes.enumerated() {
      try check(type.type, "sample_type[\(i)].type")
      try check(type.unit, "sample_type[\(i)].unit")
    }
    for (i, mapping) in mappings.enumerated() {
      try check(mapping.file) { "mapping[\(i)].filename" }
      try check(mapping.buildID) { "mapping[\(i)].build_id" }
    }
    for (i, function) in functions.enumerated() {
      try check(function.name) { "function[\(i)].name" }
      try check(function.systemName) { "function[\(i)].system_name" }
      try check(function.file) { "function[\(i)].filename" }
    }
    for (i, label) in labels.enumerated() {
      try check(label.key) { "label[\(i)].key" }
      try check(label.str) { "label[\(i)].str" }
      try check(label.unit) { "label[\(i)].num_unit" }
    }
    for (i, comment) in comments.enumerated() { try check(comment) { "comment[\(i)]" } }
    try check(dropFrames, "drop_frames")
    try check(keepFrames, "keep_frames")
    try check(periodType.type, "period_type.type")
    try check(periodType.unit, "period_type.unit")
    try check(defaultSampleType, "default_sample_type")
    try check(docURL, "doc_url")
  }

  private func validateSamples() throws(ProfileError) {
    let count = sampleStacks.count
    if count > 0, sampleTypes.isEmpty {
      throw invalid("there are samples, but no sample type", "sample_type")
    }
    if sampleLabels.count != count { throw invalid("\(sampleLabels.count) label sets for \(count) samples", "sample") }
    if values.count != count * sampleTypes.count {
      throw invalid("\(values.count) values for \(count) samples of \(sampleTypes.count) types", "sample")
    }
    try validateOffsets(stackOffsets, into: stackLocations.count, "stack")
    try validateOffsets(labelOffsets, into: labels.count, "label")
    if labelOffsets.count < 2 || labelOffsets[1] != 0 { throw invalid("the first label set is not empty", "label") }
    let stackCount = stackCount
    let setCount = labelSetCount
    for i in 0..<count {
      if sampleStacks[i].position >= stackCount { throw invalid("no such stack", "sample[\(i)]") }
      if sampleLabels[i].position >= setCount { throw invalid("no such label set", "sample[\(i)].label") }
    }
    let locationCount = locations.count
    for i in stackLocations.indices where stackLocations[i].position >= locationCount {
      throw invalid("no such location", "stack location \(i)")
    }
  }

  private func validateTables() throws(ProfileError) {
    if lineOffsets.count != locations.count + 1 { throw invalid("a location without lines column", "location") }
    try validateOffsets(lineOffsets, into: lines.count, "line")
    for i in locations.indices {
      let mapping = locations[i].mapping
      if mapping != .none, mapping.position >= mappings.count {
        throw invalid("no such mapping", "location[\(i)].mapping_id")
      }
    }
    for i in lines.indices where lines[i].function.position >= functions.count {
      throw invalid("no such function", "line \(i)")
    }
  }

  private func validateOffsets(_ offsets: [Int], into count: Int, _ name: String) throws(ProfileError) {
    guard offsets.first == 0, offsets.last == count else { throw invalid("offsets do not span the table", name) }
    for i in 1..<max(1, offsets.count) where offsets[i] < offsets[i - 1] {
      throw invalid("offsets run backwards", "\(name)[\(i - 1)]")
    }
  }

  private func validateIDs(_ ids: [UInt64]?, count: Int, _ name: String) throws(ProfileError) {
    guard let ids else { return }
    if ids.count != count { throw invalid("\(ids.count) ids for \(count) entries", name) }
    var index = HashIndex(minimumCapacity: count)
    // Ids are the file's choice: nobody shall choose them so that they collide.
    let seed = HashSeed.next()
    for (i, id) in ids.enumerated() {
      if id == 0 { throw invalid("id 0 is reserved", "\(name)[\(i)].id") }
      let hash = HashIndex.mix(id ^ seed)
      var probe = index.probe(hash)
      while let other = index.next(&probe) {
        guard ids[Int(other)] == id else { continue }
        throw invalid("id \(id) is also \(name)[\(other)]'s", "\(name)[\(i)].id")
      }
      index.insert(hash, UInt32(i))
    }
  }

  private func check(_ index: StringIndex, _ path: @autoclosure () -> String) throws(ProfileError) {
    if index.position >= strings.count {
      throw invalid("string \(index.rawValue) of \(strings.count)", path())
    }
  }

  private func check(_ index: StringIndex, path: () -> String) throws(ProfileError) { try check(index, path()) }

  private func invalid(_ message: String, _ path: String) -> ProfileError {
    ProfileError(.invalid, message, path: path)
  }
}
