internal import ProfileModel

/// Gives profiles the same sample types and units before they are merged: pprof's CompatibilizeSampleTypes and ScaleProfiles.
enum SampleTypeUnion {
  private typealias Name = [UInt8]

  /// Keeps the sample types that all profiles have, in the order of the first.
  static func unify(_ parts: inout [ProfileColumns], _ messages: inout [String]) throws(ProfileError) {
    let names = parts.map { part in part.sampleTypes.map { bytes($0.type, part) } }
    var counts: [Name: Int] = [:]
    for name in names.joined() { counts[name, default: 0] += 1 }
    let common = names[0].filter { counts[$0] == parts.count }
    if common.isEmpty {
      let lists = names.map { $0.map(text).joined(separator: ", ") }
      throw ProfileError(
        .incompatible, "the profiles have no sample type in common: \(lists.joined(separator: "; "))",
        hint: "merge profiles of one kind")
    }
    var told = Set(common)
    let left = names.joined().filter { told.insert($0).inserted }
    if !left.isEmpty {
      messages.append("sample types that not all profiles have are left out: \(left.map(text).joined(separator: ", "))")
    }
    for i in parts.indices {
      let first = Dictionary(zip(names[i], 0...)) { first, _ in first }
      var positions: [Int] = []
      for name in common {
        guard let position = first[name] else {
          throw ProfileError(
            .incompatible, "profile \(i + 1) has no sample type \(text(name)), which another one has twice")
        }
        positions.append(position)
      }
      if positions == Array(parts[i].sampleTypes.indices) { continue }
      let shown = parts[i].defaultSampleType
      let hasDefault = common.contains { parts[i].strings.equals(shown, $0.span) }
      let type = hasDefault ? shown : parts[i].sampleTypes[positions[0]].type
      parts[i].keepSampleTypes(positions, default: type)
    }
  }

  /// Scales periods and values to the finest unit of all, and checks that types and period types are the same.
  static func unifyUnits(_ parts: inout [ProfileColumns]) throws(ProfileError) {
    let period = try finest(parts.map { ($0, $0.periodType) }, "period types")
    var units: [String] = []
    for column in parts[0].sampleTypes.indices {
      units.append(try finest(parts.map { ($0, $0.sampleTypes[column]) }, "sample types"))
    }
    for i in parts.indices {
      let own = parts[i].strings.string(parts[i].periodType.unit)
      parts[i].period = ProfileColumns.truncated(Units.scale(parts[i].period, from: own, to: period).value)
      if own != period { parts[i].periodType.unit = parts[i].strings.append(period) }
      var ratios: [Double] = []
      for (column, unit) in units.enumerated() {
        let own = parts[i].strings.string(parts[i].sampleTypes[column].unit)
        ratios.append(Units.scale(1, from: own, to: unit).value)
        if own != unit { parts[i].sampleTypes[column].unit = parts[i].strings.append(unit) }
      }
      parts[i].scale(by: ratios)
    }
    for part in parts.dropFirst() { try check(parts[0], part) }
  }

  /// - Throws: ``ProfileError`` with code `incompatible` where types or units differ.
  static func check(_ a: ProfileColumns, _ b: ProfileColumns) throws(ProfileError) {
    func list(_ part: ProfileColumns) -> [[Name]] {
      ([part.periodType] + part.sampleTypes).map { [bytes($0.type, part), bytes($0.unit, part)] }
    }
    if list(a) == list(b) { return }
    func words(_ part: ProfileColumns) -> String {
      list(part).map { text($0[0]) + "/" + text($0[1]) }.joined(separator: ", ")
    }
    throw ProfileError(
      .incompatible, "the profiles count different things (period, then samples): \(words(a)); \(words(b))",
      hint: "profiles of one kind can be merged and compared")
  }

  /// The unit to which all can be scaled without loss.
  private static func finest(_ types: [(ProfileColumns, ValueType)], _ what: String) throws(ProfileError) -> String {
    func unit(_ type: (ProfileColumns, ValueType)) -> String { type.0.strings.string(type.1.unit) }
    var finest = types[0]
    for type in types.dropFirst() {
      let names = [finest, type].map { part in singular(bytes(part.1.type, part.0)) }
      if names[0] != names[1] || !Units.areOfOneKind(unit(finest), unit(type)) {
        let words = [finest, type].map { text(bytes($0.1.type, $0.0)) + "/" + unit($0) }
        throw ProfileError(
          .incompatible, "incompatible \(what): \(words[0]) and \(words[1])",
          hint: "profiles of one kind can be merged and compared")
      }
      if Units.scale(1, from: unit(type), to: unit(finest)).value < 1 { finest = type }
    }
    return unit(finest)
  }

  private static func singular(_ name: Name) -> Name { name.last == UInt8(ascii: "s") ? name.dropLast() : name }

  private static func bytes(_ index: StringIndex, _ part: ProfileColumns) -> Name {
    Array(part.strings.bytes[part.strings.range(index)])
  }

  private static func text(_ name: Name) -> String { String(decoding: name, as: UTF8.self) }
}
