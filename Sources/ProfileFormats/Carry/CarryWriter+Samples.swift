import ProfileModel

/// Samples: their order, what does not fit in a record line, and their labels.
extension CarryWriter {
  mutating func writeSamples() {
    if let records = text.records {
      var number = [Int](repeating: 0, count: records.count)
      for (record, sample) in records.enumerated() { number[sample] = record + 1 }
      if records != Array(records.indices) {
        lines.begin(.sampleOrder)
        var column = CarryColumn()
        for record in number { column.add(record, to: &lines) }
        column.finish(to: &lines)
      }
    }
    if text.frames.cutStacks > 0 { writeTails() }
    writeValues()
  }

  private mutating func writeTails() {
    for (sample, stack) in columns.sampleStacks.enumerated() {
      let tail = text.frames.shown(stack).upperBound..<columns.stackRange(stack).upperBound
      if tail.isEmpty { continue }
      lines.begin(.tails)
      lines.number(sample + 1)
      lines.number(tail.count)
      for location in columns.stackLocations[tail] { lines.number(location.position + 1) }
    }
  }

  private mutating func writeValues() {
    let width = columns.sampleTypes.count
    for type in 0..<width {
      let isOfText = text.textColumns[type] != 0
      if isOfText && text.untold.isEmpty { continue }
      var column = CarryColumn(.signed)
      var untold = text.untold.makeIterator()
      var next = untold.next()
      lines.begin(.values)
      lines.number(type + 1)
      for sample in 0..<columns.sampleCount {
        let value = columns.values[sample * width + type]
        let isTold = isOfText ? next != sample : value == 0
        if next == sample { next = untold.next() }
        if isTold { column.addDefault(to: &lines) } else { column.add(value, to: &lines) }
      }
      column.finish(to: &lines)
      lines.word(";")
    }
  }

  // MARK: Labels

  mutating func writeLabels() {
    // Unknown fields of labels count through the whole table, and with any a string is more than its bytes: then the table
    // is carried as it is.
    let keepsTable = columns.keepsStringOrder
    var numbers = [Int](repeating: keepsTable ? 0 : -1, count: columns.labelSetCount)
    numbers[0] = 0
    var count = 0
    lines.begin(.labelSets)
    if keepsTable {
      for set in 1..<max(1, columns.labelSetCount) {
        count += 1
        numbers[set] = count
        write(LabelSetIndex(set))
      }
    } else {
      for sample in 0..<columns.sampleCount {
        let set = columns.sampleLabels[sample]
        if numbers[set.position] >= 0 || text.tellsLabels(set, of: sample) { continue }
        if columns.labelRange(set).isEmpty {
          numbers[set.position] = 0
        } else {
          count += 1
          numbers[set.position] = count
          write(set)
        }
      }
    }
    lines.begin(.sampleLabels)
    var column = CarryColumn()
    for sample in 0..<columns.sampleCount {
      let set = columns.sampleLabels[sample]
      if !keepsTable, text.tellsLabels(set, of: sample) {
        column.addDefault(to: &lines)
      } else {
        column.add(numbers[set.position], to: &lines)
      }
    }
    column.finish(to: &lines)
  }

  private mutating func write(_ set: LabelSetIndex) {
    let range = columns.labelRange(set)
    if range.isEmpty { lines.append("-") }
    for (i, label) in columns.labels[range].enumerated() {
      if i > 0 { lines.append(",") }
      appendString(label.key)
      if label.str != .empty {
        lines.append("=")
        appendString(label.str)
      }
      if label.num != 0 || label.unit != .empty {
        lines.append(":")
        lines.appendDecimal(label.num)
      }
      if label.unit != .empty {
        lines.append(":")
        appendString(label.unit)
      }
    }
    lines.endItem()
  }
}
