internal import ProfileModel

/// Workflow commands of GitHub Actions: `::error file=…::…`. It shows ten errors and ten warnings of a step and drops the
/// others without a word, so that the tenth, where there are more, says how many.
struct GitHubAnnotations: BatchReportWriter {
  let file: ReportFile
  private let wording: (String) -> String
  private var errors = Level(word: "error")
  private var warnings = Level(word: "warning")

  static let most = 10

  private struct Level {
    var word: String
    var count = 0
    /// The tenth, which is shown where it is the last.
    var held: String?
  }

  init(_ file: ReportFile, _ batch: Batch) {
    self.file = file
    wording = batch.wording
  }

  mutating func add(_ entry: BatchFile) {
    switch entry.status {
    case .failed(let error):
      let text = error.sentence(wording) + (error.hint.map { "\nhint: " + wording($0) } ?? "")
      annotate(\.errors, entry.path, error.code.rawValue, text, at: error.place)
    case .stale:
      for output in entry.staleOutputs { annotate(\.errors, output.path, "stale", "it " + output.verdict) }
    case .converted:
      for (i, text) in entry.diagnostics.sentences(wording).enumerated() {
        let first = entry.diagnostics.items.first { $0.kind == entry.diagnostics.counts[i].kind }
        annotate(\.warnings, entry.path, entry.diagnostics.counts[i].kind, text, at: first?.place ?? .none)
      }
    default: break
    }
  }

  mutating func finish(_ outcome: BatchOutcome) {
    for level in [errors, warnings] {
      if level.count > Self.most {
        file.write("::\(level.word) title=pprofconv::and \(level.count - Self.most + 1) more; the log has them all\n")
      } else if let held = level.held {
        file.write(held)
      }
    }
  }

  private mutating func annotate(
    _ level: WritableKeyPath<Self, Level>, _ path: String, _ title: String, _ text: String,
    at place: ProfileError.Place = .none
  ) {
    self[keyPath: level].count += 1
    let count = self[keyPath: level].count
    if count > Self.most { return }
    var properties = "file=" + Self.property(PathName.shown(Self.inRepository(path)))
    if case .line(let line, let column, _) = place {
      properties += ",line=\(line)" + (column.map { ",col=\($0)" } ?? "")
    }
    properties += ",title=" + Self.property("pprofconv: " + title)
    let line = "::\(self[keyPath: level].word) \(properties)::\(Self.data(text))\n"
    if count == Self.most { self[keyPath: level].held = line } else { file.write(line) }
  }

  /// GitHub marks files by their paths in the repository.
  private static func inRepository(_ path: String) -> String {
    guard let root = System.environment("GITHUB_WORKSPACE").flatMap(System.realPath), let real = System.realPath(path),
      let below = PathParts.dropping(root + "/", from: real)
    else { return path }
    return below
  }

  /// As the runner undoes it: a percent sign and line ends, and in properties what separates them.
  private static func data(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "%": result += "%25"
      case "\r": result += "%0D"
      case "\n": result += "%0A"
      default:
        let isControl = scalar.value < 32 && scalar != "\t" || (127..<160).contains(scalar.value)
        result.unicodeScalars.append(isControl ? "\u{fffd}" : scalar)
      }
    }
    return result
  }

  private static func property(_ text: String) -> String {
    // A colon with a combining character behind it is one character to Swift, and a colon to the runner.
    var result = ""
    for scalar in data(text).unicodeScalars {
      switch scalar {
      case ":": result += "%3A"
      case ",": result += "%2C"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
