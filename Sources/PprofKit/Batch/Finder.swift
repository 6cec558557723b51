internal import ProfileModel

/// Finds the inputs of a batch, in an order that depends on their names alone.
struct Finder {
  private let batch: Batch
  private let include: [Glob]
  private let exclude: [Glob]
  /// The output directory, where it exists: nothing in it is found.
  private let output: FileStatus?
  private let realOutput: [UInt8]?
  /// Whether the directory at hand is below the output directory.
  private var isInOutput = false
  private var seen: Set<Seen> = []
  /// What stands before the paths of what is found below the directory at hand; nil where nothing is being walked.
  private var start: String?
  /// Directories that were walked since the last argument: links may lead to one again.
  private var walked: Set<FileID> = []

  private(set) var items: [BatchPlan.Item] = []
  /// What was taken already, by its path as it was given.
  private(set) var repeated: [String] = []
  /// What was walked, as it was given.
  private(set) var roots: [String] = []

  /// Names count by their bytes: those that Unicode calls equal are different files.
  private enum Seen: Hashable {
    case file(FileID, below: [UInt8])
    case problem([UInt8])
  }

  init(_ batch: Batch) throws(ProfileError) {
    self.batch = batch
    include = try Self.globs(batch.include)
    exclude = try Self.globs(batch.exclude)
    realOutput = Self.real(batch.outputDirectory)
    do throws(SystemError) { output = try System.status(batch.outputDirectory) } catch {
      // It is to be made, or what is wrong with it comes out then.
      output = nil
    }
  }

  private static func globs(_ patterns: [String]) throws(ProfileError) -> [Glob] {
    var globs: [Glob] = []
    for pattern in patterns { globs.append(try glob(pattern)) }
    return globs
  }

  private static func glob(_ pattern: String) throws(ProfileError) -> Glob {
    if let glob = Glob(pattern) { return glob }
    throw ProfileError(.option, "the braces of “\(pattern)” stand for more than 1000 patterns")
  }

  mutating func find() throws(ProfileError) {
    for input in batch.inputs {
      walked = []
      if Glob.isPattern(input), !Self.isThere(input) {
        try expand(input)
      } else {
        try take(input, below: PathParts.names(input).last ?? "", contents: "")
      }
    }
    for list in batch.lists {
      for name in try Self.names(in: list, endInZero: batch.listsEndInZero) {
        walked = []
        try take(name, below: Self.cleaned(name), contents: Self.cleaned(name) + "/")
      }
    }
  }

  // MARK: What was named

  /// - Parameter contents: where the files of a directory go.
  private mutating func take(_ path: String, below: String, contents: String) throws(ProfileError) {
    if let problem = Self.noFile(path) { return add(problem: problem, path, below: below) }
    do throws(SystemError) {
      let status = try System.status(path)
      if status.kind != .directory { return add(path, below: below, status, isNamed: true) }
      if !batch.isRecursive {
        let error = ProfileError(
          .unreadable, "it is a directory", hint: "`isRecursive` takes the files in it", file: path)
        return add(problem: error, path, below: below)
      }
      do throws(ProfileError) { try refuse(status, path) } catch { return add(problem: error, path, below: below) }
      walk(root: path) {
        let below = contents == "/" ? "" : contents
        $0.start = below
        $0.walk(path, status, below: below)
      }
    } catch {
      add(problem: Self.unreadable(path, error), path, below: below)
    }
  }

  /// What is meant for `convert` and is no name of a file.
  private static func noFile(_ path: String) -> ProfileError? {
    if path.isEmpty {
      return ProfileError(
        .option, "the name of an input is empty", hint: "is a variable of the shell not set?", file: "“”")
    }
    if path.hasPrefix("http://") || path.hasPrefix("https://"), !isThere(path) {
      return ProfileError(.option, "URLs are not fetched", hint: "fetch them first: `curl -fsSO`", file: path)
    }
    if path == "-" {
      return ProfileError(
        .option, "a batch takes files, not standard input", hint: "`lists` reads their names from there", file: path)
    }
    return nil
  }

  /// The outputs would be the inputs of the next run.
  private func refuse(_ root: FileStatus, _ path: String) throws(ProfileError) {
    guard let output, root.isSameFile(as: output) else { return }
    throw ProfileError(
      .option, "it is the output directory too, and the next run would read what this one writes",
      hint: "give the outputs a directory of their own; one in here is left out", file: path)
  }

