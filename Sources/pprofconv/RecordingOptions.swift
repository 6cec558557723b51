internal import ArgumentParser
internal import PprofKit

/// What a batch leaves for later runs and for other programs, and which part of the inputs it takes.
struct RecordingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A line of JSON a file: what it is, what was lost, hashes. With the one of an earlier run only what changed is converted.",
      valueName: "file"),
    completion: .file())
  var manifest: String?

  @Option(
    help: ArgumentHelp(
      "junit=FILE, markdown=FILE, json=FILE, jsonl (lines as files are done) or github (annotations); these two go to standard output. Repeatable.",
      valueName: "kind[=file]"))
  var report: [ReportArgument] = []

  @Option(
    help: ArgumentHelp(
      "Take part K of N of the inputs, by their names; auto: as the job system's variables say, which is the default; auto/N where they do not say N; all: everything.",
      valueName: "k/n"))
  var shard: String?

  func check(with placing: PlacingOptions) throws {
    if manifest != nil, placing.update {
      throw ValidationError("--manifest knows by content what is current, -u by time: give one of them")
    }
    if manifest == "-" {
      throw ValidationError("--manifest is read again by the next run: name a file; --report jsonl prints its lines")
    }
    if manifest == "" { throw ValidationError("--manifest needs the name of a file") }
    // nil is standard output, which a manifest never is.
    var targets = report.map(\.request.path)
    if let manifest { targets.append(manifest) }
    for (i, target) in targets.enumerated() where target != "/dev/null" && targets[..<i].contains(target) {
      throw ValidationError("two reports go to one place: \(target ?? "standard output")")
    }
  }

  /// - Returns: what to say of the part that is taken.
  func set(_ batch: inout Batch) throws(ProfileError) -> Shard.Assignment? {
    batch.manifest = manifest
    batch.reportPaths = report.compactMap(\.request.path)
    batch.wording = FlagNames.replaced
    batch.hashesContent = report.contains { [.json, .jsonl].contains($0.request.kind) }
    let assigned: Shard.Assignment?
    do throws(ProfileError) { assigned = try Shard.assigned(shard) } catch {
      var error = error
      error.file = error.file ?? "--shard"
      throw error
    }
    batch.shard = assigned?.shard
    return assigned
  }
}

/// `junit=FILE` and the like.
struct ReportArgument: ExpressibleByArgument {
  let request: BatchReportRequest

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard let kind = BatchReportRequest.Kind(rawValue: parts[0]), parts.count == 1 || parts[1] != "" else { return nil }
    // A page in the middle of what a job prints is for nobody.
    if parts.count == 1, ![.github, .jsonl].contains(kind) { return nil }
    request = BatchReportRequest(kind, path: parts.count == 1 || parts[1] == "-" ? nil : parts[1])
  }
}
