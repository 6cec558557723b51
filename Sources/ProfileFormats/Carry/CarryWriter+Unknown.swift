import ProfileModel

/// Fields that profile.proto does not have, and the string table that they may hold indices into.
extension CarryWriter {
  mutating func writeUnknown() {
    if columns.unknownFields.isEmpty { return }
    for entry in columns.unknownFields.entries {
      lines.begin(.unknown)
      let owner = CarryOwner(entry.owner)
      lines.word(owner.name)
      if let index = owner.index { lines.number(index + 1) }
      lines.hexBytes(entry.bytes)
    }
    writeStringTable()
  }

  private mutating func writeStringTable() {
    // Strings by their bytes: those in use get the first numbers, in the order of first use.
    var contents = StringTable()
    var interner = StringInterner()
    var slots: [StringIndex] = []
    var copy = columns
    copy.forEachStringSlot { slots.append($0) }
    for slot in slots { _ = interner.intern(columns.strings[slot], in: &contents) }
    let used = contents.count
    var content: [StringIndex] = []
    for i in 0..<columns.strings.count {
      content.append(interner.intern(columns.strings[StringIndex(i)], in: &contents))
    }

    lines.begin(.stringTable)
    var isListed = [Bool](repeating: false, count: contents.count)
    var run = CarryColumn()
    let strings = columns.strings
    for i in 1..<max(1, strings.count) {
      let number = content[i].position
      if number > 0, number < used, !isListed[number] {
        run.add(number, to: &lines)
        isListed[number] = true
      } else {
        // Not in use, or a second one of equal bytes.
        run.finish(to: &lines)
        lines.appendQuoted(strings[StringIndex(i)])
        lines.endItem()
      }
    }
    run.finish(to: &lines)

    var first = [Int](repeating: -1, count: contents.count)
    for i in content.indices where first[content[i].position] < 0 { first[content[i].position] = i }
    lines.begin(.stringRefs)
    var refs = CarryColumn()
    for slot in slots {
      if first[content[slot.position].position] == slot.position {
        refs.addDefault(to: &lines)
      } else {
        refs.add(slot.position, to: &lines)
      }
    }
    refs.finish(to: &lines)
  }
}

/// The message that unknown fields belong to, as a block names it.
struct CarryOwner {
  var name: String
  /// From 0; nil where there is only one.
  var index: Int?

  init(_ owner: UnknownFields.Owner) {
    switch owner {
    case .profile: name = "profile"
    case .periodType: name = "period-type"
    case .sampleType(let i): (name, index) = ("sample-type", i)
    case .sample(let i): (name, index) = ("sample", i)
    case .label(let i): (name, index) = ("label", i)
    case .mapping(let i): (name, index) = ("mapping", i)
    case .location(let i): (name, index) = ("location", i)
    case .line(let i): (name, index) = ("line", i)
    case .function(let i): (name, index) = ("function", i)
    }
  }
}
