internal import ProfileFormats
public import ProfileModel
internal import ProfileReports

extension Batch {
  /// Finds the inputs and says where their outputs go. Reads directories, and writes nothing. Profiles are read only where
  /// two outputs would have one name but for their kinds: whether an output whose name has its kind exists shows when its
  /// turn comes.
  ///
  /// - Throws: where nothing was found; where two outputs have one place, or an output is one of the inputs; where an output
  ///   exists, if ``existing`` refuses that.
  public func plan() throws(ProfileError) -> BatchPlan {
    if formats.isEmpty { throw ProfileError(.option, "no format to write", hint: "name one with `formats`") }
    var writers: [any ProfileWriter] = []
    for format in formats {
      let writer = try Destination(.standardOutput, as: format).writer(from: nil, outputOptions)
      if !writers.contains(where: { $0.info.id == writer.info.id }) { writers.append(writer) }
    }
    if outputDirectory.isEmpty {
      throw ProfileError(
        .option, "the name of the output directory is empty",
        hint: "is a variable of the shell not set? `.` is the one at hand")
    }
    let template = try NameTemplate(nameTemplate)
    var finder = try Finder(self)
    try finder.find()
    let files = recordFiles
    let items = finder.items.filter { !isOwnRecord($0, files) }
    if items.isEmpty, !allowsNone {
      throw ProfileError(
        .empty, "there is no input",
        hint: inputs.isEmpty ? "the list is empty" : "no file was found, or all are excluded")
    }
    let ids = Set(items.compactMap { $0.status?.id } + lists.compactMap(Self.listFile))
    var plan = BatchPlan(
      items: items, writers: writers, template: template, inputs: template.needsKind ? ids : [])
    plan.repeated = finder.repeated
    try refuseRecords(files, among: ids)
    if let manifest {
      plan.manifest = try Manifest(manifest, of: self)
      plan.manifest?.roots = finder.roots
      plan.manifest?.findOwn(listing: existing == .refuse)
    }
    // All of them, so that every part of a list comes to the same verdict.
    var places = Places(self, plan)
    try places.check()
    try places.checkLinks(finder.roots)
    try places.checkRecords()
    plan = places.plan
    plan.found = plan.items.count
    if let shard { plan.items.removeAll { !shard.contains($0.shardName) } }
    try places.checkExisting(plan.items, ids)
    return plan
  }

  /// Where an output of an item goes.
  func output(of item: BatchPlan.Item, _ writer: any ProfileWriter, kind: String, _ plan: BatchPlan) -> String {
    let path = plan.template.path(of: item.below, as: writer.info, kind: kind, layout)
    return outputDirectory.utf8.last == UInt8(ascii: "/") ? outputDirectory + path : outputDirectory + "/" + path
  }

  /// Reports and the manifest with its journal.
  fileprivate var records: [String] {
    (manifest.map { [$0, Manifest.journal(of: $0)] } ?? []) + reportPaths
  }

  /// Where they stand.
  var recordFolders: Set<String> { Set(records.compactMap { OutputFile.target(of: $0).flatMap(PathParts.folder) }) }

  /// A report or manifest of an earlier run that was found where inputs are looked for. (What can be read as a profile is none,
  /// and not for being replaced.)
  private func isOwnRecord(_ item: BatchPlan.Item, _ files: [FileID: String]) -> Bool {
    guard !item.isNamed, let id = item.status?.id, files[id] != nil else { return false }
    do throws(ProfileError) { _ = try LoadedProfile(.file(item.path), options: inputOptions) } catch {
      return BatchTask.isNoProfile(error, item)
    }
    return false
  }

  /// nil where there is no such file: `-` is none, and what is not there is neither an input nor replaced.
  private static func regularFile(_ path: String) -> FileStatus? {
    do throws(SystemError) {
      let status = try System.status(path)
      return status.kind == .regular ? status : nil
    } catch {
      return nil
    }
  }

  /// The file that a list is read from, be it by a redirection.
  private static func listFile(_ list: String) -> FileID? {
    if list != "-" { return regularFile(list)?.id }
    do throws(SystemError) {
      let status = try OpenFile.input.status()
      return status.kind == .regular ? status.id : nil
    } catch {
      return nil
    }
  }

  /// The records that are there already.
  private var recordFiles: [FileID: String] {
    var files: [FileID: String] = [:]
    for record in records {
      if let id = Self.regularFile(record)?.id, files[id] == nil { files[id] = record }
    }
    return files
  }

  /// A record is read or replaced as a whole; an input in its place would be lost, and so would a list of them.
  private func refuseRecords(_ files: [FileID: String], among inputs: Set<FileID>) throws(ProfileError) {
    // In the order in which they were given.
    for record in records where files.contains(where: { $0.value == record && inputs.contains($0.key) }) {
      throw ProfileError(
        .option, "this report is one of the inputs", hint: "give it a name of its own", file: record)
    }
  }
}

