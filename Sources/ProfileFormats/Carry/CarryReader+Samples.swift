import ProfileModel

/// Samples, their values and their labels.
extension CarryReader {

  mutating func readSamples() throws(CarryFault) {
    let count = draft.sampleCount
    let draftWidth = draft.sampleTypes.count
    if isHeap, draftWidth != 4, draftWidth != 2 { throw CarryFault("the text has no heap records") }
    // A heap that tells only what is in use has two numbers, which are the third and the fourth of others.
    let first = isHeap ? 5 - draftWidth : 1
    if columns.sampleTypes.isEmpty, count > 0 { throw CarryFault("types: there are records, but no sample types") }
    records = try order(.sampleOrder, count)

    columns.stackOffsets = draft.stackOffsets
    // Most often nothing changes its place, and nothing need be copied.
    let isInPlace = newLocations.indices.allSatisfy { newLocations[$0].position == $0 }
    columns.stackLocations =
      isInPlace ? draft.stackLocations : draft.stackLocations.map { newLocations[$0.position] }
    columns.sampleStacks =
      layout[.sampleOrder] == nil ? draft.sampleStacks : records.map { draft.sampleStacks[$0] }
    try readTails()

    let width = columns.sampleTypes.count
    let added = isHeap ? width : max(0, width - draftWidth)
    if !CarryBlock.holds(types: added, samples: count) { throw CarryFault("types: \(width) are too many") }
    if first == 1, textColumns == Array(1...max(1, draftWidth)), layout[.sampleOrder] == nil {
      columns.values = draft.values
    } else {
      columns.values.reserveCapacity(count * width)
      for record in records {
        for column in textColumns {
          let at = column - first
          columns.values.append(at < 0 ? 0 : draft.values[record * draftWidth + at])
        }
      }
    }
    guard var cursor = layout[.values] else { return }
    var next = 1
    while !cursor.isAtEnd {
      // Each once.
      if next > width { throw cursor.fault("too many columns") }
      let type = try cursor.number(in: next...width) - 1
      next = type + 2
      try cursor.column(count) { columns.values[$0 * width + type] = Int64(bitPattern: $1) }
      guard cursor.take(";") else { throw cursor.fault("a column without its end") }
      try cursor.expectEnd()
    }
  }

  /// Frames that did not fit in a record line.
  private mutating func readTails() throws(CarryFault) {
    guard var cursor = layout[.tails] else { return }
    var next = 1
    while !cursor.isAtEnd {
      // Each once: then what is copied for it has stood in the text.
      if next > draft.sampleCount { throw cursor.fault("too many samples") }
      let sample = try cursor.number(in: next...draft.sampleCount) - 1
      next = sample + 2
      let count = try cursor.number(in: 1...Int.max)
      let head = columns.stackLocations[draft.stackRange(draft.sampleStacks[records[sample]])]
      columns.stackLocations.append(contentsOf: head)
      for _ in 0..<count {
        let location = try cursor.number(in: 1...max(1, columns.locations.count)) - 1
        guard location < columns.locations.count else { throw cursor.fault("there are no locations") }
        columns.stackLocations.append(LocationIndex(location))
      }
      columns.sampleStacks[sample] = StackIndex(columns.stackCount)
      columns.stackOffsets.append(columns.stackLocations.count)
    }
  }

  // MARK: Labels

  mutating func readLabels() throws(CarryFault) {
    let count = draft.sampleCount
    var explicit = 0
    if var cursor = layout[.labelSets] {
      while !cursor.isAtEnd {
        if cursor.peek == UInt8(ascii: "-") {
          _ = cursor.take("-")
        } else {
          repeat { columns.labels.append(try label(&cursor)) } while cursor.take(",")
        }
        try cursor.expectEnd()
        columns.labelOffsets.append(columns.labels.count)
        explicit += 1
      }
    }
    // Sets that the text gives are copied where they are first used.
    var copies = [LabelSetIndex?](repeating: nil, count: draft.labelSetCount)
    var entry = 0
    var cursor = layout[.sampleLabels]
    columns.sampleLabels.reserveCapacity(count)
    while entry < count {
      guard cursor?.isAtEnd == false, let run = try cursor?.run(left: count - entry) else { break }
      for i in 0..<run.count {
        if let first = run.first {
          let number = run.isRising ? first &+ UInt64(i) : first
          guard number <= UInt64(explicit) else { throw CarryFault("sample-labels: there is no set \(number)") }
          columns.sampleLabels.append(LabelSetIndex(Int(number)))
        } else {
          columns.sampleLabels.append(derived(entry + i, &copies))
        }
      }
      entry += run.count
    }
    try cursor?.end()
    while columns.sampleLabels.count < count {
      columns.sampleLabels.append(derived(columns.sampleLabels.count, &copies))
    }
  }

  private mutating func label(_ cursor: inout CarryCursor) throws(CarryFault) -> Label {
    var label = Label(key: try partialString(&cursor))
    if cursor.take("=") { label.str = try partialString(&cursor) }
    if cursor.take(":") {
      label.num = Int64(bitPattern: try cursor.digits())
      if cursor.take(":") { label.unit = try partialString(&cursor) }
    }
    return label
  }

  /// The labels that the text gives a sample.
  private mutating func derived(_ sample: Int, _ copies: inout [LabelSetIndex?]) -> LabelSetIndex {
    let set = draft.sampleLabels[records[sample]]
    if let copy = copies[set.position] { return copy }
    let range = draft.labelRange(set)
    var copy = LabelSetIndex.empty
    if !range.isEmpty {
      columns.labels.append(contentsOf: draft.labels[range])
      columns.labelOffsets.append(columns.labels.count)
      copy = LabelSetIndex(columns.labelSetCount - 1)
    }
    copies[set.position] = copy
    return copy
  }
}