  // MARK: Patterns

  private mutating func expand(_ pattern: String) throws(ProfileError) {
    var folder: [String] = []
    var rest = PathParts.names(pattern)[...]
    while let next = rest.first, !Glob.isPattern(next) {
      folder.append(next)
      rest.removeFirst()
    }
    let root = (PathParts.isAbsolute(pattern) ? "/" : "") + folder.joined(separator: "/")
    let glob = try Self.glob(rest.joined(separator: "/"))
    let before = items.count
    let path = root.isEmpty ? "." : root
    do throws(SystemError) {
      let status = try System.status(path)
      do throws(ProfileError) { try refuse(status, path) } catch { return add(problem: error, path, below: "") }
      walk(root: path) { $0.expand(glob, glob.start, in: path, below: "") }
    } catch {
      // Then nothing is there that matches, which is said.
    }
    if items.count == before {
      add(
        problem: ProfileError(
          .unreadable, "no file matches this pattern", hint: "does the shell stand in the right directory?",
          file: pattern), pattern, below: pattern)
    }
  }

  private mutating func expand(_ glob: Glob, _ progress: Glob.Progress, in folder: String, below: String) {
    for entry in entries(of: folder, below: below) {
      let next = glob.step(progress, entry.name, hidden: batch.hidden)
      let matches = glob.accepts(next)
      guard matches || glob.mayGoOn(next) else { continue }
      let path = Self.path(folder, entry.name)
      let place = below + entry.name
      guard !isExcluded(entry.name, place), let status = status(entry, path, below: place, isWanted: matches) else {
        continue
      }
      if status.kind != .directory {
        if matches { addFound(path, below: place, entry.name, status) }
        continue
      }
      if !isNew(status, entry, path) { continue }
      if matches, batch.isRecursive {
        walk(path, status, below: place + "/")
      } else if glob.mayGoOn(next) {
        expand(glob, next, in: path, below: place + "/")
      }
    }
  }

  // MARK: Walking

  private mutating func walk(root: String, _ body: (inout Finder) -> Void) {
    roots.append(root)
    isInOutput = Self.real(root).map(leadsIntoOutput) ?? false
    start = ""
    body(&self)
    start = nil
  }

  private static func real(_ path: String) -> [UInt8]? { System.realPath(path).map { Array($0.utf8) } }

  private func leadsIntoOutput(_ real: [UInt8]) -> Bool {
    realOutput.map { real.starts(with: $0) && (real.count == $0.count || real[$0.count] == UInt8(ascii: "/")) } ?? false
  }

  private mutating func walk(_ folder: String, _ status: FileStatus, below: String) {
    walked.insert(status.id)
    for entry in entries(of: folder, below: below) {
      let path = Self.path(folder, entry.name)
      let place = below + entry.name
      if entry.name.hasPrefix("."), !batch.hidden { continue }
      if isExcluded(entry.name, place) { continue }
      let isWanted = isIncluded(entry.name, place)
      if !isWanted, entry.kind == .regular { continue }
      guard let status = self.status(entry, path, below: place, isWanted: isWanted) else { continue }
      if status.kind == .directory {
        if isNew(status, entry, path) { walk(path, status, below: place + "/") }
      } else {
        addFound(path, below: place, entry.name, status)
      }
    }
  }

  /// Whether a directory is to be gone into: not the one of the outputs, not through a link unless that is wanted, and none
  /// twice.
  private mutating func isNew(_ status: FileStatus, _ entry: FolderEntry, _ path: String) -> Bool {
    if let output, status.isSameFile(as: output) { return false }
    if entry.kind == .link {
      if !batch.followsLinks { return false }
      // A part of the output directory, unless that is what was asked for.
      if !isInOutput, let real = Self.real(path), leadsIntoOutput(real) { return false }
    }
    return !batch.followsLinks || walked.insert(status.id).inserted
  }

  private mutating func entries(of folder: String, below: String) -> [FolderEntry] {
    do throws(SystemError) { return try System.entries(of: folder) } catch {
      // Nobody knows what is in it.
      add(problem: Self.unreadable(folder, error), folder, below: below)
      return []
    }
  }

  private mutating func status(_ entry: FolderEntry, _ path: String, below: String, isWanted: Bool) -> FileStatus? {
    do throws(SystemError) { return try System.status(path) } catch {
      if isWanted {
        var problem = Self.unreadable(path, error)
        // It may be meant for another machine, but nobody can know that it holds no profile.
        problem.hint = "`exclude` leaves it out"
        add(problem: problem, path, below: below)
      }
      return nil
    }
  }