/// Finds what is wrong with the places of outputs before any is written.
private struct Places {
  private let batch: Batch
  private(set) var plan: BatchPlan
  /// The item of each place, by the bytes of its path: names that Unicode calls equal are different files.
  private var owners: [[UInt8]: Int] = [:]
  /// Kinds that had to be read, by the item.
  private var kinds: [Int: String] = [:]

  init(_ batch: Batch, _ plan: BatchPlan) {
    self.batch = batch
    self.plan = plan
  }

  mutating func check() throws(ProfileError) {
    var doubles = try take(kinds: false)
    if plan.template.needsKind, !doubles.isEmpty {
      for i in doubles.sorted() { kinds[i] = kind(of: plan.items[i]) }
      doubles = try take(kinds: true)
    }
    try checkFolders()
  }

  /// A report or a manifest must not stand in the place of an output, nor two in one.
  mutating func checkRecords() throws(ProfileError) {
    for record in batch.records {
      guard let target = OutputFile.target(of: record) else { continue }
      if let other = plan.records.updateValue(record, forKey: Array(target.utf8)) {
        throw ProfileError(.option, "it and “\(other)” would have one place", file: record)
      }
    }
    if plan.records.isEmpty || plan.template.needsKind { return }
    var folders = RealFolders()
    for item in plan.items where item.problem == nil {
      for writer in plan.writers {
        let path = batch.output(of: item, writer, kind: "*", plan)
        try plan.refuseRecord(folders.place(of: path), item)
      }
    }
  }

  /// Gives each output its place. Without kinds: the items that would have one name if they were of one kind.
  private mutating func take(kinds known: Bool) throws(ProfileError) -> Set<Int> {
    owners = [:]
    owners.reserveCapacity(plan.items.count * plan.writers.count)
    var doubles: Set<Int> = []
    for (i, item) in plan.items.enumerated() where item.problem == nil {
      for writer in plan.writers {
        let path = batch.output(of: item, writer, kind: kinds[i] ?? "*", plan)
        let place = plan.template.path(of: item.below, as: writer.info, kind: kinds[i] ?? "*", batch.layout)
        try BatchPlace.checkName(place, item)
        guard let other = owners.updateValue(i, forKey: Array(path.utf8)) else { continue }
        // Notes beside a profile, perhaps, which have no output.
        if other != i, isNoProfile(other) { continue }
        if other != i, isNoProfile(i) {
          owners[Array(path.utf8)] = other
          break
        }
        if plan.template.needsKind, !known, other != i {
          doubles.insert(i)
          doubles.insert(other)
        } else if !plan.template.needsKind || kinds[i] != nil || other == i {
          throw clash(item, plan.items[other], path)
        }
      }
    }
    return doubles
  }

  /// Whether an item that was found turns out, now that its place is wanted by another, to be no profile; then it is noted.
  private mutating func isNoProfile(_ i: Int) -> Bool {
    if plan.items[i].isNamed { return false }
    do throws(ProfileError) {
      if let problem = plan.items[i].problem { throw problem }
      _ = try LoadedProfile(.file(plan.items[i].path), options: batch.inputOptions)
      return false
    } catch {
      guard BatchTask.isNoProfile(error, plan.items[i]) else { return false }
      plan.items[i].problem = error
      return true
    }
  }

  private func clash(_ item: BatchPlan.Item, _ other: BatchPlan.Item, _ path: String) -> ProfileError {
    if item.path == other.path, item.below == other.below {
      return ProfileError(
        .option, "two outputs of “\(item.path)” would have this one place",
        hint: "put {format} into the template of names: `nameTemplate` “{stem}.{format}.{ext}”", file: path)
    }
    return ProfileError(
      .option, "the outputs of “\(other.path)” and “\(item.path)” would have this one place",
      hint: batch.layout == .flat
        ? "put {dir} into the template of names: `nameTemplate` “{dir}-{stem}.{ext}”"
        : "put {name} into the template of names, “{name}.{ext}”, or convert them into directories of their own",
      file: path)
  }

  private func kind(of item: BatchPlan.Item) -> String? {
    do throws(ProfileError) {
      return ProfileKind.word(try LoadedProfile(.file(item.path), options: batch.inputOptions).profile)
    } catch {
      // It has no output then; why, comes out when it is converted.
      return nil
    }
  }

  /// A place must not be the directory of another.
  private func checkFolders() throws(ProfileError) {
    var folders: [[UInt8]: Int] = [:]
    for (i, item) in plan.items.enumerated() where item.problem == nil {
      for writer in plan.writers {
        var path = Array(batch.output(of: item, writer, kind: kinds[i] ?? "*", plan).utf8)[...]
        while let slash = path.lastIndex(of: UInt8(ascii: "/")) {
          path = path[..<slash]
          if path.count <= batch.outputDirectory.utf8.count { break }
          if folders.updateValue(i, forKey: Array(path)) != nil { break }
          guard let owner = owners[Array(path)] else { continue }
          throw ProfileError(
            .option,
            "the output of “\(plan.items[owner].path)” would stand where that of “\(item.path)” needs a directory",
            hint: "put {name} into the template of names, “{name}.{ext}”",
            file: String(decoding: path, as: UTF8.self))
        }
      }
    }
  }

