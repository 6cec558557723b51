internal import ArgumentParser
internal import PprofKit

/// What is left out of a profile: pprof's filters, for every verb that shows or writes one.
struct FilterFlags: ParsableArguments {
  @Option(help: ArgumentHelp("Only samples with a frame (function, file or binary) that matches.", valueName: "regex"))
  var focus = ""

  @Option(help: ArgumentHelp("No samples with a frame that matches.", valueName: "regex"))
  var ignore = ""

  @Option(help: ArgumentHelp("No frames that match, and no samples without others.", valueName: "regex"))
  var hide = ""

  @Option(help: ArgumentHelp("Only frames that match, and no samples without any.", valueName: "regex"))
  var show = ""

  @Option(help: ArgumentHelp("No frames above the highest that matches, no samples without one.", valueName: "regex"))
  var showFrom = ""

  @Option(help: ArgumentHelp("No frames below the lowest whose function matches.", valueName: "regex"))
  var pruneFrom = ""

  @Option(
    help: ArgumentHelp(
      "Only samples with a label like this: regexes over key:value, with commas; key=regexes over one key's values; or numbers: 32kb, :64kb, 4mb:, bytes=1kb:2mb.",
      valueName: "label"))
  var tagfocus = ""

  @Option(help: ArgumentHelp("No samples with a label like that.", valueName: "label"))
  var tagignore = ""

  @Option(help: ArgumentHelp("Only labels whose key matches.", valueName: "regex"))
  var tagshow = ""

  @Option(help: ArgumentHelp("No labels whose key matches.", valueName: "regex"))
  var taghide = ""

  @Option(
    help: ArgumentHelp("The values of these labels as frames at the root, the first outermost.", valueName: "keys"))
  var tagroot = ""

  @Option(help: ArgumentHelp("The same at the leaf, the last innermost.", valueName: "keys"))
  var tagleaf = ""

  var options: FilterOptions {
    var options = FilterOptions()
    options.focus = focus
    options.ignore = ignore
    options.hide = hide
    options.show = show
    options.showFrom = showFrom
    options.pruneFrom = pruneFrom
    options.tagFocus = tagfocus
    options.tagIgnore = tagignore
    options.tagShow = tagshow
    options.tagHide = taghide
    options.tagRoot = tagroot
    options.tagLeaf = tagleaf
    return options
  }
}
