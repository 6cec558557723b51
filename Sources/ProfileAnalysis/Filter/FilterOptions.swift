/// What is left out of a profile before it is shown or written: `go tool pprof`'s filters, in its words (they stand in
/// parentheses). An empty text is no filter.
///
/// Patterns are RE2's and match anywhere in a name. A *frame* matches with the name of its function, with its file, or with
/// the file of its location's mapping.
public struct FilterOptions: Hashable, Sendable {
  /// Keep samples with a frame that matches (`focus`).
  public var focus = ""
  /// Leave out samples with a frame that matches (`ignore`).
  public var ignore = ""
  /// Leave out frames that match (`hide`), and samples without any other.
  public var hide = ""
  /// Leave out frames that do not match (`show`), and samples without any other.
  public var show = ""
  /// Leave out what is above the highest frame that matches (`show_from`), and samples without one.
  public var showFrom = ""
  /// Leave out what is below the lowest frame whose function matches (`prune_from`), its arguments not looked at.
  public var pruneFrom = ""

  /// Keep samples with a label like this (`tagfocus`): a pattern over `key:value`, several with commas of which all must match;
  /// `key=PATTERN` over the values of one key, where one must match; or a range of numbers, `32kb`, `:64kb`, `4mb:`,
  /// `12kb:64mb`, of one key with `key=` before it.
  public var tagFocus = ""
  /// Leave out samples with a label like that (`tagignore`).
  public var tagIgnore = ""
  /// Leave out labels whose key does not match (`tagshow`).
  public var tagShow = ""
  /// Leave out labels whose key matches (`taghide`).
  public var tagHide = ""

  /// Label keys, with commas between, whose values become frames at the root of each stack, the first one outermost (`tagroot`).
  public var tagRoot = ""
  /// The same at the leaf, the last one innermost (`tagleaf`).
  public var tagLeaf = ""
  /// In which unit those frames show numbers (`unit`).
  public var labelUnit = "minimum"

  /// Of functions inlined into each other keep the outermost (`noinlines`).
  public var hidesInlines = false

  public init() {}

  /// Whether a profile stays as it is.
  public var isEmpty: Bool {
    var none = FilterOptions()
    none.labelUnit = labelUnit
    return self == none
  }

  /// As pprof names them in the head of a report: `focus=main`, in its order, without those that it leaves out there.
  public var activeFilters: [String] {
    let all = [
      ("focus", focus), ("ignore", ignore), ("hide", hide), ("show", show), ("show_from", showFrom),
      ("tagfocus", tagFocus), ("tagignore", tagIgnore), ("tagshow", tagShow), ("taghide", tagHide),
    ]
    return all.filter { !$0.1.isEmpty }.map { "\($0.0)=\($0.1)" }
  }
}
