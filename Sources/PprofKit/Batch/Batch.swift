public import ProfileFormats
internal import ProfileModel

/// Many profiles in, one or more outputs of each: files, whole trees, lists.
///
///     var batch = Batch(["profiles"], to: [.text], in: "texts")
///     batch.isRecursive = true
///     let outcome = try batch.run { file in print(file.path, file.status) }
///
/// Every output is written beside its place, brought to the disk, and renamed: after a crash, a full disk or a kill there is
/// the old file or the whole new one, and never a part. What is written depends on the inputs and the options alone, never
/// on ``jobs`` or on who was faster.
public struct Batch: Sendable {
  // MARK: What is read

  /// Files, directories (with ``isRecursive``) and patterns (`*`, `?`, `[a-z]`, `**`, `{a,b}`), in this order. What is there
  /// under a name is taken as it is, even if it looks like a pattern.
  public var inputs: [String]
  /// Files that list inputs, `-` for standard input: after ``inputs``, in their own order.
  public var lists: [String] = []
  /// Whether a zero byte ends each name of ``lists`` (`find -print0`), instead of a line end.
  public var listsEndInZero = false
  /// Whether directories are walked; without it a directory is an error.
  public var isRecursive = false
  /// Patterns: where there are any, a file that is found by walking or by a pattern must match one of them. A pattern
  /// without a slash is matched against the name, one with a slash against the path below the directory.
  public var include: [String] = []
  /// Patterns: what matches one of them is left out, and of a directory everything in it.
  public var exclude: [String] = []
  /// Whether links to directories are followed, each directory once. Links to files always are.
  public var followsLinks = false
  /// Whether names that begin with a dot are found by walking and by patterns.
  public var hidden = false
  /// Whether it is no error that there is no input at all, as where another program hands out the work.
  public var allowsNone = false
  /// The part of the inputs that is this process's; nil: all of them.
  public var shard: Shard?
  public var inputOptions = InputOptions()

  // MARK: What is written

  public enum Layout: String, CaseIterable, Hashable, Sendable {
    /// As the inputs stand below the directory that was given; a file that was named has its name alone, and one from a list
    /// its path.
    case mirrored
    /// All in one directory.
    case flat
  }

  /// The formats that are written of each input, from one parse.
  public var formats: [FormatID]
  /// Where all outputs go; it is made if need be. Nothing in it is read.
  public var outputDirectory: String
  public var layout = Layout.mirrored
  /// The name of an output: `{stem}` (the input's without the ending of a profile), `{name}`, `{ext}`, `{format}`, `{kind}`
  /// (`heap`, `cpu` …) and `{dir}` (the directory of the input, with `-` for each slash).
  public var nameTemplate = Batch.defaultNameTemplate
  public static let defaultNameTemplate = "{stem}.{ext}"
  public var outputOptions = OutputOptions()

  public enum Existing: String, CaseIterable, Hashable, Sendable {
    /// Nothing is written at all if one output is there already; where ``nameTemplate`` has the kind, which only the content
    /// tells, the input whose output is there fails.
    case refuse
    /// Outputs that are there are replaced.
    case replace
    /// Outputs that are there stay as they are.
    case keep
    /// Outputs that are newer than their input stay, others are replaced.
    case update
  }
  public var existing = Existing.refuse

  /// Where the manifest goes, and where the one of an earlier run is read: what it proves to be current is not converted
  /// again, and what that run wrote may be replaced whatever ``existing`` says. nil: none.
  public var manifest: String?
  /// Files that the caller writes beside the outputs, reports of the batch: a plan refuses those in the place of an input, an
  /// output, the manifest or each other.
  public var reportPaths: [String] = []
  /// Whether each ``BatchFile`` gets the hashes of what was read and written. A manifest needs them anyway.
  public var hashesContent = false
  /// Puts options into the words of who asked, for the manifest.
  package var wording: @Sendable (String) -> String = { $0 }

  // MARK: How

  /// How many files are converted at once; nil: one a processor.
  public var jobs: Int?
  /// What all of them together may take, in bytes; nil: nine tenths of what the machine or the container has.
  public var maxMemory: Int?
  /// Whether the others are converted all the same when a file fails.
  public var keepsGoing = false
  /// Where the files are noted that must go when the process is interrupted.
  package var temporaries = TemporaryFiles()

  public init(_ inputs: [String], to formats: [FormatID], in outputDirectory: String) {
    self.inputs = inputs
    self.formats = formats
    self.outputDirectory = outputDirectory
  }
}
