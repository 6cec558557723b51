internal import PprofKit

/// A conversion, done, and what is said of it.
struct ConversionRun {
  var conversion: Conversion
  /// Write nothing, and say whether the outputs are what would be written.
  var checks = false
  /// What `--to` says, which the names of outputs may say otherwise.
  var askedFormat: FormatID?
  var isQuiet = false
  var isVerbose = false

  init(_ conversion: Conversion) { self.conversion = conversion }

  func run(_ context: Context) throws -> ExitStatus {
    var terminal = context.terminal
    terminal.isQuiet = isQuiet
    var conversion = conversion
    conversion.temporaries = context.temporaries
    System.easeMemory()
    let result = checks ? try conversion.check() : try conversion.run()
    report(result, terminal)
    if checks, case let stale = result.outputs.filter({ !$0.isCurrent }), !stale.isEmpty {
      for output in stale {
        terminal.differs(StaleOutput(path: output.destination.name, isMissing: output.isMissing))
      }
      return .checkFailed
    }
    return .done
  }

  private func report(_ result: Conversion.Result, _ terminal: Terminal) {
    let name = conversion.input.name
    terminal.show(result.diagnostics, of: name)
    terminal.show(result.combination)
    for message in result.messages { terminal.warn(message, of: name, kind: "filter") }
    for output in result.outputs {
      terminal.show(output.losses, of: output.destination.name, format: output.format)
      for message in output.messages { terminal.warn(message, of: output.destination.name, kind: "grouping") }
    }
    if let format = askedFormat,
      let first = result.outputs.first(where: { $0.destination.format == nil }),
      !result.outputs.contains(where: { $0.format.id == format || $0.format.aliases.contains(format.rawValue) })
    {
      let name = first.destination.name
      terminal.warn(
        "written as \(first.format.id), as its name says, and not as \(format): that is `-o \(format):\(name)`",
        of: name, kind: "format")
    }
    guard isVerbose else { return }
    terminal.note("read \(name): \(result.format.id)\(result.isGzip ? ", gzip'd" : ""), \(result.sampleCount) samples")
    for output in result.outputs {
      terminal.note(
        "\(checks ? "checked" : "wrote") \(output.destination.name): \(output.format.id), \(output.sampleCount) samples"
      )
    }
  }
}
