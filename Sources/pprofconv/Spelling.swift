internal import ArgumentParser
internal import PprofKit

/// `go tool pprof` spells its options with one dash and no short ones: `-sample_index=alloc_space`, `-output=x`, `-proto`.
/// What it has and we have too is accepted in both spellings.
enum Spelling {
  struct Flag {
    /// Without the dash.
    var pprof: String
    /// Whether `=VALUE` or a next word belongs to it.
    var takesValue: Bool
    /// What it is rewritten to, before the value.
    var ours: [String]
    var help: String
  }

  static let flags: [Flag] = [
    Flag(pprof: "output", takesValue: true, ours: ["--output"], help: "where to write"),
    Flag(pprof: "proto", takesValue: false, ours: ["--to", "pb.gz"], help: "gzip'd profile.proto"),
    Flag(pprof: "raw", takesValue: false, ours: ["--to", "raw"], help: "what is in the profile, as text"),
    Flag(
      pprof: "sample_index", takesValue: true, ours: ["--sample-index"],
      help:
        "the sample type that counts, by name or position;\n\(String(repeating: " ", count: 52))folded and csv: --sample-type VALUE for it alone"
    ),
    Flag(pprof: "inuse_space", takesValue: false, ours: ["--sample-index", "inuse_space"], help: "by bytes in use"),
    Flag(
      pprof: "inuse_objects", takesValue: false, ours: ["--sample-index", "inuse_objects"], help: "by objects in use"),
    Flag(pprof: "alloc_space", takesValue: false, ours: ["--sample-index", "alloc_space"], help: "by bytes allocated"),
    Flag(
      pprof: "alloc_objects", takesValue: false, ours: ["--sample-index", "alloc_objects"], help: "by objects allocated"
    ),
    Flag(pprof: "base", takesValue: true, ours: ["--base"], help: "less this profile"),
    Flag(pprof: "diff_base", takesValue: true, ours: ["--diff-base"], help: "less this profile, kept apart by a label"),
    Flag(pprof: "normalize", takesValue: false, ours: ["--normalize"], help: "scaled to the base's totals first"),
    Flag(pprof: "focus", takesValue: true, ours: ["--focus"], help: "samples with a frame that matches"),
    Flag(pprof: "ignore", takesValue: true, ours: ["--ignore"], help: "not those with a frame that matches"),
    Flag(pprof: "hide", takesValue: true, ours: ["--hide"], help: "no frames that match"),
    Flag(pprof: "show", takesValue: true, ours: ["--show"], help: "only frames that match"),
    Flag(pprof: "show_from", takesValue: true, ours: ["--show-from"], help: "nothing above the highest that matches"),
    Flag(pprof: "prune_from", takesValue: true, ours: ["--prune-from"], help: "nothing below the lowest that matches"),
    Flag(pprof: "tagfocus", takesValue: true, ours: ["--tagfocus"], help: "samples with a label like this"),
    Flag(pprof: "tagignore", takesValue: true, ours: ["--tagignore"], help: "not those with a label like this"),
    Flag(pprof: "tagshow", takesValue: true, ours: ["--tagshow"], help: "labels whose key matches"),
    Flag(pprof: "taghide", takesValue: true, ours: ["--taghide"], help: "no labels whose key matches"),
    Flag(pprof: "tagroot", takesValue: true, ours: ["--tagroot"], help: "labels as frames at the root"),
    Flag(pprof: "tagleaf", takesValue: true, ours: ["--tagleaf"], help: "labels as frames at the leaf"),
    Flag(pprof: "unit", takesValue: true, ours: ["--unit"], help: "of numbers that become frames so"),
    Flag(pprof: "noinlines", takesValue: false, ours: ["--noinlines"], help: "no inlined functions"),
  ]

