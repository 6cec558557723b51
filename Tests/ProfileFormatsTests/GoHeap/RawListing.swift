import Foundation
import ProfileModel

/// What `pprof -raw` printed of a profile, or the same of a profile of ours: enough to compare samples.
struct RawListing {
  struct Sample: Hashable {
    var values: [Int64]
    /// Address and `function file:line` of each line, leaf first; generic arguments folded, which Go's text does not tell.
    var stack: [Frame]
    /// As `-raw` prints them.
    var labels: String

    private var firstShown: Int? { stack.firstIndex { !$0.lines.allSatisfy(Self.isHidden) } }

    private static func isHidden(_ line: String) -> Bool {
      line.hasPrefix("runtime.") || line.hasPrefix("internal/runtime/")
    }

    /// Whether a frame that Go's text hides was inlined into the first one it shows: the protobuf has one location for
    /// both, at the hidden frame's address.
    var isJoined: Bool { firstShown.flatMap { stack[$0].lines.first }.map(Self.isHidden) ?? false }

    /// What the text tells of such a sample.
    var told: Sample {
      guard let firstShown else { return self }
      var told = self
      told.stack.removeFirst(firstShown)
      told.stack[0].lines.removeFirst(told.stack[0].lines.prefix(while: Self.isHidden).count)
      told.stack[0].address = 0
      return told
    }
  }
  struct Frame: Hashable {
    var address: UInt64
    var lines: [String]
  }

  var types: [String] = []
  var periodType = ""
  var period: Int64 = 0
  var samples: [Sample] = []
  /// `0x400000/0x500000/0x0 file buildid`, without the flags.
  var mappings: [String] = []

  /// How often each sample with a value stands there; of `joined` ones what Go's text tells.
  func nonzero(telling joined: Set<Sample> = []) -> [Sample: Int] {
    var result: [Sample: Int] = [:]
    for sample in samples where sample.values.contains(where: { $0 != 0 }) {
      result[joined.contains(sample.told) ? sample.told : sample, default: 0] += 1
    }
    return result
  }

  /// Parses the output of `pprof -raw`.
  init(parsing text: String) {
    var part = "head"
    var locations: [Int: Frame] = [:]
    var stacks: [[Int]] = []
    var last: Int?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      let words = line.split(separator: " ").map(String.init)
      switch part {
      case "head":
        if line.hasPrefix("PeriodType: ") { periodType = String(line.dropFirst(12)) }
        if line.hasPrefix("Period: ") { period = Int64(line.dropFirst(8)) ?? -1 }
        if line == "Samples:" { part = "types" }
      case "types":
        types = words.map { $0.replacing("[dflt]", with: "") }
        part = "samples"
      case "samples":
        let halves = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let values = halves[0].split(separator: " ").compactMap { Int64($0) }
        if line == "Locations" {
          part = "locations"
        } else if halves.count == 2, values.count == types.count, values.count > 0 {
          samples.append(Sample(values: values, stack: [], labels: ""))
          stacks.append(halves[1].split(separator: " ").compactMap { Int($0) })
        } else if !samples.isEmpty, !line.isEmpty {
          samples[samples.count - 1].labels += line.trimmingCharacters(in: .whitespaces)
        }
      case "locations":
        if line == "Mappings" {
          part = "mappings"
        } else if let match = line.wholeMatch(of: /\s*(\d+): 0x([0-9a-f]+) (?:M=\d+ )?(.*)/), let id = Int(match.1) {
          last = id
          locations[id] = Frame(address: UInt64(match.2, radix: 16) ?? 0, lines: [])
          if !match.3.isEmpty { locations[id]?.lines.append(Self.folded(String(match.3))) }
        } else if let last, !words.isEmpty {
          locations[last]?.lines.append(Self.folded(line.trimmingCharacters(in: .whitespaces)))
        }
      default:
        if words.count > 1 { mappings.append(words[1...].filter { !$0.hasPrefix("[F") }.joined(separator: " ")) }
      }
    }
    for i in samples.indices { samples[i].stack = stacks[i].map { locations[$0] ?? Frame(address: 0, lines: []) } }
  }

  init(_ profile: Profile) {
    let columns = profile.columns
    func name(_ type: ValueType, _ separator: String) -> String {
      profile.string(type.type) + separator + profile.string(type.unit)
    }
    types = columns.sampleTypes.map { name($0, "/") }
    periodType = name(columns.periodType, " ")
    period = columns.period
    let frames = columns.locations.indices.map { i in
      Frame(
        address: columns.locations[i].address,
        lines: columns.lines[columns.lineRange(LocationIndex(i))].map { line in
          let function = columns.functions[line.function.position]
          return Self.folded(
            "\(profile.string(function.name)) \(profile.string(function.file)):\(line.line):\(line.column) s=0"
              + (function.systemName == function.name ? "" : "(\(profile.string(function.systemName)))"))
        })
    }
    mappings = columns.mappings.map { mapping in
      let range = [mapping.start, mapping.limit, mapping.offset].map { "0x" + String($0, radix: 16) }
      return ([range.joined(separator: "/")] + [profile.string(mapping.file), profile.string(mapping.buildID)])
        .filter { !$0.isEmpty }.joined(separator: " ")
    }
    for i in 0..<columns.sampleCount {
      let labels = columns.labels[columns.labelRange(columns.sampleLabels[i])].map {
        "\(profile.string($0.key)):[\($0.str == .empty ? "\($0.num)" : profile.string($0.str))]"
      }
      samples.append(
        Sample(
          values: Array(columns.values[columns.valueRange(i)]),
          stack: columns.stackLocations[columns.stackRange(columns.sampleStacks[i])].map { frames[$0.position] },
          labels: labels.sorted().joined()))
    }
  }

  /// A line without its start line, and with `[...]` for generic arguments.
  private static func folded(_ line: String) -> String {
    var result = ""
    var depth = 0
    for character in line.replacing(/\ s=\d+/, with: "") {
      if character == "[" {
        depth += 1
        if depth == 1 { result += "[...]" }
      } else if character == "]", depth > 0 {
        depth -= 1
      } else if depth == 0 {
        result.append(character)
      }
    }
    return result
  }
}
