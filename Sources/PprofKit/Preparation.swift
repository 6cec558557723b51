internal import ContentHash
internal import ProfileAnalysis
internal import ProfileFormats
internal import ProfileModel

/// A profile as a format wants it: grouped, sorted, and with what is lost on the way said.
struct Preparation {
  var profile: Profile
  var sampledValues: [Int64]?
  /// A line about each sample, for people.
  var sampleNotes: [String]?
  /// What grouping did not keep, a sentence each.
  var messages: [String] = []

  /// What decides how a profile is prepared: outputs that agree in it share the work.
  struct Key: Equatable {
    var grouping: Grouping
    /// A position in the sample types.
    var order: Int?
    /// Texts show what the sampler counted; other formats only keep it where comments say it.
    var wantsSampledValues: Bool
    /// Goroutines by stack, those that wait longest first.
    var groupsGoroutines: Bool
    /// Formats that show what pprof shows drop frames themselves; not again, where that has been done.
    var dropsNoFrames: Bool
  }

  /// - Parameter isLoaded: whether the profile is as pprof loads it.
  static func key(_ profile: Profile, for format: FormatInfo, _ options: OutputOptions, isLoaded: Bool = false)
    throws(ProfileError) -> Key
  {
    let grouping = options.grouping ?? (format.isGrouped ? .stack : .none)
    let sorted = try index(of: options.sort, in: profile)
    // Also where it changes nothing: a name that is none is a slip.
    let counted = try index(of: options.countedType, in: profile)
    var order = sorted
    if format.isGrouped, grouping != .none {
      order = sorted ?? counted ?? SampleTypeSelection.defaultIndex(in: profile)
    }
    return Key(
      grouping: grouping, order: order, wantsSampledValues: !format.isProto || profile.hasSamplingFacts,
      groupsGoroutines: format.isGrouped && grouping == .stack && sorted == nil && counted == nil
        && profile.tellsGoroutineStates,
      dropsNoFrames: isLoaded && (format.isView || format.id == FormatID("raw")))
  }

  init(_ source: Profile, _ key: Key) throws(ProfileError) {
    profile = source
    sampledValues = key.wantsSampledValues ? HeapSampling.sampledValues(of: source) : nil
    if key.groupsGoroutines {
      let (grouped, notes) = try profile.goroutineGroups()
      profile = grouped.profile
      sampleNotes = notes
      messages = grouped.report.messages
      return
    }
    if key.grouping != .none {
      let grouped = try profile.grouped(by: key.grouping, sampledValues: sampledValues)
      profile = grouped.profile
      sampledValues = grouped.sampledValues
      messages = grouped.report.messages
    }
    if let order = key.order {
      let sorted = try profile.sorted(by: order, sampledValues: sampledValues)
      profile = sorted.profile
      sampledValues = sorted.sampledValues
    }
  }

  /// Writes the profile into `sink`, to its end, and lets go of it.
  ///
  /// - Parameter hash: fed with what a format that compresses writes before it does.
  mutating func write(
    with writer: any ProfileWriter, to sink: inout ByteSink, _ options: OutputOptions, hashing hash: RunningHash? = nil
  ) throws(ProfileError) -> LossReport {
    var settings = WriteOptions()
    settings.carry = options.carry
    settings.level = options.level
    settings.members = options.members
    settings.jobs = options.jobs ?? System.processors
    settings.sampledValues = sampledValues
    settings.sampleNotes = sampleNotes
    settings.zone = LocalZone.atInstant
    settings.sampleType = try Self.sampleType(profile, for: writer.info, options)
    if let hash { settings.observesContent = { hash.update($0) } }
    var given = Profile()
    swap(&given, &profile)
    let losses = try writer.write(consume given, to: &sink, options: settings)
    try sink.flush()
    return losses
  }

  private static func sampleType(_ profile: Profile, for format: FormatInfo, _ options: OutputOptions)
    throws(ProfileError) -> Int?
  {
    guard options.sampleType != nil else {
      return format.isView ? try index(of: options.countedType ?? options.sort, in: profile) : nil
    }
    if !format.choosesSampleType {
      throw ProfileError(
        .option, "\(format.id) has all sample types", hint: "leave out `sampleType`, or write \(Catalogue.choosing)")
    }
    return try index(of: options.sampleType, in: profile)
  }

  /// - Throws: `option` where the profile has no such sample type.
  private static func index(of word: String?, in profile: Profile) throws(ProfileError) -> Int? {
    guard let word else { return nil }
    do throws(ProfileError) { return try SampleTypeSelection.index(of: word, in: profile) } catch {
      var error = error
      error.code = .option
      throw error
    }
  }

  /// Refuses what readers, and `left` out what is put together, did not keep.
  ///
  /// - Throws: always, if anything was: of the first input of which that holds.
  static func check(_ inputs: [InputDiagnostics], left: [String]) throws(ProfileError) {
    let hint = "without `isStrict` it is converted all the same, with a warning"
    for input in inputs {
      guard let first = input.diagnostics.losses.first else { continue }
      let messages = input.diagnostics.losses.map(\.message).joined(separator: "; ")
      throw ProfileError(.loss, messages, at: first.place, hint: hint, file: input.name)
    }
    if !left.isEmpty { throw ProfileError(.loss, left.joined(separator: "; "), hint: hint) }
  }

  /// Refuses losses where that is asked for.
  static func check(_ losses: LossReport, _ writer: any ProfileWriter, _ options: OutputOptions) throws(ProfileError) {
    if options.isStrict, writer.info.isView {
      throw ProfileError(
        .loss, "\(writer.info.id) shows a profile and keeps none", hint: "without `isStrict` it is written")
    }
    if !options.isStrict || losses.isEmpty { return }
    let fields = losses.entries.map(\.field).joined(separator: ", ")
    throw ProfileError(
      .loss, "\(writer.info.id) cannot express: \(fields)", hint: "without `isStrict` they are left out")
  }
}
