internal import ProfileModel

/// Converts the inputs of a batch on several threads, and gives the outputs their places on the one that called.
///
/// Workers take the inputs in order, as far as memory goes, and leave what they wrote beside its place. The caller brings many
/// files to the disk at once, with one call for the whole file system, and then renames them: a sync a file would take ten
/// times as long as a small conversion. Whatever is renamed is on the disk.
final class BatchRunner: Sendable {
  /// How many files are brought to the disk at once, and for how long at most they wait for that.
  private static let group = (count: 256, bytes: 64 << 20, seconds: 0.5)
  /// How far workers may be ahead of the first file that is not done: what is held of each file takes memory.
  private static let window = 1 << 14

  private struct State {
    /// The next input to take.
    var next = 0
    /// Inputs from here on are not taken: all of them, or what stands behind the first that failed.
    var end: Int
    /// The next input that may be started. A file that is too large for the moment has the ones behind it wait, or it would
    /// wait for ever.
    var admitted = 0
    var memory = 0
    /// Files that wait to have all memory: nothing else is started before them.
    var wantingAll = 0
    /// Workers whose heaps may keep what they freed.
    var keeping = 0
    /// The inputs that nobody has been told of yet begin here.
    var reported = 0
    var running: Int
    /// Workers that wait to be admitted.
    var waiting = 0
    var finished: [Int: BatchTask.Staged] = [:]
    /// What was finished since the caller last looked.
    var fresh = (count: 0, bytes: 0)
    var progress = BatchProgress()

    var hasGroup: Bool { fresh.count >= BatchRunner.group.count || fresh.bytes >= BatchRunner.group.bytes }
  }

  private let task: BatchTask
  private let budget: MemoryBudget
  private let jobs: Int
  private let state: Monitor<State>

  init(_ batch: Batch, _ plan: BatchPlan, checks: Bool) {
    jobs = max(1, min(batch.jobs ?? System.processors, plan.items.count))
    budget = MemoryBudget(batch, jobs: jobs)
    var batch = batch
    if batch.hashesContent || plan.manifest != nil {
      batch.inputOptions.hashesContent = true
      batch.outputOptions.hashesContent = true
    }
    // Estimates err; the readers' own limit holds all the same.
    batch.inputOptions.maxMemory = budget.limit
    batch.inputOptions.unmeasured = 1 << 20
    batch.inputOptions.memoryMargin = budget.margin(jobs)
    task = BatchTask(batch: batch, plan: plan, checks: checks)
    state = Monitor(State(end: plan.items.count, running: 0))
  }

  // MARK: Workers

  private func work() {
    // Whether this thread's heap may keep what it freed.
    var keeps = false
    while let i = take(&keeps) {
      let item = task.plan.items[i]
      var staged: BatchTask.Staged
      do throws(ProfileError) {
        let need = try budget.need(of: item)
        let hasAll = need == budget.total
        admit(i, hasAll ? 0 : need, &keeps)
        if hasAll { admitAlone(&keeps) }
        staged = task.convert(item, memoryMargin: hasAll || jobs == 1 ? budget.margin(1) : nil)
        let ranOut = staged.ranOutOfMemory
        release(need, &keeps, all: ranOut)
        if ranOut, !hasAll, item.status?.kind == .regular {
          // Others had their share, or what was before it, or the estimate was wrong. What becomes of a file must not depend on
          // its neighbours. (What comes out of a pipe comes once.)
          admitAlone(&keeps)
          staged = task.convert(item, memoryMargin: budget.margin(1))
          release(budget.total, &keeps, all: staged.ranOutOfMemory)
        }
      } catch {
        admit(i, 0, &keeps)
        staged = BatchTask.Staged(file: BatchFile(item.path, .failed(error)))
        staged.file.size = item.size
      }
      deliver(staged, i)
    }
    state.withLock { state in
      letGo(&state, &keeps)
      state.running -= 1
    }
    state.notify()
  }

  /// Gives back what this thread has freed and kept. Under the lock: whoever wants all memory waits for that.
  private func letGo(_ state: inout State, _ keeps: inout Bool) {
    if !keeps { return }
    keeps = false
    state.keeping -= 1
    System.releaseMemory()
    if state.wantingAll > 0 { self.state.notify() }
  }

  private func take(_ keeps: inout Bool) -> Int? {
    state.wait { state -> Int?? in
      if state.next >= state.end { return .some(nil) }
      if state.next >= state.reported + Self.window {
        if state.wantingAll > 0 { letGo(&state, &keeps) }
        return nil
      }
      state.next += 1
      return .some(state.next - 1)
    }
  }

  /// Waits until it is this input's turn and there is memory for it, all of it if need be.
  private func admit(_ i: Int, _ need: Int, _ keeps: inout Bool) {
    var waits = false
    let others = state.wait { state -> Bool? in
      guard state.admitted == i, state.wantingAll == 0, state.memory == 0 || state.memory + need <= budget.total else {
        if !waits { state.waiting += 1 }
        waits = true
        // Whoever has or wants most of it counts what others keep, too.
        if state.wantingAll > 0 || state.memory >= budget.total / 2 { letGo(&state, &keeps) }
        return nil
      }
      if waits { state.waiting -= 1 }
      state.admitted += 1
      state.memory += need
      if !keeps { state.keeping += 1 }
      keeps = true
      return state.waiting > 0
    }
    if others { state.notify() }
  }

  /// Waits until the others that were started are done and have let go of what they kept, and has them wait that are not: what
  /// the process has then is what it would have if there were no others.
  private func admitAlone(_ keeps: inout Bool) {
    state.withLock { state in
      letGo(&state, &keeps)
      state.wantingAll += 1
    }
    state.notify()
    _ = state.wait { state -> Bool? in
      guard state.memory == 0, state.keeping == 0 else { return nil }
      state.wantingAll -= 1
      state.memory = budget.total
      state.keeping += 1
      return true
    }
    keeps = true
  }

