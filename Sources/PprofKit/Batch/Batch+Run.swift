public import ProfileModel

extension Batch {
  /// Converts what was planned.
  ///
  /// When it comes back, every output that it tells of is on the disk. A run that was killed leaves temporary files behind,
  /// which the next one into the same directory removes.
  ///
  /// - Parameters:
  ///   - progress: is told how far the batch is, about twice a second.
  ///   - observer: gets every file once, in the order of the inputs.
  ///   - ended: is told how it went when all files are through, even where an error is thrown then. All on the thread that
  ///     called.
  /// - Throws: where the run as a whole cannot be; what is wrong with one file stands in its status.
  @discardableResult
  public func run(
    _ plan: BatchPlan? = nil, progress: (BatchProgress) -> Void = { _ in }, observer: (BatchFile) -> Void = { _ in },
    ended: (BatchOutcome) -> Void = { _ in }
  ) throws(ProfileError) -> BatchOutcome {
    let plan = if let plan { plan } else { try self.plan() }
    let marker = try RunMarker(in: outputDirectory, besides: recordFolders, temporaries)
    defer { marker.remove() }
    let writer = try plan.manifest.map { (manifest) throws(ProfileError) in try ManifestWriter(manifest, of: self) }
    var outcome = try BatchRunner(self, plan, checks: false).run(
      prepare: { writer?.announce($0.map(\.name)) }, refused: { writer?.release($0.name) }, progress
    ) { file in
      writer?.add(file)
      observer(file)
    }
    outcome.notes = (plan.manifest?.notes ?? []) + marker.notes + (writer?.notes ?? [])
    do throws(ProfileError) {
      // The renames, too.
      do throws(SystemError) { try System.syncAll(around: outputDirectory) } catch {
        throw ProfileError(.unwritable, "cannot bring the outputs to the disk: " + error.words, file: outputDirectory)
      }
      try writer?.finish()
    } catch {
      // What was converted is, and who watches must hear of it.
      ended(outcome)
      throw error
    }
    ended(outcome)
    return outcome
  }

  /// Writes nothing, and says of each output whether it is what would be written, whatever ``existing`` says. (A plan is made
  /// with ``Existing/replace``, or it refuses what is there.)
  public func check(
    _ plan: BatchPlan? = nil, progress: (BatchProgress) -> Void = { _ in }, observer: (BatchFile) -> Void = { _ in }
  ) throws(ProfileError) -> BatchOutcome {
    // What is there is looked at, and stays.
    var batch = self
    batch.existing = .replace
    let plan = if let plan { plan } else { try batch.plan() }
    var earlier = plan.manifest.map(EarlierOutputs.init)
    var outcome = try BatchRunner(batch, plan, checks: true).run(progress) { file in
      earlier?.claim(file)
      observer(file)
    }
    // What the next run would not write, since there is nothing to write it from.
    for orphan in earlier?.entries().filter({ $0.orphan != nil }) ?? [] {
      let file = orphan.orphan(below: outputDirectory)
      outcome.add(file)
      observer(file)
    }
    outcome.notes = plan.manifest?.notes ?? []
    return outcome
  }
}
