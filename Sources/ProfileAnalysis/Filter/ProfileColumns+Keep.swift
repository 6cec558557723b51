internal import ProfileModel

// What filters do to columns: take rows away, and keep what hangs on the others. Each is one pass.
extension ProfileColumns {
  /// Leaves out lines. A location may lose all of them.
  ///
  /// - Parameter isKept: an answer for each line.
  mutating func keepLines(_ isKept: [Bool]) {
    if !isKept.contains(false) { return }
    let positions = Self.newPositions(isKept)
    var offsets = [0]
    offsets.reserveCapacity(lineOffsets.count)
    for offset in lineOffsets.dropFirst() { offsets.append(positions[offset]) }
    lineOffsets = offsets
    lines = Self.kept(lines, isKept)
    unknownFields.moveAll { owner in
      guard case .line(let line) = owner else { return owner }
      return isKept[line] ? .line(positions[line]) : nil
    }
  }

  /// Leaves out frames of stacks. A stack may lose all of them.
  ///
  /// - Parameter isKept: an answer for each entry of `stackLocations`.
  mutating func keepStackLocations(_ isKept: [Bool]) {
    if !isKept.contains(false) { return }
    let old = stackOffsets
    var kept: [LocationIndex] = []
    kept.reserveCapacity(stackLocations.count)
    for stack in 0..<old.count - 1 {
      for at in old[stack]..<old[stack + 1] where isKept[at] { kept.append(stackLocations[at]) }
      stackOffsets[stack + 1] = kept.count
    }
    stackLocations = kept
  }

  /// Leaves out samples.
  mutating func keepSamples(_ isKept: [Bool]) {
    if !isKept.contains(false) { return }
    let width = sampleTypes.count
    var kept: [Int64] = []
    for sample in isKept.indices where isKept[sample] {
      kept.append(contentsOf: values[sample * width..<(sample + 1) * width])
    }
    values = kept
    sampleStacks = Self.kept(sampleStacks, isKept)
    sampleLabels = Self.kept(sampleLabels, isKept)
    if unknownFields.isEmpty { return }
    let positions = Self.newPositions(isKept)
    unknownFields.moveAll { owner in
      guard case .sample(let sample) = owner else { return owner }
      return isKept[sample] ? .sample(positions[sample]) : nil
    }
  }

  /// Leaves out labels. A set may lose all of them.
  mutating func keepLabels(_ isKept: [Bool]) {
    if !isKept.contains(false) { return }
    let positions = Self.newPositions(isKept)
    labelOffsets = labelOffsets.map { positions[$0] }
    labels = Self.kept(labels, isKept)
    unknownFields.moveAll { owner in
      guard case .label(let label) = owner else { return owner }
      return isKept[label] ? .label(positions[label]) : nil
    }
  }

  private static func kept<Row>(_ rows: [Row], _ isKept: [Bool]) -> [Row] {
    var kept: [Row] = []
    kept.reserveCapacity(rows.count)
    for i in rows.indices where isKept[i] { kept.append(rows[i]) }
    return kept
  }

  /// Where each row, and what is behind the last one, stands once the others are gone.
  private static func newPositions(_ isKept: [Bool]) -> [Int] {
    var positions = [0]
    positions.reserveCapacity(isKept.count + 1)
    var position = 0
    for kept in isKept {
      if kept { position += 1 }
      positions.append(position)
    }
    return positions
  }
}

extension UnknownFields {
  /// Gives every entry another owner, or drops it. The order of the owners must stay.
  mutating func moveAll(_ owner: (Owner) -> Owner?) {
    if isEmpty { return }
    var moved = UnknownFields()
    for entry in entries {
      if let new = owner(entry.owner) { moved.append(entry.bytes, to: new) }
    }
    self = moved
  }
}