  /// - Parameter all: whether what was freed goes back, too, as it does where somebody wants all memory.
  private func release(_ need: Int, _ keeps: inout Bool, all: Bool) {
    let others = state.withLock { state in
      if all || state.wantingAll > 0 { letGo(&state, &keeps) }
      state.memory -= need
      return state.waiting > 0 || state.wantingAll > 0
    }
    if others { state.notify() }
  }

  private func deliver(_ staged: BatchTask.Staged, _ i: Int) {
    let isUrgent = state.withLock { state in
      state.finished[i] = staged
      state.fresh.count += 1
      state.progress.files += 1
      state.progress.bytes += staged.file.size
      state.fresh.bytes += staged.outputs.reduce(0) { $0 + $1.size }
      if case .failed = staged.file.status, !task.batch.keepsGoing { state.end = min(state.end, i + 1) }
      return state.hasGroup
    }
    if isUrgent { state.notify() }
  }

  // MARK: The caller

  /// - Parameters:
  ///   - prepare: is told of outputs before they get their places.
  ///   - refused: of those that somebody else's file keeps from theirs.
  func run(
    prepare: ([OutputFile]) -> Void = { _ in }, refused: (OutputFile) -> Void = { _ in },
    _ progress: (BatchProgress) -> Void, _ observer: (BatchFile) -> Void
  ) throws(ProfileError) -> BatchOutcome {
    let start = System.now
    var threads: [Thread] = []
    for _ in 0..<jobs {
      state.withLock { $0.running += 1 }
      do throws(SystemError) {
        threads.append(try Thread { [self] in work() })
      } catch {
        state.withLock { $0.running -= 1 }
        if threads.isEmpty { throw ProfileError(.limit, "cannot start a thread: " + error.words) }
      }
    }
    defer { for thread in threads { thread.join() } }
    var outcome = BatchOutcome()
    var done: [Int: BatchFile] = [:]
    while true {
      let (group, isLast) = nextGroup()
      prepare(group.flatMap(\.staged.outputs))
      commit(group, into: &done, refused)
      report(&done, &outcome, observer)
      progress(state.withLock { $0.progress })
      if isLast { break }
    }
    reportNotRun(&outcome, observer)
    outcome.seconds = System.now - start
    return outcome
  }

  /// What was finished since the last call. Unless the batch keeps going, only what follows in order: what stands behind a file
  /// that fails must not get its place.
  private func nextGroup() -> (group: [(index: Int, staged: BatchTask.Staged)], isLast: Bool) {
    _ = state.wait(atMost: Self.group.seconds) { $0.running == 0 || $0.hasGroup ? true : nil }
    return state.withLock { state in
      let isLast = state.running == 0
      var group: [(index: Int, staged: BatchTask.Staged)] = []
      if task.batch.keepsGoing, !task.plan.template.needsKind {
        group = state.finished.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        state.finished = [:]
      } else {
        var next = state.reported
        while next < state.end, let staged = state.finished.removeValue(forKey: next) {
          group.append((next, staged))
          next += 1
        }
      }
      state.fresh = (0, 0)
      return (group, isLast)
    }
  }

  private func commit(
    _ group: [(index: Int, staged: BatchTask.Staged)], into done: inout [Int: BatchFile],
    _ refused: (OutputFile) -> Void
  ) {
    let failures = sync(group.flatMap(\.staged.outputs))
    for (i, var staged) in group {
      var committed = 0
      do throws(ProfileError) {
        for output in staged.outputs {
          if let failure = failures[output.device] { throw failure.naming(output.name) }
          if try output.commit() {
            committed += 1
            continue
          }
          refused(output)
          if task.batch.existing == .refuse { throw BatchPlace.exists(output.name, and: 0, task.plan.manifest) }
          // Somebody was faster, and what he wrote stays.
          staged.file.outputs.remove(at: committed)
        }
        if !staged.outputs.isEmpty, committed == 0 { staged.file.status = task.batch.statusOfKept }
      } catch {
        staged.file.status = .failed(error)
        // Of what has no place nothing is told. The staged ones are the first of them, in the same order.
        staged.file.outputs.removeLast(max(0, staged.file.outputs.count - committed))
      }
      done[i] = staged.file
      if case .failed = staged.file.status, !task.batch.keepsGoing {
        state.withLock { $0.end = min($0.end, i + 1) }
        return
      }
    }
  }

  /// Brings the files to the disk, each file system once. Those of which that failed come back.
  private func sync(_ outputs: [OutputFile]) -> [UInt64: ProfileError] {
    var synced: Set<UInt64> = []
    var failures: [UInt64: ProfileError] = [:]
    for output in outputs where synced.insert(output.device).inserted {
      do throws(ProfileError) { try output.syncAll() } catch { failures[output.device] = error }
    }
    return failures
  }

  private func report(
    _ done: inout [Int: BatchFile], _ outcome: inout BatchOutcome, _ observer: (BatchFile) -> Void
  ) {
    var next = state.withLock { $0.reported }
    while let file = done.removeValue(forKey: next) {
      outcome.add(file)
      observer(file)
      next += 1
    }
    state.withLock { $0.reported = next }
    state.notify()
  }

  private func reportNotRun(_ outcome: inout BatchOutcome, _ observer: (BatchFile) -> Void) {
    for item in task.plan.items[state.withLock { $0.reported }...] {
      var file = BatchFile(item.path, .notRun)
      file.size = item.size
      outcome.add(file)
      observer(file)
    }
  }
}