  private func isExcluded(_ name: String, _ place: String) -> Bool {
    exclude.contains { $0.matches($0.isName ? name : place) }
  }

  private func isIncluded(_ name: String, _ place: String) -> Bool {
    include.isEmpty || include.contains { $0.matches($0.isName ? name : place) }
  }

  // MARK: What was found

  private mutating func addFound(_ path: String, below: String, _ name: String, _ status: FileStatus) {
    // Ours, of a run that goes on or was killed.
    if name.hasPrefix(TemporaryFiles.prefix) { return }
    // Devices, sockets and pipes are no files of profiles; who means one names it.
    if status.kind != .regular || !isIncluded(name, below) { return }
    add(path, below: below, status, isNamed: false)
  }

  private mutating func add(_ path: String, below: String, _ status: FileStatus, isNamed: Bool) {
    // Named twice is meant once, in whatever spelling; under another name it has another output.
    if !seen.insert(.file(status.id, below: Array(below.utf8))).inserted { return repeated.append(path) }
    items.append(
      BatchPlan.Item(
        path: path, below: below, status: status, isNamed: isNamed, problem: nil, shardName: shardName(path, below)))
  }

  private func shardName(_ path: String, _ below: String) -> String {
    start.map { PathParts.dropping($0, from: below) ?? below } ?? Self.cleaned(path)
  }

  private mutating func add(problem: ProfileError, _ path: String, below: String) {
    if !seen.insert(.problem(Array(path.utf8))).inserted { return repeated.append(path) }
    items.append(
      BatchPlan.Item(
        path: path, below: below, status: nil, isNamed: true, problem: problem, shardName: shardName(path, below)))
  }

  private static func unreadable(_ path: String, _ error: SystemError) -> ProfileError {
    if error == .noEntry, let target = System.linkTarget(path) {
      return ProfileError(
        .unreadable, "cannot read: it is a link to “\(target)”, which does not exist", file: path)
    }
    return ProfileError(.unreadable, "cannot read: " + error.words, file: path)
  }

  // MARK: Names

  /// Whether something of that name is there, be it a link to nothing.
  private static func isThere(_ path: String) -> Bool { System.exists(path) || System.linkTarget(path) != nil }

  private static func path(_ folder: String, _ name: String) -> String {
    folder.utf8.last == UInt8(ascii: "/") ? folder + name : folder + "/" + name
  }

  /// A path from a list as it stands below the output directory: without what leads out of it.
  static func cleaned(_ path: String) -> String {
    var names: [String] = []
    for name in PathParts.names(path) where name != "." {
      if name != ".." { names.append(name) } else if !names.isEmpty { names.removeLast() }
    }
    return names.joined(separator: "/")
  }

  private static func names(in list: String, endInZero: Bool) throws(ProfileError) -> [String] {
    let bytes = try bytes(of: list)
    if !endInZero, bytes.contains(0) {
      throw ProfileError(
        .option, "the list of inputs has zero bytes, which no name has",
        hint: "`listsEndInZero` takes what `find -print0` prints",
        file: list == "-" ? "<stdin>" : list)
    }
    if endInZero { return bytes.split(separator: 0).map(PathName.string) }
    let mark: [UInt8] = [0xef, 0xbb, 0xbf]
    let lines = (bytes.starts(with: mark) ? bytes.dropFirst(mark.count) : bytes[...]).split(
      separator: UInt8(ascii: "\n"))
    return lines.compactMap { line in
      let name = PathName.string(line)
      // Windows ends lines so. A name may, too.
      if line.last != UInt8(ascii: "\r") || isThere(name) { return name }
      return line.count == 1 ? nil : PathName.string(line.dropLast())
    }
  }

  private static func bytes(of list: String) throws(ProfileError) -> [UInt8] {
    do throws(SystemError) {
      let file = list == "-" ? OpenFile.input : try OpenFile.reading(list)
      var bytes: [UInt8] = []
      while case let piece = try file.read(1 << 20), !piece.isEmpty { bytes += piece }
      return bytes
    } catch {
      throw ProfileError(
        .unreadable, "cannot read the list of inputs: " + error.words, file: list == "-" ? "<stdin>" : list)
    }
  }
}
