internal import ContentHash
internal import Gzip
public import ProfileAnalysis
public import ProfileFormats
public import ProfileModel

/// One profile in, one or more outputs of it.
///
///     var conversion = Conversion(.file("heap.pb.gz"), to: [Destination(.file("heap.txt"))])
///     conversion.options.sort = "alloc_space"
///     try conversion.run()
///
/// Values do not share anything: any number of them may run at once.
public struct Conversion: Sendable {
  public var input: ProfileInput
  public var inputOptions = InputOptions()
  public var destinations: [Destination]
  public var options = OutputOptions()
  /// What the input is put together with, before anything is left out.
  public var combination = ProfileCombination()
  /// Whether what no sample uses is left out in the end, and what is equal becomes one; see ``ProfileModel/Profile/compacted()``.
  public var isCompacted = false
  /// What is left out. Nothing is, and nothing that `drop_frames` names either, unless a filter is given.
  public var filters = FilterOptions()
  /// Where the files are noted that must go when the process is interrupted.
  package var temporaries = TemporaryFiles()

  public init(_ input: ProfileInput, to destinations: [Destination]) {
    self.input = input
    self.destinations = destinations
  }

  /// What became of an input.
  public struct Result: Sendable {
    /// What was read.
    public var format: FormatInfo
    public var isGzip: Bool
    public var sampleCount: Int
    /// See ``LoadedProfile/contentHash``.
    public var contentHash: String?
    /// What was odd about it, but no error.
    public var diagnostics: Diagnostics
    /// The same of what it was put together with.
    public var combination = CombinationReport()
    /// What filters did and could not do, a sentence each.
    public var messages: [String] = []
    /// In the order of the destinations.
    public var outputs: [Output]
  }

  public struct Output: Sendable {
    public var destination: Destination
    public var format: FormatInfo
    /// What the format could not express.
    public var losses: LossReport
    /// What grouping did not keep, a sentence each. No loss, since it was asked for or is the format's habit.
    public var messages: [String]
    public var sampleCount: Int
    /// SHA-256 of what was written, before gzip, in hexadecimal; nil where ``OutputOptions/hashesContent`` did not ask.
    public var contentHash: String?
    /// After ``Conversion/check()``: whether the file already is what would be written.
    public var isCurrent = false
    /// After ``Conversion/check()``: whether there is no such file.
    public var isMissing = false
  }

  /// Converts. Files get their places when all outputs have been written: after an error the old ones stand, unless a rename
  /// itself fails, which those before it have behind them.
  ///
  /// - Throws: also where an output is what is read, under whatever name, or two outputs have one place: then nothing is
  ///   written.
  @discardableResult
  public func run() throws(ProfileError) -> Result {
    try OutputPlaces.check(destinations.map(\.target), inputs: [input] + combination.inputs)
    let (result, finished) = try stage(syncs: true, { _ throws(ProfileError) in destinations })
    for file in finished { try file.commit() }
    return result
  }

  /// Says, when a profile has been read, where its outputs go.
  typealias Place = (LoadedProfile) throws(ProfileError) -> [Destination]

  /// Writes all outputs, beside their places where they are files; they wait there for whoever commits them.
  ///
  /// - Parameter syncs: whether each file is brought to the disk. Who does not want that does it for many at once.
  func stage(syncs: Bool, makesFolders: Bool = false, _ place: Place) throws(ProfileError) -> (Result, [OutputFile]) {
    var finished: [OutputFile] = []
    let result = try outputs(place) { (preparation, writer, destination) throws(ProfileError) in
      let file = try open(destination, for: writer, makesFolders: makesFolders)
      if options.isStrict, file.isStream {
        // Nothing can be taken back from a stream: first write to nowhere.
        var nowhere = ByteSink { _ throws(ProfileError) in }
        var copy = preparation
        try Preparation.check(try copy.write(with: writer, to: &nowhere, options), writer, options)
      }
      let hash = options.hashesContent ? RunningHash() : nil
      let hashesWritten = !writer.info.isCompressed
      var sink = ByteSink { bytes throws(ProfileError) in
        if hashesWritten { hash?.update(bytes) }
        try file.write(bytes)
      }
      let losses = try preparation.write(with: writer, to: &sink, options, hashing: hashesWritten ? nil : hash)
      try Preparation.check(losses, writer, options)
      try file.finish(syncs: syncs)
      finished.append(file)
      return (losses, hash?.finish(), .current)
    }
    return (result, finished)
  }

  /// Writes nothing, and says of each destination whether it is what would be written. gzip is compared inflated: another
  /// build may compress otherwise.
  ///
  /// - Throws: also where two outputs have one place, which cannot be what both would be.
  public func check() throws(ProfileError) -> Result {
    try OutputPlaces.check(destinations.map(\.target), inputs: [])
    return try check { _ throws(ProfileError) in destinations }
  }

  func check(_ place: Place) throws(ProfileError) -> Result {
    try outputs(place) { (preparation, writer, destination) throws(ProfileError) in
      guard case .file(let path) = destination.target else {
        throw ProfileError(.option, "there is nothing to check on standard output", hint: "name a file")
      }
      var sink = ByteSink()
      let losses = try preparation.write(with: writer, to: &sink, options)
      try Preparation.check(losses, writer, options)
      return (losses, nil, try standing(of: path, beside: sink.buffer))
    }
  }

