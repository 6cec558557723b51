import Foundation
import PprofKit
import ProfileFormats
import TestSupport

/// One profile, filtered by us and by pprof.
enum PprofFilters {
  /// `-focus=main` and the like as what they are to us.
  static func options(_ arguments: [String]) throws -> FilterOptions {
    var options = FilterOptions()
    let names: [String: WritableKeyPath<FilterOptions, String>] = [
      "focus": \.focus, "ignore": \.ignore, "hide": \.hide, "show": \.show, "show_from": \.showFrom,
      "prune_from": \.pruneFrom, "tagfocus": \.tagFocus, "tagignore": \.tagIgnore, "tagshow": \.tagShow,
      "taghide": \.tagHide, "tagroot": \.tagRoot, "tagleaf": \.tagLeaf, "unit": \.labelUnit,
    ]
    for argument in arguments {
      let parts = argument.dropFirst().split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if parts[0] == "noinlines" {
        options.hidesInlines = true
      } else if let path = names[String(parts[0])], parts.count == 2 {
        options[keyPath: path] = String(parts[1])
      } else {
        throw TestSupportError("no filter: \(argument)")
      }
    }
    return options
  }

  struct Answer: Equatable {
    /// What `pprof -raw` shows; nil where it refuses.
    var raw: String?
    /// The filters that matched nothing.
    var unmatched: [String]
  }

  /// What pprof shows of a file.
  static func pprof(_ arguments: [String], _ file: URL) throws -> Answer {
    let result = try Subprocess.run(
      Pprof.binary, ["-symbolize=none", "-raw"] + arguments + [file.path],
      environment: ["PPROF_BINARY_PATH": "/nonexistent", "TZ": "UTC"])
    let unmatched = result.errors.matches(of: /(\w+) expression matched no samples/).map { String($0.1) }
    return Answer(raw: result.status == 0 ? result.text : nil, unmatched: unmatched)
  }

  /// What `--to raw` writes.
  static func ours(_ arguments: [String], _ profile: Profile) throws -> Answer {
    let result = try ProfileFilter(try options(arguments)).apply(to: profile.asLoadedByPprof())
    return Answer(raw: try raw(result.profile.withoutDropFrames()), unmatched: result.unmatched)
  }

  static func raw(_ profile: Profile) throws -> String {
    var sink = ByteSink()
    _ = try RawWriter().write(profile, to: &sink, options: WriteOptions())
    return String(decoding: sink.buffer, as: UTF8.self)
  }

  /// The profile in a file that pprof reads.
  static func write(_ profile: Profile, to file: URL) throws {
    try Data(try profile.data(as: .pb)).write(to: file)
  }
}

/// Options made of what stands in a profile, and of what stands in none.
struct RandomFilters {
  var random: SeededRandom

  private static let patterns = [
    "main", "^runtime\\.", "http|sync", ".", "^$", "\\.go$", "zzz", "(?i)MAIN", "alloc", "[A-Z]", "\\pL+", "\\(\\*",
    "string[1-3]", "x{100}", "^(a+)+$b", "é|\\x{fffd}",
  ]
  private static let values = [
    "16", "1kb:2mb", ":4kb", "64:", "0:100", "128b:1kb", ":", "a", "1:2:3", "-5:5", ".*", "^.$", "a,b", "1mb",
    "10ms:1s",
    "string", "3:1", "+7", "5x",
  ]

  mutating func options(for profile: Profile) -> [String] {
    let columns = profile.columns
    let names = columns.functions.map { profile.string($0.name) }.filter { !$0.isEmpty && !$0.contains("\0") }
    let keys = columns.labels.map { profile.string($0.key) }.filter { !$0.isEmpty } + ["bytes", "none"]
    let strings = columns.labels.map { profile.string($0.str) }.filter { !$0.isEmpty }
    var options: [String] = []
    let filters = [
      "focus", "ignore", "hide", "show", "show_from", "prune_from", "tagfocus", "tagignore", "tagshow", "taghide",
      "tagroot", "tagleaf",
    ]
    for filter in filters.shuffled(using: &random).prefix(Int.random(in: 1...4, using: &random)) {
      let value: String
      switch filter {
      case "tagfocus", "tagignore":
        let key = random.chance(50) ? (keys.randomElement(using: &random) ?? "") + "=" : ""
        let literal = strings.randomElement(using: &random).map(Self.quoted)
        value = key + (random.chance(30) ? literal ?? "x" : Self.values.randomElement(using: &random) ?? "")
      case "tagshow", "taghide": value = Self.quoted(keys.randomElement(using: &random) ?? "")
      case "tagroot", "tagleaf":
        value = (0..<Int.random(in: 1...2, using: &random)).map { _ in keys.randomElement(using: &random) ?? "" }
          .joined(separator: ",")
      default:
        let literal = names.randomElement(using: &random).map(Self.quoted)
        value = random.chance(50) ? literal ?? "f" : Self.patterns.randomElement(using: &random) ?? ""
      }
      options.append("-\(filter)=\(value)")
    }
    if random.chance(15) { options.append("-noinlines") }
    if random.chance(10) { options.append("-unit=" + (["kb", "auto", "ms", "b"].randomElement(using: &random) ?? "")) }
    return options
  }

  /// What has a meaning becomes any character.
  private static func quoted(_ text: String) -> String {
    String(text.prefix(40).map { "()[]{}*+?.\\^$|,=\n\u{fffd}".contains($0) ? "." : $0 })
  }
}
