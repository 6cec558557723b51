internal import ProfileAnalysis
internal import ProfileModel

/// What a picture is, by what it can be asked for.
enum PictureKind {
  /// One sample type at a fixed size.
  case drawing
  /// All sample types, drawn by a script as large as its window.
  case page
  /// All sample types, drawn by somebody else's viewer.
  case viewerFile
}

extension ReportOptions {
  /// - Throws: `option` where something is asked for that a picture cannot show.
  func check(for kind: PictureKind) throws(ProfileError) {
    if isMean {
      throw ProfileError(
        .option, "means are no widths: what a function has on average is not the sum of what its callees have",
        hint: "leave out `mean` to see the sums, or look at the report `top`, which has means")
    }
    guard divisor > 0, divisor.isFinite else {
      throw ProfileError(
        .option, "a picture's values cannot be divided by \(divisor.asTyped)", hint: "divide by a number greater than 0"
      )
    }
    // The largest that any picture divides: a 64-bit value in its viewer's unit.
    guard (0x1p127 / divisor).isFinite else {
      throw ProfileError(
        .option, "values divided by \(divisor.asTyped) are too large for a picture", hint: "divide by a larger number")
    }
    if kind == .viewerFile, unit != "minimum", unit != "auto" {
      throw ProfileError(
        .option, "this file holds plain numbers, and its viewer chooses the unit to show them in",
        hint: "leave out the unit “\(unit)”")
    }
    if dropsNegative, kind != .drawing {
      throw ProfileError(
        .option, "only the SVG leaves out what is negative (`dropsNegative`): the other pictures have all sample types",
        hint: "write an SVG, or leave that out")
    }
    try picture.check(for: kind)
  }
}

extension PictureOptions {
  fileprivate func check(for kind: PictureKind) throws(ProfileError) {
    let refused: [(name: String, isGiven: Bool, reason: String)]
    switch kind {
    case .drawing: return
    case .page:
      refused = [
        ("width", width != nil, "a page is as wide as its window"),
        ("min-width", minWidth != nil, "a page has its narrow frames, too: zooming shows them"),
      ]
    case .viewerFile:
      let own = "its viewer draws it"
      refused = [
        ("width", width != nil, own), ("min-width", minWidth != nil, own), ("inverted", isInverted, own),
        ("colors", colors != nil, "its viewer has colours of its own"),
        ("reverse", isReversed, "it holds whole stacks, which its viewer turns around and merges"),
        ("count-name", countName != nil, "its viewer names what it counts"),
      ]
    }
    for (name, isGiven, reason) in refused where isGiven {
      let what = kind == .page ? "a page" : "a file for another viewer"
      throw ProfileError(
        .option, "“\(name)” is nothing for \(what): \(reason)", hint: "write an SVG, or leave that out")
    }
  }
}

/// Where the function of a frame begins, for pictures that tell it beside its name.
struct FrameSources {
  private let profile: Profile
  private let table: FrameTable
  private let options: ReportOptions

  init(_ profile: Profile, _ table: FrameTable, _ options: ReportOptions) {
    self.profile = profile
    self.table = table
    self.options = options
  }

  /// The file's name in the profile, and the first line; empty where there is none, or where names tell the place themselves.
  func place(of frame: Int) -> (file: StringIndex, line: Int64) {
    if table.hasPlaces || table.functions[frame] == .none { return (.empty, 0) }
    let row = profile.columns.functions[table.functions[frame].position]
    return (row.file, max(0, row.startLine))
  }

  /// A file's name as it is shown: trimmed where that was asked for.
  func text(_ file: StringIndex) -> String {
    let name = profile.string(file)
    if options.trimPath.isEmpty { return name }
    return String(
      decoding: FilePath.trimmed(Array(name.utf8), trimPath: options.trimPath, searchPath: options.sourcePath),
      as: UTF8.self)
  }
}
