internal import PprofKit

/// The options of pprof's reports in ours: two dashes, and the last of a name counts, as with Go.
struct PprofOptions {
  enum Kind {
    case text, list, integer, number, toggle
    /// What has no meaning here: no binary, no server and no tool is asked. Its value is read and left.
    case ignoredText, ignoredInteger, ignoredToggle
  }

  static let kinds: [(name: String, kind: Kind)] = [
    ("sample_index", .text), ("unit", .text), ("divide_by", .number), ("nodecount", .integer),
    ("nodefraction", .number), ("edgefraction", .number), ("source_path", .text), ("trim_path", .text),
    ("output", .text), ("focus", .text), ("ignore", .text), ("hide", .text), ("show", .text), ("show_from", .text),
    ("prune_from", .text), ("tagfocus", .text), ("tagignore", .text), ("tagshow", .text), ("taghide", .text),
    ("tagroot", .text), ("tagleaf", .text), ("base", .list), ("diff_base", .list), ("add_comment", .text),
    ("buildid", .text),
    ("mean", .toggle), ("trim", .toggle), ("flat", .toggle), ("cum", .toggle), ("functions", .toggle),
    ("filefunctions", .toggle), ("files", .toggle), ("lines", .toggle), ("addresses", .toggle), ("noinlines", .toggle),
    ("showcolumns", .toggle), ("call_tree", .toggle), ("relative_percentages", .toggle), ("drop_negative", .toggle),
    ("compact_labels", .toggle), ("normalize", .toggle), ("all_frames", .toggle),
    ("symbolize", .ignoredText), ("tools", .ignoredText), ("tls_cert", .ignoredText), ("tls_key", .ignoredText),
    ("tls_ca", .ignoredText), ("seconds", .ignoredInteger), ("timeout", .ignoredInteger),
    ("intel_syntax", .ignoredToggle),
  ]

  /// pprof's short forms of `sample_index`; of several the first counts, and none beside `sample_index` itself.
  static let sampleTypes: [(name: String, type: String)] = [
    ("total_delay", "delay"), ("mean_delay", "delay"), ("contentions", "contentions"),
    ("inuse_space", "inuse_space"), ("inuse_objects", "inuse_objects"), ("alloc_space", "alloc_space"),
    ("alloc_objects", "alloc_objects"),
  ]

  /// Of each row one at most is asked for, as with pprof.
  private static let exclusive = [["flat", "cum"], ["functions", "filefunctions", "files", "lines", "addresses"]]

  static func kind(_ name: String) -> Kind? {
    if let known = kinds.first(where: { $0.name == name }) { return known.kind }
    return sampleTypes.contains { $0.name == name } ? .toggle : nil
  }

  /// Whether the next word belongs to an option that has no `=`.
  static func takesNext(_ name: String) -> Bool {
    switch kind(name) {
    case .text, .list, .integer, .number, .ignoredText, .ignoredInteger: true
    case .toggle, .ignoredToggle, nil: false
    }
  }

  /// Whether we have no option for it, and leave what it says.
  static func isIgnored(_ name: String) -> Bool {
    switch kind(name) {
    case .ignoredText, .ignoredInteger, .ignoredToggle: true
    case .text, .list, .integer, .number, .toggle, nil: false
    }
  }

  private var words: [(name: String, ours: [String])] = []
  private var chosenTypes: [String: Bool] = [:]
  private var namesSampleType = false

  /// Takes an option with its value; false where pprof has none of that name.
  mutating func take(_ name: String, _ value: String?, as typed: String) throws(ProfileError) -> Bool {
    guard let kind = Self.kind(name) else { return false }
    let ours = Spelling.dashed(name)
    switch kind {
    case .text, .list:
      if name == "sample_index" { namesSampleType = value?.isEmpty == false }
      // pprof's empty `-output=` is standard output.
      let isNone = name == "output" && value == ""
      put(name, isNone ? [] : Spelling.joined(ours, value ?? ""), replaces: kind == .text)
    case .integer, .ignoredInteger:
      guard let number = GoFlags.integer(value ?? "") else { throw Self.wrong(typed, value, "whole number") }
      if kind == .integer { put(name, ["\(ours)=\(number)"]) }
    case .number:
      guard let number = GoFlags.number(value ?? "") else { throw Self.wrong(typed, value, "number") }
      put(name, ["\(ours)=\(number)"])
    case .toggle, .ignoredToggle:
      guard let isOn = value.map({ GoFlags.truth($0) }) ?? true else {
        throw Self.wrong(typed, value, "truth (true or false)")
      }
      if kind == .ignoredToggle { break }
      if Self.sampleTypes.contains(where: { $0.name == name }) {
        chosenTypes[name] = isOn
      } else {
        put(name, isOn ? [ours] : name == "trim" ? ["--no-trim"] : [])
      }
    case .ignoredText: break
    }
    return true
  }

  /// A number that another word told: `-top10`.
  mutating func take(_ name: String, _ number: Int) throws(ProfileError) {
    _ = try take(name, "\(number)", as: Spelling.dashed(name))
  }

  /// Something of ours, where it stands.
  mutating func pass(_ word: String) { words.append(("", [word])) }

  /// - Throws: where two are asked for of which only one can be.
  func ours() throws(ProfileError) -> [String] {
    for group in Self.exclusive {
      let chosen = words.filter { group.contains($0.name) && !$0.ours.isEmpty }.map { Spelling.dashed($0.name) }
      if chosen.count > 1 {
        throw ProfileError(.option, "\(chosen.joined(separator: " and ")) exclude each other", hint: "choose one")
      }
    }
    var result = words.flatMap(\.ours)
    if chosenTypes["mean_delay"] == true { result.append("--mean") }
    if !namesSampleType, let chosen = Self.sampleTypes.first(where: { chosenTypes[$0.name] == true }) {
      result.append("--sample-index=" + chosen.type)
    }
    return result
  }

  private mutating func put(_ name: String, _ ours: [String], replaces: Bool = true) {
    if replaces { words.removeAll { $0.name == name } }
    words.append((name, ours))
  }

  private static func wrong(_ typed: String, _ value: String?, _ expected: String) -> ProfileError {
    ProfileError(.option, "\(typed): “\(value ?? "")” is no \(expected)")
  }
}
