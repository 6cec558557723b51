internal import PprofKit

/// Where the command's words go: data to standard output, all else to standard error. Every error gets its words here.
struct Terminal {
  /// Whether errors and warnings are JSON, a line each.
  var json: Bool
  var isQuiet = false
  /// Whose help says more of how the command is used; nil: the whole command's.
  var verb: String?
  /// An option whose value is a file, where no input is left; nil where neither is so.
  var takenInput: String?
  /// What is written over and over on the last line, which has to go before anything else is said.
  var progress: Progress?

  /// Writes data. A reader that has gone is told by the exit code alone.
  func print(_ text: String) -> ExitStatus {
    do {
      try OpenFile.output.write(Array(text.utf8))
      return .done
    } catch {
      if error == .brokenPipe { return .closedPipe }
      show(ProfileError(.unwritable, "cannot write: \(error.words)", file: "<stdout>"))
      return .badOutput
    }
  }

  /// `FILE:LINE:COL: error: …` with the line and a caret, or `FILE: byte 0x1f: error: …`.
  func show(_ error: ProfileError) {
    let error = error.namingFlags
    if json { return say(JSONReports.error(error, status: ExitStatus(error).rawValue)) }
    say(place(error.file, error.place) + "error: " + (error.path.map { $0 + ": " } ?? "") + oneLine(error.message))
    switch error.place {
    case .line(_, let column, let text?): showLine(text, column)
    case .text(let text, let column): showLine(text, column)
    default: break
    }
    if let hint = error.hint { say("  hint: " + oneLine(hint)) }
  }

  func showUsage(_ message: String) {
    let hint = "`pprofconv\(verb.map { " " + $0 } ?? "") --help` shows how it is used"
    if json {
      return say(JSONReports.error(ProfileError(.option, message, hint: hint), status: ExitStatus.usage.rawValue))
    }
    say("pprofconv: error: " + oneLine(message))
    say("  hint: " + hint)
  }

  func showNoInput() { showUsage(takenInput ?? "no input: name a file, or - for standard input") }

  /// What was odd and no error: of each kind one line.
  func show(_ diagnostics: Diagnostics, of file: String) {
    if isQuiet { return }
    for (kind, count) in diagnostics.counts {
      guard let first = diagnostics.items.first(where: { $0.kind == kind }) else { continue }
      warn(first.message + (count > 1 ? " (and \(count - 1) more like it)" : ""), at: first.place, of: file, kind: kind)
    }
  }

  /// What was odd about each of several inputs, and what was lost in putting them together, which is about no single one.
  func show(_ combination: CombinationReport) {
    for input in combination.inputs { show(input.diagnostics, of: input.name) }
    for message in combination.messages { warn(message, of: "pprofconv", kind: "merge") }
  }

  func show(_ losses: LossReport, of file: String, format: FormatInfo) {
    for loss in losses.entries {
      let share = loss.total == 1 && loss.count == 1 ? "" : " (\(loss.count) of \(loss.total))"
      warn("\(format.id) cannot express \(loss.field)\(share): \(loss.reason)", of: file, kind: "loss")
    }
    for note in losses.notes { warn(note, of: file, kind: "note") }
  }

  func warn(_ message: String, at place: ProfileError.Place = .none, of file: String, kind: String) {
    if isQuiet { return }
    let message = FlagNames.replaced(message)
    if json { return say(JSONReports.warning(message, kind: kind, file: file, place: place)) }
    say(self.place(file, place) + "warning: " + oneLine(message))
  }

  /// The answer of `--check`, which is no error and not silenced.
  func differs(_ output: StaleOutput) {
    let (file, verdict) = (output.path, output.verdict)
    say(json ? JSONReports.warning(verdict, kind: "check", file: file, place: .none) : "\(file): " + verdict)
  }

  /// Something for who asked to be told more.
  func note(_ message: String) { if !json { say("pprofconv: " + message) } }

  /// A sentence in which names of the input may stand, whatever they hold and however long they are.
  private func oneLine(_ message: String) -> String {
    let most = 800
    var line = message
    if message.utf8.count > most, message.count > most {
      line = message.prefix(most / 2) + " … " + message.suffix(most / 2)
    }
    return String(line.map { $0.isNewline ? " " : $0 })
  }

  private func place(_ file: String?, _ place: ProfileError.Place) -> String {
    let file = file ?? "pprofconv"
    switch place {
    case .none, .text: return "\(file): "
    case .byte(let offset): return "\(file): byte 0x\(String(offset, radix: 16)): "
    case .line(let line, let column, _): return "\(file):\(line):" + (column.map { "\($0):" } ?? "") + " "
    }
  }

  /// A line of the input, around the column, with a caret below it.
  private func showLine(_ text: String, _ column: Int?) {
    let width = 100
    let bytes = Array(text.utf8)
    let at = min(max(0, (column ?? 1) - 1), bytes.count)
    let start = at < width ? 0 : at - width / 2
    let before = String(decoding: bytes[start..<at], as: UTF8.self)
    let after = String(decoding: bytes[at..<min(bytes.count, start + width)], as: UTF8.self)
    let cut = start > 0 ? "…" : ""
    say("  " + cut + before + after + (start + width < bytes.count ? "…" : ""))
    if column == nil { return }
    // A tab stays a tab, so that the caret stands below its character however wide the terminal makes it.
    say("  " + String((cut + before).map { $0 == "\t" ? "\t" : " " }) + "^")
  }

  /// GitHub's runner takes what begins with `::`, behind blanks too, and `##[` anywhere, for commands, on standard error as well.
  private var isAction: Bool { System.environment("GITHUB_ACTIONS") == "true" }

  private func withoutCommands(_ line: String) -> String {
    let start = line.unicodeScalars.drop { $0.properties.isWhitespace }.startIndex
    var line = line
    if line[start...].utf8.starts(with: "::".utf8) { line.unicodeScalars.insert("\\", at: start) }
    return line.replacing("##[", with: json ? "##\\u005b" : "##\\[")
  }

  /// What cannot be seen, or turns the text around it, as it stands in pictures, too; in JSON as that has it.
  private func escaped(_ scalar: Unicode.Scalar) -> String {
    if !json { return "\\u{\(String(scalar.value, radix: 16))}" }
    return scalar.utf16.reduce(into: "") { text, unit in
      let digits = String(unit, radix: 16)
      text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
  }

  /// One line on standard error. What a file or a server put into it, or into its name, does not steer the terminal, and
  /// begins no line of its own.
  private func say(_ line: String) {
    var safe = ""
    let shown = PathName.shown(line, backslash: json ? "\\\\" : "\\")
    for scalar in (isAction ? withoutCommands(shown) : shown).unicodeScalars {
      switch scalar {
      case "\n": safe += "\\n"
      case "\r": safe += "\\r"
      default:
        let isControl = scalar.value < 32 && scalar != "\t" || (127..<160).contains(scalar.value)
        if isControl || scalar.isASCII || ShownText.isSeen(scalar) {
          safe.unicodeScalars.append(isControl ? "\u{fffd}" : scalar)
        } else {
          safe += escaped(scalar)
        }
      }
    }
    progress?.clear()
    // Nobody is left to be told that standard error is closed.
    do { try OpenFile.errors.write(Array((safe + "\n").utf8)) } catch {}
  }
}
