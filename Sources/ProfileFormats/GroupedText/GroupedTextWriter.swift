public import ProfileModel

/// Writes grouped text, the form for people: see ``GroupedText`` and ``ValueText``. It prints a record for each sample as
/// it comes, so whoever wants groups, or an order, asks `ProfileAnalysis` first.
public struct GroupedTextWriter: ProfileWriter {
  public init() {}

  public var info: FormatInfo {
    FormatInfo(
      id: FormatID("text"), aliases: ["bpprof"], extensions: ["txt"],
      summary: "grouped text for people: each stack once, with sizes and names, as bpprof prints heaps",
      cannotExpress: [
        "without its # pprofconv block (--carry): mappings but the first one's file and build id, start lines, system "
          + "names, columns, folded flags, drop and keep frames, of a heap values that are no heap columns, unknown fields, "
          + "ids, unused entries"
      ],
      isGrouped: true)
  }

  public func write(_ profile: Profile, to sink: inout ByteSink, options: WriteOptions) throws(ProfileError)
    -> LossReport
  {
    if let heap = HeapColumns(profile) { return try HeapGroupedText(profile, heap, options: options).write(to: &sink) }
    return try ValueGroupedText(profile, options: options).write(to: &sink)
  }
}
