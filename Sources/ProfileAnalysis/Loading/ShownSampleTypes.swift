package import ProfileModel

/// The sample types that pprof shows. It means to keep those that all its inputs have, and counts names: a name that one
/// profile has twice is gone, and if that changes anything, the default becomes one of what is left.
package struct ShownSampleTypes {
  /// Positions in the profile's sample types.
  package let shown: [Int]
  package let defaultType: StringIndex

  package init(_ columns: ProfileColumns) {
    let strings = columns.strings
    let types = columns.sampleTypes
    let names = types.map { Array(strings.bytes[strings.range($0.type)]) }
    var counts: [[UInt8]: Int] = [:]
    for name in names { counts[name, default: 0] += 1 }
    let single = types.indices.filter { counts[names[$0]] == 1 }
    // With none left pprof refuses the profile; better to show all.
    if single.isEmpty || single.count == types.count {
      shown = Array(types.indices)
      defaultType = columns.defaultSampleType
      return
    }
    shown = single
    let hasDefault = single.contains { strings.equals(types[$0].type, strings[columns.defaultSampleType]) }
    defaultType = hasDefault ? columns.defaultSampleType : types[single[0]].type
  }

  package func isAll(of columns: ProfileColumns) -> Bool { shown.count == columns.sampleTypes.count }
}
