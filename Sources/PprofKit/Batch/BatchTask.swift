internal import Gzip
internal import ProfileAnalysis
internal import ProfileFormats
internal import ProfileModel
internal import ProfileReports

/// The conversion of one input of a batch, up to outputs that wait beside their places.
struct BatchTask {
  let batch: Batch
  let plan: BatchPlan
  let checks: Bool

  /// An input, with what was written of it and has no place yet.
  struct Staged {
    var file: BatchFile
    var outputs: [OutputFile] = []

    var ranOutOfMemory: Bool { if case .failed(let error) = file.status { error.code == .memory } else { false } }
  }

  /// How often an input that changes while it is read is read again.
  private static let attempts = 3

  /// - Parameter memoryMargin: nil: that of the batch.
  func convert(_ item: BatchPlan.Item, memoryMargin: Int? = nil) -> Staged {
    var file = BatchFile(item.path, .notRun)
    file.size = item.size
    let start = System.now
    var outputs: [OutputFile] = []
    do throws(ProfileError) {
      if let problem = item.problem { throw problem }
      if let known = known(item) {
        file = known
        file.seconds = System.now - start
        return Staged(file: file)
      }
      for attempt in 1...Self.attempts {
        let before = Self.status(item.path)
        do throws(ProfileError) {
          outputs = try convert(item, before, memoryMargin ?? batch.inputOptions.memoryMargin, into: &file)
        } catch {
          outputs = []
          // Somebody is at it: what is there now may be whole.
          guard let before, let after = Self.status(item.path), !after.hasSameContent(as: before),
            attempt < Self.attempts
          else { throw error }
          continue
        }
        guard let before else { break }
        guard let after = Self.status(item.path) else {
          file.diagnostics.add(kind: "vanished", "it was removed while it was converted; its outputs are whole")
          break
        }
        if after.hasSameContent(as: before) { break }
        outputs = []
        if attempt == Self.attempts { throw Self.changing(item.path) }
      }
    } catch {
      file.status = Self.isNoProfile(error, item) ? .skipped(.noProfile(error)) : .failed(error)
      file.outputs = []
    }
    file.seconds = System.now - start
    return Staged(file: file, outputs: outputs)
  }

  /// What a manifest proves: that nothing has changed since an earlier run.
  private func known(_ item: BatchPlan.Item) -> BatchFile? {
    plan.manifest?.current(item.path) { kind in
      plan.writers.map { batch.output(of: item, $0, kind: kind, plan) }
    }
  }

  /// What was found by walking need not be a profile, unless its name says that it is one.
  static func isNoProfile(_ error: ProfileError, _ item: BatchPlan.Item) -> Bool {
    !item.isNamed && [.unknownFormat, .empty].contains(error.code) && !NameTemplate.isProfile(item.path)
  }

  /// nil where no regular file is: what comes out of a pipe comes once.
  private static func status(_ path: String) -> FileStatus? {
    do throws(SystemError) {
      let status = try System.status(path)
      return status.kind == .regular ? status : nil
    } catch {
      return nil
    }
  }

  private static func changing(_ path: String) -> ProfileError {
    ProfileError(
      .unreadable, "it changes while it is read",
      hint: "wait until whoever writes it is done, or convert a copy", file: path)
  }

