public import ProfileModel

extension Batch {
  /// Converts what was planned.
  ///
  /// When it comes back, every output that it tells of is on the disk. A run that was killed leaves temporary files behind,
  /// which the next one into the same directory removes.
  ///
  /// - Parameter observer: gets every file once, in the order of the inputs, on the thread that called.
  /// - Throws: where the run as a whole cannot be; what is wrong with one file stands in its status.
  @discardableResult
  public func run(_ plan: BatchPlan? = nil, observer: (BatchFile) -> Void = { _ in }) throws(ProfileError)
    -> BatchOutcome
  {
    let plan = if let plan { plan } else { try self.plan() }
    let marker = try RunMarker(in: outputDirectory, temporaries)
    defer { marker.remove() }
    let outcome = try BatchRunner(self, plan, checks: false).run(observer)
    // The renames, too.
    do throws(SystemError) { try System.syncAll(around: outputDirectory) } catch {
      throw ProfileError(.unwritable, "cannot bring the outputs to the disk: " + error.words, file: outputDirectory)
    }
    return outcome
  }

  /// Writes nothing, and says of each output whether it is what would be written.
  public func check(_ plan: BatchPlan? = nil, observer: (BatchFile) -> Void = { _ in }) throws(ProfileError)
    -> BatchOutcome
  {
    let plan = if let plan { plan } else { try self.plan() }
    return try BatchRunner(self, plan, checks: true).run(observer)
  }
}
