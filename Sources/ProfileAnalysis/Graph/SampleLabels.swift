package import ProfileModel

/// A set of labels as pprof has it: strings and numbers by key, each key with its values in their order.
package struct SampleLabels: Sendable {
  package struct Strings: Sendable {
    package var key: [UInt8]
    package var values: [[UInt8]]
  }
  package struct Numbers: Sendable {
    package var key: [UInt8]
    package var values: [Int64]
    /// As many as values; empty where a value has none.
    package var units: [[UInt8]]
  }

  package var strings: [Strings] = []
  package var numbers: [Numbers] = []

  package init(_ set: LabelSetIndex, _ columns: ProfileColumns) {
    let table = columns.strings
    func bytes(_ index: StringIndex) -> [UInt8] { Array(table.bytes[table.range(index)]) }
    // Positions by key: a set may have very many keys.
    var stringPositions: [[UInt8]: Int] = [:]
    var numberPositions: [[UInt8]: Int] = [:]
    for label in columns.labels[columns.labelRange(set)] {
      let key = bytes(label.key)
      if !table.isEmpty(label.str) {
        if let at = stringPositions[key] {
          strings[at].values.append(bytes(label.str))
        } else {
          stringPositions[key] = strings.count
          strings.append(Strings(key: key, values: [bytes(label.str)]))
        }
      } else if label.num != 0 || !table.isEmpty(label.unit) {
        // A label with a key alone is nothing to pprof.
        if let at = numberPositions[key] {
          numbers[at].values.append(label.num)
          numbers[at].units.append(bytes(label.unit))
        } else {
          numberPositions[key] = numbers.count
          numbers.append(Numbers(key: key, values: [label.num], units: [bytes(label.unit)]))
        }
      }
    }
  }

  /// What pprof marks the samples of the other profile with, where a profile is a difference to one.
  package static let baseKey = Array("pprof::base".utf8)

  package static func isOfBase(_ set: LabelSetIndex, _ columns: ProfileColumns) -> Bool {
    columns.labels[columns.labelRange(set)].contains { label in
      columns.strings.equals(label.key, "pprof::base") && columns.strings.equals(label.str, "true")
    }
  }

  /// The strings as one tag: `key:value` in order, with the letters `\n` between, which Graphviz takes for a line end.
  package var joined: [UInt8] {
    let words = strings.filter { $0.key != Self.baseKey }.flatMap { label in
      label.values.map { label.key + [UInt8(ascii: ":")] + $0 }
    }
    let sorted = words.sorted { $0.lexicographicallyPrecedes($1) }
    return Array(sorted.joined(separator: Array("\\n".utf8)))
  }
}

/// The unit of each key of numeric labels: the first one that a sample has, `bytes` or the key itself where none has.
package struct LabelUnits: Sendable {
  private var units: [[UInt8]: [UInt8]] = [:]
  /// Where a key stands in `ignored`.
  private var positions: [[UInt8]: Int] = [:]
  /// The units of each key that are in `ignored`.
  private var ignoredUnits: [[UInt8]: Set<[UInt8]>] = [:]
  /// Keys with several units, and the others than the one that counts.
  package private(set) var ignored: [(key: [UInt8], unit: [UInt8], others: [[UInt8]])] = []

  package init(_ columns: ProfileColumns) {
    var isSeen = [Bool](repeating: false, count: columns.labelSetCount)
    var keys: Set<[UInt8]> = []
    for set in columns.sampleLabels where !isSeen[set.position] {
      isSeen[set.position] = true
      for label in SampleLabels(set, columns).numbers {
        keys.insert(label.key)
        for unit in label.units where !unit.isEmpty { note(unit, of: label.key) }
      }
    }
    for key in keys where units[key] == nil {
      units[key] = ["alignment", "request"].contains { $0.utf8.elementsEqual(key) } ? Array("bytes".utf8) : key
    }
  }

  private mutating func note(_ unit: [UInt8], of key: [UInt8]) {
    guard let first = units[key] else {
      units[key] = unit
      return
    }
    if first == unit { return }
    if !ignoredUnits[key, default: []].insert(unit).inserted { return }
    if let at = positions[key] {
      ignored[at].others.append(unit)
    } else {
      positions[key] = ignored.count
      ignored.append((key, first, [unit]))
    }
  }

  package func unit(of key: [UInt8]) -> String { String(decoding: units[key] ?? [], as: UTF8.self) }

  /// What pprof says of those that do not count, a sentence each.
  package var warnings: [String] {
    func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
    return ignored.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { entry in
      let others = entry.others.map(text).sorted().joined(separator: ", ")
      return "For tag \(text(entry.key)) used unit \(text(entry.unit)), also encountered unit(s) \(others)"
    }
  }
}

extension Label {
  /// Whether pprof sees a number in it; a label with a key alone is nothing to it.
  var isNumber: Bool { str == .empty && (num != 0 || unit != .empty) }
  var isString: Bool { str != .empty }
}
