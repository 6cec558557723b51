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

  /// What pprof has Graphviz draw; `graph` does.
  static let pictures = ["svg", "png", "pdf", "ps", "gif"]

  /// What `help pprof-flags` says of them.
  static var described: String {
    let reports =
      (verbs.filter { $0 != "graph" && $0 != "flamegraph" } + verbsOfPattern.map { $0 + "=REGEX" } + ["text"]).map {
        "-" + $0
      }
    let named = PprofOptions.kinds.filter { option in
      switch option.kind {
      case .text, .list, .integer, .number, .toggle: true
      case .ignoredText, .ignoredInteger, .ignoredToggle: false
      }
    }
    let options = (named.map(\.name) + PprofOptions.sampleTypes.map(\.name).sorted()).map { "-" + $0 }
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
  static func ours(_ arguments: [String]) throws(ProfileError) -> [String]? {
    guard case (var verb, let others)? = try verb(arguments) else { return nil }
    var rest = others[...]
    var result = [verb.name]
    // pprof's -output=t.csv is text.
    if verb.isPprofs, tables.contains(verb.name), !others.contains(where: namesForm) { result.append("--to=text") }
    if verb.isPprofs, !tables.contains(verb.name), verb.picture == nil { result.append("--any-name") }
    // A dash at its beginning makes no option of it.
    if let pattern = verb.pattern { result.append(pattern.utf8.first == UInt8(ascii: "-") ? "\\" + pattern : pattern) }
    var options = PprofOptions()
    if let count = verb.count { try options.take("nodecount", count) }
    while let argument = rest.popFirst() {
      if argument == "--" { return result + verb.form + (try options.ours()) + [argument] + rest }
      guard let option = GoFlags.option(argument) else {
        options.pass(argument)
        continue
      }
      // Reports that are not asked for: `-dot=false`, `-peek=`.
      if verbsOfPattern.contains(option.name), option.value == "" { continue }
      if let other = verbOfSwitch(option.name), let isOn = option.value.map({ GoFlags.truth($0) }) ?? true {
        if !isOn { continue }
        if other.name != verb.name { throw twoReports(verb.name, argument) }
        // The same once more, which can say how many, or drawn as what.
        if let drawn = verb.picture, let picture = other.picture, drawn != picture {
          throw twoReports("-" + drawn, argument)
        }
        verb.picture = verb.picture ?? other.picture
        if let count = other.count { try options.take("nodecount", count) }
        continue
      }
      if verbsOfPattern.contains(option.name) { throw twoReports(verb.name, argument) }
      if try Spelling.isIdle(argument) { continue }
      var value = option.value
      if value == nil, PprofOptions.takesNext(option.name) {
        value = rest.popFirst()
        // ArgumentParser has the words for what is missing, if it knows the option.
        if value == nil {
          if PprofOptions.isIgnored(option.name) {
            throw ProfileError(.option, "\(argument): no value follows it")
          }
          options.pass(Spelling.dashed(option.name))
          continue
        }
      }
      if try !options.take(option.name, value, as: argument) { options.pass(argument) }
    }
    return result + verb.form + (try options.ours())
  }

  static func noPattern(_ argument: String) -> ProfileError {
    let option = argument.utf8.last == UInt8(ascii: "=") ? String(argument.dropLast()) : argument
    return ProfileError(.option, "\(argument): no pattern follows it", hint: "\(option)=main FILE; \(option)=. is all")
  }

  private static func twoReports(_ verb: String, _ argument: String) -> ProfileError {
    ProfileError(
      .option, "\(verb) and \(argument): one report at a time is made",
      hint: "give one of them, or run it once for each")
  }

  /// `top10` as `top` with a count; nil for any other word.
  static func top(_ word: String) -> Int? {
    guard word.utf8.starts(with: "top".utf8), let count = Int(word.dropFirst(3)), count >= 0 else { return nil }
    return count
  }

  private struct Verb {
    var name: String
    /// Whether it is typed as pprof has it: `-top`.
    var isPprofs = false
    var count: Int?
    var picture: String?
    var pattern: String?

    var form: [String] { picture.map { ["--to=\($0)"] } ?? [] }
  }

  /// The first word, or an option that names a report wherever it stands.
  private static func verb(_ arguments: [String]) throws(ProfileError) -> (Verb, [String])? {
    guard let first = arguments.first else { return nil }
    if (verbs + verbsOfPattern).contains(first) { return (Verb(name: first), Array(arguments.dropFirst())) }
    if let count = top(first), !System.exists(first) {
      return (Verb(name: "top", count: count), Array(arguments.dropFirst()))
    }
    // The options of other verbs are not pprof's.
    if Pprofconv.verbs.contains(first) || first == "help" { return nil }
    var i = 0
    while i < arguments.count, arguments[i] != "--" {
      defer { i += 1 }
      guard let option = GoFlags.option(arguments[i]) else { continue }
      var rest = arguments
      if let verb = verbOfSwitch(option.name), option.value.map(GoFlags.truth) ?? true == true {
        rest.remove(at: i)
        return verb.name == "raw" && rest.contains(where: isOfConversions) ? nil : (verb, rest)
      }
      if verbsOfPattern.contains(option.name) {
        let name = option.name
        rest.remove(at: i)
        // An empty one is none.
        if option.value == "" { continue }
        if let value = option.value { return (Verb(name: name, isPprofs: true, pattern: value), rest) }
        if i < rest.count { return (Verb(name: name, isPprofs: true, pattern: rest.remove(at: i)), rest) }
        throw noPattern(arguments[i])
      }
      if option.value == nil, PprofOptions.takesNext(option.name) { i += 1 }
    }
    return nil
  }

  /// The option of pprof's that a word with one dash was most probably meant to be.
  static func near(_ word: String) -> String? {
    let words = verbs.filter { !["graph", "flamegraph"].contains($0) } + verbsOfPattern + pictures + ["text"]
    return Spelling.nearest(String(word.dropFirst()), to: words).map { "-" + $0 }
  }

  /// Whether an option asks for a report, if its value is true.
  static func isSwitch(_ name: String) -> Bool { verbOfSwitch(name) != nil }

  private static func verbOfSwitch(_ name: String) -> Verb? {
    if name == "text" { return Verb(name: "top", isPprofs: true) }
    // pprof has it in its shell alone.
    if let count = top(name) { return Verb(name: "top", isPprofs: true, count: count) }
    if pictures.contains(name) { return Verb(name: "graph", isPprofs: true, picture: name) }
    return verbs.contains(name) && name != "graph" && name != "flamegraph" ? Verb(name: name, isPprofs: true) : nil
  }

  /// Those that are tables, which have several forms.
  private static let tables = ["top", "tree", "traces", "tags", "comments", "peek", "list"]

  /// Whether a verb shows nodes, of which `--nodecount` can be asked for.
  static func shows(_ verb: String) -> Bool { tables.contains(verb) || ["dot", "graph", "callgrind"].contains(verb) }

  private static func namesForm(_ argument: String) -> Bool {
    GoFlags.option(argument).map { ["to", "csv", "json"].contains($0.name) } ?? false
  }

  /// What `convert` has and no report: with it `-raw` is one of its formats.
  private static func isOfConversions(_ argument: String) -> Bool {
    guard let option = GoFlags.option(argument) else { return false }
    return [
      "to", "check", "members", "jobs", "group", "sort", "sample_type", "carry", "no_carry", "strict", "level",
      "compact", "v", "verbose",
    ].contains(option.name)
  }
}
