public import ProfileModel

/// What a report shows, and how. The defaults are pprof's; the names of its options stand in parentheses.
public struct ReportOptions: Sendable {
  /// What one row or node of a report stands for.
  public enum Granularity: String, CaseIterable, Hashable, Sendable {
    case functions, filefunctions, files, lines, addresses
  }

  /// By which value rows are put in descending order.
  public enum Sort: String, CaseIterable, Hashable, Sendable {
    case flat, cum
  }

  /// The sample type that counts, by name or position (`sample_index`). nil: the profile's default, or else its last.
  public var sampleType: String?
  /// Whether to show values as means over the profile's first sample type (`mean`).
  public var isMean = false
  /// The unit to show values in: one of pprof's, `auto` for each value's own, `minimum` for the one that fits the smallest
  /// value (`unit`).
  public var unit = "minimum"
  /// What all values are divided by (`divide_by`); not 0.
  public var divisor = 1.0

  /// How many nodes to show at most; 0: all; nil: the report's own default (`nodecount`).
  public var nodeCount: Int?
  /// Nodes below this share of the total are not shown (`nodefraction`).
  public var nodeFraction = 0.005
  /// Edges below this share of the total are not shown (`edgefraction`).
  public var edgeFraction = 0.001
  /// Whether the three above are honoured (`trim`).
  public var trims = true

  /// By which value rows and nodes are put, largest first (`flat`, `cum`).
  public var sort = Sort.flat
  /// nil: the report's own default, functions for most.
  public var granularity: Granularity?
  /// Whether inlined functions are told from those that they were inlined into (not `noinlines`).
  public var showsInlines = true
  /// Whether column numbers are told apart where lines are (`showcolumns`).
  public var showsColumns = false
  /// Whether a function that is reached on several paths is a node for each, in graphs (`call_tree`).
  public var isCallTree = false
  /// Whether nodes with a negative value are left out (`drop_negative`).
  public var dropsNegative = false
  /// Whether the lines that describe the profile are left out (`compact_labels`).
  public var isCompact = false

  /// Whether `dot` and `callgrind` are pprof's letter for letter, with what their readers trip over: quotes in labels end the
  /// text around them, and calls are counted as 0, which callgrind_annotate takes for costs of the caller itself.
  public var isVerbatim = false

  /// Where sources are searched, folders with colons between; empty: the working directory (`source_path`).
  public var sourcePath = ""
  /// What file names lose at their beginning, paths with colons between (`trim_path`).
  public var trimPath = ""

  /// The functions that the report is about, where it needs that: `peek`, `list`.
  public var pattern: NamePattern?
  /// What was filtered, `focus=main`, to be said in the report's head.
  public var activeFilters: [String] = []
  /// What shares are of. nil: the profile that is shown. See ``ReportBasis``.
  public var basis: ReportBasis?

  /// The local time zone at an instant (seconds since 1970), for reports that print local times.
  public var zone: @Sendable (_ seconds: Int64) -> ZoneOffset = { _ in .utc }
  /// How sources are read, for reports that show them.
  public var sources = SourceAccess()

  /// Of flame graphs: title, size, colours.
  public var picture = PictureOptions()

  public init() {}
}

/// What only pictures have: flame graphs and the pages around them. A picture that cannot do what one of these says refuses
/// it, by an error of kind `option`; all have titles.
public struct PictureOptions: Sendable {
  /// nil: one that tells the sample type.
  public var title: String?
  /// Of a drawing, in pixels; nil: 1200.
  public var width: Int?
  /// Frames of a drawing that are narrower than this, in pixels, are left out; nil: 0.1.
  public var minWidth: Double?
  /// One of ``palettes``; nil: the first.
  public var colors: String?
  /// Whether stacks are merged from the leaf.
  public var isReversed = false
  /// Whether the root is on top: an icicle.
  public var isInverted = false
  /// What the values count, as tooltips say it; nil: the sample type's unit.
  public var countName: String?

  /// The names of palettes: a hue for each package, or shades of one kind of colour.
  public static var palettes: [String] { Palette.names }

  public init() {}
}

/// A pattern over names, with the text that it was made of.
public struct NamePattern: Sendable {
  public var text: String
  /// Whether a name has what the pattern describes anywhere in it.
  public var matches: @Sendable (_ name: Span<UInt8>) -> Bool

  public init(_ text: String, matches: @escaping @Sendable (_ name: Span<UInt8>) -> Bool) {
    self.text = text
    self.matches = matches
  }
}

/// How sources are read. By default there are none.
public struct SourceAccess: Sendable {
  public enum Answer: Sendable {
    case content([UInt8])
    /// Why not, in the system's words: `no such file or directory`.
    case failure(String)
  }

  public var workingDirectory = "/"
  public var read: @Sendable (_ path: String) -> Answer = { _ in .failure("no such file or directory") }

  public init() {}
}
