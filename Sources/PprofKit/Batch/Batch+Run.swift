public import ProfileModel

extension Batch {
  /// Converts what was planned.
  ///
  /// - Parameter observer: gets every file once, in the order of the inputs, on the thread that called.
  /// - Throws: where the run as a whole cannot be; what is wrong with one file stands in its status.
  @discardableResult
  public func run(_ plan: BatchPlan? = nil, observer: (BatchFile) -> Void = { _ in }) throws(ProfileError)
    -> BatchOutcome
  {
    try run(plan, checks: false, observer)
  }

  /// Writes nothing, and says of each output whether it is what would be written.
  public func check(_ plan: BatchPlan? = nil, observer: (BatchFile) -> Void = { _ in }) throws(ProfileError)
    -> BatchOutcome
  {
    try run(plan, checks: true, observer)
  }

  private func run(_ plan: BatchPlan?, checks: Bool, _ observer: (BatchFile) -> Void) throws(ProfileError)
    -> BatchOutcome
  {
    let items = if let plan { plan.items } else { try self.plan().items }
    var outcome = BatchOutcome()
    for item in items {
      var file = BatchFile(item.path, .notRun)
      file.size = item.size
      if outcome.failures.isEmpty || keepsGoing { convert(item, checks, into: &file) }
      outcome.add(file)
      observer(file)
    }
    return outcome
  }

  private func convert(_ item: BatchPlan.Item, _ checks: Bool, into file: inout BatchFile) {
    do throws(ProfileError) {
      do throws(SystemError) { try System.makeFolder(outputDirectory) } catch {}
      var conversion = Conversion(
        .file(item.path), to: formats.map { Destination(.file(outputDirectory + "/\(item.place).\($0)"), as: $0) })
      conversion.inputOptions = inputOptions
      conversion.options = outputOptions
      conversion.temporaries = temporaries
      let result = try checks ? conversion.check() : conversion.run()
      file.status = checks && result.outputs.contains { !$0.isCurrent } ? .stale : .converted
      file.format = result.format
      file.sampleCount = result.sampleCount
      file.diagnostics = result.diagnostics
      file.outputs = result.outputs.map { output in
        var written = BatchFile.Output(path: output.destination.name, format: output.format)
        written.losses = output.losses
        written.messages = output.messages
        written.isCurrent = !checks || output.isCurrent
        return written
      }
    } catch {
      file.status = error.code == .unknownFormat && !item.isNamed ? .skipped(.noProfile(error)) : .failed(error)
    }
  }
}