  private func convert(
    _ item: BatchPlan.Item, _ status: FileStatus?, _ memoryMargin: Int, into file: inout BatchFile
  ) throws(ProfileError) -> [OutputFile] {
    var wanted = plan.writers.map { Wanted(writer: $0, replaces: true) }
    if !checks, !plan.template.needsKind {
      wanted = try missing(item, kind: "", status)
      if wanted.isEmpty {
        file.status = batch.statusOfKept
        return []
      }
    }
    var conversion = Conversion(.file(item.path), to: [])
    conversion.inputOptions = batch.inputOptions
    conversion.inputOptions.memoryMargin = memoryMargin
    conversion.options = batch.outputOptions
    // The other processors have other files.
    conversion.options.jobs = 1
    conversion.temporaries = batch.temporaries
    let place = { (loaded: LoadedProfile) throws(ProfileError) -> [Destination] in
      // Of a file that is gone by now, all was read.
      if loaded.changedMeanwhile { throw Self.changing(item.path) }
      if item.size > batch.inputOptions.unmeasured, !loaded.format.isProto, !loaded.format.isBinary,
        let limit = batch.inputOptions.maxMemory, System.memory > limit - memoryMargin
      {
        throw Transport.tooMuchMemory(limit, item.path)
      }
      Self.describe(loaded, in: &file)
      let kind = file.kind ?? ""
      if !checks, plan.template.needsKind { wanted = try missing(item, kind: kind, loaded.status) }
      return wanted.map { wanted in
        var destination = Destination(
          .file(batch.output(of: item, wanted.writer, kind: kind, plan)), as: wanted.writer.info.id)
        destination.replaces = wanted.replaces
        return destination
      }
    }
    let result: Conversion.Result
    var outputs: [OutputFile] = []
    if checks {
      result = try conversion.check(place)
    } else {
      (result, outputs) = try conversion.stage(syncs: false, makesFolders: true, place)
    }
    file.outputs = result.outputs.enumerated().map { i, output in
      var written = BatchFile.Output(path: output.destination.name, format: output.format)
      written.bytes = outputs.indices.contains(i) ? outputs[i].size : 0
      written.sampleCount = output.sampleCount
      written.losses = output.losses
      written.messages = output.messages
      written.isCurrent = !checks || output.isCurrent
      written.isMissing = output.isMissing
      written.sha256 = output.contentHash
      return written
    }
    if checks {
      file.status = result.outputs.allSatisfy(\.isCurrent) ? .current : .stale
    } else if wanted.isEmpty {
      file.status = batch.statusOfKept
    } else {
      file.status = .converted
    }
    return outputs
  }

  private static func describe(_ loaded: LoadedProfile, in file: inout BatchFile) {
    let profile = loaded.profile
    file.format = loaded.format
    file.kind = ProfileKind.word(profile)
    file.sampleCount = profile.sampleCount
    file.totals = zip(profile.columns.sampleTypes, profile.totals.values).map { type, value in
      .init(type: profile.string(type.type), unit: profile.string(type.unit), value: value)
    }
    file.diagnostics = loaded.diagnostics
    file.sha256 = loaded.contentHash
  }

  /// An output that is to be written.
  private struct Wanted {
    var writer: any ProfileWriter
    /// Whether what is at its place may go: not what comes there after we have looked.
    var replaces: Bool
  }

  /// The outputs that are to be written, by what is at their places.
  private func missing(_ item: BatchPlan.Item, kind: String, _ input: FileStatus?) throws(ProfileError) -> [Wanted] {
    var wanted: [Wanted] = []
    for writer in plan.writers {
      let path = batch.output(of: item, writer, kind: kind, plan)
      try BatchPlace.checkName(plan.template.path(of: item.below, as: writer.info, kind: kind, batch.layout), item)
      if plan.template.needsKind, !plan.records.isEmpty { try plan.refuseRecord(Array(System.place(path).utf8), item) }
      guard let output = try BatchPlace.status(path, plan.inputs) else {
        wanted.append(Wanted(writer: writer, replaces: batch.existing == .replace))
        continue
      }
      let replaced = Wanted(writer: writer, replaces: true)
      switch batch.existing {
      case .refuse:
        let isOwn = plan.manifest?.isOwn(path, of: item.path) ?? false
        guard isOwn else { throw BatchPlace.exists(path, and: 0, plan.manifest) }
        wanted.append(replaced)
      case .replace: wanted.append(replaced)
      case .keep: break
      case .update:
        // Strictly: within one tick of the file system's clock the input may have been changed after it was read. A file
        // that was moved here keeps the time of its content, but not that of its place.
        if let input, output.modified > max(input.modified, input.changed) { break }
        wanted.append(replaced)
      }
    }
    return wanted
  }
}

extension Batch {
  /// What becomes of a file all of whose outputs are there, and stay.
  var statusOfKept: BatchFile.Status { existing == .keep ? .skipped(.outputExists) : .current }
}
