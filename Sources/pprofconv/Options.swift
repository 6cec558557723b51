internal import PprofKit

/// A verb that reads profiles.
protocol ReadsProfiles: Verb {
  var reading: InputOptions { get set }
}

extension ReadsProfiles {
  static var readingOptions: [Option<Self>] {
    [
      Option(
        "--from", value: "FORMAT", help: "Read the input as this format; by default its content tells.",
        choices: Catalogue.formats.filter(\.reads).map(\.info.id.rawValue)
      ) { $0.reading.format = FormatID($1) },
      Option(
        "--max-inflated", value: "SIZE",
        help: "What gzip'd input may inflate to. Default: 1G; for a text 256M or 200 times its compressed size."
      ) { verb, text throws(UsageError) in verb.reading.maxInflated = try size(text, of: "--max-inflated") },
      Option(
        "--max-memory", value: "SIZE",
        help: "Memory to take while reading. Default: nine tenths of what the machine or the container has."
      ) { verb, text throws(UsageError) in verb.reading.maxMemory = try size(text, of: "--max-memory") },
      Option("--max-line", value: "SIZE", help: "Longest line of a text. Default: 64M.") {
        verb, text throws(UsageError) in verb.reading.maxLine = try size(text, of: "--max-line")
      },
    ]
  }
}

/// How much is said.
struct Talking {
  var isQuiet = false
  var isVerbose = false
  var isJSON = false
}

/// A verb that has something to say beside its data.
protocol Talks: Verb {
  var talking: Talking { get set }
}

extension Talks {
  static var talkingOptions: [Option<Self>] {
    [
      Option("-q", "--quiet", help: "No warnings, only errors.") { $0.talking.isQuiet = true },
      Option("-v", "--verbose", help: "Say what was read and written.") { $0.talking.isVerbose = true },
      Option("--json", help: "JSON instead of words, errors and warnings a line each.") { $0.talking.isJSON = true },
    ]
  }
}
