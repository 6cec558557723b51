import TestSupport

/// google/pprof's rules for what protobuf-c has read: its CheckValid, and what its decoder asks of the string table.
/// Written from its source, apart from ours.
struct Validity {
  /// What is wrong; nil for a valid profile.
  private(set) var reason: String?

  init(_ judge: ProtobufC) {
    let profile = judge.profile
    if judge.hasBadIndex || judge.strings.isEmpty { reason = "string index" }
    if judge.strings.first?.isEmpty == false { reason = "first string" }
    for sample in profile.samples {
      if profile.sampleTypes.isEmpty { reason = "no sample type" }
      if sample.values.count != profile.sampleTypes.count { reason = "values" }
      let known = Set(profile.locations.map(\.id))
      if sample.locations.contains(where: { $0 == 0 || !known.contains($0) }) { reason = "location" }
    }
    for ids in [profile.mappings.map(\.id), profile.locations.map(\.id), profile.functions.map(\.id)] {
      if ids.contains(0) { reason = "id 0" }
      if Set(ids).count != ids.count { reason = "id twice" }
    }
    let functions = Set(profile.functions.map(\.id))
    for line in profile.locations.flatMap(\.lines) where line.function == 0 || !functions.contains(line.function) {
      reason = "function"
    }
  }
}
