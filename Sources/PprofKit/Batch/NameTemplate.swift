internal import ProfileFormats
internal import ProfileModel

/// How an output is called: a template, read once.
struct NameTemplate {
  private enum Part: Equatable {
    case literal(String)
    case stem, name, ext, format, kind, directory
  }

  private let parts: [Part]

  /// Whether the name is known only when the profile has been read.
  var needsKind: Bool { parts.contains(.kind) }

  init(_ template: String) throws(ProfileError) {
    var parts: [Part] = []
    var rest = template[...]
    while let open = rest.firstIndex(of: "{") {
      if open > rest.startIndex { parts.append(.literal(String(rest[..<open]))) }
      guard let close = rest[open...].firstIndex(of: "}") else { throw Self.wrong(template, "has a { without a }") }
      let word = String(rest[rest.index(after: open)..<close])
      guard let part = Self.words.first(where: { $0.word == word })?.part else {
        throw Self.wrong(template, "has {\(word)}, which is nothing")
      }
      parts.append(part)
      rest = rest[rest.index(after: close)...]
    }
    if !rest.isEmpty { parts.append(.literal(String(rest))) }
    if !PathParts.staysBelow(template) { throw Self.wrong(template, "is no name of a file") }
    if !parts.contains(where: { [.stem, .name].contains($0) }) {
      throw Self.wrong(template, "gives every input the same name")
    }
    self.parts = parts
  }

  private static let words: [(word: String, part: Part)] = [
    ("stem", .stem), ("name", .name), ("ext", .ext), ("format", .format), ("kind", .kind), ("dir", .directory),
  ]

  private static func wrong(_ template: String, _ what: String) -> ProfileError {
    ProfileError(
      .option, "the template of names “\(template)” \(what)",
      hint:
        "there are \(words.map { "{\($0.word)}" }.joined(separator: ", ")); “\(Batch.defaultNameTemplate)” is used by default"
    )
  }

  /// The path of an output below the output directory.
  ///
  /// - Parameter below: the input's, below the directory in which it was found.
  func path(of below: String, as format: FormatInfo, kind: String, _ layout: Batch.Layout) -> String {
    let directory = PathParts.folder(below) ?? ""
    let name = PathParts.name(below)
    var path = layout == .mirrored && !directory.isEmpty ? directory + "/" : ""
    var isEmptyDirectory = false
    for part in parts {
      switch part {
      case .literal(let text):
        // What separates a directory from the rest goes with it where there is none.
        path += isEmptyDirectory && "-_./".contains(text.prefix(1)) ? String(text.dropFirst()) : text
      case .stem: path += Self.stem(of: name)
      case .name: path += name
      case .ext: path += format.extensions.first ?? format.id.rawValue
      case .format: path += format.id.rawValue
      case .kind: path += kind
      case .directory: path += PathParts.names(directory).joined(separator: "-")
      }
      isEmptyDirectory = part == .directory && directory.isEmpty
    }
    return path
  }

  /// A name without the ending of a profile: `heap.pb.gz` and `heap.txt.gz` are `heap`; `mem.out` stays.
  static func stem(of name: String) -> String {
    var stem = name[...]
    if stem.hasSuffix(".gz") { stem = stem.dropLast(3) }
    let ending = endings.first { stem.hasSuffix("." + $0) && stem.utf8.count > $0.utf8.count + 1 }
    if let ending { return String(stem.dropLast(ending.count + 1)) }
    return stem.isEmpty ? name : String(stem)
  }

  /// Whether a name says that it is a profile's, and nothing else's.
  static func isProfile(_ name: String) -> Bool {
    ["pb", "pb.gz", "pprof", "prof", "pprof.gz", "prof.gz", "pgo"].contains { name.hasSuffix("." + $0) }
  }

  /// The longest first.
  private static let endings = Array(Set(Catalogue.formats.flatMap(\.info.extensions) + ["pgo"]))
    .sorted { ($1.count, $0) < ($0.count, $1) }
}
