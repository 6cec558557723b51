internal import PprofKit

/// What a batch says of its files, on standard error: errors as they come, and in the end what was odd or lost, each kind of
/// it once, a summary, and every file that failed.
struct BatchReport {
  /// A warning that many files may have.
  private struct Warning {
    var kind: String
    var message: String
    var place: ProfileError.Place
    var file: String
    var count = 1
  }

  let terminal: Terminal
  let checks: Bool
  let isVerbose: Bool
  private var warnings: [Warning] = []
  /// Where each of them stands, by the format, the kind and the field.
  private var positions: [[String]: Int] = [:]

  init(terminal: Terminal, checks: Bool, isVerbose: Bool) {
    self.terminal = terminal
    self.checks = checks
    self.isVerbose = isVerbose
  }

  mutating func add(_ file: BatchFile) {
    switch file.status {
    case .failed(let error): terminal.show(error.file == nil ? error.naming(file.path) : error)
    case .skipped(.noProfile(let error)): if isVerbose { terminal.note("skipped \(file.path): \(error.message)") }
    case .skipped(.outputExists): if isVerbose { terminal.note("kept the outputs of \(file.path)") }
    case .current: if isVerbose { terminal.note("\(file.path) is current") }
    case .converted:
      if isVerbose, let format = file.format {
        let outputs = file.outputs.map(\.path).joined(separator: ", ")
        terminal.note("converted \(file.path) (\(format.id), \(file.sampleCount) samples) to \(outputs)")
      }
    case .stale, .notRun: break
    }
    if !terminal.isQuiet { addWarnings(of: file) }
  }

  private mutating func addWarnings(of file: BatchFile) {
    if case .failed = file.status { return }
    for (kind, _) in file.diagnostics.counts {
      guard let first = file.diagnostics.items.first(where: { $0.kind == kind }) else { continue }
      add([kind], Warning(kind: kind, message: first.message, place: first.place, file: file.path))
    }
    for output in file.outputs {
      let id = output.format.id.rawValue
      for loss in output.losses.entries {
        let message = "\(id) cannot express \(loss.field): \(loss.reason)"
        add([id, "loss", loss.field], Warning(kind: "loss", message: message, place: .none, file: output.path))
      }
      for note in output.losses.notes {
        add([id, "note", note], Warning(kind: "note", message: note, place: .none, file: output.path))
      }
      for message in output.messages {
        add([id, "grouping", message], Warning(kind: "grouping", message: message, place: .none, file: output.path))
      }
    }
  }

  private mutating func add(_ key: [String], _ warning: Warning) {
    if let at = positions[key] {
      warnings[at].count += 1
    } else if positions.count < Self.mostWarnings {
      positions[key] = warnings.count
      warnings.append(warning)
    }
  }

  /// Some sentences hold numbers of their file, and so there may be as many of them as files.
  private static let mostWarnings = 40

  func finish(_ outcome: BatchOutcome) {
    for note in outcome.notes { terminal.warn(note, of: "pprofconv", kind: "manifest") }
    for warning in warnings {
      let others = warning.count > 1 ? " (and so in \(warning.count - 1) more)" : ""
      terminal.warn(warning.message + others, at: warning.place, of: warning.file, kind: warning.kind)
    }
    for output in outcome.staleOutputs { terminal.differs(output) }
    if terminal.isQuiet { return }
    terminal.note(summary(outcome))
    if outcome.failures.isEmpty { return }
    terminal.note("failed:")
    for file in outcome.failures {
      guard case .failed(let error) = file.status else { continue }
      terminal.note("  \(file.path): \(error.message)")
    }
  }

  private func summary(_ outcome: BatchOutcome) -> String {
    if outcome.count == 0 { return "there was nothing to convert" }
    var parts: [String] = []
    func say(_ count: Int, _ what: String) { if count > 0 { parts.append("\(count) \(what)") } }
    say(outcome.converted, "converted")
    say(outcome.current, "current")
    say(outcome.kept, "kept as they are")
    say(outcome.stale, "missing or stale")
    say(outcome.noProfile, "skipped (no profiles)")
    say(outcome.failures.count, "failed")
    say(outcome.notRun, "not converted after that")
    let files = outcome.count == 1 ? "1 file" : "\(outcome.count) files"
    return "\(files): " + parts.joined(separator: ", ") + ", in \(Self.seconds(outcome.seconds))"
  }

  private static func seconds(_ seconds: Double) -> String {
    let hundredths = Int((seconds * 100).rounded())
    return "\(hundredths / 100).\(hundredths / 10 % 10)\(hundredths % 10) s"
  }
}