  /// What is at an output's place.
  private enum Standing { case current, stale, missing }

  private typealias Emit = (inout Preparation, any ProfileWriter, Destination) throws(ProfileError) -> (
    LossReport, contentHash: String?, Standing
  )

  private func outputs(_ place: Place, _ emit: Emit) throws(ProfileError) -> Result {
    // An unknown format is an error even where every name says its own.
    if let format = options.format { _ = try Destination(.standardOutput, as: format).writer(from: nil, options) }
    let filter = filters.isEmpty ? nil : try ProfileFilter(filters)
    var loaded = try LoadedProfile(input, options: inputOptions)
    let readCount = loaded.profile.sampleCount
    let combined = try combination.apply(to: &loaded, inputOptions)
    var messages: [String] = []
    if let filter {
      let (filtered, more) = try naming(loaded.name) { () throws(ProfileError) in
        try filter.applyAsPprof(to: loaded.profile)
      }
      loaded.profile = filtered
      messages += more
    }
    var left = combined.messages
    if isCompacted {
      let compacted = try naming(loaded.name) { () throws(ProfileError) in try loaded.profile.compacted() }
      loaded.profile = compacted.profile
      messages += compacted.messages
      left += compacted.messages
    }
    let destinations = try place(loaded)
    if options.isStrict, !destinations.isEmpty {
      let first = InputDiagnostics(name: loaded.name, diagnostics: loaded.diagnostics)
      try Preparation.check([first] + combined.inputs, left: left)
    }
    var result = Result(
      format: loaded.format, isGzip: loaded.isGzip, sampleCount: readCount,
      contentHash: loaded.contentHash, diagnostics: loaded.diagnostics, combination: combined,
      messages: messages, outputs: [])
    var last: (key: Preparation.Key, preparation: Preparation)?
    for (i, destination) in destinations.enumerated() {
      let writer = try destination.writer(from: loaded.format, options)
      let key = try naming(loaded.name) { () throws(ProfileError) in
        try Preparation.key(loaded.profile, for: writer.info, options, isLoaded: filter != nil)
      }
      var preparation: Preparation
      if let last, last.key == key {
        preparation = last.preparation
      } else {
        last = nil
        preparation = try naming(loaded.name) { () throws(ProfileError) in
          try Preparation(key.dropsNoFrames ? loaded.profile.withoutDropFrames() : loaded.profile, key)
        }
        last = (key, preparation)
      }
      let sampleCount = preparation.profile.sampleCount
      if i == destinations.count - 1 {
        // Nothing else holds the profile now, and its memory is free as soon as the writer is done with it.
        last = nil
        loaded.profile = Profile()
      }
      let (losses, contentHash, standing) = try naming(loaded.name) { () throws(ProfileError) in
        try emit(&preparation, writer, destination)
      }
      result.outputs.append(
        Output(
          destination: destination, format: writer.info, losses: losses, messages: preparation.messages,
          sampleCount: sampleCount, contentHash: contentHash, isCurrent: standing == .current,
          isMissing: standing == .missing))
    }
    return result
  }

  /// An error that names no file is about the input.
  private func naming<T>(_ name: String, _ body: () throws(ProfileError) -> T) throws(ProfileError) -> T {
    do throws(ProfileError) { return try body() } catch { throw error.file == nil ? error.naming(name) : error }
  }

  private func open(_ destination: Destination, for writer: any ProfileWriter, makesFolders: Bool) throws(ProfileError)
    -> OutputFile
  {
    let file: OutputFile
    switch destination.target {
    case .file(let path):
      file = try OutputFile(
        path: path, temporaries: temporaries, makesFolders: makesFolders, replaces: destination.replaces)
    case .standardOutput: file = .standardOutput()
    }
    if writer.info.isBinary, file.isTerminal {
      throw ProfileError(
        .option, "\(writer.info.id) is not for a terminal", hint: "name a file: `Destination.file`",
        file: destination.name)
    }
    return file
  }

  /// Whether the file at `path` holds `wanted`: plain in plain, gzip in gzip. Of gzip what is inside counts.
  private func standing(of path: String, beside wanted: [UInt8]) throws(ProfileError) -> Standing {
    let isGzip = Gzip.isGzip(wanted.span)
    let plain = isGzip ? inflated(wanted, atMost: .max) ?? [] : wanted
    do throws(SystemError) {
      let file = try OpenFile.reading(path)
      let status = try file.status()
      // Whatever the level, deflate and the headers of members add less than this: nothing longer need be read.
      let most = plain.count + plain.count / 100 + (1 << 20)
      guard status.kind == .regular, status.size <= most else { return .stale }
      let old = try file.readFully(status.size)
      guard Gzip.isGzip(old.span) == isGzip else { return .stale }
      return (isGzip ? inflated(old, atMost: plain.count) == plain : old == wanted) ? .current : .stale
    } catch  where error == .noEntry {
      return .missing
    } catch {
      throw ProfileError(.unreadable, "cannot read: " + error.words, file: path)
    }
  }

  /// nil where `bytes` cannot be inflated, or to more than `size` bytes: then they are not what would be written.
  private func inflated(_ bytes: [UInt8], atMost size: Int) -> [UInt8]? {
    do throws(GzipError) { return try Gzip.inflate(bytes, maximumSize: size) } catch { return nil }
  }
}
