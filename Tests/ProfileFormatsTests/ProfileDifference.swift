import ProfileFormats
import ProfileModel

/// In what two profiles differ, in words that the fields of a ``LossReport`` are put into too: what a writer says that it
/// loses must be what reading back lacks.
enum ProfileDifference {
  static func between(_ a: Profile, _ b: Profile) -> Set<String> {
    var found: Set<String> = []
    func compare<T: Equatable>(_ name: String, _ value: (Readable) -> T) {
      if value(Readable(a)) != value(Readable(b)) { found.insert(name) }
    }
    compare("sample types") { $0.types }
    compare("default sample type") { $0.text($0.c.defaultSampleType) }
    compare("period type") { $0.type($0.c.periodType) }
    compare("period") { $0.c.period }
    compare("time") { $0.c.timeNanos }
    compare("duration") { $0.c.durationNanos }
    compare("doc url") { $0.text($0.c.docURL) }
    compare("comments") { $0.c.comments.map($0.text) }
    compare("drop frames") { $0.text($0.c.dropFrames) }
    compare("keep frames") { $0.text($0.c.keepFrames) }
    // Without a type its values are gone too.
    if !found.contains("sample types") { compare("values") { $0.c.values } }
    compare("labels") { $0.labels }
    compare("stacks") { $0.stacks }
    compare("locations") { $0.locations }
    compare("functions") { $0.functions }
    compare("mappings") { $0.mappings }
    compare("unknown fields") { $0.c.unknownFields.entries }
    return found
  }

  /// The words for what a report says.
  static func of(_ losses: LossReport) -> Set<String> {
    Set(
      losses.entries.map { entry in
        switch entry.field {
        case "frames": "stacks"
        case "lines", "addresses", "unused locations", "folded flags", "columns", "location ids", "inlined frames",
          "line numbers":
          "locations"
        case "function names", "system names", "function ids", "unused functions", "equal functions", "start lines",
          "files":
          "functions"
        default: entry.field
        }
      })
  }

  private struct Readable {
    let c: ProfileColumns
    init(_ profile: Profile) { c = profile.columns }

    func text(_ index: StringIndex) -> [UInt8] { Array(c.strings.bytes[c.strings.range(index)]) }
    func type(_ type: ValueType) -> [[UInt8]] { [text(type.type), text(type.unit)] }
    var types: [[[UInt8]]] { c.sampleTypes.map(type) }

    var labels: [[String]] {
      c.sampleLabels.map { set in
        c.labels[c.labelRange(set)].map { "\(text($0.key)) \(text($0.str)) \($0.num) \(text($0.unit))" }
      }
    }
    var stacks: [[UInt64]] {
      c.sampleStacks.map { stack in c.stackLocations[c.stackRange(stack)].map { c.id(of: $0) } }
    }
    var locations: [String] {
      c.locations.indices.map { i in
        let location = c.locations[i]
        let lines = c.lines[c.lineRange(LocationIndex(i))].map { "\($0.line):\($0.column)" }
        return "\(c.id(of: LocationIndex(i))) \(location.address) \(location.isFolded) \(lines)"
      }
    }
    var functions: [String] {
      c.functions.indices.map { i in
        let function = c.functions[i]
        return "\(c.id(of: FunctionIndex(i))) \(text(function.name)) \(text(function.systemName))"
          + " \(text(function.file)) \(function.startLine)"
      } + c.lines.map { "\(c.id(of: $0.function))" }
    }
    var mappings: [String] {
      c.mappings.indices.map { i in
        let mapping = c.mappings[i]
        return "\(c.id(of: MappingIndex(i))) \(mapping.start) \(mapping.limit) \(mapping.offset) \(text(mapping.file))"
          + " \(text(mapping.buildID)) \(mapping.hasFunctions) \(mapping.hasFilenames) \(mapping.hasLineNumbers)"
          + " \(mapping.hasInlineFrames)"
      } + c.locations.map { $0.mapping == .none ? "none" : "\(c.id(of: $0.mapping))" }
    }
  }
}
