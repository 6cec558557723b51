internal import ProfileAnalysis
internal import ProfileModel

/// What is odd about a profile: no error, but worth a look before its numbers are believed.
struct Oddities {
  private(set) var found: [(kind: String, message: String)] = []

  init(_ profile: Profile, totals: Totals) {
    let columns = profile.columns
    let samples = columns.sampleCount
    note(samples == 0, "no-samples", "it has no samples")
    note(
      totals.zeroSamples > 0, "zero-samples",
      "\(totals.zeroSamples) of \(samples) samples are 0 in every type; Go's heap has them for what was sampled and freed"
    )
    note(
      totals.negativeSamples > 0, "negative-values",
      "\(totals.negativeSamples) samples have negative values, as the difference of two profiles has")

    let bare = columns.locations.indices.count { columns.lineRange(LocationIndex($0)).isEmpty }
    note(
      bare > 0, "unsymbolized",
      "\(bare) of \(columns.locations.count) locations name no function: pprof needs the binary to name them")
    let empty = columns.sampleStacks.count { columns.stackRange($0).isEmpty }
    note(empty > 0, "empty-stacks", "\(empty) samples have no stack")

    let wanted = profile.string(columns.defaultSampleType)
    note(
      !wanted.isEmpty && !columns.sampleTypes.contains { profile.string($0.type) == wanted }, "unknown-default",
      "its default sample type “\(wanted)” is none of its types")
    note(
      columns.dropFrames != .empty, "drop-frames",
      "pprof hides frames of it: drop_frames is “\(Self.shortened(profile.string(columns.dropFrames)))”")
    note(
      HeapColumns(columns) != nil && columns.period == 0, "no-period",
      "a heap without a period: whether it is scaled up cannot be told")
    note(columns.timeNanos < 0, "time", "its time lies before 1970")

    var used = [Bool](repeating: false, count: columns.locations.count)
    for location in columns.stackLocations { used[location.position] = true }
    let unused = used.count { !$0 }
    note(unused > 0, "unused-locations", "\(unused) of \(columns.locations.count) locations are in no stack")

    let outside = columns.locations.count { location in
      guard location.address != 0, location.mapping != .none else { return false }
      let mapping = columns.mappings[location.mapping.position]
      return mapping.limit > mapping.start && !(mapping.start..<mapping.limit).contains(location.address)
    }
    note(outside > 0, "outside-mapping", "\(outside) locations lie outside of their mapping")
    note(
      !columns.unknownFields.isEmpty, "unknown-fields",
      "\(columns.unknownFields.entries.count) messages have fields that profile.proto does not name; they are kept")
  }

  private static func shortened(_ text: String) -> String { text.count > 60 ? text.prefix(60) + "…" : text }

  private mutating func note(_ isOdd: Bool, _ kind: String, _ message: @autoclosure () -> String) {
    if isOdd { found.append((kind, message())) }
  }
}
