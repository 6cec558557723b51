internal import PprofKit

/// What the command line gets wrong, in one sentence.
struct UsageError: Error {
  var message: String
  init(_ message: String) { self.message = message }
}

/// One option of a verb: its spellings, the words on it, and where its value goes. Help, the manual page, completions and
/// parsing derive from the same list.
///
/// Instead of ArgumentParser, whose reflection took a third of the time of a small conversion (13 of 39 million
/// instructions) and, with Foundation behind it, most of the binary.
struct Option<Verb> {
  var words: OptionWords
  var set: (inout Verb, String) throws(UsageError) -> Void

  /// An option with a value.
  init(
    _ names: String..., value: String, help: String, choices: [String] = [], isFile: Bool = false,
    repeats: Bool = false,
    set: @escaping (inout Verb, String) throws(UsageError) -> Void
  ) {
    words = OptionWords(names: names, value: value, help: help, choices: choices, isFile: isFile, repeats: repeats)
    self.set = set
  }

  /// A switch.
  init(_ names: String..., help: String, set: @escaping (inout Verb) -> Void) {
    words = OptionWords(names: names, value: nil, help: help)
    self.set = { verb, _ throws(UsageError) in set(&verb) }
  }
}

/// What an option is called and what it is for.
struct OptionWords {
  /// With their dashes, the long one last.
  var names: [String]
  /// What the value is called; nil for a switch.
  var value: String?
  /// A sentence or two, with the default.
  var help: String
  /// What the value may be, where that is a short list.
  var choices: [String] = []
  var isFile = false
  var repeats = false
}

/// What a verb is for.
struct VerbWords {
  var name: String
  /// One sentence.
  var summary: String
  var usage: String
  /// What it works on: `FILE...` and a sentence on it; nil for nothing.
  var operand: (name: String, help: String)?
  /// Whole lines, of at most 78 characters.
  var examples: [String] = []
  var options: [OptionWords] = []
}

/// A command behind `pprofconv`.
protocol Verb {
  init()
  /// All but the options.
  static var words: VerbWords { get }
  static var options: [Option<Self>] { get }
  /// What is no option, in its order.
  var operands: [String] { get set }

  func run(_ context: Context) throws(ProfileError) -> ExitStatus
}

/// A verb without its type: the root has a list of them.
struct AnyVerb {
  let name: String
  /// With the options.
  let words: () -> VerbWords
  let run: ([String], Context) throws(ProfileError) -> ExitStatus

  init<V: Verb>(_ type: V.Type) {
    name = V.words.name
    words = {
      var words = V.words
      words.options = V.options.map(\.words)
      return words
    }
    run = { arguments, context throws(ProfileError) in
      var verb = V()
      do throws(UsageError) { try parse(arguments, into: &verb) } catch {
        throw ProfileError(.option, error.message, hint: "`pprofconv \(V.words.name) --help` shows how it is used")
      }
      return try verb.run(context)
    }
  }
}

/// Takes options and operands apart: `--name value`, `--name=value`, `-n value`, `-nvalue`, `-qv`; behind `--` all are
/// operands, and `-` always is.
private func parse<V: Verb>(_ arguments: [String], into verb: inout V) throws(UsageError) {
  let options = V.options
  var rest = arguments[...]
  func option(_ name: String) throws(UsageError) -> Option<V> {
    if let option = options.first(where: { $0.words.names.contains(name) }) { return option }
    let near = Spelling.nearest(name, to: options.flatMap(\.words.names))
    throw UsageError("unknown option \(name)" + (near.map { "; did you mean \($0)?" } ?? ""))
  }
  func value(of name: String) throws(UsageError) -> String {
    // What looks like an option is one: a value was forgotten. `--name=-value` says otherwise.
    guard let value = rest.first, value == "-" || !value.hasPrefix("-") else {
      throw UsageError("\(name) needs a value")
    }
    rest.removeFirst()
    return value
  }
  while let argument = rest.popFirst() {
    if argument == "--" {
      verb.operands += rest
      return
    }
    if argument == "-" || !argument.hasPrefix("-") {
      verb.operands.append(argument)
    } else if argument.hasPrefix("--") {
      let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      let option = try option(parts[0])
      if option.words.value == nil {
        if parts.count == 2 { throw UsageError("\(parts[0]) takes no value") }
        try option.set(&verb, "")
      } else {
        try option.set(&verb, parts.count == 2 ? parts[1] : value(of: parts[0]))
      }
    } else {
      var letters = argument.dropFirst()
      while let letter = letters.popFirst() {
        let name = "-\(letter)"
        let option = try option(name)
        if option.words.value == nil {
          try option.set(&verb, "")
          continue
        }
        if letters.first == "=" { letters.removeFirst() }
        try option.set(&verb, letters.isEmpty ? value(of: name) : String(letters))
        letters = ""
      }
    }
  }
}

// How values are read.

func number(_ text: String, of name: String, in range: ClosedRange<Int>) throws(UsageError) -> Int {
  if let number = Int(text), range.contains(number) { return number }
  let bounds = range.upperBound == .max ? "at least \(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
  throw UsageError("\(name) \(text) is not a number of \(bounds)")
}

/// A number of bytes: `500000`, `64M`, `1.5G`, `2GiB`. Units are of 1024.
func size(_ text: String, of name: String) throws(UsageError) -> Int {
  let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
  var unit = text.dropFirst(number.count).lowercased()
  for ending in ["ib", "b"] where unit.hasSuffix(ending) {
    unit.removeLast(ending.count)
    break
  }
  if let value = Double(number), let power = ["", "k", "m", "g", "t"].firstIndex(of: unit) {
    let bytes = value * Double(1 << (10 * power))
    if bytes >= 1, bytes < 0x1p62 { return Int(bytes) }
  }
  throw UsageError("\(name) \(text) is no size; it is a number, with K, M or G behind it")
}