  /// The arguments with pprof's spellings replaced. Nothing behind `--` is one.
  static func ours(_ arguments: [String]) throws(ProfileError) -> [String] {
    if arguments == ["help", "pprof-flags"] { return ["pprof-flags"] }
    if arguments.count == 2, arguments[0] == "help", ReportSpelling.top(arguments[1]) != nil { return ["help", "top"] }
    if arguments.count == 2, arguments[0] == "help", !Pprofconv.verbs.contains(arguments[1]), arguments[1] != "help" {
      let near = nearest(arguments[1], to: Pprofconv.verbs)
      throw ProfileError(
        .option, "there is no command “\(arguments[1])”",
        hint: near.map { "did you mean `pprofconv help \($0)`?" } ?? "`pprofconv --help` lists the commands")
    }
    if let report = try ReportSpelling.ours(arguments) { return report }
    // A batch has a format, too, and no single output.
    let formatWord = arguments.first == "batch" ? nil : formatWord(arguments)
    let isProto = arguments.contains { argument in
      GoFlags.option(argument).map { $0.name == "proto" && $0.value.map(GoFlags.truth) != false } ?? false
    }
    var result: [String] = []
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      if argument == "--" { return result + [argument] + rest }
      if try isIdle(argument) { continue }
      if let option = GoFlags.option(argument), ReportSpelling.verbsOfPattern.contains(option.name), option.value == ""
      {
        // An empty one is none, and pprof's -proto is what is asked for.
        if isProto { continue }
        throw ReportSpelling.noPattern(argument)
      }
      if let formatWord, let output = output(argument, &rest) {
        // pprof's empty -output= is standard output.
        if !output.isEmpty { result.append("--output=" + (named(output, formatWord))) }
        continue
      }
      if isProto, let option = GoFlags.option(argument), idleBesideProto.contains(option.name) {
        if option.value == nil, PprofOptions.takesNext(option.name) { _ = rest.popFirst() }
        continue
      }
      // A number below 0 is a value, and is refused as such; ArgumentParser takes it for an option.
      if argument.hasPrefix("--"), !argument.contains("="), let next = rest.first, next.hasPrefix("-"),
        Int(next) != nil
      {
        rest.removeFirst()
        result.append("\(argument)=\(next)")
        continue
      }
      result += replacement(argument) ?? [argument]
    }
    return result
  }

  /// `-proto` or `-raw`, whichever comes last: pprof's words for what is written, whatever the output is called.
  private static func formatWord(_ arguments: [String]) -> String? {
    var word: String?
    for argument in arguments {
      if argument == "--" { break }
      guard let option = GoFlags.option(argument), ["proto", "raw"].contains(option.name),
        option.value.map(GoFlags.truth) ?? true == true
      else { continue }
      word = flags.first { $0.pprof == option.name }?.ours.last
    }
    return word
  }

  /// The value of an output in any spelling, which is taken off `rest` where it stands there; nil: another option, or ours in
  /// its short form without a value.
  private static func output(_ argument: String, _ rest: inout ArraySlice<String>) -> String? {
    if argument.utf8.starts(with: "-o".utf8), !argument.utf8.starts(with: "-output".utf8), argument.utf8.count > 2 {
      return String(argument.utf8.dropFirst(2))
    }
    guard let option = GoFlags.option(argument), ["o", "output"].contains(option.name) else { return nil }
    if let value = option.value { return value }
    // An empty name is somebody's variable that is not set; ArgumentParser has the words for one that is missing.
    guard let next = rest.first, !next.isEmpty, next.utf8.first != UInt8(ascii: "-") || next == "-" else { return nil }
    rest.removeFirst()
    return next
  }

  private static func named(_ output: String, _ format: String) -> String {
    Destination(argument: output).format == nil ? format + ":" + output : output
  }

  private static let takingFiles: Set = ["output", "base", "diff_base", "source_path", "trim_path"]

  /// What is to be said where nothing is left to read because an option took a file for its value: `top -unit heap.pb.gz`.
  static func takenInput(_ arguments: [String]) -> String? {
    var taken: (option: String, file: String)?
    var rest = arguments[...]
    while let argument = rest.popFirst(), argument != "--" {
      guard let option = GoFlags.option(argument), option.value == nil, PprofOptions.takesNext(option.name),
        !takingFiles.contains(option.name), let next = rest.popFirst()
      else { continue }
      if taken == nil, System.exists(next) { taken = (argument, next) }
    }
    guard let taken else { return nil }
    let file = PathName.shown(taken.file)
    return "\(taken.option) took \(file) for its value, and no input is left: `\(taken.option)=VALUE \(file)`"
  }

  /// Whether an output seems to name a format in front, and there is none of that name.
  static func isMistaken(_ output: String) -> Bool { meantFormat(output) != nil }

  /// - Throws: where ``isMistaken(_:)``: a file of that name is nobody's wish.
  static func checkFormat(of output: String) throws(ProfileError) {
    guard let (typed, meant, path) = meantFormat(output) else { return }
    throw ProfileError(
      .option, "there is no format “\(typed)”",
      hint: "did you mean `-o \(meant):\(path)`? A file of that name is `-o ./\(output)`")
  }

  private static func meantFormat(_ output: String) -> (typed: String, meant: String, path: String)? {
    guard Destination(argument: output).format == nil, let colon = output.utf8.firstIndex(of: UInt8(ascii: ":")) else {
      return nil
    }
    let (typed, path) = (String(output[..<colon]), String(output[output.utf8.index(after: colon)...]))
    // A drive of Windows, say, is one letter.
    guard typed.utf8.count > 1, !path.isEmpty, let meant = nearest(typed, to: formats) else { return nil }
    return (typed, meant, path)
  }

  private static let formats = Catalogue.formats.filter(\.writes).map(\.info.id.rawValue)

  /// What is to be said of an option of pprof's that shapes reports, where a profile is converted; nil where there is none.
  static func ofReports(_ arguments: [String]) -> ProfileError? {
    for argument in arguments {
      if argument == "--" { break }
      guard let option = GoFlags.option(argument), idleBesideProto.contains(option.name) else { continue }
      var typed = argument
      if option.value == nil, PprofOptions.takesNext(option.name) { typed += "=VALUE" }
      return ProfileError(
        .option, "\(argument) shapes reports, and a conversion has no use for it",
        hint:
          "a report with it: `\(report(arguments, option.name, typed))`; of conversions: `pprofconv help pprof-flags`")
    }
    return nil
  }

  /// The report that has an option for what a conversion writes as a picture, or for a viewer.
  private static func report(_ arguments: [String], _ name: String, _ typed: String) -> String {
    var output = ""
    var rest = arguments[...]
    while let argument = rest.popFirst(), output.isEmpty {
      if argument == "--to" {
        output = rest.first.map { "x." + $0 } ?? ""
      } else if let name = self.output(argument, &rest) {
        output = name
      }
    }
    let destination = Destination(argument: output)
    let format = destination.format?.rawValue ?? PathParts.ending(output) ?? ""
    let trims = ["call_tree", "cum", "edgefraction", "mean", "nodecount", "nodefraction", "trim"].contains(name)
    switch format {
    case "dot", "gv", "png", "pdf", "ps", "gif": return "pprofconv graph \(typed) FILE -o x.\(format)"
    case "svg" where trims: return "pprofconv graph \(typed) FILE -o x.svg"
    case "svg", "html", "speedscope": return "pprofconv flamegraph \(typed) FILE -o x.\(format)"
    case "callgrind": return "pprofconv callgrind \(typed) FILE -o x.callgrind"
    default: return "pprofconv top \(typed) FILE"
    }
  }

  /// What pprof takes beside `-proto` and makes nothing of: how reports look.
  private static let idleBesideProto: Set = [
    "addresses", "call_tree", "compact_labels", "cum", "drop_negative", "edgefraction", "filefunctions", "files",
    "flat",
    "functions", "lines", "mean", "nodecount", "nodefraction", "relative_percentages", "showcolumns", "source_path",
    "trim", "trim_path",
  ]

  /// `-q info FILE` with its command in front: options without a value that most commands have may stand before it.
  static func verbFirst(_ arguments: [String]) -> [String] {
    let leading = arguments.prefix { ["-q", "--quiet", "-v", "--verbose", "--json"].contains($0) }
    guard !leading.isEmpty, leading.count < arguments.count, Pprofconv.isVerb(arguments[leading.count]) else {
      return arguments
    }
    return [arguments[leading.count]] + leading + arguments.dropFirst(leading.count + 1)
  }

  /// Whether an option asks for nothing: for none of what `go tool pprof` has and we do not (`-web=false`, `-http=`), or for
  /// no report (`-text=false`).
  ///
  /// - Throws: where it asks for what we do not have.
  static func isIdle(_ argument: String) throws(ProfileError) -> Bool {
    guard let option = GoFlags.option(argument) else { return false }
    if ReportSpelling.isSwitch(option.name) { return option.value.map(GoFlags.truth) == false }
    guard let instead = instead(of: option.name) else { return false }
    switch option.name {
    case "http", "weblist", "disasm": if option.value == "" { return true }
    default: if option.value.map(GoFlags.truth) == false { return true }
    }
    throw ProfileError(.option, "\(argument): pprofconv opens no programs and reads no binaries", hint: instead)
  }

  /// What there is for an option of pprof's that we do not have.
  static func instead(of name: String) -> String? {
    switch name {
    case "http", "no_browser", "web":
      "a page for any browser: `pprofconv flamegraph FILE -o x.html`; the graph: `pprofconv -svg FILE -o x.svg`"
    case "eog", "evince", "gv": "the picture that it opens: `pprofconv -svg FILE -o x.svg`, or -png, -pdf, -ps"
    case "interactive": "there is no shell to type in: `pprofconv top FILE`, `pprofconv peek main FILE` …"
    case "kcachegrind": "the file that it opens: `pprofconv -callgrind FILE -o callgrind.out`"
    case "weblist": "sources with numbers: `pprofconv list PATTERN FILE`"
    case "disasm":
      "lines with numbers: `pprofconv list PATTERN FILE`; instructions take the binary and `go tool pprof -disasm`"
    default: nil
    }
  }

  private static func replacement(_ argument: String) -> [String]? {
    guard let option = GoFlags.option(argument), let flag = flags.first(where: { $0.pprof == option.name }) else {
      return nil
    }
    // `--output` is ours too.
    let typed = argument.utf8.prefix { $0 != UInt8(ascii: "=") }
    if typed.elementsEqual(dashed(flag.pprof).utf8), flag.ours == [dashed(flag.pprof)] { return nil }
    guard let value = option.value else { return flag.ours }
    if flag.takesValue { return flag.ours.dropLast() + joined(flag.ours.last ?? "", value) }
    // `-proto=true` as Go's flag package has it.
    return GoFlags.truth(value).map { $0 ? flag.ours : [] }
  }

  /// `sample_index` as we spell it: `--sample-index`.
  static func dashed(_ name: String) -> String {
    "--" + String(decoding: name.utf8.map { $0 == UInt8(ascii: "_") ? UInt8(ascii: "-") : $0 }, as: UTF8.self)
  }

  /// An option with its value: joined, so that a value that begins with a dash is one; an empty one cannot be.
  static func joined(_ option: String, _ value: String) -> [String] {
    value.isEmpty ? [option, value] : [option + "=" + value]
  }

  /// The one of `words` that `typed` was most probably meant to be.
  static func nearest(_ typed: String, to words: [String]) -> String? {
    let near = words.map { ($0, distance(typed, $0)) }.min { $0.1 < $1.1 }
    guard let (word, distance) = near, distance <= max(1, word.count / 3) else { return nil }
    return word
  }

  /// Letters to add, drop or replace (Levenshtein); neighbours that changed places count as one.
  private static func distance(_ a: String, _ b: String) -> Int {
    let (a, b) = (Array(a), Array(b))
    var rows = [Array(0...b.count)]
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var best = min(rows[i][j] + (a[i] == b[j] ? 0 : 1), rows[i][j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, rows[i - 1][j - 1] + 1) }
        row.append(best)
      }
      rows.append(row)
    }
    return rows[a.count][b.count]
  }
}

/// `pprofconv help pprof-flags`.
struct PprofFlags: Verb {
  static let configuration = CommandConfiguration(
    commandName: "pprof-flags", abstract: "The options of go tool pprof that are understood.", shouldDisplay: false)

  func run(_ context: Context) throws -> ExitStatus {
    var text = "Options of `go tool pprof` that pprofconv understands, in its spelling and in ours:\n\n"
    let rows = Spelling.flags.map { flag in
      (
        "-" + flag.pprof + (flag.takesValue ? "=VALUE" : ""),
        flag.ours.joined(separator: " ") + (flag.takesValue ? " VALUE" : ""), flag.help
      )
    }
    for (theirs, ours, help) in rows { text += "  " + theirs.padded(to: 22) + ours.padded(to: 28) + help + "\n" }
    text += "\nOf its reports, the verb of that name with the same options:\n\n  "
    text += ReportSpelling.described + "\n"
    text += "\nOne dash or two, with = or a blank before the value, - or _ between words. -oFILE is -o FILE.\n"
    return context.terminal.print(text)
  }
}

extension String {
  func padded(to width: Int) -> String { self + String(repeating: " ", count: max(1, width - count)) }
}
