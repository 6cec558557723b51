internal import PprofKit

/// What the library calls its options in hints, and what they are on the command line.
enum FlagNames {
  private static let flags = [
    ("`InputOptions.format` folded", "--from folded"), ("`InputOptions.format`", "--from FORMAT"),
    ("`OutputOptions.format`", "--to FORMAT"), ("`Destination.file`", "-o FILE"),
    ("`maxInflated`", "--max-inflated SIZE"), ("`maxMemory`", "--max-memory SIZE"), ("`maxLine`", "--max-line SIZE"),
    ("`isStrict`", "--strict"), ("`sampleType`", "--sample-type"), ("`ReportOptions.sampleType`", "--sample-index"),
    ("`grouping`", "--group"),
    ("`carry` off", "--no-carry"), ("`carry`", "--carry"),
    ("`isRecursive`", "--recursive"), ("`lists`", "--files-from"), ("`formats`", "--to FORMAT"),
    ("`nameTemplate` “", "--name “"),
    (
      "`existing` replaces what is there, keeps it, or replaces what is older than its input",
      "-f replaces what is there, -n keeps it, -u replaces what is older than its input"
    ),
    ("`existing` replaces what is there", "-f replaces what is there"), ("`listsEndInZero`", "-0"),
    ("`exclude`", "--exclude PATTERN"), ("`recovers`", "--recover"),
    ("`mutexRecords`", "--mutex-records"),
    ("`hiddenFrames`", "--hidden-frames"),
  ]

  static func replaced(_ hint: String) -> String {
    flags.reduce(hint) { $0.replacing($1.0, with: $1.1) }
  }
}

extension ProfileError {
  /// The error as somebody at a command line reads it.
  var namingFlags: ProfileError {
    var error = self
    error.hint = hint.map(FlagNames.replaced)
    return error
  }
}