  /// Links in the output directory may give two outputs one place, or lead into what is read. A directory of inputs may be
  /// below the output directory, as long as no output goes there.
  func checkLinks(_ roots: [String]) throws(ProfileError) {
    guard System.exists(batch.outputDirectory) else { return }
    let output = Array(System.place(batch.outputDirectory).utf8)
    var walked: [[UInt8]: String] = [:]
    for root in roots { walked[Array(System.place(root).utf8)] = root }
    var folders = RealFolders()
    var checked: Set<[UInt8]> = []
    var taken: [[UInt8]: String] = [:]
    for item in plan.items where item.problem == nil {
      for writer in plan.writers {
        let path = batch.output(of: item, writer, kind: "*", plan)
        let place = folders.place(of: path)
        // By their kinds they may differ.
        if !plan.template.needsKind, let other = taken.updateValue(path, forKey: place),
          !other.utf8.elementsEqual(path.utf8)
        {
          throw ProfileError(.option, "it and “\(other)” are one file, by a link", file: path)
        }
        var folder = place[..<(place.lastIndex(of: UInt8(ascii: "/")) ?? 0)]
        if !checked.insert(Array(folder)).inserted { continue }
        while !folder.elementsEqual(output) {
          if let root = walked[Array(folder)] {
            throw ProfileError(
              .option, "the output of “\(item.path)” would stand in “\(root)”, which is read",
              hint: "give the outputs a directory of their own", file: path)
          }
          guard let slash = folder.lastIndex(of: UInt8(ascii: "/")) else { break }
          folder = folder[..<slash]
        }
      }
    }
  }

  func checkExisting(_ items: [BatchPlan.Item], _ inputs: Set<FileID>) throws(ProfileError) {
    if !System.exists(batch.outputDirectory) { return }
    var existing: (first: String, count: Int) = ("", 0)
    for item in items where item.problem == nil {
      for writer in plan.writers where !plan.template.needsKind {
        let path = batch.output(of: item, writer, kind: "*", plan)
        if try BatchPlace.status(path, inputs) == nil { continue }
        if batch.existing == .refuse, plan.manifest?.isOwn(path, of: item.path) == true { continue }
        if existing.count == 0 { existing.first = path }
        existing.count += 1
      }
    }
    if existing.count > 0, batch.existing == .refuse {
      throw BatchPlace.exists(existing.first, and: existing.count - 1, plan.manifest)
    }
  }
}

/// Where files stand in the whole system, be they there or not. Each directory is looked up once.
private struct RealFolders {
  private var known: [[UInt8]: String] = [:]

  mutating func place(of path: String) -> [UInt8] {
    if System.linkTarget(path) != nil, let target = OutputFile.target(of: path) { return Array(target.utf8) }
    let folder = PathParts.folder(path) ?? ""
    let key = Array(folder.utf8)
    let real = known[key] ?? System.place(folder)
    known[key] = real
    return Array((real + "/" + PathParts.name(path)).utf8)
  }
}

/// What stands at the place of an output.
enum BatchPlace {
  /// nil where nothing does.
  ///
  /// - Throws: where no output can be put.
  static func status(_ path: String, _ inputs: Set<FileID>) throws(ProfileError) -> FileStatus? {
    let status: FileStatus
    do throws(SystemError) { status = try System.status(path) } catch { return nil }
    if inputs.contains(status.id) {
      throw ProfileError(
        .option, "this output is one of the inputs", hint: "give the outputs a directory of their own", file: path)
    }
    if status.kind != .regular {
      let what = status.kind == .directory ? "a directory" : "no regular file"
      throw ProfileError(.unwritable, "cannot write: there is \(what) at its place", file: path)
    }
    return status
  }

  /// What a template of names makes of `...folded` and the like may lead out of the output directory.
  static func checkName(_ place: String, _ item: BatchPlan.Item) throws(ProfileError) {
    if PathParts.staysBelow(place) { return }
    throw ProfileError(
      .option, "its output would be called “\(place)”, which is no name of a file",
      hint: "put {name} into the template of names, “{name}.{ext}”", file: item.path)
  }

  static func exists(_ path: String, and others: Int, _ manifest: Manifest?) -> ProfileError {
    ProfileError(
      .unwritable,
      "it exists already"
        + (others == 0 ? "" : others == 1 ? ", as another output does" : ", as \(others) other outputs do")
        + (manifest?.damage.map { "; \($0), and may have listed what earlier runs wrote" } ?? ""),
      hint: "`existing` replaces what is there, keeps it, or replaces what is older than its input", file: path)
  }
}
