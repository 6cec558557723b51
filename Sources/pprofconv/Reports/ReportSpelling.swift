internal import PprofKit

/// The spellings of reports: `pprofconv -top FILE`, `pprofconv top10 -cum FILE`, `pprofconv -peek=main FILE` are the verbs
/// with their options; and every option of pprof's with one dash and underscores is ours with two and dashes.
enum ReportSpelling {
  /// Verbs that show a profile, without and with a pattern before the files.
  static let verbs = [
    "top", "tree", "traces", "tags", "comments", "raw", "dot", "graph", "flamegraph", "callgrind",
    "topproto",
  ]
  static let verbsOfPattern = ["peek", "list"]

  /// pprof's options that take a value; the others are on or off.
  static let valued = [
    "sample_index", "unit", "divide_by", "nodecount", "nodefraction", "edgefraction", "source_path", "trim_path",
    "output",
    "focus", "ignore", "hide", "show", "show_from", "prune_from", "tagfocus", "tagignore", "tagshow", "taghide",
    "tagroot",
    "tagleaf", "base", "diff_base", "symbolize",
  ]
  static let switches = [
    "mean", "trim", "flat", "cum", "functions", "filefunctions", "files", "lines", "addresses", "noinlines",
    "showcolumns",
    "call_tree", "relative_percentages", "drop_negative", "compact_labels", "normalize",
  ]
  /// pprof's short forms of `sample_index`, and what they are.
  static let sampleTypes = [
    "inuse_space": ["--sample-index=inuse_space"], "inuse_objects": ["--sample-index=inuse_objects"],
    "alloc_space": ["--sample-index=alloc_space"], "alloc_objects": ["--sample-index=alloc_objects"],
    "contentions": ["--sample-index=contentions"], "total_delay": ["--sample-index=delay"],
    "mean_delay": ["--sample-index=delay", "--mean"],
  ]
  /// What pprof has Graphviz draw; `graph` does.
  static let pictures = ["svg", "png", "pdf", "ps", "gif"]

  /// What `help pprof-flags` says of them.
  static var described: String {
    let reports =
      (verbs.filter { $0 != "graph" && $0 != "flamegraph" } + verbsOfPattern.map { $0 + "=REGEX" } + ["text"]).map {
        "-" + $0
      }
    let options = (valued.filter { $0 != "symbolize" } + switches + sampleTypes.keys.sorted()).map { "-" + $0 }
    return wrapped(reports) + "\n  " + wrapped(pictures.map { "-" + $0 } + ["(drawn by Graphviz: graph --to svg …)"])
      + "\n\nTheir options:\n\n  " + wrapped(options)
  }

  private static func wrapped(_ words: [String]) -> String {
    var lines = [""]
    for word in words {
      if let last = lines.last, !last.isEmpty, last.count + word.count > 90 { lines.append("") }
      lines[lines.count - 1] += (lines[lines.count - 1].isEmpty ? "" : " ") + word
    }
    return lines.joined(separator: "\n  ")
  }

  /// The arguments of a report with ours for pprof's; nil where no report is asked for.
  static func ours(_ arguments: [String]) -> [String]? {
    guard let (verb, others) = verb(arguments) else { return nil }
    var rest = others
    var result = [verb.name]
    if let count = verb.count { result.append("--nodecount=\(count)") }
    if let pattern = verb.pattern { result.append(pattern) }
    if let picture = verb.picture { result.append("--to=\(picture)") }
    while !rest.isEmpty {
      let argument = rest.removeFirst()
      if argument == "--" { return result + [argument] + rest }
      guard argument.hasPrefix("-"), argument.count > 2 else {
        result.append(argument)
        continue
      }
      let parts = argument.drop { $0 == "-" }.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0]).replacing("-", with: "_")
      if valued.contains(name) {
        // Joined, so that a value that begins with a dash is one.
        guard let value = parts.count == 2 ? String(parts[1]) : rest.isEmpty ? nil : rest.removeFirst() else {
          result.append(argument)
          continue
        }
        if name != "symbolize" { result += Spelling.joined("--" + name.replacing("_", with: "-"), value) }
      } else if switches.contains(name) || sampleTypes[name] != nil {
        guard let isOn = parts.count == 2 ? truth(parts[1]) : true else {
          result.append(argument)
          continue
        }
        if let types = sampleTypes[name] {
          if isOn { result += types }
        } else if isOn {
          result.append("--" + name.replacing("_", with: "-"))
        } else if name == "trim" {
          result.append("--no-trim")
        }
      } else {
        result.append(argument)
      }
    }
    return result
  }

  /// As Go's flag package reads it.
  private static func truth(_ word: Substring) -> Bool? {
    switch word {
    case "1", "t", "T", "true", "TRUE", "True": true
    case "0", "f", "F", "false", "FALSE", "False": false
    default: nil
    }
  }

  private struct Verb {
    var name: String
    var count: Int?
    var picture: String?
    var pattern: String?
  }

  /// The first word, or an option that names a report wherever it stands.
  private static func verb(_ arguments: [String]) -> (Verb, [String])? {
    guard let first = arguments.first else { return nil }
    if (verbs + verbsOfPattern).contains(first) { return (Verb(name: first), Array(arguments.dropFirst())) }
    if first.hasPrefix("top"), let count = Int(first.dropFirst(3)), count >= 0, !System.exists(first) {
      return (Verb(name: "top", count: count), Array(arguments.dropFirst()))
    }
    for (i, argument) in arguments.enumerated() {
      if argument == "--" { return nil }
      guard argument.hasPrefix("-"), !argument.hasPrefix("--") else { continue }
      let parts = argument.dropFirst().split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = parts.first == "text" ? "top" : parts.first.map(String.init) ?? ""
      var rest = arguments
      if verbs.contains(name), name != "raw", name != "flamegraph", parts.count == 1 || truth(parts[1]) == true {
        rest.remove(at: i)
        return (Verb(name: name), rest)
      }
      if pictures.contains(name), parts.count == 1 || truth(parts[1]) == true {
        rest.remove(at: i)
        return (Verb(name: "graph", picture: name), rest)
      }
      if verbsOfPattern.contains(name) {
        rest.remove(at: i)
        if parts.count == 2 { return (Verb(name: name, pattern: String(parts[1])), rest) }
        if i < rest.count { return (Verb(name: name, pattern: rest.remove(at: i)), rest) }
      }
    }
    return nil
  }
}
