import ProfileAnalysis
import ProfileModel

/// Sources by the names that profiles have of them, each read once: pprof's sourceReader.
struct SourceFiles {
  enum Answer {
    /// Without their ends.
    case lines([[UInt8]])
    case failure(String)
  }

  private let access: SourceAccess
  private let searchPath: String
  private let trimPath: String
  private var known: [[UInt8]: Answer] = [:]

  init(_ options: ReportOptions) {
    access = options.sources
    searchPath = options.sourcePath.isEmpty ? access.workingDirectory : options.sourcePath
    trimPath = options.trimPath
  }

  /// Whether the file has been read, or tried.
  func isKnown(_ file: [UInt8]) -> Bool { known[file] != nil }

  mutating func lines(of file: [UInt8]) -> Answer {
    if let answer = known[file] { return answer }
    let answer: Answer =
      switch read(file) {
      case .content(let bytes): .lines(Self.lines(bytes))
      case .failure(let words): .failure(words)
      }
    known[file] = answer
    return answer
  }

  /// An absolute name is taken at its word; any other is looked for in each folder of the path and those above it.
  private func read(_ file: [UInt8]) -> SourceAccess.Answer {
    let path = FilePath.trimmed(file, trimPath: trimPath, searchPath: searchPath)
    let text = String(decoding: path, as: UTF8.self)
    if path.first == UInt8(ascii: "/") {
      let answer = access.read(text)
      guard case .failure(let words) = answer else { return answer }
      return .failure("open \(text): \(words)")
    }
    for folder in FilePath.list(searchPath) {
      var folder = folder.isEmpty ? folder : FilePath.clean(folder)
      while true {
        let candidate = folder.isEmpty ? path : FilePath.clean(folder + [UInt8(ascii: "/")] + path)
        if case .content(let bytes) = access.read(String(decoding: candidate, as: UTF8.self)) { return .content(bytes) }
        let parent = Self.parent(folder)
        if parent == folder { break }
        folder = parent
      }
    }
    return .failure("could not find file \(text) on path \(searchPath)")
  }

  /// Go's filepath.Dir.
  private static func parent(_ path: [UInt8]) -> [UInt8] {
    guard let slash = path.lastIndex(of: UInt8(ascii: "/")) else { return [UInt8(ascii: ".")] }
    return FilePath.clean(Array(path[...slash]))
  }

  /// As Go's bufio.Scanner cuts them: a carriage return before the end belongs to it.
  private static func lines(_ bytes: [UInt8]) -> [[UInt8]] {
    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { Array($0) }
    if lines.last == [] { lines.removeLast() }
    // It gives up, without a word, at a line that its buffer of 64 KiB does not hold.
    if let long = lines.firstIndex(where: { $0.count >= 1 << 16 }) { lines.removeSubrange(long...) }
    for i in lines.indices where lines[i].last == UInt8(ascii: "\r") { lines[i].removeLast() }
    return lines
  }
}
