import ProfileModel

/// Fields that profile.proto does not have, and the string table that they may hold indices into.
extension CarryReader {
  mutating func readUnknown() throws(CarryFault) {
    if var cursor = layout[.unknown] {
      var found: [UnknownFields.Entry] = []
      while !cursor.isAtEnd {
        let owner = try owner(&cursor)
        found.append(UnknownFields.Entry(owner: owner, bytes: try cursor.hexBytes()))
        if found[found.count - 1].bytes.isEmpty { throw cursor.fault("an owner without fields") }
        // A checksum does not say who wrote it: what gets through here must be read again from a protobuf.
        guard ProtoSchema.areUnknown(found[found.count - 1].bytes, in: Self.message(of: owner)) else {
          throw cursor.fault("not whole fields that have no name in profile.proto")
        }
      }
      // In the order of the owners, or a hostile order would cost its square.
      for i in found.indices.dropFirst() where found[i].owner < found[i - 1].owner {
        throw cursor.fault("owners out of their order")
      }
      for entry in found { columns.unknownFields.append(entry.bytes, to: entry.owner) }
    }
    if columns.unknownFields.isEmpty {
      if layout[.stringTable] != nil || layout[.stringRefs] != nil {
        throw CarryFault("string-table: there are no unknown fields")
      }
      return
    }
    try readStringTable()
  }

  private static func message(of owner: UnknownFields.Owner) -> ProtoSchema.Message {
    switch owner {
    case .profile: .profile
    case .periodType, .sampleType: .valueType
    case .sample: .sample
    case .label: .label
    case .mapping: .mapping
    case .location: .location
    case .line: .line
    case .function: .function
    }
  }

  private func owner(_ cursor: inout CarryCursor) throws(CarryFault) -> UnknownFields.Owner {
    let name = try cursor.word()
    switch name {
    case "profile": return .profile
    case "period-type": return .periodType
    case "sample-type": return .sampleType(try index(&cursor, columns.sampleTypes.count))
    case "sample": return .sample(try index(&cursor, columns.sampleCount))
    case "label": return .label(try index(&cursor, columns.labels.count))
    case "mapping": return .mapping(try index(&cursor, columns.mappings.count))
    case "location": return .location(try index(&cursor, columns.locations.count))
    case "line": return .line(try index(&cursor, columns.lines.count))
    case "function": return .function(try index(&cursor, columns.functions.count))
    default: throw cursor.fault("an owner that is none")
    }
  }

  private func index(_ cursor: inout CarryCursor, _ count: Int) throws(CarryFault) -> Int {
    if count == 0 { throw cursor.fault("an owner that is not there") }
    return try cursor.number(in: 1...count) - 1
  }

  private mutating func readStringTable() throws(CarryFault) {
    let old = columns.strings
    // Strings by their bytes: those in use get the first numbers, in the order of first use.
    var contents = StringTable()
    var contentInterner = StringInterner()
    var slots: [StringIndex] = []
    columns.forEachStringSlot { slots.append($0) }
    for slot in slots { _ = contentInterner.intern(old[slot], in: &contents) }
    let used = contents.count

    var table = StringTable()
    if var cursor = layout[.stringTable] {
      var isListed = [Bool](repeating: false, count: used)
      while !cursor.isAtEnd {
        if cursor.peek &- 0x30 >= 10 {
          table.append(try cursor.quoted())
          try cursor.expectEnd()
          continue
        }
        let run = try cursor.run(left: used)
        guard let first = run.first, first >= 1, first < UInt64(used), Int(first) + run.count <= used,
          run.isRising || run.count == 1
        else { throw cursor.fault("no such string is in use") }
        for number in Int(first)..<(Int(first) + run.count) {
          // A second one is quoted: else a short list could make a long table.
          if isListed[number] { throw cursor.fault("string \(number) comes twice") }
          isListed[number] = true
          table.append(contents[StringIndex(number)])
        }
      }
    } else {
      for number in 1..<max(1, used) { table.append(contents[StringIndex(number)]) }
    }

    // Each use is of the first string with its bytes, unless the block names another.
    var first = [Int](repeating: -1, count: used)
    first[0] = 0
    for i in 1..<max(1, table.count) {
      let content = contentInterner.intern(table[StringIndex(i)], in: &contents).position
      if content < used, first[content] < 0 { first[content] = i }
    }
    for i in slots.indices {
      let content = contentInterner.intern(old[slots[i]], in: &contents)
      slots[i] = StringIndex(first[content.position])
      if first[content.position] < 0 { throw CarryFault("string-table: a string in use is missing") }
    }
    if var cursor = layout[.stringRefs] {
      try cursor.column(slots.count) { i, number throws(CarryFault) in
        guard number < UInt64(table.count), table.equals(StringIndex(Int(number)), table[slots[i]]) else {
          throw CarryFault("string-refs: \(number) is not that string")
        }
        slots[i] = StringIndex(Int(number))
      }
      try cursor.end()
    }
    var next = 0
    columns.forEachStringSlot { slot in
      slot = slots[next]
      next += 1
    }
    columns.strings = table
  }
}
