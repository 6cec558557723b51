public import ProfileFormats
internal import ProfileModel
internal import ProfileReports

extension Catalogue {
  /// The reader of a format, by its id or an alias.
  static func reader(_ format: FormatID) -> (any ProfileReader)? {
    readers.first { $0.info.answers(to: format.rawValue) }
  }

  /// The writer of a format, by its id or an alias.
  static func writer(_ format: FormatID) -> (any ProfileWriter)? {
    written.first { $0.info.answers(to: format.rawValue) }
  }

  /// What a profile can be written as: the formats, and the reports, which keep none.
  static let written: [any ProfileWriter] =
    writers + ReportCatalogue.all.filter { !$0.info.needsPattern }.map { ReportWriter($0) }

  /// Every format once, in the order of the catalogue: what is written, then what is only read.
  public static let formats: [(info: FormatInfo, reads: Bool, writes: Bool)] = {
    var all: [(info: FormatInfo, reads: Bool, writes: Bool)] = []
    for info in written.map(\.info) + readers.map(\.info) where !all.contains(where: { $0.info.id == info.id }) {
      all.append((info, reader(info.id) != nil, writer(info.id) != nil))
    }
    return all
  }()

  /// The formats that can be written with one sample type of several.
  static var choosing: String {
    written.filter(\.info.choosesSampleType).map(\.info.id.rawValue).joined(separator: " or ")
  }

  /// The writers that a file's name asks for: those with the longest ending that fits.
  static func writers(forPath path: String) -> [any ProfileWriter] {
    let name = PathParts.names(path).last?.lowercased() ?? ""
    var best: [any ProfileWriter] = []
    var length = 0
    for writer in written {
      let ending = writer.info.extensions.filter { PathParts.hasEnding(name, $0) }.map(\.count).max() ?? 0
      if ending > length { best = [] }
      if ending >= max(length, 1) {
        best.append(writer)
        length = ending
      }
    }
    return best
  }
}

extension Destination {
  /// What writes to this destination: the format that it names, else the one that its ending says, else the one that is
  /// asked for, else the other side: a profile.proto becomes grouped text, a text becomes gzip'd profile.proto.
  ///
  /// Where several formats share an ending (`.txt`), the one that is asked for is taken if it is among them.
  func writer(from input: FormatInfo?, _ options: OutputOptions) throws(ProfileError) -> any ProfileWriter {
    if let format { return try Self.writer(format) }
    let writer = try unnamedWriter(from: input, options)
    if PathParts.hasEnding(name, "gz"), !writer.info.isCompressed {
      throw ProfileError(
        .option, "“\(name)” ends in .gz, but \(writer.info.id) is not compressed",
        hint: "drop the ending, or compress it with `-o - | gzip > \(name)`")
    }
    return writer
  }

  private func unnamedWriter(from input: FormatInfo?, _ options: OutputOptions) throws(ProfileError)
    -> any ProfileWriter
  {
    if case .file(let path) = target {
      let named = Catalogue.writers(forPath: path)
      if let asked = options.format, let same = named.first(where: { $0.info.answers(to: asked.rawValue) }) {
        return same
      }
      if let first = named.first { return first }
    }
    if let asked = options.format { return try Self.writer(asked) }
    guard let input, !hasForeignEnding else {
      throw ProfileError(
        .option, "“\(name)” does not say which format to write",
        hint: "name one with `OutputOptions.format`: \(Self.known)")
    }
    return try Self.writer(input.isProto ? .text : .pbGz)
  }

  private static func writer(_ format: FormatID) throws(ProfileError) -> any ProfileWriter {
    if let writer = Catalogue.writer(format) { return writer }
    throw ProfileError(.option, "no format “\(format)” is written", hint: "there are \(known)")
  }

  private static var known: String { Catalogue.written.map(\.info.id.rawValue).joined(separator: ", ") }

  /// What people know to be no profile of ours: pictures, documents, other tools' profiles, archives.
  private static let foreignEndings: Set<String> = [
    "svg", "svgz", "png", "jpg", "jpeg", "gif", "webp", "ico", "pdf", "ps", "eps", "html", "htm", "xhtml",
    "mhtml", "rst", "adoc", "tex", "rtf", "doc", "docx", "odt", "xls", "xlsx", "ods", "tsv",
    "parquet",
    "sqlite", "sql", "yaml", "yml", "toml", "xml", "speedscope", "jfr", "nettrace", "etl", "cpuprofile",
    "heapsnapshot", "heaptimeline", "hprof", "zip", "tar", "tgz", "bz2", "xz", "zst", "lz4", "br", "7z",
    "rar",
  ]

  /// Whether the name ends as the files of something else do: `x.svg`, `x.svg.gz`. Any other ending (`mem.out`, `heap.2026`)
  /// says nothing, nor does gzip's of what is inside.
  private var hasForeignEnding: Bool {
    guard case .file(let path) = target else { return false }
    let name = PathParts.names(path).last ?? ""
    var words = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).map {
      String(Substring($0))
    }
    if words.count > 1, words.last?.lowercased() == "gz" { words.removeLast() }
    guard words.count > 1, words.first != "" || words.count > 2, let ending = words.last?.lowercased() else {
      return false
    }
    return Self.foreignEndings.contains(ending)
  }
}

extension FormatInfo {
  func answers(to name: String) -> Bool { id.rawValue == name || aliases.contains(name) }
}
