import Foundation
import TestSupport
import Testing

/// A sample with its labels and its whole stack, as `pprof -raw` prints them.
struct SavedSample: Equatable {
  struct Location: Equatable {
    var address: String
    /// Function, file, line and start of each line, the innermost first.
    var lines: [String]

    /// What stands for a location that is gone.
    var isLost: Bool { address == "0x0" && lines.isEmpty }

    /// Whether it is the location of the whole file, but for names that say that they are lost.
    func agrees(with whole: Self) -> Bool {
      isLost
        || address == whole.address && lines.count == whole.lines.count
          && zip(lines, whole.lines).allSatisfy { SavedSample.agrees($0, $1) }
    }
  }

  var values: String
  var labels: [String] = []
  var stack: [Location] = []

  /// Whether something of it is said to be lost.
  var isIncomplete: Bool {
    (labels + stack.flatMap(\.lines)).contains { $0.contains("lost ") } || stack.contains(where: \.isLost)
  }

  func agrees(with whole: Self) -> Bool {
    values == whole.values && labels.count == whole.labels.count && stack.count == whole.stack.count
      && zip(labels, whole.labels).allSatisfy { Self.labelsAgree($0, $1) }
      && zip(stack, whole.stack).allSatisfy { $0.agrees(with: $1) }
  }

  /// A line with names in place of which `lost string 7` may stand; a function that is lost has no file and no start either.
  private static func agrees(_ saved: String, _ whole: String) -> Bool {
    if saved == whole { return true }
    if let line = saved.wholeMatch(of: /lost (?:string|function) \d+ (:\d+:\d+) s=0(?:\(\))?/) {
      return whole.contains("\(line.1) s=")
    }
    let parts = saved.split(separator: /lost string \d+/, omittingEmptySubsequences: false)
    guard parts.count > 1, let first = parts.first, let last = parts.last else { return false }
    var rest = whole[...]
    guard rest.hasPrefix(first), rest.hasSuffix(last) else { return false }
    rest = rest.dropFirst(first.count)
    for part in parts.dropFirst().dropLast() {
      guard let found = rest.firstRange(of: part) else { return false }
      rest = rest[found.upperBound...]
    }
    return rest.count >= last.count
  }

  /// Labels stand in the order of their keys, which is another one where these are lost.
  private static func labelsAgree(_ saved: String, _ whole: String) -> Bool {
    saved == whole || saved.contains("lost string ") && saved.matches(of: /:\[/).count == whole.matches(of: /:\[/).count
  }

  /// The samples of a profile.proto in their order, as pprof reads them.
  static func all(_ file: URL) throws -> [Self] {
    let lines = try #require(try Pprof.raw(file)).split(separator: "\n").map(String.init)
    let locations = try locations(lines.drop { $0 != "Locations" }.dropFirst().prefix { $0 != "Mappings" })
    var samples: [Self] = []
    for line in lines.drop(while: { $0 != "Samples:" }).dropFirst(2).prefix(while: { $0 != "Locations" }) {
      if line.hasPrefix(String(repeating: " ", count: 16)) {
        try #require(!samples.isEmpty)
        samples[samples.count - 1].labels.append(line)
      } else {
        let parts = line.split(separator: ":", maxSplits: 1)
        var sample = Self(values: String(try #require(parts.first)))
        for id in (parts.dropFirst().first ?? "").split(separator: " ") {
          sample.stack.append(try #require(locations[String(id)]))
        }
        samples.append(sample)
      }
    }
    return samples
  }

  private static func locations(_ lines: some Sequence<String>) throws -> [String: Location] {
    var found: [String: Location] = [:]
    var id = ""
    for line in lines {
      if line.hasPrefix(String(repeating: " ", count: 13)) {
        found[id]?.lines.append(String(line.dropFirst(13)))
      } else {
        let match = try #require(line.wholeMatch(of: /\ *(\d+): (0x[0-9a-f]+) (?:M=\d+ )?(?:\[F\] )?(.*)/))
        id = String(match.1)
        found[id] = Location(address: String(match.2), lines: match.3.isEmpty ? [] : [String(match.3)])
      }
    }
    return found
  }
}
